"""Commitments, checkpoints, proofs to take along: what was changed is refused and named; erasing keeps the log valid."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from sizao.errors import LedgerError
from sizao.ledger import bundle, checkpoint, commitments, signing, tree
from sizao.ledger.bundle import Bundle, FactProof
from sizao.ledger.checkpoint import Checkpoint
from sizao.when import Instant
from tests.ledger.test_tree import kept

SEED, WITNESS = bytes(range(32)), bytes(range(32, 64))
NAME, OTHER = "sizao/999901", "congress-office"
PUBLIC, SEEN = signing.public_of(SEED), signing.public_of(WITNESS)
TRUSTED = {NAME: PUBLIC, OTHER: SEEN}
LINES = ['{"kind":"registered"}', '{"kind":"test"}', '{"kind":"told"}']
SALTS = [bytes([number]) * 32 for number in range(3)]


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(LedgerError) as caught:
        work()
    return caught.value.code


@pytest.fixture(scope="module")
def proof() -> Bundle:
    """The second fact of the fourth of seven acts."""
    marks = [commitments.commitment(salt, line.encode()) for salt, line in zip(SALTS, LINES, strict=True)]
    header = commitments.ActHeader(
        name="record", actor="user:1", purpose="tracing", recorded_at=Instant(1_627_387_200), facts=3,
        root=commitments.facts_root(marks),
    )  # fmt: skip
    salt = b"s" * 32
    leaves = [tree.leaf_hash(bytes([number])) for number in range(7)]
    leaves[3] = tree.leaf_hash(commitments.leaf_of_act(salt, header))
    log, act = kept(leaves), kept([tree.leaf_hash(mark) for mark in marks])
    said = Checkpoint(origin=NAME, size=7, root=tree.root_of(leaves))
    note = checkpoint.signed(said, NAME, PUBLIC, partial(signing.sign, SEED))
    fact = FactProof(line=LINES[1], salt=SALTS[1], commitment=marks[1], index=1, path=tree.inclusion_proof(1, 3, act))
    path = tree.inclusion_proof(3, 7, log)
    return Bundle(note=note, header=header, salt=salt, index=3, path=path, fact=fact)


def test_a_proof_holds_without_asking_anybody(proof: Bundle) -> None:
    told = bundle.bundle_of(json.loads(json.dumps(proof.plain())))
    assert told == proof
    found = bundle.verify(told, {NAME: PUBLIC}, signing.holds)
    assert (found.index, found.line, found.erased, found.signers) == (3, LINES[1], False, (NAME,))


def test_an_erased_fact_still_stands_in_the_log_and_cannot_be_guessed(proof: Bundle) -> None:
    assert proof.fact is not None
    erased = replace(proof, fact=replace(proof.fact, line=None, salt=None))
    found = bundle.verify(erased, TRUSTED, signing.holds)
    assert (found.line, found.erased) == (None, True)
    guesses = {commitments.commitment(bytes(16), f"{number:018d}".encode()) for number in range(2_000)}
    secret = commitments.commitment(b"\x07" * 16, b"000000000000001234")
    assert commitments.commitment(bytes(16), b"000000000000001234") in guesses
    assert secret not in guesses


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda p: replace(p, header=replace(p.header, actor="user:2")), "L121"),
        (lambda p: replace(p, header=replace(p.header, recorded_at=Instant(1))), "L121"),
        (lambda p: replace(p, salt=b"t" * 32), "L121"),
        (lambda p: replace(p, salt=b"short"), "L101"),
        (lambda p: replace(p, index=4), "L121"),
        (lambda p: replace(p, path=p.path[:-1]), "L121"),
        (lambda p: replace(p, fact=replace(p.fact, line='{"kind":"order"}')), "L123"),
        (lambda p: replace(p, fact=replace(p.fact, salt=b"x" * 32)), "L123"),
        (lambda p: replace(p, fact=replace(p.fact, index=2)), "L122"),
        (lambda p: replace(p, note=p.note.replace("\n7\n", "\n8\n")), "L111"),
        (lambda p: replace(p, note=p.note.replace(NAME, "another log", 1)), "L111"),
        (lambda p: replace(p, note="nothing"), "L110"),
    ],
)
def test_whatever_was_changed_is_named(proof: Bundle, change: Callable[[Any], Bundle], code: str) -> None:
    assert code_of(lambda: bundle.verify(change(proof), TRUSTED, signing.holds)) == code


def test_a_note_nobody_trusted_signed_proves_nothing(proof: Bundle) -> None:
    assert code_of(lambda: bundle.verify(proof, {OTHER: SEEN}, signing.holds)) == "L112"


def test_a_witness_signs_with_the_hour(proof: Bundle) -> None:
    note = checkpoint.cosigned(proof.note, OTHER, SEEN, partial(signing.sign, WITNESS), Instant(1_627_387_260))
    assert checkpoint.read_note(note, TRUSTED, signing.holds).witnesses == ((OTHER, 1_627_387_260),)
    forged = checkpoint.cosigned(proof.note, OTHER, SEEN, partial(signing.sign, SEED), Instant(1_627_387_260))
    assert code_of(lambda: checkpoint.read_note(forged, TRUSTED, signing.holds)) == "L111"


def test_a_rewritten_past_is_found() -> None:
    leaves = [tree.leaf_hash(bytes([number])) for number in range(9)]
    other = [tree.leaf_hash(b"other"), *leaves[1:]]

    def note(of: list[bytes]) -> str:
        return checkpoint.signed(
            Checkpoint(origin=NAME, size=len(of), root=tree.root_of(of)), NAME, PUBLIC, partial(signing.sign, SEED)
        )

    proof = tree.consistency_proof(5, 9, kept(leaves))
    bundle.grew(note(leaves[:5]), note(leaves), proof, TRUSTED, signing.holds)
    assert code_of(lambda: bundle.grew(note(other[:5]), note(leaves), proof, TRUSTED, signing.holds)) == "L124"


@pytest.mark.parametrize(
    "data",
    [{}, [], {"format": "other"}, {"format": bundle.FORMAT}, {"format": bundle.FORMAT, "checkpoint": "", "act": {}}],
)
def test_what_is_no_proof_is_refused(data: Any) -> None:
    assert code_of(lambda: bundle.bundle_of(data)) == "L120"


def test_a_fact_never_passes_for_an_act() -> None:
    header = commitments.ActHeader(name="", actor="", purpose="", recorded_at=Instant(0), facts=0, root=b"")
    assert commitments.leaf_of_act(bytes(16), header) != commitments.commitment(bytes(16), header.canonical())
