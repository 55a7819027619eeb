"""Limits on authority: an order longer or wider than the rule, or without any ground, is a finding for the supervisor.

Nothing here lifts an order; it is said, with the order, the rule it exceeds, and the prohibition in force that day if there is one.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sizao.facts.kinds import CaseNotice, Order, Setting
from sizao.policy.book import PolicyBook
from sizao.policy.kinds import Setting as CourseSetting
from sizao.rules.dossier import Read
from sizao.rules.grounds import Course, Grounds
from sizao.rules.prohibitions import LimitCheck, prohibition
from sizao.rules.reasons import Clause, Reason, clause_of
from sizao.rules.timeline import Finding
from sizao.when import OPEN, Instant, local_day

CONFINES = {"central_isolation": Setting.CENTRAL, "home_isolation": Setting.HOME, "health_monitoring": Setting.HOME}


class ExtensionLimit(NamedTuple):
    """How long an extension may be, and the clause that says so."""

    days: int
    clause: Clause


def longest_extension(book: PolicyBook, area: str, on: date) -> ExtensionLimit | None:
    """The most days an isolation may be extended; None when no rule on file allows an extension at all."""
    value = book.maybe("authority.extend_isolation", area=area, on=on)
    bound = None if value is None or value.value.max_key is None else book.maybe(value.value.max_key, area=area, on=on)
    if bound is None or not isinstance(bound.value, int):
        return None
    return ExtensionLimit(bound.value, clause_of(bound))


def limits_on_orders(read: Read, found: Grounds, book: PolicyBook) -> list[Finding]:
    """Findings on every order that confines the person."""
    findings: list[Finding] = []
    for order in read.of(Order):
        if order.orders in CONFINES:
            findings += _check(read, order, found, book)
    return findings


def _check(read: Read, order: Order, found: Grounds, book: PolicyBook) -> list[Finding]:
    on = local_day(order.at, read.zone)
    bound = [each for each in found.courses if each.binds_from is not None and each.binds_from <= order.until]
    covering = [each for each in bound if each.end > order.start]
    if not covering:
        if any(notice.recorded_at <= order.start for notice in read.of(CaseNotice)):
            return []
        check = LimitCheck.PERSONS_WIDER_THAN_RULE
        return [_finding("order-without-ground", order, (), prohibition(book, check, read.area, on))]
    latest = max(covering, key=lambda each: each.end)
    findings = []
    if order.until > latest.end and latest.end < OPEN:
        item = prohibition(book, LimitCheck.PERSON_LONGER_THAN_RULE, read.area, on)
        findings.append(_finding("order-longer-than-rule", order, _limit(latest), item, limit=latest.end))
    if CONFINES[order.orders] is Setting.CENTRAL and not _allows_central(covering, order):
        item = prohibition(book, LimitCheck.PERSONS_WIDER_THAN_RULE, read.area, on)
        findings.append(_finding("order-wider-than-rule", order, _limit(latest), item))
    return findings


def _allows_central(covering: list[Course], order: Order) -> bool:
    return any(
        phase.setting in (CourseSetting.CENTRAL, CourseSetting.HOME_OR_CENTRAL) and phase.end > order.start
        for course in covering
        if course.plan is not None
        for phase in course.plan.phases
    )


def _limit(course: Course) -> tuple[Clause, ...]:
    return () if course.plan is None else (course.plan.clause,)


def _finding(
    code: str, order: Order, rule: tuple[Clause, ...], item: tuple[Clause, ...], *, limit: Instant | None = None
) -> Finding:
    slots = (
        ("orders", f"order.{order.orders}"),
        ("body", order.body),
        ("officer", order.officer),
        ("until", order.until),
        ("limit", limit),
    )
    return Finding(code, order.at, order.id, Reason(f"finding.{code}", slots, (*rule, *item), (order.id,)))
