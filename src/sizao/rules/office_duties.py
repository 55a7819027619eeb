"""Duties between a person, the unit and the community: reporting, relaying, leave and trips.

They rest only on what such a side may know. A reporting or leave rule binds when it was on file and made known (a `rule_on_file` fact),
or when a pack in force in the area holds it; with no rule on file there is no duty, and a finding says so. An absence without leave
opens a duty to explain and accuses nobody.
"""

from __future__ import annotations

from typing import NamedTuple

from sizao.facts.kinds import Attendance, CodeSeen, Fact, LeaveRecorded, Reported, RuleOnFile, Told
from sizao.policy.book import PolicyBook
from sizao.policy.kinds import Holder
from sizao.policy.values import ReportDuty
from sizao.rules.dossier import Read
from sizao.rules.owed import owed
from sizao.rules.reasons import Clause, Reason, clause_of
from sizao.rules.timeline import Duty, Finding
from sizao.rules.trips import trip_duties
from sizao.when import HOUR_S, Instant, Interval, day_span, local_day

LEAVE_RULE = "leave"
REPORT_CODE_RULE = "report-code"


class OfficeDuties(NamedTuple):
    """Duties and findings on the side of unit and community."""

    duties: list[Duty]
    findings: list[Finding]


class Ground(NamedTuple):
    """The rule a duty rests on: made known by a unit or area, or in a pack; how long the person has, and whom to tell."""

    to: tuple[str, ...]
    hours: int | None
    clauses: tuple[Clause, ...]
    facts: tuple[Fact, ...]


def office_duties(read: Read, book: PolicyBook) -> OfficeDuties:
    """All of them, for whoever may read these facts (see `purpose`)."""
    result = OfficeDuties(trip_duties(read, book), [])
    for seen in read.of(CodeSeen):
        _report_code(read, seen, book, result)
    for day in read.of(Attendance):
        if not day.present:
            _absence(read, day, result)
    for report in read.of(Reported):
        if report.to == "unit":
            result.duties.append(_relay(read, report))
    return result


def _report_code(read: Read, seen: CodeSeen, book: PolicyBook, result: OfficeDuties) -> None:
    """The holder reports a colour he saw: from the moment it was shown to him, to each receiver the rule names."""
    told = next((fact for fact in read.of(Told) if fact.about == seen.id), None)
    ground = _report_rule(read, seen, book)
    if ground is None:
        slots = (("colour", f"standing.{seen.colour}"), ("rule", f"rule.{REPORT_CODE_RULE}"))
        reason = Reason("finding.no-rule-on-file", slots, (), (seen.id,))
        result.findings.append(Finding("no-rule-on-file", seen.at, seen.id, reason))
        return
    if told is None:
        reason = Reason("finding.not-told", (("colour", f"standing.{seen.colour}"),), ground.clauses, (seen.id,))
        result.findings.append(Finding("not-told", seen.at, seen.id, reason))
        return
    for receiver in ground.to:
        met = next(
            (fact for fact in read.of(Reported) if fact.what == "code" and fact.to == receiver and fact.at >= told.at),
            None,
        )
        due = None if ground.hours is None else Instant(told.at + ground.hours * HOUR_S)
        slots = (("to", f"to.{receiver}"), ("colour", f"standing.{seen.colour}"))
        facts = (seen.id, told.id, *(fact.id for fact in ground.facts))
        reason = Reason("duty.report-code", slots, ground.clauses, facts)
        result.duties.append(owed(f"report-code-{receiver}", Holder.PERSON, receiver, told.at, due, reason, met))


def _report_rule(read: Read, seen: CodeSeen, book: PolicyBook) -> Ground | None:
    on_file = [
        fact for fact in read.of(RuleOnFile) if fact.rule == REPORT_CODE_RULE and fact.at <= seen.at < fact.until
    ]
    value = book.maybe("standing.report_duty", area=read.area, on=local_day(seen.at, read.zone))
    if value is not None:
        duty: ReportDuty = value.value
        to = tuple(str(receiver) for receiver in duty.to)
        return Ground(tuple(dict.fromkeys((*to, *_units(on_file)))), duty.hours, (clause_of(value),), tuple(on_file))
    if on_file:
        return Ground(("community", "unit"), None, (), tuple(on_file))
    return None


def _units(on_file: list[RuleOnFile]) -> tuple[str, ...]:
    return ("unit",) if on_file else ()


def _absence(read: Read, day: Attendance, result: OfficeDuties) -> None:
    span = day_span(local_day(day.at, read.zone), read.zone)
    leave = [fact for fact in read.of(LeaveRecorded) if Interval(fact.start, fact.end).meets(span)]
    if leave:
        return
    rules = [fact for fact in read.of(RuleOnFile) if fact.rule == LEAVE_RULE and fact.at <= day.at < fact.until]
    if not rules:
        reason = Reason("finding.no-rule-on-file", (("colour", None), ("rule", f"rule.{LEAVE_RULE}")), (), (day.id,))
        result.findings.append(Finding("no-rule-on-file", day.recorded_at, day.id, reason))
        return
    facts = (day.id, *(fact.id for fact in rules))
    reason = Reason("finding.absence-without-leave", (("day", span.start),), (), facts)
    result.findings.append(Finding("absence-without-leave", day.recorded_at, day.id, reason))
    ask = Reason("duty.ask-explanation", (("day", span.start),), (), facts)
    asked = next((fact for fact in read.of(Told) if fact.what == "explain-absence" and fact.about == day.id), None)
    result.duties.append(owed("ask-explanation", Holder.UNIT, read.subject, day.recorded_at, None, ask, asked))
    if asked is not None:
        answer = next((fact for fact in read.of(Reported) if fact.what == "explanation" and fact.at >= asked.at), None)
        explain = Reason("duty.explain-absence", (("day", span.start),), (), (*facts, asked.id))
        result.duties.append(owed("explain-absence", Holder.PERSON, "unit", asked.at, None, explain, answer))


def _relay(read: Read, report: Reported) -> Duty:
    """Who receives a report owes its relay to the community; met by a report of the same thing there."""
    met = next(
        (
            fact
            for fact in read.of(Reported)
            if fact.what == report.what and fact.to == "community" and fact.at >= report.at
        ),
        None,
    )
    reason = Reason("duty.relay", (("what", f"report.{report.what}"),), (), (report.id,))
    return owed("relay-report", Holder.UNIT, "community", report.at, None, reason, met)
