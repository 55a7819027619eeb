"""Instants, half-open intervals and local days. This file is the only place that knows time zones.

An `Instant` is a whole number of seconds since 1970-01-01 UTC. An interval is `[start, end)`: its start belongs to it, its end
does not, so two intervals that touch do not meet. `OPEN` as an end means "not ended as far as is known".
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, NewType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sizao.errors import WhenError

Instant = NewType("Instant", int)

OPEN = Instant(2**62)
"""The end of an interval that has not ended."""

HOUR_S = 3600
DAY_S = 86400


class Precision(StrEnum):
    """How exactly a moment is known. A coarser moment is stored as the first second of its minute, hour or local day."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"


class Interval(NamedTuple):
    """`[start, end)` in seconds UTC; `end` may be `OPEN`."""

    start: Instant
    end: Instant

    def holds(self, moment: Instant) -> bool:
        """True from the start itself up to, and without, the end."""
        return self.start <= moment < self.end

    def meets(self, other: Interval) -> bool:
        """True when they share at least one second; touching is not meeting."""
        return self.start < other.end and other.start < self.end

    def overlap_s(self, other: Interval) -> int:
        """Shared seconds, 0 when they do not meet."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name; refuses a name it does not know (T101)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as unknown:
        raise WhenError("T101", value=name) from unknown


def instant_of(moment: datetime) -> Instant:
    """The instant of an aware datetime, fractions of a second cut off; refuses a naive one (T102)."""
    if moment.tzinfo is None:
        raise WhenError("T102", value=moment.isoformat())
    return Instant(int(moment.timestamp() // 1))


def parse_instant(text: str) -> Instant:
    """An instant from ISO 8601 with an offset or Z; refuses anything else (T103), also a time without offset (T102)."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as unreadable:
        raise WhenError("T103", value=text) from unreadable
    return instant_of(moment)


def iso(moment: Instant) -> str:
    """ISO 8601 in UTC with Z, for files and digests; `OPEN` gives the word `open`."""
    if moment >= OPEN:
        return "open"
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def local(moment: Instant, zone_name: str) -> datetime:
    """The wall-clock moment in that zone."""
    return datetime.fromtimestamp(moment, zone(zone_name))


@lru_cache(maxsize=65536)
def _day_of_hour(hour: int, zone_name: str) -> tuple[date, bool]:
    first = datetime.fromtimestamp(hour * HOUR_S, zone(zone_name)).date()
    last = datetime.fromtimestamp(hour * HOUR_S + HOUR_S - 1, zone(zone_name)).date()
    return first, first == last


def local_day(moment: Instant, zone_name: str) -> date:
    """The calendar day in that zone. Cached by the hour: facts of one outbreak share few hours."""
    day, whole = _day_of_hour(moment // HOUR_S, zone_name)
    return day if whole else local(moment, zone_name).date()


@lru_cache(maxsize=16384)
def day_start(day: date, zone_name: str) -> Instant:
    """The first instant of a local day, also where clocks change at midnight."""
    return Instant(int(datetime(day.year, day.month, day.day, tzinfo=zone(zone_name)).timestamp()))


def day_span(day: date, zone_name: str) -> Interval:
    """The whole local day, 23, 24 or 25 hours long."""
    return Interval(day_start(day, zone_name), day_start(day + timedelta(days=1), zone_name))


def days_after(moment: Instant, days: int, zone_name: str) -> Instant:
    """The first instant of the local day `days` after the one that holds `moment` (negative: before)."""
    return day_start(local_day(moment, zone_name) + timedelta(days=days), zone_name)


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


def parse_day(text: str) -> date:
    """A calendar day written YYYY-MM-DD and nothing else (T104)."""
    if not _DAY.match(text):
        raise WhenError("T104", value=text)
    try:
        return date.fromisoformat(text)
    except ValueError as impossible:
        raise WhenError("T104", value=text) from impossible
