"""Salted commitments: what the log holds in place of what was recorded.

A leaf says nothing about anybody: it is a hash over a salt of at least 16 bytes and the record. Whoever has both can
show that the record stands in the log; once the salt is erased nobody can find out what it was, not even by trying
every number there is, and the log stays valid.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sizao.errors import LedgerError
from sizao.ledger.tree import leaf_hash, root_of
from sizao.when import Instant

SHORTEST_SALT = 16
_FACT, _ACT = b"sizao/fact/1\x00", b"sizao/act/1\x00"
"""What a commitment is of stands in it, so that a fact can never pass for an act."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActHeader:
    """What the leaf of an act commits to: who did what when, with what purpose, and `root` over the `facts` it
    recorded; `key` and `content` tell a repeat from another act.

    All of it goes out with every proof and outlives every erasure. So nothing of a person may stand here, and
    `content` must be keyed: a plain hash of what facts say could be found again by trying.
    """

    name: str
    actor: str
    unit: str = ""
    purpose: str
    key: str = ""
    content: str = ""
    recorded_at: Instant
    facts: int
    root: bytes

    def plain(self) -> dict[str, str | int]:
        """The header as JSON-able data."""
        return asdict(self) | {"root": self.root.hex()}

    def canonical(self) -> bytes:
        """The one spelling of the header: JSON, keys sorted, no blanks."""
        return json.dumps(self.plain(), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def commitment(salt: bytes, record: bytes) -> bytes:
    """The commitment to a fact's canonical line. Refuses a salt that could be guessed (L101)."""
    return _committed(_FACT, salt, record)


def facts_root(commitments: Sequence[bytes]) -> bytes:
    """The root of a small tree over an act's facts, in the order of the act."""
    return root_of([leaf_hash(each) for each in commitments])


def leaf_of_act(salt: bytes, header: ActHeader) -> bytes:
    """The commitment to an act, which is its leaf's data in the log. Refuses a short salt (L101)."""
    return _committed(_ACT, salt, header.canonical())


def _committed(domain: bytes, salt: bytes, record: bytes) -> bytes:
    if len(salt) < SHORTEST_SALT:
        raise LedgerError("L101", length=len(salt), least=SHORTEST_SALT)
    return hashlib.sha256(domain + len(salt).to_bytes(2, "big") + salt + record).digest()
