"""SORMAS and Go.Data files beyond the samples: header rows, ids, orders of day and month, contradictions."""

from __future__ import annotations

from datetime import date

import pytest

from sizao.facts.kinds import CaseClass, CaseNotice, Exposure, Reported
from sizao.when import day_span, day_start
from tests.facts.lists.told import codes, read

ZONE = "Asia/Shanghai"
CASES = "uuid,disease,person.firstName,person.lastName,reportDate,caseClassification"


def test_a_third_header_row_of_captions_is_no_case() -> None:
    found = read(
        "sormas-cases",
        """
        CaseData,CaseData,Person,Symptoms
        disease,reportDate,person.firstName,symptoms.onsetDate
        Disease,Date of report,First name,Date of onset
        MEASLES,2019-11-21,甲,2019-11-18
    """,
    )
    assert (found.rows, found.stored, found.notes["list.captions"]) == (1, 1, 1)


def test_a_first_row_without_a_date_is_no_row_of_captions() -> None:
    found = read("sormas-cases", "CaseData,CaseData,Person\ndisease,reportDate,person.firstName\nMEASLES,soon,")
    assert (found.rows, codes(found)) == (1, [(3, "reportDate", "F308")])


def test_rows_below_entity_names_keep_the_numbers_a_person_sees() -> None:
    found = read("sormas-cases", "CaseData,CaseData\ndisease,reportDate\nMEASLES,21.11.2019\nMEASLES,yesterday")
    assert codes(found) == [(4, "reportDate", "F308")]


def test_a_case_with_an_id_is_known_by_it_without_blanks_and_letter_case() -> None:
    found = read(
        "sormas-cases",
        f"{CASES}\n ABC-1 ,MEASLES,甲,旅客,2019-11-21,CONFIRMED\nabc-1,MEASLES,甲,旅客,2019-11-21,CONFIRMED",
    )
    assert (found.joined, [fact.subject for fact in found.facts]) == (1, ["person:abc-1"])


@pytest.mark.parametrize(
    ("said", "case_class"),
    [
        ("CONFIRMED", CaseClass.CONFIRMED), ("PROBABLE", CaseClass.SUSPECTED), ("SUSPECT", CaseClass.SUSPECTED),
        ("CONFIRMED_NO_SYMPTOMS", CaseClass.ASYMPTOMATIC), ("NOT_CLASSIFIED", CaseClass.SUSPECTED), ("", CaseClass.SUSPECTED),
    ],
)  # fmt: skip
def test_the_classes_of_sormas_are_ours(said: str, case_class: CaseClass) -> None:
    found = read("sormas-cases", f"{CASES}\nx1,CORONAVIRUS,甲,旅客,2019-11-21,{said}")
    (notice,) = found.facts
    assert isinstance(notice, CaseNotice)
    assert (notice.case_class, notice.disease) == (case_class, "covid19")


def test_what_sormas_ruled_out_is_refused() -> None:
    assert codes(read("sormas-cases", f"{CASES}\nx1,MEASLES,甲,旅客,2019-11-21,NO_CASE")) == [
        (2, "caseClassification", "F315")
    ]


def test_a_default_order_needs_a_date_that_bears_it_out_and_none_against_it() -> None:
    header = "disease,person.firstName,reportDate,symptoms.onsetDate"
    borne_out = read("sormas-cases", f"{header}\nMEASLES,甲,03.04.2019,21.03.2019")
    assert borne_out.summary["first_report"] == "2019-04-03"
    assert borne_out.notes["list.dates_by_default"] == 1
    assert codes(read("sormas-cases", f"{header}\nMEASLES,甲,03.04.2019,04.04.2019")) == [(2, "reportDate", "F306")]
    assert codes(read("sormas-cases", f"{header}\nMEASLES,甲,03.04.2019,03.21.2019")) == [(2, "reportDate", "F307")]


def test_a_named_order_goes_before_the_default() -> None:
    found = read("sormas-cases", "disease,person.firstName,reportDate\nMEASLES,甲,03.04.2019", formats=("MM.DD.YYYY",))
    assert found.summary["first_report"] == "2019-03-04"


def test_people_without_ids_stay_apart_by_what_is_not_kept() -> None:
    header = "disease,person.firstName,person.lastName,reportDate"
    found = read(
        "sormas-cases", f"{header}\nMEASLES,甲,旅客,2019-11-21\nMEASLES,乙,旅客,2019-11-21\nMEASLES,甲,旅客,2019-11-21"
    )
    assert (found.stored, found.joined, len({fact.subject for fact in found.facts})) == (3, 1, 2)
    assert found.notes["list.person_numbered"] == 2


def test_people_without_ids_of_another_list_are_other_people() -> None:
    header = "disease,person.firstName,person.lastName,reportDate"
    one = read("sormas-cases", f"{header}\nMEASLES,甲,旅客,2019-11-21")
    two = read("sormas-cases", f"{header}\nMEASLES,乙,旅客,2019-11-22")
    other_source = read("sormas-cases", f"{header}\nMEASLES,甲,旅客,2019-11-21", source="另一名单")
    assert len({fact.subject for found in (one, two, other_source) for fact in found.facts}) == 3


def test_a_contact_is_dated_by_its_contact_else_it_was_before_the_report() -> None:
    header = "uuid,reportDateTime,firstContactDate,lastContactDate,caseIdExternalSystem,person.firstName"
    found = read("sormas-contacts", f"{header}\nk1,2020-03-14,2020-03-10,2020-03-11,C1,甲\nk2,2020-03-14,,,C1,乙")
    links = {str(fact.subject): fact for fact in found.facts if isinstance(fact, Exposure)}
    dated, undated = links["person:k1"], links["person:k2"]
    assert (dated.first, dated.last) == (day_start(date(2020, 3, 10), ZONE), day_span(date(2020, 3, 11), ZONE).end)
    assert (undated.first, undated.last) == (0, day_span(date(2020, 3, 14), ZONE).end)
    assert "list.time_unknown" in undated.flags
    assert "list.time_unknown" not in dated.flags


def test_unresolved_sources_are_not_one_person() -> None:
    found = read(
        "sormas-contacts",
        "uuid,reportDateTime,caseIdExternalSystem,person.firstName\nk1,2020-03-14,Unknown,甲\nk2,2020-03-14,,乙",
    )
    assert len({fact.case for fact in found.facts if isinstance(fact, Exposure)}) == 2


# --- Go.Data ----------------------------------------------------------------------------------------------------------

FOLLOW_UPS = "uuid,contact_id,followup_status,date_of_followup,performed,seen"


def test_a_reference_token_is_its_last_words() -> None:
    token = "LNG_REFERENCE_DATA_CONTACT_DAILY_FOLLOW_UP_STATUS_TYPE_SEEN_NOT_OK"
    found = read("godata-followups", f"{FOLLOW_UPS}\nu1,K1,{token},2020-06-02,TRUE,TRUE")
    (report,) = found.facts
    assert isinstance(report, Reported)
    assert (report.what, report.to, report.receipt) == ("follow_up.seen_not_ok", "tracing_team", "u1")
    assert found.summary["seen"] == 1


def test_the_status_holds_against_the_column_and_says_so() -> None:
    found = read("godata-followups", f"{FOLLOW_UPS}\nu1,K1,MISSED,2020-06-02,maybe,TRUE")
    assert (found.summary["seen"], found.notes["list.seen_contradicts_status"]) == (0, 1)
    assert found.unread == ((2, "performed", "maybe"),)


def test_a_follow_up_that_says_two_things_is_refused_twice() -> None:
    found = read("godata-followups", f"{FOLLOW_UPS}\nu1,K1,MISSED,2020-06-02,,\nu1,K1,SEEN_OK,2020-06-02,,")
    assert codes(found) == [(2, "contact_id", "F312"), (3, "contact_id", "F312")]


# --- curves -----------------------------------------------------------------------------------------------------------


def test_a_blank_count_is_no_report_and_a_zero_is_one() -> None:
    found = read("curve", "date,甲市,乙市\n2021-07-20,0,\n2021-07-21,3,2\n2021-07-22,1,5")
    assert found.facts == ()
    assert found.summary["series"]["甲市"] == {
        "known": 3, "total": 4, "peak": 3, "peak_day": "2021-07-21", "last": 1, "last_day": "2021-07-22", "never_falls": False,
    }  # fmt: skip
    assert (found.summary["series"]["乙市"]["known"], found.summary["series"]["乙市"]["never_falls"]) == (2, True)


def test_a_column_of_words_is_passed_over_and_named() -> None:
    found = read("curve", "week,date,cases,remark\n1,2021-07-20,3,quiet")
    assert (list(found.summary["totals"]), found.summary["columns_ignored"]) == (["cases"], ["week", "remark"])
