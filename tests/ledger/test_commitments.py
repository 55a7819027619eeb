"""Salted commitments: they bind to what was recorded, say nothing of it, and outlive its erasure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.ledger import bundle, signing, tree
from sizao.ledger.commitments import ActHeader, commitment, facts_root, leaf_of_act
from sizao.when import Instant
from tests.ledger.making import HEADER, LINES, MARKS, NOON, SALT, SALTS, TRUSTED, code_of, mth, proof_of

SALTS_MADE = st.binary(min_size=16, max_size=48)


@pytest.mark.parametrize("length", range(16))
def test_a_salt_that_could_be_guessed_is_refused(length: int) -> None:
    assert code_of(lambda: commitment(bytes(length), b"")) == "L101"
    assert code_of(lambda: leaf_of_act(bytes(length), HEADER)) == "L101"
    assert len(commitment(bytes(16), b"")) == 32


@given(SALTS_MADE, st.binary(max_size=40), SALTS_MADE, st.binary(max_size=40))
def test_two_records_never_share_a_commitment(salt: bytes, record: bytes, other: bytes, second: bytes) -> None:
    assert (commitment(salt, record) == commitment(other, second)) == ((salt, record) == (other, second))


@given(SALTS_MADE, st.binary(min_size=1, max_size=20), st.data())
def test_salt_cannot_be_moved_into_the_record(salt: bytes, record: bytes, data: st.DataObject) -> None:
    moved = data.draw(st.integers(1, len(record)))
    assert commitment(salt + record[:moved], record[moved:]) != commitment(salt, record)


def test_a_fact_never_passes_for_an_act() -> None:
    assert leaf_of_act(SALT, HEADER) != commitment(SALT, HEADER.canonical())


def test_the_header_has_one_spelling() -> None:
    told = json.loads(HEADER.canonical())
    assert told == HEADER.plain()
    assert list(told) == sorted(told)
    assert HEADER.canonical() == json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    "changed",
    [
        replace(HEADER, name="other"),
        replace(HEADER, actor="user:2"),
        replace(HEADER, unit="hospital"),
        replace(HEADER, purpose="care"),
        replace(HEADER, key="k2"),
        replace(HEADER, content="c2"),
        replace(HEADER, recorded_at=Instant(NOON + 1)),
        replace(HEADER, facts=2),
        replace(HEADER, root=bytes(32)),
    ],
)
def test_whatever_is_changed_in_an_act_changes_its_leaf(changed: ActHeader) -> None:
    assert leaf_of_act(SALT, changed) != leaf_of_act(SALT, HEADER)


def test_the_root_of_an_act_is_that_of_its_facts_in_their_order() -> None:
    assert facts_root(MARKS) == mth([tree.leaf_hash(mark) for mark in MARKS])
    assert facts_root(MARKS[::-1]) != facts_root(MARKS)
    assert facts_root(()) == tree.EMPTY


# --- after an erasure (TR-22) ---------------------------------------------------------------------------------------

ERASED = replace(proof_of(), fact=bundle.fact_proof(MARKS, 1, line=None, salt=None))


def test_tr_22_an_erased_fact_is_still_proved_to_stand_in_the_log() -> None:
    assert bundle.read_bundle(ERASED.text()) == ERASED
    found = bundle.verify(ERASED, TRUSTED, signing.holds)
    assert (found.line, found.erased, found.header) == (None, True, HEADER)


def test_tr_22_a_line_without_its_salt_proves_nothing_and_is_not_told() -> None:
    for line, salt in ((LINES[1], None), (None, SALTS[1])):
        half = replace(proof_of(), fact=bundle.fact_proof(MARKS, 1, line=line, salt=salt))
        assert bundle.verify(half, TRUSTED, signing.holds).line is None
        assert code_of(partial(bundle.read_bundle, half.text())) == "L120"


def test_tr_22_nothing_of_an_erased_fact_or_its_salt_is_left_in_the_proof() -> None:
    kept = bundle.verify(proof_of(), TRUSTED, signing.holds)
    assert kept.line == LINES[1]
    assert LINES[1] in proof_of().plain()["fact"]["line"]
    assert LINES[1] not in ERASED.text().replace("\\", "")
    assert SALTS[1].hex() not in ERASED.text()


def test_tr_22_trying_every_number_finds_a_record_only_with_its_salt() -> None:
    """Document numbers of 18 digits, of which all but four are known to whoever searches: the whole of that space is tried."""
    numbers = [b"99990119800101%04d" % last for last in range(10_000)]
    secret = hashlib.sha256(b"chance").digest()
    erased = commitment(secret, numbers[1234])
    assert hashlib.sha256(numbers[1234]).digest() in {hashlib.sha256(number).digest() for number in numbers}
    assert erased in {commitment(secret, number) for number in numbers}
    for guessed in (bytes(16), bytes(32), secret[:-1], secret[:-1] + b"\0", hashlib.sha256(secret).digest()):
        assert erased not in {commitment(guessed, number) for number in numbers}
    assert erased not in {hashlib.sha256(number).digest() for number in numbers}
