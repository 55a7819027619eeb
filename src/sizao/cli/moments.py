"""Moments and days as a person writes them on the command line."""

from __future__ import annotations

import re
from datetime import date

from sizao.cli.shell import Read
from sizao.errors import Where
from sizao.when import Instant, day_span, instant_of, local, parse_day, parse_instant, zone
from sizao.words.catalogue import DEFAULT_ZONE

_DAY_ONLY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}\Z")
_NO_OFFSET = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?\Z")


def read_moment(text: str, zone_name: str) -> Instant:
    """A moment: ISO 8601 with an offset; without one, the clock of `zone_name`; a day alone is its last second.

    Refuses what is neither (T103, T104).
    """
    if _DAY_ONLY.match(text):
        return Instant(day_span(parse_day(text), zone_name).end - 1)
    if _NO_OFFSET.match(text):
        wall = local(parse_instant(text.replace(" ", "T") + "Z"), "UTC").replace(tzinfo=zone(zone_name))
        return instant_of(wall)
    return parse_instant(text)


def _moment(text: str, _where: Where) -> str:
    # The zone may stand further on in the command line, so the text is only tried here.
    read_moment(text, DEFAULT_ZONE)
    return text


def _day(text: str, _where: Where) -> date:
    return parse_day(text)


def _zone(text: str, _where: Where) -> str:
    return zone(text).key


MOMENT = Read("moment", _moment)
"""A moment, kept as written until the zone is known; refused at once when it can never be one (T103, T104)."""
DAY = Read("day", _day)
"""A calendar day, YYYY-MM-DD (T104)."""
ZONE = Read("zone", _zone)
"""An IANA time zone (T101)."""
