"""Checkpoints: the log's name, size and root as a text that is signed and that witnesses may sign too (C2SP
tlog-checkpoint).

sizao/999901            the log
48211                   its size
SrAz…=                  its root, base64
an empty line
— sizao/999901 Az3…=    a signature: name, and base64 of four bytes that name the key and the signature itself
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sizao.errors import LedgerError
from sizao.when import Instant

ED25519, COSIGNED = b"\x01", b"\x04"
"""Kinds of signature: the log's own, and a witness's with its hour (cosignature/v1)."""

DASH = "— "
Sign = Callable[[bytes], bytes]
Holds = Callable[[bytes, bytes, bytes], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What a checkpoint says."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def key_hash(name: str, kind: bytes, public: bytes) -> bytes:
    """The four bytes that name a key."""
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:4]


def signed(checkpoint: Checkpoint, name: str, public: bytes, sign: Sign) -> str:
    """The note: the checkpoint with the log's signature."""
    text = checkpoint.text()
    mark = key_hash(name, ED25519, public) + sign(text.encode())
    return f"{text}\n{DASH}{name} {base64.b64encode(mark).decode()}\n"


def cosigned(note: str, name: str, public: bytes, sign: Sign, at: Instant) -> str:
    """The note with a witness's signature and hour added."""
    text, _ = _cut(note)
    mark = key_hash(name, COSIGNED, public) + at.to_bytes(8) + sign(_witnessed(text, at))
    return f"{note}{DASH}{name} {base64.b64encode(mark).decode()}\n"


def _witnessed(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A note that was read: its checkpoint, which trusted keys signed it, and witnesses with their hours."""

    checkpoint: Checkpoint
    signers: tuple[str, ...]
    witnesses: tuple[tuple[str, Instant], ...]


def read_note(note: str, trusted: Mapping[str, bytes], holds: Holds) -> Read:
    """Read a note and check it against trusted public keys, by name.

    Refuses what is no note (L110), a signature of a trusted key that is not of this text (L111), and a note that no
    trusted key signed (L112). Signatures of unknown keys are passed over.
    """
    text, lines = _cut(note)
    checkpoint = _parsed(text)
    signers, witnesses = [], []
    for line in lines:
        name, mark = _mark(line)
        if name not in trusted:
            continue
        public, named, rest = trusted[name], mark[:4], mark[4:]
        if named == key_hash(name, ED25519, public):
            if not holds(public, text.encode(), rest):
                raise LedgerError("L111", name=name)
            signers.append(name)
        elif named == key_hash(name, COSIGNED, public):
            at = Instant(int.from_bytes(rest[:8]))
            if not holds(public, _witnessed(text, at), rest[8:]):
                raise LedgerError("L111", name=name)
            witnesses.append((name, at))
        else:
            raise LedgerError("L111", name=name)
    if not signers:
        raise LedgerError("L112", trusted=", ".join(sorted(trusted)))
    return Read(checkpoint=checkpoint, signers=tuple(signers), witnesses=tuple(witnesses))


def _cut(note: str) -> tuple[str, list[str]]:
    text, gap, rest = note.partition("\n\n")
    if not gap or not rest.endswith("\n"):
        raise LedgerError("L110")
    return text + "\n", rest.splitlines()


def _parsed(text: str) -> Checkpoint:
    lines = text.splitlines()
    try:
        root = base64.b64decode(lines[2], validate=True)
        size = int(lines[1])
    except (IndexError, ValueError, binascii.Error) as broken:
        raise LedgerError("L110") from broken
    if len(root) != hashlib.sha256().digest_size or size < 0 or str(size) != lines[1] or not lines[0]:
        raise LedgerError("L110")
    return Checkpoint(origin=lines[0], size=size, root=root)


def _mark(line: str) -> tuple[str, bytes]:
    if not line.startswith(DASH):
        raise LedgerError("L110")
    name, _, encoded = line.removeprefix(DASH).partition(" ")
    try:
        mark = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error) as broken:
        raise LedgerError("L110") from broken
    if len(mark) < 4 or not name:
        raise LedgerError("L110")
    return name, mark
