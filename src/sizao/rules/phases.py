"""The phases of a course as absolute stretches of time: day 0 is the local day the course counts from, day 1 the next
one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from sizao.policy.kinds import CareKind, CountsFrom, Setting
from sizao.policy.values import Course, CoursePhase
from sizao.rules.reasons import Clause, Reason, Slots
from sizao.when import OPEN, Instant, day_start


class PhasePlan(NamedTuple):
    """One phase `[start, end)`: days `first_day..last_day` after day 0. `end` is OPEN when the rule gives no length."""

    start: Instant
    end: Instant
    on: date
    first_day: int
    last_day: int | None
    written: CoursePhase
    reason: Reason

    @property
    def setting(self) -> Setting:
        """Where the phase is spent."""
        return self.written.setting

    @property
    def care(self) -> CareKind:
        """What the phase asks of the person."""
        return self.written.kind

    def nth_day(self, day: int, zone: str) -> Instant:
        """The first instant of a local day of the phase, counted from 1."""
        return day_start(self.on + timedelta(days=day - 1), zone)


def phases_of(course: Course, clause: Clause, day0: date, zone: str) -> tuple[PhasePlan, ...]:
    """The phases counted from `day0`; what follows a phase of no fixed length cannot be dated and is left out.

    A course that counts from discharge begins with care of no fixed length, which is over when its day 0 comes.
    """
    phases: list[PhasePlan] = []
    first = 1
    for phase in course.phases:
        if phase.days is None and course.counts_from is CountsFrom.DISCHARGE:
            continue
        last = None if phase.days is None else first + phase.days - 1
        on = day0 + timedelta(days=first)
        end = OPEN if last is None else day_start(day0 + timedelta(days=last + 1), zone)
        slots: Slots = (
            ("setting", f"setting.{phase.setting}"),
            ("care", f"care.{phase.kind}"),
            ("first", first),
            ("last", last),
        )
        phases.append(PhasePlan(day_start(on, zone), end, on, first, last, phase, Reason("phase", slots, (clause,))))
        if last is None:
            break
        first = last + 1
    return tuple(phases)
