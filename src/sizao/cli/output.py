"""What a command writes: sentences, tables and JSON on standard output; errors and progress on standard error."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Protocol, TextIO

from rich import box
from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from sizao.cli.ambient import Ambient
from sizao.cli.layout import column_widths, definitions, indented, width_of, wrap
from sizao.errors import SizaoError
from sizao.when import Instant
from sizao.words.catalogue import DEFAULT_ZONE, Lang, say, say_error, say_moment, terms


class Column(NamedTuple):
    """A column of a table: its heading (a code, or the words themselves), and whether its cells are numbers."""

    heading: str
    number: bool = False


class Tick(Protocol):
    """Says how far some work is: so many done, of so many (None: not known)."""

    def __call__(self, done: int, total: int | None = None) -> None:
        """Shown when a person watches; otherwise nothing happens."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Speaks the language, to the width and on the streams of one run."""

    ambient: Ambient
    zone: str = DEFAULT_ZONE

    @property
    def lang(self) -> Lang:
        """The language of this run."""
        return self.ambient.lang

    def in_zone(self, zone: str) -> Speaker:
        """The same, with moments told by that zone's clock."""
        return replace(self, zone=zone)

    def said(self, code: str, /, **slots: object) -> str:
        """The sentence of a code."""
        return say(code, self.lang, zone_name=self.zone, **slots)

    def moment(self, moment: Instant) -> str:
        """The local day and minute of an instant."""
        return say_moment(moment, self.lang, self.zone)

    def confidence(self, confidence: str) -> str:
        """How sure a source is, in words."""
        return self.said(f"policy.confidence.{confidence}")

    def say(self, code: str, /, **slots: object) -> None:
        """Write a sentence."""
        self.write(self.said(code, **slots))

    def head(self, code: str, /, **slots: object) -> None:
        """Write a heading, a blank line before it."""
        self.write("")
        self.title(self.said(code, **slots))

    def title(self, text: str) -> None:
        """Write a text as a heading."""
        self._draw(Text("\n".join(wrap(text, self.ambient.width)), style="bold"))

    def write(self, text: str, *, indent: int = 0) -> None:
        """Write a text as it is, wrapped."""
        for line in indented(text, self.ambient.width, indent):
            _put(sys.stdout, line)

    def pairs(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Write a list of names with their values."""
        for line in definitions(pairs, self.ambient.width):
            _put(sys.stdout, line)

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
        """Write a table; on a terminal too narrow for it, one block per row."""
        headings = [self.said(column.heading) if column.heading in terms() else column.heading for column in columns]
        cells = [[headings[place], *(row[place] for row in rows)] for place in range(len(columns))]
        widths = column_widths(cells, self.ambient.width - 2 * len(columns))
        if widths is None:
            self._blocks(headings, rows)
            return
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
        for column, heading, width in zip(columns, headings, widths, strict=True):
            justify = "right" if column.number else "left"
            table.add_column(_cell(heading, width), justify=justify, width=width, no_wrap=True)  # type: ignore[arg-type]
        for row in rows:
            table.add_row(*(_cell(cell, width) for cell, width in zip(row, widths, strict=True)))
        self._draw(table)

    def _blocks(self, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        for row in rows:
            told = [(heading, cell) for heading, cell in zip(headings, row, strict=True) if cell]
            for line in definitions(told, self.ambient.width):
                _put(sys.stdout, line)
            _put(sys.stdout, "")

    def json(self, data: Mapping[str, Any]) -> None:
        """Write one JSON document."""
        _put(sys.stdout, json.dumps(data, ensure_ascii=False, indent=2))

    def error(self, error: SizaoError) -> None:
        """Write what happened, where, and what to do, to standard error."""
        for line in self._told(error):
            _put(sys.stderr, line)

    def problem(self, error: SizaoError) -> None:
        """The same on standard output, where problems are what was asked for."""
        for line in self._told(error):
            _put(sys.stdout, line)

    def _told(self, error: SizaoError) -> list[str]:
        says, do = say_error(error, self.lang)
        width = self.ambient.width
        return [*wrap(f"{error.code} {says}", width), *(indented(do, width, 5) if do else [])]

    def note(self, code: str, /, **slots: object) -> None:
        """Write a remark about the run to standard error, so that it never mixes with the answer."""
        for line in wrap(self.said(code, **slots), self.ambient.width):
            _put(sys.stderr, line)

    @contextmanager
    def working(self, code: str, /, **slots: object) -> Iterator[Tick]:
        """Show on standard error that long work is going on and how far it is; only when a person watches."""
        if not self.ambient.progress:
            yield _silent
            return
        bars = (TextColumn("{task.description}"), BarColumn(bar_width=None), TaskProgressColumn(), TimeElapsedColumn())
        with Progress(*bars, console=Console(file=sys.stderr), transient=True) as shown:
            task = shown.add_task(self.said(code, **slots), total=None)

            def tick(done: int, total: int | None = None) -> None:
                shown.update(task, completed=done, total=total)

            yield tick

    def _draw(self, drawn: RenderableType) -> None:
        page = io.StringIO()
        colour = self.ambient.colour
        console = Console(
            file=page, width=self.ambient.width, no_color=not colour, force_terminal=colour, legacy_windows=False,
            color_system="standard" if colour else None, highlight=False, markup=False, emoji=False,
        )  # fmt: skip
        console.print(drawn)
        for line in page.getvalue().splitlines():
            _put(sys.stdout, line.rstrip())


def error_as_data(error: SizaoError, lang: Lang) -> dict[str, Any]:
    """The one shape of an error in JSON: code, place, what it says, what to do."""
    says, do = say_error(error, lang)
    place = {name: getattr(error.where, name) for name in ("file", "line", "row", "column", "key")}
    return {"code": error.code, **{name: value for name, value in place.items() if value is not None}} | {
        "says": says,
        "do": do,
    }


def _silent(done: int, total: int | None = None) -> None:
    """Nobody watches."""


def _cell(text: str, width: int) -> Text:
    return Text("\n".join(wrap(text, width)) if width_of(text) > width else text)


def _put(stream: TextIO, line: str) -> None:
    print(line, file=stream)
