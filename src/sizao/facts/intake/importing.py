"""A file in: recognised, read, accounted for row by row, and stored as one batch, whole or not at all."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as MappingOf
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sizao.errors import FactsError, Where
from sizao.facts.intake import health, movement
from sizao.facts.intake.mapping import Given, Mapping, Refusal
from sizao.facts.intake.tables import ReadOptions, Table, read_table
from sizao.facts.intake.ways import WAYS, Taken, Way, unknown_way
from sizao.facts.kinds import FactId
from sizao.facts.stay_columns import StayColumns
from sizao.facts.store import Batch, BatchHead, FactStore
from sizao.when import OPEN, Instant
from sizao.words.catalogue import Lang

OWN_MAPPINGS: tuple[Mapping, ...] = (*movement.MAPPINGS, *health.MAPPINGS)
"""The mappings of this room, without the lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How to read the file (`reading`), which heading holds which column (`columns`), and the digest its sender
    declared.
    """

    reading: ReadOptions = field(default_factory=ReadOptions)
    columns: MappingOf[str, str] = field(default_factory=dict)
    declared_sha256: str | None = None
    keep_until: Instant = OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of a file: `rows` = `stored` + `refused`, always. `joined` of the stored rows repeat another row
    or a fact that was known. `stays` are for the stay store; `batch` is the fact store's entry, None when the
    mapping makes no facts. `dates` are the formats that date columns were read in, beside ISO; `unread` are cells (row,
    column, value) that could not be read and whose rows were taken without them; `row_of` is the first row each fact was
    told in, where that is known.
    """

    file: str
    mapping: str
    encoding: str | None
    sha256: str
    rows: int
    stored: int
    refused: int
    joined: int
    refusals: Sequence[Refusal]
    notes: MappingOf[str, int]
    dates: MappingOf[str, tuple[str, ...]]
    unread: Sequence[tuple[int, str, str]] = ()
    summary: MappingOf[str, Any] | None = None
    stays: StayColumns | None = None
    batch: Batch | None = None
    row_of: MappingOf[FactId, int] = field(default_factory=dict)

    def as_data(self, lang: Lang) -> dict[str, Any]:
        """The answer of `sizao import --json`."""
        data: dict[str, Any] = {
            "file": self.file, "mapping": self.mapping, "rows": self.rows, "stored": self.stored, "refused": self.refused,
            "joined": self.joined, "refusals": [refusal.as_data(lang) for refusal in self.refusals],
        }  # fmt: skip
        data |= {"encoding": self.encoding} if self.encoding else {}
        data |= {"notes": dict(self.notes)} if self.notes else {}
        data |= {"unread": [list(cell) for cell in self.unread]} if self.unread else {}
        data |= {"dates": {name: list(forms) for name, forms in self.dates.items()}} if self.dates else {}
        return data | ({"summary": dict(self.summary)} if self.summary is not None else {})


def import_file(
    path: Path,
    store: FactStore | None,
    given: Given,
    *,
    mapping: str | None = None,
    options: ImportOptions | None = None,
    ways: Sequence[Way] = WAYS,
) -> Imported:
    """Read a file and store its facts as one batch. The batch is named by the file and how it was read, so that the
    same import again changes nothing. Without a store everything is read and nothing kept (a trial run).

    Refuses the file whole when it cannot be read (F201-F236), does not match its declared digest (F234), is not
    recognised (F237, F238), or the mapping asked for does not exist (F239); a list also as `facts/lists` says.
    """
    chosen = options or ImportOptions()
    with _no_search_for_cycles():
        table = read_table(path, chosen.reading)
        sha256 = _sha256(path, chosen.declared_sha256)
        table, way = recognise(table, mapping, chosen, ways)
        taken = _taken(way, table, chosen, given)
    name = f"{way.name}-{_key(sha256, way, chosen, given)}"
    again = store is not None and any(batch.batch == name for batch in store.batches())
    batch = None if store is None else _store(store, taken, given, chosen, name)
    known = batch.rows - batch.stored if batch is not None else 0
    stored = taken.rows - len(taken.refusals)
    assert stored >= taken.joined >= 0
    return Imported(
        file=path.name, mapping=way.name, encoding=table.encoding, sha256=sha256, rows=taken.rows, stored=stored,
        refused=len(taken.refusals), joined=stored if again else min(stored, taken.joined + known),
        refusals=taken.refusals, notes=taken.notes, dates=taken.dates, unread=taken.unread, summary=taken.summary,
        stays=taken.stays, batch=batch, row_of=taken.row_of,
    )  # fmt: skip


def _taken(way: Way, table: Table, options: ImportOptions, given: Given) -> Taken:
    try:
        return way.take(table, options.columns, given)
    except FactsError as refused:
        where = replace(refused.where, file=table.file)
        raise FactsError(refused.code, where=where, **refused.slots) from refused


def _sha256(path: Path, declared: str | None) -> str:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if declared is not None and declared.lower() != sha256:
        raise FactsError("F234", where=Where(file=path.name), declared=declared, found=sha256)
    return sha256


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Rows and cells hold no cycles; searching millions of them for some takes a third of the time of a large import."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()


def _store(store: FactStore, taken: Taken, given: Given, options: ImportOptions, name: str) -> Batch | None:
    if not taken.facts and taken.stays is not None:
        return None
    head = BatchHead(
        batch=name, source=given.source, basis=given.basis, recorded_at=given.recorded_at, keep_until=options.keep_until
    )
    return store.append(taken.facts, head)


def _key(sha256: str, way: Way, options: ImportOptions, given: Given) -> str:
    """Whatever could make other facts of the same bytes goes into the batch's name."""
    how = (
        sha256, way.name, repr(options.reading), sorted(options.columns.items()), given.source, given.basis, given.zone,
        given.formats, sorted(given.column_formats.items()), sorted(given.defaults.items()), given.salt.hex(),
        sorted((given.timetable or {}).items()), given.beside,
    )  # fmt: skip
    return hashlib.sha256(repr(how).encode()).hexdigest()[:32]


def recognise(table: Table, name: str | None, options: ImportOptions, ways: Sequence[Way] = WAYS) -> tuple[Table, Way]:
    """The way asked for, or the one whose columns the header fits best; a header that fits none may stand in the
    second row, under a row of group names. Refuses an unknown name (F239), a file that fits none (F237) or several
    equally well (F238).
    """
    below = _second_header(table, options)
    if name is not None:
        way = next((one for one in ways if one.name == name), None)
        if way is None:
            raise unknown_way(name, ways)
        better = below is not None and way.fits(below, options.columns) > 0 == way.fits(table, options.columns)
        return (below if better and below is not None else table), way
    for candidate in (table, below):
        if candidate is None:
            continue
        fits = {one.name: one.fits(candidate, options.columns) for one in ways}
        best = max(fits.values())
        names = [one for one, fit in fits.items() if fit == best]
        if best and len(names) > 1:
            raise FactsError("F238", where=Where(file=table.file), names=", ".join(names))
        if best:
            return candidate, next(one for one in ways if one.name == names[0])
    known = ", ".join(way.name for way in ways)
    raise FactsError("F237", where=Where(file=table.file), found=", ".join(table.columns), known=known)


def _second_header(table: Table, options: ImportOptions) -> Table | None:
    """The table as if its first data row were the header; None when the header's row was named, where there is no such
    row, or where it looks like data.
    """
    if options.reading.header_row != 1 or not table.rows:
        return None
    columns = tuple(cell.strip() for cell in table.rows[0])
    if not all(columns):
        return None
    return replace(table, columns=columns, rows=table.rows[1:], row_numbers=list(table.row_numbers)[1:])
