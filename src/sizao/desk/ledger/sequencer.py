"""The sequencer: takes the leaves that acts left into the log, in their order, and signs what the log has become.

Whoever makes the log grow holds its one row, so that two workers never give two leaves one place; what has a place
keeps it.
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from sizao.desk.ledger.models import Checkpoint, Head, Leaf, Node, Pending
from sizao.desk.ledger.nodes import Kept
from sizao.desk.ledger.signing import note_of
from sizao.ledger.tree import frontier_of, leaf_hash
from sizao.when import Instant

LIMIT = 5000
"""So many leaves one transaction takes in."""
SIGN_EVERY_S = 3
BATCH = 400


def integrate(now: Instant, limit: int = LIMIT) -> int:
    """Take waiting leaves into the log, those of the earliest acts first; returns how many. Safe with several
    workers at once."""
    if not Pending.objects.exists():
        return 0
    with transaction.atomic():
        head = _held()
        waiting = list(Pending.objects.order_by("act")[:limit])
        if not waiting:
            return 0
        edge = frontier_of(head.size, Kept())
        grown, made = edge.appended(leaf_hash(bytes(one.leaf)) for one in waiting)
        leaves = [Leaf(index=head.size + place, act=one.act, leaf=bytes(one.leaf)) for place, one in enumerate(waiting)]
        nodes = [Node(level=level, index=index, hash=value) for level, index, value in made if level > 0]
        Leaf.objects.bulk_create(leaves, batch_size=BATCH)
        Node.objects.bulk_create(nodes, batch_size=BATCH)
        acts = [one.act for one in waiting]
        for start in range(0, len(acts), BATCH):
            Pending.objects.filter(act__in=acts[start : start + BATCH]).delete()
        head.size, head.at = grown.size, now
        head.save(update_fields=["size", "at"])
    return len(waiting)


def checkpoint(now: Instant, *, at_once: bool = False) -> Checkpoint | None:
    """Sign the log as it is, if it grew since the last checkpoint and that is some seconds old; `at_once` does not
    wait."""
    if not _grew(now, at_once):
        return None
    with transaction.atomic():
        head = _held()
        last = latest()
        if last is not None and last.size >= head.size:
            return None
        root = frontier_of(head.size, Kept()).root()
        note = note_of(head.size, root, now, seed=settings.KEYS.ledger)
        return Checkpoint.objects.create(size=head.size, root=root, at=now, note=note)


def latest() -> Checkpoint | None:
    """The latest checkpoint; None before the first."""
    return Checkpoint.objects.order_by("-size").first()


def caught_up(now: Instant) -> Checkpoint | None:
    """Integrate whatever waits and sign at once: for a page that shows a proof where no worker runs."""
    while integrate(now):
        pass
    checkpoint(now, at_once=True)
    return latest()


def _grew(now: Instant, at_once: bool) -> bool:
    size = Head.objects.filter(pk=1).values_list("size", flat=True).first() or 0
    last = latest()
    if size == 0 or (last is not None and last.size >= size):
        return False
    return at_once or last is None or now - last.at >= SIGN_EVERY_S


def _held() -> Head:
    Head.objects.get_or_create(pk=1)
    return Head.objects.select_for_update().get(pk=1)
