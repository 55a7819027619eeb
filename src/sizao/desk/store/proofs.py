"""Proofs that somebody can check without us: that an act, or one fact of it, stands in the log under a signed root."""

from __future__ import annotations

from sizao.desk.ledger.models import Checkpoint, Leaf
from sizao.desk.ledger.nodes import Kept
from sizao.desk.ledger.sequencer import latest
from sizao.desk.store.acts import header_of
from sizao.desk.store.models import Act, FactRow
from sizao.errors import DeskError
from sizao.ledger.bundle import Bundle, FactProof, fact_proof
from sizao.ledger.tree import consistency_proof, inclusion_proof


def proof_of_act(act: int, fact_id: str | None = None, *, size: int | None = None) -> Bundle:
    """The proof of an act, and of one of its facts where one is named, under the checkpoint of that size (the
    latest, if None).

    Refuses an act there is none of (U151), one that no checkpoint covers yet (U118), a checkpoint there is none of
    (U150) and a fact of another act (U155).
    """
    held = Act.objects.filter(seq=act).first()
    if held is None:
        raise DeskError("U151", act=act)
    under = latest() if size is None else _checkpoint(size)
    place = Leaf.objects.filter(act=act).first()
    if place is None or under is None or place.index >= under.size:
        raise DeskError("U118", act=act)
    path = inclusion_proof(place.index, under.size, Kept())
    fact = None if fact_id is None else _fact(held, fact_id)
    return Bundle(
        note=under.note, header=header_of(held), salt=bytes(held.salt), index=place.index, path=path, fact=fact
    )


def _fact(act: Act, fact_id: str) -> FactProof:
    rows = list(FactRow.objects.filter(act=act).order_by("seq"))
    for index, row in enumerate(rows):
        if row.fact_id == fact_id:
            salt = None if row.salt is None else bytes(row.salt)
            return fact_proof([bytes(each.commitment) for each in rows], index, line=row.line, salt=salt)
    raise DeskError("U155", id=fact_id, act=act.seq)


def proof_of_fact(fact_id: str) -> Bundle:
    """The proof of one fact, with its act; refuses a fact there is none of (U156) and what `proof_of_act` refuses."""
    act = FactRow.objects.filter(fact_id=fact_id).values_list("act_id", flat=True).first()
    if act is None:
        raise DeskError("U156", id=fact_id)
    return proof_of_act(act, fact_id)


def growth(old: int, new: int) -> tuple[str, str, tuple[bytes, ...]]:
    """The notes of two checkpoints, and the proof that the newer log begins with the older; refuses sizes without
    one (U150)."""
    before, after = _checkpoint(old), _checkpoint(new)
    if not 0 < before.size <= after.size:
        raise DeskError("U150", size=old)
    return before.note, after.note, consistency_proof(before.size, after.size, Kept())


def _checkpoint(size: int) -> Checkpoint:
    found = Checkpoint.objects.filter(size=size).first()
    if found is None:
        raise DeskError("U150", size=size)
    return found
