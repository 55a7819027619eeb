"""One trip as a report or a ticket writes it: which vehicle, on which day, from where to where, when.

Rides that were reported and tickets of a manifest are read by the same functions, so that they name the same runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar

from sizao.errors import FactsError, Where
from sizao.facts.intake.dates import Read, read_date, read_instant
from sizao.facts.ride_times import Times, Told, ride_times
from sizao.facts.runs import Number, RideClaim, RunChoice, Timetable, resolve_runs, run_name, run_number
from sizao.facts.seats import normal
from sizao.when import Precision, local

Answer = TypeVar("Answer")

VEHICLE_WORDS = {
    "train": ("TRAIN", "RAIL", "列车", "火车", "高铁", "动车", "铁路"),
    "flight": ("FLIGHT", "PLANE", "AIRCRAFT", "AIR", "飞机", "航班", "民航"),
    "ship": ("SHIP", "FERRY", "BOAT", "轮船", "船", "轮渡", "客轮", "船舶"),
    "bus": ("BUS", "COACH", "客车", "大巴", "汽车", "长途客车"),
}
_VEHICLES = {word: vehicle for vehicle, words in VEHICLE_WORDS.items() for word in words}
_TRAIN_LIKE = re.compile(r"[GDCZTKYSLP]\d{1,4}(?:次)?\Z|\d{4}(?:次)?\Z|[GDCZTKYSLP]\d{1,4}/")
_FLIGHT_LIKE = re.compile(r"(?:[A-Z]{2}|[A-Z]\d|\d[A-Z])\d{3,4}[A-Z]?\Z")
_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?(?:\s*\(?\+(\d)\)?)?\Z", re.ASCII)


class TripText(NamedTuple):
    """The cells of a trip as they stand; `day` is the day of boarding, `service_day` that on which the run left its
    first stop.
    """

    vehicle: str = ""
    number: str = ""
    day: str = ""
    service_day: str = ""
    departs: str = ""
    arrives: str = ""
    boarded: str = ""
    alighted: str = ""
    boarded_code: str = ""
    alighted_code: str = ""


class Trip(NamedTuple):
    """A trip that could be read. `claim` is what it says towards the naming of its run."""

    vehicle: str
    number: Number
    times: Times
    claim: RideClaim


class Run(NamedTuple):
    """The runs a trip may have been on, the likeliest first, and why: names, basis, flags."""

    names: tuple[str, ...]
    basis: str
    flags: tuple[str, ...]


def read_trip(text: TripText, formats: Sequence[str], zone_name: str, *, arrival_unknown: bool = False) -> Trip:
    """The trip of these cells. Raises with the column in its place: a vehicle (F147), number (F144-F146), date
    (F148), or times (F141-F143) that cannot be taken.
    """
    vehicle = _vehicle(text)
    number = _at("number", run_number, vehicle, text.number)
    boarded, served = _day(text.day, "day", formats), _day(text.service_day, "service_day", formats)
    departs = _moment(text.departs, "departs", boarded or served, formats, zone_name)
    first = departs.date() if departs is not None else boarded or served
    arrives = _moment(text.arrives, "arrives", first, formats, zone_name)
    next_day = departs is not None and arrives is not None and arrives < departs and _bare_clock(text.arrives)
    if next_day and arrives is not None:
        arrives += timedelta(days=1)
    stations = (
        _station(text.boarded_code) or _station(text.boarded),
        _station(text.alighted_code) or _station(text.alighted),
    )
    told = Told(departs, arrives, boarded or served, stations[0], stations[1], arrival_unknown)
    times = _at("arrives", ride_times, vehicle, number.main, told, zone_name)
    if next_day:
        times = times._replace(flags=(*times.flags, "ride.arrival_next_day"))
    also = _station(text.boarded) if _station(text.boarded_code) else None
    claim = RideClaim(vehicle, number.main, stations[0], times.boarding_day, times.start, times.end, served, also)
    return Trip(vehicle, number, times, claim)


def runs_of(trips: Sequence[Trip], timetable: Timetable | None = None, beside: Sequence[RideClaim] = ()) -> list[Run]:
    """The runs of each trip. `beside` are claims of other reports that help to tell the runs apart but are not
    answered.
    """
    choices = resolve_runs([*(trip.claim for trip in trips), *beside], timetable)
    return [_run(trip, choice) for trip, choice in zip(trips, choices, strict=False)]


def _run(trip: Trip, choice: RunChoice) -> Run:
    names = [
        run_name(trip.vehicle, number, day)
        for day in (choice.day, *choice.also)
        for number in (trip.number.main, *trip.number.also)
    ]
    two = ("ride.two_numbers",) if trip.number.also else ()
    return Run(tuple(names), choice.basis, (*trip.times.flags, *choice.flags, *two))


def _vehicle(text: TripText) -> str:
    said = normal(text.vehicle)
    if said:
        if said not in _VEHICLES:
            raise FactsError("F147", where=Where(column="vehicle"), value=text.vehicle)
        return _VEHICLES[said]
    number = normal(text.number)
    if _TRAIN_LIKE.match(number):
        return "train"
    if _FLIGHT_LIKE.match(number.split("/")[0]):
        return "flight"
    raise FactsError("F147", where=Where(column="number"), value=text.number)


def _day(text: str, column: str, formats: Sequence[str]) -> date | None:
    if not text.strip():
        return None
    read = read_date(text.strip(), formats)
    if read is None:
        raise FactsError("F148", where=Where(column=column), value=text)
    return read.moment.date()


def _moment(text: str, column: str, day: date | None, formats: Sequence[str], zone_name: str) -> datetime | None:
    """The wall clock of a cell: a date with time, a time alone on the day given (`05:30+1` on the day after it), or
    nothing.
    """
    text = text.strip()
    if not text:
        return None
    clock = _CLOCK.match(text)
    if clock is not None:
        if day is None:
            raise FactsError("F141", where=Where(column=column))
        hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
        if hour <= 23 and minute <= 59 and second <= 59:
            on = day + timedelta(days=int(clock[4] or 0))
            return datetime(on.year, on.month, on.day, hour, minute, second)  # noqa: DTZ001 - a wall clock
    read = read_date(text, formats) or _with_offset(text, formats, zone_name)
    if read is None or read.precision is Precision.DAY:
        raise FactsError("F148", where=Where(column=column), value=text)
    return read.moment


def _bare_clock(text: str) -> bool:
    """A clock time that names no day, so that one before the departure can only be of the next day."""
    clock = _CLOCK.match(text.strip())
    return clock is not None and clock[4] is None


def _with_offset(text: str, formats: Sequence[str], zone_name: str) -> Read | None:
    found = read_instant(text, formats, zone_name)
    return None if found is None else Read(local(found[0], zone_name).replace(tzinfo=None), found[1])


def _station(text: str) -> str | None:
    return normal(text) or None


def _at(column: str, call: Callable[..., Answer], *args: object) -> Answer:
    """Call, and give a refusal its column."""
    try:
        return call(*args)
    except FactsError as refused:
        raise FactsError(refused.code, where=Where(column=column), **refused.slots) from refused
