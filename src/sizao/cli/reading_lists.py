"""A line list and its contact list given together: one outbreak, with one summary."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sizao.errors import FactsError, SizaoError, Where
from sizao.facts.intake.importing import Imported, ImportOptions
from sizao.facts.intake.mapping import Refusal
from sizao.facts.intake.tables import Table, read_table
from sizao.facts.lists import MAPPINGS, ListMapping, ListOptions, ListRead, read_outbreak, recognised
from sizao.facts.store import Batch, BatchHead, FactStore

LINE_LIST, CONTACTS = "linelist", "contacts"


class ReadList(NamedTuple):
    """A file that is a list: its table, the mapping that reads it, and the SHA-256 of its bytes."""

    path: Path
    table: Table
    by: ListMapping
    sha256: str


def as_list(path: Path, mapping: str | None, options: ImportOptions) -> ReadList | None:
    """The file as a list, when it was asked for by name or its header is that of one."""
    if mapping is not None and mapping not in MAPPINGS:
        return None
    table = read_table(path, options.reading)
    by = MAPPINGS[mapping] if mapping is not None else recognised(table.columns)
    if by is None:
        return None
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if options.declared_sha256 is not None and options.declared_sha256.lower() != sha256:
        raise FactsError("F234", where=Where(file=path.name), declared=options.declared_sha256, found=sha256)
    return ReadList(path, table, by, sha256)


def read_pair(
    pair: tuple[ReadList, ReadList], store: FactStore | None, told: ListOptions, options: ImportOptions
) -> tuple[list[Imported], dict[str, Any]]:
    """A line list and its contacts together: what became of each, and one summary of both."""
    try:
        both = read_outbreak(pair[0].table, pair[1].table, told)
    except SizaoError as refused:
        raise _of_file(refused, pair[0].path) from refused
    reads = (both.linelist, both.contacts)
    done = [_imported(one, read, store, told, options) for one, read in zip(pair, reads, strict=True)]
    return done, both.summary


def _of_file(error: SizaoError, path: Path) -> SizaoError:
    """The error with the file's name, where it does not say it yet."""
    place = error.where
    named = Where(file=place.file or path.name, line=place.line, row=place.row, column=place.column, key=place.key)
    return type(error)(error.code, where=named, **error.slots)


def _imported(
    one: ReadList, read: ListRead, store: FactStore | None, told: ListOptions, options: ImportOptions
) -> Imported:
    batch = None if store is None else store.append(read.facts, _head(one, told, options))
    return Imported(
        file=one.path.name, mapping=one.by.name, encoding=one.table.encoding, sha256=one.sha256, rows=read.rows,
        stored=read.stored, refused=read.refused, joined=_joined(read, batch), refusals=_by_row(read.refusals),
        notes=read.notes, dates={}, summary=read.summary, batch=batch,
    )  # fmt: skip


def _by_row(refusals: Sequence[Refusal]) -> list[Refusal]:
    return sorted(refusals, key=lambda refusal: refusal.row)


def _joined(read: ListRead, batch: Batch | None) -> int:
    known = 0 if batch is None else batch.rows - batch.stored
    return max(read.joined, min(read.stored, known))


def _head(one: ReadList, told: ListOptions, options: ImportOptions) -> BatchHead:
    """The same file read the same way is the same batch; when it was read does not matter."""
    how = (one.sha256, one.by.name, repr(options), told.source, told.basis, told.zone, told.formats,
           sorted(told.column_formats.items()), told.area, told.disease, told.case_class, told.prefix)  # fmt: skip
    name = f"{one.by.name}-{hashlib.sha256(repr(how).encode()).hexdigest()[:32]}"
    return BatchHead(
        batch=name, source=told.source, basis=told.basis, recorded_at=told.recorded_at, keep_until=options.keep_until
    )
