"""Tests and releases that a course owes: one duty per test day and per phase that holds somebody.

A test is owed from the day it falls on, or from when the course binds if that is later; days that were over by then are
not owed. It is met by samples on the day, met late by samples before the next test is due. What the office left undone
stays overdue; where the person refused, the office is free of it. Nothing here prolongs a course.
"""

from __future__ import annotations

from typing import NamedTuple

from sizao.facts.kinds import FactId, Test, TestRefused
from sizao.policy.kinds import Holder
from sizao.rules.dossier import Read
from sizao.rules.owed import What, owed
from sizao.rules.plans import CoursePlan, TestDay
from sizao.rules.reasons import Reason
from sizao.rules.timeline import Duty, State
from sizao.when import Instant

BY_AREA = Holder.AREA

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
    plan, start, end, eased, facts, others = held
    duties = []
    tests, owed_to = read.tests, read.subject
    refused = read.of(TestRefused)
    place, count = 0, len(tests)
    for day in plan.tests:
        opens, closes, until, central, holder, needs, single, _, why, slots, clauses = day
        if closes <= start or opens >= end:
            continue
        since = opens if opens > start else start
        if (eased is not None and central and since >= eased) or (others and not held.governs(since)):
            continue
        # Days and samples are both in order of time: the first sample since the day began is looked for from the last one on.
        while place < count and tests[place].at < opens:
            place += 1
        met = tests[place] if place < count and tests[place].at < until else None
        if met is not None and (needs > 1 or (single and met.pooled)):
            met = _sampled(tests, day)
        met_at = met_by = ended_at = ended_as = None
        if met is not None:
            met_at, met_by = met.at if met.at > since else since, met.id
        elif refused or end < closes:
            ended_at, ended_as = _ended(refused, day, end)
        reason = make(Reason, (why, slots, clauses, facts, ()))
        duties.append(
            make(Duty, (code, holder, owed_to, since, closes - 1, met_at, met_by, ended_at, ended_as, reason))
        )
    return duties


def _sampled(tests: list[Test], day: TestDay) -> Test | None:
    """The sample with which the day's number of distinct samples of the right kind was reached."""
    samples = set()
    for test in tests:
        if day.opens <= test.at < day.until and not (day.single and test.pooled):
            samples.add(test.sample)
            if len(samples) == day.needs:
                return test
    return None


def _ended(refused: list[TestRefused], day: TestDay, end: Instant) -> tuple[Instant | None, State | None]:
    """By the person's refusal, or with the course; else not at all."""
    for fact in refused:
        if day.opens <= fact.at < day.until:
            return fact.at, State.WAIVED
    return (end, State.VOID) if end < day.closes else (None, None)


def release_duties(read: Read, held: Held, code: str | None = None) -> list[Duty]:
    """One duty for each phase that holds the person and ends while the plan governs; `code` names it where the plan
    does not."""
    plan, start, end, eased, facts, others = held
    duties = []
    released = read.releases
    for named, begins, opens, due, settings, slots in plan.releases:
        if due <= start or due > end or (eased is not None and eased < due):
            continue
        since = opens if opens > start else start
        if others and not held.governs(since):
            continue
        reason = make(Reason, ("duty.release", slots, (plan.clause,), facts, ()))
        met, earliest = None, begins if begins > start else start
        for fact in released:
            if fact.at >= earliest and fact.setting in settings:
                met = fact
                break
        duties.append(owed(make(What, (code or named, BY_AREA, read.subject)), since, due, reason, met))
    return duties
