"""Infected people: care, discharge, what follows, positive results without a notice, and the clocks of a case."""

from __future__ import annotations

import pytest

from sizao.facts.kinds import CaseClass, Reported, Result, Setting, Symptom
from sizao.rules.timeline import State
from tests.rules.people import (
    LUOYANG,
    ME,
    ZHUMADIAN,
    admitted,
    book,
    concluded,
    corrected,
    duties,
    fact,
    findings,
    notice,
    registered,
    released,
    sampled,
    standing,
    states,
    told,
    when,
)

SICK = notice("n", "2021-07-26 15:00")
IN = admitted("a", "2021-07-26 16:00", Setting.HOSPITAL)
OUT = released("r", "2021-08-10 09:00", Setting.HOSPITAL)
NEGATIVES = (sampled("t1", "2021-08-07 09:00"), sampled("t2", "2021-08-08 09:00"))


def test_care_ends_by_discharge_and_what_follows_counts_from_that_day() -> None:
    timeline = concluded(registered(), SICK, IN, *NEGATIVES, OUT)
    assert standing(timeline, "2021-08-10 08:59") == "red"
    assert standing(timeline, "2021-08-24 23:59") == "red"
    assert standing(timeline, "2021-08-25") == "yellow"
    assert standing(timeline, "2021-09-07 23:59") == "yellow"
    assert standing(timeline, "2021-09-08") == "green"


def test_care_nobody_hears_of_lapses_and_mass_tests_do_not_prolong_it() -> None:
    timeline = concluded(registered(), SICK, sampled("t", "2021-08-20 09:00"))
    assert standing(timeline, "2021-08-23 14:59") == "red"
    assert standing(timeline, "2021-08-23 15:00") == "green"
    heard = concluded(registered(), SICK, sampled("t", "2021-08-20 09:00", Result.POSITIVE))
    assert standing(heard, "2021-08-23 15:00") == "red"


def test_being_moved_from_an_isolation_site_to_hospital_is_no_discharge() -> None:
    before = admitted("a0", "2021-07-20 10:00")
    moved = released("r0", "2021-07-26 15:30")
    timeline = concluded(registered(), before, SICK, moved, IN)
    assert standing(timeline, "2021-08-01") == "red"
    assert duties(timeline, "tell-discharge") == []


def test_an_infected_person_received_at_a_site_is_discharged_from_there() -> None:
    timeline = concluded(
        registered(),
        notice("n", "2021-07-26 15:00", case_class=CaseClass.ASYMPTOMATIC),
        admitted("a", "2021-07-26 16:00"),
        released("r", "2021-08-10 09:00"),
    )
    assert len(duties(timeline, "tell-discharge")) == 1


def test_a_suspected_case_that_is_released_has_no_course_after_it() -> None:
    timeline = concluded(registered(), notice("n", "2021-07-26 15:00", case_class=CaseClass.SUSPECTED), IN, OUT)
    assert standing(timeline, "2021-08-01") == "red"
    assert standing(timeline, "2021-08-10 09:00") == "green"
    assert duties(timeline, "end-follow-up") == []


def test_a_suspected_case_that_is_confirmed_is_discharged_once() -> None:
    suspected = notice("n0", "2021-07-25 15:00", case_class=CaseClass.SUSPECTED)
    timeline = concluded(registered(), suspected, SICK, IN, *NEGATIVES, OUT)
    assert len(duties(timeline, "end-follow-up")) == 1


def test_a_discharged_patient_who_falls_ill_again_is_in_care_again() -> None:
    again = notice("n2", "2021-08-15 12:00")
    timeline = concluded(registered(), SICK, IN, *NEGATIVES, OUT, again)
    assert duties(timeline, "end-follow-up") == []
    assert standing(timeline, "2021-09-10") == "red"
    assert [duty.since for duty in duties(timeline, "hospital_report")] == [
        when("2021-07-26 15:00"),
        when("2021-08-15 12:00"),
    ]


def test_the_patients_own_duty_after_discharge_starts_when_told() -> None:
    timeline = concluded(SICK, IN, *NEGATIVES, OUT)
    assert duties(timeline, "stay-after-discharge") == []
    timeline = concluded(SICK, IN, *NEGATIVES, OUT, told("t", "2021-08-10 08:00", "discharge"))
    assert duties(timeline, "stay-after-discharge") == []
    timeline = concluded(SICK, IN, *NEGATIVES, OUT, told("t", "2021-08-10 10:00", "discharge"))
    assert states(timeline, "stay-after-discharge", "2021-08-10 10:00") == [State.DUE]
    assert states(timeline, "stay-after-discharge", "2021-08-25") == [State.VOID]


def test_a_case_of_another_disease_says_nothing_here() -> None:
    timeline = concluded(registered(), notice("n", "2021-07-26 15:00", disease="measles"))
    assert (findings(timeline), standing(timeline, "2021-07-27")) == (["other-disease"], "green")


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (("2021-08-07 09:00", "2021-08-08 09:00"), []),
        (("2021-08-07 09:00", "2021-08-08 08:59"), ["discharged-untested"]),
        (("2021-08-08 09:00",), ["discharged-untested"]),
        (("2021-07-20 09:00", "2021-08-08 09:00"), ["discharged-untested"]),
        ((), ["discharged-untested"]),
    ],
)
def test_discharge_needs_two_negative_tests_a_day_apart_on_record(days: tuple[str, ...], found: list[str]) -> None:
    tests = [sampled(f"t{number}", day) for number, day in enumerate(days)]
    assert findings(concluded(SICK, IN, *tests, OUT)) == found


def test_a_pooled_negative_does_not_count_for_discharge() -> None:
    pooled = sampled("t2", "2021-08-08 09:00", pooled=True)
    assert findings(concluded(SICK, IN, NEGATIVES[0], pooled, OUT)) == ["discharged-untested"]


# --- a positive result without a notice ---------------------------------------------------------------------------------


def test_a_positive_result_is_no_ground_and_starts_the_hospitals_clock() -> None:
    timeline = concluded(registered(), sampled("t", "2021-07-26 09:00", Result.POSITIVE, recorded="2021-07-26 15:00"))
    assert standing(timeline, "2021-07-26 14:59") == "green"
    assert standing(timeline, "2021-07-26 15:00") == "unknown"
    (report,) = duties(timeline, "hospital_report")
    assert (report.since, report.due) == (when("2021-07-26 15:00"), when("2021-07-26 17:00"))


def test_the_notice_settles_it() -> None:
    positive = sampled("t", "2021-07-26 09:00", Result.POSITIVE)
    timeline = concluded(registered(), positive, notice("n", "2021-07-26 15:00", reported_by="hospital 1"))
    assert standing(timeline, "2021-07-26 14:59") == "unknown"
    assert standing(timeline, "2021-07-26 15:00") == "red"
    assert len(duties(timeline, "hospital_report")) == 1


def test_a_later_negative_sample_of_the_persons_own_settles_it() -> None:
    positive = sampled("t", "2021-07-26 09:00", Result.POSITIVE)
    timeline = concluded(registered(), positive, sampled("u", "2021-07-27 09:00"))
    assert standing(timeline, "2021-07-27 08:59") == "unknown"
    assert standing(timeline, "2021-07-27 09:00") == "green"
    pooled = concluded(registered(), positive, sampled("u", "2021-07-27 09:00", pooled=True))
    assert standing(pooled, "2021-07-27 09:00") == "unknown"


def test_an_open_question_does_not_stay_open_for_ever() -> None:
    timeline = concluded(registered(), sampled("t", "2021-07-26 09:00", Result.POSITIVE))
    assert standing(timeline, "2021-08-23 09:00") == "green"


def test_a_corrected_positive_leaves_no_trace() -> None:
    facts = (registered(), sampled("t", "2021-07-26 09:00", Result.POSITIVE), corrected("x", "t", "2021-07-26 10:00"))
    timeline = concluded(*facts)
    assert (standing(timeline, "2021-07-26 09:30"), timeline.duties) == ("green", ())


def test_positive_results_during_care_ask_nothing_new() -> None:
    timeline = concluded(registered(), SICK, IN, sampled("t", "2021-07-30 09:00", Result.POSITIVE))
    assert len(duties(timeline, "hospital_report")) == 1
    assert standing(timeline, "2021-07-30 10:00") == "red"


# --- the clocks of a case -------------------------------------------------------------------------------------------------


def test_each_clock_starts_with_its_own_event_and_not_with_an_older_one() -> None:
    old = sampled("t", "2021-04-01 09:00")
    timeline = concluded(old, SICK, known="2023-01-01")
    assert [duty.since for duty in duties(timeline, "hospital_report")] == [when("2021-07-26 15:00")]


def test_whoever_is_in_hospital_already_need_not_be_brought_there() -> None:
    inside = admitted("a", "2021-07-25 09:00", Setting.HOSPITAL)
    assert states(concluded(SICK, inside), "infected_transfer", "2021-07-27") == [State.MET]
    left = released("r", "2021-07-26 09:00", Setting.HOSPITAL)
    assert states(concluded(SICK, inside, left), "infected_transfer", "2021-07-27") == [State.OVERDUE]


def test_a_case_reported_elsewhere_starts_no_clock_here() -> None:
    elsewhere = notice("n", "2021-07-26 15:00", reporting_area="210200")
    assert concluded(elsewhere).duties == ()
    for ours in (LUOYANG, "4103", "41"):
        assert len(duties(concluded(notice("n", "2021-07-26 15:00", reporting_area=ours)), "hospital_report")) == 1


def test_a_named_reporter_has_reported_when_the_notice_was_recorded() -> None:
    timeline = concluded(notice("n", "2021-07-26 15:00", recorded="2021-07-26 16:30", reported_by="hospital 1"))
    (report,) = duties(timeline, "hospital_report")
    assert report.met_at == when("2021-07-26 16:30")
    assert len(duties(timeline, "core_track")) == 1
    assert duties(concluded(notice("n", "2021-07-26 15:00")), "core_track") == []


def test_every_request_starts_its_own_clocks() -> None:
    requests = [
        fact(Reported, f"q{day}", f"2021-07-2{day} 09:00", what="request_received", to="area") for day in (1, 2)
    ]
    found = fact(Reported, "f", "2021-07-21 10:00", what="person_located", to="area")
    assert states(concluded(*requests, found), "assist_locate", "2021-07-23") == [State.MET, State.OVERDUE]


def test_a_public_health_event_runs_from_office_to_office_for_a_unit_too() -> None:
    events = ("event_found", "event_reported", "government_told")
    facts = [
        fact(Reported, name, f"2021-07-26 {hour:02d}:00", what=name, to="x") for hour, name in enumerate(events, 8)
    ]
    timeline = concluded(*facts)
    assert {duty.code: duty.state(when("2021-07-26 13:00")) for duty in timeline.duties} == {
        "institution_to_county_health": State.MET,
        "health_to_government": State.MET,
        "government_upward": State.OVERDUE,
    }
    assert timeline.subject == ME


# --- rules that date the whole course --------------------------------------------------------------------------------------


def test_ten_measures_at_home_from_the_first_positive_sample() -> None:
    rules = book("cn-covid19-10", "safeguards")
    here = registered(area=ZHUMADIAN)
    sick = notice("n", "2022-12-10 12:00", positive_sampled_at=when("2022-12-09 10:00"), reporting_area=ZHUMADIAN)
    timeline = concluded(here, sick, rules=rules, area=ZHUMADIAN)
    assert standing(timeline, "2022-12-16 23:59") == "unknown"
    assert standing(timeline, "2022-12-17") == "green"
    inside = concluded(here, sick, admitted("a", "2022-12-11", Setting.HOSPITAL), rules=rules, area=ZHUMADIAN)
    assert standing(inside, "2022-12-20") == "unknown"


def test_measles_counts_from_the_rash_and_not_from_the_notice() -> None:
    rules = book("measles", "safeguards")
    here = registered(area="US")
    rash = fact(Symptom, "s", "2025-03-10 08:00", symptom="rash")
    sick = notice("n", "2025-03-12 12:00", disease="measles", reporting_area="US")
    timeline = concluded(here, rash, sick, rules=rules, area="US", known="2026-01-01", zone="America/Chicago")
    assert standing(timeline, "2025-03-14") == "unknown"
    assert standing(timeline, "2025-03-16") == "green"
    late = concluded(here, sick, rules=rules, area="US", known="2026-01-01", zone="America/Chicago")
    assert standing(late, "2025-03-20") == "unknown"
    assert standing(late, "2025-04-20") == "green"


def test_a_symptom_alone_colours_nobody() -> None:
    timeline = concluded(registered(), fact(Symptom, "s", "2021-07-22 08:00", symptom="fever"))
    assert standing(timeline, "2021-07-23") == "green"
