"""Deadlines between two events, as packs write them: so many hours, owed by whom, from what, met by what.

The clocks of a case run once for each time the person falls ill: from the first event that starts them until discharge,
after which a new positive result starts them again. They run where the case was reported; another city's case starts
none here. A positive result of one's own sample is a diagnosis to report (2 h), whether or not a notice follows.
"""

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
    Left,
    Released,
    Reported,
    Setting,
    Test,
)
from sizao.policy.book import PolicyBook
from sizao.policy.kinds import Event, Holder
from sizao.policy.values import Deadline
from sizao.rules.dossier import Read
from sizao.rules.reasons import Reason, clause_of
from sizao.rules.samples import settled, shows_infection
from sizao.rules.timeline import Duty
from sizao.when import HOUR_S, Instant


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
LAB_DEADLINES = {"deadline.single_tube_result": False, "deadline.pooled_result": True}
"""Clocks that run for each sample by itself, and whether it is a pooled one."""

EVENTS = frozenset(str(event) for event in Event)
EACH_TIME = frozenset({Event.REQUEST_RECEIVED, Event.CODE_TURNED, Event.CONDITION_MET, Event.EVENT_FOUND})
"""Every one of these starts its clocks again; the others run once from illness to discharge."""


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
def deadlines_from(book: PolicyBook, starts: Event, area: str, on: date) -> tuple[DeadlineRule, ...]:
    """All deadlines in force that such an event starts (those of contacts are with the contact's grade, those of
    samples below)."""
    apart = (*CONTACT_DEADLINES, *LAB_DEADLINES)
    keys = sorted(key for key in frozenset(book.keys()) if key.startswith("deadline.") and key not in apart)
    rules = [deadline_for(book, key, area, on) for key in keys]
    return tuple(rule for rule in rules if rule is not None and rule.starts is starts)


def case_duties(read: Read) -> list[Duty]:
    """The clocks of a case, of a request for help and of a sample: for each event that starts one, met by the first
    that ends it."""
    duties = _lab_duties(read)
    if not _concerned(read):
        return duties
    happened = events_of(read)
    for event, moments in happened.items():
        for start in _starting(read, event, moments):
            for rule in deadlines_from(read.book, event, read.area, read.day(start.at)):
                duties.append(_duty(read, rule, start, happened.get(rule.met_by, [])))
    return duties


def _concerned(read: Read) -> bool:
    """True when something in the dossier may start a clock. Cheap, because most dossiers are of contacts who stay well."""
    by_kind = read.by_kind
    if CaseNotice in by_kind and any(_ours(notice, read.area) for notice in read.of(CaseNotice)):
        return True
    for fact in read.of(Reported):
        if fact.what in EVENTS:
            return True
    return bool(read.positives) and CaseNotice not in by_kind


def _ours(notice: CaseNotice, area: str) -> bool:
    """A case reported by another division starts no clock here; an area that is no division code is taken as ours."""
    other = notice.reporting_area
    return not (other.isdigit() and area.isdigit()) or other.startswith(area) or area.startswith(other)


def events_of(read: Read) -> dict[Event, list[Happened]]:
    """What happened, by event, each list earliest first. A `reported` fact whose `what` is an event's name is that
    event."""
    found: dict[Event, list[Happened]] = {}
    for facts in read.by_kind.values():
        for fact in facts:
            if isinstance(fact, CaseNotice) and not _ours(fact, read.area):
                continue
            for event, moment in _events(fact):
                found.setdefault(event, []).append(Happened(moment, fact.id))
    for happened in found.values():
        happened.sort()
    return dict(sorted(found.items()))


def _events(fact: Fact) -> list[tuple[Event, Instant]]:
    if isinstance(fact, Test):
        return _test_events(fact)
    if isinstance(fact, CaseNotice):
        diagnosed = (Event.CASE_DIAGNOSED, fact.at)
        # Whoever is named as having reported the case had done so when the notice was recorded.
        return [diagnosed] if fact.reported_by is None else [diagnosed, (Event.CASE_REPORTED, fact.recorded_at)]
    if isinstance(fact, Admitted):
        event = Event.CASE_ADMITTED if fact.setting is Setting.HOSPITAL else Event.CONTACT_ISOLATED
        return [(event, fact.at)]
    if isinstance(fact, Confirmed) or (isinstance(fact, Exposure) and fact.how is How.JUDGED):
        return [(Event.CONTACT_JUDGED, fact.at if isinstance(fact, Confirmed) else fact.recorded_at)]
    if isinstance(fact, Reported) and fact.what in EVENTS:
        return [(Event(fact.what), fact.at)]
    return []


def _test_events(test: Test) -> list[tuple[Event, Instant]]:
    events = [(Event.SAMPLE_TAKEN, test.at)]
    if test.resulted_at is not None:
        events.append((Event.RESULT_GIVEN, test.resulted_at))
    if shows_infection(test):
        given = test.resulted_at if test.resulted_at is not None else test.recorded_at
        events.append((Event.CASE_DIAGNOSED, given))
    return events


def _starting(read: Read, event: Event, moments: list[Happened]) -> list[Happened]:
    """Every event that starts clocks anew: each one, or the first after each discharge."""
    if event in EACH_TIME:
        return moments
    ends = [fact.at for fact in read.of(Released) if fact.setting is Setting.HOSPITAL]
    starting: list[Happened] = []
    for moment in moments:
        if not starting or any(starting[-1].at < end <= moment.at for end in ends):
            starting.append(moment)
    return starting


def _duty(read: Read, rule: DeadlineRule, start: Happened, met_by: list[Happened]) -> Duty:
    met = next((event for event in met_by if event.at >= start.at), None)
    if rule.met_by is Event.CASE_ADMITTED:
        met = _in_hospital(read, start.at) or met
    reason = rule.reason._replace(facts=(start.fact,))
    met_at, met_fact = (None, None) if met is None else (met.at, met.fact)
    due = Instant(start.at + rule.seconds)
    return Duty(rule.name, str(rule.holder), read.subject, start.at, due, met_at, met_fact, None, None, reason)


def _in_hospital(read: Read, moment: Instant) -> Happened | None:
    """Whoever lies in hospital already need not be brought there."""
    for fact in read.of(Admitted):
        if fact.setting is Setting.HOSPITAL and fact.at <= moment:
            left = [*read.of(Released), *read.of(Left)]
            if not any(fact.at <= other.at <= moment for other in left):
                return Happened(moment, fact.id)
    return None


@lru_cache(maxsize=256)
def lab_clocks(book: PolicyBook) -> bool:
    """True when some pack of the book puts a clock on each sample."""
    return not frozenset(book.keys()).isdisjoint(LAB_DEADLINES)


def _lab_duties(read: Read) -> list[Duty]:
    """A result within so many hours of each sample, where a place has taken such a rule over."""
    if not lab_clocks(read.book):
        return []
    duties = []
    for test in settled(read.of(Test)):
        for key, pooled in LAB_DEADLINES.items():
            rule = deadline_for(read.book, key, read.area, read.day(test.at))
            if rule is not None and pooled is test.pooled:
                result = [] if test.resulted_at is None else [Happened(test.resulted_at, test.id)]
                duties.append(_duty(read, rule, Happened(test.at, test.id), result))
    return duties
