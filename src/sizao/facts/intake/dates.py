"""Dates and times by explicit formats. What could be read two ways is not read at all until somebody says which it
is.

A format is written as people write it: `YYYY-MM-DD`, `DD.MM.YYYY`, `MM/DD/YYYY HH:mm`, `YYYY年M月D日`. ISO dates are
always understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from sizao.errors import FactsError
from sizao.when import Instant, Precision, instant_of, zone

PARTS = {
    "YYYY": r"(?P<year>\d{4})", "MM": r"(?P<month>\d{2})", "M": r"(?P<month>\d{1,2})", "DD": r"(?P<day>\d{2})",
    "D": r"(?P<day>\d{1,2})", "HH": r"(?P<hour>\d{2})", "H": r"(?P<hour>\d{1,2})", "mm": r"(?P<minute>\d{2})",
    "ss": r"(?P<second>\d{2})",
}  # fmt: skip

_TOKEN = re.compile("YYYY|MM|DD|HH|mm|ss|M|D|H")

ISO = ("YYYY-MM-DD", "YYYY-MM-DD HH:mm", "YYYY-MM-DD HH:mm:ss", "YYYY-MM-DDTHH:mm", "YYYY-MM-DDTHH:mm:ss")

OFFERED = (
    *ISO, "YYYY/M/D", "YYYY/M/D H:mm", "YYYY/M/D H:mm:ss", "YYYY.M.D", "YYYY年M月D日", "YYYY年M月D日 H:mm", "YYYYMMDD",
    "D.M.YYYY", "M.D.YYYY", "D/M/YYYY", "M/D/YYYY", "D-M-YYYY", "M-D-YYYY",
)  # fmt: skip
"""Formats that may be proposed to a person; none but ISO is applied unless it was named."""


class Read(NamedTuple):
    """A moment as far as the cell says it: the wall clock, and how exact."""

    moment: datetime
    precision: Precision


@lru_cache(maxsize=256)
def pattern_of(form: str) -> re.Pattern[str]:
    """The pattern of a format; refuses one without year, month and day (F211)."""
    built, at = "", 0
    for token in _TOKEN.finditer(form):
        built += re.escape(form[at : token.start()]) + PARTS[token.group()]
        at = token.end()
    built += re.escape(form[at:])
    try:
        compiled = re.compile(rf"\s*{built}\s*\Z", re.ASCII)
    except re.error as twice:
        raise FactsError("F211", value=form) from twice
    if not {"year", "month", "day"} <= set(compiled.groupindex):
        raise FactsError("F211", value=form)
    return compiled


def read_date(text: str, formats: Sequence[str] = ()) -> Read | None:
    """The moment a cell says under the formats named, or ISO; None when it fits none or is no day of the calendar.

    Where formats were named for the column, only they and ISO count; a cell that fits two of them with different days
    is not read.
    """
    found = {read for form in (*formats, *ISO) if (read := _read(text, form)) is not None}
    return found.pop() if len(found) == 1 else None


@lru_cache(maxsize=65536)
def _read(text: str, form: str) -> Read | None:
    match = pattern_of(form).match(text)
    if match is None:
        return None
    parts = {name: int(value) for name, value in match.groupdict().items()}
    try:
        moment = datetime(**parts)  # type: ignore[arg-type]  # noqa: DTZ001 - a wall clock; its zone is the reader's to give
    except ValueError:
        return None
    if "second" in parts:
        return Read(moment, Precision.SECOND)
    return Read(moment, Precision.MINUTE if "minute" in parts else Precision.HOUR if "hour" in parts else Precision.DAY)


def proposals(values: Iterable[str]) -> tuple[str, ...]:
    """The formats that read every value of a column. One alone may be proposed to a person; several are an ambiguity
    to name.
    """
    texts = [value for value in dict.fromkeys(values) if value.strip()]
    if not texts:
        return ()
    return tuple(form for form in OFFERED if all(_read(text, form) is not None for text in texts))


def read_instant(text: str, formats: Sequence[str], zone_name: str | None) -> tuple[Instant, Precision] | None:
    """The instant of a cell: its own offset where it has one, else the zone given. None when it cannot be read.

    Refuses a clock time without offset when no zone was given (F212).
    """
    own = _with_offset(text.strip())
    if own is not None:
        return own, Precision.SECOND
    read = read_date(text, formats)
    if read is None:
        return None
    if zone_name is None:
        raise FactsError("F212", value=text)
    return instant_of(read.moment.replace(tzinfo=zone(zone_name))), read.precision


def _with_offset(text: str) -> Instant | None:
    if len(text) < 20 or (text[-1] not in "Zz" and text[-6] not in "+-" and text[-5] not in "+-"):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if moment.tzinfo is None else instant_of(moment)


def typed(value: object) -> str | None:
    """How a date cell of a spreadsheet reads as ISO text; None for anything that is not a date or time."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return value.isoformat() if isinstance(value, date) else None
