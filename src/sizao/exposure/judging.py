"""Compiled: from the log of a case's meetings to its judged pairs in order, and the evidence of each.

A person's meetings hang on one chain. The pair's rule is the most severe satisfied one; for rules that need no sum that is the
most severe any meeting fits, and a cumulative rule replaces it when it is more severe and its sum suffices.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sizao.exposure import jit
from sizao.exposure.meeting import BEFORE, BEGAN, ENDED, ENTRY, FITS, FLAG_BIT, ID, OPEN, STAY, log_case
from sizao.exposure.plan import CUMULATIVE, INDEX, MINIMUM, ORDER, RANK, WIDTH, Plan
from sizao.exposure.probe import FLAG, KIND, Lines, Number
from sizao.exposure.segments import EPOCH_S
from sizao.exposure.stays import Flag
from sizao.exposure.touched import POSITION_BITS, drain, rank

LAGGED, SEAT_UNKNOWN = int(Flag.LAGGED), int(Flag.SEAT_UNKNOWN)

LINE, HEAD, FIRST, LAST, MEETINGS, FLAGS = range(6)
OVERLAP, PERSON = 3, 4
"""Columns of a pair while it is judged: six int32 (`LINE` is the rule's line in the plan, `HEAD` the last log entry), then,
counted in int64, the overlap and the person's id."""

PAIR_BYTES = 40

_POSITION = np.uint64((1 << POSITION_BITS) - 1)
_LONGEST = 2**31 - 1
_AHEAD = 8
"""How many persons ahead memory is asked for."""
_ANY_RULE = (1 << FLAG_BIT) - 1


@jit.inlined
def _entry(log: Number, entry: Number, column: Number) -> Number:
    return jit.load_i32(log, np.int64(entry) * ENTRY + column)


@jit.inlined
def _kind_of(stays: Number, log: Number, entry: Number) -> Number:
    return np.int64(jit.load_i32(stays, np.int64(_entry(log, entry, STAY)) * 8 + KIND))


@jit.inlined
def _most_severe(plan: Plan, stays: Number, log: Number, head: Number, totals: Number) -> Number:
    """The line of the pair's rule, −1 when none is satisfied. `totals` holds a zero per line and is left so."""
    best, severest, summed = np.int64(-1), np.int64(plan.lines), False
    entry = np.int64(head)
    while entry >= 0:
        line = jit.load_i64(plan.kind_from, _kind_of(stays, log, entry))
        bits = np.uint64(_entry(log, entry, FITS))
        while bits != 0:
            at = line + jit.lowest_bit(bits)
            bits &= bits - np.uint64(1)
            if jit.load_i64(plan.rules, at * WIDTH + CUMULATIVE) != 0:
                overlap = np.int64(_entry(log, entry, ENDED)) - np.int64(_entry(log, entry, BEGAN))
                jit.store_i64(totals, at, jit.load_i64(totals, at) + overlap)
                summed = True
            elif jit.load_i64(plan.rules, at * WIDTH + RANK) < severest:
                best, severest = at, jit.load_i64(plan.rules, at * WIDTH + RANK)
        entry = np.int64(_entry(log, entry, BEFORE))
    return _with_sums(plan, stays, log, head, (totals, best, severest)) if summed else best


@jit.inlined
def _with_sums(plan: Plan, stays: Number, log: Number, head: Number, so_far: Any) -> Number:
    totals, best, severest = so_far
    for clearing in range(2):
        entry = np.int64(head)
        while entry >= 0:
            line = jit.load_i64(plan.kind_from, _kind_of(stays, log, entry))
            bits = np.uint64(_entry(log, entry, FITS))
            while bits != 0:
                at = line + jit.lowest_bit(bits)
                bits &= bits - np.uint64(1)
                if jit.load_i64(plan.rules, at * WIDTH + CUMULATIVE) == 0:
                    continue
                if clearing:
                    jit.store_i64(totals, at, np.int64(0))
                    continue
                severe = jit.load_i64(plan.rules, at * WIDTH + RANK)
                if severe < severest and jit.load_i64(totals, at) >= jit.load_i64(plan.rules, at * WIDTH + MINIMUM):
                    best, severest = at, severe
            entry = np.int64(_entry(log, entry, BEFORE))
    return best


@jit.inlined
def _bit_of(plan: Plan, stays: Number, log: Number, entry: Number, line: Number) -> Number:
    """The bit of the rule at `line` if the meeting fits it, else −1."""
    kind = _kind_of(stays, log, entry)
    bit = line - jit.load_i64(plan.kind_from, kind)
    if bit < 0 or line >= jit.load_i64(plan.kind_from, kind + 1):
        return np.int64(-1)
    return bit if (np.int64(_entry(log, entry, FITS)) >> bit) & 1 else np.int64(-1)


@jit.inlined
def _flags(plan: Plan, stays: Number, log: Number, entry: Number, line: Number) -> Number:
    """The flags of a meeting under the rule at `line`."""
    left_open = np.int64(_entry(log, entry, OPEN))
    flags = np.int64(jit.load_i32(stays, np.int64(_entry(log, entry, STAY)) * 8 + FLAG)) | (left_open >> FLAG_BIT)
    if _entry(log, entry, ENDED) == _entry(log, entry, BEGAN):
        flags |= LAGGED
    if left_open & _ANY_RULE:
        more_severe = (np.int64(1) << (line - jit.load_i64(plan.kind_from, _kind_of(stays, log, entry)))) - 1
        if left_open & more_severe:
            flags |= SEAT_UNKNOWN
    return flags


@jit.inlined
def _id(log: Number, entry: Number) -> Number:
    return jit.load_i64(log, np.int64(entry) * (ENTRY >> 1) + ID)


@jit.inlined
def _summarise(plan: Plan, stays: Number, log: Any, line: Number, pair: Number) -> None:
    """Fill a pair with overlap, first and last moment, meetings and flags over the meetings that fit its rule."""
    entries, head = log
    entry = np.int64(head)
    overlap, first, last, count, flags = np.int64(0), np.int64(2**31), np.int64(-(2**31)), np.int64(0), np.int64(0)
    while entry >= 0:
        bit = _bit_of(plan, stays, entries, entry, line)
        if bit >= 0:
            began, ended = np.int64(_entry(entries, entry, BEGAN)), np.int64(_entry(entries, entry, ENDED))
            overlap, first, last, count = overlap + ended - began, min(first, began), max(last, ended), count + 1
            flags |= _flags(plan, stays, entries, entry, line)
        entry = np.int64(_entry(entries, entry, BEFORE))
    _fill(pair, (line, head), (first, last, count, flags), overlap)


@jit.inlined
def _fill(pair: Number, rule: Any, amounts: Any, overlap: Number) -> None:
    """Write a pair: (rule line, last log entry), (first, last, meetings, flags), overlap."""
    jit.store_i32(pair, LINE, np.int32(rule[0]))
    jit.store_i32(pair, HEAD, np.int32(rule[1]))
    jit.store_i32(pair, FIRST, np.int32(amounts[0]))
    jit.store_i32(pair, LAST, np.int32(amounts[1]))
    jit.store_i32(pair, MEETINGS, np.int32(amounts[2]))
    jit.store_i32(pair, FLAGS, np.int32(amounts[3]))
    jit.store_i64(pair, OVERLAP, np.int64(overlap))


@jit.inlined
def _judge_alone(plan: Plan, stays: Number, log: Number, head: Number, pair: Number) -> Any:
    """Judge a person with one meeting; returns whether a rule is satisfied, and then has filled the pair."""
    first_line = jit.load_i64(plan.kind_from, _kind_of(stays, log, head))
    began, ended = np.int64(_entry(log, head, BEGAN)), np.int64(_entry(log, head, ENDED))
    bits = np.uint64(_entry(log, head, FITS))
    while bits != 0:
        bit = jit.lowest_bit(bits)
        bits &= bits - np.uint64(1)
        line = first_line + bit
        summed = jit.load_i64(plan.rules, line * WIDTH + CUMULATIVE) != 0
        if not summed or ended - began >= jit.load_i64(plan.rules, line * WIDTH + MINIMUM):
            _fill(pair, (line, head), (began, ended, 1, _flags(plan, stays, log, head, line)), ended - began)
            return True
    return False


@jit.inlined
def _judge_persons(plan: Plan, stays: Number, log: Any, persons: Any, severity: Number) -> Any:
    """Fill the pair of each person who satisfies a rule, in the order of persons; returns how many, the longest overlap, the
    least severe order by its rank, and the meetings of all.
    """
    entries, heads, totals = log
    listed, count, pairs, ids = persons
    kept, highest, worst, shown = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    for i in range(count):
        if i + _AHEAD < count:
            later = np.int64(jit.load_i32(listed, np.int64(i + _AHEAD)))
            jit.fetch(entries + np.int64(np.int32(jit.load_i64(heads, later))) * (ENTRY << 2))
            jit.fetch(ids + (later << 3))
        person = np.int64(jit.load_i32(listed, i))
        head_and_total = jit.load_i64(heads, person)
        jit.store_i64(heads, person, np.int64(-1))
        if head_and_total >> 32 < plan.least_sum:
            continue
        head, pair = np.int64(np.int32(head_and_total)), pairs + kept * PAIR_BYTES
        if _entry(entries, head, BEFORE) < 0:
            if not _judge_alone(plan, stays, entries, head, pair):
                continue
        else:
            line = _most_severe(plan, stays, entries, head, totals)
            if line < 0:
                continue
            _summarise(plan, stays, (entries, head), line, pair)
        jit.store_i64(pair, PERSON, jit.load_i64(ids, person))
        order = jit.load_i64(severity, np.int64(jit.load_i32(pair, LINE)))
        highest, worst = max(highest, jit.load_i64(pair, OVERLAP)), max(worst, order)
        shown += jit.load_i32(pair, MEETINGS)
        kept += 1
    return kept, highest, worst, shown


@jit.inlined
def _keys(pairs: Number, severity: Number, count: Number, highest: Number, worst: Number) -> NDArray[np.uint64]:
    """Sorted keys of the pairs: by (order, overlap descending, position)."""
    memory = np.empty(2 * count, np.uint64)
    keys = memory[:count]
    highest = min(highest, np.int64(_LONGEST))
    for i in range(count):
        pair = pairs + i * PAIR_BYTES
        order = jit.load_i64(severity, np.int64(jit.load_i32(pair, LINE)))
        value = order * (highest + 1) + highest - min(jit.load_i64(pair, OVERLAP), highest)
        keys[i] = (np.uint64(value) << np.uint64(POSITION_BITS)) | np.uint64(i)
    of_keys = memory.ctypes.data
    in_place = rank(of_keys, of_keys + (count << 3), count, (worst + 1) * (highest + 1)) == of_keys
    return keys if in_place else memory[count:]


@jit.inlined
def _meetings_of(pairs: Number, keys: NDArray[np.uint64], count: Number) -> Number:
    """Rows of evidence of the first `count` pairs."""
    total = np.int64(0)
    for i in range(count):
        total += jit.load_i32(pairs + np.int64(keys[i] & _POSITION) * PAIR_BYTES, MEETINGS)
    return total


@jit.inlined
def _write_pair(plan: Plan, pair: Number, at: Any, out: Any) -> None:
    """Write a pair as row `at[0]` of the addressed columns of EXPOSURE_SCHEMA."""
    row, case = at
    line = np.int64(jit.load_i32(pair, LINE)) * WIDTH
    jit.store_i32(out[0], row, np.int32(case))
    jit.store_i64(out[1], row, jit.load_i64(pair, PERSON))
    jit.store_i32(out[2], row, np.int32(jit.load_i64(plan.rules, line + ORDER)))
    jit.store_i32(out[3], row, np.int32(jit.load_i64(plan.rules, line + INDEX)))
    jit.store_i64(out[4], row, jit.load_i64(pair, OVERLAP))
    jit.store_i64(out[5], row, np.int64(jit.load_i32(pair, FIRST)) + EPOCH_S)
    jit.store_i64(out[6], row, np.int64(jit.load_i32(pair, LAST)) + EPOCH_S)
    jit.store_i32(out[7], row, jit.load_i32(pair, MEETINGS))
    jit.store_i16(out[8], row, np.int16(jit.load_i32(pair, FLAGS)))


@jit.inlined
def _is_before(ids: Number, log: Number, one: Number, other: Number) -> Any:
    """Whether entry `one` comes before `other` in the evidence: by (began, stay, case stay)."""
    if _entry(log, one, BEGAN) != _entry(log, other, BEGAN):
        return _entry(log, one, BEGAN) < _entry(log, other, BEGAN)
    if _id(log, one) != _id(log, other):
        return _id(log, one) < _id(log, other)
    mine, its = np.int64(_entry(log, one, STAY)), np.int64(_entry(log, other, STAY))
    return jit.load_i64(ids, mine) < jit.load_i64(ids, its)


@jit.inlined
def _in_order(plan: Plan, stays: Any, log: Any, held: Any) -> None:
    """The entries of a chain that fit a rule, in the order of the evidence, into memory for so many; `held` is
    (address, how many, rule line)."""
    table, ids = stays
    entries, head = log
    memory, count, line = held
    at, entry = np.int64(count), np.int64(head)
    while entry >= 0:
        if _bit_of(plan, table, entries, entry, line) >= 0:
            at -= 1
            jit.store_i64(memory, at, entry)
        entry = np.int64(_entry(entries, entry, BEFORE))
    for i in range(1, count):
        mine, j = jit.load_i64(memory, np.int64(i)), np.int64(i)
        while j > 0 and _is_before(ids, entries, mine, jit.load_i64(memory, j - 1)):
            jit.store_i64(memory, j, jit.load_i64(memory, j - 1))
            j -= 1
        jit.store_i64(memory, j, mine)


@jit.inlined
def _write_meeting(plan: Plan, stays: Any, log: Any, at: Any, out: Any) -> None:
    """Write one log entry as row `at[0]` of the addressed columns of EVIDENCE_SCHEMA."""
    table, ids, places = stays
    row, case, person, line = at
    entries, entry = log
    number = np.int64(_entry(entries, entry, STAY))
    began, ended = np.int64(_entry(entries, entry, BEGAN)), np.int64(_entry(entries, entry, ENDED))
    jit.store_i32(out[0], row, np.int32(case))
    jit.store_i64(out[1], row, person)
    jit.store_i64(out[2], row, jit.load_i64(ids, number))
    jit.store_i64(out[3], row, _id(entries, entry))
    jit.store_i64(out[4], row, jit.load_i64(places, number))
    jit.store_i64(out[5], row, began + EPOCH_S)
    jit.store_i64(out[6], row, ended + EPOCH_S)
    jit.store_i64(out[7], row, ended - began)
    jit.store_i32(out[8], row, np.int32(jit.load_i64(plan.rules, line * WIDTH + INDEX)))
    jit.store_i16(out[9], row, np.int16(_flags(plan, table, entries, entry, line)))


@jit.inlined
def _write_evidence(plan: Plan, stays: Any, log: Any, at: Any, out: Any) -> Number:
    """Write the evidence of a pair from row `at[0]` on; returns the row after it. `log` has memory for the pair's entries."""
    row, case, pair = at
    entries, memory = log
    person = jit.load_i64(pair, PERSON)
    head, line = np.int64(jit.load_i32(pair, HEAD)), np.int64(jit.load_i32(pair, LINE))
    if _entry(entries, head, BEFORE) < 0:
        _write_meeting(plan, stays, (entries, head), (row, case, person, line), out)
        return row + 1
    meetings = np.int64(jit.load_i32(pair, MEETINGS))
    _in_order(plan, (stays[0], stays[1]), (entries, head), (memory, meetings, line))
    for i in range(meetings):
        _write_meeting(plan, stays, (entries, jit.load_i64(memory, np.int64(i))), (row, case, person, line), out)
        row += 1
    return row


@jit.compiled
def judge_cases(
    lines: Lines, stays: Any, own: NDArray[np.int32], cases: tuple[int, int], plan: Plan, severity: NDArray[np.int64],
    wish: tuple[int, bool], ids: tuple[int, int], scratch: Any, log: NDArray[np.int32], room: tuple[int, int],
    pairs_out: Any, evidence_out: Any,
) -> tuple[Number, Number, Number, Number, Number]:  # fmt: skip
    """Judge cases `cases[0]..cases[1]`; returns (next case, pairs, evidence rows) written, and what the next case needs.

    Outputs are addresses of columns with `room` for so many pairs and evidence rows. Stops early where a case does not fit
    into what is left; nothing of that case is then written, and the last two numbers say how many rows it needs. `wish` is
    (top, evidence too); `severity` ranks each rule line by its order; `ids` are the addresses of person ids and of the place
    id of each case stay; `scratch` is (addresses of heads and totals, set of touched persons), left as found.
    """
    table, stay_ids, spots, offsets = stays
    heads, totals, marks = scratch
    of_cases, of_ids = table.ctypes.data, stay_ids.ctypes.data
    written, shown = np.int64(0), np.int64(0)
    for case in range(cases[0], cases[1]):
        memory = (spots.ctypes.data, heads, marks)
        log, _, count = log_case(lines, table, (offsets[case], offsets[case + 1]), own[case], plan, memory, log)
        persons, entries = np.empty(count, np.int32), log.ctypes.data
        memory_of_pairs = np.empty(count * (PAIR_BYTES >> 3) + 1, np.int64)
        of_pairs = memory_of_pairs.ctypes.data
        drain(marks, persons)
        listed = (persons.ctypes.data, count, of_pairs, ids[0])
        count, highest, worst, shown_in_all = _judge_persons(
            plan, of_cases, (entries, heads, totals), listed, severity.ctypes.data
        )
        jit.held(persons)
        keys = _keys(of_pairs, severity.ctypes.data, count, highest, worst)
        kept = min(count, np.int64(wish[0]))
        wanted = np.int64(0)
        if wish[1]:
            wanted = shown_in_all if kept == count else _meetings_of(of_pairs, keys, kept)
        if written + kept > room[0] or shown + wanted > room[1]:
            return case, written, shown, kept, wanted
        memory_of_one = np.empty(wanted, np.int64)
        chains = (entries, memory_of_one.ctypes.data)
        for i in range(kept):
            if i + 2 * _AHEAD < kept:
                jit.fetch(of_pairs + np.int64(keys[i + 2 * _AHEAD] & _POSITION) * PAIR_BYTES)
                later = of_pairs + np.int64(keys[i + _AHEAD] & _POSITION) * PAIR_BYTES
                jit.fetch(entries + np.int64(jit.load_i32(later, HEAD)) * (ENTRY << 2))
            pair = of_pairs + np.int64(keys[i] & _POSITION) * PAIR_BYTES
            _write_pair(plan, pair, (written, case), pairs_out)
            written += 1
            if wish[1]:
                of_stays = (of_cases, of_ids, ids[1])
                shown = _write_evidence(plan, of_stays, chains, (shown, case, pair), evidence_out)
        jit.held(memory_of_one)
        jit.held(memory_of_pairs)
    return cases[1], written, shown, np.int64(0), np.int64(0)
