"""Names ↔ numbers: what people, places and vehicle runs are called, against the int64 the stay store knows them by.

Numbers are given in the order names first come and never change. A table lives in memory and is saved whole: the file
gets its name only when it is complete, so a crash leaves the table before or the table after.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sizao.columnar import read_arrow, write_arrow
from sizao.errors import ExposureError

UNKNOWN = -1

Names: TypeAlias = Sequence[str] | pa.Array | pa.ChunkedArray


class NameTable:
    """Distinct names; the number of a name is its position. Finding never adds; only `add` does."""

    def __init__(self, names: pa.Array | None = None) -> None:
        self._names = pa.array([], pa.string()) if names is None else names

    @classmethod
    def open(cls, path: Path) -> NameTable:
        """The table saved there; an empty one when there is no file yet."""
        if not path.exists():
            return cls()
        return cls(read_arrow(path).column("name").combine_chunks())

    def save(self, path: Path) -> None:
        """Write the table, whole or not at all."""
        write_arrow(pa.table({"name": self._names}), path)

    def __len__(self) -> int:
        return len(self._names)

    def ids(self, names: Names) -> NDArray[np.int64]:
        """The number of each name, int64, −1 for a name that is not known."""
        found = pc.index_in(_column(names), value_set=self._names)
        numbers: NDArray[np.int64] = found.fill_null(UNKNOWN).to_numpy(zero_copy_only=False).astype(np.int64)
        return numbers

    def add(self, names: Names) -> NDArray[np.int64]:
        """The number of each name; a new name gets the next number, in the order the names first come."""
        column = _column(names)
        if not len(self._names):
            encoded = column.dictionary_encode()
            self._names = encoded.dictionary
            numbers: NDArray[np.int64] = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
            return numbers
        found = self.ids(column)
        if (found == UNKNOWN).any():
            fresh = column.filter(pa.array(found == UNKNOWN)).unique()
            self._names = pa.concat_arrays([self._names, fresh])
            found = self.ids(column)
        return found

    def names(self, ids: Iterable[int] | NDArray[np.int64]) -> list[str]:
        """The name of each number; refuses a number that was never given (E130)."""
        wanted = np.asarray(list(ids) if not isinstance(ids, np.ndarray) else ids, np.int64)
        if len(wanted) and (wanted.min() < 0 or wanted.max() >= len(self)):
            odd = wanted[(wanted < 0) | (wanted >= len(self))]
            raise ExposureError("E130", number=int(odd[0]), names=len(self))
        named: list[str] = self._names.take(pa.array(wanted)).to_pylist()
        return named


def _column(names: Names) -> pa.Array:
    if isinstance(names, pa.ChunkedArray):
        names = names.combine_chunks()
    if isinstance(names, pa.Array):
        return names.cast(pa.string())
    return pa.array(names, pa.string())
