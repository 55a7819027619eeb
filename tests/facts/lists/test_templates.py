"""Files of SORMAS and Go.Data behave as `import_templates/expected.csv` says."""

from __future__ import annotations

from datetime import date

import pytest

from sizao.facts.intake.tables import Table, read_table
from sizao.facts.kinds import CaseNotice, Exposure, How, Reported
from sizao.facts.lists import MAPPINGS, ListRead, recognised
from sizao.facts.record import canonical, plain
from sizao.when import local_day
from sizao.words import Lang, say_error
from tests.facts.lists.told import codes, told
from tests.outside import outside

pytestmark = pytest.mark.outside
ZONE = "Asia/Shanghai"


def _table(name: str) -> Table:
    return read_table(outside(f"import_templates/{name}.csv"))


def _read(name: str, *dates: str) -> ListRead:
    table = _table(name)
    mapping = recognised(table.columns)
    assert mapping is not None
    read = mapping.read(table, told(formats=dates))
    assert read.rows == read.stored + read.refused
    return read


def test_five_sormas_cases_are_taken_under_a_row_of_entity_names() -> None:
    read = _read("sormas_import_test_line_listing")
    assert (read.mapping, read.rows, read.stored, read.summary["persons"]) == ("sormas-cases", 5, 5, 5)
    assert (read.summary["first_onset"], read.summary["last_onset"]) == ("2019-11-18", "2019-11-18")
    assert (read.summary["first_report"], read.summary["last_report"]) == ("2019-11-21", "2019-11-25")
    notices = [fact for fact in read.facts if isinstance(fact, CaseNotice)]
    assert len({fact.subject for fact in notices}) == 5
    assert sorted(local_day(fact.at, ZONE).day for fact in notices) == [21, 22, 23, 24, 25]
    assert {fact.onset and local_day(fact.onset, ZONE) for fact in notices} == {date(2019, 11, 18)}
    assert {fact.disease for fact in notices} == {"measles", "cholera", "dengue", "monkeypox"}


def test_month_first_dates_are_refused_with_the_format_that_reads_them() -> None:
    read = _read("sormas_contact_import_test")
    assert codes(read) == [(row, "reportDateTime", "F305") for row in (2, 3, 4)]
    assert read.facts == ()
    for refusal in read.refusals:
        for lang in Lang:
            assert "--dates MM.DD.YYYY" in say_error(refusal.error, lang)[1]


def test_month_first_dates_named_as_such_are_never_turned_round() -> None:
    read = _read("sormas_contact_import_test", "MM.DD.YYYY")
    assert (read.rows, read.stored) == (3, 3)
    assert (read.summary["first_report"], read.summary["last_report"]) == ("2020-03-14", "2020-03-16")


def test_a_source_case_is_the_same_with_blanks_and_other_letter_case() -> None:
    read = _read("sormas_contact_import_test", "MM.DD.YYYY")
    links = {local_day(fact.last - 1, ZONE).day: fact for fact in read.facts if isinstance(fact, Exposure)}  # type: ignore[arg-type]
    assert links[14].case == links[15].case == "person:abcdef-ghijkl-mnopqr"
    assert read.summary["source_cases"] == 1


def test_an_unknown_source_is_taken_unresolved_with_what_was_said_of_it() -> None:
    read = _read("sormas_contact_import_test", "MM.DD.YYYY")
    (link,) = (fact for fact in read.facts if isinstance(fact, Exposure) and "list.source_unresolved" in fact.flags)
    assert link.why == "Other System"
    assert "unknown" not in link.case.casefold()
    assert read.summary["source_unresolved"] == 1


def test_five_sormas_contacts_are_taken_with_their_umlauts_left_where_they_are() -> None:
    table = _table("sormas_case_contact_import_test_success")
    assert "Günther" in table.column("person.firstName")
    read = _read("sormas_case_contact_import_test_success")
    assert (read.mapping, read.rows, read.stored) == ("sormas-contacts", 5, 5)
    assert (read.summary["first_report"], read.summary["last_report"]) == ("2020-03-11", "2020-03-13")
    assert (read.summary["female"], read.summary["male"]) == (1, 4)
    assert {fact.how for fact in read.facts if isinstance(fact, Exposure)} == {How.TOLD}


@pytest.mark.parametrize("name", ["sormas_case_contact_import_test_success", "sormas_import_test_line_listing"])
def test_no_name_gets_into_a_fact_and_the_summary_says_which_columns_were_kept_out(name: str) -> None:
    read = _read(name)
    kept = b"".join(canonical(plain(fact)) for fact in read.facts).decode()
    for word in ("Günther", "Heinze", "Holtmann", "Umuahia", "Test", "Three", "1982"):
        assert word not in kept
    assert {"person.firstName", "person.lastName", "person.birthdateYYYY"} <= set(
        read.summary["identity_columns_kept_out"]
    )


def test_go_data_follow_ups_are_counted_by_what_was_seen() -> None:
    read = _read("godata_followups_sample")
    assert (read.mapping, read.rows, read.stored) == ("godata-followups", 6, 6)
    assert read.summary["seen"] == 3
    assert (read.summary["statuses"]["SEEN_OK"], read.summary["statuses"]["SEEN_NOT_OK"]) == (2, 1)
    assert read.summary["performed"] == {"TRUE": 4, "FALSE": 1, "empty": 1}
    reports = [fact for fact in read.facts if isinstance(fact, Reported)]
    assert {(fact.subject, fact.what) for fact in reports} >= {
        ("person:CONTACT-2020-0012", "follow_up.seen_ok"),
        ("person:CONTACT-2020-0060", "follow_up.missed"),
    }


def test_every_template_is_recognised_as_what_it_is() -> None:
    names = {
        "sormas_import_test_line_listing": "sormas-cases", "sormas_contact_import_test": "sormas-contacts",
        "sormas_case_contact_import_test_success": "sormas-contacts", "godata_followups_sample": "godata-followups",
    }  # fmt: skip
    assert {name: recognised(_table(name).columns) for name in names} == {
        name: MAPPINGS[kind] for name, kind in names.items()
    }
