"""What a list mapping is given and what it gives back, and the bookkeeping that accounts for every row."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

from sizao.errors import FactsError, Where
from sizao.facts.intake.mapping import Column, Refusal
from sizao.facts.intake.tables import Table
from sizao.facts.kinds import CaseClass, DataClass, Fact, SubjectId
from sizao.facts.record import named
from sizao.when import Instant

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOptions:
    """What the person who imports a list says about it.

    `formats` are the date formats of all columns, `column_formats` those of one (by its name here or its heading).
    `columns` names the heading of a column where it is not a usual one. `area`, `disease` and `case_class` stand in
    where a row does not say. `prefix` goes before every id of the list, so that case 1 of two outbreaks is two
    people; lists of one outbreak need the same one. `salt` goes into the ids of the facts.
    """

    recorded_at: Instant
    source: str
    recorder: str
    basis: str
    zone: str = "Asia/Shanghai"
    formats: tuple[str, ...] = ()
    column_formats: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    area: str | None = None
    disease: str | None = None
    case_class: CaseClass | None = None
    prefix: str = ""
    salt: bytes = b""

    def person(self, name: str) -> SubjectId:
        """The subject of an id of this list."""
        return SubjectId(f"person:{self.prefix}{name}")

    def fact(self, kind: type[Fact], data_class: DataClass = DataClass.HEALTH, **values: Any) -> Fact:
        """A fact of this list, named by its content."""
        return named(
            kind, salt=self.salt, recorded_at=self.recorded_at, source=self.source, recorder=self.recorder, basis=self.basis,
            data_class=data_class, **values,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRead:
    """What became of a list: `rows == stored + refused`, always.

    `rows` counts data rows, without header rows. `stored` rows were taken, `joined` of them because they repeat
    another; a curve's are in the summary alone, for no fact holds a count. `summary` is plain data. `notes` counts rows by
    code (a sentence of `words/said/facts_lists.yaml`) what had to be assumed. `unread` are cells (row, column, value)
    that stand in no fact and could not be read; their rows were taken without them. `first_rows` is the first row of each
    person, by the id of the list.
    """

    mapping: str
    facts: tuple[Fact, ...]
    rows: int
    joined: int
    refusals: tuple[Refusal, ...]
    summary: dict[str, Any]
    notes: dict[str, int]
    unread: tuple[tuple[int, str, str], ...] = ()
    first_rows: Mapping[str, int] = field(default_factory=dict)

    @property
    def refused(self) -> int:
        """Rows that were not taken, each with its reason in `refusals`."""
        return len(self.refusals)

    @property
    def stored(self) -> int:
        """Rows that were taken."""
        return self.rows - self.refused


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMapping:
    """A named way to read one kind of list.

    `recognises` says of a header how well it fits: 0 not at all, else the columns found, those only this kind has
    counted ten times. `columns` are those a person may name a heading for.
    """

    name: str
    recognises: Callable[[Sequence[str]], int]
    reader: Callable[[Table, ListOptions], ListRead]
    columns: tuple[Column, ...] = ()

    def read(self, table: Table, options: ListOptions) -> ListRead:
        """What became of a table. Raises what concerns the whole file and accounts for every row."""
        with no_search_for_cycles():
            return self.reader(table, options)


class Entry(NamedTuple, Generic[Record]):
    """A row that could be read: its number, the cell and heading it is known by, what makes it one, what it says."""

    row: int
    column: str
    value: str
    key: Hashable
    record: Record


class Settled(NamedTuple, Generic[Record]):
    """The different records of a list, how many rows repeat one, the rows that contradict each other, and the first row of
    each cell a row is known by.
    """

    records: list[Record]
    joined: int
    refusals: list[Refusal]
    first_rows: dict[str, int]


def settle(entries: Sequence[Entry[Record]], file: str) -> Settled[Record]:
    """Rows that repeat one another become one record. Rows that say different things under one key are all refused
    (F312), because nothing in them says which one holds; so the order of rows never matters.
    """
    said: dict[Hashable, set[Record]] = {}
    for entry in entries:
        said.setdefault(entry.key, set()).add(entry.record)
    torn = {key for key, records in said.items() if len(records) > 1}
    refusals = []
    if torn:
        rows: dict[Hashable, list[int]] = {}
        for entry in entries:
            if entry.key in torn:
                rows.setdefault(entry.key, []).append(entry.row)
        refusals = [
            refused(
                FactsError(
                    "F312",
                    where=Where(file=file, row=entry.row, column=entry.column),
                    value=entry.value,
                    rows=_some(rows[entry.key]),
                )
            )
            for entry in entries
            if entry.key in torn
        ]
    records = [next(iter(records)) for key, records in said.items() if key not in torn]
    first_rows = {entry.value: entry.row for entry in reversed(entries)}
    return Settled(records, len(entries) - len(refusals) - len(records), refusals, first_rows)


@contextmanager
def no_search_for_cycles() -> Iterator[None]:
    """Rows and facts hold no cycles; searching a hundred thousand of them for some takes a third of the time."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()


def refused(error: FactsError) -> Refusal:
    """The refusal of a row for an error that has its place; its value is what the error shows of it."""
    return Refusal(error.where.row or 0, error.where.column or "", str(error.slots.get("value", "")), error)


def broken_rows(table: Table) -> list[Refusal]:
    """The rows the file reader could not read as cells."""
    return [refused(bad.error) for bad in table.bad]


def in_order(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """Facts in an order that does not come from the order of rows."""
    return tuple(sorted(facts, key=lambda fact: (fact.subject, fact.id)))


def counted(notes: Counter[str]) -> dict[str, int]:
    """Notes with a count, by code."""
    return {code: times for code, times in sorted(notes.items()) if times}


def _some(rows: Sequence[int]) -> str:
    """The first rows by number; a person looks at a few, not at a thousand."""
    return ", ".join(str(row) for row in rows[:5]) + (", …" if len(rows) > 5 else "")
