"""Who shared the crowds of an interval: all pairs of people with a joint stay, each pair once."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sizao.exposure import crowding
from sizao.exposure.embedded import threads_of_machine, view_at
from sizao.exposure.queries import Source, balanced, on_threads
from sizao.exposure.rows import Rows
from sizao.exposure.segments import EPOCH_S
from sizao.exposure.view import View
from sizao.when import Instant, Interval

PAIR_SCHEMA = pa.schema([("person", pa.int64()), ("other", pa.int64())])

_MOST_MEETINGS = 1 << 26
"""Pairs of stays whose people are held at once; a larger crowd is worked through by ranges of persons."""


class _Crowd(NamedTuple):
    """The stays of the interval, place after place, and their meetings counted up by place. Persons are ranks by id."""

    start: NDArray[np.int32]
    end: NDArray[np.int32]
    person: NDArray[np.int32]
    offsets: NDArray[np.int32]
    meetings: NDArray[np.int64]

    @property
    def addresses(self) -> tuple[int, int, int]:
        return self.start.ctypes.data, self.end.ctypes.data, self.person.ctypes.data


def crowd_pairs(
    source: Source,
    interval: Interval,
    *,
    known_at: Instant,
    min_overlap_s: int,
    most_at_once: int | None = None,
    threads: int | None = None,
) -> pa.Table:
    """All pairs who shared a stay of `min_overlap_s` (1 at least) or more in the interval, each once (PAIR_SCHEMA).

    Stays are clipped to the interval. Places where more than `most_at_once` were at one moment are left out. Ordered by
    `person`, the smaller id of the two; the others of one person in the order of the places they were met at.
    """
    view = view_at(source, known_at)
    least, workers, people = max(1, min_overlap_s), threads or threads_of_machine(), len(view.person_ids)
    found = _crowd(view, interval, (least, -1 if most_at_once is None else most_at_once), workers)
    rounds = max(1, -(-int(found.meetings[-1]) // _MOST_MEETINGS))
    edges = np.linspace(0, people, rounds + 1).astype(np.int64).tolist()
    batches = [_pairs(view, found, least, (first, last), workers) for first, last in pairwise(edges)]
    return pa.Table.from_batches(batches, PAIR_SCHEMA)


def _crowd(view: View, interval: Interval, limits: tuple[int, int], workers: int) -> _Crowd:
    since, until = (int(np.clip(at - EPOCH_S, -(2**31) + 2, 2**31 - 2)) for at in interval)
    rank, _ = view.ranks()
    of_rank = 0 if rank is None else int(rank.ctypes.data)
    edges = np.linspace(0, len(view.place_ids), workers + 1).astype(np.int64).tolist()
    ranges = list(pairwise(edges))
    parts = on_threads(lambda at: crowding.stays_at(view.lines, at, (since, until), *limits, of_rank), ranges)
    start, end, person = (np.concatenate([part[column] for part in parts]) for column in range(3))
    counts = np.concatenate([np.diff(part[3]) for part in parts])
    offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
    return _Crowd(start, end, person, offsets, crowding.meetings_at(start, end, offsets, limits[0]))


def _pairs(view: View, crowd: _Crowd, least: int, persons: tuple[int, int], workers: int) -> pa.RecordBatch:
    """The pairs whose smaller person is in a range."""
    fill = partial(crowding.buckets, crowd.addresses, crowd.offsets, least=least, persons=persons)
    held = on_threads(lambda places: fill(places=places), balanced(crowd.meetings, workers)) or [fill(places=(0, 0))]
    parts = np.array([[partners.ctypes.data, offsets.ctypes.data] for partners, offsets in held], np.int64)
    total = np.sum([offsets for _, offsets in held], axis=0)

    def kept(range_: tuple[int, int]) -> tuple[Any, Any, int]:
        memory = np.empty(int(total[range_[1]] - total[range_[0]]), np.int32)
        everybody = len(view.person_ids) + 1
        return memory, crowding.distinct(parts, range_, everybody, memory), range_[0] + persons[0]

    single = on_threads(kept, balanced(total, workers))
    counts = [int(offsets[-1]) for _, offsets, _ in single]
    rows = Rows(PAIR_SCHEMA, sum(counts))
    _, by_rank = view.ranks()
    ids = int(view.person_ids.ctypes.data), 0 if by_rank is None else int(by_rank.ctypes.data)
    at = np.concatenate(([0], np.cumsum(counts))).astype(int).tolist()
    out = rows.addresses[0], rows.addresses[1]
    work = [(*one, ids, out, row) for one, row in zip(single, at, strict=False)]
    on_threads(lambda one: crowding.write_pairs(*one), work)
    return rows.batch(sum(counts))
