"""What the tests of the ledger share: an invented log with its keys, and the slow, obvious tree of the definition."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import partial

import pytest

from sizao.errors import LedgerError
from sizao.ledger import bundle, checkpoint, commitments, signing, tree
from sizao.ledger.bundle import Bundle
from sizao.ledger.checkpoint import Checkpoint
from sizao.when import Instant

LOG, SCHOOL, OFFICE = "sizao/999901", "school.example", "office.example"
SEEDS = {name: hashlib.sha256(name.encode()).digest() for name in (LOG, SCHOOL, OFFICE)}
PUBLIC = {name: signing.public_of(seed) for name, seed in SEEDS.items()}
TRUSTED = {LOG: PUBLIC[LOG]}
NOON = Instant(1_627_272_000)

LINES = ('{"kind":"registered"}', '{"kind":"test"}', '{"kind":"told"}')
SALTS = tuple(bytes([number]) * 32 for number in range(3))
MARKS = tuple(commitments.commitment(salt, line.encode()) for salt, line in zip(SALTS, LINES, strict=True))
SALT = b"s" * 32
HEADER = commitments.ActHeader(
    name="record", actor="user:1", unit="cdc", purpose="tracing", key="k1", content="c1", recorded_at=NOON, facts=3,
    root=commitments.facts_root(MARKS),
)  # fmt: skip


def mth(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162 §2.1.1, word for word, over leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def code_of(work: Callable[[], object]) -> str:
    """The code with which some work is refused."""
    with pytest.raises(LedgerError) as caught:
        work()
    return caught.value.code


def signer(name: str) -> Callable[[bytes], bytes]:
    """What signs with the key of that name."""
    return partial(signing.sign, SEEDS[name])


def note_over(data: Sequence[bytes], *, origin: str = LOG) -> str:
    """The signed checkpoint of a log with these leaves' data."""
    root = mth([tree.leaf_hash(each) for each in data])
    said = Checkpoint(origin=origin, size=len(data), root=root)
    return checkpoint.signed(said, LOG, PUBLIC[LOG], signer(LOG))


def acts(count: int) -> list[bytes]:
    """The leaves' data of a log; the act of `HEADER` stands at place 3."""
    data = [hashlib.sha256(str(number).encode()).digest() for number in range(count)]
    data[3] = commitments.leaf_of_act(SALT, HEADER)
    return data


def proof_of(fact: int | None = 1, *, size: int = 7, since: int | None = None) -> Bundle:
    """The proof that the act of `HEADER` stands in a log of that size, with one of its facts."""
    data = acts(size)
    nodes = tree.MemoryNodes(tree.leaf_hash(each) for each in data)
    earlier = since and bundle.Earlier(note=note_over(data[:since]), path=tree.consistency_proof(since, size, nodes))
    return Bundle(
        note=note_over(data), header=HEADER, salt=SALT, index=3, path=tree.inclusion_proof(3, size, nodes),
        fact=None if fact is None else bundle.fact_proof(MARKS, fact, line=LINES[fact], salt=SALTS[fact]),
        earlier=earlier or None,
    )  # fmt: skip
