"""Secondary contacts: tied to the close contact's first two tests, and burdened further by nobody but a named tracer."""

from __future__ import annotations

from typing import Any

from sizao.facts.kinds import Fact, Grade, Result, SubjectId, Test
from sizao.rules.dossier import Dossier
from sizao.rules.timeline import State, Timeline
from tests.rules.people import (
    LUOYANG,
    concluded,
    confirmed,
    corrected,
    duties,
    exposed,
    grades,
    registered,
    sampled,
    standing,
    states,
    when,
)

CLOSE = SubjectId("person:密接")
MINE = exposed("s", "2021-07-22 19:00", "2021-07-23 10:00", grade=Grade.SECONDARY, via=CLOSE)
THEIRS = exposed("k", "2021-07-21 19:00", "2021-07-23 08:00")
SECOND, FOURTH = "2021-07-23 12:00", "2021-07-26 12:00"


def dependent(*theirs: Fact, mine: tuple[Fact, ...] = (), **more: Any) -> Timeline:
    """My timeline with the close contact's facts upstream."""
    upstream = Dossier(CLOSE, (THEIRS, *theirs), LUOYANG)
    return concluded(registered(), MINE, *mine, upstream=(upstream,), **more)


def why(timeline: Timeline) -> list[str]:
    """The steps of the secondary grade's reason."""
    span = next(span for span in timeline.grades if span.grade is Grade.SECONDARY)
    return [part.code for part in span.reason.parts]


def test_two_negative_first_tests_free_on_day_seven_and_are_named() -> None:
    timeline = dependent(sampled("a", SECOND), sampled("b", FOURTH))
    assert why(timeline) == ["secondary.first-negative"]
    assert (grades(timeline, "2021-07-29 23:59"), grades(timeline, "2021-07-30")) == (["secondary"], [])


def test_missing_results_free_on_day_seven_all_the_same() -> None:
    for facts in ((), (sampled("a", SECOND),), (sampled("a", SECOND), sampled("b", FOURTH, Result.PENDING))):
        timeline = dependent(*facts)
        assert why(timeline) == ["secondary.missing"]
        assert grades(timeline, "2021-07-30") == []


def test_a_close_contact_nobody_knows_of_leaves_the_rule_as_it_is() -> None:
    timeline = concluded(registered(), MINE)
    assert why(timeline) == ["secondary.unknown-close"]
    assert grades(timeline, "2021-07-30") == []


def test_a_positive_first_test_is_preliminary_and_lapses_unless_a_named_tracer_confirms() -> None:
    positive = sampled("b", FOURTH, Result.POSITIVE, recorded="2021-07-26 18:00")
    lapsed = dependent(sampled("a", SECOND), positive)
    assert grades(lapsed, "2021-07-26 18:00") == ["close?", "secondary"]
    assert grades(lapsed, "2021-07-27 18:00") == ["secondary"]
    assert states(lapsed, "confirm-regrade", "2021-07-28") == [State.OVERDUE]
    named = dependent(sampled("a", SECOND), positive, mine=(confirmed("c", "s", "2021-07-26 20:00"),))
    assert grades(named, "2021-07-26 19:00") == ["close?", "secondary"]
    assert grades(named, "2021-07-26 20:00") == ["close"]
    assert named.grades[-1].end == when("2021-08-13")


def test_a_regraded_contact_is_told_anew() -> None:
    positive = sampled("b", FOURTH, Result.POSITIVE, recorded="2021-07-26 18:00")
    timeline = dependent(positive, mine=(confirmed("c", "s", "2021-07-26 20:00"),))
    assert len(duties(timeline, "tell-contact")) == 2


def test_a_positive_result_that_comes_after_release_does_not_go_back_in_time() -> None:
    late = sampled("b", FOURTH, Result.POSITIVE, recorded="2021-07-31 09:00")
    timeline = dependent(sampled("a", SECOND), late)
    assert grades(timeline, "2021-07-30") == []
    assert standing(timeline, "2021-07-30 12:00") == "green"
    assert grades(timeline, "2021-07-31 09:00") == ["close?"]
    assert grades(timeline, "2021-08-01 09:00") == []


def test_a_positive_third_test_is_no_matter_of_this_rule() -> None:
    third = sampled("c", "2021-07-29 12:00", Result.POSITIVE)
    timeline = dependent(sampled("a", SECOND), sampled("b", FOURTH), third)
    assert why(timeline) == ["secondary.first-negative"]
    assert duties(timeline, "confirm-regrade") == []


def test_a_positive_result_after_the_close_contacts_course_would_be_over_regrades_nobody() -> None:
    late = sampled("b", FOURTH, Result.POSITIVE, recorded="2021-09-20 09:00")
    assert dependent(late).grades[-1].grade is Grade.SECONDARY


def test_a_pooled_positive_is_not_the_close_contacts_result() -> None:
    pooled = sampled("b", FOURTH, Result.POSITIVE, pooled=True)
    assert why(dependent(sampled("a", SECOND), pooled)) == ["secondary.missing"]


def test_samples_before_he_was_known_as_a_contact_are_not_his_first_tests() -> None:
    before = sampled("x", "2021-07-22 12:00", Result.POSITIVE)
    assert why(dependent(before, sampled("a", SECOND), sampled("b", FOURTH))) == ["secondary.first-negative"]


def test_matching_again_does_not_choose_other_first_tests() -> None:
    again = exposed("k2", "2021-07-21 19:05", "2021-07-27 08:00")
    facts = (sampled("a", SECOND), sampled("b", FOURTH), again, corrected("x", "k", "2021-07-27 08:00"))
    assert why(dependent(*facts)) == ["secondary.first-negative"]


def test_of_two_facts_about_one_sample_the_one_with_a_result_counts() -> None:
    pending = sampled("a0", SECOND, Result.PENDING, sample="s1")
    result = sampled("a1", SECOND, sample="s1", recorded="2021-07-24 08:00")
    assert why(dependent(pending, result, sampled("b", FOURTH))) == ["secondary.first-negative"]


def test_a_withdrawn_positive_leaves_things_as_if_it_had_never_been() -> None:
    wrong = sampled("b", FOURTH, Result.POSITIVE)
    after = dependent(sampled("a", SECOND), wrong, corrected("x", "b", "2021-07-27"), sampled("d", "2021-07-28"))
    assert why(after) == ["secondary.first-negative"]


def test_what_is_not_known_yet_regrades_nobody_yet() -> None:
    positive = sampled("b", FOURTH, Result.POSITIVE, recorded="2021-07-27 18:00")
    assert grades(dependent(positive, known="2021-07-27 17:00"), "2021-07-27 18:00") == ["secondary"]


def test_the_close_contacts_tests_are_read_and_mine_are_not_taken_for_his() -> None:
    mine: tuple[Test, ...] = (sampled("m", SECOND), sampled("n", FOURTH))
    assert why(dependent(mine=mine)) == ["secondary.missing"]
