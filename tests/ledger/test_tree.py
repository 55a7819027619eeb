"""The log against the definition of RFC 9162: roots, proofs, and that nothing changed, lost or moved passes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.ledger import tree

LEAVES = [
    bytes.fromhex(each)
    for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
KNOWN_ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
MANY = [tree.leaf_hash(number.to_bytes(4)) for number in range(130)]


def root(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162 §2.1.1, word for word, over leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + root(leaves[:k]) + root(leaves[k:])).digest()


class Kept(dict[tuple[int, int], bytes]):
    """Complete subtrees in memory."""

    def node(self, level: int, index: int) -> bytes:
        return self[level, index]


def kept(leaves: Sequence[bytes]) -> Kept:
    return Kept({(level, index): value for level, index, value in tree.Frontier().appended(leaves)[1]})


ALL = kept(MANY)


@pytest.mark.parametrize("size", sorted(KNOWN_ROOTS))
def test_the_roots_everybody_knows(size: int) -> None:
    assert tree.root_of([tree.leaf_hash(leaf) for leaf in LEAVES[:size]]).hex() == KNOWN_ROOTS[size]


@pytest.mark.parametrize("size", range(1, 131))
def test_roots_and_frontiers_are_those_of_the_definition(size: int) -> None:
    wanted = root(MANY[:size])
    assert tree.root_of(MANY[:size]) == wanted
    assert tree.frontier_of(size, ALL).root() == wanted
    half = tree.Frontier().appended(MANY[: size // 2])[0]
    assert half.appended(MANY[size // 2 : size])[0] == tree.frontier_of(size, ALL)


@pytest.mark.parametrize("size", range(1, 131))
def test_every_leaf_is_proved_and_no_other_in_its_place(size: int) -> None:
    wanted = root(MANY[:size])
    for index in range(size):
        proof = tree.inclusion_proof(index, size, ALL)
        assert tree.verify_inclusion(MANY[index], index, size, proof, wanted)
        assert not tree.verify_inclusion(MANY[index], index + 1, size, proof, wanted) or size == 1
        assert not tree.verify_inclusion(MANY[(index + 1) % 130], index, size, proof, wanted)


@pytest.mark.parametrize("new", range(1, 131))
def test_a_log_that_grew_is_proved_to_have_only_grown(new: int) -> None:
    after = root(MANY[:new])
    for old in range(1, new + 1):
        proof = tree.consistency_proof(old, new, ALL)
        assert tree.verify_consistency(old, new, root(MANY[:old]), after, proof)
        assert not tree.verify_consistency(old, new, root(MANY[1 : old + 1]), after, proof)


@given(st.integers(1, 130), st.data())
def test_one_changed_bit_anywhere_is_refused(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = list(tree.inclusion_proof(index, size, ALL))
    parts = [MANY[index], root(MANY[:size]), *proof]
    which, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    changed = bytearray(parts[which])
    changed[bit // 8] ^= 1 << bit % 8
    parts[which] = bytes(changed)
    assert not tree.verify_inclusion(parts[0], index, size, parts[2:], parts[1])


@given(st.integers(2, 130), st.data())
def test_a_shortened_or_lengthened_proof_is_refused(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof, wanted = tree.inclusion_proof(index, size, ALL), root(MANY[:size])
    for wrong in (proof[:-1], proof[1:], (*proof, MANY[0])):
        assert not tree.verify_inclusion(MANY[index], index, size, wrong, wanted)


@given(st.lists(st.binary(max_size=3), min_size=2, max_size=40), st.data())
def test_an_edited_moved_or_missing_leaf_changes_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    hashes = [tree.leaf_hash(leaf) for leaf in leaves]
    at = data.draw(st.integers(0, len(hashes) - 2))
    edited = [*hashes[:at], tree.leaf_hash(leaves[at] + b"!"), *hashes[at + 1 :]]
    assert tree.root_of(edited) != tree.root_of(hashes)
    assert tree.root_of(hashes[:at] + hashes[at + 1 :]) != tree.root_of(hashes)
    if hashes[at] != hashes[at + 1]:
        moved = [*hashes[:at], hashes[at + 1], hashes[at], *hashes[at + 2 :]]
        assert tree.root_of(moved) != tree.root_of(hashes)


def test_a_proof_over_a_large_log_reads_few_nodes() -> None:
    size, read = 10_000_000, []

    class Counting:
        def node(self, level: int, index: int) -> bytes:
            read.append((level, index))
            return bytes(32)

    proof = tree.inclusion_proof(7_654_321, size, Counting())
    assert len(proof) == 24
    assert len(read) <= 2 * 24


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3)])
def test_sizes_that_are_no_beginning_are_refused(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="beginning"):
        tree.consistency_proof(old, new, ALL)
    with pytest.raises(ValueError, match="no leaf"):
        tree.inclusion_proof(3, 3, ALL)
