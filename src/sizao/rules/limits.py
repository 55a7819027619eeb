"""Limits on authority: an order longer or wider than the rule, or without any ground, is a finding for the supervisor.

Nothing here lifts an order; it is said, with the order, the rule it exceeds, and the prohibition in force that day if
there is one. The nine prohibitions are cited only where and while they are in force; the course an order goes beyond is
always there.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from operator import itemgetter
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

make = tuple.__new__
_BY_END = itemgetter(1)

STRICTNESS = {"health_monitoring": 1, "home_isolation": 2, "central_isolation": 3}
STRICTEST = 3
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
    findings: list[Finding] = []
    supports: list[Support] | None = None
    for order in read.orders:
        if order.orders in STRICTNESS:
            supports = _supports(found) if supports is None else supports
            findings += _who_decided(read, order)
            if not found.cares or not _infected_then(found.cares, order):
                findings += _check(read, order, supports)
    for care in found.cares:
        findings += _discharged_untested(read, care)
    return findings


def _infected_then(cares: list[Care], order: Order) -> bool:
    """Whoever is infected is in care; what is ordered for him is no matter of contacts' courses."""
    return any(care.start <= order.until and order.start < care.end for care in cares)


def _supports(found: Grounds) -> list[Support]:
    """Courses; preliminary grades, which carry what their plan would ask for until they lapse; what follows discharge."""
    courses, matches, follow_ups = found.courses, found.matches, found.follow_ups
    supports = [make(Support, (one.start, one.plan.end, one.plan.phases, (one.plan.clause,))) for one in courses]
    supports += [make(Support, (one.since, one.until, (), one.reason.clauses)) for one in matches]
    if follow_ups:
        supports += [Support(one.start, one.plan.end, one.plan.phases, (one.plan.clause,)) for one in follow_ups]
    return supports


def _check(read: Read, order: Order, supports: list[Support]) -> list[Finding]:
    start, until = order.start, order.until
    covering = [each for each in supports if each.start <= until and start < each.end]
    if not covering:
        on = read.day(order.at)
        check = LimitCheck.LOW_RISK_CONFINED if _from_low_risk(read, order) else LimitCheck.PERSONS_WIDER_THAN_RULE
        return [_finding("order-without-ground", order, prohibition(read.book, check, read.area, on))]
    latest = max(covering, key=_BY_END)
    findings = []
    if until > latest.end and latest.end < OPEN:
        item = prohibition(read.book, LimitCheck.PERSON_LONGER_THAN_RULE, read.area, read.day(order.at))
        findings.append(_finding("order-longer-than-rule", order, (*latest.clauses, *item), limit=latest.end))
    if STRICTNESS[order.orders] > max([_allowed(each, start) for each in covering]):
        item = prohibition(read.book, LimitCheck.PERSONS_WIDER_THAN_RULE, read.area, read.day(order.at))
        findings.append(_finding("order-wider-than-rule", order, (*latest.clauses, *item)))
    return findings


def _allowed(support: Support, start: Instant) -> int:
    """The strictest measure the rule names for any phase that is not over when the order begins."""
    if not support.phases:
        return STRICTEST
    allowed = 0
    for phase in support.phases:
        if phase.end > start:
            strictness = _strictness(phase.written.kind, phase.written.setting)
            allowed = strictness if strictness > allowed else allowed
    return allowed


@lru_cache(maxsize=64)
def _strictness(care: CareKind, setting: CourseSetting) -> int:
    confines = care in (CareKind.ISOLATION, CareKind.HOME_ISOLATION)
    return STRICTEST if confines and setting in ANYWHERE else ALLOWS[care]


def _from_low_risk(read: Read, order: Order) -> bool:
    """True when the order names the area the person came from, and that area's rating at that time was low."""
    rated = [fact for fact in read.of(AreaRated) if fact.area == order.area and fact.at <= order.at < fact.until]
    return bool(rated) and rated[-1].level == Level.LOW


def _who_decided(read: Read, order: Order) -> list[Finding]:
    """An order needs a body, an officer, an article and reasons; where the body is one of those the law tells apart,
    the right one."""
    if not (order.body and order.officer and order.article and order.reasons):
        return [_finding("order-incomplete", order, ())]
    if order.body not in BODIES:
        return []
    decides = competent(read.book, read.area, read.day(order.at))
    if decides is None or order.body in decides.bodies:
        return []
    return [_finding("order-by-other-body", order, decides.clauses)]


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
    for test in settled(read.tests):
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
