"""A proof to take along: that an act, and one of its facts, stands in the log, checked by anybody without asking
anybody.

A bundle is plain JSON: the signed checkpoint, the act's header and salt, its place and path in the log; and for a
fact its line, salt, place and path in the act. After an erasure line and salt are gone: then the bundle shows that
something stood there, and not what.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sizao.errors import LedgerError
from sizao.ledger import tree
from sizao.ledger.checkpoint import Checkpoint, Holds, read_note
from sizao.ledger.commitments import ActHeader, commitment, leaf_of_act
from sizao.when import Instant

FORMAT = "sizao-proof/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactProof:
    """A fact's place in its act. `line` and `salt` are None once it was erased."""

    line: str | None
    salt: bytes | None
    commitment: bytes
    index: int
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Everything somebody needs to check a proof offline, but for the log's public key."""

    note: str
    header: ActHeader
    salt: bytes
    index: int
    path: tuple[bytes, ...]
    fact: FactProof | None = None

    def plain(self) -> dict[str, Any]:
        """The bundle as JSON-able data; bytes as hex."""
        header = {
            "name": self.header.name, "actor": self.header.actor, "purpose": self.header.purpose,
            "recorded_at": self.header.recorded_at, "facts": self.header.facts, "root": self.header.root.hex(),
        }  # fmt: skip
        act = {"header": header, "salt": self.salt.hex(), "index": self.index, "path": _hex(self.path)}
        told: dict[str, Any] = {"format": FORMAT, "checkpoint": self.note, "act": act}
        if self.fact is not None:
            fact = self.fact
            told["fact"] = {
                "line": fact.line, "salt": None if fact.salt is None else fact.salt.hex(), "commitment": fact.commitment.hex(),
                "index": fact.index, "path": _hex(fact.path),
            }  # fmt: skip
        return told


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a bundle proves: the act, where it stands, under which checkpoint and by whose signatures; and the fact, if
    it had one."""

    header: ActHeader
    index: int
    checkpoint: Checkpoint
    signers: tuple[str, ...]
    witnesses: tuple[tuple[str, Instant], ...]
    line: str | None
    erased: bool


def bundle_of(data: Any) -> Bundle:
    """The bundle of plain data; refuses what is none, naming the part (L120)."""
    try:
        if data["format"] != FORMAT:
            raise LedgerError("L120", part="format")
        act, header = data["act"], data["act"]["header"]
        return Bundle(
            note=str(data["checkpoint"]), header=_header(header), salt=bytes.fromhex(act["salt"]), index=int(act["index"]),
            path=_bytes(act["path"]), fact=_fact(data.get("fact")),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as broken:
        raise LedgerError("L120", part=str(broken)) from broken


def verify(bundle: Bundle, trusted: Mapping[str, bytes], holds: Holds) -> Verified:
    """Check a bundle against trusted public keys, by name.

    Refuses what `checkpoint.read_note` refuses, an act that does not stand in the log (L121), a fact that is not of
    the act (L122), and a line that is not what was committed to (L123).
    """
    read = read_note(bundle.note, trusted, holds)
    leaf = tree.leaf_hash(leaf_of_act(bundle.salt, bundle.header))
    if not tree.verify_inclusion(leaf, bundle.index, read.checkpoint.size, bundle.path, read.checkpoint.root):
        raise LedgerError("L121", index=bundle.index, size=read.checkpoint.size)
    line, erased = None, False
    if bundle.fact is not None:
        line, erased = _checked(bundle.fact, bundle.header)
    return Verified(
        header=bundle.header, index=bundle.index, checkpoint=read.checkpoint, signers=read.signers, witnesses=read.witnesses,
        line=line, erased=erased,
    )  # fmt: skip


def _checked(fact: FactProof, header: ActHeader) -> tuple[str | None, bool]:
    mark = tree.leaf_hash(fact.commitment)
    if not tree.verify_inclusion(mark, fact.index, header.facts, fact.path, header.root):
        raise LedgerError("L122", index=fact.index)
    if fact.line is None or fact.salt is None:
        return None, True
    if commitment(fact.salt, fact.line.encode()) != fact.commitment:
        raise LedgerError("L123", index=fact.index)
    return fact.line, False


def grew(older: str, newer: str, proof: Sequence[bytes], trusted: Mapping[str, bytes], holds: Holds) -> None:
    """Refuses two checkpoints of which the older is not the beginning of the newer (L124)."""
    before, after = (read_note(note, trusted, holds).checkpoint for note in (older, newer))
    same = before.origin == after.origin
    if not same or not tree.verify_consistency(before.size, after.size, before.root, after.root, proof):
        raise LedgerError("L124", old=before.size, new=after.size)


def _header(plain: Mapping[str, Any]) -> ActHeader:
    return ActHeader(
        name=str(plain["name"]), actor=str(plain["actor"]), purpose=str(plain["purpose"]),
        recorded_at=Instant(int(plain["recorded_at"])), facts=int(plain["facts"]), root=bytes.fromhex(plain["root"]),
    )  # fmt: skip


def _fact(plain: Mapping[str, Any] | None) -> FactProof | None:
    if plain is None:
        return None
    return FactProof(
        line=plain["line"], salt=None if plain["salt"] is None else bytes.fromhex(plain["salt"]),
        commitment=bytes.fromhex(plain["commitment"]), index=int(plain["index"]), path=_bytes(plain["path"]),
    )  # fmt: skip


def _hex(path: Sequence[bytes]) -> list[str]:
    return [step.hex() for step in path]


def _bytes(path: Sequence[str]) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(step) for step in path)
