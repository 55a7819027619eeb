"""Compiled: the meetings of one case that fit a rule, written to a log that chains the meetings of each person.

A log entry is eight int32: the person's entry before, case stay, began, ended, two sets of bits over the rules of the place's
kind (those the meeting fits; those left open by an unknown seat, with the stay's flags above them), and the stay id. Once a
rule that needs no sum is fitted, less severe rules are not looked at: the pair's rule cannot be one of them.

Each person has a head: the last entry of the chain, and seconds shared under cumulative rules, or `ENOUGH` and more once a
meeting fitted a rule that needs no sum. Who has less than any cumulative rule asks for is passed over without a look.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sizao.exposure import jit
from sizao.exposure.plan import (
    CUMULATIVE,
    FROM,
    LAG,
    MINIMUM,
    ROW_DISTANCE,
    RULES_PER_KIND,
    SAME_ZONE,
    UNTIL,
    WIDTH,
    Plan,
)
from sizao.exposure.probe import (
    BLOCK_BITS,
    END,
    FLAGS,
    KIND,
    LATEST,
    PERSON,
    PLACE,
    SINCE,
    SPOT,
    SPOT_END,
    START,
    STAY32,
    STAY64,
    STAY_BASE,
    TILL,
    Lines,
    Number,
    fetch_block,
    lasting,
    reach,
    row_of,
    zone_of,
)
from sizao.exposure.touched import touch

BEFORE, STAY, BEGAN, ENDED, FITS, OPEN = range(6)
ID = 3
"""The stay id fills the last two int32, read as the fourth int64."""
ENTRY = 8

ENOUGH = 2**30
FLAG_BIT = RULES_PER_KIND

HOLDS, UNKNOWN, FAILS = 2, 1, 0


@jit.inlined
def seats_hold(rules: Number, line: Number, spots: Number, reached: Any, seat: Any) -> Number:
    """Whether zone and row are as a rule asks for some spot `reached[0]..reached[1]` of the case, or that is unknown."""
    same_zone = jit.load_i64(rules, line + SAME_ZONE) != 0
    distance = jit.load_i64(rules, line + ROW_DISTANCE)
    zone, row = seat
    best = np.int64(FAILS)
    for spot in range(reached[0], max(reached[1], reached[0] + 1)):
        of_zone, row_lo, row_hi = np.int64(-1), np.int64(-1), np.int64(-1)
        if spot < reached[1]:
            at = np.int64(spot) * 3
            of_zone = np.int64(jit.load_i32(spots, at))
            row_lo, row_hi = np.int64(jit.load_i32(spots, at + 1)), np.int64(jit.load_i32(spots, at + 2))
        state = np.int64(HOLDS)
        if same_zone:
            if of_zone < 0 or zone < 0:
                state = np.int64(UNKNOWN)
            elif of_zone != zone:
                continue
        if distance >= 0:
            if row_lo < 0 or row < 0:
                state = np.int64(UNKNOWN)
            elif row < row_lo - distance or row > row_hi + distance:
                continue
        best = max(best, state)
    return best


@jit.inlined
def rules_fitted(
    plan: Plan, kind: Number, moment: tuple[Number, Number, Number], spots: Number, reached: Any, seat: Any
) -> tuple[Number, Number]:
    """The rules a meeting fits and those left open, as bits; `moment` is (began, overlap, seconds after the case left or −1)."""
    began, overlap, late = moment
    fitted, left_open = np.int64(0), np.int64(0)
    first, last = jit.load_i64(plan.kind_from, np.int64(kind)), jit.load_i64(plan.kind_from, np.int64(kind) + 1)
    for at in range(first, last):
        line = at * WIDTH
        if began < jit.load_i64(plan.rules, line + FROM) or began >= jit.load_i64(plan.rules, line + UNTIL):
            continue
        minimum = jit.load_i64(plan.rules, line + MINIMUM)
        summed = jit.load_i64(plan.rules, line + CUMULATIVE) != 0
        if late >= 0:
            if minimum > 0 or late >= jit.load_i64(plan.rules, line + LAG):
                continue
        elif not summed and overlap < minimum:
            continue
        state = np.int64(HOLDS)
        if jit.load_i64(plan.rules, line + SAME_ZONE) != 0 or jit.load_i64(plan.rules, line + ROW_DISTANCE) >= 0:
            state = seats_hold(plan.rules, line, spots, reached, seat)
        if state == HOLDS:
            fitted |= np.int64(1) << (at - first)
            if not summed:
                break
        elif state == UNKNOWN:
            left_open |= np.int64(1) << (at - first)
    return fitted, left_open


@jit.inlined
def _is_plain(plan: Plan, kind: Number, since: Number, until: Number) -> Any:
    """Whether one rule without seats is all there is for this kind of place from `since` to `until`."""
    line = jit.load_i64(plan.kind_from, kind) * WIDTH
    if jit.load_i64(plan.kind_from, kind + 1) * WIDTH != line + WIDTH:
        return False
    if jit.load_i64(plan.rules, line + SAME_ZONE) != 0 or jit.load_i64(plan.rules, line + ROW_DISTANCE) >= 0:
        return False
    return jit.load_i64(plan.rules, line + FROM) <= since and jit.load_i64(plan.rules, line + UNTIL) >= until


@jit.inlined
def _counts(plan: Plan, kind: Number, fitted: Number, overlap: Number) -> Number:
    """What a meeting adds to its person's head: `ENOUGH` if a rule that needs no sum is fitted, else its seconds."""
    line = jit.load_i64(plan.kind_from, kind)
    bits = np.uint64(fitted)
    while bits != 0:
        at = line + jit.lowest_bit(bits)
        bits &= bits - np.uint64(1)
        if jit.load_i64(plan.rules, at * WIDTH + CUMULATIVE) == 0:
            return np.int64(ENOUGH)
    return overlap


@jit.inlined
def pair_of(low: Number, high: Number) -> Number:
    """Two int32 as one int64, the first in the lower half: half the stores."""
    return (np.int64(low) & np.int64(0xFFFFFFFF)) | (np.int64(high) << 32)


@jit.inlined
def _enter(heads: Number, person: Number, count: Number, adds: Number) -> Number:
    """Chain entry `count` to a person's head and add to it; returns the entry before."""
    held = jit.load_i64(heads, np.int64(person))
    before = np.int64(np.int32(held))
    total = (held >> 32) + adds if before >= 0 else np.int64(adds)
    jit.store_i64(heads, np.int64(person), pair_of(count, min(total, np.int64(ENOUGH))))
    return before


@jit.inlined
def _write(log: Number, entry: Number, words: Any, stay: Number) -> None:
    """Fill an entry: its six int32 in the order of their columns, and the stay id."""
    at = entry * (ENTRY >> 1)
    before, number, began, ended, fitted, left_open = words
    jit.store_i64(log, at, pair_of(before, number))
    jit.store_i64(log, at + 1, pair_of(began, ended))
    jit.store_i64(log, at + 2, pair_of(fitted, left_open))
    jit.store_i64(log, at + ID, stay)


@jit.inlined
def log_rows(lines: Lines, segment: Number, rows: Any, stay: Any, plan: Plan, scratch: Any, sizes: Any) -> Any:
    """Log the meetings among some rows of a segment, 64 at most; takes and returns (entries, persons) so far."""
    spots, heads, marks, log = scratch
    own, number, since, till, after, kind, spot, spot_end, plain, need, adds = stay
    entries, persons = sizes
    starts, ends, who = lines[segment, START], lines[segment, END], lines[segment, PERSON]
    ids32, ids64, base, flags = (
        lines[segment, STAY32],
        lines[segment, STAY64],
        lines[segment, STAY_BASE],
        lines[segment, FLAGS],
    )
    fetch_block(who, rows[1])
    fetch_block(starts, rows[1])
    if ids32 != 0:
        fetch_block(ids32, rows[1])
    lasts = lasting(ends, rows[0], rows[1], after)
    ahead = lasts
    while ahead != 0:
        jit.fetch(heads + (np.int64(jit.load_i32(who, rows[0] + jit.lowest_bit(ahead))) << 3))
        ahead &= ahead - np.uint64(1)
    while lasts != 0:
        row = rows[0] + jit.lowest_bit(lasts)
        lasts &= lasts - np.uint64(1)
        start, end = np.int64(jit.load_i32(starts, row)), np.int64(jit.load_i32(ends, row))
        person = jit.load_i32(who, row)
        began = max(start, since)
        ended = max(began, min(end, till))
        overlap = ended - began
        fitted, left_open, count = np.int64(1), np.int64(0), adds if adds > 0 else overlap
        if person == own or overlap < need:
            continue
        if not plain:
            late = start - till if start >= till else np.int64(-1)
            seat = (zone_of(lines, segment, row), row_of(lines, segment, row))
            fitted, left_open = rules_fitted(plan, kind, (began, overlap, late), spots, (spot, spot_end), seat)
            if fitted == 0:
                continue
            count = _counts(plan, kind, fitted, overlap)
        before = _enter(heads, person, entries, count)
        if before < 0:
            touch(marks, person)
            persons += 1
        if flags != 0:
            left_open |= np.int64(jit.load_u8(flags, row)) << FLAG_BIT
        named = base + np.int64(jit.load_u32(ids32, row)) if ids32 != 0 else jit.load_i64(ids64, row)
        _write(log, entries, (before, number, began, ended, fitted, left_open), named)
        entries += 1
    return entries, persons


@jit.compiled
def log_case(
    lines: Lines, stays: NDArray[np.int32], span: tuple[int, int], own: int, plan: Plan, scratch: Any,
    log: NDArray[np.int32],
) -> tuple[NDArray[np.int32], Number, Number]:  # fmt: skip
    """Log the meetings of case stays `span[0]..span[1]`; returns the log, grown if need be, its entries and its persons."""
    spots, heads, marks = scratch
    sizes = (np.int64(0), np.int64(0))
    for number in range(span[0], span[1]):
        kind = np.int64(stays[number, KIND])
        if jit.load_i64(plan.kind_from, kind) == jit.load_i64(plan.kind_from, kind + 1):
            continue
        need, lag = jit.load_i64(plan.kind_need, kind), jit.load_i64(plan.kind_lag, kind)
        since, till = np.int64(stays[number, SINCE]), np.int64(stays[number, TILL])
        before, after = till + lag, since
        if need > 0:
            before, after = till - need + 1, since + need - 1
        if till - since < need:
            continue
        plain = _is_plain(plan, kind, since, till + lag)
        adds = _counts(plan, kind, np.int64(1), np.int64(0)) if plain else np.int64(0)
        stay = (own, number, since, till, after, kind, stays[number, SPOT], stays[number, SPOT_END], plain, need, adds)
        for segment in range(len(lines)):
            lo, _, hi = reach(lines, segment, stays[number, PLACE], after, before)
            if sizes[0] + hi - lo > len(log) // ENTRY:
                longer = np.empty(2 * (len(log) + ENTRY * (hi - lo)), np.int32)
                for i in range(len(log)):
                    longer[i] = log[i]
                log = longer
            memory = (spots, heads, marks, log.ctypes.data)
            latest = lines[segment, LATEST]
            while lo < hi:
                block = lo >> BLOCK_BITS
                stop = min(hi, (block + 1) << BLOCK_BITS)
                if jit.load_i32(latest, block) > after:
                    sizes = log_rows(lines, segment, (lo, stop), stay, plan, memory, sizes)
                lo = stop
    return log, sizes[0], sizes[1]
