"""From what a report says of departure and arrival to one interval, with what had to be assumed said openly.

Reports print local times, round unknown ones to 00:00 or 23:59:59, repeat the departure as arrival, and put an
arrival after midnight on the day of departure. Each of these is read in the one way written here, flagged, or
refused; none is passed over.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sizao.errors import FactsError
from sizao.facts.station_zones import AIRPORT_ZONES
from sizao.when import DAY_S, HOUR_S, Instant, Precision, day_start, instant_of, zone

LONGEST_RIDE_H = 96
"""No scheduled run keeps a passenger longer; more than this is a slip of the pen."""
LONGEST_OVERNIGHT_H = 18
EVENING_HOUR = 17
"""An arrival before the departure of the same day is read as the next morning only for a departure from this hour on.
"""
LONGEST_FLIGHT_H = 20

_MIDNIGHT = time(0)
_DAY_TRAINS = ("G", "D", "C", "S")


class Told(NamedTuple):
    """What a report says of a ride's times: naive local datetimes or None, the service or boarding day if it is told
    apart.
    """

    departs: datetime | None
    arrives: datetime | None
    day: date | None = None
    departure_station: str | None = None
    arrival_station: str | None = None
    arrival_unknown: bool = False


class Times(NamedTuple):
    """The interval `[start, end)`, the local day of boarding, how exactly it is known, and flags for what was assumed."""

    start: Instant
    end: Instant
    boarding_day: date
    precision: Precision
    flags: tuple[str, ...]


def ride_times(vehicle: str, number: str, told: Told, zone_name: str) -> Times:
    """The interval of a ride. Refuses a ride without any day (F141), an arrival before the departure that no
    midnight explains (F142), and one longer than any run (F143).
    """
    departs, arrives = _placeholders_away(vehicle, told)
    known = told.departs or told.arrives
    if told.day is None and known is None:
        raise FactsError("F141")
    day = told.day or (known.date() if known is not None else date.min)
    night = vehicle == "train" and not number.startswith(_DAY_TRAINS)
    zones = (_zone_at(told.departure_station, vehicle, zone_name), _zone_at(told.arrival_station, vehicle, zone_name))
    if departs is None and arrives is None:
        end = day_start(day + timedelta(days=2 if night else 1), zones[1])
        return Times(day_start(day, zones[0]), end, day, Precision.DAY, ("ride.times_unknown",))
    if departs is None:
        assert arrives is not None
        first = min(day, arrives.date())
        return Times(
            day_start(first, zones[0]),
            _instant(arrives, zones[1]),
            first,
            Precision.MINUTE,
            ("ride.departure_unknown",),
        )
    start = _instant(departs, zones[0])
    if arrives is None:
        end = day_start(departs.date() + timedelta(days=2 if night else 1), zones[1])
        end = max(end, Instant(start + HOUR_S))
        return Times(start, end, departs.date(), Precision.MINUTE, ("ride.arrival_unknown",))
    end, flags = _arrival(vehicle, departs, arrives, start, _instant(arrives, zones[1]))
    if end - start > LONGEST_RIDE_H * HOUR_S:
        raise FactsError("F143", departs=departs.isoformat(" "), arrives=arrives.isoformat(" "), most=LONGEST_RIDE_H)
    return Times(start, end, departs.date(), Precision.MINUTE, flags)


def _placeholders_away(vehicle: str, told: Told) -> tuple[datetime | None, datetime | None]:
    """A departure and an arrival that are both midnight, a whole day from 00:00 to 23:59:59, an arrival that repeats
    the departure, and one at 23:59:59 are how forms print "not known".
    """
    departs, arrives = told.departs, told.arrives
    if departs is None or arrives is None:
        return departs, None if told.arrival_unknown else arrives
    if departs == arrives:
        return (None if departs.time() == _MIDNIGHT else departs), None
    last = arrives.time() >= (time(23, 55) if vehicle == "ship" else time(23, 59, 59))
    if told.arrival_unknown or last:
        whole_day = departs.time() == _MIDNIGHT and last and departs.date() == arrives.date()
        return (None if whole_day else departs), None
    return departs, arrives


def _arrival(
    vehicle: str, departs: datetime, arrives: datetime, start: Instant, end: Instant
) -> tuple[Instant, tuple[str, ...]]:
    if end > start:
        across = ("ride.date_line",) if arrives <= departs else ()
        return end, across
    next_day = Instant(end + DAY_S)
    hours = (next_day - start) / HOUR_S
    if vehicle == "flight":
        plausible = 0 < hours <= LONGEST_FLIGHT_H
    else:
        plausible = departs.hour >= EVENING_HOUR and 0 < hours <= LONGEST_OVERNIGHT_H
    if not plausible:
        raise FactsError("F142", departs=departs.isoformat(" "), arrives=arrives.isoformat(" "))
    return next_day, ("ride.arrival_next_day",)


def _zone_at(station: str | None, vehicle: str, zone_name: str) -> str:
    return AIRPORT_ZONES.get(station or "", zone_name) if vehicle == "flight" else zone_name


def _instant(moment: datetime, zone_name: str) -> Instant:
    return instant_of(moment.replace(tzinfo=zone(zone_name)))
