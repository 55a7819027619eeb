"""A segment: the stays of one batch, sorted by place and start, in one file that is memory-mapped and never changed.

Columns are raw little-endian arrays at 64-byte boundaries behind a small JSON header. Times are int32 seconds from
`EPOCH_S`, persons and places are the store's dense numbers. Beside the stays lie the offsets of places, the longest stay
of each place, the latest end of each 64 stays, and for each person the rows of his stays in order of start: about 21 bytes
a stay in all, 4 more when stay ids are scattered over more than 2³² numbers. Zone, row, seat and flags are there only where
they say something.
"""

from __future__ import annotations

import hashlib
import json
import mmap
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from sizao import columnar
from sizao.errors import ExposureError, Where
from sizao.exposure import sorting

EPOCH_S = 946_684_800
"""2000-01-01T00:00:00Z. int32 seconds from it reach from 1931 to 2068."""

EARLIEST_S = EPOCH_S - 2**31 + 2
LATEST_S = EPOCH_S + 2**31 - 2

Column = NDArray[Any]

SEAT_TYPES = {"zone": np.int32, "row": np.int16, "seat": np.int16, "flags": np.uint8}
"""Columns of a stay that are kept only where they say something, and their types in a segment."""

_MAGIC = b"SIZAOSTAYS01\n"
_ALIGN = 64
_LEAF = 6

FIELDS = (
    "stays", "start", "end", "person", "stay32", "stay64", "stay_base", "from", "until",
    "place_ids", "place_leaf", "places", "place_offset", "longest", "latest",
    "person_ids", "person_leaf", "persons", "person_offset", "person_row",
    "flags", "zone", "row", "seat", "zone_all", "row_all", "seat_all",
)  # fmt: skip
"""One line of the table the kernel reads: numbers, and the addresses of columns (0 when absent)."""

FIELD = {name: at for at, name in enumerate(FIELDS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class StayColumns:
    """Stays about to become a segment: dense int32 persons and places, int32 seconds from `EPOCH_S`."""

    stay: Column
    person: Column
    place: Column
    start: Column
    end: Column
    zone: Column
    row: Column
    seat: Column
    flags: Column
    batch: Column | None = None

    def __len__(self) -> int:
        return len(self.stay)


@dataclass(frozen=True, slots=True)
class Segment:
    """The columns of a segment, in memory or mapped from its file, and the numbers beside them."""

    columns: dict[str, Column]
    numbers: dict[str, int]
    path: Path | None = None

    def __len__(self) -> int:
        return self.numbers["stays"]

    def line(self, end: Column | None = None) -> NDArray[np.int64]:
        """The kernel's line for this segment; `end` replaces the column of ends (rows that must not be seen)."""
        line = np.zeros(len(FIELDS), np.int64)
        for name, number in self.numbers.items():
            if name in FIELD:
                line[FIELD[name]] = number
        for name, column in self.columns.items():
            if name in FIELD:
                line[FIELD[name]] = column.ctypes.data
        if end is not None:
            line[FIELD["end"]] = end.ctypes.data
        return line

    def stay_ids(self, rows: Column | slice = slice(None)) -> NDArray[np.int64]:
        """The stay ids of some rows."""
        if "stay64" in self.columns:
            return np.asarray(self.columns["stay64"][rows], np.int64)
        return self.columns["stay32"][rows].astype(np.int64) + self.numbers["stay_base"]

    def seats(self, name: str, rows: Column | slice = slice(None)) -> Column:
        """`zone`, `row`, `seat` or `flags` of some rows, also where the whole segment has one value."""
        if name in self.columns:
            return self.columns[name][rows]
        count = len(self) if isinstance(rows, slice) else len(rows)
        return np.full(count, self.numbers.get(f"{name}_all", 0), np.int32)

    def places(self, rows: Column | None = None) -> Column:
        """The dense place of some rows, or of all in order."""
        offsets = self.columns["place_offset"]
        if rows is None:
            groups = np.repeat(np.arange(len(offsets) - 1, dtype=np.int32), np.diff(offsets))
        else:
            groups = sorting.place_of_rows(offsets, np.ascontiguousarray(rows, np.int32))
        return self.columns["place_ids"][groups] if "place_ids" in self.columns else groups

    def private_ends(self) -> NDArray[np.int32]:
        """A copy of the column of ends that may be written to; of a mapped file only the pages written to are copied."""
        if self.path is None:
            return np.array(self.columns["end"])
        at = self.columns["end"].ctypes.data - self.columns["start"].ctypes.data + self.numbers["first_byte"]
        return np.memmap(self.path, np.int32, "c", at, (len(self),))

    def rows_of_person(self, person: int) -> Column:
        """The rows of a dense person, in order of start."""
        return self.columns["person_row"][slice(*self._group("person", person))]

    def rows_of_place(self, place: int) -> Column:
        """The rows of a dense place, in order of start."""
        return np.arange(*self._group("place", place))

    def _group(self, name: str, number: int) -> tuple[int, int]:
        at = number
        if f"{name}_ids" in self.columns:
            ids = self.columns[f"{name}_ids"]
            at = int(np.searchsorted(ids, number))
            if at == len(ids) or ids[at] != number:
                return 0, 0
        offsets = self.columns[f"{name}_offset"]
        if not 0 <= at < len(offsets) - 1:
            return 0, 0
        return int(offsets[at]), int(offsets[at + 1])


def build(stays: StayColumns, *, persons: int, places: int) -> Segment:
    """Sort stays into a segment. `persons` and `places` are how many dense numbers the store has given out."""
    return build_in_order(stays, persons=persons, places=places)[0]


def build_in_order(stays: StayColumns, *, persons: int, places: int) -> tuple[Segment, NDArray[np.int32]]:
    """The segment of some stays, and which stay each of its rows was."""
    by_start = sorting.order_by_start(stays.start)
    by_place, place_offset = sorting.order_by_group(stays.place, by_start, places)
    person_row, person_offset = sorting.person_index(stays.person, by_start, by_place, persons)
    start, end = stays.start[by_place], stays.end[by_place]
    latest = np.zeros(-(-len(stays) // sorting.BLOCK), np.int32)
    longest = sorting.longest_stays(start, end, sorting.narrow_offsets(place_offset), latest)
    columns: dict[str, Column] = {"start": start, "end": end, "person": stays.person[by_place], "latest": latest}
    numbers = {"stays": len(stays), "from": int(start.min()), "until": int(end.max())}
    _add_ids(columns, numbers, stays.stay[by_place])
    _add_groups(columns, numbers, "place", place_offset)
    columns["longest"] = longest[columns["place_ids"]] if "place_ids" in columns else longest
    _add_groups(columns, numbers, "person", person_offset)
    columns["person_row"] = person_row
    for name in SEAT_TYPES:
        _add_where_it_says_something(columns, numbers, name, getattr(stays, name)[by_place])
    if stays.batch is not None:
        columns["batch"] = stays.batch[by_place]
    return Segment(columns, numbers), by_place


def columns_of(part: Segment, rows: Column, batch: Column | None = None) -> StayColumns:
    """Rows of a segment as stays about to become another one; `batch` gives each row's place in its list of batches."""
    return StayColumns(
        stay=part.stay_ids(rows),
        person=part.columns["person"][rows],
        place=part.places(rows),
        start=part.columns["start"][rows],
        end=part.columns["end"][rows],
        **{name: part.seats(name, rows).astype(kind) for name, kind in SEAT_TYPES.items()},
        batch=batch,
    )


def _add_ids(columns: dict[str, Column], numbers: dict[str, int], ids: Column) -> None:
    lowest, highest = int(ids.min()), int(ids.max())
    numbers |= {"stay_base": lowest, "stay_last": highest}
    if highest - lowest < 2**32:
        columns["stay32"] = (ids - lowest).astype(np.uint32)
    else:
        columns["stay64"] = ids


def _add_groups(columns: dict[str, Column], numbers: dict[str, int], name: str, offsets: NDArray[np.int64]) -> None:
    """Offsets by dense number where most numbers occur; else the numbers that occur, with a leaf index every 64 numbers."""
    groups = len(offsets) - 1
    present = np.flatnonzero(np.diff(offsets)).astype(np.int32)
    if 2 * len(present) >= groups:
        columns[f"{name}_offset"] = sorting.narrow_offsets(offsets)
    else:
        columns[f"{name}_offset"] = sorting.narrow_offsets(np.append(offsets[present], offsets[-1]))
        columns[f"{name}_ids"] = present
        leaves = np.arange((groups >> _LEAF) + 2, dtype=np.int64) << _LEAF
        columns[f"{name}_leaf"] = np.searchsorted(present, leaves).astype(np.int32)
    numbers[f"{name}s"] = groups


def _add_where_it_says_something(
    columns: dict[str, Column], numbers: dict[str, int], name: str, values: Column
) -> None:
    if len(values) and (values == values[0]).all():
        numbers[f"{name}_all"] = int(values[0])
        if name != "flags" or values[0] == 0:
            return
    columns[name] = values


def write(segment: Segment, path: Path) -> str:
    """Write a segment whole or not at all; returns the SHA-256 of its bytes."""
    digest = hashlib.sha256()
    head = _head(segment)

    def fill(out: IO[bytes]) -> None:
        for part in (head, *(_padded(column) for column in segment.columns.values())):
            for piece in part if isinstance(part, tuple) else (part,):
                digest.update(piece)
                out.write(piece)

    columnar.write_whole(path, fill)
    return digest.hexdigest()


def _head(segment: Segment) -> bytes:
    described = {name: [column.dtype.str, len(column)] for name, column in segment.columns.items()}
    text = json.dumps({"numbers": segment.numbers, "columns": described}, sort_keys=False).encode()
    size = -(-(len(_MAGIC) + 10 + len(text)) // _ALIGN) * _ALIGN
    return (_MAGIC + b"%9d\n" % len(text) + text).ljust(size, b" ")


def _padded(column: Column) -> tuple[memoryview, bytes]:
    content = np.ascontiguousarray(column)
    return content.data.cast("B"), bytes(-content.nbytes % _ALIGN)


def read(path: Path) -> Segment:
    """Map a segment's file. Refuses a file that is not one, or is cut short (E136)."""
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as absent:
        raise ExposureError("E136", where=Where(file=path.name)) from absent
    try:
        return _mapped(mapped, path)
    except (ValueError, KeyError) as broken:
        raise ExposureError("E136", where=Where(file=path.name)) from broken


def _mapped(mapped: mmap.mmap, path: Path) -> Segment:
    first = len(_MAGIC) + 10
    if mapped[: len(_MAGIC)] != _MAGIC:
        raise ValueError("magic")
    size = int(mapped[len(_MAGIC) : first])
    head = json.loads(mapped[first : first + size])
    at = -(-(first + size) // _ALIGN) * _ALIGN
    columns, first_byte = {}, at
    for name, (kind, count) in head["columns"].items():
        columns[name] = np.frombuffer(mapped, kind, count, at)
        at += -(-columns[name].nbytes // _ALIGN) * _ALIGN
    return Segment(columns, head["numbers"] | {"first_byte": first_byte}, path)


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, to check it against its manifest row."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def remove(path: Path) -> None:
    """Remove a segment's file, if it is still there, and make that last."""
    path.unlink(missing_ok=True)
    columnar.sync_folder(path.parent)
