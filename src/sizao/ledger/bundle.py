"""A proof to take along: that an act, and one of its facts, stands in the log. Anybody checks it, asking nobody.

A bundle is plain JSON: the signed checkpoint, the act's header and salt, its place and path in the log; for a fact
its line, salt, place and path in the act; and an earlier checkpoint with the path that shows that the log only grew
since. After an erasure line and salt are gone: then the bundle shows that something stood there, and not what.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sizao.errors import LedgerError
from sizao.ledger import checkpoint as checkpoints
from sizao.ledger import tree
from sizao.ledger.checkpoint import Checkpoint, Holds, Read, enough_witnesses, read_note
from sizao.ledger.commitments import ActHeader, commitment, leaf_of_act
from sizao.ledger.plain import bytes_of, document, hashes_of, number_of, only, text_of
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
class Earlier:
    """An earlier note of the same log, and the path that shows that the log only grew since."""

    note: str
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
    earlier: Earlier | None = None

    def plain(self) -> dict[str, Any]:
        """The bundle as JSON-able data; bytes as hex."""
        act = {"header": self.header.plain(), "salt": self.salt.hex(), "index": self.index, "path": _hex(self.path)}
        told: dict[str, Any] = {"format": FORMAT, "checkpoint": self.note, "act": act}
        if self.fact is not None:
            fact = self.fact
            told["fact"] = {
                "line": fact.line, "salt": None if fact.salt is None else fact.salt.hex(), "commitment": fact.commitment.hex(),
                "index": fact.index, "path": _hex(fact.path),
            }  # fmt: skip
        if self.earlier is not None:
            told["earlier"] = {"checkpoint": self.earlier.note, "path": _hex(self.earlier.path)}
        return told

    def text(self) -> str:
        """The bundle as a file: one JSON document."""
        return json.dumps(self.plain(), ensure_ascii=False, indent=1) + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a bundle proves: the act, where it stands, under which checkpoint and by whose signatures; the fact, if it
    had one (`line` is None when it was erased); and the earlier checkpoint since which the log only grew, if it had
    one."""

    header: ActHeader
    index: int
    checkpoint: Checkpoint
    signers: tuple[str, ...]
    witnesses: tuple[tuple[str, Instant], ...]
    line: str | None
    erased: bool
    earlier: Checkpoint | None = None


def fact_proof(commitments: Sequence[bytes], index: int, *, line: str | None, salt: bytes | None) -> FactProof:
    """The proof for one fact of an act, out of all its commitments in the order of the act; refuses an index outside
    them (L103)."""
    nodes = tree.MemoryNodes(tree.leaf_hash(each) for each in commitments)
    path = tree.inclusion_proof(index, len(commitments), nodes)
    return FactProof(line=line, salt=salt, commitment=commitments[index], index=index, path=path)


def bundle_of(data: Any) -> Bundle:
    """The bundle of plain data; refuses what is none, naming the part (L120)."""
    told = only(data, ("format", "checkpoint", "act", "fact", "earlier"), "")
    if text_of(told, "format", "format") != FORMAT:
        raise LedgerError("L120", part="format")
    act = only(told.get("act"), ("header", "salt", "index", "path"), "act")
    return Bundle(
        note=text_of(told, "checkpoint", "checkpoint"), header=_header(act.get("header")), salt=bytes_of(act, "salt", "act.salt"),
        index=number_of(act, "index", "act.index"), path=hashes_of(act, "path", "act.path", tree.HASH),
        fact=_fact(told["fact"]) if "fact" in told else None,
        earlier=_earlier(told["earlier"]) if "earlier" in told else None,
    )  # fmt: skip


def read_bundle(text: str) -> Bundle:
    """The bundle of a file's text; refuses what is none, naming the part (L120)."""
    return bundle_of(document(text))


def verify(bundle: Bundle, trusted: Mapping[str, bytes], holds: Holds, *, witnesses: int = 0) -> Verified:
    """Check a bundle against trusted public keys, by name; at least so many witnesses must have signed its checkpoint.

    Refuses what `checkpoint.read_note` refuses, too few witnesses (L114), an act that does not stand in the log
    (L121), a fact that is not of the act (L122), a line that is not what was committed to (L123), and what
    `checkpoint.grew` refuses.
    """
    read = read_note(bundle.note, trusted, holds)
    enough_witnesses(read, trusted, witnesses)
    leaf = tree.leaf_hash(leaf_of_act(bundle.salt, bundle.header))
    if not tree.verify_inclusion(leaf, bundle.index, read.checkpoint.size, bundle.path, read.checkpoint.root):
        raise LedgerError("L121", index=bundle.index, size=read.checkpoint.size)
    line, erased = None, False
    if bundle.fact is not None:
        line, erased = _checked(bundle.fact, bundle.header)
    return Verified(
        header=bundle.header, index=bundle.index, checkpoint=read.checkpoint, signers=read.signers, witnesses=read.witnesses,
        line=line, erased=erased, earlier=_grown(bundle.earlier, read, trusted, holds),
    )  # fmt: skip


def grew(older: str, newer: str, proof: Sequence[bytes], trusted: Mapping[str, bytes], holds: Holds) -> None:
    """Refuses two notes of which the older is not the beginning of the newer, as `checkpoint.grew` does, or that
    `read_note` refuses."""
    before, after = (read_note(note, trusted, holds).checkpoint for note in (older, newer))
    checkpoints.grew(before, after, proof)


def _checked(fact: FactProof, header: ActHeader) -> tuple[str | None, bool]:
    mark = tree.leaf_hash(fact.commitment)
    if not tree.verify_inclusion(mark, fact.index, header.facts, fact.path, header.root):
        raise LedgerError("L122", index=fact.index)
    if fact.line is None or fact.salt is None:
        return None, True
    if commitment(fact.salt, fact.line.encode()) != fact.commitment:
        raise LedgerError("L123", index=fact.index)
    return fact.line, False


def _grown(earlier: Earlier | None, now: Read, trusted: Mapping[str, bytes], holds: Holds) -> Checkpoint | None:
    if earlier is None:
        return None
    before = read_note(earlier.note, trusted, holds).checkpoint
    checkpoints.grew(before, now.checkpoint, earlier.path)
    return before


def _header(data: Any) -> ActHeader:
    texts = ("name", "actor", "unit", "purpose", "key", "content")
    told = only(data, (*texts, "recorded_at", "facts", "root"), "act.header")
    name, actor, unit, purpose, key, content = (text_of(told, each, f"act.header.{each}") for each in texts)
    return ActHeader(
        name=name, actor=actor, unit=unit, purpose=purpose, key=key, content=content,
        recorded_at=Instant(number_of(told, "recorded_at", "act.header.recorded_at")),
        facts=number_of(told, "facts", "act.header.facts"), root=bytes_of(told, "root", "act.header.root", length=tree.HASH),
    )  # fmt: skip


def _fact(data: Any) -> FactProof:
    told = only(data, ("line", "salt", "commitment", "index", "path"), "fact")
    erased = [told.get(name) is None for name in ("line", "salt")]
    if any(erased) and not all(erased):
        raise LedgerError("L120", part="fact.salt")
    return FactProof(
        line=None if all(erased) else text_of(told, "line", "fact.line"),
        salt=None if all(erased) else bytes_of(told, "salt", "fact.salt"),
        commitment=bytes_of(told, "commitment", "fact.commitment", length=tree.HASH),
        index=number_of(told, "index", "fact.index"), path=hashes_of(told, "path", "fact.path", tree.HASH),
    )  # fmt: skip


def _earlier(data: Any) -> Earlier:
    told = only(data, ("checkpoint", "path"), "earlier")
    note = text_of(told, "checkpoint", "earlier.checkpoint")
    return Earlier(note=note, path=hashes_of(told, "path", "earlier.path", tree.HASH))


def _hex(path: Iterable[bytes]) -> list[str]:
    return [step.hex() for step in path]
