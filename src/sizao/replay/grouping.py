"""What a branch has whatever is assumed, what a reading or an assumption adds, and what only rules on file bring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sizao.replay.choices import Branch, Reading, Sampled
from sizao.replay.tables import Cell, Replay, Row
from sizao.rules.reasons import Reason


def look(row: Row) -> Row:
    """The row as a table shows it: which of two assumed facts its reason names makes no difference there."""
    return row._replace(reason=Reason(row.reason.code))


class Condition(NamedTuple):
    """A reading, where it matters the presence in the theatre, and where it matters the sampling day; None: either way."""

    reading: Reading
    in_theatre: bool | None
    sampled: Sampled | None


class Extra(NamedTuple):
    """Duties that only these conditions bring. `cell` is one of the cells they stand for."""

    conditions: tuple[Condition, ...]
    rows: tuple[Row, ...]
    cell: Cell


class Share(NamedTuple):
    """A branch with rules on file: what every cell has, what single conditions add, and what no rule on file would take away."""

    branch: Branch
    common: tuple[Row, ...]
    extras: tuple[Extra, ...]
    by_rules_only: tuple[str, ...]
    cell: Cell


def share(replay: Replay, branch: Branch) -> Share:
    """The cells of one branch, with what they have in common said once."""
    cells = [cell for cell in replay.cells if cell.branch is branch and cell.switches.rules_on_file]
    looks = [frozenset(look(row) for row in cell.rows) for cell in cells]
    common = tuple(row for row in cells[0].rows if all(look(row) in each for each in looks))
    shared = frozenset(look(row) for row in common)
    groups: dict[tuple[Row, ...], list[Cell]] = {}
    for cell in cells:
        groups.setdefault(tuple(look(row) for row in cell.rows if look(row) not in shared), []).append(cell)
    extras = [Extra(_conditions(alike), rows_of(alike[0], rows), alike[0]) for rows, alike in groups.items() if rows]
    return Share(branch, common, tuple(extras), _by_rules_only(replay, branch, common), cells[0])


def rows_of(cell: Cell, looks: Sequence[Row]) -> tuple[Row, ...]:
    """The cell's own rows, reasons included, that look like those."""
    return tuple(row for row in cell.rows if look(row) in looks)


def _conditions(cells: Sequence[Cell]) -> tuple[Condition, ...]:
    """The cells as few conditions as say it: a switch that both ways give the same is left out."""
    found: list[Condition] = []
    for reading in Reading:
        of_reading = [cell.switches for cell in cells if cell.reading is reading]
        seats = {one.in_theatre for one in of_reading}
        days = {one.sampled for one in of_reading}
        if len(of_reading) == len(seats) * len(days):
            for day in sorted(days) if len(days) < len(Sampled) else ([None] if days else []):
                found += [Condition(reading, seat, day) for seat in ([None] if len(seats) > 1 else sorted(seats))]
        else:
            found += [Condition(reading, one.in_theatre, one.sampled) for one in of_reading]
    return tuple(found)


def _by_rules_only(replay: Replay, branch: Branch, common: Sequence[Row]) -> tuple[str, ...]:
    """The codes of duties that are gone when no rule was on file and made known."""
    without = [cell for cell in replay.cells if cell.branch is branch and not cell.switches.rules_on_file]
    kept = {row.code for cell in without for row in cell.rows}
    return tuple(dict.fromkeys(row.code for row in common if row.code not in kept))
