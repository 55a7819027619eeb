"""The Merkle tree of RFC 9162 §2.1: roots, proofs that a leaf is in the log, proofs that a log only grew.

A log of `n` leaves is cut into complete subtrees whose hashes never change once they are complete; whoever keeps
those by (level, index) can prove anything by reading some dozens of them. Nothing here knows what a leaf stands for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from sizao.errors import LedgerError

HASH = 32
"""The length of every hash, in bytes."""
EMPTY = hashlib.sha256(b"").digest()
"""The root of a log without leaves."""


class Nodes(Protocol):
    """Where hashes of complete subtrees are kept: level 0 are the leaves, level k cover `2**k` of them."""

    def node(self, level: int, index: int) -> bytes:
        """The hash of the `index`-th complete subtree of a level; KeyError when it is not kept."""
        ...


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a log: its size, and the hashes of the complete subtrees it is cut into, the largest first."""

    size: int = 0
    edge: tuple[bytes, ...] = ()

    def appended(self, leaves: Iterable[bytes]) -> tuple[Frontier, list[tuple[int, int, bytes]]]:
        """The frontier after these leaf hashes, and every complete subtree that came to be, as (level, index, hash)."""
        size, edge = self.size, list(self.edge)
        made: list[tuple[int, int, bytes]] = []
        for leaf in leaves:
            made.append((0, size, leaf))
            edge.append(leaf)
            size += 1
            level, full = 0, size
            while full & 1 == 0:
                right = edge.pop()
                edge[-1] = node_hash(edge[-1], right)
                level, full = level + 1, full >> 1
                made.append((level, full - 1, edge[-1]))
        return Frontier(size, tuple(edge)), made

    def packed(self) -> bytes:
        """The frontier as bytes: its size (8 bytes, the highest first), then its hashes."""
        return self.size.to_bytes(8, "big") + b"".join(self.edge)

    def root(self) -> bytes:
        """The root of the log."""
        if not self.edge:
            return EMPTY
        root = self.edge[-1]
        for left in reversed(self.edge[:-1]):
            root = node_hash(left, root)
        return root


def unpacked(packed: bytes) -> Frontier:
    """The frontier of its bytes; refuses bytes that are none (L102)."""
    size, edge = int.from_bytes(packed[:8], "big"), packed[8:]
    if len(packed) != 8 + HASH * size.bit_count():
        raise LedgerError("L102", length=len(packed))
    return Frontier(size, tuple(edge[start : start + HASH] for start in range(0, len(edge), HASH)))


class MemoryNodes:
    """`Nodes` in memory, and the frontier they have grown to."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.frontier = Frontier()
        self._kept: dict[tuple[int, int], bytes] = {}
        self.append(leaves)

    def append(self, leaves: Iterable[bytes]) -> None:
        """Let the log grow by these leaf hashes."""
        self.frontier, made = self.frontier.appended(leaves)
        self._kept.update(((level, index), value) for level, index, value in made)

    def node(self, level: int, index: int) -> bytes:
        """See `Nodes`."""
        return self._kept[level, index]


def frontier_of(size: int, nodes: Nodes) -> Frontier:
    """The frontier of the first `size` leaves of what is kept."""
    return Frontier(size, tuple(nodes.node(level, index) for level, index in _complete(0, size)))


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over some leaf hashes."""
    return Frontier().appended(leaves)[0].root()


def inclusion_proof(index: int, size: int, nodes: Nodes) -> tuple[bytes, ...]:
    """The path from leaf `index` to the root of the first `size` leaves; refuses an index outside them (L103)."""
    if not 0 <= index < size:
        raise LedgerError("L103", index=index, size=size)
    return tuple(_subtree(start, stop, nodes) for start, stop in _siblings(index, 0, size))


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from the leaf hash to the root (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(step, found)
            while place & 1 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def consistency_proof(old: int, new: int, nodes: Nodes) -> tuple[bytes, ...]:
    """What proves that the log of `old` leaves is the beginning of that of `new`; refuses sizes of which it is none
    (L104).

    An empty log is the beginning of every log; that needs no proof.
    """
    if not 0 <= old <= new:
        raise LedgerError("L104", old=old, new=new)
    if old == 0:
        return ()
    return tuple(_subtree(start, stop, nodes) for start, stop in _steps(old, 0, new, whole=True))


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows the old root to be a beginning of the new one (RFC 9162 §2.1.4.2)."""
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY
    if not 0 < old < new or not proof:
        return False
    steps = list(proof) if old & (old - 1) else [old_root, *proof]
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while place & 1 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, step)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


# --- how a log is cut -----------------------------------------------------------------------------------------------


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _complete(start: int, stop: int) -> Iterator[tuple[int, int]]:
    """The complete subtrees a range of leaves is cut into, as (level, index). The range begins where a subtree can."""
    while start < stop:
        level = (stop - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        yield level, start >> level
        start += 1 << level


def _subtree(start: int, stop: int, nodes: Nodes) -> bytes:
    edge = tuple(nodes.node(level, index) for level, index in _complete(start, stop))
    return Frontier(stop - start, edge).root()


def _siblings(index: int, start: int, stop: int) -> list[tuple[int, int]]:
    """The subtrees beside the path to a leaf, the lowest first."""
    found = []
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            found.append((middle, stop))
            stop = middle
        else:
            found.append((start, middle))
            start = middle
    return found[::-1]


def _steps(old: int, start: int, stop: int, *, whole: bool) -> list[tuple[int, int]]:
    """The subtrees of a consistency proof, the lowest first (SUBPROOF of §2.1.4.1)."""
    found: list[tuple[int, int]] = []
    while old != stop - start:
        middle = start + _split(stop - start)
        if old <= middle - start:
            found.append((middle, stop))
            stop = middle
        else:
            found.append((start, middle))
            old, start, whole = old - (middle - start), middle, False
    if not whole:
        found.append((start, stop))
    return found[::-1]
