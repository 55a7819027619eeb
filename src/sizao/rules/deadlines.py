"""Deadlines between two events, as packs write them: so many hours, owed by whom, from what, met by what."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sizao.facts.kinds import (
    Admitted,
    CaseNotice,
    Confirmed,
    Exposure,
    Fact,
    FactId,
    How,
    Reported,
    Result,
    Setting,
    Test,
)
from sizao.policy.book import PolicyBook
from sizao.policy.kinds import Event, Holder
from sizao.policy.values import Deadline
from sizao.rules.dossier import Read
from sizao.rules.reasons import Reason, clause_of
from sizao.rules.timeline import Duty
from sizao.when import HOUR_S, Instant, local_day


class DeadlineRule(NamedTuple):
    """One deadline in force, ready to apply."""

    name: str
    seconds: int
    holder: Holder
    starts: Event
    met_by: Event
    reason: Reason


class Happened(NamedTuple):
    """An event, when it happened, and the fact that shows it."""

    at: Instant
    fact: FactId


CONTACT_DEADLINES = ("deadline.close_to_central", "deadline.secondary_to_central")


@lru_cache(maxsize=4096)
def deadline_for(book: PolicyBook, key: str, area: str, on: date) -> DeadlineRule | None:
    """The deadline of that key in force in the area on that day; None when there is none on file."""
    value = book.maybe(key, area=area, on=on)
    if value is None:
        return None
    rule: Deadline = value.value
    name = key.removeprefix("deadline.")
    reason = Reason("duty.deadline", (("what", f"duty.{name}"), ("hours", rule.hours)), (clause_of(value),))
    return DeadlineRule(name, rule.hours * HOUR_S, rule.holder, rule.starts, rule.met_by, reason)


@lru_cache(maxsize=4096)
def case_deadlines(book: PolicyBook, area: str, on: date) -> tuple[DeadlineRule, ...]:
    """All deadlines in force that run on events of a case (those of contacts are with the contact's grade)."""
    keys = sorted(key for key in book.keys() if key.startswith("deadline.") and key not in CONTACT_DEADLINES)
    return tuple(rule for key in keys if (rule := deadline_for(book, key, area, on)) is not None)


def events_of(read: Read) -> dict[Event, list[Happened]]:
    """What happened, by event, each list earliest first. A `reported` fact whose `what` is an event's name is that event."""
    found: dict[Event, list[Happened]] = {}
    for facts in read.by_kind.values():
        for fact in facts:
            for event, moment in _events(fact):
                found.setdefault(event, []).append(Happened(moment, fact.id))
    for happened in found.values():
        happened.sort()
    return found


def _events(fact: Fact) -> list[tuple[Event, Instant]]:
    if isinstance(fact, Test):
        return _test_events(fact)
    if isinstance(fact, CaseNotice):
        return [(Event.CASE_DIAGNOSED, fact.at)]
    if isinstance(fact, Admitted):
        event = Event.CASE_ADMITTED if fact.setting is Setting.HOSPITAL else Event.CONTACT_ISOLATED
        return [(event, fact.at)]
    if isinstance(fact, Confirmed) or (isinstance(fact, Exposure) and fact.how is How.JUDGED):
        return [(Event.CONTACT_JUDGED, fact.at if isinstance(fact, Confirmed) else fact.recorded_at)]
    if isinstance(fact, Reported) and fact.what in EVENTS:
        return [(Event(fact.what), fact.at)]
    return []


EVENTS = frozenset(str(event) for event in Event)


def _test_events(test: Test) -> list[tuple[Event, Instant]]:
    events = [(Event.SAMPLE_TAKEN, test.at)]
    if test.resulted_at is not None:
        events.append((Event.RESULT_GIVEN, test.resulted_at))
        if test.result is Result.POSITIVE:
            events.append((Event.CASE_DIAGNOSED, test.resulted_at))
    return events


def case_duties(read: Read, book: PolicyBook) -> list[Duty]:
    """The clocks of a case and of a request for help: each deadline whose starting event happened, once."""
    notices = read.of(CaseNotice)
    if not notices and not any(fact.what in EVENTS for fact in read.of(Reported)):
        return []
    happened = events_of(read)
    first = min(moments[0].at for moments in happened.values())
    duties = []
    for rule in case_deadlines(book, read.area, local_day(first, read.zone)):
        starts = happened.get(rule.starts)
        if starts:
            duties.append(_deadline_duty(rule, starts[0], happened.get(rule.met_by, ()), read))
    return duties


def _deadline_duty(rule: DeadlineRule, start: Happened, met_by: list[Happened] | tuple[()], read: Read) -> Duty:
    met = next((event for event in met_by if event.at >= start.at), None)
    reason = rule.reason._replace(facts=(start.fact,))
    met_at, met_fact = (None, None) if met is None else (met.at, met.fact)
    due = Instant(start.at + rule.seconds)
    return Duty(rule.name, str(rule.holder), read.subject, start.at, due, met_at, met_fact, None, None, reason)
