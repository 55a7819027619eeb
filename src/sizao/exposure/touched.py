"""Compiled: the set of persons one case has touched, read back in ascending order, and a stable ranking by overlap.

The set is two layers of bits, so that reading it costs what it holds and not the number of persons of the city.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sizao.exposure import jit

Number = Any

POSITION_BITS = 26
"""Room for 67 million persons met by one case; 38 bits are left for what they are ranked by."""

_DIGIT = 2048
_FEW = 48


class Marks(NamedTuple):
    """The set: addresses of its two layers of bits, the length of the upper one, and of each person's rank by id and back.

    The last two are 0 where numbers ascend with ids.
    """

    bits: int
    upper: int
    tops: int
    rank: int
    by_rank: int


class MarkArrays(NamedTuple):
    """The memory behind `Marks`; it must outlive them."""

    bits: NDArray[np.uint64]
    upper: NDArray[np.uint64]
    rank: NDArray[np.int32] | None
    by_rank: NDArray[np.int32] | None

    def marks(self) -> Marks:
        """The addresses the compiled code works on."""
        ranks = [0 if order is None else order.ctypes.data for order in (self.rank, self.by_rank)]
        return Marks(self.bits.ctypes.data, self.upper.ctypes.data, len(self.upper), *ranks)


def empty_marks(persons: int, rank: NDArray[np.int32] | None, by_rank: NDArray[np.int32] | None) -> MarkArrays:
    """The empty set over persons 0..persons−1; `rank` and `by_rank` are None where numbers ascend with ids."""
    words = (persons >> 6) + 1
    return MarkArrays(np.zeros(words, np.uint64), np.zeros((words >> 6) + 1, np.uint64), rank, by_rank)


@jit.inlined
def touch(marks: Marks, person: Number) -> None:
    """Add a person."""
    if marks.rank != 0:
        person = jit.load_i32(marks.rank, np.int64(person))
    word = np.int64(person) >> 6
    before = jit.load_u64(marks.bits, word)
    jit.store_u64(marks.bits, word, before | (np.uint64(1) << (np.uint64(person) & np.uint64(63))))
    if before == 0:
        layer = jit.load_u64(marks.upper, word >> 6)
        jit.store_u64(marks.upper, word >> 6, layer | (np.uint64(1) << (np.uint64(word) & np.uint64(63))))


@jit.inlined
def drain(marks: Marks, persons: NDArray[np.int32]) -> Number:
    """Write the persons of the set in ascending order of id, empty the set, and return how many there were."""
    count = np.int64(0)
    for top in range(marks.tops):
        words = jit.load_u64(marks.upper, top)
        if words == 0:
            continue
        jit.store_u64(marks.upper, top, np.uint64(0))
        while words != 0:
            word = (np.int64(top) << 6) + jit.lowest_bit(words)
            words &= words - np.uint64(1)
            held = jit.load_u64(marks.bits, word)
            jit.store_u64(marks.bits, word, np.uint64(0))
            while held != 0:
                persons[count] = (word << 6) + jit.lowest_bit(held)
                held &= held - np.uint64(1)
                count += 1
    if marks.by_rank != 0:
        for i in range(count):
            persons[i] = jit.load_i32(marks.by_rank, np.int64(persons[i]))
    return count


@jit.inlined
def _few_in_order(keys: NDArray[np.uint64], count: Number) -> None:
    for i in range(1, count):
        mine = keys[i]
        at = i
        while at > 0 and keys[at - 1] > mine:
            keys[at] = keys[at - 1]
            at -= 1
        keys[at] = mine


@jit.inlined
def rank(keys: NDArray[np.uint64], count: Number, highest: Number) -> NDArray[np.uint64]:
    """The first `count` keys in ascending order; a key is `value << POSITION_BITS | position`, positions ascending, values
    up to `highest`. A radix sort of the values; the position comes along in order and costs no pass.
    """
    if count <= _FEW:
        _few_in_order(keys, count)
        return keys
    counts = np.empty(_DIGIT, np.int32)
    source, target = keys, np.empty(count, np.uint64)
    shift = np.uint64(POSITION_BITS)
    left = np.int64(highest)
    while left > 0:
        for digit in range(_DIGIT):
            counts[digit] = 0
        for i in range(count):
            counts[np.int64(source[i] >> shift) & (_DIGIT - 1)] += 1
        total = np.int32(0)
        for digit in range(_DIGIT):
            here = counts[digit]
            counts[digit] = total
            total += here
        for i in range(count):
            bucket = np.int64(source[i] >> shift) & (_DIGIT - 1)
            target[counts[bucket]] = source[i]
            counts[bucket] += 1
        source, target = target, source
        shift += np.uint64(11)
        left >>= 11
    return source
