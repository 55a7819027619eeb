"""An answer and its fingerprint: number of rows, sums, and an order-free hash over all columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Columns = Mapping[str, NDArray[Any]]
"""An answer as columns of one length, in the order the question names them."""

_MIX = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
_WORD = 2**64 - 1


class Fingerprint(NamedTuple):
    """`sums` of the columns that can be summed; `mark` is None for an engine that gave only sums."""

    rows: int
    sums: tuple[int, ...]
    mark: int | None

    def plus(self, other: Fingerprint) -> Fingerprint:
        """The fingerprint of both answers together; the order of questions matters, the order of rows does not."""
        if not self.sums:
            return other
        sums = tuple(a + b for a, b in zip(self.sums, other.sums, strict=True))
        both = self.mark is not None and other.mark is not None
        mark = (((self.mark or 0) * _MIX[0]) & _WORD) ^ (other.mark or 0) if both else None
        return Fingerprint(self.rows + other.rows, sums, mark)

    def agrees(self, other: Fingerprint) -> bool:
        """Equal as far as both say: rows and sums always, the mark when both have one."""
        marks = self.mark is None or other.mark is None or self.mark == other.mark
        return self.rows == other.rows and self.sums == other.sums and marks


NOTHING = Fingerprint(0, (), 0)


class Sums(NamedTuple):
    """What an engine gives when it keeps the rows to itself: their number and the sums of its columns."""

    rows: int
    sums: tuple[int, ...]


Table: TypeAlias = Any
"""An Arrow table, for which there are no types."""

Answer: TypeAlias = Columns | Table | Sums | tuple[Columns | Table, ...]
"""One table, several, or only their sums; as the engine gives it to its user, for what it costs to read it is the reader's."""


def fingerprint(answer: Answer) -> Fingerprint:
    """The fingerprint of an answer. Equal rows in another order give the same; a changed, missing or doubled row does not."""
    if isinstance(answer, tuple) and not isinstance(answer, Sums):
        parts = [fingerprint(table) for table in answer]
        mark = 0
        for part in parts:
            mark = ((mark * _MIX[0]) & _WORD) ^ (part.mark or 0)
        return Fingerprint(sum(part.rows for part in parts), tuple(s for part in parts for s in part.sums), mark)
    if isinstance(answer, Sums):
        return Fingerprint(answer.rows, answer.sums, None)
    given = [column.to_numpy() for column in answer.columns] if isinstance(answer, pa.Table) else answer.values()
    columns = [np.asarray(column).astype(np.int64, copy=False) for column in given]
    rows = len(columns[0])
    sums = tuple(int(column.sum()) for column in columns[1:])
    mark = 0
    for at in range(0, rows, 1 << 20):
        mark ^= int(np.bitwise_xor.reduce(_mixed([column[at : at + (1 << 20)] for column in columns])))
    return Fingerprint(rows, sums, mark)


def _mixed(columns: list[NDArray[np.int64]]) -> NDArray[np.uint64]:
    """One 64-bit number per row (a splitmix chain over its values)."""
    state = np.full(len(columns[0]), _MIX[0], dtype=np.uint64)
    for column in columns:
        state = (state ^ column.view(np.uint64)) * np.uint64(_MIX[1])
        state ^= state >> np.uint64(29)
        state *= np.uint64(_MIX[2])
        state ^= state >> np.uint64(32)
    return state
