"""The log hashed again from its first leaf: every subtree that is kept, every root that was signed, every signature.

Where something was changed, the smallest subtree that differs is named; where hashes were changed with it, the
stretch between the last checkpoint that holds and the first that does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sizao.desk.ledger.models import Checkpoint, Head, Leaf, Node
from sizao.desk.ledger.nodes import Kept
from sizao.desk.ledger.signing import opened, signed_by_us
from sizao.errors import DeskError, SizaoError, Where
from sizao.ledger.tree import Frontier, frontier_of, leaf_hash

CHUNK = 4096
Made = list[tuple[int, int, bytes]]


def check_log() -> Iterator[SizaoError]:
    """What differs in the log: missing leaves (U109), subtrees (U112), checkpoints (U110, U111, U113), its length
    (U119)."""
    checkpoints = list(Checkpoint.objects.order_by("size"))
    for one in checkpoints:
        if not signed_by_us(one):
            yield DeskError("U111", where=_at(one.size), size=one.size)
    frontier, good, bad = Frontier(), 0, False
    waiting = iter(checkpoints)
    due = next(waiting, None)
    for first, leaves in _stretches(checkpoints):
        if first != frontier.size:
            yield DeskError("U109", where=_at(frontier.size), first=frontier.size, last=first - 1)
            return
        frontier, made = frontier.appended(leaf_hash(leaf) for leaf in leaves)
        yield from _check_nodes([one for one in made if one[0] > 0])
        if due is not None and due.size == frontier.size:
            if not bad and bytes(due.root) != frontier.root():
                bad = True
                yield DeskError("U110", where=_at(due.size), size=due.size, first=good, last=due.size - 1)
            good = due.size
            due = next(waiting, None)
    yield from _check_ends(frontier.size, checkpoints)


def _stretches(checkpoints: Sequence[Checkpoint]) -> Iterator[tuple[int, list[bytes]]]:
    """Leaves that follow each other, with the index of the first: cut at every checkpoint, and before every gap."""
    borders = {one.size for one in checkpoints}
    after, stretch, first = -1, list[bytes](), 0
    while rows := list(Leaf.objects.filter(index__gt=after).order_by("index").values_list("index", "leaf")[:CHUNK]):
        for index, leaf in rows:
            if stretch and (index != first + len(stretch) or index in borders):
                yield first, stretch
                stretch = []
            if not stretch:
                first = index
            stretch.append(bytes(leaf))
        after = rows[-1][0]
        if len(stretch) >= CHUNK:
            yield first, stretch
            stretch = []
    if stretch:
        yield first, stretch


def _check_nodes(made: Made) -> Iterator[SizaoError]:
    """The smallest subtrees whose stored hash is not what the leaves give."""
    wrong: set[tuple[int, int]] = set()
    for level in sorted({level for level, _, _ in made}):
        values = {index: value for at, index, value in made if at == level}
        stored = Node.objects.filter(level=level, index__gte=min(values), index__lte=max(values))
        kept = {index: bytes(value) for index, value in stored.values_list("index", "hash")}
        for index, value in values.items():
            if kept.get(index) == value:
                continue
            if not wrong & {(level - 1, 2 * index), (level - 1, 2 * index + 1)}:
                last = ((index + 1) << level) - 1
                yield DeskError("U112", where=_at(last), first=index << level, last=last)
            wrong.add((level, index))


def _check_ends(size: int, checkpoints: Sequence[Checkpoint]) -> Iterator[SizaoError]:
    for one in checkpoints:
        if one.size > size:
            yield DeskError("U113", where=_at(one.size), size=one.size, leaves=size)
    said = Head.objects.filter(pk=1).values_list("size", flat=True).first() or 0
    if said != size:
        yield DeskError("U119", where=_at(size), said=said, leaves=size)
    for level in Node.objects.order_by("level").values_list("level", flat=True).distinct():
        beyond = Node.objects.filter(level=level, index__gte=size >> level).order_by("index").first()
        if beyond is not None:
            yield DeskError(
                "U112", where=_at(size), first=beyond.index << level, last=((beyond.index + 1) << level) - 1
            )


def check_against(note: str) -> Iterator[SizaoError]:
    """Whether this log begins with the one that a checkpoint kept outside speaks of (U116, U117); refuses a note
    that this deployment did not sign (U111)."""
    told = opened(note)
    if told is None:
        yield DeskError("U111", where=Where(), size="–")
        return
    size, root = told
    leaves = Leaf.objects.count()
    if size > leaves:
        yield DeskError("U117", where=_at(size), size=size, leaves=leaves)
        return
    try:
        same = frontier_of(size, Kept()).root() == root
    except KeyError:
        same = False
    if not same:
        yield DeskError("U116", where=_at(size), size=size)


def _at(size: int) -> Where:
    return Where(key=f"leaf {size}")
