"""Compiled: all pairs of people who shared a stay in an interval, each pair once, without sorting pairs.

The stays of the interval are clipped to it, and those too short for anything are left out; at each place, in order of start, the
partners of a stay are then the run that begins before it ends less the minimum, without a further test. Each pair goes to
the bucket of its smaller person, and a mark per person keeps it once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sizao.exposure import jit
from sizao.exposure.probe import END, PERSON, START, Lines, Number, reach

Ints = NDArray[np.int32]


@jit.inlined
def _most_at_once(start: Number, end: Number, count: Number, span: Any) -> Number:
    """The largest number of stays at one moment of the span, counted second by second."""
    change = np.zeros(span[1] - span[0] + 1, np.int32)
    for i in range(count):
        change[np.int64(jit.load_i32(start, i)) - span[0]] += 1
        change[np.int64(jit.load_i32(end, i)) - span[0]] -= 1
    most, here = np.int32(0), np.int32(0)
    for moment in range(len(change)):
        here += change[moment]
        most = max(most, here)
    return most


@jit.inlined
def _longer(column: Ints, room: Number) -> Ints:
    longer = np.empty(room, np.int32)
    for i in range(len(column)):
        longer[i] = column[i]
    return longer


@jit.inlined
def _merged(columns: Any, spare: Number, lo: Number, mid: Number, hi: Number) -> None:
    """Merge rows `lo..mid` and `mid..hi`, each in order of start, in place; `spare` has room for three columns of them."""
    start, end, person = columns
    n, left, right = hi - lo, np.int64(lo), np.int64(mid)
    for k in range(n):
        take = right >= hi or (left < mid and jit.load_i32(start, left) <= jit.load_i32(start, right))
        row = left if take else right
        left, right = left + np.int64(take), right + np.int64(not take)
        jit.store_i32(spare, k, jit.load_i32(start, row))
        jit.store_i32(spare, k + n, jit.load_i32(end, row))
        jit.store_i32(spare, k + 2 * n, jit.load_i32(person, row))
    for k in range(n):
        jit.store_i32(start, lo + k, jit.load_i32(spare, k))
        jit.store_i32(end, lo + k, jit.load_i32(spare, k + n))
        jit.store_i32(person, lo + k, jit.load_i32(spare, k + 2 * n))


@jit.inlined
def _take_in(lines: Lines, segment: Number, rows: Any, span: Any, rank: Number, columns: Any) -> Number:
    """Append the rows of a segment that last into the span, clipped, from row `rows[2]` on; returns the row after them."""
    start, end, person = columns
    count = np.int64(rows[2])
    for row in range(rows[0], rows[1]):
        until = np.int64(jit.load_i32(lines[segment, END], row))
        if until > span[0]:
            began, who = np.int64(jit.load_i32(lines[segment, START], row)), jit.load_i32(lines[segment, PERSON], row)
            if rank != 0:
                who = jit.load_i32(rank, np.int64(who))
            jit.store_i32(start, count, np.int32(max(began, span[0])))
            jit.store_i32(end, count, np.int32(min(until, span[1])))
            jit.store_i32(person, count, who)
            count += 1
    return count


@jit.compiled
def stays_at(
    lines: Lines, places: tuple[int, int], span: tuple[int, int], least: int, most: int, rank: int
) -> tuple[Ints, Ints, Ints, Ints]:
    """Stays of `span` at places `places[0]..places[1]`, clipped, of `least` seconds or more: start, end, person in order of
    start, and where each place begins. A place where more than `most` were at once is left out (−1: none is).
    """
    offsets = np.zeros(places[1] - places[0] + 1, np.int32)
    start, end, person = np.empty(4096, np.int32), np.empty(4096, np.int32), np.empty(4096, np.int32)
    spare = np.empty(4096, np.int32)
    kept = np.int64(0)
    for place in range(places[0], places[1]):
        count = kept
        for segment in range(len(lines)):
            lo, _, hi = reach(lines, segment, place, span[0], span[1])
            if lo == hi:
                continue
            if count + hi - lo > len(start):
                room = 2 * (count + hi - lo)
                start, end, person = _longer(start, room), _longer(end, room), _longer(person, room)
            columns = (start.ctypes.data, end.ctypes.data, person.ctypes.data)
            before = count
            count = _take_in(lines, segment, (lo, hi, before), span, rank, columns)
            if kept < before < count:
                if 3 * (count - kept) > len(spare):
                    spare = np.empty(6 * (count - kept), np.int32)
                _merged(columns, spare.ctypes.data, kept, before, count)
                jit.held(spare)
        at, to = start.ctypes.data + 4 * kept, end.ctypes.data + 4 * kept
        if most >= 0 and count - kept > most and _most_at_once(at, to, count - kept, span) > most:
            count = kept
        for row in range(kept, count):
            if end[row] - start[row] >= least:
                start[kept], end[kept], person[kept] = start[row], end[row], person[row]
                kept += 1
        offsets[place - places[0] + 1] = kept
    return start[:kept].copy(), end[:kept].copy(), person[:kept].copy(), offsets


@jit.compiled
def meetings_at(start: Ints, end: Ints, offsets: Ints, least: int) -> NDArray[np.int64]:
    """How many pairs of stays share `least` seconds, counted up place by place from 0."""
    total = np.zeros(len(offsets), np.int64)
    for place in range(len(offsets) - 1):
        count = np.int64(0)
        for i in range(offsets[place], offsets[place + 1]):
            lo: Number = i + 1
            hi, until = np.int64(offsets[place + 1]), end[i] - least
            while lo < hi:
                middle = (lo + hi) >> 1
                if start[middle] <= until:
                    lo = middle + 1
                else:
                    hi = middle
            count += lo - i - 1
        total[place + 1] = total[place] + count
    return total


@jit.compiled
def buckets(
    stays: tuple[int, int, int], offsets: Ints, places: tuple[int, int], least: int, persons: tuple[int, int]
) -> tuple[Ints, NDArray[np.int64]]:
    """For each person `persons[0]..persons[1]`, partners with a larger number, one per joint stay at places
    `places[0]..places[1]`; and where each person's begin. `stays` are the addresses of start, end and person.
    """
    start, end, person = stays
    first, last = np.int64(persons[0]), np.int64(persons[1])
    counts = np.zeros(last - first + 2, np.int64)
    of_counts = counts.ctypes.data
    partners = np.empty(0, np.int32)
    for writing in range(2):
        of_partners = partners.ctypes.data
        for place in range(places[0], places[1]):
            stop = np.int64(offsets[place + 1])
            for i in range(offsets[place], offsets[place + 1]):
                j, until = np.int64(i) + 1, np.int64(jit.load_i32(end, np.int64(i))) - least
                mine = np.int64(jit.load_i32(person, np.int64(i)))
                while j < stop and np.int64(jit.load_i32(start, j)) <= until:
                    other = np.int64(jit.load_i32(person, j))
                    at = min(mine, other) - first
                    if mine != other and 0 <= at < last - first:
                        if writing:
                            room = jit.load_i64(of_counts, at)
                            jit.store_i32(of_partners, room, np.int32(max(mine, other)))
                            jit.store_i64(of_counts, at, room + 1)
                        else:
                            jit.store_i64(of_counts, at + 2, jit.load_i64(of_counts, at + 2) + 1)
                    j += 1
        if writing == 0:
            for number in range(len(counts) - 1):
                counts[number + 1] += counts[number]
            partners = np.empty(counts[len(counts) - 1], np.int32)
            of_counts = counts.ctypes.data + 8
    return partners, counts[: len(counts) - 1].copy()


@jit.compiled
def distinct(parts: NDArray[np.int64], persons: tuple[int, int], everybody: int, memory: Ints) -> NDArray[np.int64]:
    """Keep each partner once, in the order found, in `memory`; where those of each person `persons[0]..persons[1]` begin.

    `parts` are the addresses of the buckets of the same persons at several sets of places: partners and offsets.
    """
    mark = np.full(everybody, -1, np.int32)
    found = np.zeros(persons[1] - persons[0] + 1, np.int64)
    of_mark, of_memory, kept = mark.ctypes.data, memory.ctypes.data, np.int64(0)
    for person in range(persons[0], persons[1]):
        for part in range(len(parts)):
            partners, offsets = parts[part, 0], parts[part, 1]
            for i in range(jit.load_i64(offsets, person), jit.load_i64(offsets, person + 1)):
                partner = np.int64(jit.load_i32(partners, i))
                if jit.load_i32(of_mark, partner) != person:
                    jit.store_i32(of_mark, partner, np.int32(person))
                    jit.store_i32(of_memory, kept, np.int32(partner))
                    kept += 1
        found[person - persons[0] + 1] = kept
    jit.held(mark)
    return found


@jit.compiled
def write_pairs(
    partners: Ints, offsets: NDArray[np.int64], first: int, ids: tuple[int, int], out: tuple[int, int], at: int
) -> None:
    """Write (person, partner) ids from row `at` of two addressed columns; `ids` is (person ids, order by id or 0)."""
    row = np.int64(at)
    for number in range(len(offsets) - 1):
        mine = np.int64(first + number)
        if ids[1] != 0:
            mine = np.int64(jit.load_i32(ids[1], mine))
        person = jit.load_i64(ids[0], mine)
        for i in range(offsets[number], offsets[number + 1]):
            other = np.int64(partners[i])
            if ids[1] != 0:
                other = np.int64(jit.load_i32(ids[1], other))
            jit.store_i64(out[0], row, person)
            jit.store_i64(out[1], row, jit.load_i64(ids[0], other))
            row += 1
