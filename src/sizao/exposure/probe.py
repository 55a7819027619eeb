"""Compiled: where in a segment a case stay's meetings can lie, and the stays of the cases themselves.

A segment is a line of `segments.FIELDS`: numbers and addresses. A stay can meet `[since, until)` only if it begins before
`until` and after `since` less the longest stay of its place, so two binary searches bound what is read; blocks whose latest
end is too early are passed over.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sizao.exposure import jit, sorting
from sizao.exposure.segments import EPOCH_S, FIELD

Lines = NDArray[np.int64]
Number = Any
"""A number inside compiled code, of whatever width the compiler finds."""

START, END, PERSON = FIELD["start"], FIELD["end"], FIELD["person"]
STAY32, STAY64, STAY_BASE = FIELD["stay32"], FIELD["stay64"], FIELD["stay_base"]
FROM, UNTIL = FIELD["from"], FIELD["until"]
PLACE_IDS, PLACE_LEAF, PLACES = FIELD["place_ids"], FIELD["place_leaf"], FIELD["places"]
PLACE_OFFSET, LONGEST, LATEST = FIELD["place_offset"], FIELD["longest"], FIELD["latest"]
PERSON_IDS, PERSON_LEAF, PERSONS = FIELD["person_ids"], FIELD["person_leaf"], FIELD["persons"]
PERSON_OFFSET, PERSON_ROW = FIELD["person_offset"], FIELD["person_row"]
FLAGS, ZONE, ROW = FIELD["flags"], FIELD["zone"], FIELD["row"]
ZONE_ALL, ROW_ALL = FIELD["zone_all"], FIELD["row_all"]

CASE, PLACE, SINCE, TILL, KIND, FLAG, SPOT, SPOT_END = range(8)
"""Columns of the case-stay table the kernels share (int32); times from `EPOCH_S`."""

BLOCK_BITS = sorting.BLOCK.bit_length() - 1


@jit.inlined
def slot_of(lines: Lines, segment: Number, group: Number, ids: Number, leaf: Number) -> Number:
    """The position of a dense number among those that occur in the segment, −1 when it does not occur."""
    address, leaves = lines[segment, ids], lines[segment, leaf]
    lo = np.int64(jit.load_i32(leaves, np.int64(group) >> 6))
    hi = np.int64(jit.load_i32(leaves, (np.int64(group) >> 6) + 1))
    while lo < hi:
        middle = (lo + hi) >> 1
        if jit.load_i32(address, middle) < group:
            lo = middle + 1
        else:
            hi = middle
    if lo < np.int64(jit.load_i32(leaves, (np.int64(group) >> 6) + 1)) and jit.load_i32(address, lo) == group:
        return lo
    return -1


@jit.inlined
def slot_of_place(lines: Lines, segment: Number, place: Number) -> Number:
    """The position of a place in the segment's offsets, −1 when nobody stayed there."""
    if place < 0 or place >= lines[segment, PLACES]:
        return -1
    if lines[segment, PLACE_IDS] == 0:
        return np.int64(place)
    return slot_of(lines, segment, place, PLACE_IDS, PLACE_LEAF)


@jit.inlined
def slot_of_person(lines: Lines, segment: Number, person: Number) -> Number:
    """The position of a person in the segment's person offsets, −1 when he has no stay in it."""
    if person < 0 or person >= lines[segment, PERSONS]:
        return -1
    if lines[segment, PERSON_IDS] == 0:
        return np.int64(person)
    return slot_of(lines, segment, person, PERSON_IDS, PERSON_LEAF)


@jit.inlined
def first_from(address: Number, lo: Number, hi: Number, moment: Number) -> Number:
    """The first position in `lo..hi` of an ascending int32 column whose value is `moment` or more; `hi` when none is."""
    while lo < hi:
        middle = (lo + hi) >> 1
        if jit.load_i32(address, middle) < moment:
            lo = middle + 1
        else:
            hi = middle
    return lo


@jit.inlined
def reach(lines: Lines, segment: Number, place: Number, since: Number, before: Number) -> tuple[Number, Number, Number]:
    """Rows `lo..hi` at the place that begin before `before` and may last beyond `since`; from `mid` on they begin after it."""
    if lines[segment, FROM] >= before or lines[segment, UNTIL] <= since:
        return 0, 0, 0
    slot = slot_of_place(lines, segment, place)
    if slot < 0:
        return 0, 0, 0
    offsets, starts = lines[segment, PLACE_OFFSET], lines[segment, START]
    lo, hi = np.int64(jit.load_i32(offsets, slot)), np.int64(jit.load_i32(offsets, slot + 1))
    if lo == hi:
        return 0, 0, 0
    longest = np.int64(jit.load_i32(lines[segment, LONGEST], slot))
    hi = first_from(starts, lo, hi, before)
    mid = first_from(starts, lo, hi, since)
    lo = first_from(starts, lo, mid, since - longest + 1)
    return lo, mid, hi


@jit.inlined
def lasting(ends: Number, lo: Number, stop: Number, since: Number) -> Number:
    """Which of the rows `lo..stop`, 64 at most, end after `since`, as bits of a uint64."""
    found, row = np.uint64(0), np.int64(lo)
    while row + 16 <= stop:
        found |= np.uint64(jit.sixteen_above(ends, row, np.int32(since))) << np.uint64(row - lo)
        row += 16
    while row < stop:
        if jit.load_i32(ends, row) > since:
            found |= np.uint64(1) << np.uint64(row - lo)
        row += 1
    return found


@jit.inlined
def fetch_block(column: Number, row: Number) -> None:
    """Ask for the next 64 rows of an int32 column ahead of their use."""
    for line in range(4):
        jit.fetch(column + ((row + line * 16) << 2))


@jit.inlined
def stay_id(lines: Lines, segment: Number, row: Number) -> Number:
    """The stay id of a row."""
    if lines[segment, STAY32] != 0:
        return lines[segment, STAY_BASE] + np.int64(jit.load_u32(lines[segment, STAY32], row))
    return jit.load_i64(lines[segment, STAY64], row)


@jit.inlined
def zone_of(lines: Lines, segment: Number, row: Number) -> Number:
    """The zone of a row, −1 unknown."""
    if lines[segment, ZONE] != 0:
        return np.int64(jit.load_i32(lines[segment, ZONE], row))
    return lines[segment, ZONE_ALL]


@jit.inlined
def row_of(lines: Lines, segment: Number, row: Number) -> Number:
    """The seat row of a stay, −1 unknown."""
    if lines[segment, ROW] != 0:
        return np.int64(jit.load_i16(lines[segment, ROW], row))
    return lines[segment, ROW_ALL]


@jit.inlined
def flags_of(lines: Lines, segment: Number, row: Number) -> Number:
    """The flags of a stay."""
    if lines[segment, FLAGS] != 0:
        return np.int64(jit.load_u8(lines[segment, FLAGS], row))
    return 0


@jit.inlined
def place_of(lines: Lines, segment: Number, row: Number) -> Number:
    """The dense place of a row: the group of offsets it lies in."""
    offsets = lines[segment, PLACE_OFFSET]
    lo, hi = np.int64(0), lines[segment, PLACES]
    if lines[segment, PLACE_IDS] != 0:
        hi = np.int64(jit.load_i32(lines[segment, PLACE_LEAF], (lines[segment, PLACES] >> 6) + 1))
    while hi - lo > 1:
        middle = (lo + hi) >> 1
        if jit.load_i32(offsets, middle) <= row:
            lo = middle
        else:
            hi = middle
    if lines[segment, PLACE_IDS] != 0:
        return np.int64(jit.load_i32(lines[segment, PLACE_IDS], lo))
    return lo


@jit.inlined
def _longer(table: NDArray[np.int32]) -> NDArray[np.int32]:
    """The table with twice the room. Plain loops here and elsewhere: they compile in a tenth of the time of a slice."""
    longer = np.empty((2 * len(table), table.shape[1]), np.int32)
    for i in range(len(table)):
        for k in range(table.shape[1]):
            longer[i, k] = table[i, k]
    return longer


@jit.inlined
def _longer_ids(ids: NDArray[np.int64]) -> NDArray[np.int64]:
    longer = np.empty(2 * len(ids), np.int64)
    for i in range(len(ids)):
        longer[i] = ids[i]
    return longer


@jit.compiled
def stays_of_cases(
    lines: Lines,
    person: NDArray[np.int32],
    from_s: NDArray[np.int64],
    until_s: NDArray[np.int64],
    kinds: NDArray[np.int16],
) -> tuple[Any, Any, Any, Any]:
    """The stays of each case in the store, clipped to its window: the shared table, their ids, spots, and offsets by case.

    Windows are instants; they are empty (`from_s >= until_s`) for cases whose stays come from elsewhere.
    """
    table, ids = np.empty((64, 8), np.int32), np.empty(64, np.int64)
    spots, spot_count, count = np.empty((64, 3), np.int32), 0, 0
    offsets = np.zeros(len(person) + 1, np.int32)
    for case in range(len(person)):
        since, till = from_s[case] - EPOCH_S, until_s[case] - EPOCH_S
        for segment in range(len(lines)):
            if since >= till or lines[segment, FROM] >= till or lines[segment, UNTIL] <= since:
                continue
            slot = slot_of_person(lines, segment, person[case])
            if slot < 0:
                continue
            offset = lines[segment, PERSON_OFFSET]
            for at in range(jit.load_i32(offset, slot), jit.load_i32(offset, slot + 1)):
                row = np.int64(jit.load_i32(lines[segment, PERSON_ROW], at))
                start, end = jit.load_i32(lines[segment, START], row), jit.load_i32(lines[segment, END], row)
                if start >= till:
                    break
                if end <= since:
                    continue
                if count == len(table):
                    table, ids, spots = _longer(table), _longer_ids(ids), _longer(spots)
                place = place_of(lines, segment, row)
                table[count, CASE], table[count, PLACE], table[count, KIND] = case, place, kinds[place]
                table[count, SINCE], table[count, TILL] = max(np.int64(start), since), min(np.int64(end), till)
                table[count, FLAG], table[count, SPOT] = flags_of(lines, segment, row), spot_count
                zone, seat_row = zone_of(lines, segment, row), row_of(lines, segment, row)
                if zone >= 0 or seat_row >= 0:
                    spots[spot_count, 0], spots[spot_count, 1], spots[spot_count, 2] = zone, seat_row, seat_row
                    spot_count += 1
                table[count, SPOT_END] = spot_count
                ids[count] = stay_id(lines, segment, row)
                count += 1
        offsets[case + 1] = count
    return table[:count], ids[:count], spots[:spot_count], offsets
