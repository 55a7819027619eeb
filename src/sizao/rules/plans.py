"""Courses as absolute plans: what a rule of the day means for everybody whose day 0 is that local day.

An outbreak has few days of last exposure and many contacts, so a plan (phases, test days, releases, colours, with their
clauses) is worked out once per class, area and day and shared by all dossiers of that day. Nothing here depends on a
person.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sizao.facts import kinds as facts
from sizao.policy.book import PolicyBook
from sizao.policy.kinds import CareKind, CountsFrom, Ground, Holder, SelectsBy, Setting
from sizao.policy.values import Value
from sizao.rules.colours import Coded, ColourSpan, colours_of
from sizao.rules.phases import PhasePlan, phases_of
from sizao.rules.prophylaxis import Offer, offers
from sizao.rules.reasons import Clause, Reason, Slots, clause_of
from sizao.when import DAY_S, OPEN, Instant


class Days(NamedTuple):
    """The three local days a pack may select a rule by, in the order of `SelectsBy`: of exposure, of order, of
    decision."""

    exposure: date
    order: date
    decision: date


class Counted(NamedTuple):
    """A course whose day 0 is not the day that selects its rule."""

    days: Days
    day0: date


class TestDay(NamedTuple):
    """Samples a course asks for: `needs` distinct ones on the local day `[opens, closes)`; late ones count until
    `until`.

    `exit_at`: for the last test of a phase, when that phase ends; `single`: a pooled sample does not do.
    """

    opens: Instant
    closes: Instant
    until: Instant
    central: bool
    holder: str
    needs: int
    single: bool
    exit_at: Instant | None
    code: str
    slots: Slots
    clauses: tuple[Clause, ...]


class ReleaseDay(NamedTuple):
    """The end of a phase that holds somebody: due at `due`; since when it may be prepared; what kind of release meets
    it."""

    code: str
    starts: Instant
    opens: Instant
    due: Instant
    settings: tuple[facts.Setting, ...]
    slots: Slots


class CoursePlan(NamedTuple):
    """A course counted from its day 0: all instants absolute. `central_end`: when its last phase in central isolation
    ends.

    `coded`: a colour rule is on file in the area; without one no colour follows. `colours_until`: the end of course and
    colours.
    """

    clause: Clause
    phases: tuple[PhasePlan, ...]
    tests: tuple[TestDay, ...]
    releases: tuple[ReleaseDay, ...]
    coded: bool
    colours: tuple[ColourSpan, ...]
    colours_until: Instant
    central_end: Instant
    end: Instant
    offers: tuple[Offer, ...]
    reason: Reason

    def phase_at(self, moment: Instant) -> PhasePlan:
        """The phase that holds the moment; before day 1 the first one, after the end the last one."""
        return next((phase for phase in self.phases if moment < phase.end), self.phases[-1])


GROUND_OF = {
    facts.Grade.CLOSE: Ground.CLOSE,
    facts.Grade.SECONDARY: Ground.SECONDARY,
    facts.Grade.GENERAL: Ground.GENERAL,
    facts.Grade.EXPOSED_VENUE: Ground.GENERAL,
}

COURSE_OF = {
    facts.Grade.CLOSE: "close.course",
    facts.Grade.SECONDARY: "secondary.course",
    facts.Grade.GENERAL: "general.course",
    facts.Grade.EXPOSED_VENUE: "exposed_venue.course",
}

DETERMINED_BY = {facts.Grade.CLOSE: "contact.determined", facts.Grade.SECONDARY: "secondary.determined"}

INFECTED = "infected.course"


def selected(book: PolicyBook, key: str, area: str, days: Days) -> Value | None:
    """The value that its own pack selects by the day in question: of the exposure, else of the order, else of the
    decision."""
    for by, on in zip(SelectsBy, days, strict=True):
        value = book.maybe(key, area=area, on=on)
        if value is not None and value.selects_by is by:
            return value
    return None


@lru_cache(maxsize=65536)
def contact_plan(book: PolicyBook, grade: facts.Grade, area: str, zone: str, days: Days) -> CoursePlan | None:
    """The course of a contact of that grade, day 0 being the day of exposure; None when no such course is in force or
    known, or when contacts of that grade are not determined at all."""
    determined = selected(book, DETERMINED_BY[grade], area, days) if grade in DETERMINED_BY else None
    if determined is not None and not determined.value:
        return None
    value = selected(book, COURSE_OF[grade], area, days)
    return None if value is None else _plan(book, value, area, Coded(GROUND_OF[grade], days.exposure, zone), days)


@lru_cache(maxsize=16384)
def infected_plan(book: PolicyBook, ground: Ground, area: str, zone: str, counted: Counted) -> CoursePlan | None:
    """The dated part of an infected person's course; None when no rule on file dates a part of it."""
    value = selected(book, INFECTED, area, counted.days)
    if value is None:
        return None
    plan = _plan(book, value, area, Coded(ground, counted.day0, zone), counted.days)
    return plan if plan.phases else None


@lru_cache(maxsize=16384)
def infected_counts_from(book: PolicyBook, area: str, days: Days) -> CountsFrom | None:
    """What an infected person's course is counted from; None when no such course is on file."""
    value = selected(book, INFECTED, area, days)
    return None if value is None else value.value.counts_from


def _plan(book: PolicyBook, value: Value, area: str, coded: Coded, days: Days) -> CoursePlan:
    clause = clause_of(value)
    phases = phases_of(value.value, clause, coded.day0, coded.zone)
    end = phases[-1].end if phases else coded.day(0)
    listed = selected(book, "standing.colours", area, days)
    colours = () if listed is None else colours_of(listed, coded, phases)
    central = [phase.end for phase in phases if phase.setting is Setting.CENTRAL]
    slots: Slots = (("course", value.key), ("day0", coded.day(0)), ("until", end))
    return CoursePlan(
        clause,
        phases,
        _tests(phases, _sampling(book, area, days, clause), coded.zone),
        tuple(_release(phase) for phase in phases if _holds(phase)),
        listed is not None,
        colours,
        max([end, *(colour.end for colour in colours)]),
        max(central, default=Instant(0)),
        end,
        offers(book, area, coded.day0),
        Reason("course", slots, (clause,)),
    )


class _Sampling(NamedTuple):
    """Whether contacts are sampled singly, with the clauses of the course and of that rule."""

    single: bool
    clauses: tuple[Clause, ...]


def _sampling(book: PolicyBook, area: str, days: Days, clause: Clause) -> _Sampling:
    value = selected(book, "test.pool.single_only", area, days)
    if value is None or not value.value:
        return _Sampling(False, (clause,))
    return _Sampling(True, (clause, clause_of(value)))


def _tests(phases: tuple[PhasePlan, ...], sampling: _Sampling, zone: str) -> tuple[TestDay, ...]:
    found: list[TestDay] = []
    for phase in phases:
        if phase.written.test_days:
            found += _on_days(phase, sampling, zone)
        elif phase.written.tests_required and phase.end < OPEN:
            found.append(_within(phase, sampling))
    return tuple(found)


def _on_days(phase: PhasePlan, sampling: _Sampling, zone: str) -> list[TestDay]:
    found = []
    days = phase.written.test_days
    for index, day in enumerate(days):
        last = index + 1 == len(days)
        opens, closes = phase.nth_day(day, zone), phase.nth_day(day + 1, zone)
        double = phase.written.double_test and last
        slots: Slots = (("day", phase.first_day + day - 1), ("on", opens), ("setting", f"setting.{phase.setting}"))
        found.append(
            TestDay(
                opens,
                closes,
                max(closes, phase.end) if last else phase.nth_day(days[index + 1], zone),
                phase.setting is Setting.CENTRAL,
                _sampled_by(phase),
                2 if double else 1,
                sampling.single,
                phase.end if last and phase.end < OPEN else None,
                "test-day-double" if double else "test-day",
                slots,
                sampling.clauses,
            )
        )
    return found


def _within(phase: PhasePlan, sampling: _Sampling) -> TestDay:
    """A rule that asks for tests without naming the days: due by the end of the phase."""
    needs = phase.written.tests_required or 1
    slots: Slots = (("needs", needs), ("until", phase.end), ("setting", f"setting.{phase.setting}"))
    return TestDay(
        phase.start,
        phase.end,
        phase.end,
        phase.setting is Setting.CENTRAL,
        _sampled_by(phase),
        needs,
        sampling.single,
        phase.end,
        "test-within",
        slots,
        sampling.clauses,
    )


def _sampled_by(phase: PhasePlan) -> str:
    return str(Holder.SITE if phase.setting is Setting.CENTRAL else Holder.COMMUNITY)


def _holds(phase: PhasePlan) -> bool:
    """Nobody needs to be released from watching himself, and care ends by discharge."""
    return phase.end < OPEN and phase.care not in (CareKind.SELF_MONITORING, CareKind.TREATMENT)


_RELEASED_FROM = {
    Setting.CENTRAL: (facts.Setting.CENTRAL,),
    Setting.HOME: (facts.Setting.HOME, facts.Setting.SELF),
    Setting.HOME_OR_CENTRAL: (facts.Setting.HOME, facts.Setting.CENTRAL),
    Setting.HOSPITAL: (facts.Setting.HOSPITAL,),
    Setting.SELF: (facts.Setting.SELF, facts.Setting.HOME),
}


def _release(phase: PhasePlan) -> ReleaseDay:
    code = "release-central" if phase.setting is Setting.CENTRAL else "release-contact"
    slots: Slots = (("until", phase.end), ("setting", f"setting.{phase.setting}"), ("care", f"care.{phase.care}"))
    opens = Instant(max(phase.start, phase.end - DAY_S))
    return ReleaseDay(code, phase.start, opens, phase.end, _RELEASED_FROM[phase.setting], slots)
