"""Contacts: from exposures to grades, courses and their duties, alone and several at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sizao.facts.kinds import Fact, Grade, How, Left, Reported, Setting, SubjectId, TestRefused
from sizao.rules.reasons import Standing, clauses_of, facts_of
from sizao.rules.timeline import State
from sizao.when import HOUR_S, OPEN
from tests.rules.people import (
    LUOYANG,
    ZHUMADIAN,
    admitted,
    book,
    concluded,
    confirmed,
    corrected,
    duties,
    exposed,
    fact,
    findings,
    grades,
    matched,
    notice,
    order,
    registered,
    released,
    sampled,
    standing,
    states,
    told,
    when,
)

OTHER = SubjectId("person:病例乙")
E = exposed("e", "2021-07-22 19:00", "2021-07-26 10:00")


# --- preliminary, confirmed, lapsed -----------------------------------------------------------------------------------


def test_a_match_is_preliminary_and_names_when_it_lapses() -> None:
    timeline = concluded(registered(), matched("m", "2021-07-22 19:00", "2021-07-26 10:00"))
    assert standing(timeline, "2021-07-26 10:00") == "red?"
    assert standing(timeline, "2021-07-27 09:59") == "red?"
    assert standing(timeline, "2021-07-27 10:00") == "green"


def test_a_confirmation_binds_from_when_it_was_recorded_and_the_clock_of_the_office_from_when_it_was_made() -> None:
    late_entry = confirmed("c", "m", "2021-07-26 12:00", recorded="2021-07-26 15:00")
    timeline = concluded(matched("m", "2021-07-22 19:00", "2021-07-26 10:00"), late_entry)
    assert grades(timeline, "2021-07-26 14:59") == ["close?"]
    assert grades(timeline, "2021-07-26 15:00") == ["close"]
    (isolate,) = duties(timeline, "isolate-contact")
    assert (isolate.since, isolate.due) == (when("2021-07-26 12:00"), when("2021-07-27 00:00"))


def test_nobody_is_graded_before_the_exposure_was_recorded() -> None:
    timeline = concluded(registered(), E)
    assert grades(timeline, "2021-07-26 09:59") == []
    assert standing(timeline, "2021-07-26 09:59") == "green"


def test_a_confirmation_without_a_name_is_none() -> None:
    timeline = concluded(
        matched("m", "2021-07-22 19:00", "2021-07-26 10:00"), confirmed("c", "m", "2021-07-26 12:00", by="")
    )
    assert grades(timeline, "2021-07-28") == []


def test_a_confirmation_of_a_match_that_was_taken_back_counts_for_the_one_named_in_its_place() -> None:
    facts = [
        matched("m", "2021-07-22 19:00", "2021-07-26 10:00"),
        confirmed("c", "m", "2021-07-26 12:00"),
        matched("m2", "2021-07-22 19:05", "2021-07-26 20:00"),
    ]
    unnamed = concluded(*facts, corrected("x", "m", "2021-07-26 20:00"))
    assert grades(unnamed, "2021-07-26 21:00") == ["close?"]
    named = concluded(*facts, corrected("x", "m", "2021-07-26 20:00", replacement="m2"))
    assert grades(named, "2021-07-26 21:00") == ["close"]


def test_matching_again_as_the_first_match_lapses_does_not_start_another_day_and_later_it_does() -> None:
    first = matched("m", "2021-07-22 19:00", "2021-07-26 10:00")
    for again, kept in (("2021-07-27 10:00", []), ("2021-07-27 10:01", ["close?"])):
        second = matched("n", "2021-07-22 19:05", again)
        assert grades(concluded(first, second, corrected("x", "m", again)), "2021-07-27 12:00") == kept


def test_a_match_found_after_its_course_is_over_asks_nothing_of_anybody() -> None:
    timeline = concluded(matched("m", "2021-07-22 19:00", "2021-08-20 10:00"))
    assert (timeline.grades, timeline.duties) == ((), ())


def test_a_judgement_of_the_same_contact_meets_the_duty_to_confirm_and_binds_though_the_match_lapses() -> None:
    judged = exposed("j", "2021-07-22 19:00", "2021-07-26 12:00")
    timeline = concluded(matched("m", "2021-07-22 19:00", "2021-07-26 10:00"), judged)
    assert states(timeline, "confirm-match", "2021-07-26 12:00") == [State.MET]
    assert grades(timeline, "2021-07-26 13:00") == ["close", "close?"]
    assert grades(timeline, "2021-07-28") == ["close"]
    milder = exposed("j", "2021-07-22 19:00", "2021-07-26 12:00", grade=Grade.GENERAL)
    timeline = concluded(matched("m", "2021-07-22 19:00", "2021-07-26 10:00"), milder)
    assert states(timeline, "confirm-match", "2021-07-26 12:00") == [State.DUE]


def test_what_a_third_party_told_binds_once_a_named_tracer_confirms_it() -> None:
    said = exposed("t", "2021-07-22 19:00", "2021-07-28 12:00", how=How.TOLD, by="旅行社")
    assert grades(concluded(said), "2021-07-29") == []
    timeline = concluded(said, confirmed("c", "t", "2021-07-28 18:00"))
    assert grades(timeline, "2021-07-28 17:59") == []
    assert grades(timeline, "2021-07-28 18:00") == ["close"]
    assert states(timeline, "verify-told", "2021-07-28 18:00") == [State.MET]


def test_an_exposure_that_was_still_going_on_counts_until_it_was_recorded() -> None:
    timeline = concluded(replace(exposed("e", "2021-07-22 19:00", "2021-07-24 10:00"), last=OPEN))
    assert timeline.grades[-1].end == when("2021-08-15")


# --- colours ----------------------------------------------------------------------------------------------------------


def test_the_day_of_exposure_is_coloured_when_it_is_known_that_day() -> None:
    timeline = concluded(registered(), exposed("e", "2021-07-22 19:00", "2021-07-22 21:00"))
    assert standing(timeline, "2021-07-22 20:59") == "green"
    assert standing(timeline, "2021-07-22 21:00") == "red"


def test_without_a_colour_rule_the_standing_is_unknown_and_names_the_grade() -> None:
    timeline = concluded(registered(area=ZHUMADIAN), E, rules=book("cn-covid19-8", "safeguards"), area=ZHUMADIAN)
    span = next(span for span in timeline.standings if span.start == when("2021-07-26 10:00"))
    assert (span.standing, span.end) == (Standing.UNKNOWN, when("2021-08-13"))
    assert span.reason.code == "standing.no-colour"
    assert "e" in facts_of(span.reason)


def test_a_ground_that_the_colour_rule_does_not_name_leaves_green() -> None:
    timeline = concluded(registered(), exposed("e", "2021-07-22 19:00", "2021-07-23 10:00", grade=Grade.GENERAL))
    assert standing(timeline, "2021-07-24") == "green"
    assert grades(timeline, "2021-07-24") == ["general"]


def test_the_gravest_ground_holds_and_all_are_named() -> None:
    late = exposed("f", "2021-07-30 19:00", "2021-07-31 10:00", case=OTHER)
    timeline = concluded(registered(), E, late)
    assert standing(timeline, "2021-08-07") == "red"
    span = next(span for span in timeline.standings if span.start <= when("2021-08-07") < span.end)
    assert {"e", "f"} <= set(facts_of(span.reason))
    assert standing(timeline, "2021-08-20 23:59") == "yellow"
    assert standing(timeline, "2021-08-21") == "green"


def test_a_standing_that_rests_on_a_confirmed_ground_is_not_preliminary_beside_a_match_of_the_same_colour() -> None:
    timeline = concluded(registered(), E, matched("m", "2021-07-23 19:00", "2021-07-26 12:00", case=OTHER))
    assert standing(timeline, "2021-07-26 13:00") == "red"
    assert grades(timeline, "2021-07-26 13:00") == ["close", "close?"]


def test_unregistered_people_are_unknown_until_a_ground_holds_and_after() -> None:
    timeline = concluded(E)
    assert [standing(timeline, day) for day in ("2021-07-25", "2021-07-27", "2021-08-14")] == [
        "unknown", "red", "unknown",
    ]  # fmt: skip


# --- offices' duties --------------------------------------------------------------------------------------------------


def test_test_days_over_before_the_course_binds_are_not_owed() -> None:
    timeline = concluded(E)
    days = [duty.since for duty in duties(timeline, "test-contact")]
    assert days == [
        when("2021-07-26 10:00"),
        when("2021-07-29"),
        when("2021-08-05"),
        when("2021-08-07"),
        when("2021-08-12"),
    ]


def test_a_sample_in_the_morning_meets_the_test_of_a_course_that_binds_at_noon() -> None:
    timeline = concluded(E, sampled("s", "2021-07-26 08:00"))
    first = duties(timeline, "test-contact")[0]
    assert (first.met_at, first.met_by) == (when("2021-07-26 10:00"), "s")


def test_a_refused_test_is_not_held_against_the_office() -> None:
    refusal = fact(TestRefused, "r", "2021-07-29 10:00", witness="见证人丁")
    timeline = concluded(E, refusal)
    assert duties(timeline, "test-contact")[1].state(when("2021-09-01")) is State.WAIVED
    assert duties(timeline, "test-contact")[2].state(when("2021-09-01")) is State.OVERDUE


def test_a_release_from_central_isolation_is_not_the_release_at_the_end() -> None:
    timeline = concluded(E, released("r", "2021-08-06 00:10"))
    assert states(timeline, "release-central", "2021-09-01") == [State.MET_LATE]
    assert states(timeline, "release-contact", "2021-09-01") == [State.OVERDUE]


def test_being_at_home_does_not_meet_central_isolation_unless_a_named_officer_ordered_it() -> None:
    at_home = admitted("a", "2021-07-26 12:00", Setting.HOME)
    assert states(concluded(E, at_home), "isolate-contact", "2021-07-27") == [State.OVERDUE]
    allowed = order("o", "2021-07-26 11:00", "2021-08-06", "home_isolation")
    assert states(concluded(E, at_home, allowed), "isolate-contact", "2021-07-27") == [State.MET]


def test_whoever_is_in_isolation_already_need_not_be_brought_there() -> None:
    inside = admitted("a", "2021-07-24 12:00")
    assert states(concluded(E, inside), "isolate-contact", "2021-07-26 10:00") == [State.MET]
    gone = released("r", "2021-07-25 12:00")
    assert states(concluded(E, inside, gone), "isolate-contact", "2021-07-26 10:00") == [State.DUE]
    away: Fact = fact(Left, "l", "2021-07-25 12:00", place="site:1")
    assert states(concluded(E, inside, away), "isolate-contact", "2021-07-26 10:00") == [State.DUE]


def test_central_isolation_is_not_owed_once_its_phase_is_over() -> None:
    timeline = concluded(exposed("e", "2021-07-22 19:00", "2021-08-07 10:00"))
    assert duties(timeline, "isolate-contact") == []
    assert duties(timeline, "release-central") == []
    assert len(duties(timeline, "release-contact")) == 1


def test_telling_about_another_exposure_tells_nothing_of_this_one() -> None:
    assert states(concluded(E, told("t", "2021-07-26 12:00", about="else")), "tell-contact", "2021-07-27") == [
        State.DUE
    ]
    assert states(concluded(E, told("t", "2021-07-26 12:00", about="e")), "tell-contact", "2021-07-27") == [State.MET]
    assert states(concluded(E, told("t", "2021-07-26 12:00")), "tell-contact", "2021-07-27") == [State.MET]
    earlier = told("t", "2021-07-20 12:00")
    assert states(concluded(E, earlier), "tell-contact", "2021-07-27") == [State.DUE]


def test_a_person_owes_nothing_before_being_told_whatever_the_colour() -> None:
    timeline = concluded(registered(), E)
    assert [duty for duty in timeline.duties if duty.holder == "person"] == []
    assert standing(timeline, "2021-07-27") == "red"


def test_whoever_is_told_late_owes_what_is_left() -> None:
    timeline = concluded(E, told("t", "2021-08-07 12:00"))
    assert duties(timeline, "stay-in-isolation") == []
    (monitored,) = duties(timeline, "stay-monitored")
    assert (monitored.since, monitored.ended_at) == (when("2021-08-07 12:00"), when("2021-08-13"))


def test_the_duty_to_stay_names_the_order_where_there_is_one() -> None:
    timeline = concluded(E, told("t", "2021-07-26 12:00"), order("o", "2021-07-26 11:00", "2021-08-06"))
    (stay,) = duties(timeline, "stay-in-isolation")
    assert {"e", "t", "o"} <= set(facts_of(stay.reason))


def test_every_duty_of_a_course_names_the_exposure_and_a_rule_on_file() -> None:
    timeline = concluded(E, told("t", "2021-07-26 12:00"))
    for duty in timeline.duties:
        assert "e" in facts_of(duty.reason), duty.code
        assert clauses_of(duty.reason) or duty.code == "tell-contact", duty.code


# --- several exposures --------------------------------------------------------------------------------------------------


def test_overlapping_courses_of_one_grade_are_owed_once_and_the_past_is_not_rewritten() -> None:
    second = exposed("f", "2021-07-25 19:00", "2021-07-30 10:00", case=OTHER)
    alone, both = concluded(E), concluded(E, second)
    before = [duty for duty in duties(alone, "test-contact") if duty.since < second.recorded_at]
    assert [duty for duty in duties(both, "test-contact") if duty.since < second.recorded_at] == before
    after = [duty for duty in duties(both, "test-contact") if duty.since >= second.recorded_at]
    assert {facts_of(duty.reason) for duty in after} == {("f",)}
    assert len(duties(both, "release-contact")) == 1


def test_a_graver_grade_governs_while_it_lasts_and_the_milder_one_after_it() -> None:
    general = exposed("g", "2021-08-05 19:00", "2021-08-06 10:00", case=OTHER, grade=Grade.GENERAL)
    timeline = concluded(E, general)
    assert grades(timeline, "2021-08-07") == ["close", "general"]
    assert grades(timeline, "2021-08-14") == ["general"]
    assert [
        facts_of(duty.reason) for duty in duties(timeline, "test-contact") if duty.due == when("2021-08-20") - 1
    ] == []


def test_each_exposure_is_told() -> None:
    second = exposed("f", "2021-07-25 19:00", "2021-07-30 10:00", case=OTHER)
    timeline = concluded(E, second, told("t", "2021-07-26 12:00"))
    assert states(timeline, "tell-contact", "2021-07-31") == [State.MET, State.DUE]


# --- a contact who becomes a case, or is released early -----------------------------------------------------------------


def test_a_contact_found_while_in_care_is_no_contact() -> None:
    timeline = concluded(notice("n", "2021-07-25"), E)
    assert timeline.grades == ()
    assert duties(timeline, "test-contact") == []


def test_a_match_of_a_patient_is_confirmed_or_not_but_grades_nobody() -> None:
    timeline = concluded(notice("n", "2021-07-25"), matched("m", "2021-07-22 19:00", "2021-07-26 10:00"))
    assert timeline.grades == ()


def test_a_withdrawn_notice_makes_the_contact_a_contact_again() -> None:
    with_notice = concluded(E, notice("n", "2021-07-27"), corrected("x", "n", "2021-07-29"))
    without = concluded(E)
    assert (with_notice.grades, with_notice.standings) == (without.grades, without.standings)


@pytest.mark.parametrize(
    ("setting", "green_from"), [(Setting.HOME, "2021-08-08 12:00"), (Setting.HOSPITAL, "2021-08-13")]
)
def test_a_release_by_a_named_body_ends_the_phase_it_releases_from(setting: Setting, green_from: str) -> None:
    timeline = concluded(registered(), E, released("r", "2021-08-08 12:00", setting))
    assert next(span.start for span in timeline.standings if span.start >= when("2021-08-08")) == when(green_from)


# --- limits of what is on file --------------------------------------------------------------------------------------------


def test_a_grade_without_a_course_on_file_asks_nothing_and_says_so() -> None:
    rules = book("cn-covid19-9", "safeguards")
    venue = exposed("v", "2022-08-01 12:00", "2022-08-02 09:00", grade=Grade.EXPOSED_VENUE)
    timeline = concluded(venue, rules=rules)
    assert (findings(timeline), timeline.duties) == (["no-course-on-file"], ())


def test_the_rule_of_the_day_of_exposure_holds_to_the_end_though_a_new_edition_comes() -> None:
    rules = book("cn-covid19-8", "cn-covid19-9", "safeguards")
    eighth = concluded(exposed("e", "2022-06-27 12:00", "2022-06-28 20:00"), rules=rules)
    ninth = concluded(exposed("e", "2022-06-28 12:00", "2022-06-28 20:00"), rules=rules)
    assert eighth.grades[-1].end == when("2022-07-19")
    assert ninth.grades[-1].end == when("2022-07-09")


def test_the_reason_says_what_place_when_by_what_rule_until_when_and_how_to_challenge_it() -> None:
    timeline = concluded(registered(), exposed("e", "2021-07-22 19:00", "2021-07-26 10:00", place_kind="theatre"))
    span = next(span for span in timeline.standings if span.standing is Standing.RED)
    codes: dict[str, dict[str, object]] = {}

    def walk(reason: object) -> None:
        codes[reason.code] = dict(reason.slots)  # type: ignore[attr-defined]
        for part in reason.parts:  # type: ignore[attr-defined]
            walk(part)

    walk(span.reason)
    assert codes["exposure.judged"]["place"] == "policy.place_kind.theatre"
    assert codes["ground"]["until"] == span.end
    assert {"colour-rule", "course", "challenge"} <= set(codes)
    assert {clause.pack for clause in clauses_of(span.reason)} >= {"henan-2021-07", "cn-covid19-8", "safeguards"}


def test_prophylaxis_is_owed_while_it_helps() -> None:
    rules = book("measles", "safeguards")
    late = exposed("e", "2025-03-10 12:00", "2025-03-13 12:00")
    timeline = concluded(late, rules=rules, area="US", known="2025-06-01")
    assert duties(timeline, "offer-pep-vaccine") == []
    (offer,) = duties(timeline, "offer-pep-immunoglobulin")
    assert offer.due == late.first + 6 * 24 * HOUR_S
    given = fact(Reported, "g", "2025-03-14 09:00", what="pep-immunoglobulin", to="network")
    met = concluded(late, given, rules=rules, area="US", known="2025-06-01")
    assert states(met, "offer-pep-immunoglobulin", "2025-03-15") == [State.MET]


def test_what_is_concluded_in_one_area_rests_on_the_rules_of_that_area() -> None:
    there = concluded(registered(), E, area="430802")
    assert standing(there, "2021-07-27") == "unknown"
    assert standing(concluded(registered(), E, area=LUOYANG), "2021-07-27") == "red"
