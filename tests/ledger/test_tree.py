"""The log against the definition of RFC 9162: roots, proofs, and that nothing changed, lost or moved passes."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.ledger import tree
from tests.ledger.making import code_of, mth

KNOWN_LEAVES = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
KNOWN_ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""The leaves and roots that implementations of Certificate Transparency test themselves with."""
KNOWN = [tree.leaf_hash(bytes.fromhex(leaf)) for leaf in KNOWN_LEAVES]
MOST = 130
MANY = [tree.leaf_hash(number.to_bytes(4, "big")) for number in range(MOST)]
ROOTS = [mth(MANY[:size]) for size in range(MOST + 1)]
ALL = tree.MemoryNodes(MANY)


# --- roots ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "root"), list(enumerate(KNOWN_ROOTS)))
def test_the_roots_everybody_knows(size: int, root: str) -> None:
    assert tree.root_of(KNOWN[:size]).hex() == root == mth(KNOWN[:size]).hex()


@pytest.mark.parametrize("size", range(MOST + 1))
def test_roots_and_frontiers_are_those_of_the_definition(size: int) -> None:
    assert tree.root_of(MANY[:size]) == ROOTS[size]
    assert tree.frontier_of(size, ALL).root() == ROOTS[size]


@given(st.lists(st.integers(0, 40), max_size=6))
def test_a_log_that_grows_in_steps_is_the_log_that_grew_at_once(steps: list[int]) -> None:
    frontier, nodes, size = tree.Frontier(), tree.MemoryNodes(), min(sum(steps), MOST)
    for step in steps:
        more = MANY[frontier.size : min(frontier.size + step, MOST)]
        frontier = tree.unpacked(frontier.appended(more)[0].packed())
        nodes.append(more)
    assert frontier == nodes.frontier == tree.frontier_of(size, ALL)
    assert frontier.root() == ROOTS[size]


def test_a_frontier_is_a_few_hashes_however_long_the_log() -> None:
    assert len(tree.frontier_of(127, ALL).packed()) == 8 + 7 * 32
    assert len(tree.frontier_of(128, ALL).packed()) == 8 + 32
    assert tree.unpacked(bytes(8)) == tree.Frontier()


@pytest.mark.parametrize("cut", [b"", bytes(7), bytes(40), (3).to_bytes(8, "big") + bytes(32)])
def test_bytes_that_are_no_frontier_are_refused(cut: bytes) -> None:
    assert code_of(lambda: tree.unpacked(cut)) == "L102"


def test_every_complete_subtree_is_made_once_and_never_changes() -> None:
    made = tree.Frontier().appended(MANY)[1]
    assert len({(level, index) for level, index, _ in made}) == len(made)
    assert all(mth(MANY[index << level : (index + 1) << level]) == value for level, index, value in made)
    assert len(made) == sum(MOST >> level for level in range(8))


# --- that a leaf is in the log --------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", range(1, MOST + 1))
def test_every_leaf_is_proved_and_no_other_in_its_place(size: int) -> None:
    for index in range(size):
        proof = tree.inclusion_proof(index, size, ALL)
        assert tree.verify_inclusion(MANY[index], index, size, proof, ROOTS[size])
        assert not tree.verify_inclusion(MANY[(index + 1) % MOST], index, size, proof, ROOTS[size])
        others = {(index + 1) % size, (index ^ 1) % size, size - 1 - index} - {index}
        assert not any(tree.verify_inclusion(MANY[index], other, size, proof, ROOTS[size]) for other in others)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 64, 65, 127, 130])
def test_no_bit_of_a_proof_may_change(size: int) -> None:
    for index in {0, size // 2, size - 1}:
        parts = [MANY[index], ROOTS[size], *tree.inclusion_proof(index, size, ALL)]
        for which, part in enumerate(parts):
            for bit in range(256):
                changed = [*parts[:which], _flipped(part, bit), *parts[which + 1 :]]
                assert not tree.verify_inclusion(changed[0], index, size, changed[2:], changed[1])


@given(st.integers(1, MOST), st.data())
def test_a_shortened_lengthened_or_shuffled_proof_is_refused(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = tree.inclusion_proof(index, size, ALL)
    wrong = [(*proof, MANY[0]), (MANY[0], *proof), proof[1:], proof[:-1], tuple(data.draw(st.permutations(proof)))]
    assert not any(
        tree.verify_inclusion(MANY[index], index, size, each, ROOTS[size]) for each in wrong if each != proof
    )


@given(st.integers(1, MOST), st.integers(0, MOST - 1), st.lists(st.sampled_from(MANY), max_size=9))
def test_no_made_up_proof_is_taken(size: int, index: int, made_up: list[bytes]) -> None:
    taken = tree.verify_inclusion(MANY[index], index, size, made_up, ROOTS[size])
    assert taken == (index < size and tuple(made_up) == tree.inclusion_proof(index, size, ALL))


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_a_leaf_outside_the_log_has_no_proof(index: int, size: int) -> None:
    assert code_of(lambda: tree.inclusion_proof(index, size, ALL)) == "L103"
    assert not tree.verify_inclusion(MANY[0], index, size, (), ROOTS[size])


# --- that a log only grew -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("new", range(MOST + 1))
def test_a_log_that_grew_is_proved_to_have_only_grown(new: int) -> None:
    for old in range(new + 1):
        proof = tree.consistency_proof(old, new, ALL)
        assert tree.verify_consistency(old, new, ROOTS[old], ROOTS[new], proof)
        forged = mth(MANY[1 : old + 1]) if 0 < old < MOST else bytes(32)
        assert not tree.verify_consistency(old, new, forged, ROOTS[new], proof)
        if old:
            assert not tree.verify_consistency(old, new, ROOTS[old], bytes(32), proof)


@pytest.mark.parametrize(("old", "new"), [(1, 2), (3, 7), (4, 7), (6, 8), (64, 130), (65, 129), (7, 7)])
def test_no_bit_of_a_proof_of_growth_may_change(old: int, new: int) -> None:
    parts = [ROOTS[old], ROOTS[new], *tree.consistency_proof(old, new, ALL)]
    for which, part in enumerate(parts):
        for bit in range(256):
            changed = [*parts[:which], _flipped(part, bit), *parts[which + 1 :]]
            assert not tree.verify_consistency(old, new, changed[0], changed[1], changed[2:])


@given(st.integers(0, MOST), st.integers(0, MOST), st.lists(st.sampled_from([*MANY, *ROOTS]), max_size=9))
def test_no_made_up_proof_of_growth_is_taken(old: int, new: int, made_up: list[bytes]) -> None:
    taken = tree.verify_consistency(old, new, ROOTS[old], ROOTS[new], made_up)
    assert taken == (old <= new and tuple(made_up) == tree.consistency_proof(old, new, ALL))


@given(st.integers(1, MOST), st.data())
def test_a_shortened_or_lengthened_proof_of_growth_is_refused(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(0, new))
    proof = tree.consistency_proof(old, new, ALL)
    wrong = [(*proof, MANY[0]), (MANY[0], *proof), proof[1:], proof[:-1]]
    assert not any(tree.verify_consistency(old, new, ROOTS[old], ROOTS[new], each) for each in wrong if each != proof)


@pytest.mark.parametrize(("old", "new"), [(4, 3), (-1, 3)])
def test_sizes_that_are_no_beginning_have_no_proof(old: int, new: int) -> None:
    assert code_of(lambda: tree.consistency_proof(old, new, ALL)) == "L104"


# --- what it costs --------------------------------------------------------------------------------------------------

TEN_MILLION = 10_000_000


class Alike:
    """A log of leaves that are all alike, so that each level has one hash; counts what is read."""

    def __init__(self) -> None:
        self.levels, self.read = [MANY[0]], 0
        for _ in range(24):
            self.levels.append(tree.node_hash(self.levels[-1], self.levels[-1]))

    def node(self, level: int, index: int) -> bytes:
        assert (index + 1) << level <= TEN_MILLION, "no complete subtree"
        self.read += 1
        return self.levels[level]


@pytest.mark.parametrize("index", [0, 1, 4_999_999, 8_388_607, 8_388_608, 9_999_998, 9_999_999])
def test_a_proof_over_ten_million_leaves_reads_some_dozens_of_hashes(index: int) -> None:
    nodes = Alike()
    root = tree.frontier_of(TEN_MILLION, nodes).root()
    nodes.read = 0
    proof = tree.inclusion_proof(index, TEN_MILLION, nodes)
    assert nodes.read <= 48
    assert tree.verify_inclusion(MANY[0], index, TEN_MILLION, proof, root)
    assert not tree.verify_inclusion(MANY[1], index, TEN_MILLION, proof, root)


@pytest.mark.parametrize("old", [1, 4_999_999, 5_000_000, 8_388_608, 9_999_999])
def test_a_proof_of_growth_to_ten_million_leaves_reads_some_dozens_of_hashes(old: int) -> None:
    nodes = Alike()
    before, after = (tree.frontier_of(size, nodes).root() for size in (old, TEN_MILLION))
    nodes.read = 0
    proof = tree.consistency_proof(old, TEN_MILLION, nodes)
    assert nodes.read <= 72
    assert tree.verify_consistency(old, TEN_MILLION, before, after, proof)
    assert not tree.verify_consistency(old, TEN_MILLION, hashlib.sha256(before).digest(), after, proof)


# --- that nothing passes unseen -------------------------------------------------------------------------------------


@given(st.lists(st.binary(max_size=3), min_size=2, max_size=40), st.data())
def test_an_edited_moved_missing_or_added_leaf_changes_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    hashes = [tree.leaf_hash(leaf) for leaf in leaves]
    at = data.draw(st.integers(0, len(hashes) - 2))
    edited = [*hashes[:at], tree.leaf_hash(leaves[at] + b"!"), *hashes[at + 1 :]]
    moved = [*hashes[:at], hashes[at + 1], hashes[at], *hashes[at + 2 :]]
    forged = [edited, hashes[:at] + hashes[at + 1 :], [*hashes[:at], hashes[at], *hashes[at:]]]
    forged += [moved] if moved != hashes else []
    assert tree.root_of(hashes) not in [tree.root_of(each) for each in forged]


def _flipped(part: bytes, bit: int) -> bytes:
    changed = bytearray(part)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)
