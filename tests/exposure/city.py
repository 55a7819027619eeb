"""A generated city: dwellings, workplaces, a station that nearly everybody passes, trains with seats, one night guard.

Seeded: the same city every time. Nights cross midnight, some stays last for days, some seats are unknown.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sizao.exposure.cases import Cases, CaseStay, Spot
from sizao.exposure.contact_rules import ContactRule, ContactRules
from sizao.exposure.engine import Exposures
from sizao.exposure.place_kinds import PlaceKind, kind_code
from sizao.exposure.reference import Reference
from sizao.exposure.source import Snapshot
from sizao.exposure.stays import VISIBLE_SCHEMA, Flag
from sizao.when import Instant

DAY_0 = Instant(1_626_796_800)
"""2021-07-21 00:00 at Shanghai."""
DAYS = 7
DAY_S = 86_400
KNOWN_AT = Instant(DAY_0 + 30 * DAY_S)
STATION, GUARD = 0, 1
"""The hub, and the person who stayed there for four days on end."""
_PLACES_FROM = {PlaceKind.STATION: 0, PlaceKind.SHOP: 1_000, PlaceKind.DWELLING: 1_000_000, PlaceKind.OFFICE: 2_000_000}
_TRAINS_FROM = 10_000

Column = NDArray[np.int64]


class City(NamedTuple):
    """The stays as a source, the persons' number, and the ids of the persons."""

    source: Snapshot
    persons: int


def city(persons: int, seed: int) -> City:
    """About six stays a person and day. Person ids are scattered and not in order of anything."""
    chance = np.random.default_rng(seed)
    parts = [part for day in range(DAYS) for part in _one_day(chance, persons, day)]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    guard = {"person": GUARD, "place": STATION, "kind": kind_code(PlaceKind.STATION), "start_s": DAY_0 + DAY_S}
    guard |= {"end_s": DAY_0 + 5 * DAY_S, "zone": 0, "row": -1, "flags": int(Flag.OVER_LONG)}
    columns = {name: np.append(column, guard[name]) for name, column in columns.items()}
    columns["stay"] = chance.permutation(len(columns["person"])).astype(np.int64) + 5_000_000_000
    columns["person"] = chance.permutation(np.arange(persons, dtype=np.int64) * 7 + 3)[columns["person"]]
    columns["seat"] = np.full(len(columns["person"]), -1)
    table = pa.table({name: columns[name] for name in VISIBLE_SCHEMA.names}).cast(VISIBLE_SCHEMA)
    return City(Snapshot(table), persons)


def _one_day(chance: np.random.Generator, persons: int, day: int) -> list[dict[str, Column]]:
    everybody = np.arange(persons, dtype=np.int64)
    dawn = DAY_0 + day * DAY_S
    home = everybody // 3
    office = (everybody * 7919) % max(1, persons // 25)
    found = [_stays(chance, everybody, PlaceKind.DWELLING, home, dawn + 19 * 3600, 11 * 3600)]
    found.append(_stays(chance, everybody, PlaceKind.OFFICE, office, dawn + 9 * 3600, 4 * 3600))
    found.append(_stays(chance, everybody, PlaceKind.STATION, 0 * home, dawn + 7 * 3600, 700))
    for noon in (12, 14, 17):
        shop = np.minimum(chance.zipf(1.6, persons), 500).astype(np.int64)
        found.append(_stays(chance, everybody, PlaceKind.SHOP, shop, dawn + noon * 3600, 1500))
    riders = chance.choice(everybody, persons // 5, replace=False).astype(np.int64)
    ride = _stays(chance, riders, PlaceKind.TRAIN_SEALED, 0 * riders, dawn + 15 * 3600, 3600)
    ride["place"] = _TRAINS_FROM + day * 20 + chance.integers(0, 4, len(riders))
    ride["zone"] = chance.choice(np.array([-1, 1, 2, 3, 4, 5, 6]), len(riders))
    ride["row"] = chance.choice(np.array([-1, *range(1, 18)]), len(riders))
    return [*found, ride]


def _stays(
    chance: np.random.Generator, person: Column, kind: PlaceKind, place: Column, begin: int, length: int
) -> dict[str, Column]:
    start = begin + chance.integers(-5400, 5400, len(person))
    lasts = np.maximum(1, chance.lognormal(np.log(length), 0.5, len(person)).astype(np.int64))
    odd = chance.random(len(person)) < 0.01
    return {
        "person": person,
        "place": place + _PLACES_FROM.get(kind, 0),
        "kind": np.full(len(person), kind_code(kind)),
        "start_s": start,
        "end_s": start + lasts,
        "zone": np.zeros(len(person), np.int64),
        "row": np.full(len(person), -1),
        "flags": np.where(odd, int(Flag.OPEN_END), 0),
    }


def _rule(rule_id: str, kind: PlaceKind, least_s: int, order: int, **more: int) -> ContactRule:
    return ContactRule(
        rule_id=rule_id, grade=rule_id.split("-")[0], place_kind=kind, from_s=Instant(more.get("from_s", 0)),
        until_s=Instant(more.get("until_s", 2**40)), min_overlap_s=least_s, cumulative=bool(more.get("cumulative", 0)),
        same_zone=bool(more.get("same_zone", 0)), row_distance=more.get("row_distance", -1),
        lag_s=more.get("lag_s", 0), order=order,
    )  # fmt: skip


def city_rules() -> ContactRules:
    """Invented numbers: a change of rule in the shops on day 3, seats in trains, lag at the station, minutes summed at work."""
    change = DAY_0 + 3 * DAY_S
    return ContactRules.of(
        [
            _rule("close-home", PlaceKind.DWELLING, 0, 0, lag_s=1800),
            _rule("close-work", PlaceKind.OFFICE, 7200, 0, cumulative=1),
            _rule("close-shop-before", PlaceKind.SHOP, 900, 0, until_s=change),
            _rule("close-shop-after", PlaceKind.SHOP, 600, 0, from_s=change, cumulative=1),
            _rule("close-rows", PlaceKind.TRAIN_SEALED, 0, 0, same_zone=1, row_distance=3),
            _rule("general-carriage", PlaceKind.TRAIN_SEALED, 600, 1, same_zone=1),
            _rule("general-train", PlaceKind.TRAIN_SEALED, 0, 2),
            _rule("general-station", PlaceKind.STATION, 0, 2, lag_s=600),
            _rule("general-shop", PlaceKind.SHOP, 0, 2, lag_s=1800),
        ]
    )


def city_cases(place: City, count: int) -> Cases:
    """Persons of the city with windows of two to four days; the last two are a notice with seats and a crowd at the station."""
    persons = np.unique(place.source.table["person"].to_numpy())[:: max(1, place.persons // count)][:count]
    from_s = [DAY_0 + (at % 3) * DAY_S for at in range(len(persons))]
    until_s = [since + (2 + at % 3) * DAY_S for at, since in enumerate(from_s)]
    train, noon = _TRAINS_FROM + 2 * 20 + 1, DAY_0 + 2 * DAY_S + 15 * 3600
    told = [
        CaseStay(len(persons), -1, train, noon, noon + 3600, (Spot(3, 4, 5), Spot(4, -1, -1))),
        CaseStay(len(persons), 77, 1_000 + 2, noon - 7200, noon - 5400),
        CaseStay(len(persons) + 1, -1, STATION, DAY_0 + DAY_S + 7 * 3600, DAY_0 + DAY_S + 8 * 3600),
    ]
    whole = [DAY_0, DAY_0], [DAY_0 + 9 * DAY_S] * 2
    return Cases.of([*persons, -1, -1], [*from_s, *whole[0]], [*until_s, *whole[1]], told)


class SecondRing(NamedTuple):
    """A city's close contacts as cases, the rules of the ring, and what the reference says."""

    town: City
    asked: Cases
    rules: ContactRules
    expected: Exposures


def second_ring() -> SecondRing:
    """Close contacts become the cases, each from its first contact on; homes and workplaces count, nothing else."""
    town, rules = city(1_500, 11), city_rules()
    first_ring = Reference().match(city_cases(town, 6), town.source, rules, known_at=KNOWN_AT)
    close = [row for row in first_ring.pairs.to_pylist() if rules[row["rule"]].grade == "close"][:40]
    since = [row["first_s"] for row in close]
    asked = Cases.of([row["person"] for row in close], since, [moment + 3 * DAY_S for moment in since])
    ring = ContactRules.of(rule for rule in rules.rules if rule.rule_id in ("close-home", "close-work"))
    return SecondRing(town, asked, ring, Reference().match(asked, town.source, ring, known_at=KNOWN_AT))
