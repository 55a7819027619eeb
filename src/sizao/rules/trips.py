"""Duties around a trip as far as facts and rules on file carry them: requesting, deciding, reporting before and after
the return.

A rule is on file when the unit made one known, or when a pack in force in the area holds one; without either there is
no duty. Of the packs' rules those are wired that facts can carry: who decides by post level, family trips and places
named in prose are not.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sizao.facts.kinds import (
    Fact,
    FactId,
    Reported,
    Result,
    TripChanged,
    TripDecided,
    TripRequested,
    TripReturned,
)
from sizao.policy.book import PolicyBook
from sizao.policy.kinds import Holder
from sizao.rules.dossier import Read
from sizao.rules.on_file import TRIP, on_file_at
from sizao.rules.owed import What, owed
from sizao.rules.reasons import Clause, Reason, Slots, clause_of
from sizao.rules.timeline import Duty, Finding
from sizao.when import HOUR_S, OPEN, Instant, days_after

CITES = {
    "request-trip": ("travel.request.ahead_h",),
    "decide-trip": ("travel.approval_chain",),
    "report-before-return": ("travel.return.ahead_h", "report.double"),
    "report-return": ("report.double",),
    "report-track": ("travel.track_reported",),
    "change-not-reported": ("travel.changes_reported",),
    "test-before-return": ("travel.return.negative_h",),
    "test-after-return": ("travel.return.test_day",),
}
"""The keys a duty or finding rests on, as far as they are on file."""

make = tuple.__new__


class TripRules(NamedTuple):
    """The packs' trip rules in force in an area on a day: values by key, clauses by duty, and to whom a return is
    reported.

    `any`: something is on file that is about trips.
    """

    values: dict[str, int]
    clauses: dict[str, tuple[Clause, ...]]
    to: tuple[str, ...]
    any: bool


class _Trip(NamedTuple):
    """One trip as the facts tell it: the request, its rules, when it should end by the last change, and when it did."""

    read: Read
    asked: TripRequested
    rules: TripRules
    facts: tuple[FactId, ...]
    end: Instant
    back: TripReturned | None

    def reason(self, code: str, slots: Slots) -> Reason:
        """A reason with the facts of the trip and the clauses that are on file."""
        return make(Reason, (f"duty.{code}", slots, self.rules.clauses[code], self.facts, ()))


@lru_cache(maxsize=4096)
def trip_rules(book: PolicyBook, area: str, on: date) -> TripRules:
    """What the packs say about trips; empty where they say nothing."""
    found = {key: book.maybe(key, area=area, on=on) for keys in CITES.values() for key in keys}
    held = {key: value for key, value in found.items() if value is not None and value.value}
    values = {key: value.value if isinstance(value.value, int) else 1 for key, value in held.items()}
    clauses = {code: tuple(clause_of(held[key]) for key in keys if key in held) for code, keys in CITES.items()}
    double = found["report.double"]
    to = ("unit",) if double is None else tuple(str(receiver) for receiver in double.value.to)
    return TripRules(values, clauses, tuple(dict.fromkeys((*to, "unit"))), bool(held.keys() - {"report.double"}))


def trip_duties(read: Read, findings: list[Finding]) -> list[Duty]:
    """For each requested trip under a rule on file: the unit decides; the traveller, if granted, reports."""
    duties: list[Duty] = []
    for asked in read.of(TripRequested):
        rules = trip_rules(read.book, read.area, read.day(asked.at))
        made_known = on_file_at(read, TRIP, asked.at)
        if not made_known and not rules.any:
            continue
        decided = next((fact for fact in read.of(TripDecided) if fact.trip == asked.trip), None)
        facts = (asked.id, *(fact.id for fact in made_known))
        trip = _Trip(read, asked, rules, facts, _planned_end(read, asked), _back(read, asked))
        duties += _requested(trip, decided)
        if decided is not None and decided.granted:
            duties += _under_way(trip._replace(facts=(*facts, decided.id)), findings)
    return duties


def _planned_end(read: Read, asked: TripRequested) -> Instant:
    changed = [fact.end for fact in read.of(TripChanged) if fact.trip == asked.trip and fact.end is not None]
    return changed[-1] if changed else asked.end


def _back(read: Read, asked: TripRequested) -> TripReturned | None:
    return next((fact for fact in read.of(TripReturned) if fact.trip == asked.trip), None)


def _requested(trip: _Trip, decided: TripDecided | None) -> list[Duty]:
    asked, subject = trip.asked, trip.read.subject
    duties = []
    ahead = trip.rules.values.get("travel.request.ahead_h")
    if ahead is not None:
        slots = (("start", asked.start), ("hours", ahead))
        reason = trip.reason("request-trip", slots)
        due = Instant(asked.start - ahead * HOUR_S)
        duties.append(owed(What("request-trip", Holder.PERSON, "unit"), asked.at, due, reason, asked))
    reason = trip.reason("decide-trip", (("start", asked.start),))
    duties.append(owed(What("decide-trip", Holder.UNIT, subject), asked.at, asked.start, reason, decided))
    return duties


def _under_way(trip: _Trip, findings: list[Finding]) -> list[Duty]:
    duties = []
    values = trip.rules.values
    for receiver in trip.rules.to:
        if trip.end < OPEN or trip.back is not None:
            duties += [*_before_return(trip, receiver), _after_return(trip, receiver)]
    if "travel.track_reported" in values:
        met = _reported(trip, "track", "unit", trip.asked.start)
        reason = trip.reason("report-track", (("start", trip.asked.start),))
        duties.append(owed(What("report-track", Holder.PERSON, "unit"), trip.asked.start, None, reason, met))
    if "travel.changes_reported" in values and trip.back is not None and trip.back.at > trip.end:
        code = "change-not-reported"
        reason = trip.reason(code, (("end", trip.end), ("back", trip.back.at)))
        reason = reason._replace(code=f"finding.{code}", facts=(*reason.facts, trip.back.id))
        findings.append(Finding(code, trip.back.at, trip.back.id, reason))
    return [*duties, *_tests(trip)]


def _before_return(trip: _Trip, receiver: str) -> list[Duty]:
    ahead = trip.rules.values.get("travel.return.ahead_h")
    if ahead is None or trip.end >= OPEN:
        return []
    slots = (("end", trip.end), ("hours", ahead), ("to", f"to.{receiver}"))
    reason = trip.reason("report-before-return", slots)
    met = _reported(trip, "before-return", receiver, trip.asked.start)
    due = Instant(trip.end - ahead * HOUR_S)
    return [owed(What("report-before-return", Holder.PERSON, receiver), trip.asked.start, due, reason, met)]


def _after_return(trip: _Trip, receiver: str) -> Duty:
    """From the return, or from when it should have been; the register's own entry of the return is a report to the
    unit."""
    back = trip.back
    since = back.at if back is not None and back.at < trip.end else trip.end
    answers: list[Fact] = [] if back is None or receiver != "unit" else [back]
    told = _reported(trip, "return", receiver, trip.asked.start)
    answers += [] if told is None else [told]
    met = min(answers, key=lambda fact: (fact.at, fact.id), default=None)
    reason = trip.reason("report-return", (("end", trip.end), ("to", f"to.{receiver}")))
    return owed(What("report-return", Holder.PERSON, receiver), since, None, reason, met)


def _reported(trip: _Trip, what: str, to: str, since: Instant) -> Reported | None:
    for fact in trip.read.of(Reported):
        if fact.what == what and fact.to == to and fact.at >= since:
            return fact
    return None


def _tests(trip: _Trip) -> list[Duty]:
    """A negative test not older than so many hours on return, and one on a named day after it, as far as the reader may
    know tests."""
    duties = []
    tests = trip.read.tests
    hours = trip.rules.values.get("travel.return.negative_h")
    if hours is not None and (trip.end < OPEN or trip.back is not None):
        due = trip.end if trip.back is None else trip.back.at
        since = Instant(due - hours * HOUR_S)
        negative = next((one for one in tests if since <= one.at <= due and one.result is Result.NEGATIVE), None)
        reason = trip.reason("test-before-return", (("hours", hours), ("end", due)))
        duties.append(owed(What("test-before-return", Holder.PERSON, "unit"), since, due, reason, negative))
    day = trip.rules.values.get("travel.return.test_day")
    if day is not None and trip.back is not None:
        opens, closes = (days_after(trip.back.at, number, trip.read.zone) for number in (day, day + 1))
        sampled = next((one for one in tests if opens <= one.at), None)
        reason = trip.reason("test-after-return", (("day", day), ("on", opens)))
        duties.append(
            owed(What("test-after-return", Holder.PERSON, "unit"), opens, Instant(closes - 1), reason, sampled)
        )
    return duties
