"""Line lists and contacts: what becomes a fact, what is only counted, what stays unknown."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from sizao.facts.intake.tables import read_table
from sizao.facts.kinds import CaseClass, CaseNotice, Exposure, Grade, Symptom
from sizao.facts.lists import MAPPINGS, ListRead, read_outbreak, recognised
from sizao.facts.lists.contacts import AT_SOME_TIME
from sizao.facts.record import fact_from, named, plain
from sizao.when import Precision, day_span, day_start, local_day
from tests.facts.lists.told import IMPORTED, codes, read, table, told

ZONE = "Asia/Shanghai"


def _notice(found: ListRead) -> CaseNotice:
    (notice,) = (fact for fact in found.facts if isinstance(fact, CaseNotice))
    return notice


def _link(found: ListRead) -> Exposure:
    (link,) = (fact for fact in found.facts if isinstance(fact, Exposure))
    return link


def test_chinese_headings_and_dates_are_read() -> None:
    found = read("linelist", """
        病例编号,年龄,性别,发病日期,报告日期,确诊日期,病例分类,病种,报告地区,转归
        病例一,34,女,2021年7月20日,2021年7月22日,2021年7月22日,确诊病例,新冠肺炎,411702,治愈
    """)  # fmt: skip
    notice = _notice(found)
    assert (notice.subject, notice.case_class, notice.disease) == ("person:病例一", CaseClass.CONFIRMED, "covid19")
    assert notice.onset == day_start(date(2021, 7, 20), ZONE)
    assert notice.at == day_start(date(2021, 7, 22), ZONE)
    assert (notice.precision, notice.reporting_area) == (Precision.DAY, "411702")
    assert (found.summary["female"], found.summary["deaths"], found.summary["onset_to_report"]["mean"]) == (1, 0, 2.0)
    assert found.notes == {}


def test_what_a_list_does_not_say_stays_unsaid_and_is_noted() -> None:
    found = read("linelist", "id,sex,dt_report\nc1,,2021-07-22")
    notice = _notice(found)
    assert (notice.onset, notice.positive_sampled_at) == (None, None)
    assert (notice.disease, notice.reporting_area, notice.case_class) == (
        "unspecified",
        "unspecified",
        CaseClass.SUSPECTED,
    )
    assert found.notes == {"list.area_not_said": 1, "list.class_not_said": 1, "list.disease_not_said": 1}
    assert found.summary["sex_unknown"] == 1


def test_what_the_importer_says_fills_in_but_does_not_overrule() -> None:
    text = "id,sex,dt_report,disease,classification,area\nc1,M,2021-07-22,measles,suspected,甲市"
    said = {"disease": "mers", "area": "乙市", "case_class": CaseClass.CONFIRMED}
    notice = _notice(read("linelist", text, **said))
    assert (notice.disease, notice.case_class, notice.reporting_area) == ("measles", CaseClass.SUSPECTED, "甲市")
    notice = _notice(read("linelist", "id,sex,dt_report\nc1,M,2021-07-22", **said))
    assert (notice.disease, notice.case_class, notice.reporting_area) == ("mers", CaseClass.CONFIRMED, "乙市")


def test_a_diagnosis_without_a_class_is_a_confirmed_case_and_says_so() -> None:
    found = read("linelist", "id,sex,dt_report,dt_diag\nc1,M,2021-07-22,2021-07-22")
    assert _notice(found).case_class is CaseClass.CONFIRMED
    assert found.notes["list.class_by_diagnosis"] == 1


def test_a_positive_sample_is_kept_with_its_hour() -> None:
    found = read("linelist", "id,sex,阳性采样时间\nc1,M,2021-07-26 18:30")
    notice = _notice(found)
    assert notice.positive_sampled_at == notice.at == day_start(date(2021, 7, 26), ZONE) + 18 * 3600 + 1800
    assert notice.precision is Precision.MINUTE


def test_symptoms_become_facts_from_the_onset_and_only_with_one() -> None:
    found = read(
        "linelist", "id,sex,dt_onset,dt_report,symptoms\nc1,F,2021-07-20,,cough；fever\nc2,F,,2021-07-22,fever"
    )
    symptoms = [fact for fact in found.facts if isinstance(fact, Symptom)]
    assert {(fact.subject, fact.symptom) for fact in symptoms} == {("person:c1", "cough"), ("person:c1", "fever")}
    assert {local_day(fact.at, ZONE) for fact in symptoms} == {date(2021, 7, 20)}
    assert found.notes["list.symptoms_without_onset"] == 1


@pytest.mark.parametrize(
    ("outcome", "died", "deaths"),
    [("Dead", "2021-07-25", 1), ("Dead", "", 1), ("", "2021-07-25", 1), ("Alive", "", 0), ("死亡", "", 1), ("", "", 0)],
)
def test_a_death_is_counted_once_by_the_outcome_or_its_date(outcome: str, died: str, deaths: int) -> None:
    found = read("linelist", f"id,sex,dt_onset,outcome,dt_death\nc1,F,2021-07-20,{outcome},{died}")
    assert found.summary["deaths"] == deaths
    assert len(found.facts) == 1


def test_a_cell_that_stands_in_no_fact_does_not_cost_the_case() -> None:
    found = read("linelist", "id,age,sex,dt_onset,outcome\nc1,old,X,2021-07-20,lost")
    assert found.stored == 1
    assert found.unread == ((2, "sex", "X"), (2, "age", "old"), (2, "outcome", "lost"))
    assert found.summary["age"]["n"] == 0


def test_names_and_phones_are_left_unread() -> None:
    found = read("linelist", "id,姓名,phone,sex,dt_onset\nc1,旅客乙,0396-000,F,2021-07-20")
    assert found.summary["identity_columns_kept_out"] == ["姓名", "phone"]
    assert "旅客乙" not in str([plain(fact) for fact in found.facts])


def test_an_unusual_heading_may_be_named_and_one_of_two_be_chosen() -> None:
    text = "nr,sex,dt_onset,date_onset\nc1,F,2021-07-20,2021-07-21"
    found = read("linelist", text, columns={"id": "nr", "onset": "date_onset"})
    assert found.summary["first_onset"] == "2021-07-21"


def test_a_named_format_reads_its_column_and_no_other() -> None:
    text = "id,sex,dt_onset,dt_report\nc1,F,03.04.2021,05.04.2021"
    assert codes(read("linelist", text, column_formats={"onset": ("DD.MM.YYYY",)})) == [(2, "dt_report", "F306")]
    assert codes(read("linelist", text, column_formats={"dt_onset": ("DD.MM.YYYY",)})) == [(2, "dt_report", "F306")]
    assert read("linelist", text, formats=("DD.MM.YYYY",)).summary["first_onset"] == "2021-04-03"


def test_a_format_named_for_another_order_refuses_what_it_cannot_read() -> None:
    found = read("linelist", "id,sex,dt_onset\nc1,F,04.13.2021\nc2,F,04.12.2021", formats=("DD.MM.YYYY",))
    assert codes(found) == [(2, "dt_onset", "F305")]


def test_a_repeated_row_is_joined_and_changes_nothing() -> None:
    once = read("linelist", "id,sex,dt_onset\nc1,F,2021-07-20")
    twice = read("linelist", "id,sex,dt_onset\nc1,F,2021-07-20\n c1 ,F,2021-07-20")
    assert (twice.rows, twice.stored, twice.joined) == (2, 2, 1)
    assert (twice.facts, twice.summary) == (once.facts, once.summary)


def test_a_prefix_keeps_the_first_cases_of_two_outbreaks_apart() -> None:
    text = "id,sex,dt_onset\n1,F,2021-07-20"
    assert _notice(read("linelist", text, prefix="甲-")).subject == "person:甲-1"
    assert _notice(read("linelist", text)).subject == "person:1"


def test_a_fact_of_a_list_is_named_by_its_content_and_not_by_the_day_of_import() -> None:
    notice = _notice(read("linelist", "id,sex,dt_onset\nc1,F,2021-07-20"))
    later = _notice(
        read("linelist", "id,sex,dt_onset\nc1,F,2021-07-20", recorded_at=IMPORTED + 86400, recorder="other")
    )
    assert notice.id == later.id
    values = {name: getattr(notice, name) for name in (field.name for field in fields(notice)) if name != "id"}
    assert named(CaseNotice, **values) == notice
    assert fact_from(plain(notice)) == notice


def test_a_sheet_of_typed_dates_gives_the_same_as_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["id", "sex", "dt_onset"])
    sheet.append(["c1", "F", date(2021, 7, 20)])
    book.save(tmp_path / "list.xlsx")
    typed = MAPPINGS["linelist"].read(read_table(tmp_path / "list.xlsx"), told())
    assert typed.facts == read("linelist", "id,sex,dt_onset\nc1,F,2021-07-20").facts


def test_an_empty_list_is_a_list_without_cases() -> None:
    found = read("linelist", "id,sex,dt_onset")
    assert (found.rows, found.facts, found.summary["cases"], found.summary["age"]["mean"]) == (0, (), 0, None)
    assert found.summary["peak_onset_day"] == {}
    empty = read("contacts", "from,to")
    assert (empty.summary["components"], empty.summary["share_of_links_from_top3"]) == (0, None)


# --- contacts ---------------------------------------------------------------------------------------------------------


def test_a_link_without_times_happened_at_some_time() -> None:
    link = _link(read("contacts", "from,to,exposure\nc1,c2,meal"))
    assert (link.first, link.last) == AT_SOME_TIME
    assert link.flags == ("list.grade_not_said", "list.time_unknown")
    assert (link.grade, link.why, link.subject, link.case) == (Grade.GENERAL, "meal", "person:c2", "person:c1")


def test_a_dated_link_lasts_until_the_end_of_its_last_day() -> None:
    link = _link(read("contacts", "from,to,first_contact,last_contact,grade\nc1,c2,2021-07-22,2021-07-23,密接"))
    assert link.first == day_start(date(2021, 7, 22), ZONE)
    assert link.last == day_span(date(2021, 7, 23), ZONE).end
    assert (link.grade, link.flags) == (Grade.CLOSE, ())


def test_a_link_takes_the_window_of_the_infected_and_not_of_the_source() -> None:
    linelist = table("""
        id,sex,dt_onset,dt_start_exp,dt_end_exp
        c1,F,2021-07-20,2021-07-01,2021-07-02
        c2,M,2021-07-26,2021-07-21,2021-07-22
    """)
    both = read_outbreak(linelist, table("from,to\nc1,c2", "contacts.csv"), told())
    link = _link(both.contacts)
    assert (local_day(link.first, ZONE), link.last) == (date(2021, 7, 21), day_span(date(2021, 7, 22), ZONE).end)
    assert both.summary["onset_difference"]["mean"] == 6.0
    assert both.summary["ids_in_both"] == 2


def test_two_lists_that_contradict_each_other_say_so() -> None:
    linelist = table("id,sex,dt_onset\nc1,F,2021-07-20\nc2,M,2021-07-26")
    contacts = table("from,to,diff_dt_onset\nc1,c2,5\nc1,c9,3", "contacts.csv")
    both = read_outbreak(linelist, contacts, told())
    assert both.contacts.notes["list.difference_contradicts_onsets"] == 1
    assert both.contacts.notes["list.not_in_line_list"] == 1
    assert both.contacts.summary["onset_difference"]["n"] == 2
    assert both.summary["onset_difference"] == {"n": 1, "mean": 6.0, "sd": None, "median": 6.0, "min": 6.0, "max": 6.0}


def test_a_pair_met_twice_is_one_link_of_the_graph_and_two_facts() -> None:
    found = read("contacts", "from,to,exposure\nc1,c2,meal\nc1,c2,taxi\nc3,c2,meal\nc5,c6,meal")
    assert (len(found.facts), found.summary["contact_rows"], found.summary["ids_in_contacts"]) == (4, 4, 5)
    assert (found.summary["multi_source_cases"], found.summary["out_degree"]["max"]) == (1, 1.0)
    assert (found.summary["components"], found.summary["largest_component"]) == (2, 3)


# --- which list is it -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        (("id", "age", "dt_onset"), "linelist"), (("编号", "性别", "发病日期"), "linelist"), (("from", "to"), "contacts"),
        (("CaseData",) * 3, "sormas-cases"), (("Contact", "Person"), "sormas-contacts"),
        (("disease", "person.firstName", "reportDate"), "sormas-cases"), (("reportDateTime", "person.firstName"),
        "sormas-contacts"),
        (("contact_id", "followup_status", "date_of_followup"), "godata-followups"), (("date", "cases"), "curve"),
        (("person", "place", "start", "end"), None), (("id", "date"), None), (("date", "姓名"), None), (("date",),
        None), ((), None),
    ],
)  # fmt: skip
def test_a_header_is_recognised_as_its_list_or_as_none(columns: tuple[str, ...], name: str | None) -> None:
    found = recognised(columns)
    assert (found.name if found else None) == name
