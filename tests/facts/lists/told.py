"""Tables and options for tests of lists: invented rows, never anybody's."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from sizao.facts.intake.tables import Table
from sizao.facts.lists import MAPPINGS, ListOptions, ListRead
from sizao.when import parse_instant

IMPORTED = parse_instant("2026-11-23T08:00:00+08:00")


def told(**values: Any) -> ListOptions:
    """Options of an import on 23 November 2026."""
    options: dict[str, Any] = {"recorded_at": IMPORTED, "source": "某地名单", "recorder": "tester", "basis": "test"}
    return ListOptions(**(options | values))


def table(text: str, file: str = "list.csv") -> Table:
    """A table of CSV text; blank lines and the indent of the test are left out."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    cells = list(csv.reader(io.StringIO("\n".join(lines))))
    width = len(cells[0])
    rows = [tuple((row + [""] * width)[:width]) for row in cells[1:]]
    return rows_of(tuple(cells[0]), rows, file)


def rows_of(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]], file: str = "list.csv") -> Table:
    """A table of cells, its rows numbered from 2."""
    return Table(file, columns, list(rows), range(2, len(rows) + 2), "csv")


def read(name: str, text: str, **values: Any) -> ListRead:
    """A list of CSV text as a mapping reads it; every row is accounted for."""
    found = MAPPINGS[name].read(table(text), told(**values))
    assert found.rows == found.stored + found.refused
    return found


def codes(found: ListRead) -> list[tuple[int, str, str]]:
    """The refusals as (row, column, code)."""
    return [(one.row, one.column, one.error.code) for one in found.refusals]
