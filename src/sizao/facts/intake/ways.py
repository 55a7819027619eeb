"""All the ways a file can be read: the mappings of this room, and the lists of `facts/lists`, behind one door."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sizao.errors import FactsError
from sizao.facts import lists
from sizao.facts.intake import health, movement
from sizao.facts.intake.mapping import CASE_CLASSES, Column, Given, Mapping, Refusal, given_word
from sizao.facts.intake.tables import Table
from sizao.facts.kinds import Fact, FactId
from sizao.facts.stay_columns import StayColumns


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a table: `rows` are its data rows, each taken or refused; `row_of` the first row each fact was told in,
    where that is known."""

    rows: int
    refusals: Sequence[Refusal]
    joined: int
    facts: Sequence[Fact] = ()
    stays: StayColumns | None = None
    notes: MappingOf[str, int] = field(default_factory=dict)
    dates: MappingOf[str, tuple[str, ...]] = field(default_factory=dict)
    unread: Sequence[tuple[int, str, str]] = ()
    summary: MappingOf[str, Any] | None = None
    row_of: MappingOf[FactId, int] = field(default_factory=dict)


class Way(Protocol):
    """A named way to read one kind of file."""

    @property
    def name(self) -> str:
        """What `--as` calls it."""
        ...

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns it reads, for each of which a heading may be named."""
        ...

    def fits(self, table: Table, chosen: MappingOf[str, str]) -> int:
        """How well the header fits, 0 not at all."""
        ...

    def take(self, table: Table, chosen: MappingOf[str, str], given: Given) -> Taken:
        """Read every row. Raises what concerns the whole file."""
        ...


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping of this room as a way."""

    mapping: Mapping

    @property
    def name(self) -> str:
        """See `Way.name`."""
        return self.mapping.name

    @property
    def columns(self) -> tuple[Column, ...]:
        """See `Way.columns`."""
        return self.mapping.columns

    def fits(self, table: Table, chosen: MappingOf[str, str]) -> int:
        """See `Way.fits`."""
        return self.mapping.fits(table, chosen)

    def take(self, table: Table, chosen: MappingOf[str, str], given: Given) -> Taken:
        """See `Way.take`."""
        cells = self.mapping.cells(table, chosen, given)
        read = self.mapping.read(cells, given)
        broken = [Refusal(bad.row, "", "", bad.error) for bad in table.bad]
        return Taken(
            rows=table.total, refusals=sorted([*broken, *read.refusals], key=lambda bad: bad.row), joined=read.joined,
            facts=read.facts, stays=read.stays, notes=read.notes, unread=read.unread, summary=read.summary,
            dates={name: forms for name, forms in cells.dates.items() if forms}, row_of=read.row_of,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of `facts/lists` as a way. Of the defaults it knows `area`, `disease`, `case_class` and `prefix`."""

    mapping: lists.ListMapping

    @property
    def name(self) -> str:
        """See `Way.name`."""
        return self.mapping.name

    @property
    def columns(self) -> tuple[Column, ...]:
        """See `Way.columns`."""
        return self.mapping.columns

    def fits(self, table: Table, chosen: MappingOf[str, str]) -> int:
        """See `Way.fits`. A heading chosen for a column counts as that column."""
        named = {heading: name for name, heading in chosen.items()}
        return self.mapping.recognises([named.get(column, column) for column in table.columns])

    def take(self, table: Table, chosen: MappingOf[str, str], given: Given) -> Taken:
        """See `Way.take`."""
        options = list_options(given, chosen)
        read = self.mapping.read(table, options)
        rows = {options.person(name): row for name, row in read.first_rows.items()}
        return Taken(
            rows=read.rows, refusals=sorted(read.refusals, key=lambda bad: bad.row), joined=read.joined, facts=read.facts,
            notes=read.notes, unread=read.unread, summary=read.summary,
            row_of={fact.id: rows[fact.subject] for fact in read.facts if fact.subject in rows},
        )  # fmt: skip


def list_options(given: Given, chosen: MappingOf[str, str]) -> lists.ListOptions:
    """What an import is told, as the lists take it. Refuses a class of cases nobody knows (F240)."""
    defaults = given.defaults
    return lists.ListOptions(
        recorded_at=given.recorded_at, source=given.source, recorder=given.recorder, basis=given.basis, zone=given.zone,
        formats=given.formats, column_formats=given.column_formats, columns=chosen, area=defaults.get("area"),
        disease=defaults.get("disease"), case_class=given_word(defaults, "case_class", CASE_CLASSES),
        prefix=defaults.get("prefix", ""), salt=given.salt,
    )  # fmt: skip


WAYS: tuple[Way, ...] = (
    *(Mapped(mapping) for mapping in (*movement.MAPPINGS, *health.MAPPINGS)),
    *(Listed(mapping) for mapping in lists.MAPPINGS.values()),
)
"""Every way there is, by the names that `--as` takes."""


def unknown_way(name: str, ways: Sequence[Way]) -> FactsError:
    """The refusal of a name that no way has."""
    return FactsError("F239", value=name, known=", ".join(way.name for way in ways))
