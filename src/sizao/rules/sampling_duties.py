"""Tests and releases that a course owes: one duty per test day and per phase that holds somebody.

A test is owed from the day it falls on, or from when the course binds if that is later; days that were over by then are
not owed. It is met by samples on the day, met late by samples before the next test is due. What the office left undone
stays overdue; where the person refused, the office is free of it. Nothing here prolongs a course.
"""

from __future__ import annotations

from typing import NamedTuple

from sizao.facts.kinds import FactId, Released, Test, TestRefused
from sizao.policy.kinds import Holder
from sizao.rules.dossier import Read
from sizao.rules.owed import Ended, What, owed
from sizao.rules.plans import CoursePlan, ReleaseDay, TestDay
from sizao.rules.reasons import Reason
from sizao.rules.timeline import Duty, State
from sizao.when import Instant

make = tuple.__new__


class Held(NamedTuple):
    """A plan that holds a person in `[start, end)`, and the facts that say why; `eased_at`: central isolation ended
    early.

    `others`: stretches in which a graver or longer plan of the same person governs, so that nothing is owed twice.
    """

    plan: CoursePlan
    start: Instant
    end: Instant
    eased_at: Instant | None
    facts: tuple[FactId, ...]
    others: tuple[tuple[Instant, Instant], ...]

    def governs(self, moment: Instant) -> bool:
        """True when no other plan of the person takes its place at that moment."""
        return not any(start <= moment < end for start, end in self.others)


def test_duties(read: Read, held: Held, code: str) -> list[Duty]:
    """One duty for each test day on which the plan governs."""
    duties = []
    tests = read.of(Test)
    refused = read.of(TestRefused)
    start, end, eased, owed_to = held.start, held.end, held.eased_at, read.subject
    for day in held.plan.tests:
        if day.closes <= start:
            continue
        since = day.opens if day.opens > start else start
        if since >= end or (eased is not None and day.central and since >= eased):
            continue
        if held.others and not held.governs(since):
            continue
        met = _sampled(tests, day)
        reason = make(Reason, (day.code, day.slots, day.clauses, held.facts, ()))
        due = Instant(day.closes - 1)
        ended = None
        if met is None and (refused or end < day.closes):
            ended = _ended(refused, day, end)
        duties.append(owed(make(What, (code, day.holder, owed_to)), since, due, reason, met, ended=ended))
    return duties


def _sampled(tests: list[Test], day: TestDay) -> Test | None:
    """The sample with which the day's number of distinct samples was reached."""
    opens, until = day.opens, day.until
    if day.needs == 1:
        for test in tests:
            if opens <= test.at < until and not (day.single and test.pooled):
                return test
        return None
    samples = set()
    for test in tests:
        if opens <= test.at < until and not (day.single and test.pooled):
            samples.add(test.sample)
            if len(samples) == day.needs:
                return test
    return None


def _ended(refused: list[TestRefused], day: TestDay, end: Instant) -> Ended | None:
    for fact in refused:
        if day.opens <= fact.at < day.until:
            return Ended(fact.at, State.WAIVED)
    return Ended(end, State.VOID) if end < day.closes else None


def release_duties(read: Read, held: Held, code: str | None = None) -> list[Duty]:
    """One duty for each phase that holds the person and ends while the plan governs; `code` names it where the plan
    does not."""
    duties = []
    released = read.of(Released)
    for day in held.plan.releases:
        if day.due <= held.start or day.due > held.end or (held.eased_at is not None and held.eased_at < day.due):
            continue
        since = day.opens if day.opens > held.start else held.start
        if held.others and not held.governs(since):
            continue
        reason = make(Reason, ("duty.release", day.slots, (held.plan.clause,), held.facts, ()))
        what = make(What, (code or day.code, Holder.AREA, read.subject))
        duties.append(owed(what, since, day.due, reason, _released(released, day, held.start)))
    return duties


def _released(released: list[Released], day: ReleaseDay, start: Instant) -> Released | None:
    since = day.starts if day.starts > start else start
    for fact in released:
        if fact.at >= since and fact.setting in day.settings:
            return fact
    return None
