"""Duties between a person, the unit and the community: reporting, relaying, leave and trips.

They rest only on what such a side may know. A reporting or leave rule binds when it was on file and made known (a
`rule_on_file` fact), or when a pack in force in the area holds it; with no rule on file there is no duty, and a finding
says so. An absence without leave opens a duty to explain and accuses nobody.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sizao.facts.kinds import (
    Attendance,
    CodeSeen,
    Fact,
    LeaveRecorded,
    Reported,
    TripDecided,
    TripRequested,
)
from sizao.policy.book import PolicyBook
from sizao.policy.kinds import Holder, Within
from sizao.policy.values import ReportDuty
from sizao.rules.dossier import Read
from sizao.rules.enquiries import ASKS
from sizao.rules.on_file import LEAVE, REPORT_CODE, TRIP, on_file_at
from sizao.rules.owed import What, owed
from sizao.rules.reasons import Clause, Reason, Slots, clause_of
from sizao.rules.timeline import Duty, Finding
from sizao.rules.trips import trip_duties
from sizao.when import HOUR_S, Instant, Interval, day_span

CODE = "code"
RELAYED = frozenset({CODE, "contact", "trip", "return"})
"""Reports a unit passes on to the community: what concerns epidemic control. An explanation of an absence is none of
its business."""

KINDS = frozenset({CodeSeen, Attendance, Reported, TripRequested})
"""Without a fact of these kinds there is no duty of this side."""


class Rule(NamedTuple):
    """The rule a duty rests on: made known by a unit or area, or in a pack; how long the person has, and whom to tell."""

    to: tuple[str, ...]
    hours: int | None
    at_once: bool
    clauses: tuple[Clause, ...]
    facts: tuple[Fact, ...]


def office_duties(read: Read, findings: list[Finding]) -> list[Duty]:
    """All of them, for whoever may read these facts (see `purpose`); findings are appended."""
    if KINDS.isdisjoint(read.by_kind):
        return []
    duties = trip_duties(read, findings)
    for seen in read.of(CodeSeen):
        if seen.colour in ASKS:
            duties += _report_code(read, seen, findings)
    for day in read.of(Attendance):
        if not day.present:
            duties += _absence(read, day, findings)
    for report in read.of(Reported):
        if report.to == "unit" and report.what in RELAYED:
            duties += _relay(read, report)
    return duties


def _report_code(read: Read, seen: CodeSeen, findings: list[Finding]) -> list[Duty]:
    """The holder reports a red or yellow he saw: from the moment it was shown to him, to each receiver the rule names."""
    told = next((fact for fact in read.tellings if fact.about == seen.id), None)
    rule = _report_rule(read, seen)
    colour = ("colour", f"standing.{seen.colour}")
    if rule is None:
        reason = Reason("finding.no-rule-on-file", (colour, ("rule", f"rule.{REPORT_CODE}")), (), (seen.id,))
        findings.append(Finding("no-rule-on-file", seen.at, seen.id, reason))
        return []
    if told is None:
        reason = Reason("finding.not-told", (colour,), rule.clauses, (seen.id,))
        findings.append(Finding("not-told", seen.at, seen.id, reason))
        return []
    since = max(told.at, seen.at)
    due = None if rule.hours is None else Instant(since + rule.hours * HOUR_S)
    facts = (seen.id, told.id, *(fact.id for fact in rule.facts))
    duties = []
    for receiver in rule.to:
        code = "duty.report-code-at-once" if rule.at_once else "duty.report-code"
        reason = Reason(code, (("to", f"to.{receiver}"), colour), rule.clauses, facts)
        what = What(f"report-code-{receiver}", Holder.PERSON, receiver)
        duties.append(owed(what, since, due, reason, _reported(read, CODE, receiver, since)))
    return duties


def _reported(read: Read, what: str, to: str, since: Instant) -> Reported | None:
    for fact in read.of(Reported):
        if fact.what == what and fact.to == to and fact.at >= since:
            return fact
    return None


class _InForce(NamedTuple):
    """What the packs ask of a person whose code turns: to whom, within how long; and the clause for telling both sides."""

    to: tuple[str, ...]
    hours: int | None
    at_once: bool
    clauses: tuple[Clause, ...]
    relay: tuple[Clause, ...]


@lru_cache(maxsize=4096)
def _in_force(book: PolicyBook, area: str, on: date) -> _InForce:
    value = book.maybe("standing.report_duty", area=area, on=on)
    double = book.maybe("report.double", area=area, on=on)
    relay = tuple(clause_of(one) for one in (double, value) if one is not None)[:1]
    if value is None:
        return _InForce((), None, False, (), relay)
    duty: ReportDuty = value.value
    to = tuple(str(receiver) for receiver in duty.to)
    return _InForce(to, duty.hours, duty.within is Within.AT_ONCE, (clause_of(value),), relay)


def _report_rule(read: Read, seen: CodeSeen) -> Rule | None:
    """The pack's rule of that day, and what the unit made known beside it; each names its receivers."""
    on_file = on_file_at(read, REPORT_CODE, seen.at)
    to, hours, at_once, clauses, _ = _in_force(read.book, read.area, read.day(seen.at))
    if to:
        return Rule((*to, "unit") if on_file and "unit" not in to else to, hours, at_once, clauses, on_file)
    return Rule(("community", "unit"), None, False, (), on_file) if on_file else None


def _absence(read: Read, day: Attendance, findings: list[Finding]) -> list[Duty]:
    span = day_span(read.day(day.at), read.zone)
    if _excused(read, span):
        return []
    rules = on_file_at(read, LEAVE, day.at)
    when = (("day", span.start),)
    if not rules:
        slots: Slots = (("colour", None), ("rule", f"rule.{LEAVE}"))
        reason = Reason("finding.no-rule-on-file", slots, (), (day.id,))
        findings.append(Finding("no-rule-on-file", day.recorded_at, day.id, reason))
        return []
    facts = (day.id, *(fact.id for fact in rules))
    reason = Reason("finding.absence-without-leave", when, (), facts)
    findings.append(Finding("absence-without-leave", day.recorded_at, day.id, reason))
    asked = next((fact for fact in read.tellings if fact.what == "explain-absence" and fact.about == day.id), None)
    ask = What("ask-explanation", Holder.UNIT, read.subject)
    duties = [owed(ask, day.recorded_at, None, Reason("duty.ask-explanation", when, (), facts), asked)]
    if asked is not None:
        explained = next(
            (
                fact
                for fact in read.of(Reported)
                if fact.what == "explanation" and fact.at >= asked.at and fact.about in (None, day.id)
            ),
            None,
        )
        explain = Reason("duty.explain-absence", when, (), (*facts, asked.id))
        duties.append(owed(What("explain-absence", Holder.PERSON, "unit"), asked.at, None, explain, explained))
    return duties


def _excused(read: Read, day: Interval) -> bool:
    """Leave on record, a granted trip, or seen at work the same day."""
    if any(Interval(fact.start, fact.end).meets(day) for fact in read.of(LeaveRecorded)):
        return True
    if any(fact.present and day.holds(fact.at) for fact in read.of(Attendance)):
        return True
    granted = {fact.trip for fact in read.of(TripDecided) if fact.granted}
    return any(trip.trip in granted and Interval(trip.start, trip.end).meets(day) for trip in read.of(TripRequested))


def _relay(read: Read, report: Reported) -> list[Duty]:
    """Whoever receives a report relays it to the community, where a rule says that both are to be told."""
    rules = (*on_file_at(read, REPORT_CODE, report.at), *on_file_at(read, TRIP, report.at))
    clauses = _in_force(read.book, read.area, read.day(report.at)).relay
    if not clauses and not rules:
        return []
    facts = (report.id, *(fact.id for fact in rules))
    reason = Reason("duty.relay", (("what", f"report.{report.what}"),), clauses, facts)
    told = _reported(read, report.what, "community", report.at)
    return [owed(What("relay-report", Holder.UNIT, "community"), report.at, None, reason, told)]
