"""The cases of a question: who is asked about, the infectious window, and the stays of a case when they come from a notice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sizao.errors import ExposureError


class Spot(NamedTuple):
    """Where someone may have sat: zone and rows `row_lo..row_hi`, both ends included; −1 is unknown."""

    zone: int
    row_lo: int
    row_hi: int


class CaseStay(NamedTuple):
    """A stay of a case told by a notice; `case` is the case's index, `stay` an id or −1."""

    case: int
    stay: int
    place: int
    start_s: int
    end_s: int
    spots: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseStays:
    """Case stays as columns; spot i belongs to stay row `spot_stay[i]`, ascending."""

    case: NDArray[np.int32]
    stay: NDArray[np.int64]
    place: NDArray[np.int64]
    start_s: NDArray[np.int64]
    end_s: NDArray[np.int64]
    spot_stay: NDArray[np.int32]
    zone: NDArray[np.int32]
    row_lo: NDArray[np.int32]
    row_hi: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.case)

    @classmethod
    def of(cls, stays: Iterable[CaseStay]) -> CaseStays:
        """Columns in the order given. Refuses a stay of zero or negative length (E110)."""
        listed = list(stays)
        for row, stay in enumerate(listed):
            if stay.start_s >= stay.end_s:
                raise ExposureError("E110", row=row, start_s=stay.start_s, end_s=stay.end_s)
        spots = [(row, spot) for row, stay in enumerate(listed) for spot in stay.spots]
        return cls(
            case=np.array([stay.case for stay in listed], np.int32),
            stay=np.array([stay.stay for stay in listed], np.int64),
            place=np.array([stay.place for stay in listed], np.int64),
            start_s=np.array([stay.start_s for stay in listed], np.int64),
            end_s=np.array([stay.end_s for stay in listed], np.int64),
            spot_stay=np.array([row for row, _ in spots], np.int32),
            zone=np.array([spot.zone for _, spot in spots], np.int32),
            row_lo=np.array([spot.row_lo for _, spot in spots], np.int32),
            row_hi=np.array([spot.row_hi for _, spot in spots], np.int32),
        )

    def table(self) -> pa.Table:
        """Columns `case_row, case, stay, place, start_s, end_s`; `case_row` counts from 0."""
        columns: dict[str, Any] = {
            "case_row": np.arange(len(self), dtype=np.int32),
            "case": self.case,
            "stay": self.stay,
        }
        columns |= {"place": self.place, "start_s": self.start_s, "end_s": self.end_s}
        return pa.table(columns)

    def spots_table(self) -> pa.Table:
        """Columns `case_row, zone, row_lo, row_hi`."""
        columns = {"case_row": self.spot_stay, "zone": self.zone, "row_lo": self.row_lo, "row_hi": self.row_hi}
        return pa.table(columns)


@dataclass(frozen=True, slots=True)
class Cases:
    """Cases 0..n−1: `person` (−1 when no person of the store), and the window `[from_s, until_s)`, already computed."""

    person: NDArray[np.int64]
    from_s: NDArray[np.int64]
    until_s: NDArray[np.int64]
    stays: CaseStays | None = None

    def __post_init__(self) -> None:
        if not len(self.person) == len(self.from_s) == len(self.until_s):
            raise ExposureError("E111", persons=len(self.person), windows=len(self.from_s))
        if self.stays is not None and len(self.stays) and not _within(self.stays.case, len(self.person)):
            raise ExposureError("E112", cases=len(self.person))

    @classmethod
    def of(
        cls,
        person: Sequence[int] | NDArray[Any],
        from_s: Sequence[int] | NDArray[Any],
        until_s: Sequence[int] | NDArray[Any],
        stays: Iterable[CaseStay] = (),
    ) -> Cases:
        """Cases from plain sequences, with case stays from notices where there are any."""
        listed = list(stays)
        windows = np.asarray(from_s, np.int64), np.asarray(until_s, np.int64)
        return cls(np.asarray(person, np.int64), *windows, CaseStays.of(listed) if listed else None)

    def __len__(self) -> int:
        return len(self.person)

    def table(self) -> pa.Table:
        """Columns `case, person, from_s, until_s`."""
        columns: dict[str, Any] = {"case": np.arange(len(self), dtype=np.int32), "person": self.person}
        return pa.table(columns | {"from_s": self.from_s, "until_s": self.until_s})


def _within(index: NDArray[np.int32], count: int) -> bool:
    return bool(index.min() >= 0 and index.max() < count)
