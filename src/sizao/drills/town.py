"""A synthetic city's ordinary life: who lives, works, learns and passes where, and every stay of it, day by day.

A pure simulator: the plan and a seeded generator go in, arrays come out, block by block, so that a city of seven million fits
into the memory of a small machine. What is modelled is what makes matching hard: nights across midnight, crowded hubs whose
size does not grow with the city, a long tail of small places, lognormal durations, and a few stays of several days.
The numbers here shape invented towns; none of them is a rule of any authority.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sizao.exposure.place_kinds import PlaceKind, kind_code
from sizao.when import DAY_S, HOUR_S, Instant

Ints = NDArray[Any]

KINDS = (
    PlaceKind.DWELLING, PlaceKind.OFFICE, PlaceKind.CLASSROOM, PlaceKind.SHOP, PlaceKind.RESTAURANT,
    PlaceKind.ENTERTAINMENT, PlaceKind.TRANSIT, PlaceKind.OUTDOOR, PlaceKind.CLINIC, PlaceKind.STATION,
)  # fmt: skip
"""The kinds of place of a town, in the order in which its places are numbered. The crowded hubs are the stations."""

HOME, WORK, CLASS, SHOP, MEAL, FUN, TRANSIT, OUTDOOR, CLINIC, HUB = range(len(KINDS))

SLOTS = 7
"""Stays in one person's day. The last is the night at home, until the next morning."""

_PERSONS_PER_PLACE = {SHOP: 25, MEAL: 60, FUN: 200, TRANSIT: 30, OUTDOOR: 70, CLINIC: 1000, HUB: 9000}
_HOUSEHOLD = (0.20, 0.29, 0.24, 0.16, 0.08, 0.03)
_ROLES = (0.52, 0.17, 0.31)
_MEDIAN_MIN = np.array([120, 205, 200, 18, 38, 80, 11, 40, 55, 17], dtype=np.float64)
_SIGMA = np.array([0.5, 0.25, 0.15, 0.7, 0.5, 0.4, 0.6, 0.7, 0.6, 0.6], dtype=np.float64)
_NEAR = {SHOP: 0.6, MEAL: 0.5, FUN: 0.2, TRANSIT: 0.7, OUTDOOR: 0.8, CLINIC: 0.7}
_DWELLINGS_PER_QUARTER = 150
_WAKE_SIGMA_H = 1.5
_BEDTIME_S = int(23.4 * HOUR_S)
_NEAR_A_STATION = 3
_BY_BUS = 0.6
_LONG_STAY = 3.7e-4
_LONG_DAYS = 4

# What fills the six daytime slots, as (kind, share) for a worker, a pupil and somebody at home; at weekends all are at home.
_WORKER = (
    ((HUB, 0.9), (TRANSIT, 0.1)), ((WORK, 1.0),), ((MEAL, 0.9), (HUB, 0.1)), ((WORK, 1.0),),
    ((HUB, 0.8), (SHOP, 0.2)), ((SHOP, 0.5), (FUN, 0.12), (MEAL, 0.2), (OUTDOOR, 0.18)),
)  # fmt: skip
_PUPIL = (
    ((TRANSIT, 0.7), (HUB, 0.3)), ((CLASS, 1.0),), ((MEAL, 0.5), (HOME, 0.5)), ((CLASS, 1.0),),
    ((OUTDOOR, 0.6), (SHOP, 0.4)), ((SHOP, 0.4), (HUB, 0.2), (HOME, 0.4)),
)  # fmt: skip
_RESIDENT = (
    ((SHOP, 0.6), (HUB, 0.4)), ((HOME, 1.0),), ((OUTDOOR, 0.6), (MEAL, 0.4)), ((HOME, 1.0),),
    ((HUB, 0.75), (CLINIC, 0.05), (SHOP, 0.2)), ((FUN, 0.2), (MEAL, 0.2), (SHOP, 0.4), (HOME, 0.2)),
)  # fmt: skip
_MENUS = (_WORKER, _PUPIL, _RESIDENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class TownPlan:
    """How large a town, for how many days. `start_s` is the first local midnight; `block` persons are simulated at a time."""

    persons: int
    start_s: Instant
    days: int = 14
    block: int = 250_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """Who lives, works and learns where. Persons and places are numbered from 0; places of one kind lie side by side.

    `kind_first[k]..kind_first[k + 1]` are the places of `KINDS[k]`. `base` is a person's place of work or classroom, -1 without.
    """

    plan: TownPlan
    home: Ints
    role: Ints
    base: Ints
    kind_first: Ints
    popularity: dict[int, NDArray[np.float64]]

    @property
    def places(self) -> int:
        """The number of places."""
        return int(self.kind_first[-1])

    def place_kind(self) -> Ints:
        """The code of each place's kind, int16, as stays carry it."""
        return np.repeat(np.array([kind_code(kind) for kind in KINDS], dtype=np.int16), np.diff(self.kind_first))

    def place_name(self, place: int) -> str:
        """What a file calls the place: its kind and its number among its kind, from 1."""
        kind = int(np.searchsorted(self.kind_first, place, side="right")) - 1
        return f"{KINDS[kind]}:{place - int(self.kind_first[kind]) + 1}"


class StayBlock(NamedTuple):
    """Stays that began on one day, of one block of persons, ordered by person and start. Times are seconds UTC, half-open."""

    day: int
    person: Ints
    place: Ints
    start_s: Ints
    end_s: Ints


def build_town(plan: TownPlan, rng: np.random.Generator) -> Town:
    """Lays out the town: households, workplaces with a long tail of sizes, classrooms, and how popular every other place is."""
    sizes = rng.choice(np.arange(1, 7), p=_HOUSEHOLD, size=plan.persons // 2 + 8)
    home = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)[: plan.persons]
    role = rng.choice(np.arange(3, dtype=np.uint8), p=_ROLES, size=plan.persons)
    workers, pupils = np.flatnonzero(role == 0), np.flatnonzero(role == 1)
    desks = _shared_out(np.minimum(4 + 6 * rng.pareto(1.15, len(workers) // 4 + 2), 450).astype(np.int64), len(workers))
    benches = _shared_out(np.full(len(pupils) // 45 + 2, 45), len(pupils))
    counts = [int(home[-1]) + 1, _kinds_used(desks), _kinds_used(benches)]
    counts += [max(2, round(plan.persons / _PERSONS_PER_PLACE[kind])) for kind in range(SHOP, len(KINDS))]
    first = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    base = np.full(plan.persons, -1, dtype=np.int32)
    base[workers] = first[WORK] + rng.permutation(desks)
    base[pupils] = first[CLASS] + rng.permutation(benches)
    popularity = {kind: _popularity(counts[kind], hub=kind == HUB) for kind in range(SHOP, len(KINDS))}
    return Town(plan=plan, home=home, role=role, base=base, kind_first=first, popularity=popularity)


def stays(town: Town, rng: np.random.Generator) -> Iterator[StayBlock]:
    """Every stay of the town, day by day and block by block. The same plan and seed give the same stays, whatever is kept."""
    plan = town.plan
    edges = range(0, plan.persons, plan.block)
    streams = rng.spawn(len(edges))
    blocks = [_Block(town, lo, min(lo + plan.block, plan.persons), s) for lo, s in zip(edges, streams, strict=True)]
    for day in range(plan.days):
        for block in blocks:
            yield block.live(day)


def _shared_out(sizes: Ints, people: int) -> Ints:
    """The number of the group each of `people` falls into, groups filled in turn; the last takes those left over."""
    filled = np.repeat(np.arange(len(sizes)), sizes)[:people]
    return np.concatenate((filled, np.full(people - len(filled), len(sizes) - 1)))


def _kinds_used(groups: Ints) -> int:
    return int(groups.max()) + 1 if len(groups) else 1


def _popularity(places: int, *, hub: bool) -> NDArray[np.float64]:
    """Cumulative shares. Hubs: a bounded Pareto, so that the largest stays as large in a larger city; else a flattened Zipf."""
    if hub:
        rank = 1 - np.arange(places) / places
        low, high, alpha = 1.0, 50.0, 0.55
        weight = (rank * (high**-alpha - low**-alpha) + low**-alpha) ** (-1 / alpha)
    else:
        weight = (np.arange(places) + 2.0 + places / 150) ** -0.95
    return np.asarray(np.cumsum(weight) / weight.sum())


class _Block:
    """A block of persons on their way through the days: when each wakes next, and on which day."""

    def __init__(self, town: Town, lo: int, hi: int, rng: np.random.Generator) -> None:
        self.town, self.lo, self.rng = town, lo, rng
        self.wake_day = np.zeros(hi - lo, dtype=np.int64)
        self.wake_s = _wake(self.wake_day, town.plan, rng)

    def live(self, day: int) -> StayBlock:
        """One day of the block: six stays, then the night; those still inside a long stay are not seen."""
        up = np.flatnonzero(self.wake_day == day)
        people = self.lo + up
        kinds = _kinds_of_day(self.town, people, day, self.rng)
        place = _places(self.town, people, kinds, self.rng)
        start, end = self._times(up, kinds, day)
        person = np.repeat(people, SLOTS).astype(np.int32)
        return StayBlock(day, person, place.ravel(), start.ravel(), end.ravel())

    def _times(self, up: Ints, kinds: Ints, day: int) -> tuple[Ints, Ints]:
        """Start and end of each slot. Days that would run past bedtime are shortened in proportion."""
        rng, plan = self.rng, self.town.plan
        shape = (len(up), SLOTS - 1)
        awake = kinds[:, :-1]
        spent = np.exp(rng.standard_normal(shape) * _SIGMA[awake]) * (_MEDIAN_MIN[awake] * 60)
        gap = 60 + rng.exponential(300, shape)
        bedtime = plan.start_s + day * DAY_S + _BEDTIME_S
        fits = np.minimum(1.0, (bedtime - self.wake_s[up]) / (spent + gap).sum(axis=1))[:, None]
        spent, gap = np.maximum(spent * fits, 61).astype(np.int64), (gap * fits).astype(np.int64)
        after = self.wake_s[up][:, None] + np.cumsum(spent + gap, axis=1)
        start = np.concatenate((after - spent - gap, after[:, -1:]), axis=1)
        self._sleep(up, day)
        return start, np.concatenate((after - gap, self.wake_s[up][:, None]), axis=1)

    def _sleep(self, up: Ints, day: int) -> None:
        """The next waking: tomorrow, or for a few after several days at home."""
        longer = self.rng.random(len(up)) < _LONG_STAY
        days = 1 + np.where(longer, self.rng.integers(1, _LONG_DAYS + 1, len(up)), 0)
        self.wake_day[up] = day + days
        self.wake_s[up] = _wake(self.wake_day[up], self.town.plan, self.rng)


def _wake(day: Ints, plan: TownPlan, rng: np.random.Generator) -> Ints:
    hour = np.clip(7 + rng.standard_normal(len(day)) * _WAKE_SIGMA_H, 4, 11)
    return np.asarray(plan.start_s + day * DAY_S + (hour * HOUR_S).astype(np.int64))


def _kinds_of_day(town: Town, people: Ints, day: int, rng: np.random.Generator) -> Ints:
    """The kind of place of every slot, uint8 of (persons, SLOTS). Those who live far from a station mostly take the bus."""
    kinds = np.full((len(people), SLOTS), HOME, dtype=np.uint8)
    role = np.full(len(people), 2) if day % 7 >= 5 else town.role[people]
    for code, menu in enumerate(_MENUS):
        who = np.flatnonzero(role == code)
        for slot, choices in enumerate(menu):
            shares = np.cumsum([share for _, share in choices])
            picked = np.searchsorted(shares[:-1], rng.random(len(who)), side="right")
            kinds[who, slot] = np.array([kind for kind, _ in choices], dtype=np.uint8)[picked]
    far = (town.home[people] % _NEAR_A_STATION != 0)[:, None] & (rng.random(kinds.shape, dtype=np.float32) < _BY_BUS)
    kinds[far & (kinds == HUB)] = TRANSIT
    return kinds


def _places(town: Town, people: Ints, kinds: Ints, rng: np.random.Generator) -> Ints:
    """The place of every slot, int32: one's own dwelling, work or class; else one nearby or one by its popularity."""
    person = np.broadcast_to(people[:, None], kinds.shape)
    place: Ints = np.where(kinds == HOME, town.home[person], town.base[person]).astype(np.int32)
    quarters = int(town.kind_first[WORK]) // _DWELLINGS_PER_QUARTER + 1
    for kind, shares in town.popularity.items():
        where = np.nonzero(kinds == kind)
        drawn = rng.random((2, len(where[0])))
        chosen = np.searchsorted(shares, drawn[0])
        if kind in _NEAR:
            quarter = town.home[person[where]] // _DWELLINGS_PER_QUARTER
            near = (quarter * len(shares) // quarters + (drawn[0] ** 2 * 16).astype(np.int64)) % len(shares)
            chosen = np.where(drawn[1] < _NEAR[kind], near, chosen)
        place[where] = town.kind_first[kind] + chosen
    return place
