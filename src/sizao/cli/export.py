"""Answers as files: CSV and XLSX that no spreadsheet can be tricked by, and calendar entries of duties."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from icalendar import Calendar, Event
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from sizao import __version__
from sizao.errors import CliError, Where
from sizao.when import Instant

Cell = str | int | float | None

SHEET_ROWS = 1_048_576
"""The most rows a sheet can hold; what does not fit is refused, never cut off."""
_TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: Cell) -> Cell:
    """The value as a cell that no spreadsheet runs as a formula: a text that begins like one gets an apostrophe before it."""
    if isinstance(value, str) and value.lstrip(" ").startswith(_TRIGGERS):
        return "'" + value
    return value


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A draft beside the file that takes its place only when it was written to the end."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.absolute().parent)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        # mkstemp makes files for the owner only; the answer gets the rights any new file of this person would have.
        mask = os.umask(0)
        os.umask(mask)
        draft.chmod(0o666 & ~mask)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """UTF-8 with a byte-order mark, so that spreadsheets on any system read Chinese as it is."""
    with _whole(path) as draft, draft.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows([safe_cell(cell) for cell in row] for row in rows)


def write_xlsx(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """One sheet, headings fixed, every text marked as text so that none becomes a formula. Refuses more rows than a sheet
    holds (C132).
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    sheet.append([_sheet_cell(sheet, heading) for heading in headings])
    for number, row in enumerate(rows, start=2):
        if number > SHEET_ROWS:
            raise CliError("C132", where=Where(file=str(path)), rows=SHEET_ROWS - 1)
        sheet.append([_sheet_cell(sheet, cell) for cell in row])
    with _whole(path) as draft:
        book.save(draft)


def _sheet_cell(sheet: Any, value: Cell) -> Any:
    if not isinstance(value, str):
        return value
    # A sheet cannot hold control characters; a visible mark takes the place of each.
    cell = WriteOnlyCell(sheet, "".join(mark if mark >= " " or mark in "\t\n" else "\ufffd" for mark in value))
    cell.data_type = "s"
    return cell


class Due(NamedTuple):
    """A duty as a calendar entry: a name that stays the same, from when, until when, in words."""

    uid: str
    start: Instant
    due: Instant
    summary: str
    description: str


def write_ics(path: Path, duties: Iterable[Due], *, written_at: Instant, name: str) -> None:
    """A calendar with one entry at each due moment; all moments in UTC, so every calendar shows its own local time."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Sizao//{__version__}//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for duty in duties:
        event = Event()
        event.add("uid", duty.uid)
        event.add("dtstamp", _utc(written_at))
        event.add("dtstart", _utc(duty.due))
        event.add("dtend", _utc(duty.due) + timedelta(minutes=15))
        event.add("summary", duty.summary)
        event.add("description", duty.description)
        calendar.add_component(event)
    with _whole(path) as draft:
        draft.write_bytes(calendar.to_ical())


def _utc(moment: Instant) -> datetime:
    return datetime.fromtimestamp(moment, UTC)
