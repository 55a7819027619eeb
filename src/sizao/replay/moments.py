"""Moments known only to the hour or the day, kept honest: every computed moment has an earliest and a latest value.

A fact of the replay that stands at a local midnight is known only to its day, one at a full hour only to that hour. The rules are
therefore run twice, with every such moment at its first and at its last second, and what comes out is said as bounds.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from sizao.facts.kinds import Attendance, CaseNotice, Exposure, Fact, How, LeaveRecorded, Ride, Stay
from sizao.when import DAY_S, HOUR_S, OPEN, Instant, day_span, day_start, local_day

ZONE = "Asia/Shanghai"
AS_OF_DAY = "2021-08-16"


class Bound(StrEnum):
    """Which end of what is known coarsely a run takes."""

    EARLIEST = "earliest"
    LATEST = "latest"


class Span(NamedTuple):
    """A moment that lies somewhere in `[first, last]`, both ends possible."""

    first: Instant
    last: Instant

    @property
    def exact(self) -> bool:
        """True when the moment is known to the second."""
        return self.first == self.last


class Hours(NamedTuple):
    """Whole hours earlier, from `least` to `most`, rounded away from each other; negative is later."""

    least: int
    most: int


def span_of(moment: Instant) -> Span:
    """The day of a local midnight, the hour of a full hour, else the second itself."""
    if moment >= OPEN:
        return Span(moment, moment)
    day = local_day(moment, ZONE)
    if day_start(day, ZONE) == moment:
        return Span(moment, Instant(day_span(day, ZONE).end - 1))
    return Span(moment, Instant(moment + HOUR_S - 1)) if moment % HOUR_S == 0 else Span(moment, moment)


def end_of(moment: Instant, bound: Bound) -> Instant:
    """The moment as that bound takes it."""
    span = span_of(moment)
    return span.first if bound is Bound.EARLIEST else span.last


def settled(fact: Fact, bound: Bound) -> Fact:
    """The fact with its two times as the bound takes them. Stays, leave, registers and notices keep the day they speak of."""
    recorded = end_of(fact.recorded_at, bound)
    if isinstance(fact, Stay | Ride | LeaveRecorded | Attendance | CaseNotice):
        return replace(fact, recorded_at=recorded)
    if isinstance(fact, Exposure) and fact.how is How.MATCHED:
        return fact
    return replace(fact, at=end_of(fact.at, bound), recorded_at=recorded)


def earlier_by(baseline: Span, told: Span) -> Hours:
    """How many hours `told` lies before `baseline`, at least and at most."""
    least = (baseline.first - told.last) // HOUR_S
    most = -((told.first - baseline.last) // HOUR_S)
    return Hours(least, most)


def days_of(span: Span) -> int:
    """On how many local days the moment may lie."""
    return (day_start(local_day(span.last, ZONE), ZONE) - day_start(local_day(span.first, ZONE), ZONE)) // DAY_S + 1
