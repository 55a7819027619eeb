"""Ed25519 for the notes of the log: the one file of this room that needs a library of ciphers."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


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
