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
)
from sizao.exposure.segments import EPOCH_S
from sizao.exposure.touched import POSITION_BITS, Marks, drain, rank, touch, untouch

_POSITION = (1 << POSITION_BITS) - 1
_LOW = 0xFFFFFFFF

_AHEAD = 16
"""How many persons ahead memory is asked for."""

NEVER = 2**31 - 1
"""The first moment of a person not touched."""

EMPTY = NEVER << 32
"""The sum of a person not touched: an int64 with the seconds shared in its lower half and the first moment in its upper."""


@jit.inlined
def add_rows(columns: Any, rows: Any, span: Any, sums: Number, into: Any) -> Number:
    """Add the rows `rows[1]` (bits, from row `rows[0]` on) to the sums; returns how many persons are listed then.

    `into` is (set of touched persons, address of a list or 0, persons listed): whoever is new goes to the list where there is
    one, and else to the set, which need not know who is new.
    """
    starts, ends, persons = columns
    lo, left = rows
    since, till = span
    marks, listed, count = into
    ahead = left
    while ahead != 0:
        jit.fetch(sums + (np.int64(jit.load_i32(persons, lo + jit.lowest_bit(ahead))) << 3))
        ahead &= ahead - np.uint64(1)
    while left != 0:
        row = lo + jit.lowest_bit(left)
        left &= left - np.uint64(1)
        person = np.int64(jit.load_i32(persons, row))
        began = max(np.int64(jit.load_i32(starts, row)), since)
        overlap = max(min(np.int64(jit.load_i32(ends, row)), till) - began, np.int64(0))
        held = jit.load_i64(sums, person)
        first = held >> 32
        jit.store_i64(sums, person, (min(first, began) << 32) | ((held & _LOW) + overlap))
        if listed == 0:
            touch(marks, person)
        else:
            jit.store_i32(listed, count, np.int32(person))
            count += np.int64(first == NEVER)
    return count


@jit.inlined
def sum_stay(lines: Lines, stay: NDArray[np.int32], lag: Number, sums: Number, into: Any) -> tuple[Number, Number]:
    """Add everybody whom one case stay meets, the case itself too where it is in the store (see `without`).

    `into` is as for `add_rows`, and a list has room for one more than there are persons; returns (meetings, persons listed).
    """
    since, till = np.int64(stay[SINCE]), np.int64(stay[TILL])
    marks, listed, count = into
    met = np.int64(0)
    for segment in range(len(lines)):
        lo, _, hi = reach(lines, segment, stay[PLACE], since, till + lag)
        if lo == hi:
            continue
        met += hi - lo
        columns = (lines[segment, START], lines[segment, END], lines[segment, PERSON])
        latest = lines[segment, LATEST]
        while lo < hi:
            block = lo >> BLOCK_BITS
            stop = min(hi, (block + 1) << BLOCK_BITS)
            if jit.load_i32(latest, block) > since:
                fetch_block(columns[2], stop)
                fetch_block(columns[0], stop)
                rows = (lo, lasting(columns[1], lo, stop, since))
                count = add_rows(columns, rows, (since, till), sums, (marks, listed, count))
            lo = stop
    return met, count


@jit.inlined
def without(sums: Number, marks: Marks, own: Number) -> None:
    """Take the case's own person out of its sums and of the set; −1 is nobody."""
    if own >= 0:
        jit.store_i64(sums, np.int64(own), np.int64(EMPTY))
        untouch(marks, own)


@jit.inlined
def _write(out: Any, at: Number, row: Any) -> None:
    """Row `at` of the addressed columns of SUM_SCHEMA: (case, person id, overlap, first moment)."""
    case, person, overlap, first = row
    jit.store_i32(out[0], at, np.int32(case))
    jit.store_i64(out[1], at, person)
    jit.store_i64(out[2], at, overlap)
    jit.store_i64(out[3], at, np.int64(first) + EPOCH_S)


@jit.inlined
def _write_in_order(sums: Number, persons: Number, sizes: Any, ids: Number, at: Any, out: Any) -> None:
    """Write the first `sizes[1]` of `sizes[0]` persons in the order given, from row `at[0]` on; empty the sums of all."""
    count, kept = sizes
    row, case = at
    for i in range(count):
        person = np.int64(jit.load_i32(persons, np.int64(i)))
        held = jit.load_i64(sums, person)
        jit.store_i64(sums, person, np.int64(EMPTY))
        if i < kept:
            _write(out, row + i, (case, jit.load_i64(ids, person), held & _LOW, held >> 32))


@jit.inlined
def _write_ranked(sums: Number, persons: Number, sizes: Any, ids: Number, at: Any, out: Any) -> None:
    """As `_write_in_order`, but the longest overlap first, equal ones in the order given.

    Sums and ids are read once, in order of person, into a few bytes each that stay near; only those are read in order of rank.
    """
    count, kept = sizes
    row, case = at
    memory = np.empty(4 * count, np.int64)
    keys = memory.ctypes.data
    spare, named, firsts = keys + (count << 3), keys + (count << 4), keys + 3 * (count << 3)
    highest = np.int64(0)
    for i in range(count):
        person = np.int64(jit.load_i32(persons, np.int64(i)))
        held = jit.load_i64(sums, person)
        jit.store_i64(sums, person, np.int64(EMPTY))
        overlap = held & _LOW
        highest = max(highest, overlap)
        jit.store_i64(keys, np.int64(i), (~overlap << POSITION_BITS) | np.int64(i))
        jit.store_i64(named, np.int64(i), jit.load_i64(ids, person))
        jit.store_i32(firsts, np.int64(i), np.int32(held >> 32))
    ordered = rank(keys, spare, count, highest)
    for i in range(kept):
        key = jit.load_i64(ordered, np.int64(i))
        place = key & _POSITION
        first = jit.load_i32(firsts, place)
        _write(out, row + i, (case, jit.load_i64(named, place), ~(key >> POSITION_BITS), first))
    jit.held(memory)


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
        most: Number = np.int64(0)
        for at in range(offsets[case], offsets[case + 1]):
            most += sum_stay(lines, stays[at], lag, sums, (marks, 0, np.int64(0)))[0]
        without(sums, marks, own[case])
        memory = np.empty(most, np.int32)
        count = drain(marks, memory)
        persons, kept = memory.ctypes.data, min(count, np.int64(top))
        if written + kept > room:
            for i in range(count):
                jit.store_i64(sums, np.int64(jit.load_i32(persons, np.int64(i))), np.int64(EMPTY))
            return case, written, kept
        if ranked:
            _write_ranked(sums, persons, (count, kept), ids, (written, case), out)
        else:
            _write_in_order(sums, persons, (count, kept), ids, (written, case), out)
        jit.held(memory)
        written += kept
    return cases[1], written, np.int64(0)
