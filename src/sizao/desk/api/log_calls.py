"""The ledger over the API: checkpoints, consistency and proofs. Hashes and signatures for anybody; the proof of an
act for a token."""

from __future__ import annotations

import base64
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from sizao.desk.api.calling import Bearer, Called
from sizao.desk.api.tokens import Scope
from sizao.desk.ledger import sequencer, signing
from sizao.desk.ledger.models import Checkpoint
from sizao.desk.store import proofs
from sizao.desk.store.models import Act
from sizao.desk.store.rights import Role
from sizao.errors import DeskError

router = Router()


class CheckpointOut(Schema):
    """The log at a size, and the note that signs it."""

    size: int
    root: str
    at: int
    note: str


class KeyOut(Schema):
    """The public half of the key that signs the log."""

    name: str
    ed25519: str


class GrowthOut(Schema):
    """Two checkpoints, and what proves that the newer log begins with the older."""

    older: str
    newer: str
    proof: list[str]


@router.get("/ledger/key", response=KeyOut, tags=["ledger"], auth=None)
def key(request: HttpRequest) -> KeyOut:
    """Under which name and key the log is signed."""
    del request
    return KeyOut(name=signing.origin(), ed25519=base64.b64encode(signing.public_key()).decode())


@router.get("/ledger/checkpoint", response=CheckpointOut, tags=["ledger"], auth=None)
def checkpoint(request: HttpRequest, size: int | None = None) -> CheckpointOut:
    """The latest checkpoint, or that of a size."""
    del request
    found = sequencer.latest() if size is None else Checkpoint.objects.filter(size=size).first()
    if found is None:
        raise DeskError("U150", size=0 if size is None else size)
    return CheckpointOut(size=found.size, root=bytes(found.root).hex(), at=found.at, note=found.note)


@router.get("/ledger/consistency", response=GrowthOut, tags=["ledger"], auth=None)
def consistency(request: HttpRequest, older: int, newer: int) -> GrowthOut:
    """That the log of one checkpoint begins with that of another."""
    del request
    before, after, proof = proofs.growth(older, newer)
    return GrowthOut(older=before, newer=after, proof=[each.hex() for each in proof])


@router.get("/ledger/acts/{number}/proof", response=dict[str, Any], tags=["ledger"], auth=Bearer(Scope.LEDGER_READ))
def proof(request: Called, number: int) -> dict[str, Any]:
    """The proof of an act that the caller's user made, or of any for an auditor: what `sizao ledger verify` takes."""
    by = request.auth.actor
    if not by.has(Role.AUDIT_ADMIN) and not Act.objects.filter(seq=number, actor=by.id).exists():
        raise DeskError("U151", act=number)
    return proofs.proof_of_act(number).plain()
