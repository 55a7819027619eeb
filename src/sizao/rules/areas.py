"""An area's own timeline: the levels an authority gave it, and where they outlast what the rule in force supports.

Software proposes a level by the formula; the authority decides. What is checked is the limit on authority: control of an area held
longer than the rule (the third of the nine prohibitions).
"""

from __future__ import annotations

from datetime import date

from sizao.facts.kinds import AreaRated, CaseNotice, FactId
from sizao.policy.book import PolicyBook
from sizao.policy.kinds import Level
from sizao.policy.values import LevelRule
from sizao.rules.dossier import Read
from sizao.rules.prohibitions import LimitCheck, prohibition
from sizao.rules.reasons import Clause, Reason, clause_of
from sizao.rules.timeline import Finding, LevelSpan, Timeline
from sizao.when import OPEN, Instant, days_after, local_day

BURDENING = frozenset({Level.MEDIUM, Level.HIGH})


def conclude_area(read: Read, book: PolicyBook) -> Timeline:
    """Levels follow each other; the last one holds until its own end. Area timelines are joined to people's when read."""
    ratings = read.of(AreaRated)
    levels: list[LevelSpan] = []
    findings: list[Finding] = []
    for index, rating in enumerate(ratings):
        following = ratings[index + 1].at if index + 1 < len(ratings) else OPEN
        end = min(rating.until, following)
        reason = Reason("area.rated", (("level", f"level.{rating.level}"), ("by", rating.by)), (), (rating.id,))
        levels.append(LevelSpan(rating.at, Instant(end), rating.level, reason))
        found = _too_long(read, rating, Instant(end), book)
        if found is not None:
            findings.append(found)
    return Timeline(read.subject, read.known_at, book.digest, (), (), (), tuple(findings), tuple(levels))


def _too_long(read: Read, rating: AreaRated, end: Instant, book: PolicyBook) -> Finding | None:
    if rating.level not in BURDENING:
        return None
    on = local_day(rating.at, read.zone)
    days, clause = _days_supported(book, Level(rating.level), read.area, on)
    if days is None or clause is None:
        return None
    cases = [notice.at for notice in read.of(CaseNotice) if notice.at <= end]
    facts: tuple[FactId, ...] = (rating.id, *(notice.id for notice in read.of(CaseNotice) if notice.at <= end))
    last = max(cases, default=rating.at)
    limit = days_after(last, days + 1, read.zone)
    if end <= limit or read.known_at <= limit:
        return None
    item = prohibition(book, LimitCheck.AREA_LONGER_THAN_RULE, read.area, local_day(limit, read.zone))
    slots = (("level", f"level.{rating.level}"), ("days", days), ("limit", limit), ("until", end))
    reason = Reason("finding.area-longer-than-rule", slots, (clause, *item), facts)
    return Finding("area-longer-than-rule", limit, rating.id, reason)


def _days_supported(book: PolicyBook, level: Level, area: str, on: date) -> tuple[int | None, Clause | None]:
    """After how many days without a new case the rule no longer supports the level."""
    from_downgrade = book.maybe("area.rating.downgrade", area=area, on=on)
    if from_downgrade is not None:
        for step in from_downgrade.value:
            if step.level is level:
                return step.days_without_new, clause_of(from_downgrade)
    value = book.maybe("area.rating.levels", area=area, on=on)
    rules: tuple[LevelRule, ...] = value.value if value is not None else ()
    for rule in rules:
        if rule.level is level and rule.new_case_within_days is not None and value is not None:
            return rule.new_case_within_days, clause_of(value)
    return None, None
