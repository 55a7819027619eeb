"""The log's hashes as the tree asks for them: leaves from their table, larger subtrees from theirs."""

from __future__ import annotations

from collections.abc import Iterable

from sizao.desk.ledger.models import Leaf, Node
from sizao.ledger.tree import leaf_hash


class Kept:
    """`Nodes` out of the database. What was read once is remembered: it never changes."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bytes] = {}

    def node(self, level: int, index: int) -> bytes:
        """See `sizao.ledger.tree.Nodes`."""
        if (level, index) not in self._known:
            self._known[level, index] = self._read(level, index)
        return self._known[level, index]

    def remember(self, made: Iterable[tuple[int, int, bytes]]) -> None:
        """Take over hashes just made."""
        self._known |= {(level, index): value for level, index, value in made}

    def _read(self, level: int, index: int) -> bytes:
        if level == 0:
            found = Leaf.objects.filter(index=index).values_list("leaf", flat=True).first()
        else:
            found = Node.objects.filter(level=level, index=index).values_list("hash", flat=True).first()
        if found is None:
            raise KeyError((level, index))
        return leaf_hash(bytes(found)) if level == 0 else bytes(found)
