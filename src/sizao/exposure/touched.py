"""Compiled: the set of persons one case has touched, read back in ascending order, and a stable ranking by overlap.

The set is a bit per person and a byte per 64 persons, so that reading it costs what it holds and not the number of persons of
the city, and adding to it asks no question: a branch that the processor guesses wrong costs more than both stores.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sizao.exposure import jit

Number = Any

POSITION_BITS = 26
"""Room for 67 million persons met by one case; 38 bits are left for what they are ranked by."""

_DIGIT_BITS = 11
_DIGIT = 1 << _DIGIT_BITS
_FEW = 48


class Marks(NamedTuple):
    """The set: addresses of its bits and of the bytes above them, how many times eight bytes, each person's rank by id and back.

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
    """Eight of the bytes in each."""
    rank: NDArray[np.int32] | None
    by_rank: NDArray[np.int32] | None

    def marks(self) -> Marks:
        """The addresses the compiled code works on."""
        ranks = [0 if order is None else order.ctypes.data for order in (self.rank, self.by_rank)]
        return Marks(self.bits.ctypes.data, self.upper.ctypes.data, len(self.upper), *ranks)


def empty_marks(persons: int, rank: NDArray[np.int32] | None, by_rank: NDArray[np.int32] | None) -> MarkArrays:
    """The empty set over persons 0..persons−1; `rank` and `by_rank` are None where numbers ascend with ids."""
    words = (persons >> 6) + 1
    return MarkArrays(np.zeros(words, np.uint64), np.zeros((words >> 3) + 1, np.uint64), rank, by_rank)


@jit.inlined
def touch(marks: Marks, person: Number) -> None:
    """Add a person; adding again changes nothing."""
    if marks.rank != 0:
        person = jit.load_i32(marks.rank, np.int64(person))
    word = np.int64(person) >> 6
    jit.store_u64(marks.bits, word, jit.load_u64(marks.bits, word) | _bit_of(person))
    jit.store_u8(marks.upper, word, np.uint8(1))


@jit.inlined
def untouch(marks: Marks, person: Number) -> None:
    """Take a person out again, if in."""
    if marks.rank != 0:
        person = jit.load_i32(marks.rank, np.int64(person))
    word = np.int64(person) >> 6
    jit.store_u64(marks.bits, word, jit.load_u64(marks.bits, word) & ~_bit_of(person))


@jit.inlined
def _bit_of(person: Number) -> Number:
    return np.uint64(1) << (np.uint64(person) & np.uint64(63))


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
            word = (np.int64(top) << 3) + (jit.lowest_bit(words) >> 3)
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
def _few_in_order(keys: Number, count: Number) -> None:
    for i in range(1, count):
        mine = jit.load_u64(keys, np.int64(i))
        at: Number = np.int64(i)
        while at > 0 and jit.load_u64(keys, at - 1) > mine:
            jit.store_u64(keys, at, jit.load_u64(keys, at - 1))
            at -= 1
        jit.store_u64(keys, at, mine)


@jit.inlined
def _count_two(keys: Number, count: Number, shift: Number, counts: Number) -> None:
    """How often each value of two digits occurs: both are counted in one reading, for their order does not matter yet."""
    for digit in range(_DIGIT):
        jit.store_i64(counts, np.int64(digit), np.int64(0))
    for i in range(count):
        value = np.int64(jit.load_u64(keys, np.int64(i)) >> np.uint64(shift))
        low, high = value & (_DIGIT - 1), _DIGIT + ((value >> _DIGIT_BITS) & (_DIGIT - 1))
        jit.store_i32(counts, low, np.int32(jit.load_i32(counts, low) + 1))
        jit.store_i32(counts, high, np.int32(jit.load_i32(counts, high) + 1))


@jit.inlined
def _deal(keys: Number, target: Number, count: Number, shift: Number, counts: Number) -> None:
    """Write the keys into `target` in order of one digit, equal ones as they came; `counts` is used up."""
    total = np.int32(0)
    for digit in range(_DIGIT):
        here = jit.load_i32(counts, np.int64(digit))
        jit.store_i32(counts, np.int64(digit), total)
        total += np.int32(here)
    for i in range(count):
        key = jit.load_u64(keys, np.int64(i))
        bucket = np.int64(key >> np.uint64(shift)) & (_DIGIT - 1)
        place = jit.load_i32(counts, bucket)
        jit.store_u64(target, np.int64(place), key)
        jit.store_i32(counts, bucket, np.int32(place + 1))


@jit.inlined
def rank(keys: Number, spare: Number, count: Number, highest: Number) -> Number:
    """The address of the `count` keys at `keys` in ascending order, which is that address or `spare`, memory for as many.

    A key is `value << POSITION_BITS | position`, positions ascending; only the bits of `value` that `highest` has may differ. A
    radix sort of the values; the position comes along in order and costs no pass.
    """
    if count <= _FEW:
        _few_in_order(keys, count)
        return keys
    memory = np.empty(2 * _DIGIT, np.int32)
    counts = memory.ctypes.data
    source, target = keys, spare
    shift, left = np.int64(POSITION_BITS), np.int64(highest)
    while left > 0:
        _count_two(source, count, shift, counts)
        for digit in range(2):
            if left > 0:
                _deal(source, target, count, shift, counts + digit * (_DIGIT << 2))
                source, target = target, source
                shift += _DIGIT_BITS
                left >>= _DIGIT_BITS
    jit.held(memory)
    return source
