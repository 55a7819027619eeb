"""An area's own timeline: the levels an authority gave it, and where they, or an order over it, outlast what the rule
supports.

Software proposes a level by the formula; the authority decides. What is checked is the limit on authority: control of
an area held longer than the rule (the third of the nine prohibitions), or over an area that has no level that supports
it (the first).
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sizao.facts.kinds import AreaRated, CaseNotice, FactId, Order
from sizao.policy.book import PolicyBook
from sizao.policy.kinds import Level
from sizao.policy.values import Downgrade, LevelRule, ZoneRule
from sizao.rules.dossier import Read
from sizao.rules.prohibitions import LimitCheck, prohibition
from sizao.rules.reasons import Clause, Reason, Slots, clause_of
from sizao.rules.timeline import Finding, LevelSpan, Timeline
from sizao.when import OPEN, Instant, days_after

BURDENING = frozenset({Level.MEDIUM, Level.HIGH, Level.SEALED, Level.CONTROLLED})
AREA_CONTROL = "area_control"


class Supported(NamedTuple):
    """After how many days without a new case a level is no longer supported, and by which clause."""

    days: int
    clause: Clause


def conclude_area(read: Read) -> Timeline:
    """Levels follow each other; the last one holds until its own end. Area timelines are joined to people's when read."""
    ratings = read.of(AreaRated)
    levels: list[LevelSpan] = []
    findings: list[Finding] = []
    for place, rating in enumerate(ratings):
        following = ratings[place + 1].at if place + 1 < len(ratings) else OPEN
        end = Instant(min(rating.until, following))
        slots = (("level", f"level.{rating.level}"), ("by", rating.by))
        if rating.at < end:
            levels.append(LevelSpan(rating.at, end, rating.level, Reason("area.rated", slots, (), (rating.id,))))
        before = ratings[place - 1].level if place else None
        findings += _too_long(read, rating, end, before)
    for order in read.orders:
        if order.orders == AREA_CONTROL:
            findings += _order(read, order, levels)
    findings.sort(key=lambda finding: (finding.at, finding.code, finding.about or ""))
    return Timeline(read.subject, read.known_at, read.book.digest, (), (), (), tuple(findings), tuple(levels))


def _too_long(read: Read, rating: AreaRated, end: Instant, before: str | None) -> list[Finding]:
    """A finding from the first day on which the rule no longer supports a level that went on."""
    if rating.level not in BURDENING:
        return []
    supported = days_supported(read.book, read.area, read.day(rating.at), (rating.level, before))
    if supported is None:
        return []
    limit, facts = _supported_until(read, rating, supported.days, end)
    if end <= limit or read.known_at <= limit:
        return []
    item = prohibition(read.book, LimitCheck.AREA_LONGER_THAN_RULE, read.area, read.day(limit))
    slots: Slots = (("level", f"level.{rating.level}"), ("days", supported.days), ("limit", limit), ("until", end))
    reason = Reason("finding.area-longer-than-rule", slots, (supported.clause, *item), facts)
    return [Finding("area-longer-than-rule", limit, rating.id, reason)]


def _supported_until(read: Read, rating: AreaRated, days: int, end: Instant) -> tuple[Instant, tuple[FactId, ...]]:
    """So many whole days after the last case before the rating (or after the rating), renewed by each case in time."""
    cases = [notice for notice in read.of(CaseNotice) if notice.at < end]
    before = [notice for notice in cases if notice.at <= rating.at]
    last = before[-1].at if before else rating.at
    facts = [rating.id, *(notice.id for notice in before[-1:])]
    limit = max(days_after(last, days + 1, read.zone), rating.at)
    for notice in cases:
        if rating.at < notice.at <= limit:
            limit = max(limit, days_after(notice.at, days + 1, read.zone))
            facts.append(notice.id)
    return Instant(limit), tuple(facts)


def _order(read: Read, order: Order, levels: list[LevelSpan]) -> list[Finding]:
    on = read.day(order.at)
    under = [span for span in levels if span.level in BURDENING and span.start <= order.start < span.end]
    slots: Slots = (("body", order.body), ("officer", order.officer), ("until", order.until))
    if not under:
        clauses = prohibition(read.book, LimitCheck.AREA_WIDER_THAN_RULE, read.area, on)
        reason = Reason("finding.area-order-without-level", slots, clauses, (order.id,))
        return [Finding("area-order-without-level", order.at, order.id, reason)]
    limit = _burdened_until(under[0], levels)
    if order.until <= limit:
        return []
    clauses = prohibition(read.book, LimitCheck.AREA_LONGER_THAN_RULE, read.area, on)
    facts = (order.id, *under[0].reason.facts)
    reason = Reason("finding.area-order-longer-than-level", (*slots, ("limit", limit)), clauses, facts)
    return [Finding("area-order-longer-than-level", order.at, order.id, reason)]


def _burdened_until(first: LevelSpan, levels: list[LevelSpan]) -> Instant:
    """The end of the unbroken run of levels that support control."""
    end = first.end
    for span in levels:
        if span.start == end and span.level in BURDENING:
            end = span.end
    return end


@lru_cache(maxsize=4096)
def days_supported(book: PolicyBook, area: str, on: date, levels: tuple[str, str | None]) -> Supported | None:
    """By the rule of downgrading (a level that had fallen from another has its own days), of the level, or of the zone."""
    level, before = levels
    return (
        _downgraded(book, area, on, (level, before)) or _rated(book, area, on, level) or _zoned(book, area, on, level)
    )


def _downgraded(book: PolicyBook, area: str, on: date, levels: tuple[str, str | None]) -> Supported | None:
    level, before = levels
    value = book.maybe("area.rating.downgrade", area=area, on=on)
    steps: tuple[Downgrade, ...] = () if value is None else value.value
    fitting = [step for step in steps if step.level == level and step.after in (None, before)]
    fitting.sort(key=lambda step: step.after is None)
    return Supported(fitting[0].days_without_new, clause_of(value)) if fitting and value is not None else None


def _rated(book: PolicyBook, area: str, on: date, level: str) -> Supported | None:
    value = book.maybe("area.rating.levels", area=area, on=on)
    rules: tuple[LevelRule, ...] = () if value is None else value.value
    for rule in rules:
        if rule.level == level and rule.new_case_within_days is not None and value is not None:
            return Supported(rule.new_case_within_days, clause_of(value))
    return None


def _zoned(book: PolicyBook, area: str, on: date, level: str) -> Supported | None:
    value = book.maybe("area.zones", area=area, on=on)
    rules: tuple[ZoneRule, ...] = () if value is None else value.value
    for rule in rules:
        days = None if rule.release is None else rule.release.days_without_new
        if rule.zone == level and days is not None and value is not None:
            return Supported(days, clause_of(value))
    return None
