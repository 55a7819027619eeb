"""Files as tables of text cells, whole or refused: CSV, XLSX, ODS, JSON, NDJSON, Parquet.

Rows are numbered as a person sees them: the header is row 1. Nothing is dropped: what cannot be read refuses the
file, or the row.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import python_calamine

from sizao.columnar import read_parquet
from sizao.errors import FactsError, Where
from sizao.facts.intake.dates import typed
from sizao.facts.intake.encodings import decode

SHEET_LIMIT = 1_048_576
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How a file is to be read where it does not say so itself."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int = 1
    declared_rows: int | None = None


class BadRow(NamedTuple):
    """A row that cannot be read as cells, and why."""

    row: int
    error: FactsError


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as text, one tuple per data row, as wide as the header; `row_numbers` as a person counts. `bad` rows are
    not among them.
    """

    file: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    row_numbers: Sequence[int]
    form: str
    encoding: str | None = None
    bad: tuple[BadRow, ...] = field(default=())

    def column(self, name: str) -> list[str]:
        """All cells of one column, in the order of the rows."""
        index = self.columns.index(name)
        return [row[index] for row in self.rows]

    @property
    def total(self) -> int:
        """Rows of the file: those read and those that could not be."""
        return len(self.rows) + len(self.bad)


def read_table(path: Path, options: ReadOptions | None = None) -> Table:
    """The table of a file. Refuses it whole when it is missing (F220), `.xls` (F221), of an unknown kind (F222), at
    a sheet's row limit (F223), cut off (F224), without header (F225), or with another number of rows than declared
    (F226).
    """
    chosen = options or ReadOptions()
    if not path.is_file():
        raise FactsError("F220", where=Where(file=path.name))
    with path.open("rb") as opened:
        start = opened.read(8)
    if start == OLD_EXCEL or path.suffix.lower() == ".xls":
        raise FactsError("F221", where=Where(file=path.name))
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise FactsError("F222", where=Where(file=path.name), kinds=", ".join(sorted(READERS)))
    table = reader(path, chosen)
    if chosen.declared_rows is not None and chosen.declared_rows != table.total:
        raise FactsError("F226", where=Where(file=path.name), declared=chosen.declared_rows, found=table.total)
    return table


def _csv(path: Path, options: ReadOptions) -> Table:
    decoded = decode(path.read_bytes(), file=path.name, forced=options.encoding)
    delimiter = options.delimiter or _delimiter(decoded.text)
    lines = csv.reader(io.StringIO(decoded.text, newline=""), delimiter=delimiter, strict=True)
    cells: list[list[str]] = []
    try:
        cells.extend(lines)
    except csv.Error as cut:
        raise FactsError("F224", where=Where(file=path.name, row=len(cells) + 1)) from cut
    return _shaped(
        path.name, cells, options, "csv", decoded.encoding, ends_whole=decoded.text.endswith(("\n", "\r", '"'))
    )


def _delimiter(text: str) -> str:
    """The candidate most frequent in the first line outside quotes; a comma when none is there."""
    line = text[: text.find("\n")] if "\n" in text else text
    bare = "".join(line.lstrip("\ufeff").split('"')[::2])
    counts = {mark: bare.count(mark) for mark in DELIMITERS}
    best = max(DELIMITERS, key=lambda mark: counts[mark])
    return best if counts[best] else ","


def _shaped(
    file: str,
    cells: list[list[str]],
    options: ReadOptions,
    form: str,
    encoding: str | None = None,
    *,
    ends_whole: bool = True,
) -> Table:
    """Header and rows; trailing empty cells are no matter, others too many refuse the row, so does a last row cut
    short.
    """
    head = options.header_row - 1
    if len(cells) <= head or not any(cell.strip() for cell in cells[head]):
        raise FactsError("F225", where=Where(file=file, row=options.header_row))
    columns = tuple(cell.strip().lstrip("\ufeff") for cell in cells[head])
    while columns and not columns[-1]:
        columns = columns[:-1]
    width, last = len(columns), len(cells) - 1
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    bad: list[BadRow] = []
    for index in range(head + 1, len(cells)):
        row = cells[index]
        if not any(row):
            continue
        if len(row) != width:
            if any(cell.strip() for cell in row[width:]):
                bad.append(
                    BadRow(
                        index + 1,
                        FactsError("F227", where=Where(file=file, row=index + 1), cells=len(row), columns=width),
                    )
                )
                continue
            if len(row) < width and index == last and not ends_whole:
                bad.append(
                    BadRow(
                        index + 1,
                        FactsError("F228", where=Where(file=file, row=index + 1), cells=len(row), columns=width),
                    )
                )
                continue
            row = (row + [""] * width)[:width]
        rows.append(tuple(row))
        numbers.append(index + 1)
    return Table(file, columns, rows, numbers, form, encoding, tuple(bad))


def _sheet(path: Path, options: ReadOptions) -> Table:
    try:
        book = python_calamine.load_workbook(str(path))
        named = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in _chosen(book, path, options)
        }
    except python_calamine.CalamineError as broken:
        raise FactsError("F229", where=Where(file=path.name), says=str(broken)) from broken
    filled = {name: rows for name, rows in named.items() if any(any(cell != "" for cell in row) for row in rows)}
    if len(filled) > 1:
        raise FactsError("F230", where=Where(file=path.name), sheets=", ".join(filled))
    rows = next(iter(filled.values()), [])
    if len(rows) >= SHEET_LIMIT:
        raise FactsError("F223", where=Where(file=path.name), limit=SHEET_LIMIT)
    return _shaped(path.name, [[_cell(cell) for cell in row] for row in rows], options, path.suffix.lower().lstrip("."))


def _chosen(book: Any, path: Path, options: ReadOptions) -> list[str]:
    names = list(book.sheet_names)
    if options.sheet is None:
        return names
    if options.sheet not in names:
        raise FactsError("F231", where=Where(file=path.name), sheet=options.sheet, sheets=", ".join(names))
    return [options.sheet]


def _cell(value: object) -> str:
    """A typed cell as text: dates as ISO, whole numbers without a decimal point, everything else as it stands."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, timedelta):
        return str(value)
    return typed(value) or str(value)


def _json(path: Path, options: ReadOptions) -> Table:
    decoded = decode(path.read_bytes(), file=path.name, forced=options.encoding)
    try:
        found = json.loads(decoded.text)
    except json.JSONDecodeError as broken:
        raise FactsError("F232", where=Where(file=path.name, line=broken.lineno), says=broken.msg) from broken
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise FactsError("F233", where=Where(file=path.name))
    _no_half_signs(decoded.text, found, path.name)
    return _objects(path.name, found, "json", decoded.encoding)


def _ndjson(path: Path, options: ReadOptions) -> Table:
    decoded = decode(path.read_bytes(), file=path.name, forced=options.encoding)
    found: list[dict[str, Any]] = []
    for number, line in enumerate(decoded.text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as broken:
            raise FactsError("F232", where=Where(file=path.name, line=number), says=broken.msg) from broken
        if not isinstance(row, dict):
            raise FactsError("F233", where=Where(file=path.name, line=number))
        found.append(row)
    _no_half_signs(decoded.text, found, path.name)
    return _objects(path.name, found, "ndjson", decoded.encoding)


def _no_half_signs(text: str, found: object, file: str) -> None:
    """Half of a surrogate pair, written as an escape, is no text that could be stored or shown (F245)."""
    if "\\ud" not in text.lower():
        return
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError as half:
        raise FactsError("F245", where=Where(file=file)) from half


def _objects(file: str, found: list[dict[str, Any]], form: str, encoding: str | None) -> Table:
    """Objects as rows. Keys in the order first met; row 1 is the header that a sheet would have, so objects count
    from 2.
    """
    columns = tuple(dict.fromkeys(str(key) for row in found for key in row))
    if not columns:
        raise FactsError("F225", where=Where(file=file, row=1))
    rows = [tuple(_json_cell(row.get(name)) for name in columns) for row in found]
    return Table(file, columns, rows, range(2, len(rows) + 2), form, encoding)


def _json_cell(value: object) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return _cell(value)


def _parquet(path: Path, options: ReadOptions) -> Table:  # noqa: ARG001 - one shape for all readers
    table = read_parquet(path)
    columns = [[_cell(value) for value in column.to_pylist()] for column in table.columns]
    rows = list(zip(*columns, strict=True)) if columns else []
    return Table(path.name, tuple(table.column_names), rows, range(2, len(rows) + 2), "parquet")


READERS: dict[str, Callable[[Path, ReadOptions], Table]] = {
    ".csv": _csv, ".tsv": _csv, ".txt": _csv, ".xlsx": _sheet, ".xlsm": _sheet, ".ods": _sheet, ".json": _json,
    ".ndjson": _ndjson, ".jsonl": _ndjson, ".parquet": _parquet,
}  # fmt: skip
