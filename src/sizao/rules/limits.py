"""Limits on authority: an order longer or wider than the rule, or without any ground, is a finding for the supervisor.

Nothing here lifts an order; it is said, with the order, the rule it exceeds, and the prohibition in force that day if
there is one. The nine prohibitions are cited only where and while they are in force; the course an order goes beyond is
always there.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sizao.facts.kinds import AreaRated, Order, Result, Test
from sizao.policy.book import PolicyBook
from sizao.policy.kinds import CareKind, Level
from sizao.policy.kinds import Setting as CourseSetting
from sizao.policy.offices import Body
from sizao.policy.values import Discharge
from sizao.rules.dossier import Read
from sizao.rules.grounds import Care, Grounds
from sizao.rules.phases import PhasePlan
from sizao.rules.prohibitions import LimitCheck, prohibition
from sizao.rules.reasons import Clause, Reason, clause_of
from sizao.rules.samples import settled
from sizao.rules.timeline import Finding
from sizao.when import HOUR_S, OPEN, Instant

STRICTNESS = {"health_monitoring": 1, "home_isolation": 2, "central_isolation": 3}
ALLOWS = {
    CareKind.SELF_MONITORING: 0,
    CareKind.HEALTH_MONITORING: 1,
    CareKind.EXCLUSION: 1,
    CareKind.HOME_ISOLATION: 2,
    CareKind.ISOLATION: 2,
    CareKind.TREATMENT: 3,
}
ANYWHERE = (CourseSetting.CENTRAL, CourseSetting.HOME_OR_CENTRAL, CourseSetting.HOSPITAL)
BODIES = frozenset(str(body) for body in Body)


class Support(NamedTuple):
    """What may carry an order in `[start, end)`: a course with its phases, a preliminary grade, or what follows
    discharge."""

    start: Instant
    end: Instant
    phases: tuple[PhasePlan, ...]
    clauses: tuple[Clause, ...]


def limits_on_orders(read: Read, found: Grounds) -> list[Finding]:
    """Findings on every order that confines the person, and on a discharge without the tests the rule asks for."""
    orders = [order for order in read.of(Order) if order.orders in STRICTNESS]
    if not orders and not found.cares:
        return []
    findings: list[Finding] = []
    supports = _supports(found) if orders else []
    for order in orders:
        findings += _who_decided(read, order)
        if not any(care.start <= order.until and order.start < care.end for care in found.cares):
            findings += _check(read, order, supports)
    for care in found.cares:
        findings += _discharged_untested(read, care)
    return findings


def _supports(found: Grounds) -> list[Support]:
    bound = [
        Support(course.start, course.plan.end, course.plan.phases, (course.plan.clause,)) for course in found.courses
    ]
    # A preliminary grade carries what its plan would ask for, until it lapses; whoever orders on it answers for what comes after.
    lapsing = [
        Support(match.since, match.until, (), match.reason.clauses)
        for match in found.matches
        if match.since < match.until
    ]
    after = [Support(each.start, each.plan.end, each.plan.phases, (each.plan.clause,)) for each in found.follow_ups]
    return [*bound, *lapsing, *after]


def _check(read: Read, order: Order, supports: list[Support]) -> list[Finding]:
    on = read.day(order.at)
    covering = [each for each in supports if each.start <= order.until and order.start < each.end]
    if not covering:
        check = LimitCheck.LOW_RISK_CONFINED if _from_low_risk(read, order) else LimitCheck.PERSONS_WIDER_THAN_RULE
        return [_finding("order-without-ground", order, prohibition(read.book, check, read.area, on))]
    latest = max(covering, key=lambda each: each.end)
    findings = []
    if order.until > latest.end and latest.end < OPEN:
        item = prohibition(read.book, LimitCheck.PERSON_LONGER_THAN_RULE, read.area, on)
        findings.append(_finding("order-longer-than-rule", order, (*latest.clauses, *item), limit=latest.end))
    if STRICTNESS[order.orders] > max(_allowed(each, order) for each in covering):
        item = prohibition(read.book, LimitCheck.PERSONS_WIDER_THAN_RULE, read.area, on)
        findings.append(_finding("order-wider-than-rule", order, (*latest.clauses, *item)))
    return findings


def _allowed(support: Support, order: Order) -> int:
    """The strictest measure the rule names for any phase that is not over when the order begins."""
    if not support.phases:
        return max(STRICTNESS.values())
    ahead = [phase for phase in support.phases if phase.end > order.start]
    return max((_strictness(phase) for phase in ahead), default=0)


def _strictness(phase: PhasePlan) -> int:
    confines = phase.care in (CareKind.ISOLATION, CareKind.HOME_ISOLATION)
    return 3 if confines and phase.setting in ANYWHERE else ALLOWS[phase.care]


def _from_low_risk(read: Read, order: Order) -> bool:
    """True when the order names the area the person came from, and that area's rating at that time was low."""
    rated = [fact for fact in read.of(AreaRated) if fact.area == order.area and fact.at <= order.at < fact.until]
    return bool(rated) and rated[-1].level == Level.LOW


def _who_decided(read: Read, order: Order) -> list[Finding]:
    """An order needs a body, an officer, an article and reasons; where the body is one of those the law tells apart,
    the right one."""
    if not (order.body and order.officer and order.article and order.reasons):
        return [_finding("order-incomplete", order, ())]
    decides = competent(read.book, read.area, read.day(order.at))
    if decides is not None and order.body in BODIES and order.body not in decides.bodies:
        return [_finding("order-by-other-body", order, decides.clauses)]
    return []


class Competence(NamedTuple):
    """Which bodies may order a contact's isolation, by which clause."""

    bodies: frozenset[str]
    clauses: tuple[Clause, ...]


@lru_cache(maxsize=4096)
def competent(book: PolicyBook, area: str, on: date) -> Competence | None:
    """None where no rule on file says who decides."""
    value = book.maybe("authority.isolate_contact", area=area, on=on)
    if value is None:
        return None
    return Competence(frozenset({str(value.value.decides), str(Body.MEDICAL_INSTITUTION)}), (clause_of(value),))


def _discharged_untested(read: Read, care: Care) -> list[Finding]:
    """The record lacks the negative tests the rule asks for before discharge. Where the rule goes by Ct values, facts
    do not tell."""
    released = care.discharged
    if released is None:
        return []
    value = read.book.maybe("discharge", area=read.area, on=read.day(released.at))
    if value is None or value.value.ct_at_least is not None:
        return []
    rule: Discharge = value.value
    apart_s = (rule.apart_h or 0) * HOUR_S
    counted: list[Test] = []
    for test in settled(read.of(Test)):
        mine = care.notice.at <= test.at <= released.at and not test.pooled and test.result is Result.NEGATIVE
        if mine and (not counted or test.at - counted[-1].at >= apart_s):
            counted.append(test)
    if len(counted) >= rule.tests:
        return []
    slots = (("tests", rule.tests), ("apart", rule.apart_h), ("found", len(counted)), ("on", released.at))
    reason = Reason("finding.discharged-untested", slots, (clause_of(value),), (released.id,))
    return [Finding("discharged-untested", released.at, released.id, reason)]


def _finding(code: str, order: Order, clauses: tuple[Clause, ...], *, limit: Instant | None = None) -> Finding:
    slots = (
        ("orders", f"order.{order.orders}"),
        ("body", order.body),
        ("officer", order.officer),
        ("until", order.until),
        ("limit", limit),
    )
    return Finding(code, order.at, order.id, Reason(f"finding.{code}", slots, clauses, (order.id,)))
