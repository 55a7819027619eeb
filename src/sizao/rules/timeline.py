"""What `conclude()` gives: half-open spans with reasons, and how they are read at an instant.

A timeline is computed, never typed, and holds no state of "now": `at()` evaluates it, so a restriction ends without any
job running. The same facts and packs give the same bytes (`canonical`) on any machine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from sizao.facts.kinds import FactId, Grade, SubjectId
from sizao.rules.reasons import Reason, Standing
from sizao.when import OPEN, Instant


class State(StrEnum):
    """The state of a duty at an instant."""

    PENDING = "pending"
    DUE = "due"
    MET = "met"
    MET_LATE = "met_late"
    OVERDUE = "overdue"
    WAIVED = "waived"
    VOID = "void"


class GradeSpan(NamedTuple):
    """A person is a contact of this grade in `[start, end)`. `preliminary`: it rests on a match that nobody confirmed
    yet."""

    start: Instant
    end: Instant
    grade: Grade
    case: SubjectId
    preliminary: bool
    reason: Reason


class StandingSpan(NamedTuple):
    """The standing in `[start, end)`; spans of a timeline follow each other without gap or overlap."""

    start: Instant
    end: Instant
    standing: Standing
    preliminary: bool
    reason: Reason


class Duty(NamedTuple):
    """What a holder owes. `due` None: the rule gives no hour, so it is never called overdue; `ended_at` ends an unmet
    duty."""

    code: str
    holder: str
    owed_to: str
    since: Instant
    due: Instant | None
    met_at: Instant | None
    met_by: FactId | None
    ended_at: Instant | None
    ended_as: State | None
    reason: Reason

    def state(self, now: Instant) -> State:
        """Pending before `since`; due exactly now is not overdue; a duty met after it was due is met late for ever."""
        if now < self.since:
            return State.PENDING
        if self.met_at is not None and self.met_at <= now:
            return State.MET if self.due is None or self.met_at <= self.due else State.MET_LATE
        if self.ended_at is not None and self.ended_as is not None and self.ended_at <= now:
            return self.ended_as
        return State.OVERDUE if self.due is not None and now > self.due else State.DUE

    def overdue_since(self, now: Instant) -> Instant | None:
        """When it became overdue, or None while it is not."""
        return self.due if self.state(now) is State.OVERDUE else None

    def changes(self) -> Iterator[Instant]:
        """The instants at which the state may change."""
        yield self.since
        if self.due is not None:
            yield Instant(self.due + 1)
        if self.met_at is not None:
            yield self.met_at
        if self.ended_at is not None:
            yield self.ended_at


class Finding(NamedTuple):
    """Something a supervisor should look at: an order longer or wider than the rule, a duty with no rule on file."""

    code: str
    at: Instant
    about: FactId | None
    reason: Reason


class LevelSpan(NamedTuple):
    """An area has this level in `[start, end)`."""

    start: Instant
    end: Instant
    level: str
    reason: Reason


class Moment(NamedTuple):
    """A timeline read at one instant."""

    now: Instant
    standing: StandingSpan | None
    grades: tuple[GradeSpan, ...]
    duties: tuple[tuple[Duty, State], ...]
    findings: tuple[Finding, ...]
    levels: tuple[LevelSpan, ...]
    next_change_at: Instant | None


class Timeline(NamedTuple):
    """All that follows for one subject. `rules` is the digest of the packs, `known_at` the moment of knowledge."""

    subject: SubjectId
    known_at: Instant
    rules: str
    grades: tuple[GradeSpan, ...]
    standings: tuple[StandingSpan, ...]
    duties: tuple[Duty, ...]
    findings: tuple[Finding, ...]
    levels: tuple[LevelSpan, ...] = ()


def at(timeline: Timeline, now: Instant) -> Moment:
    """What holds at `now`, and when that next changes."""
    standing = next((span for span in timeline.standings if span.start <= now < span.end), None)
    grades = tuple(span for span in timeline.grades if span.start <= now < span.end)
    duties = tuple((duty, duty.state(now)) for duty in timeline.duties if duty.since <= now)
    findings = tuple(finding for finding in timeline.findings if finding.at <= now)
    levels = tuple(span for span in timeline.levels if span.start <= now < span.end)
    return Moment(now, standing, grades, duties, findings, levels, next_change_at(timeline, now))


def next_change_at(timeline: Timeline, now: Instant) -> Instant | None:
    """The first instant after `now` at which anything may read differently; None when nothing will."""
    later = [moment for moment in _changes(timeline) if now < moment < OPEN]
    return min(later) if later else None


def _changes(timeline: Timeline) -> Iterator[Instant]:
    spans: list[GradeSpan | StandingSpan | LevelSpan] = [*timeline.grades, *timeline.standings, *timeline.levels]
    for span in spans:
        yield span.start
        yield span.end
    for duty in timeline.duties:
        yield from duty.changes()
    for finding in timeline.findings:
        yield finding.at


def canonical(timeline: Timeline) -> bytes:
    """The timeline as bytes that are the same wherever and whenever it is concluded."""
    return json.dumps(timeline, ensure_ascii=False, separators=(",", ":"), default=_plain).encode()


def digest(timeline: Timeline) -> str:
    """SHA-256 of the canonical bytes, in hex."""
    return hashlib.sha256(canonical(timeline)).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")
