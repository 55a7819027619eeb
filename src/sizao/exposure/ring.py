"""Compiled: contacts of contacts, summed up per person: through how many contacts, seconds in all, first moment."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sizao.exposure import jit
from sizao.exposure.probe import Lines, Number
from sizao.exposure.summing import EMPTY, sum_stay

_AHEAD = 16
"""How many persons ahead memory is asked for."""

CONTACTS, OVERLAP, FIRST = range(3)
"""Columns of a person's totals (int64); `FIRST` in seconds from the epoch, `NEVER` before anything was added."""


@jit.compiled
def ring_of(
    lines: Lines, stays: NDArray[np.int32], offsets: NDArray[np.int32], own: NDArray[np.int32], cases: tuple[int, int],
    least: int, scratch: Any, totals: NDArray[np.int64], longest: int,
) -> None:  # fmt: skip
    """Add to `totals` everybody who shared `least` seconds or more, in sum, with one of the cases `cases[0]..cases[1]`."""
    sums, marks = scratch
    listed = np.empty(longest + 1, np.int32)
    persons, of_totals = listed.ctypes.data, totals.ctypes.data
    for case in range(cases[0], cases[1]):
        count: Number = np.int64(0)
        for at in range(offsets[case], offsets[case + 1]):
            count = sum_stay(lines, stays[at], 0, sums, (marks, persons, count))[1]
        if own[case] >= 0:
            jit.store_i64(sums, np.int64(own[case]), np.int64(EMPTY))
        for i in range(count):
            if i + _AHEAD < count:
                jit.fetch(of_totals + np.int64(jit.load_i32(persons, np.int64(i + _AHEAD))) * 24)
            person = np.int64(jit.load_i32(persons, np.int64(i)))
            held = jit.load_i64(sums, person)
            jit.store_i64(sums, person, np.int64(EMPTY))
            overlap, first = held & 0xFFFFFFFF, held >> 32
            if overlap >= least and held != EMPTY:
                at_person = person * 3
                jit.store_i64(of_totals, at_person, jit.load_i64(of_totals, at_person) + 1)
                jit.store_i64(of_totals, at_person + 1, jit.load_i64(of_totals, at_person + 1) + overlap)
                if first < jit.load_i64(of_totals, at_person + 2):
                    jit.store_i64(of_totals, at_person + 2, first)
    jit.held(listed)
