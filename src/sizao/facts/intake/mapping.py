"""The contract between a file's cells and facts: what a mapping needs, what it is given, and what it gives back.

A mapping names its columns and the headings they go by; whoever imports may name others. It reads all rows at once,
so that it may look across them, and accounts for each: stored, joined with one before it, or refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from sizao.errors import FactsError, SizaoError, Where
from sizao.facts.intake.dates import OFFERED, proposals, read_date, read_instant
from sizao.facts.intake.moments import PRECISIONS, Moments, read_moments
from sizao.facts.intake.tables import Table
from sizao.facts.kinds import CaseClass, DataClass, Fact, FactId, SubjectId
from sizao.facts.record import named
from sizao.facts.runs import RideClaim, Timetable
from sizao.facts.seats import normal
from sizao.facts.stay_columns import StayColumns
from sizao.when import Instant, Precision
from sizao.words.catalogue import Lang, say_error

Word = TypeVar("Word")


class Column(NamedTuple):
    """A column of a mapping: its name, the headings it goes by beside that name, whether a file must have it,
    whether it holds dates or times.
    """

    name: str
    headings: tuple[str, ...] = ()
    needed: bool = False
    dates: bool = False


def column(name: str, headings: str = "", *, needed: bool = False, dates: bool = False) -> Column:
    """A column whose headings are written in one line, with blanks between them."""
    return Column(name, tuple(headings.split()), needed, dates)


class Refusal(NamedTuple):
    """A row that was not taken, as a person looks for it: row, column as headed in the file, value, and why."""

    row: int
    column: str
    value: str
    error: SizaoError

    def as_data(self, lang: Lang) -> dict[str, object]:
        """The refusal with its sentences, without repeating the row and column that stand beside them."""
        bare = type(self.error)(self.error.code, where=None, **self.error.slots)
        says, do = say_error(bare, lang)
        return {"row": self.row, "column": self.column, "value": self.value, "says": says, "do": do}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What an import is told: where the rows come from and on what ground they are kept, the zone of clock times,
    date formats for all columns or for one, and what is known of vehicle runs. `salt` goes into the ids of the
    facts.
    """

    recorded_at: Instant
    source: str
    recorder: str
    basis: str
    zone: str = "Asia/Shanghai"
    formats: tuple[str, ...] = ()
    column_formats: MappingOf[str, tuple[str, ...]] = field(default_factory=dict)
    timetable: Timetable | None = None
    beside: tuple[RideClaim, ...] = ()
    salt: bytes = b""
    defaults: MappingOf[str, str] = field(default_factory=dict)

    def fact(self, kind: type[Fact], data_class: DataClass, **values: Any) -> Fact:
        """A fact of this import, named by its content."""
        return named(
            kind, salt=self.salt, recorded_at=self.recorded_at, source=self.source, recorder=self.recorder, basis=self.basis,
            data_class=data_class, **values,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The rows of a file under the names of a mapping. `headings` are the columns as the file calls them, `dates`
    the formats each date column is read in, decided before any row is read.
    """

    columns: MappingOf[str, Sequence[str]]
    rows: Sequence[int]
    headings: MappingOf[str, str]
    dates: MappingOf[str, tuple[str, ...]] = field(default_factory=dict)
    zone: str = "Asia/Shanghai"
    defaults: MappingOf[str, str] = field(default_factory=dict)
    _moments: dict[str, Moments] = field(default_factory=dict, init=False, repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def text(self, name: str, index: int) -> str:
        """The cell without outer blanks; the default where it is empty or the file has no such column."""
        column = self.columns.get(name)
        text = "" if column is None else column[index].strip()
        return text or self.defaults.get(name, "")

    def needed(self, name: str, index: int) -> str:
        """The cell's text; raises with its place when it is empty (F243)."""
        if text := self.text(name, index):
            return text
        raise self.error("F243", name, index)

    def word(self, name: str, index: int, known: MappingOf[str, Word], default: Word | None = None) -> Word:
        """What the word in a cell stands for; the default for an empty one. Raises with its place for any other word
        (F240).
        """
        text = self.text(name, index) if default is not None else self.needed(name, index)
        found = known.get(normal(text)) if text else default
        if found is None:
            raise self.error("F240", name, index, value=text, known=", ".join(known))
        return found

    def at(self, name: str, index: int) -> tuple[Instant, Precision]:
        """The moment of a cell that must not be empty (F243)."""
        found = self.moment(name, index)
        if found is None:
            raise self.error("F243", name, index)
        return found

    def moment(self, name: str, index: int) -> tuple[Instant, Precision] | None:
        """The moment of a cell, None when it is empty. Raises with its place when it cannot be read (F148)."""
        if name not in self.columns:
            return self._one(self.defaults.get(name, ""), name, index)
        column = self._moments.get(name)
        if column is None:
            column = self._moments[name] = read_moments(self.columns[name], self.dates.get(name, ()), self.zone)
        if not column.there[index]:
            return self._one(self.defaults.get(name, ""), name, index)
        if index in column.bad:
            raise self.error("F148", name, index, value=self.text(name, index))
        return Instant(int(column.seconds[index])), PRECISIONS[column.exact[index]]

    def _one(self, text: str, name: str, index: int) -> tuple[Instant, Precision] | None:
        found = read_instant(text, self.dates.get(name, ()), self.zone) if text else None
        if text and found is None:
            raise self.error("F148", name, index, value=text)
        return found

    def error(self, code: str, name: str, index: int, **slots: object) -> FactsError:
        """An error at a cell."""
        return FactsError(code, where=Where(row=self.rows[index], column=self.headings.get(name, name)), **slots)

    def refusal(self, index: int, error: SizaoError) -> Refusal:
        """A row refused for an error; its column may be a name of the mapping or a heading of the file."""
        column = error.where.column or ""
        name = next((name for name, heading in self.headings.items() if heading == column), column)
        heading = self.headings.get(name, column)
        placed = type(error)(error.code, where=Where(row=self.rows[index], column=heading), **error.slots)
        value = self.columns[name][index] if name in self.columns else ""
        return Refusal(self.rows[index], heading, value, placed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a mapping made of the cells. Every row is taken or refused; `joined` are taken rows that repeat another.
    `stays` go to the stay store, `facts` to the fact store. `notes` counts by code what had to be assumed. `row_of` is the
    first row each fact was told in.
    """

    facts: Sequence[Fact] = ()
    stays: StayColumns | None = None
    refusals: Sequence[Refusal] = ()
    joined: int = 0
    notes: MappingOf[str, int] = field(default_factory=dict)
    unread: Sequence[tuple[int, str, str]] = ()
    summary: MappingOf[str, Any] | None = None
    row_of: MappingOf[FactId, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """A named way to read one kind of file."""

    name: str
    columns: tuple[Column, ...]
    read: Callable[[Cells, Given], Reading]
    marks: tuple[str, ...] = ()
    """Columns that only this kind of file has; each weighs more when mappings are compared."""

    def places(self, table: Table, chosen: MappingOf[str, str]) -> dict[str, int]:
        """Where in the table each column stands: as chosen, else by its headings. Refuses a chosen column that the
        table (F241) or the mapping (F242) does not have.
        """
        by_heading = {normal(heading): index for index, heading in reversed(list(enumerate(table.columns)))}
        known = {column.name for column in self.columns}
        found: dict[str, int] = {}
        for name, heading in chosen.items():
            if name not in known:
                raise FactsError("F242", value=name, mapping=self.name, known=", ".join(sorted(known)))
            if normal(heading) not in by_heading:
                raise FactsError("F241", value=heading, found=", ".join(table.columns))
            found[name] = by_heading[normal(heading)]
        for column in self.columns:
            for heading in (column.name, *column.headings):
                if column.name not in found and normal(heading) in by_heading:
                    found[column.name] = by_heading[normal(heading)]
        return found

    def fits(self, table: Table, chosen: MappingOf[str, str]) -> int:
        """How well the table's header fits: 0 when a needed column is missing, else columns found, marks counted ten
        times.
        """
        try:
            found = self.places(table, chosen)
        except FactsError:
            return 0
        if any(column.needed and column.name not in found for column in self.columns):
            return 0
        return len(found) + 9 * sum(name in found for name in self.marks)

    def cells(self, table: Table, chosen: MappingOf[str, str], given: Given) -> Cells:
        """The table's cells under this mapping's names. Refuses a table without a needed column (F150), and a date
        column whose format nobody named and that is not ISO (F235, F236).
        """
        found = self.places(table, chosen)
        missing = [column.name for column in self.columns if column.needed and column.name not in found]
        if missing:
            raise FactsError(
                "F150", where=Where(file=table.file), missing=", ".join(missing), found=", ".join(table.columns)
            )
        by_column = list(zip(*table.rows, strict=True)) if table.rows else [()] * len(table.columns)
        columns = {name: by_column[index] for name, index in found.items()}
        headings = {name: table.columns[index] for name, index in found.items()}
        dates = {
            column.name: date_formats(columns[column.name], headings[column.name], column.name, given)
            for column in self.columns
            if column.dates and column.name in columns
        }
        return Cells(
            columns=columns,
            rows=table.row_numbers,
            headings=headings,
            dates=dates,
            zone=given.zone,
            defaults=given.defaults,
        )


def read_rows(cells: Cells, facts_of: Callable[[int], Sequence[Fact]]) -> Reading:
    """The facts of each row; a row whose facts are all there already is joined, one that raises is refused."""
    facts: dict[FactId, Fact] = {}
    row_of: dict[FactId, int] = {}
    refusals = []
    joined = 0
    for index in range(len(cells)):
        try:
            found = facts_of(index)
        except SizaoError as refused:
            refusals.append(cells.refusal(index, refused))
            continue
        before = len(facts)
        for fact in found:
            facts.setdefault(fact.id, fact)
            row_of.setdefault(fact.id, cells.rows[index])
        joined += len(facts) == before
    return Reading(facts=list(facts.values()), refusals=refusals, joined=joined, row_of=row_of)


def person(text: str) -> SubjectId:
    """The subject of a person by the number or name a file gives."""
    return SubjectId(text if text.startswith("person:") else f"person:{text}")


def words_of(by_value: MappingOf[Word, str]) -> dict[str, Word]:
    """What each word stands for, from the words of each value in one line."""
    return {normal(word): value for value, words in by_value.items() for word in words.split()}


CASE_CLASSES = words_of(
    {
        CaseClass.CONFIRMED: "confirmed 确诊 确诊病例 确诊患者",
        CaseClass.SUSPECTED: "suspected probable 疑似 疑似病例",
        CaseClass.ASYMPTOMATIC: "asymptomatic 无症状 无症状感染者",
    }
)


def given_word(defaults: MappingOf[str, str], name: str, known: MappingOf[str, Word]) -> Word | None:
    """What a default's word stands for, None when there is none. Refuses a word that is not known (F240)."""
    if name not in defaults:
        return None
    found = known.get(normal(defaults[name]))
    if found is None:
        raise FactsError("F240", where=Where(column=name), value=defaults[name], known=", ".join(known))
    return found


_YEAR_FIRST = tuple(form for form in OFFERED if form.startswith("YYYY"))


def date_formats(values: Sequence[str], heading: str, name: str, given: Given) -> tuple[str, ...]:
    """The formats a date column is read in: those named for it, or ISO, or one that begins with the year and reads
    all of it. A column that could be day-first or month-first is refused whole until somebody says which (F235 with
    a proposal, F236 without), because each of its cells might become a wrong date.
    """
    told = given.column_formats.get(name) or given.column_formats.get(heading) or given.formats
    sample = [value.strip() for value in dict.fromkeys(values) if value.strip()]
    if told or not sample or any(_plain(value) for value in sample):
        return tuple(told)
    found = [form for form in proposals(sample) if form not in _YEAR_FIRST]
    if first := [form for form in proposals(sample) if form in _YEAR_FIRST]:
        return tuple(first)
    where = Where(column=heading)
    if len(found) == 1:
        raise FactsError("F235", where=where, value=sample[0], proposed=_padded(found[0], sample))
    candidates = ", ".join(_padded(form, sample) for form in found)
    raise FactsError("F236", where=where, value=sample[0], candidates=candidates or "DD.MM.YYYY, MM.DD.YYYY")


def _plain(value: str) -> bool:
    """ISO date or time, or a clock time alone."""
    return read_date(value) is not None or (value[:4].isdigit() and "T" in value) or ":" in value[:3]


def _padded(form: str, sample: Sequence[str]) -> str:
    """The format with two digits for day and month, where all values are written so."""
    wide = form.replace("D", "DD").replace("M", "MM")
    return wide if all(read_date(value, (wide,)) is not None for value in sample) else form
