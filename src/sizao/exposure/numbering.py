"""Dense numbers for outside ids: what makes a person or a place an index into an array.

Numbers are given out once and never change. Ids are kept in a file of int64 in the order of their numbers, longer or shorter than
what the manifest has committed: only the committed part is read, and a new commit overwrites what follows it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sizao.exposure import sorting

Ints = NDArray[np.int32]

GONE = -1
"""What stands in the place of an id that was erased."""


class Numbering:
    """Outside int64 ids ↔ dense int32 numbers 0, 1, 2, … Adding is only by `add`; finding never adds."""

    def __init__(self, ids: NDArray[np.int64]) -> None:
        self._ids = ids
        self._count = len(ids)
        self._table: Ints | None = None
        self._ranks: tuple[Ints, Ints] | None = None
        self._ascending = bool((ids[1:] > ids[:-1]).all())

    @classmethod
    def read(cls, path: Path, count: int) -> Numbering:
        """The first `count` ids of a file."""
        ids = np.fromfile(path, np.int64, count) if count else np.zeros(0, np.int64)
        return cls(ids)

    def __len__(self) -> int:
        return self._count

    @property
    def ids(self) -> NDArray[np.int64]:
        """Outside ids by number."""
        return self._ids[: self._count]

    @property
    def ascending(self) -> bool:
        """Whether smaller numbers have smaller ids, so that order by number is order by id."""
        return self._ascending

    def find(self, wanted: NDArray[Any]) -> NDArray[np.int32]:
        """The number of each id, −1 for an id that has none. Ids are never negative."""
        wanted = np.ascontiguousarray(wanted, np.int64)
        if self._table is None and self._ascending and 8 * len(wanted) < self._count:
            return sorting.search_keys(wanted, self.ids)
        if self._table is None and len(wanted) <= 4:
            return np.array([self._find_one(int(key)) for key in wanted], np.int32)
        found = sorting.find_keys(wanted, self.ids, self._hashed())
        found[wanted < 0] = GONE
        return found

    def _find_one(self, key: int) -> int:
        found = np.flatnonzero(self.ids == key) if key >= 0 else self.ids[:0]
        return int(found[0]) if len(found) else GONE

    def add(self, wanted: NDArray[Any]) -> NDArray[np.int32]:
        """The number of each id; ids without one get the next numbers, in ascending order of id."""
        numbers = self.find(wanted)
        missing = np.flatnonzero(numbers < 0)
        if not len(missing):
            return numbers
        fresh = np.asarray(wanted, np.int64)[missing]
        self._extend(_distinct(fresh))
        numbers[missing] = sorting.find_keys(fresh, self.ids, self._hashed())
        return numbers

    def _extend(self, fresh: NDArray[np.int64]) -> None:
        before, self._count = self._count, self._count + len(fresh)
        self._ascending = self._ascending and (before == 0 or bool(fresh[0] > self._ids[before - 1]))
        if self._count > len(self._ids):
            grown = np.empty(max(self._count, 5 * before // 4), np.int64)
            grown[:before] = self._ids[:before]
            self._ids = grown
        self._ids[before : self._count] = fresh
        if self._table is not None and 2 * self._count <= len(self._table):
            sorting.hash_keys(self.ids, self._table, before)
        else:
            self._table = None

    def _hashed(self) -> NDArray[np.int32]:
        if self._table is None:
            self._table = sorting.empty_table(2 * self._count + 16)
            sorting.hash_keys(self.ids, self._table, 0)
        return self._table

    def ranks(self) -> tuple[Ints, Ints]:
        """By number, the position of its id among all ids in ascending order; and the way back. Kept until ids are added."""
        if self._ranks is None or len(self._ranks[0]) != self._count:
            self._ranks = ranks_of(self.ids)
        return self._ranks

    def save(self, path: Path, committed: int) -> None:
        """Write the ids from number `committed` on into the file, synced."""
        _overwrite(path, self.ids[committed:], committed)


def ranks_of(ids: NDArray[np.int64]) -> tuple[Ints, Ints]:
    """The position of each id in ascending order, and the id's number at each position."""
    by_rank = np.argsort(ids, kind="stable").astype(np.int32)
    rank = np.empty_like(by_rank)
    rank[by_rank] = np.arange(len(by_rank), dtype=np.int32)
    return rank, by_rank


def _distinct(ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Distinct ids in ascending order; by hash first, because most repeat."""
    first = sorting.repeated(ids, sorting.empty_table(len(ids)))
    return np.sort(ids[first == np.arange(len(ids), dtype=np.int32)])


def _overwrite(path: Path, values: NDArray[Any], at: int) -> None:
    with path.open("r+b" if path.exists() else "w+b") as file:
        file.seek(at * values.dtype.itemsize)
        file.write(np.ascontiguousarray(values).tobytes())
        file.truncate()
        file.flush()
        os.fsync(file.fileno())


def save_values(path: Path, values: NDArray[Any], committed: int) -> None:
    """Write the values from position `committed` on into a raw file beside a numbering, synced."""
    _overwrite(path, values[committed:], committed)
