"""Compiled: the raw sum. For each case, everybody met, the seconds shared in all, and the first moment.

No rule is applied: this is what a judged answer is measured against, and what quick questions need.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sizao.exposure import jit
from sizao.exposure.probe import (
    BLOCK_BITS,
    END,
    LATEST,
    PERSON,
    PLACE,
    SINCE,
    START,
    TILL,
    Lines,
    Number,
    fetch_block,
    lasting,
    reach,
)  # fmt: skip
from sizao.exposure.segments import EPOCH_S
from sizao.exposure.touched import POSITION_BITS, Marks, drain, rank, touch

_POSITION = np.uint64((1 << POSITION_BITS) - 1)

_AHEAD = 16
"""How many persons ahead memory is asked for."""

NEVER = 2**31 - 1
"""The first moment of a person not touched."""


@jit.inlined
def _add(sums: Number, marks: Marks, person: Number, overlap: Number, began: Number) -> Number:
    at = np.int64(person) << 1
    first = jit.load_i32(sums, at + 1)
    if first == NEVER:
        jit.store_i32(sums, at, overlap)
        jit.store_i32(sums, at + 1, began)
        touch(marks, person)
        return 1
    jit.store_i32(sums, at, jit.load_i32(sums, at) + overlap)
    if began < first:
        jit.store_i32(sums, at + 1, began)
    return 0


@jit.inlined
def sum_stay(lines: Lines, stay: NDArray[np.int32], own: Number, lag: Number, sums: Number, marks: Marks) -> Number:
    """Add everybody whom one case stay meets, `own` left out; returns how many were new."""
    since, till = stay[SINCE], stay[TILL]
    fresh = np.int64(0)
    for segment in range(len(lines)):
        lo, _, hi = reach(lines, segment, stay[PLACE], np.int64(since), np.int64(till) + lag)
        if lo == hi:
            continue
        starts, ends = lines[segment, START], lines[segment, END]
        persons, latest = lines[segment, PERSON], lines[segment, LATEST]
        while lo < hi:
            block = lo >> BLOCK_BITS
            stop = min(hi, (block + 1) << BLOCK_BITS)
            if jit.load_i32(latest, block) > since:
                fetch_block(persons, stop)
                fetch_block(starts, stop)
                rows = lasting(ends, lo, stop, since)
                ahead = rows
                while ahead != 0:
                    jit.fetch(sums + (np.int64(jit.load_i32(persons, lo + jit.lowest_bit(ahead))) << 3))
                    ahead &= ahead - np.uint64(1)
                while rows != 0:
                    row = lo + jit.lowest_bit(rows)
                    rows &= rows - np.uint64(1)
                    person = jit.load_i32(persons, row)
                    if person != own:
                        began = max(jit.load_i32(starts, row), since)
                        overlap = max(min(jit.load_i32(ends, row), till) - began, 0)
                        fresh += _add(sums, marks, person, overlap, began)
            lo = stop
    return fresh


@jit.inlined
def _keys(sums: Number, persons: NDArray[np.int32], count: Number, ranked: Number) -> NDArray[np.uint64]:
    """Sort keys of the persons touched: longest overlap first if `ranked`, else in the order given."""
    keys = np.empty(count, np.uint64)
    highest = np.int64(0)
    for i in range(count):
        overlap = np.int64(jit.load_i32(sums, np.int64(persons[i]) << 1))
        keys[i] = overlap
        highest = max(highest, overlap)
    for i in range(count):
        value = np.uint64(highest) - keys[i] if ranked else np.uint64(0)
        keys[i] = (value << np.uint64(POSITION_BITS)) | np.uint64(i)
    return rank(keys, count, highest) if ranked else keys


@jit.compiled
def sum_cases(
    lines: Lines, stays: NDArray[np.int32], offsets: NDArray[np.int32], own: NDArray[np.int32], cases: tuple[int, int],
    lag: int, ranked: bool, top: int, ids: int, scratch: Any, room: int, out: Any,
) -> tuple[Number, Number, Number]:  # fmt: skip
    """Sum cases `cases[0]..cases[1]` into `out` (addresses of case, person, overlap, first); returns the next case, the rows
    written, and how many rows the next case needs.

    Stops early where a case does not fit into what is left of `room`; nothing of that case is then written. `scratch` is
    (sums of every person, set of touched persons) as left by `empty`, and is left so.
    """
    sums, marks = scratch
    written: Number = np.int64(0)
    for case in range(cases[0], cases[1]):
        count: Number = np.int64(0)
        for at in range(offsets[case], offsets[case + 1]):
            count += sum_stay(lines, stays[at], own[case], lag, sums, marks)
        persons = np.empty(count, np.int32)
        drain(marks, persons)
        fits = written + min(count, top) <= room
        if fits:
            keys = _keys(sums, persons, count, ranked)
            for i in range(min(count, top)):
                if i + _AHEAD < count:
                    later = np.int64(persons[np.int64(keys[i + _AHEAD] & _POSITION)]) << 3
                    jit.fetch(sums + later)
                    jit.fetch(ids + later)
                person = np.int64(persons[np.int64(keys[i] & _POSITION)])
                jit.store_i32(out[0], written, np.int32(case))
                jit.store_i64(out[1], written, jit.load_i64(ids, person))
                jit.store_i64(out[2], written, np.int64(jit.load_i32(sums, person << 1)))
                jit.store_i64(out[3], written, np.int64(jit.load_i32(sums, (person << 1) + 1)) + EPOCH_S)
                written += 1
        for i in range(count):
            jit.store_i32(sums, (np.int64(persons[i]) << 1) + 1, NEVER)
        if not fits:
            return case, written, min(count, top)
    return cases[1], written, np.int64(0)
