"""Many stays as columns of numbers beside the names they stand for: what a large import hands to the stay store."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Key = TypeVar("Key", bound=Hashable)
MOST = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class StayColumns:
    """One array per column, all of one length.

    `file_row` is the row in the file; it stands twice where a ticket may belong to two runs. `person` and `place`
    index `persons` and `places`; `kinds[place]` is the kind of place. Times are seconds UTC, `end_s` is `OPEN` where
    the stay has not ended. `zone`, `row_number` and `seat` are the codes of `seats` (−1 unknown, zone 0: the place
    has none).
    """

    file_row: Ints
    person: Ints
    place: Ints
    start_s: Ints
    end_s: Ints
    zone: Ints
    row_number: Ints
    seat: Ints
    persons: list[str]
    places: list[str]
    kinds: list[str]

    def __len__(self) -> int:
        return len(self.file_row)


def distinct(items: Sequence[Key]) -> tuple[list[Key], Ints]:
    """The different items in the order they first come, and for each item its number among them."""
    known = dict.fromkeys(items, 0)
    for number, item in enumerate(known):
        known[item] = number
    return list(known), np.fromiter(map(known.__getitem__, items), dtype=np.int64, count=len(items))


def joint(indices: Sequence[Ints], count: int) -> Ints:
    """One number for each combination of several numbers of a row; equal combinations get equal numbers."""
    whole, span = np.zeros(count, dtype=np.int64), 1
    for index in indices:
        size = int(index.max(initial=0)) + 1
        if span * size >= MOST:
            different, whole = np.unique(whole, return_inverse=True)
            span = len(different)
        whole, span = whole * size + index, span * size
    return whole


def distinct_rows(
    columns: Mapping[str, Sequence[str]], names: Sequence[str], count: int
) -> tuple[list[dict[str, str]], Ints]:
    """The different rows of these columns, and for each row its number; columns that are not there are left out.
    Column by column, because a tuple for each of half a million rows costs more than all the rest.
    """
    there = [name for name in names if name in columns]
    whole = joint([distinct(columns[name])[1] for name in there], count)
    _, first, index = np.unique(whole, return_index=True, return_inverse=True)
    return [{name: columns[name][at] for name in there} for at in first.tolist()], index


def first_of_each(taken: NDArray[np.bool_], indices: Sequence[Ints]) -> Ints:
    """The positions of the taken rows whose combination of numbers was not there before, in order."""
    at = np.flatnonzero(taken)
    first = np.unique(joint([index[at] for index in indices], len(at)), return_index=True)[1]
    return np.sort(at[first])
