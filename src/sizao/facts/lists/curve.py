"""Curves: one row for each day or week, one column of counts for each place or kind. They are summed up; no fact
holds a count.

A blank is no report, not a zero. Whether a series counts new cases or all so far is not guessed: the sum and the last
value are both given, and whether it ever falls.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from sizao.errors import FactsError, Where
from sizao.facts.intake.mapping import Refusal
from sizao.facts.intake.tables import Table
from sizao.facts.lists.columns import found_in, identities, key_of
from sizao.facts.lists.numbers import span
from sizao.facts.lists.shapes import Entry, ListOptions, ListRead, broken_rows, counted, refused, settle
from sizao.facts.lists.sheet import Fields, Sheet, open_sheet

NAME = "curve"
FIELDS = Fields(
    headings={"date": ("day", "日期", "时间", "report_date", "报告日期")}, dates=("date",), needed=("date",)
)
_ORDINALS = frozenset(("situationreport", "week", "weekno", "year", "no", "序号", "周次", "年份"))
_COUNT = re.compile(r"\d+(?:\.0+)?\Z", re.ASCII)


class Point(NamedTuple):
    """The counts of one day, in the order of the series; None where the day has none."""

    day: date
    counts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The series of a file by their headings, each as long as `days`, which are in order."""

    days: tuple[date, ...]
    series: Mapping[str, tuple[int | None, ...]]
    ignored: tuple[str, ...]
    joined: int
    refusals: tuple[Refusal, ...]
    notes: Mapping[str, int]


def recognises(columns: Sequence[str]) -> int:
    """1 for a header with a date and nothing that says who somebody is: anything that fits better goes first."""
    others = [heading for heading in columns if key_of(heading) not in ("id", "person", "from", "to")]
    return int(len(others) == len(columns) > 1 and not identities(columns) and bool(found_in(columns, FIELDS.headings)))


def read(table: Table, options: ListOptions) -> ListRead:
    """A curve's summary and refusals; its rows count as stored where they are in the summary."""
    curve = curve_of(table, options)
    series = {name: _series(curve.days, counts) for name, counts in curve.series.items()}
    summary: dict[str, Any] = {
        "days": len(curve.days), **span("day", curve.days), "totals": {name: one["total"] for name, one in series.items()},
        "series": series, "columns_ignored": list(curve.ignored),
    }  # fmt: skip
    return ListRead(
        mapping=NAME, facts=(), rows=table.total, joined=curve.joined, refusals=curve.refusals, summary=summary,
        notes=dict(curve.notes),
    )  # fmt: skip


def curve_of(table: Table, options: ListOptions) -> Curve:
    """The series of a file. Refuses one without a column of dates (F301) or without any column of counts (F322)."""
    sheet = open_sheet(table, FIELDS, options)
    at = [index for index in range(len(table.columns)) if index != sheet.places["date"] and _is_series(table, index)]
    if table.rows and not at:
        raise FactsError("F322", where=Where(file=table.file), found=", ".join(table.columns))
    entries: list[Entry[Point]] = []
    refusals = broken_rows(table)
    for row, cells in zip(table.row_numbers, table.rows, strict=True):
        try:
            point = _point(sheet, row, cells, at)
        except FactsError as error:
            refusals.append(refused(error))
        else:
            entries.append(Entry(row, sheet.heading("date"), point.day.isoformat(), point.day, point))
    settled = settle(entries, table.file)
    points = sorted(settled.records, key=lambda point: point.day)
    notes = sheet.notes() + Counter({"list.counts_only_summed": len(points)})
    return Curve(
        days=tuple(point.day for point in points),
        series={table.columns[index]: tuple(point.counts[place] for point in points) for place, index in enumerate(at)},
        ignored=tuple(heading for index, heading in enumerate(table.columns) if index not in (*at, sheet.places["date"])),
        joined=settled.joined, refusals=tuple(sorted(refusals + settled.refusals, key=lambda one: one.row)),
        notes=counted(notes),
    )  # fmt: skip


def _is_series(table: Table, index: int) -> bool:
    """A column in which some cell is a count and that does not merely number the rows."""
    return key_of(table.columns[index]) not in _ORDINALS and any(
        _COUNT.match(cells[index].strip()) for cells in table.rows
    )


def _point(sheet: Sheet, row: int, cells: Sequence[str], at: Sequence[int]) -> Point:
    moment = sheet.moment("date", row, cells)
    if moment is None:
        sheet.refuse("F313", "date", row, cells, wanted="date")
    return Point(moment.day, tuple(_count(sheet, row, cells[index], index) for index in at))


def _count(sheet: Sheet, row: int, cell: str, index: int) -> int | None:
    text = cell.strip()
    if not text or text.casefold() in ("na", "nan", "n/a"):
        return None
    if not _COUNT.match(text):
        where = Where(file=sheet.table.file, row=row, column=sheet.table.columns[index])
        raise FactsError("F323", where=where, value=text)
    return int(text.partition(".")[0])


def _series(days: Sequence[date], counts: Sequence[int | None]) -> dict[str, Any]:
    known = [(day, count) for day, count in zip(days, counts, strict=True) if count is not None]
    if not known:
        return {
            "known": 0,
            "total": 0,
            "peak": None,
            "peak_day": None,
            "last": None,
            "last_day": None,
            "never_falls": None,
        }
    top = max(known, key=lambda one: (one[1], -one[0].toordinal()))
    falls = any(later[1] < earlier[1] for earlier, later in pairwise(known))
    return {
        "known": len(known), "total": sum(count for _, count in known), "peak": top[1], "peak_day": top[0].isoformat(),
        "last": known[-1][1], "last_day": known[-1][0].isoformat(), "never_falls": not falls,
    }  # fmt: skip
