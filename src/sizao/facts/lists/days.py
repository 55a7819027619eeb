"""The dates of a list. ISO and dates that begin with the year can be read in one way only; what could be day-first
or month-first is read when somebody named the order, or when a system's own default stands and the file itself bears
it out.

A mapping may have a default order (SORMAS writes DD.MM.YYYY). It counts only where some date of the file can be
nothing else and no date contradicts it: a file in the other order would otherwise give wrong dates without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sizao.facts.intake.dates import OFFERED, pattern_of, read_date, read_instant
from sizao.facts.lists.columns import is_blank
from sizao.facts.lists.shapes import ListOptions
from sizao.when import Instant, Precision, local_day

YEAR_FIRST = tuple(form for form in OFFERED if form.startswith("YYYY"))
_TIMES = ("", " H:mm", " H:mm:ss")
DAY_FIRST = tuple(f"D{mark}M{mark}YYYY{time}" for mark in "./-" for time in _TIMES)
MONTH_FIRST = tuple(f"M{mark}D{mark}YYYY{time}" for mark in "./-" for time in _TIMES)
_DIGIT = re.compile(r"[0-9]")
FIRST_YEAR = 1900
"""No outbreak on a list is older; an earlier year is a slip of the pen."""


class Moment(NamedTuple):
    """When something was: the instant, its local day, how exact."""

    instant: Instant
    day: date
    precision: Precision


class Unread(NamedTuple):
    """Why a cell gives no date: the code of the refusal and its slots beside the value."""

    code: str
    slots: Mapping[str, str]


Dates = Mapping[str, Moment | Unread | None]
"""For each different cell of a column what it says; None for a blank one."""


class DateColumn(NamedTuple):
    """A date column: its name in the mapping, its heading, its different cells."""

    name: str
    heading: str
    cells: frozenset[str]


def read_dates(
    columns: Sequence[DateColumn], options: ListOptions, *, default: bool = False
) -> tuple[dict[str, Dates], frozenset[str]]:
    """Every different cell of every date column, read or not; and the cells that only a default order reads.

    With `default` the mapping's own order is day first. It is decided over all columns together, for one system
    writes one order.
    """
    told = {column.name: _told(column, options) for column in columns}
    order = _NO_ORDER
    if default:
        order = _Order.of(
            {cell for column in columns if not told[column.name] for cell in column.cells if not _plain(cell)}
        )
    read = {
        column.name: _column(column, told[column.name], _NO_ORDER if told[column.name] else order, options)
        for column in columns
    }
    return read, order.settled


def _column(column: DateColumn, formats: tuple[str, ...], order: _Order, options: ListOptions) -> Dates:
    loose = {
        cell: _forms_of(cell)
        for cell in column.cells
        if not is_blank(cell) and not _reads(cell, formats) and cell not in order.settled
    }
    refused = _refusals(loose)
    found: dict[str, Moment | Unread | None] = {}
    for cell in column.cells:
        if cell in loose:
            found[cell] = order.contested(cell) or refused[loose[cell]]
        else:
            found[cell] = _moment(cell, DAY_FIRST if cell in order.settled else formats or YEAR_FIRST, options)
    return found


def _refusals(loose: Mapping[str, tuple[str, ...]]) -> dict[tuple[str, ...], Unread]:
    """For the formats a cell could be read in, why it is not. No format at all is no date (F308). One that reads
    every open cell of the column is proposed (F305); several are named (F306).
    """
    by_forms: dict[tuple[str, ...], list[str]] = {}
    for cell, forms in loose.items():
        by_forms.setdefault(forms, []).append(cell)
    shared = set.intersection(*(set(forms) for forms in by_forms if forms)) if any(by_forms) else set()
    refused: dict[tuple[str, ...], Unread] = {(): Unread("F308", {})}
    for forms in filter(None, by_forms):
        open_to = [form for form in forms if form in shared] or list(forms)
        named = [_padded(form, [cell for cells in by_forms.values() for cell in cells]) for form in open_to]
        refused[forms] = (
            Unread("F305", {"proposed": named[0]})
            if len(named) == 1
            else Unread("F306", {"readings": ", ".join(named)})
        )
    return refused


def _told(column: DateColumn, options: ListOptions) -> tuple[str, ...]:
    formats = options.column_formats.get(column.name) or options.column_formats.get(column.heading) or options.formats
    for form in formats:
        pattern_of(form)
    return tuple(formats)


class _Order(NamedTuple):
    """Whether the default order stands: the cells it may read, and a cell that contradicts it."""

    settled: frozenset[str]
    contradiction: str | None

    @staticmethod
    def of(cells: Iterable[str]) -> _Order:
        """Decides the order over all cells that are neither blank nor plain."""
        by_day = {cell: read_date(cell, DAY_FIRST) for cell in cells}
        by_month = {cell: read_date(cell, MONTH_FIRST) for cell in cells}
        either = {cell for cell in by_day if by_day[cell] is not None and by_month[cell] not in (None, by_day[cell])}
        only = {cell for cell in by_day if by_day[cell] is not None} - either
        against = sorted(cell for cell in by_day if by_day[cell] is None and by_month[cell] is not None)
        borne_out = not against and any(by_month[cell] is None for cell in only)
        return _Order(frozenset(only | either if borne_out else only), against[0] if against else None)

    def contested(self, cell: str) -> Unread | None:
        """The refusal of a cell that could be read, were it not for another cell of the file."""
        if self.contradiction is None or read_date(cell, DAY_FIRST) is None:
            return None
        return Unread(
            "F307", {"other": self.contradiction, "proposed": _padded(_forms_of(self.contradiction)[0], [cell])}
        )


_NO_ORDER = _Order(frozenset(), None)


def _plain(cell: str) -> bool:
    return is_blank(cell) or _reads(cell, YEAR_FIRST)


def _reads(cell: str, formats: Sequence[str]) -> bool:
    return read_instant(cell, formats or YEAR_FIRST, "UTC") is not None


def _moment(cell: str, formats: Sequence[str], options: ListOptions) -> Moment | Unread | None:
    if is_blank(cell):
        return None
    found = read_instant(cell, formats, options.zone)
    assert found is not None
    instant, precision = found
    day = local_day(instant, options.zone)
    if day.year < FIRST_YEAR or instant > options.recorded_at:
        return Unread("F309", {})
    return Moment(instant, day, precision)


def _forms_of(cell: str) -> tuple[str, ...]:
    """The formats that read this cell."""
    return tuple(form for form in _of_shape(_DIGIT.sub("1", cell)) if read_date(cell, (form,)) is not None)


@lru_cache(maxsize=4096)
def _of_shape(shape: str) -> tuple[str, ...]:
    """The formats whose pattern fits cells of this shape, digits apart."""
    return tuple(form for form in (*YEAR_FIRST, *DAY_FIRST, *MONTH_FIRST) if pattern_of(form).match(shape))


def _padded(form: str, cells: Iterable[str]) -> str:
    """The format with two digits for day and month, where the cells are written so."""
    wide = form.replace("D", "DD").replace("M", "MM")
    fitting = [cell for cell in cells if pattern_of(form).match(cell)]
    return wide if fitting and all(pattern_of(wide).match(cell) for cell in fitting) else form
