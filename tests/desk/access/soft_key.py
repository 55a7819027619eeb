"""A passkey made of software, as a browser would answer for it: P-256, no attestation."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

ORIGIN = "http://localhost"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class SoftKey:
    """One credential at one service."""

    def __init__(self, number: int = 1, origin: str = ORIGIN, *, secret: int = 0) -> None:
        self._key = ec.derive_private_key(secret or number + 1000, ec.SECP256R1())
        self._id = hashlib.sha256(str(number).encode()).digest()
        self._origin = origin
        self._rp = hashlib.sha256(origin.partition("//")[2].encode()).digest()

    def made(self, question: dict[str, Any]) -> str:
        """What a browser sends back when a passkey was made."""
        public = dict(ES256.from_cryptography_key(self._key.public_key()))  # type: ignore[no-untyped-call]  # fido2 says no types here
        attested = bytes(16) + len(self._id).to_bytes(2, "big") + self._id + cbor.encode(public)
        data = self._data(PRESENT | VERIFIED | ATTESTED) + attested
        answer = {"attestationObject": cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})}
        return self._sent(answer, "webauthn.create", question["publicKey"]["challenge"])

    def proved(self, question: dict[str, Any]) -> str:
        """What a browser sends back when the passkey was used."""
        data = self._data(PRESENT | VERIFIED)
        client = self._client("webauthn.get", question["publicKey"]["challenge"])
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        answer = {"authenticatorData": data, "signature": signature}
        return self._sent(answer, "webauthn.get", question["publicKey"]["challenge"])

    def _data(self, flags: int) -> bytes:
        return self._rp + bytes([flags]) + bytes(4)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self._origin}).encode()

    def _sent(self, answer: dict[str, bytes], kind: str, challenge: str) -> str:
        answer = answer | {"clientDataJSON": self._client(kind, challenge)}
        return json.dumps({
            "id": websafe_encode(self._id), "rawId": websafe_encode(self._id), "type": "public-key",
            "response": {name: websafe_encode(value) for name, value in answer.items()}, "clientExtensionResults": {},
        })  # fmt: skip
