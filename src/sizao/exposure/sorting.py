"""Compiled steps of building a segment: order stays by place and start, index them by person, bound their durations."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sizao.exposure import jit

BLOCK = 64
"""Stays per block whose latest end is kept."""

_DIGIT = 2048


@jit.compiled
def order_by_start(start: NDArray[np.int32]) -> NDArray[np.int32]:
    """Row numbers in order of start; equal starts keep the order given. A radix sort of eleven bits a pass."""
    n = len(start)
    rows = np.empty(n, np.int32)
    for i in range(n):
        rows[i] = i
    if n == 0:
        return rows
    low = high = np.int64(start[0])
    for moment in start:
        low, high = min(low, np.int64(moment)), max(high, np.int64(moment))
    span = high - low
    spare = np.empty(n, np.int32)
    counts = np.empty(_DIGIT, np.int64)
    shift = 0
    while (span >> shift) > 0:
        for digit in range(_DIGIT):
            counts[digit] = 0
        for i in range(n):
            counts[((np.int64(start[i]) - low) >> shift) & (_DIGIT - 1)] += 1
        total = 0
        for digit in range(_DIGIT):
            here = counts[digit]
            counts[digit] = total
            total += here
        for i in range(n):
            row = rows[i]
            at = ((np.int64(start[row]) - low) >> shift) & (_DIGIT - 1)
            spare[counts[at]] = row
            counts[at] += 1
        rows, spare = spare, rows
        shift += 11
    return rows


@jit.compiled
def order_by_group(
    group: NDArray[np.int32], rows: NDArray[np.int32], groups: int
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """`rows` regrouped by `group[row]`, order within a group kept; and where each group begins (`groups + 1` numbers)."""
    offsets = np.zeros(groups + 1, np.int64)
    for row in rows:
        offsets[group[row] + 1] += 1
    for g in range(groups):
        offsets[g + 1] += offsets[g]
    place = np.empty(groups, np.int64)
    for g in range(groups):
        place[g] = offsets[g]
    ordered = np.empty(len(rows), np.int32)
    for row in rows:
        g = group[row]
        ordered[place[g]] = row
        place[g] += 1
    return ordered, offsets


@jit.compiled
def person_index(
    person: NDArray[np.int32], by_start: NDArray[np.int32], by_place: NDArray[np.int32], persons: int
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Positions in `by_place` of each person's stays in order of start, and where each person begins."""
    n = len(person)
    position = np.empty(n, np.int32)
    for k in range(n):
        position[by_place[k]] = k
    ordered, offsets = order_by_group(person, by_start, persons)
    for k in range(n):
        ordered[k] = position[ordered[k]]
    return ordered, offsets


@jit.compiled
def longest_stays(
    start: NDArray[np.int32], end: NDArray[np.int32], offsets: NDArray[np.int32], blocks: NDArray[np.int32]
) -> NDArray[np.int32]:
    """The longest duration at each place; fills `blocks` with the latest end of each run of `BLOCK` rows."""
    for block in range(len(blocks)):
        last = end[block * BLOCK]
        for k in range(block * BLOCK, min(len(end), (block + 1) * BLOCK)):
            last = max(last, end[k])
        blocks[block] = last
    longest = np.zeros(len(offsets) - 1, np.int32)
    for place in range(len(longest)):
        for k in range(offsets[place], offsets[place + 1]):
            longest[place] = max(longest[place], end[k] - start[k])
    return longest


@jit.compiled
def place_of_rows(offsets: NDArray[np.int32], rows: NDArray[np.int32]) -> NDArray[np.int32]:
    """The group in whose range each row lies."""
    found = np.empty(len(rows), np.int32)
    for i in range(len(rows)):
        lo, hi = 0, len(offsets) - 1
        while hi - lo > 1:
            middle = (lo + hi) >> 1
            if offsets[middle] <= rows[i]:
                lo = middle
            else:
                hi = middle
        found[i] = lo
    return found


@jit.compiled
def _slot(key: Any, mask: Any) -> Any:
    word = np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)
    return np.int64((word >> np.uint64(32)) & np.uint64(mask))


@jit.compiled
def hash_keys(keys: NDArray[np.int64], table: NDArray[np.int32], first: int) -> None:
    """Enter `keys[first:]` into the open-addressed `table` of positions (−1 empty, size a power of two). Keys are distinct."""
    mask = len(table) - 1
    for i in range(first, len(keys)):
        at = _slot(keys[i], mask)
        while table[at] >= 0:
            at = (at + 1) & mask
        table[at] = i


@jit.compiled
def find_keys(wanted: NDArray[np.int64], keys: NDArray[np.int64], table: NDArray[np.int32]) -> NDArray[np.int32]:
    """The position in `keys` of each wanted key, −1 where there is none."""
    mask = len(table) - 1
    found = np.empty(len(wanted), np.int32)
    for i in range(len(wanted)):
        key = wanted[i]
        at = _slot(key, mask)
        while table[at] >= 0 and keys[table[at]] != key:
            at = (at + 1) & mask
        found[i] = table[at]
    return found


@jit.compiled
def search_keys(wanted: NDArray[np.int64], keys: NDArray[np.int64]) -> NDArray[np.int32]:
    """The position in ascending `keys` of each wanted key, −1 where there is none: for few wanted, without a table."""
    found = np.empty(len(wanted), np.int32)
    for i in range(len(wanted)):
        lo, hi = 0, len(keys)
        while lo < hi:
            middle = (lo + hi) >> 1
            if keys[middle] < wanted[i]:
                lo = middle + 1
            else:
                hi = middle
        found[i] = lo if lo < len(keys) and keys[lo] == wanted[i] else -1
    return found


@jit.compiled
def repeated(keys: NDArray[np.int64], table: NDArray[np.int32]) -> NDArray[np.int32]:
    """For each row the first row with the same key; its own number when it is the first. `table` is empty (−1)."""
    mask = len(table) - 1
    first = np.empty(len(keys), np.int32)
    for i in range(len(keys)):
        at = _slot(keys[i], mask)
        while table[at] >= 0 and keys[table[at]] != keys[i]:
            at = (at + 1) & mask
        if table[at] < 0:
            table[at] = i
        first[i] = table[at]
    return first


@jit.compiled
def _mark_keys(keys: NDArray[np.int64], bits: NDArray[np.uint8]) -> None:
    mask = len(bits) * 8 - 1
    for key in keys:
        at = _slot(key, mask)
        bits[at >> 3] |= np.uint8(1 << (at & 7))


@jit.compiled
def _rows_with_keys(
    base: int, ids32: NDArray[np.uint32], ids64: NDArray[np.int64], wanted: Any, room: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], int]:
    keys, table, bits = wanted
    mask, marks = len(table) - 1, len(bits) * 8 - 1
    rows, hits, count = np.empty(room, np.int64), np.empty(room, np.int32), 0
    narrow = len(ids32) > 0
    for row in range(max(len(ids32), len(ids64))):
        key = base + np.int64(ids32[row]) if narrow else ids64[row]
        mark = _slot(key, marks)
        if (bits[mark >> 3] >> (mark & 7)) & 1 == 0:
            continue
        at = _slot(key, mask)
        while table[at] >= 0 and keys[table[at]] != key:
            at = (at + 1) & mask
        if table[at] >= 0:
            if count < room:
                rows[count], hits[count] = row, table[at]
            count += 1
    return rows[:count].copy(), hits[:count].copy(), count


class KeySet:
    """Distinct int64 keys, 0 or more, to look for in segments: a hash table, and a few bits that rule most others out."""

    def __init__(self, keys: NDArray[np.int64]) -> None:
        self.keys = np.ascontiguousarray(keys, np.int64)
        table, bits = empty_table(len(keys)), np.zeros(1 << max(6, len(keys).bit_length()), np.uint8)
        hash_keys(self.keys, table, 0)
        _mark_keys(self.keys, bits)
        self._wanted = self.keys, table, bits

    def rows(
        self, base: int, ids32: NDArray[np.uint32], ids64: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Rows whose id (`base + ids32[row]`, or `ids64[row]` where `ids32` is empty) is a key, and which key."""
        rows, hits, count = _rows_with_keys(base, ids32, ids64, self._wanted, 1024)
        if count > len(rows):
            rows, hits, _ = _rows_with_keys(base, ids32, ids64, self._wanted, count)
        return rows, hits


def empty_table(keys: int) -> NDArray[np.int32]:
    """An empty hash table with room for that many keys, at most half full."""
    size = 1 << max(4, (2 * keys - 1).bit_length())
    return np.full(size, -1, np.int32)


def narrow_offsets(offsets: NDArray[Any]) -> NDArray[np.int32]:
    """Offsets as stored: a segment holds fewer than 2³¹ stays."""
    return offsets.astype(np.int32)
