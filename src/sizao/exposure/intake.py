"""What may enter the stays store: every row of a batch becomes a stay, repeats one, or is refused with a code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sizao.errors import ExposureError, Where
from sizao.exposure import sorting
from sizao.exposure.place_kinds import KIND_COUNT, PlaceKind, kind_code
from sizao.exposure.segments import EARLIEST_S, LATEST_S
from sizao.exposure.stays import STAY_SCHEMA, Flag, RefusedRow

Column = NDArray[Any]

REQUIRED = ("stay", "person", "place", "kind", "start_s")
_SEATS = ("zone", "row", "seat")


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a batch as plain columns. `good` marks those not refused; `codes` are the refusals by row."""

    columns: dict[str, Column]
    good: NDArray[np.bool_]
    codes: dict[int, str]
    long: NDArray[np.bool_]
    capped: NDArray[np.bool_]

    def counted(self) -> tuple[int, int]:
        """How many rows that were not refused are over-long, and how many were closed by a cap."""
        return int((self.long & self.good).sum()), int((self.capped & self.good).sum())

    def refuse(self, rows: Column, code: str) -> None:
        """Refuse rows; the first reason found is the one told."""
        for row in rows.tolist():
            self.codes.setdefault(row, code)
        self.good[rows] = False

    def refused(self, ids: pa.ChunkedArray) -> tuple[RefusedRow, ...]:
        """The refusals in order of rows; `ids` is the batch's own column of stay ids."""
        return tuple(RefusedRow(row, ids[row].as_py(), code) for row, code in sorted(self.codes.items()))


def read_rows(table: pa.Table, caps: Mapping[PlaceKind, int] | None) -> Rows:
    """The rows of a batch, checked one by one. Refuses the whole batch if a column is missing or of another type (E101)."""
    table = _typed(table)
    rows = table.num_rows
    good, codes = np.ones(rows, np.bool_), dict[int, str]()
    columns = {name: _plain(table.column(name), 0) for name in REQUIRED}
    columns |= {name: _plain(table.column(name), -1) for name in _SEATS}
    ends, said_open = table.column("end_s"), table.column("open_end")
    no_end = long = endless = np.zeros(rows, np.bool_)
    columns["end_s"], columns["flags"] = _plain(ends, 0), np.zeros(rows, np.uint8)
    if said_open.null_count < rows:
        columns["flags"][_plain(said_open, fill=False)] = Flag.OPEN_END
    if caps or ends.null_count:
        cap = _caps(caps)[np.clip(columns["kind"], 0, KIND_COUNT - 1)]
        no_end = pc.is_null(ends).to_numpy()
        columns["end_s"] = np.where(no_end, columns["start_s"] + cap, columns["end_s"])
        long = (columns["end_s"] - columns["start_s"] > cap) & (cap >= 0)
        columns["flags"][no_end] = Flag.OPEN_END
        columns["flags"][long] |= int(Flag.OVER_LONG)
        endless = no_end & (cap < 0)
    checked = Rows(columns, good, codes, long, no_end)
    for name in REQUIRED:
        if table.column(name).null_count:
            checked.refuse(np.flatnonzero(pc.is_null(table.column(name)).to_numpy()), "E102")
    _check_values(checked, endless)
    return checked


def _typed(table: pa.Table) -> pa.Table:
    """The columns of STAY_SCHEMA in its types, missing optional ones as nulls."""
    found = []
    for field in STAY_SCHEMA:
        if field.name in table.column_names:
            try:
                found.append(table.column(field.name).cast(field.type))
            except pa.ArrowInvalid as wrong:
                raise ExposureError("E101", where=Where(column=field.name), expected=str(field.type)) from wrong
        elif field.name in (*REQUIRED, "end_s"):
            raise ExposureError("E101", where=Where(column=field.name), expected=str(field.type))
        else:
            found.append(pa.chunked_array([pa.nulls(table.num_rows, field.type)]))
    return pa.table(found, names=STAY_SCHEMA.names)


def _plain(column: pa.ChunkedArray, fill: int) -> Column:
    if column.null_count == len(column):
        return np.full(len(column), fill, column.type.to_pandas_dtype())
    return (pc.fill_null(column, fill) if column.null_count else column).to_numpy()  # type: ignore[no-any-return]


def _caps(caps: Mapping[PlaceKind, int] | None) -> NDArray[np.int64]:
    found = np.full(KIND_COUNT, -1, np.int64)
    for kind, seconds in (caps or {}).items():
        found[kind_code(kind)] = seconds
    return found


def _check_values(rows: Rows, endless: NDArray[np.bool_]) -> None:
    column = rows.columns
    wrong: list[tuple[str, NDArray[np.bool_]]] = [
        ("E106", (column["stay"] < 0) | (column["person"] < 0) | (column["place"] < 0)),
        ("E109", (column["kind"] < 0) | (column["kind"] >= KIND_COUNT)),
        ("E108", endless),
        ("E104", (column["start_s"] < EARLIEST_S) | (column["end_s"] > LATEST_S)),
        ("E103", column["end_s"] <= column["start_s"]),
    ]
    for code, where in wrong:
        if where.any():
            rows.refuse(np.flatnonzero(where & rows.good), code)


def repeats_within(rows: Rows) -> NDArray[np.bool_]:
    """Marks rows that repeat an earlier row of the batch; refuses a row that gives a stay another content (E107)."""
    ids, count = rows.columns["stay"], len(rows.good)
    if count < 2 or (np.diff(ids) > 0).all():
        return np.zeros(count, np.bool_)
    chosen = np.flatnonzero(rows.good)
    first = chosen[sorting.repeated(np.ascontiguousarray(ids[chosen]), sorting.empty_table(len(chosen)))]
    again = np.zeros(count, np.bool_)
    again[chosen] = first != chosen
    later = np.flatnonzero(again)
    same = np.ones(len(later), np.bool_)
    earlier = first[np.searchsorted(chosen, later)]
    for name in (*REQUIRED, "end_s", *_SEATS):
        same &= rows.columns[name][later] == rows.columns[name][earlier]
    rows.refuse(later[~same], "E107")
    return again & rows.good


def check_kinds(rows: Rows, chosen: Column, place: NDArray[np.int32], kinds: NDArray[np.int16]) -> NDArray[np.int16]:
    """The kinds of places, extended by the batch's new ones; refuses a stay that gives its place another kind (E105).

    `place` is the dense place of the rows `chosen`.
    """
    said = rows.columns["kind"][chosen]
    known = np.full(max(len(kinds), int(place.max(initial=-1)) + 1), -1, np.int16)
    known[: len(kinds)] = kinds
    new = place >= len(kinds)
    if new.any():
        known[place[new][::-1]] = said[new][::-1]
    other = known[place] != said
    if other.any():
        rows.refuse(chosen[other], "E105")
    return known
