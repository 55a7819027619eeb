"""What a question sees: the segments of one moment of knowledge, dense numbers, and scratch memory for the workers.

A view never changes. Stays it must not show (of forgotten persons, withdrawn, of batches not yet known) have their ends set
before all time in a private copy of the page they lie in, so the kernel need not ask.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sizao.exposure import segments, summing, touched
from sizao.exposure.numbering import Numbering, ranks_of
from sizao.exposure.segments import EPOCH_S, Segment, StayColumns
from sizao.exposure.stays import VISIBLE_SCHEMA

_MOST_ROWS = 1 << 20

UNSEEN = -(2**31) + 1
"""The end of a stay that must not be seen."""


class RoomGuess:
    """How many rows to make room for: by what cases needed so far, and never less than the next one is known to need."""

    def __init__(self) -> None:
        self._per_case = 4096.0
        self._need = 0

    def room(self, cases: int) -> int:
        """Rows to make room for."""
        wanted = max(self._need, min(int(1.25 * self._per_case * cases) + 1024, _MOST_ROWS))
        return 1 << (wanted - 1).bit_length()

    def learn(self, rows: int, cases: int, need: int) -> None:
        """So many rows were written for so many cases, and the next case, if it did not fit, needs `need`."""
        if cases:
            self._per_case = max(1.0, 0.5 * self._per_case, rows / cases)
        self._need = need


class Scratch:
    """Memory of one worker, empty between uses: sums, chains and set of touched persons, and the log of meetings."""

    def __init__(self, view: View) -> None:
        self._persons = len(view.person_ids) + 1
        self.set = touched.empty_marks(self._persons, *view.ranks())
        self.marks = self.set.marks()
        self.pairs, self.shown, self.sums_room = RoomGuess(), RoomGuess(), RoomGuess()
        self._sums: NDArray[np.int32] | None = None
        self._heads: NDArray[np.int32] | None = None
        self.log = np.empty(8 * 16384, np.int32)

    @property
    def sums(self) -> int:
        """The address of (overlap, first) of each person, nobody touched."""
        if self._sums is None:
            self._sums = np.empty((self._persons, 2), np.int32)
            self._sums[:, 0] = 0
            self._sums[:, 1] = summing.NEVER
        return int(self._sums.ctypes.data)

    @property
    def heads(self) -> int:
        """The address of the head of each person's chain of meetings, all empty."""
        if self._heads is None:
            self._heads = np.full((self._persons, 2), -1, np.int32)
        return int(self._heads.ctypes.data)


class View:
    """The stays of some segments under common dense numbers. `hidden` gives, by segment, rows that must not be seen."""

    def __init__(
        self,
        parts: Sequence[Segment],
        *,
        persons: Numbering,
        places: Numbering,
        kinds: NDArray[np.int16],
        hidden: dict[int, NDArray[Any]] | None = None,
    ) -> None:
        self.segments = tuple(parts)
        self.persons, self.places, self.kinds = persons, places, kinds
        self.person_ids, self.place_ids = persons.ids, places.ids
        self._ranks: tuple[NDArray[np.int32], NDArray[np.int32]] | tuple[None, None] | None = None
        self.ends = {at: _without(parts[at], rows) for at, rows in (hidden or {}).items() if len(rows)}
        lines = [part.line(self.ends.get(at)) for at, part in enumerate(parts)]
        self.lines = np.stack(lines) if lines else np.zeros((0, len(segments.FIELDS)), np.int64)
        self._idle: list[Scratch] = []

    def ranks(self) -> tuple[NDArray[np.int32], NDArray[np.int32]] | tuple[None, None]:
        """Each person's rank by id and the way back; None and None where numbers ascend with ids already."""
        if self._ranks is None:
            grown = len(self.persons) != len(self.person_ids)
            if self.persons.ascending:
                self._ranks = None, None
            else:
                self._ranks = ranks_of(self.person_ids) if grown else self.persons.ranks()
        return self._ranks

    @contextmanager
    def scratch(self) -> Iterator[Scratch]:
        """Scratch memory for one worker. After an error it is thrown away, because it may not be empty."""
        try:
            held = self._idle.pop()
        except IndexError:
            held = Scratch(self)
        yield held
        self._idle.append(held)

    def end_of(self, segment: int) -> NDArray[np.int32]:
        """The column of ends of a segment as seen here."""
        return self.ends.get(segment, self.segments[segment].columns["end"])

    def rows(self) -> int:
        """How many stays are seen."""
        hidden = sum(int((ends == UNSEEN).sum()) for ends in self.ends.values())
        return sum(len(part) for part in self.segments) - hidden

    def table(self, segment: int, rows: NDArray[Any] | None = None) -> pa.Table:
        """Rows of a segment that are seen, in VISIBLE_SCHEMA; all of them when none are named."""
        part, ends = self.segments[segment], self.end_of(segment)
        if rows is None:
            rows = np.flatnonzero(ends > UNSEEN) if segment in self.ends else np.arange(len(part))
        else:
            rows = rows[ends[rows] > UNSEEN]
        place = part.places(rows)
        columns = {
            "stay": part.stay_ids(rows),
            "person": self.person_ids[part.columns["person"][rows]],
            "place": self.place_ids[place],
            "kind": self.kinds[place],
            "start_s": part.columns["start"][rows].astype(np.int64) + EPOCH_S,
            "end_s": ends[rows].astype(np.int64) + EPOCH_S,
            **{name: part.seats(name, rows) for name in ("zone", "row", "seat", "flags")},
        }
        arrays = [pa.array(columns[field.name], safe=False).cast(field.type) for field in VISIBLE_SCHEMA]
        return pa.Table.from_arrays(arrays, schema=VISIBLE_SCHEMA)

    def stays(self) -> pa.Table:
        """All stays seen, in VISIBLE_SCHEMA, segment by segment."""
        return pa.concat_tables([self.table(at) for at in range(len(self.segments))] or [VISIBLE_SCHEMA.empty_table()])


def _without(part: Segment, rows: NDArray[Any]) -> NDArray[np.int32]:
    ends: NDArray[np.int32] = part.private_ends()
    ends[rows] = UNSEEN
    return ends


def view_of(stays: pa.Table) -> View:
    """A view of stays in memory (VISIBLE_SCHEMA): a shard of a larger store, or a small town."""
    column = {name: stays.column(name).to_numpy() for name in VISIBLE_SCHEMA.names}
    persons, places = Numbering(np.zeros(0, np.int64)), Numbering(np.zeros(0, np.int64))
    who, where = persons.add(column["person"]), places.add(column["place"])
    kinds = np.zeros(len(places), np.int16)
    kinds[where] = column["kind"]
    if not len(who):
        return View((), persons=persons, places=places, kinds=kinds)
    times = {name: (column[f"{name}_s"] - EPOCH_S).astype(np.int32) for name in ("start", "end")}
    seats = {name: column[name].astype(kind) for name, kind in segments.SEAT_TYPES.items()}
    stay = StayColumns(stay=column["stay"], person=who, place=where, **times, **seats)
    built = segments.build(stay, persons=len(persons), places=len(places))
    return View((built,), persons=persons, places=places, kinds=kinds)
