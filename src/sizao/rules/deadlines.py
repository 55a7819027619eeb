"""Deadlines between two events, as packs write them: so many hours, owed by whom, from what, met by what.

The clocks of a case run once for each time the person falls ill: from the first event that starts them until discharge,
after which a new positive result starts them again. They run where the case was reported; another city's case starts
none here. A positive result of one's own sample is a diagnosis to report (2 h), whether or not a notice follows.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sizao.facts.kinds import (
    CaseNotice,
    FactId,
    Left,
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

make = tuple.__new__


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

EVENTS = {str(event): event for event in Event}
CASE_DIAGNOSED, CASE_REPORTED, CASE_ADMITTED = Event.CASE_DIAGNOSED, Event.CASE_REPORTED, Event.CASE_ADMITTED
CONTACT_ISOLATED, SAMPLE_TAKEN, RESULT_GIVEN = Event.CONTACT_ISOLATED, Event.SAMPLE_TAKEN, Event.RESULT_GIVEN
HOSPITAL = Setting.HOSPITAL
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


@lru_cache(maxsize=256)
def starting_events(book: PolicyBook) -> tuple[Event, ...]:
    """The events that start some clock of the book's packs, in any area and on any day, sorted."""
    starts = {
        entry.value.starts
        for pack in book.packs
        for entry in pack.entries
        if entry.key.startswith("deadline.") and isinstance(entry.value, Deadline)
    }
    return tuple(sorted(starts))


def case_duties(read: Read) -> list[Duty]:
    """The clocks of a case, of a request for help and of a sample: for each event that starts one, met by the first
    that ends it."""
    duties = _lab_duties(read)
    if not _concerned(read):
        return duties
    happened = events_of(read)
    for event in starting_events(read.book):
        for start in _starting(read, event, happened.get(event, [])):
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
    found: defaultdict[Event, list[Happened]] = defaultdict(list)
    for test in read.tests:
        for event, moment in _test_events(test):
            found[event].append(Happened(moment, test.id))
    for notice in read.of(CaseNotice):
        if _ours(notice, read.area):
            found[CASE_DIAGNOSED].append(Happened(notice.at, notice.id))
            if notice.reported_by is not None:
                # Whoever is named as having reported the case had done so when the notice was recorded.
                found[CASE_REPORTED].append(Happened(notice.recorded_at, notice.id))
    for admitted in read.admissions:
        event = CASE_ADMITTED if admitted.setting is HOSPITAL else CONTACT_ISOLATED
        found[event].append(Happened(admitted.at, admitted.id))
    for told in read.of(Reported):
        if told.what in EVENTS:
            found[EVENTS[told.what]].append(Happened(told.at, told.id))
    for happened in found.values():
        if len(happened) > 1:
            happened.sort()
    return found


def _test_events(test: Test) -> list[tuple[Event, Instant]]:
    events = [(SAMPLE_TAKEN, test.at)]
    if test.resulted_at is not None:
        events.append((RESULT_GIVEN, test.resulted_at))
    if shows_infection(test):
        given = test.resulted_at if test.resulted_at is not None else test.recorded_at
        events.append((CASE_DIAGNOSED, given))
    return events


def _starting(read: Read, event: Event, moments: list[Happened]) -> list[Happened]:
    """Every event that starts clocks anew: each one, or the first after each discharge."""
    if event in EACH_TIME:
        return moments
    ends = [fact.at for fact in read.releases if fact.setting is HOSPITAL]
    starting: list[Happened] = []
    for moment in moments:
        if not starting or any(starting[-1].at < end <= moment.at for end in ends):
            starting.append(moment)
    return starting


def _duty(read: Read, rule: DeadlineRule, start: Happened, met_by: list[Happened]) -> Duty:
    met = None
    for event in met_by:
        if event.at >= start.at:
            met = event
            break
    if rule.met_by is CASE_ADMITTED:
        met = _in_hospital(read, start.at) or met
    code, slots, clauses, _, _ = rule.reason
    reason = make(Reason, (code, slots, clauses, (start.fact,), ()))
    met_at, met_fact = (None, None) if met is None else met
    due = start.at + rule.seconds
    return make(Duty, (rule.name, rule.holder, read.subject, start.at, due, met_at, met_fact, None, None, reason))


def _in_hospital(read: Read, moment: Instant) -> Happened | None:
    """Whoever lies in hospital already need not be brought there."""
    for fact in read.admissions:
        if fact.setting is HOSPITAL and fact.at <= moment:
            left = [*read.releases, *read.of(Left)]
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
    for test in settled(read.tests):
        for key, pooled in LAB_DEADLINES.items():
            rule = deadline_for(read.book, key, read.area, read.day(test.at))
            if rule is not None and pooled is test.pooled:
                result = [] if test.resulted_at is None else [Happened(test.resulted_at, test.id)]
                duties.append(_duty(read, rule, Happened(test.at, test.id), result))
    return duties
