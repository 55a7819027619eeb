"""Checkpoints: the log's name, size and root as a text that is signed, by witnesses too (C2SP tlog-checkpoint).

sizao/999901            the log
48211                   its size
SrAz…=                  its root, base64
                        an empty line
— sizao/999901 Az3…=    a signature: see `notes`
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sizao.errors import LedgerError, Where
from sizao.ledger.notes import (
    COSIGNED,
    ED25519,
    Holds,
    Sign,
    cosigned,
    decoded,
    encoded,
    key_hash,
    note_of,
    signatures,
    signed_text,
)
from sizao.ledger.tree import HASH, verify_consistency
from sizao.when import Instant

_SIZE = re.compile(r"(0|[1-9][0-9]{0,17})\Z", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What a checkpoint says. `more` are lines that the log may add; they are signed, and prove nothing."""

    origin: str
    size: int
    root: bytes
    more: tuple[str, ...] = ()

    def text(self) -> str:
        """The text that is signed."""
        return "".join(f"{line}\n" for line in (self.origin, str(self.size), encoded(self.root), *self.more))


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A note that was read: its checkpoint, which trusted keys of the log signed it, and witnesses with their moments."""

    checkpoint: Checkpoint
    signers: tuple[str, ...]
    witnesses: tuple[tuple[str, Instant], ...]

    def outsiders(self, trusted: Mapping[str, bytes]) -> tuple[str, ...]:
        """The witnesses that are not the log itself under another name; each key counts once."""
        own = {trusted[name] for name in self.signers}
        found: dict[bytes, str] = {}
        for name, _ in self.witnesses:
            if trusted[name] not in own:
                found.setdefault(trusted[name], name)
        return tuple(found.values())


def signed(checkpoint: Checkpoint, name: str, public: bytes, sign: Sign) -> str:
    """The note: the checkpoint with the log's signature. Refuses what no reader would take for a checkpoint (L110), and
    a name that is not the log's (L113): it begins with the origin, as `read_note` says."""
    text = checkpoint.text()
    if checkpoint_of(text) != checkpoint:
        raise LedgerError("L110")
    if not _is_the_logs(name, checkpoint.origin):
        raise LedgerError("L113", name=name)
    return signed_text(text, name, public, sign)


def read_note(note: str, trusted: Mapping[str, bytes], holds: Holds) -> Read:
    """Read a note and check it against trusted public keys, by name.

    Refuses what is no note (L110), a signature of a trusted key that is not of this text (L111), and a note that no
    trusted key of its log signed (L112). A key is the log's when its name is the log's origin, or the origin, a
    slash and more: so a witness that is trusted to have seen a log is not trusted to speak for it. Signatures of
    unknown keys are passed over.
    """
    taken_apart = note_of(note)
    found = signatures(taken_apart, trusted, holds)
    checkpoint = checkpoint_of(taken_apart.text)
    signers = tuple(name for name in found.signers if _is_the_logs(name, checkpoint.origin))
    if not signers:
        raise LedgerError("L112", origin=checkpoint.origin, trusted=", ".join(sorted(trusted)))
    return Read(checkpoint=checkpoint, signers=signers, witnesses=found.witnesses)


def checkpoint_of(text: str) -> Checkpoint:
    """What a signed text says; refuses what is no checkpoint, naming the line (L110). Proves nothing: see `read_note`."""
    lines = text.removesuffix("\n").split("\n")
    for number, line in enumerate(lines, start=1):
        if not line:
            raise LedgerError("L110", where=Where(line=number))
    if len(lines) < 3 or not text.endswith("\n"):
        raise LedgerError("L110", where=Where(line=len(lines)))
    root = decoded(lines[2])
    if not _SIZE.match(lines[1]):
        raise LedgerError("L110", where=Where(line=2))
    if root is None or len(root) != HASH:
        raise LedgerError("L110", where=Where(line=3))
    return Checkpoint(origin=lines[0], size=int(lines[1]), root=root, more=tuple(lines[3:]))


def grew(before: Checkpoint, after: Checkpoint, proof: Sequence[bytes]) -> None:
    """Refuses two checkpoints of which the first is not the beginning of the second: another log (L125), a smaller one
    (L126), a past that was rewritten or a log that was forked (L124)."""
    if before.origin != after.origin:
        raise LedgerError("L125", old=before.origin, new=after.origin)
    if before.size > after.size:
        raise LedgerError("L126", old=before.size, new=after.size)
    if not verify_consistency(before.size, after.size, before.root, after.root, proof):
        raise LedgerError("L124", old=before.size, new=after.size)


def attested(
    note: str, proof: Sequence[bytes], *, seen: Checkpoint | None, trusted: Mapping[str, bytes], holds: Holds, name: str,
    public: bytes, sign: Sign, at: Instant,
) -> tuple[str, Checkpoint]:  # fmt: skip
    """What a witness does: the note with its signature, and the checkpoint to remember as `seen` before the note is
    handed back.

    `seen` is the last checkpoint of this log that it signed, None before the first. Refuses as `read_note` and
    `grew` do: of a log that was forked a witness signs one side only.
    """
    after = read_note(note, trusted, holds).checkpoint
    if seen is not None:
        grew(seen, after, proof)
    return cosigned(note, name, public, sign, at), after


def enough_witnesses(read: Read, trusted: Mapping[str, bytes], least: int) -> None:
    """Refuses a checkpoint that fewer than `least` witnesses outside the log have signed (L114)."""
    there = read.outsiders(trusted)
    if len(there) < least:
        raise LedgerError("L114", found=len(there), least=least, names=", ".join(there) or "–")


def _is_the_logs(name: str, origin: str) -> bool:
    return name == origin or name.startswith(f"{origin}/")


__all__ = [
    "COSIGNED",
    "ED25519",
    "Checkpoint",
    "Holds",
    "Read",
    "Sign",
    "attested",
    "checkpoint_of",
    "cosigned",
    "enough_witnesses",
    "grew",
    "key_hash",
    "read_note",
    "signed",
]
