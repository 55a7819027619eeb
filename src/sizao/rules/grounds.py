"""What exposures and notices come to, before standings and duties are worked out: the shapes shared by the files that
find them.

A ground starts when the fact it rests on was recorded (nobody is coded backwards) and ends where the rule says, whoever
forgets to lift it.
"""

from __future__ import annotations

from typing import NamedTuple

from sizao.facts.kinds import CaseNotice, Confirmed, Exposure, Grade, Released
from sizao.rules.plans import CoursePlan
from sizao.rules.reasons import Reason, Standing
from sizao.rules.timeline import Finding, GradeSpan
from sizao.when import Instant


class GroundSpan(NamedTuple):
    """What gives a standing in `[start, end)`."""

    start: Instant
    end: Instant
    standing: Standing
    preliminary: bool
    reason: Reason


class Plain(NamedTuple):
    """What holds in `[start, end)` where no ground gives a colour: green, or unknown with its reason."""

    start: Instant
    end: Instant
    standing: Standing
    reason: Reason


class Course(NamedTuple):
    """A course that binds a contact in `[start, end)`, because of a named person's confirmation or judgement.

    `judged_at`: when that was made, which starts the offices' clocks. `end` comes before the plan's when a body
    released the person or he became a case. `eased_at`: an early release from central isolation. `results_missing`: the
    close contact's first results.
    """

    exposure: Exposure
    grade: Grade
    plan: CoursePlan
    start: Instant
    end: Instant
    judged_at: Instant
    eased_at: Instant | None
    results_missing: bool
    reason: Reason


class Match(NamedTuple):
    """A grade that rests on a match: preliminary in `[since, until)`, to be confirmed by `due`. `about` names its
    grade."""

    exposure: Exposure
    grade: Grade
    since: Instant
    until: Instant
    due: Instant
    confirmed: Confirmed | None
    reason: Reason


class Care(NamedTuple):
    """An infected person's care in `[start, end)`; `discharged` ended it, else the rule or the lack of news did."""

    notice: CaseNotice
    start: Instant
    end: Instant
    discharged: Released | None
    reason: Reason


class FollowUp(NamedTuple):
    """What the rule asks for after discharge, in `[start, end)`."""

    released: Released
    plan: CoursePlan
    start: Instant
    end: Instant
    reason: Reason


class Grounds(NamedTuple):
    """Everything found so far about one person; the finders append to its lists."""

    grades: list[GradeSpan]
    spans: list[GroundSpan]
    courses: list[Course]
    matches: list[Match]
    cares: list[Care]
    follow_ups: list[FollowUp]
    unverified: list[Exposure]
    unsettled: list[Plain]
    findings: list[Finding]


def nothing_yet() -> Grounds:
    """No ground at all."""
    return tuple.__new__(Grounds, ([], [], [], [], [], [], [], [], []))


def cut_by_care(cares: list[Care], start: Instant, end: Instant) -> Instant:
    """Where a contact's stretch ends because he is a case himself; `start` when he was one before it began."""
    for care in cares:
        if care.start < end and start < care.end:
            end = max(start, care.start)
    return end
