"""What an act leaves for the sequencer."""

from __future__ import annotations

from sizao.desk.ledger.models import Pending


def enqueue(act: int, leaf: bytes) -> None:
    """Leave a leaf, in the transaction of its act."""
    Pending.objects.create(act=act, leaf=leaf)
