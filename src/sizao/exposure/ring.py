"""Compiled: contacts of contacts, summed up per person: through how many contacts, seconds in all, first moment."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sizao.exposure import jit
from sizao.exposure.probe import Lines, Number
from sizao.exposure.summing import NEVER, sum_stay
from sizao.exposure.touched import drain

CONTACTS, OVERLAP, FIRST = range(3)
"""Columns of a person's totals (int64); `FIRST` in seconds from the epoch, `NEVER` before anything was added."""


@jit.compiled
def ring_of(
    lines: Lines, stays: NDArray[np.int32], offsets: NDArray[np.int32], own: NDArray[np.int32], cases: tuple[int, int],
    least: int, scratch: Any, totals: NDArray[np.int64], longest: int,
) -> None:  # fmt: skip
    """Add to `totals` everybody who shared `least` seconds or more, in sum, with one of the cases `cases[0]..cases[1]`."""
    sums, marks = scratch
    persons = np.empty(longest, np.int32)
    of_totals = totals.ctypes.data
    for case in range(cases[0], cases[1]):
        for at in range(offsets[case], offsets[case + 1]):
            sum_stay(lines, stays[at], own[case], 0, sums, marks)
        count = drain(marks, persons)
        for i in range(count):
            person: Number = np.int64(persons[i])
            overlap = np.int64(jit.load_i32(sums, person << 1))
            first = np.int64(jit.load_i32(sums, (person << 1) + 1))
            jit.store_i32(sums, (person << 1) + 1, NEVER)
            if overlap >= least:
                at_person = person * 3
                jit.store_i64(of_totals, at_person, jit.load_i64(of_totals, at_person) + 1)
                jit.store_i64(of_totals, at_person + 1, jit.load_i64(of_totals, at_person + 1) + overlap)
                if first < jit.load_i64(of_totals, at_person + 2):
                    jit.store_i64(of_totals, at_person + 2, first)
