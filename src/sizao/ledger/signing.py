"""Ed25519 for the notes of the log: the one file of this room that needs a library of ciphers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sizao.ledger.checkpoint import Read, read_note
from sizao.ledger.notes import cosigned, signed_text
from sizao.when import Instant


def sign(private: bytes, text: bytes) -> bytes:
    """The signature of a text, 64 bytes; `private` is the seed, 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(private).sign(text)


def public_of(private: bytes) -> bytes:
    """The public key of a seed, 32 bytes."""
    key = Ed25519PrivateKey.from_private_bytes(private).public_key()
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def holds(public: bytes, text: bytes, signature: bytes) -> bool:
    """Whether a signature is of this text by this key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def sign_note(text: str, name: str, private: bytes) -> str:
    """A note of this text with one signature; see `notes.signed_text`."""
    return signed_text(text, name, public_of(private), partial(sign, private))


def cosign_note(note: str, name: str, private: bytes, at: Instant) -> str:
    """The note with a witness's signature and moment added; see `notes.cosigned`."""
    return cosigned(note, name, public_of(private), partial(sign, private), at)


def verify_note(note: str, trusted: Mapping[str, bytes]) -> Read:
    """The checkpoint of a note that trusted keys signed; see `checkpoint.read_note`."""
    return read_note(note, trusted, holds)
