"""A whole column of times at once: plain ISO by arithmetic on arrays, everything else cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sizao.facts.intake.dates import read_instant
from sizao.facts.stay_columns import Ints, distinct
from sizao.when import DAY_S, Precision, local

_SHAPES = {19: "0000-00-00 00:00:00", 16: "0000-00-00 00:00", 10: "0000-00-00"}
_BLANK = ord(" ")

PRECISIONS = tuple(Precision)
DAY = PRECISIONS.index(Precision.DAY)
_BY_LENGTH = {19: Precision.SECOND, 16: Precision.MINUTE, 10: Precision.DAY}


class Moments(NamedTuple):
    """Seconds UTC for each cell; `there` is False where a cell was empty, `bad` are the positions that could not be
    read, `exact` is the place of each cell's precision in `PRECISIONS`.
    """

    seconds: Ints
    there: NDArray[np.bool_]
    bad: list[int]
    exact: NDArray[np.int8]

    @property
    def day(self) -> NDArray[np.bool_]:
        """True where a cell names a day without a time."""
        days: NDArray[np.bool_] = self.exact == DAY
        return days


def read_moments(values: Sequence[str], formats: Sequence[str], zone_name: str) -> Moments:
    """The moments of a column. Reads what `read_instant` reads, and refuses what it refuses."""
    count = len(values)
    there = np.fromiter((bool(value) and not value.isspace() for value in values), dtype=bool, count=count)
    seconds, exact = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int8)
    left = there.copy()
    # A format named for the column may give digits another order: only then is the plain way closed.
    if count and not formats:
        lengths = np.fromiter(map(len, values), dtype=np.int64, count=count)
        for length in _SHAPES:
            at = np.flatnonzero(there & (lengths == length))
            if len(at):
                wall, good = _wall_clock([values[index] for index in at.tolist()], length)
                shift, steady = _shifts(wall[good], zone_name)
                done = at[good][steady]
                seconds[done] = wall[good][steady] - shift[steady]
                exact[done] = PRECISIONS.index(_BY_LENGTH[length])
                left[done] = False
    bad = []
    for index in np.flatnonzero(left).tolist():
        found = read_instant(values[index].strip(), formats, zone_name)
        if found is None:
            bad.append(index)
            continue
        seconds[index], exact[index] = found[0], PRECISIONS.index(found[1])
    return Moments(seconds, there, bad, exact)


def _wall_clock(texts: Sequence[str], length: int) -> tuple[Ints, NDArray[np.bool_]]:
    """Seconds since 1970 by the wall clock for texts of one length, and which of them are plain ISO and possible."""
    signs = np.array(texts, dtype=f"U{length}").view(np.uint32).reshape(len(texts), length).astype(np.int64)
    shape = np.frombuffer(_SHAPES[length].encode(), dtype=np.uint8)
    digits = np.flatnonzero(shape == ord("0"))
    good = ((signs[:, digits] >= ord("0")) & (signs[:, digits] <= ord("9"))).all(axis=1)
    for place in np.flatnonzero(shape != ord("0")).tolist():
        fits = signs[:, place] == shape[place]
        good &= (fits | (signs[:, place] == ord("T"))) if shape[place] == _BLANK else fits
    numbers = signs - ord("0")

    def part(start: int, width: int) -> Ints:
        whole: Ints = numbers[:, start : start + width] @ 10 ** np.arange(width - 1, -1, -1)
        return whole

    year, month, dom = part(0, 4), part(5, 2), part(8, 2)
    hour, minute = (part(11, 2), part(14, 2)) if length >= 16 else (0 * year, 0 * year)
    second = part(17, 2) if length == 19 else 0 * year
    good &= (year >= 1) & (month >= 1) & (month <= 12) & (dom >= 1) & (hour <= 23) & (minute <= 59) & (second <= 59)
    safe_month = np.where(good, month, 1)
    good &= dom <= _month_days(year, safe_month)
    days = _days(np.where(good, year, 1970), safe_month, np.where(good, dom, 1))
    return days * DAY_S + hour * 3600 + minute * 60 + second, good


def _month_days(year: Ints, month: Ints) -> Ints:
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    usual = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])[month - 1]
    last: Ints = usual + (leap & (month == 2))
    return last


def _days(year: Ints, month: Ints, dom: Ints) -> Ints:
    """Days since 1970-01-01 in the Gregorian calendar, counted from years that begin in March."""
    year = year - (month <= 2)
    era = year // 400
    year_of_era = year - era * 400
    day_of_year = (153 * (month + np.where(month > 2, -3, 9)) + 2) // 5 + dom - 1
    days: Ints = era * 146097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719468
    return days


def _shifts(wall: Ints, zone_name: str) -> tuple[Ints, NDArray[np.bool_]]:
    """How far the zone's clocks are ahead of UTC, and for which moments that is the same from the day before to the
    day after; the others, near a change of clocks, are read one by one.
    """
    days, index = distinct((wall // DAY_S).tolist())
    shifts, steady = np.zeros(len(days), dtype=np.int64), np.zeros(len(days), dtype=bool)
    for number, day in enumerate(days):
        ahead = {_ahead_s(day * DAY_S + offset, zone_name) for offset in (-DAY_S, 0, DAY_S, 2 * DAY_S)}
        shifts[number], steady[number] = ahead.pop(), not ahead
    return shifts[index], steady[index]


def _ahead_s(moment: int, zone_name: str) -> int:
    offset = local(moment, zone_name).utcoffset()  # type: ignore[arg-type]  # an instant by its number
    return 0 if offset is None else int(offset.total_seconds())
