"""Contact rules from packs to the plain rows the matching engines take, with the way back from a row to its clause."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import NamedTuple

from sizao.exposure.contact_rules import ContactRule as EngineRule
from sizao.exposure.contact_rules import ContactRules
from sizao.exposure.place_kinds import PlaceKind
from sizao.policy.book import PolicyBook
from sizao.policy.kinds import ContactGrade, Same
from sizao.policy.values import ContactRule, Value
from sizao.rules.reasons import Clause, clause_of
from sizao.when import OPEN, Instant, Interval, day_start

GRAVITY = {grade: order for order, grade in enumerate(ContactGrade)}
MINUTE_S = 60


class Compiled(NamedTuple):
    """Rules for an engine, and for each rule (by position) the clause it stands for and the scene it names."""

    rules: ContactRules
    clauses: tuple[Clause, ...]
    scenes: tuple[str, ...]

    def clause_of(self, rule_id: str) -> Clause | None:
        """The clause of a rule by its id; None for a rule of another compilation."""
        for rule, clause in zip(self.rules.rules, self.clauses, strict=True):
            if rule.rule_id == rule_id:
                return clause
        return None


def compile_rules(book: PolicyBook, key: str, *, area: str, zone: str, since: date, until: date) -> Compiled:
    """All rules of `key` (`contact.rules` or `secondary.rules`) in force between two local days, each with its own
    period.
    """
    rows: list[EngineRule] = []
    clauses: list[Clause] = []
    scenes: list[str] = []
    for value, first, last in _periods(book, key, area, since, until):
        starts = Instant(0) if first == since else day_start(first, zone)
        ends = OPEN if last == until else day_start(last, zone)
        for number, rule in enumerate(value.value):
            for kind in rule.place:
                rows.append(_row(value, rule, number, PlaceKind(str(kind)), Interval(starts, ends)))
                clauses.append(_clause(value, rule))
                scenes.append(str(rule.scene))
    return Compiled(ContactRules.of(rows), tuple(clauses), tuple(scenes))


def _periods(book: PolicyBook, key: str, area: str, since: date, until: date) -> list[tuple[Value, date, date]]:
    """The values in force one after the other; days on which another key changes do not cut a period."""
    borders = [since, *(day for day in book.changes(area) if since < day < until), until]
    found: list[tuple[Value, date, date]] = []
    for first, last in pairwise(borders):
        value = book.maybe(key, area=area, on=first)
        if value is None:
            continue
        if found and found[-1][2] == first and found[-1][0].value is value.value:
            found[-1] = (found[-1][0], found[-1][1], last)
        else:
            found.append((value, first, last))
    return found


def _row(value: Value, rule: ContactRule, number: int, kind: PlaceKind, period: Interval) -> EngineRule:
    return EngineRule(
        rule_id=f"{value.pack}@{value.version}/{value.key}#{number + 1}",
        grade=str(rule.grade),
        place_kind=kind,
        from_s=period.start,
        until_s=period.end,
        min_overlap_s=rule.minutes * MINUTE_S,
        cumulative=rule.cumulative,
        same_zone=rule.same is Same.ZONE,
        row_distance=-1 if rule.rows is None else rule.rows,
        lag_s=rule.lag_min * MINUTE_S,
        order=GRAVITY[rule.grade],
    )


def _clause(value: Value, rule: ContactRule) -> Clause:
    return clause_of(value)._replace(title=rule.cite.title, article=rule.cite.article, confidence=str(rule.confidence))
