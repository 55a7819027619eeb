"""What a scientist would write: sorted NumPy columns with binary search, and pandas with a merge on place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.answers import Columns
from bench.data import COLUMNS, WINDOW, City
from bench.works import LAG_S

Ints = NDArray[Any]


class SortedArrays:
    """Columns sorted by (place, start), each place's longest stay, and the rows of each person, all in memory."""

    works: Sequence[str] = ("Q1", "Q2-100", "Q2-1000")

    def __init__(self, city: City, folder: Path) -> None:
        self._city, self._folder = city, folder
        self._stays: dict[str, Ints] = {}
        self._folder.mkdir(parents=True, exist_ok=True)

    def ingest(self) -> int:
        self._build({name: np.asarray(column) for name, column in self._city.columns().items()})
        for name, column in self._stays.items():
            np.save(self._folder / f"{name}.npy", column)
        return sum(
            column.nbytes for column in (*self._stays.values(), self._offset, self._longest, self._mine, self._rows)
        )

    def open(self) -> None:
        self._build({name: np.load(self._folder / f"{name}.npy") for name in COLUMNS}, is_sorted=True)

    def close(self) -> None:
        self._stays.clear()

    def append(self, late: Mapping[str, Any]) -> None:
        self._build({name: np.concatenate((self._stays[name], late[name])) for name in COLUMNS})

    def _build(self, stays: dict[str, Ints], *, is_sorted: bool = False) -> None:
        if not is_sorted:
            order = np.lexsort((stays["start"], stays["place"]))
            stays = {name: column[order] for name, column in stays.items()}
        self._stays = stays
        self._offset = np.searchsorted(stays["place"], np.arange(self._city.places + 1))
        self._longest = np.zeros(self._city.places, dtype=np.int64)
        np.maximum.at(self._longest, stays["place"], stays["end"] - stays["start"])
        self._rows = np.argsort(stays["person"], kind="stable")
        self._mine = np.searchsorted(stays["person"][self._rows], np.arange(self._city.persons + 1))

    def ask(self, work: str, cases: Sequence[int]) -> Columns:
        del work
        parts = [self._met(number, case) for number, case in enumerate(cases)]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def case_stays(self, case: int) -> dict[str, Ints]:
        """The stays of a case, clipped to the window."""
        rows = self._rows[self._mine[case] : self._mine[case + 1]]
        own = {name: column[rows] for name, column in self._stays.items()}
        inside = (own["end"] > WINDOW[0]) & (own["start"] < WINDOW[1])
        clipped = {name: column[inside] for name, column in own.items()}
        return clipped | {
            "start": np.maximum(clipped["start"], WINDOW[0]), "end": np.minimum(clipped["end"], WINDOW[1]),
        }  # fmt: skip

    def reach(self, own: Mapping[str, Ints]) -> tuple[Ints, Ints]:
        """For each stay of a case the rows `lo..hi` that can meet it."""
        spans = [(self._offset[place], self._offset[place + 1]) for place in own["place"]]
        starts = self._stays["start"]
        earliest = own["start"] - self._longest[own["place"]]
        lo = [a + np.searchsorted(starts[a:b], since, "right") for (a, b), since in zip(spans, earliest, strict=True)]
        hi = [a + np.searchsorted(starts[a:b], until) for (a, b), until in zip(spans, own["end"] + LAG_S, strict=True)]
        return np.array(lo, dtype=np.int64), np.array(hi, dtype=np.int64)

    def touched(self, cases: Sequence[int]) -> int:
        """How many stays an index by place, start and each place's longest stay makes a reader look at."""
        return int(sum((hi - lo).sum() for lo, hi in (self.reach(self.case_stays(case)) for case in cases)))

    def _met(self, number: int, case: int) -> dict[str, Ints]:
        own = self.case_stays(case)
        lo, hi = self.reach(own)
        rows = np.concatenate([np.arange(a, b) for a, b in zip(lo, hi, strict=True)] or [np.zeros(0, dtype=np.int64)])
        of = np.repeat(np.arange(len(lo)), hi - lo)
        person, end = self._stays["person"][rows], self._stays["end"][rows]
        met = (end > own["start"][of]) & (person != case)
        rows, of, person, end = rows[met], of[met], person[met], end[met]
        first = np.maximum(self._stays["start"][rows], own["start"][of]).astype(np.int64)
        shared = np.maximum(0, np.minimum(end, own["end"][of]) - first)
        return grouped(number, person, shared, first)


def grouped(number: int, person: Ints, shared: Ints, first: Ints) -> dict[str, Ints]:
    """Sums by person, most seconds first, then by person."""
    who, group = np.unique(person, return_inverse=True)
    overlap = np.bincount(group, weights=shared, minlength=len(who)).astype(np.int64)
    earliest = np.full(len(who), np.iinfo(np.int64).max)
    np.minimum.at(earliest, group, first)
    order = np.lexsort((who, -overlap))
    case_no = np.full(len(who), number)
    return {"case_no": case_no, "person": who[order], "overlap": overlap[order], "first": earliest[order]}


class Frames:
    """A data frame in the order of the reports."""

    works: Sequence[str] = ("Q1",)

    def __init__(self, city: City, folder: Path) -> None:
        del folder
        self._city = city

    def ingest(self) -> int:
        self.open()
        return int(self._stays.memory_usage(index=False).sum())

    def open(self) -> None:
        self._stays = pd.DataFrame({name: np.array(column) for name, column in self._city.columns().items()})

    def close(self) -> None:
        self._stays = pd.DataFrame()

    def append(self, late: Mapping[str, Any]) -> None:
        self._stays = pd.concat([self._stays, pd.DataFrame(dict(late))], ignore_index=True)

    def ask(self, work: str, cases: Sequence[int]) -> Columns:
        del work
        (case,) = cases
        own = self._stays[self._stays["person"] == case]
        own = own[(own["end"] > WINDOW[0]) & (own["start"] < WINDOW[1])]
        own = own.assign(start=own["start"].clip(lower=WINDOW[0]), end=own["end"].clip(upper=WINDOW[1]))
        near = self._stays[
            (self._stays["start"] < WINDOW[1] + LAG_S)
            & (self._stays["end"] > WINDOW[0])
            & self._stays["place"].isin(own["place"])
        ]
        met = near.merge(own, on="place", suffixes=("", "_own"))
        met = met[
            (met["start"] < met["end_own"] + LAG_S)
            & (met["end"] > met["start_own"])
            & (met["person"] != met["person_own"])
        ]
        first = met[["start", "start_own"]].max(axis=1)
        shared = (met[["end", "end_own"]].min(axis=1) - first).clip(lower=0)
        found = pd.DataFrame({"person": met["person"], "overlap": shared, "first": first})
        found = found.groupby("person", as_index=False).agg({"overlap": "sum", "first": "min"})
        found = found.sort_values(["overlap", "person"], ascending=[False, True])
        columns = {name: found[name].to_numpy() for name in ("person", "overlap", "first")}
        return {"case_no": np.zeros(len(found), dtype=np.int64), **columns}
