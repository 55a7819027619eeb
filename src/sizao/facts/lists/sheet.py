"""A list opened under a mapping: its cells by field, its dates read, and what it said that no fact holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from sizao.errors import FactsError, Where
from sizao.facts.intake.tables import Table
from sizao.facts.lists.columns import LONGEST_BLANK, Headings, identities, is_blank, places
from sizao.facts.lists.days import DateColumn, Dates, Moment, Unread, read_dates
from sizao.facts.lists.shapes import ListOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The fields a mapping reads: the headings they go by, which are dates, which a file must have, of which the
    first usual heading counts, and those only this kind of list has.
    """

    headings: Headings
    dates: Sequence[str] = ()
    needed: Sequence[str] = ()
    first_wins: Sequence[str] = ()
    marks: Sequence[str] = ()
    day_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table whose columns are known. `default_dates` are the cells that were read in the mapping's own order of
    day and month; `unread` gathers what could be read by nobody but is in no fact either.
    """

    table: Table
    options: ListOptions
    places: Mapping[str, int]
    dates: Mapping[str, Dates]
    default_dates: frozenset[str]
    identities: Sequence[str]
    unread: list[tuple[int, str, str]] = field(default_factory=list)

    def heading(self, name: str) -> str:
        """The column as the file calls it; the field's own name where the file has none."""
        at = self.places.get(name)
        return name if at is None else self.table.columns[at]

    def raw(self, name: str, cells: Sequence[str]) -> str:
        """The cell as it stands; empty where there is no such column."""
        at = self.places.get(name)
        return "" if at is None else cells[at]

    def text(self, name: str, cells: Sequence[str]) -> str:
        """The cell without outer blanks; empty also where it says that nothing is known."""
        at = self.places.get(name)
        if at is None:
            return ""
        text = cells[at].strip()
        return "" if len(text) <= LONGEST_BLANK and is_blank(text) else text

    def moment(self, name: str, row: int, cells: Sequence[str]) -> Moment | None:
        """The date of a cell, None when it is not known. Raises with its place when it cannot be read (F305-F309)."""
        at = self.places.get(name)
        if at is None:
            return None
        found = self.dates[name][cells[at]]
        if isinstance(found, Unread):
            raise FactsError(found.code, where=self.where(name, row), value=cells[at].strip(), **found.slots)
        return found

    def where(self, name: str, row: int) -> Where:
        """The place of a cell."""
        return Where(file=self.table.file, row=row, column=self.heading(name))

    def refuse(self, code: str, name: str, row: int, cells: Sequence[str], **slots: object) -> NoReturn:
        """Refuses a row for what stands, or does not stand, in one of its cells."""
        raise FactsError(code, where=self.where(name, row), value=self.raw(name, cells).strip(), **slots)

    def leave(self, name: str, row: int, cells: Sequence[str]) -> None:
        """Notes a cell that could not be read and stands in no fact, so that its row need not be refused."""
        self.unread.append((row, self.heading(name), self.raw(name, cells)))

    def notes(self) -> Counter[str]:
        """What is to be said of rows whatever they hold: in how many a cell could not be read, or a date was read in
        the mapping's own order.
        """
        dated = [self.places[name] for name in self.dates]
        assumed = self.default_dates
        by_default = sum(any(cells[at] in assumed for at in dated) for cells in self.table.rows) if assumed else 0
        unread = len({row for row, _, _ in self.unread})
        return Counter({"list.unread": unread, "list.dates_by_default": by_default})


def open_sheet(table: Table, fields: Fields, options: ListOptions) -> Sheet:
    """The table under a mapping's fields. Refuses a file whose columns do not do (F301-F304)."""
    at = places(
        table.columns, fields.headings, options.columns,
        needed=fields.needed, file=table.file, first_wins=fields.first_wins,
    )  # fmt: skip
    columns = [
        DateColumn(name, table.columns[at[name]], frozenset(cells[at[name]] for cells in table.rows))
        for name in fields.dates
        if name in at
    ]
    dates, by_default = read_dates(columns, options, default=fields.day_first)
    kept_out = identities(table.columns)
    return Sheet(
        table=table, options=options, places=at, dates=dates, default_dates=by_default, identities=kept_out,
    )  # fmt: skip
