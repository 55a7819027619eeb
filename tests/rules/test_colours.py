"""Colours of phases and of the days between: which rule covers which day, day by day against a slow restatement."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.policy.kinds import CareKind, Colour, Confidence, CountsFrom, Ground, Phase, SelectsBy, Setting
from sizao.policy.values import Citation, ColourRule, Course, CoursePhase, Value
from sizao.rules.colours import Coded, ColourSpan, colours_of, phase_of
from sizao.rules.phases import phases_of
from sizao.rules.reasons import clause_of
from sizao.when import Instant, day_start

ZONE, DAY0 = "Asia/Shanghai", date(2021, 7, 22)
CITE = Citation("c", "书", None, None, DAY0)
CENTRAL = CoursePhase(setting=Setting.CENTRAL, kind=CareKind.ISOLATION, days=14)
HOME = CoursePhase(setting=Setting.HOME, kind=CareKind.HEALTH_MONITORING, days=7)


def rule(phase: Phase, colour: Colour, first: int | None = None, last: int | None = None) -> ColourRule:
    """A colour of a close contact."""
    return ColourRule(
        ground=Ground.CLOSE,
        phase=phase,
        colour=colour,
        from_day=first,
        to_day=last,
        cite=CITE,
        confidence=Confidence.ONE,
    )


def value(key: str, content: object) -> Value:
    """A value in force."""
    return Value(
        key, content, "rules", "p", "1", DAY0, None, "CN", None, Confidence.ONE, CITE, DAY0, SelectsBy.EXPOSURE
    )


def spans(rules: list[ColourRule], *phases: CoursePhase) -> tuple[ColourSpan, ...]:
    """The colours of a course of these phases."""
    course = Course(counts_from=CountsFrom.LAST_EXPOSURE, phases=phases)
    planned = phases_of(course, clause_of(value("close.course", course)), DAY0, ZONE)
    return colours_of(value("standing.colours", tuple(rules)), Coded(Ground.CLOSE, DAY0, ZONE), planned)


def colour_on(found: tuple[ColourSpan, ...], day: int) -> str | None:
    """The colour at noon of that day."""
    noon = Instant(day_start(DAY0 + timedelta(days=day), ZONE) + 12 * 3600)
    colours = [str(span.standing) for span in found if span.start <= noon < span.end]
    assert len(colours) < 2, "two colours on one day"
    return colours[0] if colours else None


RED, YELLOW = Colour.RED, Colour.YELLOW


def test_the_first_phases_colour_covers_day_zero_too() -> None:
    found = spans([rule(Phase.CENTRAL, RED), rule(Phase.MONITORING, YELLOW)], CENTRAL, HOME)
    assert [colour_on(found, day) for day in (0, 1, 14, 15, 21, 22)] == ["red", "red", "red", "yellow", "yellow", None]


def test_a_later_phases_colour_does_not_reach_back_over_a_phase_without_one() -> None:
    found = spans([rule(Phase.MONITORING, YELLOW)], CENTRAL, HOME)
    assert [colour_on(found, day) for day in (0, 14, 15)] == [None, None, "yellow"]


def test_two_rules_of_one_phase_share_its_days() -> None:
    found = spans([rule(Phase.CENTRAL, RED, 1, 7), rule(Phase.CENTRAL, YELLOW, 8, 14)], CENTRAL)
    assert [colour_on(found, day) for day in (0, 7, 8, 14, 15)] == ["red", "red", "yellow", "yellow", None]


def test_of_two_rules_for_one_day_the_first_written_holds() -> None:
    found = spans([rule(Phase.ANY, YELLOW, 3, 5), rule(Phase.CENTRAL, RED)], CENTRAL)
    assert [colour_on(found, day) for day in (0, 2, 3, 5, 6, 14)] == ["red", "red", "yellow", "yellow", "red", "red"]


def test_a_colour_never_outlasts_the_course() -> None:
    short = CoursePhase(setting=Setting.CENTRAL, kind=CareKind.ISOLATION, days=7)
    found = spans([rule(Phase.CENTRAL, RED, 1, 14), rule(Phase.MONITORING, YELLOW, 15, 21)], short)
    assert [colour_on(found, day) for day in (7, 8, 14, 15, 21)] == ["red", None, None, None, None]


def test_days_a_colour_rule_names_itself_may_follow_on_without_a_break() -> None:
    found = spans([rule(Phase.CENTRAL, RED, 1, 14), rule(Phase.MONITORING, YELLOW, 15, 28)], CENTRAL)
    assert [colour_on(found, day) for day in (14, 15, 28, 29)] == ["red", "yellow", "yellow", None]


def test_a_rule_from_a_later_day_does_not_cover_day_zero() -> None:
    found = spans([rule(Phase.CENTRAL, RED, 2)], CENTRAL)
    assert [colour_on(found, day) for day in (0, 1, 2, 14)] == [None, None, "red", "red"]


@pytest.mark.parametrize(
    ("care", "setting", "phase"),
    [
        (CareKind.ISOLATION, Setting.CENTRAL, Phase.CENTRAL),
        (CareKind.ISOLATION, Setting.HOME_OR_CENTRAL, Phase.HOME),
        (CareKind.HOME_ISOLATION, Setting.HOME, Phase.HOME),
        (CareKind.EXCLUSION, Setting.HOME, Phase.HOME),
        (CareKind.HEALTH_MONITORING, Setting.HOME, Phase.MONITORING),
        (CareKind.SELF_MONITORING, Setting.SELF, Phase.MONITORING),
        (CareKind.TREATMENT, Setting.HOSPITAL, Phase.HOSPITAL),
    ],
)
def test_home_isolation_and_home_monitoring_are_two_phases(care: CareKind, setting: Setting, phase: Phase) -> None:
    assert phase_of(care, setting) is phase


days = st.none() | st.integers(1, 30)
rules = st.builds(
    rule, st.sampled_from((Phase.ANY, Phase.CENTRAL, Phase.MONITORING)), st.sampled_from((RED, YELLOW)), days, days
)
phases = st.lists(st.sampled_from((CENTRAL, HOME)), min_size=1, max_size=2)


@given(st.lists(rules, max_size=4), phases)
def test_every_day_of_a_course_has_the_colour_of_the_first_rule_that_covers_it(
    written: list[ColourRule], course: list[CoursePhase]
) -> None:
    found = spans(written, *course)
    number = 0
    for phase in course:
        kind = phase_of(phase.kind, phase.setting)
        for _ in range(phase.days or 0):
            number += 1
            fitting = [
                each.colour
                for each in written
                if each.phase in (Phase.ANY, kind)
                and (each.from_day is None or each.from_day <= number)
                and (each.to_day is None or number <= each.to_day)
            ]
            assert colour_on(found, number) == (fitting[0] if fitting else None), number
