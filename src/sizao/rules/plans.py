"""Courses as absolute plans: what a rule of the day means for everybody last exposed on that local day.

An outbreak has few days of last exposure and many contacts, so a plan (phases, test days, colours, with their clauses) is worked
out once per class, area and day and shared by all dossiers of that day. Nothing here depends on a person.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from sizao.policy.book import PolicyBook
from sizao.policy.kinds import CareKind, CountsFrom, Ground, Phase, Setting
from sizao.policy.values import ColourRule, Course, CoursePhase, Value
from sizao.rules.reasons import Clause, Reason, Standing, clause_of
from sizao.when import OPEN, Instant, day_start

GREATEST_DAY = date(2300, 1, 1)


class TestDay(NamedTuple):
    """One test of a course: the local day `[opens, closes)` on which the sample is due, and the reason that says so."""

    day: int
    opens: Instant
    closes: Instant
    until: Instant
    setting: Setting
    double: bool
    last: bool
    reason: Reason


class PhasePlan(NamedTuple):
    """One phase `[start, end)`: days `first_day..last_day` after day 0. `end` is OPEN when the rule gives no length."""

    start: Instant
    end: Instant
    first_day: int
    last_day: int | None
    setting: Setting
    care: CareKind
    reason: Reason


class ColourSpan(NamedTuple):
    """The standing a ground gives in `[start, end)`. The first one also covers the time before day 1."""

    start: Instant
    end: Instant
    standing: Standing
    reason: Reason


class CoursePlan(NamedTuple):
    """A course from the day of last exposure on: all instants absolute."""

    ground: Ground
    clause: Clause
    phases: tuple[PhasePlan, ...]
    tests: tuple[TestDay, ...]
    colours: tuple[ColourSpan, ...]
    end: Instant
    reason: Reason


COURSE_OF = {
    Ground.CLOSE: "close.course",
    Ground.SECONDARY: "secondary.course",
    Ground.GENERAL: "general.course",
    Ground.AREA_HIGH_STAY: "area_high_leaver.course",
    Ground.AREA_MEDIUM_STAY: "area_medium_leaver.course",
    Ground.INBOUND: "inbound.course",
}

EXPOSED_VENUE = "exposed_venue.course"


@lru_cache(maxsize=65536)
def course_plan(
    book: PolicyBook, key: str, ground: Ground, area: str, on: date, day0: date, zone: str
) -> CoursePlan | None:
    """The plan of a course by the rule in force `on`, counted from `day0`; None when no such course is in force or known."""
    value = book.maybe(key, area=area, on=on)
    if value is None:
        return None
    course: Course = value.value
    clause = clause_of(value)
    phases, tests = _phases(course, clause, day0, zone)
    end = phases[-1].end if phases else day_start(day0, zone)
    reason = Reason("course", (("course", key), ("day0", day_start(day0, zone)), ("until", end)), (clause,))
    colours = _colours(book, ground, area, on, day0, zone, phases)
    return CoursePlan(ground, clause, tuple(phases), tuple(tests), colours, end, reason)


def _phases(course: Course, clause: Clause, day0: date, zone: str) -> tuple[list[PhasePlan], list[TestDay]]:
    phases: list[PhasePlan] = []
    tests: list[TestDay] = []
    first = 1
    dated = (
        course.phases
        if course.counts_from is not CountsFrom.DISCHARGE
        else [each for each in course.phases if each.days is not None]
    )
    for phase in dated:
        last = None if phase.days is None else first + phase.days - 1
        start = day_start(day0 + timedelta(days=first), zone)
        end = OPEN if last is None else day_start(day0 + timedelta(days=last + 1), zone)
        slots = (
            ("setting", f"setting.{phase.setting}"),
            ("care", f"care.{phase.kind}"),
            ("first", first),
            ("last", last),
        )
        phases.append(PhasePlan(start, end, first, last, phase.setting, phase.kind, Reason("phase", slots, (clause,))))
        tests += _tests(phase, clause, day0, first, end, zone)
        if last is None:
            break
        first = last + 1
    return phases, tests


def _tests(phase: CoursePhase, clause: Clause, day0: date, first: int, phase_end: Instant, zone: str) -> list[TestDay]:
    if not phase.test_days and phase.tests_required:
        return [_one_test_within(phase, clause, day0, first, phase_end, zone)]
    days = [first + day - 1 for day in phase.test_days]
    found = []
    for index, day in enumerate(days):
        opens = day_start(day0 + timedelta(days=day), zone)
        closes = day_start(day0 + timedelta(days=day + 1), zone)
        following = index + 1 < len(days)
        until = day_start(day0 + timedelta(days=days[index + 1]), zone) if following else max(closes, phase_end)
        double = phase.double_test and not following
        reason = Reason("test-day", (("day", day), ("on", opens), ("setting", f"setting.{phase.setting}")), (clause,))
        found.append(TestDay(day, opens, closes, until, phase.setting, double, not following, reason))
    return found


def _one_test_within(
    phase: CoursePhase, clause: Clause, day0: date, first: int, phase_end: Instant, zone: str
) -> TestDay:
    """A rule that asks for a test without naming the day: due by the end of the phase."""
    opens = day_start(day0 + timedelta(days=first), zone)
    reason = Reason("test-within", (("until", phase_end), ("setting", f"setting.{phase.setting}")), (clause,))
    return TestDay(first, opens, phase_end, phase_end, phase.setting, phase.double_test, True, reason)


def _colours(
    book: PolicyBook, ground: Ground, area: str, on: date, day0: date, zone: str, phases: list[PhasePlan]
) -> tuple[ColourSpan, ...]:
    """The colours on file for this ground, phase by phase; none when no colour rule is in force in the area."""
    value = book.maybe("standing.colours", area=area, on=on)
    if value is None:
        return ()
    rules = [rule for rule in value.value if rule.ground is ground]
    spans: list[ColourSpan] = []
    for phase in phases:
        for rule in rules:
            span = _colour_span(rule, value, phase, day0, zone, first=not spans)
            if span is not None:
                spans.append(span)
                break
    return tuple(spans)


def _colour_span(
    rule: ColourRule, value: Value, phase: PhasePlan, day0: date, zone: str, *, first: bool
) -> ColourSpan | None:
    if rule.phase is not Phase.ANY and rule.phase is not _PHASE_OF[phase.care, phase.setting]:
        return None
    start, end = phase.start, phase.end
    if rule.from_day is not None:
        start = max(start, day_start(day0 + timedelta(days=rule.from_day), zone))
    if rule.to_day is not None:
        end = min(end, day_start(day0 + timedelta(days=rule.to_day + 1), zone))
    if start >= end:
        return None
    slots = (("ground", f"ground.{rule.ground}"), ("colour", f"standing.{rule.colour}"))
    clause = clause_of(value)._replace(
        title=rule.cite.title, article=rule.cite.article, confidence=str(rule.confidence)
    )
    begins = Instant(0) if first and rule.from_day in (None, 1) else start
    return ColourSpan(begins, end, Standing(rule.colour), Reason("colour-rule", slots, (clause,)))


def _phase_table() -> dict[tuple[CareKind, Setting], Phase]:
    table: dict[tuple[CareKind, Setting], Phase] = {}
    for care in CareKind:
        for setting in Setting:
            table[care, setting] = _phase_of(care, setting)
    return table


def _phase_of(care: CareKind, setting: Setting) -> Phase:
    if care in (CareKind.HEALTH_MONITORING, CareKind.SELF_MONITORING):
        return Phase.MONITORING
    if setting is Setting.HOSPITAL:
        return Phase.HOSPITAL
    return Phase.CENTRAL if setting is Setting.CENTRAL else Phase.HOME


_PHASE_OF = _phase_table()


@lru_cache(maxsize=16384)
def infected_colours(book: PolicyBook, ground: Ground, area: str, on: date) -> tuple[ColourSpan, ...]:
    """The colour of an infected person while in care; `grounds` ends it at discharge, or when there is no news of the care."""
    value = book.maybe("standing.colours", area=area, on=on)
    if value is None:
        return ()
    for rule in value.value:
        if rule.ground is ground and rule.phase in (Phase.ANY, Phase.HOSPITAL):
            slots = (("ground", f"ground.{ground}"), ("colour", f"standing.{rule.colour}"))
            clause = clause_of(value)._replace(title=rule.cite.title, article=rule.cite.article)
            return (ColourSpan(Instant(0), OPEN, Standing(rule.colour), Reason("colour-rule", slots, (clause,))),)
    return ()
