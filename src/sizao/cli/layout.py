"""Lines that fit: text wrapped by the width of its characters, Chinese and Latin mixed, on terminals of any width.

A Chinese character takes two cells. A line may break between two Chinese characters, but never before a closing mark or after
an opening one; Latin words are kept whole unless they are longer than the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.cells import cell_len, chop_cells

_CJK = "\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
_UNIT = re.compile(rf"(\s+)|([{_CJK}])|([^\s{_CJK}]+)")
_CLOSING = frozenset("，。、；：？！）》〉」』】％…”’,.;:?!)]%")
_OPENING = frozenset("（《〈「『【“‘([")
_COUNTED = frozenset("年月日时分秒天人名条例行项处个小")
"""What a number counts stays on its line."""


def width_of(text: str) -> int:
    """How many cells a text takes on a terminal."""
    return cell_len(text)


def pad(text: str, width: int) -> str:
    """The text with blanks up to `width` cells."""
    return text + " " * max(0, width - cell_len(text))


def wrap(text: str, width: int) -> list[str]:
    """The lines of a text, none wider than `width` cells (at least 2); line ends of the text are kept."""
    return [line for part in text.splitlines() or [""] for line in _wrap_one(part, max(width, 2))]


def _wrap_one(text: str, width: int) -> Iterator[str]:
    line = ""
    for blank, unit in _units(text):
        longer = f"{line}{blank}{unit}" if line else unit
        if cell_len(longer) <= width:
            line = longer
            continue
        if line:
            yield line
        pieces = chop_cells(unit, width) if cell_len(unit) > width else [unit]
        yield from pieces[:-1]
        line = pieces[-1]
    yield line


def _units(text: str) -> Iterator[tuple[str, str]]:
    """What may not be broken, each with the blank before it: marks stay with what they close or open."""
    blank, unit = "", ""
    for match in _UNIT.finditer(text):
        piece = match[0]
        if match[1]:
            if unit:
                yield blank, unit
            blank, unit = " ", ""
        elif unit and (piece[0] in _CLOSING or unit[-1] in _OPENING or (piece in _COUNTED and unit[-1].isdigit())):
            unit += piece
        else:
            if unit:
                yield blank, unit
                blank = ""
            unit = piece
    if unit:
        yield blank, unit


def indented(text: str, width: int, indent: int) -> list[str]:
    """The wrapped lines, each behind `indent` blanks."""
    return [" " * indent + line if line else "" for line in wrap(text, width - indent)]


def definitions(pairs: Sequence[tuple[str, str]], width: int, *, indent: int = 2) -> list[str]:
    """A list of names with what they mean: side by side where there is room, the meaning below its name where there is not."""
    left = min(max((cell_len(name) for name, _ in pairs), default=0), width // 3)
    lines: list[str] = []
    for name, meaning in pairs:
        told = wrap(meaning, max(width - indent - left - 2, 20))
        if cell_len(name) <= left:
            lines.append(" " * indent + pad(name, left + 2) + told[0])
            told = told[1:]
        else:
            lines += indented(name, width, indent)
        lines += [" " * (indent + left + 2) + line for line in told]
    return [line.rstrip() for line in lines]


def column_widths(columns: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """How wide each column of a table gets when `room` cells are left for text, or None when it will not fit.

    `columns` hold heading and cells. Wide columns give way first, none below what its longest unbreakable unit needs (16 cells
    at most).
    """
    full = [max((cell_len(line) for cell in column for line in cell.splitlines()), default=1) for column in columns]
    least = [max(min(_longest_unit(column), 16), min(cell_len(column[0]), 8)) for column in columns]
    least = [min(pair) for pair in zip(full, least, strict=True)]
    widths = list(full)
    while sum(widths) > room:
        spare = [width - floor for width, floor in zip(widths, least, strict=True)]
        if max(spare) <= 0:
            return None
        widest = max((place for place, more in enumerate(spare) if more > 0), key=lambda place: widths[place])
        widths[widest] -= 1
    return widths


def _longest_unit(cells: Sequence[str]) -> int:
    return max((cell_len(unit) for cell in cells for _, unit in _units(cell)), default=1)
