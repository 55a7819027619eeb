"""Signed notes (C2SP signed-note): a text, an empty line, and under it one line for every signature.

    — sizao/999901 Az3…=    the key's name; base64 of four bytes that name the key, and of the signature

A log signs the text as it stands. A witness signs it together with the moment at which it saw it (cosignature/v1),
and puts that moment before its signature. Who signs and who checks a signature is given: nothing here knows a cipher.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sizao.errors import LedgerError, Where
from sizao.when import OPEN, Instant

ED25519, COSIGNED = b"\x01", b"\x04"
"""Kinds of signature: the log's own, and a witness's with its moment (cosignature/v1)."""

DASH = "— "
KEY, MOMENT, SIGNATURE = 4, 8, 64
"""The lengths of what names a key, of a moment and of a signature, in bytes."""
MOST_SIGNATURES = 100
"""So many lines of signatures a note may have: whoever checks it does not work without end for a stranger."""

Sign = Callable[[bytes], bytes]
"""Signs a text with a key of its own."""
Holds = Callable[[bytes, bytes, bytes], bool]
"""Whether, for a public key and a text, a signature is theirs."""


_ODD = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One line of signature, not checked: the key's name, the four bytes that name the key, and what follows them."""

    name: str
    key: bytes
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note taken apart, not checked. `text` ends with its line break."""

    text: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Who signed a text, by name and each once: with keys of logs, and with keys of witnesses at which moment."""

    signers: tuple[str, ...]
    witnesses: tuple[tuple[str, Instant], ...]


def key_hash(name: str, kind: bytes, public: bytes) -> bytes:
    """The four bytes that name a key."""
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:KEY]


def signed_text(text: str, name: str, public: bytes, sign: Sign) -> str:
    """A note: the text with one signature. Refuses a text (L110) or a name (L113) that no note can hold."""
    _refuse_odd_characters(text)
    _refuse_odd_name(name)
    note = f"{text}\n{_line(name, key_hash(name, ED25519, public) + sign(text.encode()))}"
    if note_of(note).text != text:
        raise LedgerError("L110")
    return note


def cosigned(note: str, name: str, public: bytes, sign: Sign, at: Instant) -> str:
    """The note with a witness's signature and moment added; refuses what is no note (L110), and a name as `signed_text`
    does.

    It says that the witness saw this text and nothing that contradicts it: call it only after `checkpoint.grew` let
    it pass.
    """
    text = note_of(note).text
    _refuse_odd_name(name)
    mark = key_hash(name, COSIGNED, public) + at.to_bytes(MOMENT, "big") + sign(_seen(text, at))
    return note + _line(name, mark)


def signatures(note: Note, trusted: Mapping[str, bytes], holds: Holds) -> Signed:
    """Who of the trusted keys, given by name, signed the note.

    Signatures of other keys are passed over, also under a name that is trusted: a key changes, its name stays. One
    that carries a trusted key's name and number and is not of this text refuses the whole note (L111).
    """
    signers, witnesses = dict[str, None](), dict[str, Instant]()
    for mark in note.marks:
        public = trusted.get(mark.name)
        if public is None:
            continue
        if mark.key == key_hash(mark.name, ED25519, public):
            if not holds(public, note.text.encode(), mark.signature):
                raise LedgerError("L111", name=mark.name)
            signers[mark.name] = None
        elif mark.key == key_hash(mark.name, COSIGNED, public):
            witnesses[mark.name] = _checked_moment(note.text, mark, public, holds)
    return Signed(signers=tuple(signers), witnesses=tuple(witnesses.items()))


def note_of(written: str) -> Note:
    """A note taken apart; refuses what is none, naming the line (L110)."""
    _refuse_odd_characters(written)
    text, gap, below = written.rpartition("\n\n")
    if not gap or not text or not below.endswith("\n"):
        raise LedgerError("L110")
    first = text.count("\n") + 3
    lines = below[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise LedgerError("L110", where=Where(line=first + MOST_SIGNATURES))
    return Note(text=text + "\n", marks=tuple(_mark(line, first + place) for place, line in enumerate(lines)))


def encoded(raw: bytes) -> str:
    """Base64, as notes write it."""
    return base64.b64encode(raw).decode()


def decoded(text: str) -> bytes | None:
    """What base64 stands for; None for any other spelling than the one of `encoded`."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if encoded(raw) == text else None


def _checked_moment(text: str, mark: Mark, public: bytes, holds: Holds) -> Instant:
    at = int.from_bytes(mark.signature[:MOMENT], "big")
    fits = len(mark.signature) == MOMENT + SIGNATURE and at < OPEN
    if not fits or not holds(public, _seen(text, at), mark.signature[MOMENT:]):
        raise LedgerError("L111", name=mark.name)
    return Instant(at)


def _seen(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _line(name: str, mark: bytes) -> str:
    return f"{DASH}{name} {encoded(mark)}\n"


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(each.isspace() for each in name) and not _ODD.search(name)


def _mark(line: str, number: int) -> Mark:
    name, gap, told = line.removeprefix(DASH).partition(" ")
    raw = decoded(told)
    if not line.startswith(DASH) or not gap or not _is_name(name) or raw is None or len(raw) <= KEY:
        raise LedgerError("L110", where=Where(line=number))
    return Mark(name=name, key=raw[:KEY], signature=raw[KEY:])


def _refuse_odd_name(name: str) -> None:
    if not _is_name(name):
        raise LedgerError("L113", name=name)


def _refuse_odd_characters(written: str) -> None:
    """What is no Unicode text, or holds control characters, is no note: nobody could see what was signed."""
    for number, line in enumerate(written.split("\n"), start=1):
        if _ODD.search(line):
            raise LedgerError("L110", where=Where(line=number))
