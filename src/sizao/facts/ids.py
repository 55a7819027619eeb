"""Citizen identity numbers (GB 11643): what makes one impossible, and what only looks odd.

The check character (ISO 7064, MOD 11-2) and the date of birth are hard. The division code is not: it is that of the
place of first registration under the map of that day, so a code that is younger than the birth year, or no longer on
the map, is real and gets a warning.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from sizao.facts.seats import normal

_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_CHECKS = "10X98765432"
_SHAPE = re.compile(r"\d{17}[\dX]\Z", re.ASCII)

PROVINCES = frozenset({
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44", "45", "46",
    "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83",
})  # fmt: skip
"""The first two digits that exist."""


class CitizenId(NamedTuple):
    """What a number says: `problems` make it impossible, `warnings` do not. `born` is None when the date is impossible."""

    number: str
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    born: date | None = None

    @property
    def valid(self) -> bool:
        """True when nothing makes the number impossible."""
        return not self.problems


def check_character(first: str) -> str:
    """The eighteenth character for the first seventeen digits."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True)) % 11]


def read_citizen_id(
    text: str, *, divisions: Collection[str] = (), since: Mapping[str, int] | None = None, today: date | None = None
) -> CitizenId:
    """Read a number. `divisions` are the six-digit codes known today and `since` the year each came on the map: both
    only warn. With `today` a birth in the future is a problem.
    """
    number = normal(text)
    if not _SHAPE.match(number):
        return CitizenId(number, ("id.shape",))
    problems = []
    if check_character(number[:17]) != number[17]:
        problems.append("id.check")
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        born = None
        problems.append("id.date")
    if born is not None and today is not None and born > today:
        problems.append("id.future")
    if number[:2] not in PROVINCES:
        problems.append("id.province")
    return CitizenId(number, tuple(problems), _warnings(number, born, divisions, since or {}), born)


def _warnings(number: str, born: date | None, divisions: Collection[str], since: Mapping[str, int]) -> tuple[str, ...]:
    code = number[:6]
    warnings = []
    if divisions and code not in divisions:
        warnings.append("id.division_unknown")
    if born is not None and since.get(code, 0) > born.year:
        warnings.append("id.division_younger")
    return tuple(warnings)
