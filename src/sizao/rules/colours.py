"""Colours on file: which standing a ground gives on which days of its course.

A colour never outlasts the course it goes with, except where the colour rule itself names days that follow on without a
break. Rules of one phase are taken in the order written: of two that cover the same day the first one holds.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from sizao.policy.book import PolicyBook
from sizao.policy.kinds import CareKind, Ground, Phase, Setting
from sizao.policy.values import ColourRule, Value
from sizao.rules.phases import PhasePlan
from sizao.rules.reasons import Reason, Standing, clause_of
from sizao.when import Instant, day_start


class ColourSpan(NamedTuple):
    """The standing a ground gives in `[start, end)`; `central`: during central isolation, so an early release from it
    ends it."""

    start: Instant
    end: Instant
    standing: Standing
    central: bool
    reason: Reason


class Coded(NamedTuple):
    """Whose colours: the ground, and the local day its course counts from."""

    ground: Ground
    day0: date
    zone: str

    def day(self, number: int) -> Instant:
        """The first instant of day `number`."""
        return day_start(self.day0 + timedelta(days=number), self.zone)


def colours_of(value: Value, coded: Coded, phases: tuple[PhasePlan, ...]) -> tuple[ColourSpan, ...]:
    """The colours of a course, phase by phase; the first phase's also cover day 0, on which the course has not begun."""
    rules: list[ColourRule] = [rule for rule in value.value if rule.ground is coded.ground]
    spans: list[ColourSpan] = []
    for place, phase in enumerate(phases):
        taken: list[ColourSpan] = []
        for rule in rules:
            if rule.phase is Phase.ANY or rule.phase is phase_of(phase.care, phase.setting):
                taken += _not_yet(_within(rule, value, coded, phase), taken)
        taken.sort()
        if place == 0 and taken and taken[0].start == phase.start:
            taken[0] = taken[0]._replace(start=Instant(0))
        spans += taken
    return (*spans, *_following_on(rules, value, coded, phases))


def _within(rule: ColourRule, value: Value, coded: Coded, phase: PhasePlan) -> list[ColourSpan]:
    start = phase.start if rule.from_day is None else max(phase.start, coded.day(rule.from_day))
    end = phase.end if rule.to_day is None else min(phase.end, coded.day(rule.to_day + 1))
    central = phase.setting is Setting.CENTRAL
    return [ColourSpan(start, end, Standing(rule.colour), central, _reason(rule, value))] if start < end else []


def _not_yet(spans: list[ColourSpan], taken: list[ColourSpan]) -> list[ColourSpan]:
    """What of the spans no earlier rule covers."""
    left = spans
    for other in taken:
        left = [
            span._replace(start=start, end=end)
            for span in left
            for start, end in ((span.start, min(span.end, other.start)), (max(span.start, other.end), span.end))
            if start < end
        ]
    return left


def _following_on(
    rules: list[ColourRule], value: Value, coded: Coded, phases: tuple[PhasePlan, ...]
) -> list[ColourSpan]:
    last = phases[-1].last_day if phases else None
    found: list[ColourSpan] = []
    for rule in sorted(rules, key=lambda each: each.from_day or 0):
        if last is not None and rule.from_day == last + 1 and rule.to_day is not None:
            span = ColourSpan(
                coded.day(rule.from_day), coded.day(rule.to_day + 1), Standing(rule.colour), False, _reason(rule, value)
            )
            found.append(span)
            last = rule.to_day
    return found


def _reason(rule: ColourRule, value: Value) -> Reason:
    slots = (("ground", f"ground.{rule.ground}"), ("colour", f"standing.{rule.colour}"))
    clause = clause_of(value)._replace(
        title=rule.cite.title, article=rule.cite.article, confidence=str(rule.confidence)
    )
    return Reason("colour-rule", slots, (clause,))


def phase_of(care: CareKind, setting: Setting) -> Phase:
    """The phase as colour rules tell phases apart."""
    if care in (CareKind.HEALTH_MONITORING, CareKind.SELF_MONITORING):
        return Phase.MONITORING
    if setting is Setting.HOSPITAL:
        return Phase.HOSPITAL
    return Phase.CENTRAL if setting is Setting.CENTRAL else Phase.HOME


@lru_cache(maxsize=16384)
def care_colour(book: PolicyBook, ground: Ground, area: str, on: date) -> tuple[Standing, Reason] | None:
    """The colour of an infected person in care, whose end no rule knows beforehand; None when none is on file."""
    value = book.maybe("standing.colours", area=area, on=on)
    rules: tuple[ColourRule, ...] = () if value is None else value.value
    for rule in rules:
        if value is not None and rule.ground is ground and rule.phase in (Phase.ANY, Phase.HOSPITAL, Phase.CENTRAL):
            return Standing(rule.colour), _reason(rule, value)
    return None
