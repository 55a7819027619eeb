"""An interval library, superintervals: one map per place, all built when it is opened.

Its intervals include their end, so every end is stored one second earlier, and it re-orders what it is given by (start, -end),
so stays are given in that order: an index it returns is then a row of ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from superintervals import IntervalMap

from bench.answers import Columns
from bench.data import COLUMNS, START, WINDOW, City
from bench.engine import Unable
from bench.engines.arrays import grouped
from bench.works import LAG_S


class Maps:
    """A map per place; the rows it names are those of columns sorted by (place, start, end descending)."""

    works: Sequence[str] = ("Q1", "Q2-100")

    def __init__(self, city: City, folder: Path) -> None:
        del folder
        self._city = city

    def ingest(self) -> None:
        self.open()

    def open(self) -> None:
        stays = {name: np.array(column) for name, column in self._city.columns().items()}
        order = np.lexsort((-stays["end"], stays["start"], stays["place"]))
        self._stays = {name: stays[name][order] for name in COLUMNS}
        start, last = self._stays["start"] - START, self._stays["end"] - START - 1
        offset = np.searchsorted(self._stays["place"], np.arange(self._city.places + 1))
        self._offset = offset
        self._maps = [IntervalMap.from_arrays(start[a:b], last[a:b]) if b > a else None for a, b in pairwise(offset)]
        self._rows = np.argsort(self._stays["person"], kind="stable")
        self._mine = np.searchsorted(self._stays["person"][self._rows], np.arange(self._city.persons + 1))

    def close(self) -> None:
        self._maps = []

    def append(self, late: Mapping[str, Any]) -> None:
        del late
        raise Unable("no append: its maps are built at once")

    def ask(self, work: str, cases: Sequence[int]) -> Columns:
        del work
        parts = [self._met(number, case) for number, case in enumerate(cases)]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def _met(self, number: int, case: int) -> dict[str, Any]:
        rows, since, until = [], [], []
        for own in self._rows[self._mine[case] : self._mine[case + 1]]:
            start = max(int(self._stays["start"][own]), WINDOW[0])
            end = min(int(self._stays["end"][own]), WINDOW[1])
            if start >= end:
                continue
            place = int(self._stays["place"][own])
            of_place = self._maps[place]
            assert of_place is not None
            found = of_place.search_idxs(start - START, end + LAG_S - START - 1)
            rows.append(np.array(found, dtype=np.int64) + self._offset[place])
            since.append(np.full(len(found), start))
            until.append(np.full(len(found), end))
        row, start_own, end_own = (np.concatenate(part) for part in (rows, since, until))
        person = self._stays["person"][row]
        other = person != case
        row, start_own, end_own, person = row[other], start_own[other], end_own[other], person[other]
        first = np.maximum(self._stays["start"][row], start_own)
        shared = np.maximum(0, np.minimum(self._stays["end"][row], end_own) - first)
        return grouped(number, person, shared, first)
