"""Names of vehicle runs, so that two reports of one train meet: `train:G508:2021-07-27`, `flight:CA1646:2020-01-15`.

The day in the name is the *service day*: the day on which the run leaves its first stop. Who boards a night train
after midnight travels on a run of the day before, but a report often knows only the day of boarding. `resolve_runs`
finds the service day of each ride of a set, from the best ground there is:

- `given`: the report tells a service day apart from the moment of boarding;
- `timetable`: on what day of its run that number calls at that station is known, or was learned from other reports;
- `joined`: the ride overlaps in time with another of the same number, so they sat in one train;
- `boarding-day`: nothing better is known.

Where the evidence allows two service days, the ride keeps both (`also`) and a flag: it is matched against both runs,
not silently against one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from sizao.errors import FactsError
from sizao.facts.seats import normal
from sizao.when import DAY_S, Instant

VEHICLES = ("train", "flight", "ship", "bus", "metro", "car")

PLACE_KINDS = {
    "train": "train_sealed", "flight": "aircraft", "ship": "ship", "bus": "bus_sealed", "metro": "metro", "car": "car",
}  # fmt: skip
"""The kind of place of each vehicle; trains and coaches are taken as sealed and air-conditioned unless an import says
otherwise."""

ONE_RUN_S = DAY_S
"""A chain of overlapping rides longer than this may span two runs of a daily train."""


class Number(NamedTuple):
    """A train, flight or ship in its one spelling; `also` are the other numbers of a run that changes its number on
    the way.
    """

    main: str
    also: tuple[str, ...] = ()


class RideClaim(NamedTuple):
    """One report of one ride. `service_day` is None when only the day of boarding is known."""

    vehicle: str
    number: str
    station: str | None
    boarding_day: date
    start: Instant
    end: Instant
    service_day: date | None = None
    station_also: str | None = None

    def stations(self) -> tuple[str, ...]:
        """What the station of boarding is called: a code, a name, or both."""
        return tuple(name for name in (self.station, self.station_also) if name)


class RunChoice(NamedTuple):
    """The service day of a ride, further days it may have been, on what ground, and flags."""

    day: date
    basis: str
    also: tuple[date, ...] = ()
    flags: tuple[str, ...] = ()


Timetable = Mapping[tuple[str, str, str], int]
"""(vehicle, number, station) → how many days after the service day the run calls there."""

_UNKNOWN = frozenset({"", "未知", "不详", "不明", "无", "-", "?"})
_TRAIN = re.compile(r"([A-Z]?)0*(\d{1,5})\Z")
_FLIGHT = re.compile(r"([A-Z]{2}|[A-Z]\d|\d[A-Z])0*(\d{1,4}[A-Z]?)\Z")
_ENDINGS = re.compile(r"(号?(次|航班|列车|动车|高铁|轮渡|客轮|轮|船))+\Z|号\Z")
_PARENS = re.compile(r"\([^()]*\)")


@lru_cache(maxsize=16384)
def run_number(vehicle: str, text: str) -> Number:
    """The number of a train or flight, or a ship's name, in one spelling: full width, case, blanks, `次`, `航班` and
    leading zeros do not matter; `K984/1` is K984 and K981. Refuses an unknown number (F144), an impossible one
    (F145), and a ship that bears the name of a port (F146).
    """
    plain = normal(text)
    if plain in _UNKNOWN:
        raise FactsError("F144", value=text)
    if vehicle == "train":
        return _train(plain, text)
    if vehicle == "flight":
        parts = [_flight(part, text) for part in re.split(r"[/、,;]", plain)]
        return Number(parts[0], tuple(dict.fromkeys(part for part in parts[1:] if part != parts[0])))
    name = _ENDINGS.sub("", _PARENS.sub("", plain)) or plain
    if vehicle == "ship" and name.endswith("港"):
        raise FactsError("F146", value=text)
    return Number(name)


def _train(plain: str, text: str) -> Number:
    parts = [_ENDINGS.sub("", part) for part in re.split(r"[/、,;]", plain)]
    first = _TRAIN.match(parts[0])
    if first is None:
        raise FactsError("F145", value=text, vehicle="vehicle.train")
    main = first[1] + first[2]
    also = []
    for part in parts[1:]:
        other = _TRAIN.match(part)
        if other is None:
            raise FactsError("F145", value=text, vehicle="vehicle.train")
        # K984/1 names K984 and K981: a short second number replaces the last digits of the first.
        digits = part.removeprefix(other[1])
        also.append(other[1] + other[2] if other[1] else first[1] + first[2][: -len(digits)] + digits)
    return Number(main, tuple(dict.fromkeys(number for number in also if number != main)))


def _flight(plain: str, text: str) -> str:
    match = _FLIGHT.match(_ENDINGS.sub("", plain))
    if match is None:
        raise FactsError("F145", value=text, vehicle="vehicle.flight")
    return match[1] + match[2]


def run_name(vehicle: str, number: str, day: date) -> str:
    """`train:G508:2021-07-27`."""
    return f"{vehicle}:{number}:{day.isoformat()}"


def learn_timetable(claims: Iterable[RideClaim]) -> dict[tuple[str, str, str], int]:
    """The calls that reports with a service day of its own prove; stations on which reports differ are left out."""
    seen: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for claim in claims:
        if claim.service_day is not None and claim.service_day != claim.boarding_day:
            for station in claim.stations():
                seen[claim.vehicle, claim.number, station].add((claim.boarding_day - claim.service_day).days)
    return {key: offsets.pop() for key, offsets in seen.items() if len(offsets) == 1}


def resolve_runs(claims: Sequence[RideClaim], timetable: Timetable | None = None) -> list[RunChoice]:
    """The run of each ride of a set, in the order given; the order of the set does not matter."""
    calls = {**learn_timetable(claims), **(timetable or {})}
    choices = [_alone(claim, calls) for claim in claims]
    by_number: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, claim in enumerate(claims):
        by_number[claim.vehicle, claim.number].append(index)
    for indices in by_number.values():
        if len({choices[index].day for index in indices}) > 1:
            for chain in _chains(indices, claims):
                _join(chain, claims, choices)
    return choices


def _alone(claim: RideClaim, calls: Timetable) -> RunChoice:
    """What one report says for itself, read with the timetable."""
    known = (calls.get((claim.vehicle, claim.number, station)) for station in claim.stations())
    offset = next((days for days in known if days is not None), None)
    by_table = None if offset is None else claim.boarding_day - timedelta(days=offset)
    if claim.service_day is not None:
        if by_table is None or by_table == claim.service_day:
            return RunChoice(claim.service_day, "given")
        return RunChoice(claim.service_day, "given", (by_table,), ("ride.run_day_unsure",))
    if by_table is not None:
        return RunChoice(by_table, "timetable")
    return RunChoice(claim.boarding_day, "boarding-day")


def _chains(indices: Sequence[int], claims: Sequence[RideClaim]) -> Iterable[list[int]]:
    """Rides of one number, chained as long as each begins before the ones before it have ended."""
    chain: list[int] = []
    until = Instant(-(2**62))
    for index in sorted(indices, key=lambda i: (claims[i].start, claims[i].end)):
        if chain and claims[index].start >= until:
            yield chain
            chain = []
        chain.append(index)
        until = max(until, claims[index].end) if len(chain) > 1 else claims[index].end
    if chain:
        yield chain


def _join(chain: Sequence[int], claims: Sequence[RideClaim], choices: list[RunChoice]) -> None:
    days = {choices[index].day for index in chain}
    if len(days) == 1:
        return
    span_s = max(claims[index].end for index in chain) - min(claims[index].start for index in chain)
    sure = {choices[index].day for index in chain if choices[index].basis in ("given", "timetable")}
    settled = span_s <= ONE_RUN_S and len(sure) <= 1
    day = min(sure or days)
    before = {index: choices[index] for index in chain}
    for index in chain:
        choice = before[index]
        if settled and choice.basis == "boarding-day":
            choices[index] = choice if choice.day == day else RunChoice(day, "joined")
        elif not settled:
            choices[index] = _unsure(index, chain, claims, before)


def _may_share(one: RideClaim, other: RideClaim) -> bool:
    together = other.start < one.end and one.start < other.end
    one_station = not set(one.stations()).isdisjoint(other.stations())
    return together and not (one_station and abs(one.start - other.start) > ONE_RUN_S // 2)


def _unsure(
    index: int, chain: Sequence[int], claims: Sequence[RideClaim], choices: Mapping[int, RunChoice]
) -> RunChoice:
    """The ride may belong to the run of any ride it overlaps; a service day proved by the timetable stays alone, and
    so do two rides that board at one station hours apart: a run calls there once.
    """
    own, choice = claims[index], choices[index]
    if choice.basis == "timetable":
        return choice
    met = {choices[other].day for other in chain if _may_share(own, claims[other])}
    also = tuple(sorted((met | set(choice.also)) - {choice.day}))
    flags = tuple(dict.fromkeys((*choice.flags, "ride.run_day_unsure"))) if also else choice.flags
    return RunChoice(choice.day, choice.basis, also, flags)
