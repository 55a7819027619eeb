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
from sizao.facts.intake.mapping import Cells, Given, Mapping, Reading, Refusal
from sizao.facts.intake.tables import ReadOptions, Table, read_table
from sizao.facts.stay_columns import StayColumns
from sizao.facts.store import Batch, BatchHead, FactStore
from sizao.when import OPEN, Instant
from sizao.words.catalogue import Lang

OWN_MAPPINGS: tuple[Mapping, ...] = (*movement.MAPPINGS, *health.MAPPINGS)


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
    mapping makes no facts. `dates` are the formats that date columns were read in, beside ISO.
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
    summary: MappingOf[str, Any] | None = None
    stays: StayColumns | None = None
    batch: Batch | None = None

    def as_data(self, lang: Lang) -> dict[str, Any]:
        """The answer of `sizao import --json`."""
        data: dict[str, Any] = {
            "file": self.file, "mapping": self.mapping, "rows": self.rows, "stored": self.stored, "refused": self.refused,
            "joined": self.joined, "refusals": [refusal.as_data(lang) for refusal in self.refusals],
        }  # fmt: skip
        data |= {"encoding": self.encoding} if self.encoding else {}
        data |= {"notes": dict(self.notes)} if self.notes else {}
        data |= {"dates": {name: list(forms) for name, forms in self.dates.items()}} if self.dates else {}
        return data | ({"summary": dict(self.summary)} if self.summary is not None else {})


def import_file(
    path: Path,
    store: FactStore | None,
    given: Given,
    *,
    mapping: str | None = None,
    options: ImportOptions | None = None,
    mappings: Sequence[Mapping] = OWN_MAPPINGS,
) -> Imported:
    """Read a file and store its facts as one batch. The batch is named by the file and how it was read, so that the
    same import again changes nothing. Without a store everything is read and nothing kept (a trial run).

    Refuses the file whole when it cannot be read (F201-F236), does not match its declared digest (F234), is not
    recognised (F237, F238), or the mapping asked for does not exist (F239).
    """
    chosen = options or ImportOptions()
    with _no_search_for_cycles():
        table, by, cells, reading, sha256 = _read(path, given, mapping, chosen, mappings)
    refusals = sorted(
        [*(_bad_row(bad.row, bad.error) for bad in table.bad), *reading.refusals], key=lambda bad: bad.row
    )
    stored = table.total - len(refusals)
    name = f"{by.name}-{_key(sha256, by, chosen, given)}"
    again = store is not None and any(batch.batch == name for batch in store.batches())
    batch = None if store is None else _store(store, reading, given, chosen, name)
    known = 0 if batch is None else batch.rows - batch.stored
    assert stored >= reading.joined >= 0
    return Imported(
        file=path.name, mapping=by.name, encoding=table.encoding, sha256=sha256, rows=table.total, stored=stored,
        refused=len(refusals), joined=stored if again else min(stored, reading.joined + known), refusals=refusals,
        notes=reading.notes, dates={name: forms for name, forms in cells.dates.items() if forms}, summary=reading.summary,
        stays=reading.stays, batch=batch,
    )  # fmt: skip


def _read(
    path: Path, given: Given, mapping: str | None, options: ImportOptions, mappings: Sequence[Mapping]
) -> tuple[Table, Mapping, Cells, Reading, str]:
    table = read_table(path, options.reading)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if options.declared_sha256 is not None and options.declared_sha256.lower() != sha256:
        raise FactsError("F234", where=Where(file=path.name), declared=options.declared_sha256, found=sha256)
    table, by = recognise(table, mapping, options, mappings)
    try:
        cells = by.cells(table, options.columns, given)
    except FactsError as refused:
        where = replace(refused.where, file=path.name)
        raise FactsError(refused.code, where=where, **refused.slots) from refused
    return table, by, cells, by.read(cells, given), sha256


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


def _store(store: FactStore, reading: Reading, given: Given, options: ImportOptions, name: str) -> Batch | None:
    if not reading.facts and reading.stays is not None:
        return None
    head = BatchHead(
        batch=name, source=given.source, basis=given.basis, recorded_at=given.recorded_at, keep_until=options.keep_until
    )
    return store.append(reading.facts, head)


def _key(sha256: str, by: Mapping, options: ImportOptions, given: Given) -> str:
    """Whatever could make other facts of the same bytes goes into the batch's name."""
    how = (
        sha256, by.name, repr(options.reading), sorted(options.columns.items()), given.source, given.basis, given.zone,
        given.formats, sorted(given.column_formats.items()), sorted(given.defaults.items()), given.salt.hex(),
        sorted((given.timetable or {}).items()), given.beside,
    )  # fmt: skip
    return hashlib.sha256(repr(how).encode()).hexdigest()[:32]


def _bad_row(row: int, error: FactsError) -> Refusal:
    return Refusal(row, "", "", error)


def recognise(
    table: Table, name: str | None, options: ImportOptions, mappings: Sequence[Mapping] = OWN_MAPPINGS
) -> tuple[Table, Mapping]:
    """The mapping asked for, or the one whose columns the header fits best; a header that fits none may stand in the
    second row, under a row of group names. Refuses an unknown name (F239), a file that fits none (F237) or several
    equally well (F238).
    """
    known = ", ".join(one.name for one in mappings)
    if name is not None:
        by = next((one for one in mappings if one.name == name), None)
        if by is None:
            raise FactsError("F239", value=name, known=known)
        below = _second_header(table, options)
        better = below is not None and by.fits(below, options.columns) > by.fits(table, options.columns)
        return (below if better and below is not None else table), by
    for candidate in (table, _second_header(table, options)):
        if candidate is None:
            continue
        fits = {one.name: one.fits(candidate, options.columns) for one in mappings}
        best = max(fits.values())
        names = [one for one, fit in fits.items() if fit == best]
        if best and len(names) > 1:
            raise FactsError("F238", where=Where(file=table.file), names=", ".join(names))
        if best:
            return candidate, next(one for one in mappings if one.name == names[0])
    raise FactsError("F237", where=Where(file=table.file), found=", ".join(table.columns), known=known)


def _second_header(table: Table, options: ImportOptions) -> Table | None:
    """The table as if its first data row were the header; None when the header's row was named or there is no such row."""
    if options.reading.header_row != 1 or not table.rows:
        return None
    columns = tuple(cell.strip() for cell in table.rows[0])
    if not all(columns):
        return None
    return replace(table, columns=columns, rows=table.rows[1:], row_numbers=list(table.row_numbers)[1:])
