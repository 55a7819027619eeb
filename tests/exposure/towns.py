"""Small random towns: few people, few places, times that touch, cross midnight and last for days, seats known and unknown.

Times lie on a coarse grid with a second's jitter, so that touching, equal and off-by-one moments are common, not rare.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import pyarrow as pa
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sizao.exposure.cases import Cases, CaseStay, Spot
from sizao.exposure.contact_rules import ContactRule, ContactRules
from sizao.exposure.engine import Exposures
from sizao.exposure.place_kinds import PlaceKind, kind_code
from sizao.exposure.source import Snapshot
from sizao.exposure.stays import VISIBLE_SCHEMA, Flag
from sizao.when import Instant

MIDNIGHT = Instant(1_626_883_200)
"""2021-07-22 00:00 at Shanghai."""
STEP_S = 600
EVENING, MORNING = 120, 180
"""The grid runs from four hours before the second midnight to six hours after it, so that people meet often."""
KNOWN_AT = Instant(MIDNIGHT + 30 * 86_400)

PLACES: dict[int, PlaceKind] = {
    1: PlaceKind.SHOP,
    2: PlaceKind.DWELLING,
    3: PlaceKind.TRAIN_SEALED,
    4: PlaceKind.AIRCRAFT,
    5: PlaceKind.SHOP,
}
HUB = 1
PERSONS = range(1, 8)
"""Persons and places of a town have small numbers; tests that join towns shift them."""


class StayRow(NamedTuple):
    """A stay with its end known, as `VISIBLE_SCHEMA` has it."""

    stay: int
    person: int
    place: int
    kind: int
    start_s: int
    end_s: int
    zone: int
    row: int
    seat: int
    flags: int


class Town(NamedTuple):
    """Stays as they are known, cases and rules."""

    stays: tuple[StayRow, ...]
    cases: tuple[tuple[int, int, int], ...]
    told: tuple[CaseStay, ...]
    rules: tuple[ContactRule, ...]

    def source(self) -> Snapshot:
        """The stays, for an engine."""
        return Snapshot(stay_table(self.stays))

    def question(self) -> Cases:
        """The cases, for an engine."""
        return cases_of(self.cases, self.told)

    def contact_rules(self) -> ContactRules:
        """The rules, for an engine."""
        return ContactRules.of(self.rules)


def stay_table(rows: Sequence[StayRow]) -> pa.Table:
    """Rows as a table of VISIBLE_SCHEMA."""
    columns: dict[str, Any] = {name: [getattr(row, name) for row in rows] for name in VISIBLE_SCHEMA.names}
    return pa.table(columns, schema=VISIBLE_SCHEMA)


def cases_of(cases: Sequence[tuple[int, int, int]], told: Sequence[CaseStay]) -> Cases:
    """(person, from_s, until_s) of each case, with what notices told."""
    return Cases.of([c[0] for c in cases], [c[1] for c in cases], [c[2] for c in cases], told)


def moments(lowest: int = EVENING, highest: int = MORNING) -> st.SearchStrategy[int]:
    """A moment of the grid, sometimes a second beside it."""
    jitter = st.sampled_from((0, 0, 0, 0, 1, -1))
    return st.builds(lambda step, by: MIDNIGHT + step * STEP_S + by, st.integers(lowest, highest), jitter)


def lengths() -> st.SearchStrategy[int]:
    """Seconds from one to days."""
    return st.sampled_from((1, 599, 600, 1200, 1800, 3600, 2 * 3600, 4 * 3600, 8 * 3600, 3 * 86_400))


def places() -> st.SearchStrategy[int]:
    """A place; half of all stays are at the hub or in the train."""
    return st.one_of(st.sampled_from((HUB, 3)), st.sampled_from(sorted(PLACES)))


def zones() -> st.SearchStrategy[int]:
    """A carriage, none (0) or unknown (−1)."""
    return st.sampled_from((-1, -1, 0, 1, 1, 2))


def rows() -> st.SearchStrategy[int]:
    """A row or unknown."""
    return st.sampled_from((-1, -1, 0, 1, 2, 3, 4, 5, 7))


def _stay(person: int, place: int, start_s: int, length_s: int, spot: tuple[int, int, int]) -> StayRow:
    zone, row, flags = spot
    return StayRow(0, person, place, kind_code(PLACES[place]), start_s, start_s + length_s, zone, row, -1, flags)


def stay_rows() -> st.SearchStrategy[StayRow]:
    """One stay, its id still 0."""
    flags = st.sampled_from((0, 0, 0, int(Flag.OPEN_END), int(Flag.OVER_LONG), int(Flag.OPEN_END | Flag.OVER_LONG)))
    spots = st.tuples(zones(), rows(), flags)
    return st.builds(_stay, st.sampled_from(PERSONS), places(), moments(), lengths(), spots)


def numbered(found: Sequence[StayRow]) -> tuple[StayRow, ...]:
    """Stays with ids in an order that is not their order of time."""
    return tuple(row._replace(stay=100 + (index * 37) % 101) for index, row in enumerate(found))


def windows() -> st.SearchStrategy[tuple[int, int]]:
    """A window, sometimes all of time, sometimes empty."""
    some = st.tuples(moments(EVENING, 160), moments(140, MORNING + 450))
    return st.one_of(st.just((0, MIDNIGHT + 10 * 86_400)), some)


def spots() -> st.SearchStrategy[Spot]:
    """Where a case sat, to a row or a range of rows, or unknown in part."""
    return st.builds(
        lambda zone, row, more: Spot(zone, row, row + more if row >= 0 else row),
        zones(),
        rows(),
        st.sampled_from((0, 0, 2)),
    )


def told_stays(cases: int) -> st.SearchStrategy[tuple[CaseStay, ...]]:
    """What notices told of some of the cases; two rows may repeat an id."""
    one = st.builds(
        lambda case, stay, place, start_s, more: CaseStay(case, stay, place, start_s, start_s + more[0], tuple(more[1])),
        st.integers(0, cases - 1), st.sampled_from((-1, -1, 900, 901)), places(), moments(),
        st.tuples(lengths(), st.lists(spots(), max_size=3)),
    )  # fmt: skip
    return st.lists(one, max_size=4).map(tuple)


def contact_rule_values() -> st.SearchStrategy[ContactRule]:
    """One rule; periods begin and end inside the town's days, so that a run crosses a change of rule."""
    minutes = st.sampled_from((0, 0, 0, 1, 600, 601, 900, 1800, 3600))
    change = moments()
    periods = st.one_of(
        st.just((0, 2**40)), st.just((0, 2**40)), change.map(lambda at: (0, at)), change.map(lambda at: (at, 2**40))
    )
    kinds = st.one_of(st.sampled_from((PLACES[HUB], PLACES[3])), st.sampled_from(sorted(set(PLACES.values()))))
    asked = st.tuples(st.booleans(), st.sampled_from((-1, 0, 1, 3)))
    seats = st.one_of(st.just((False, -1)), asked, asked)

    def build(
        kind: PlaceKind, period: tuple[int, int], least_s: int, seat: tuple[bool, int], other: tuple[bool, int, int]
    ) -> ContactRule:
        return ContactRule(
            rule_id="r", grade="close", place_kind=kind, from_s=Instant(period[0]), until_s=Instant(period[1]),
            min_overlap_s=least_s, same_zone=seat[0], row_distance=seat[1], cumulative=other[0], lag_s=other[1], order=other[2],
        )  # fmt: skip

    others = st.tuples(st.booleans(), st.sampled_from((0, 1, 600, 1800, 7200)), st.integers(0, 2))
    return st.builds(build, kinds, periods, minutes, seats, others)


@st.composite
def towns(draw: st.DrawFn) -> Town:
    """A town with up to 30 stays, three cases and seven rules."""
    stays = numbered(draw(st.lists(stay_rows(), min_size=draw(st.sampled_from((0, 12, 20))), max_size=30)))
    persons = st.one_of(st.sampled_from(PERSONS), st.just(-1))
    cases = draw(st.lists(st.tuples(persons, windows()).map(lambda c: (c[0], *c[1])), min_size=1, max_size=3))
    told = draw(st.one_of(st.just(()), told_stays(len(cases))))
    rules = draw(st.lists(contact_rule_values(), min_size=draw(st.sampled_from((1, 4))), max_size=7))
    return Town(stays, tuple(cases), told, tuple(rules))


def rows_of(table: pa.Table | None) -> list[tuple[int, ...]]:
    """A table as plain rows."""
    return [] if table is None else [tuple(row.values()) for row in table.to_pylist()]


def plain(answer: Exposures) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]]]:
    """Pairs and evidence as plain rows in their order."""
    return rows_of(answer.pairs), rows_of(answer.evidence)


def shop_rule(**changes: Any) -> ContactRule:
    """A plain rule for the hub's kind, with changes by name."""
    plain_rule = ContactRule(
        rule_id="shop",
        grade="close",
        place_kind=PLACES[HUB],
        from_s=Instant(0),
        until_s=Instant(2**40),
        min_overlap_s=0,
    )
    return replace(plain_rule, **changes)


# --- many towns in one question ---------------------------------------------------------------------------------------------

_SHIFT = 1000
_OWN_KINDS = sorted({kind_code(kind) for kind in PLACES.values()})
_KINDS = tuple(PlaceKind)
KIND_GROUPS = len(_KINDS) // len(_OWN_KINDS)
"""How many sets of rules fit into one question: each gets kinds of its own, so that no rule speaks of another's towns."""


def _kind_in_group(code: int, group: int) -> int:
    return group * len(_OWN_KINDS) + _OWN_KINDS.index(code)


def joined(batch: Sequence[Town]) -> Town:
    """Towns side by side as one: ids shifted by the town, kinds by its set of rules; the `KIND_GROUPS` longest sets are kept."""
    rule_sets = sorted(dict.fromkeys(town.rules for town in batch), key=len, reverse=True)[:KIND_GROUPS]
    stays: list[StayRow] = []
    cases: list[tuple[int, int, int]] = []
    told: list[CaseStay] = []
    for number, town in enumerate(batch):
        shift, group = (
            number * _SHIFT,
            rule_sets.index(town.rules) if town.rules in rule_sets else number % len(rule_sets),
        )
        told += [_shifted(stay, shift, len(cases)) for stay in town.told]
        cases += [(person + shift if person >= 0 else person, since, until) for person, since, until in town.cases]
        for row in town.stays:
            moved = row._replace(stay=row.stay + shift, person=row.person + shift, place=row.place + shift)
            stays.append(moved._replace(kind=_kind_in_group(row.kind, group)))
    rules = [
        replace(rule, place_kind=_KINDS[_kind_in_group(kind_code(rule.place_kind), group)])
        for group, of_group in enumerate(rule_sets)
        for rule in of_group
    ]
    return Town(tuple(stays), tuple(cases), tuple(told), tuple(rules))


def _shifted(told: CaseStay, shift: int, cases_before: int) -> CaseStay:
    name = told.stay + shift if told.stay >= 0 else told.stay
    return told._replace(case=told.case + cases_before, stay=name, place=told.place + shift)


def many_towns(count: int) -> list[Town]:
    """The same `count` random towns in every run."""
    found: list[Town] = []

    @settings(max_examples=count, phases=[Phase.generate], database=None, derandomize=True, deadline=None)
    @given(towns())
    def collect(town: Town) -> None:
        found.append(town)

    collect()
    return found
