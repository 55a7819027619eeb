"""Whether what was recorded is what the ledger says: every fact, every act, every leaf. Whatever differs is named;
nothing is mended.

Acts are compared in their order, some hundreds at a time; the log is hashed again from its first leaf to its last.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sizao.desk.ledger.models import Leaf, Pending
from sizao.desk.store import erasing
from sizao.desk.store.acts import header_of, setup_root
from sizao.desk.store.models import Act, FactRow, SetupRow
from sizao.desk.store.rows import keyed
from sizao.errors import DeskError, LedgerError, SizaoError, Where
from sizao.facts.record import digest_of_plain
from sizao.ledger.commitments import commitment, facts_root, leaf_of_act

CHUNK = 500
COLUMNS = {
    "id": "fact_id",
    "subject": "subject",
    "kind": "kind",
    "at": "at",
    "recorded_at": "recorded_at",
    "data_class": "data_class",
}
"""What a fact's line says, and the column that repeats it."""


class Checked(NamedTuple):
    """How far a check came: what differs, how many acts and facts were looked at, and the last act of them (None at
    the end)."""

    problems: tuple[SizaoError, ...]
    acts: int
    facts: int
    after: int | None


def check_acts(after: int, limit: int = CHUNK, *, erased: Collection[int] | None = None) -> Checked:
    """Check the next so many acts after that one with all their facts; 0 begins. `erased`: the rows whose erasure is
    on record."""
    acts = list(Act.objects.filter(seq__gt=after).order_by("seq")[:limit])
    ended = len(acts) < limit
    rows = FactRow.objects.filter(act_id__gt=after)
    if not ended:
        rows = rows.filter(act_id__lte=acts[-1].seq)
    by_act: dict[int, list[FactRow]] = {}
    for row in rows.order_by("act_id", "seq"):
        by_act.setdefault(row.act_id, []).append(row)
    known = rows_erased() if erased is None else erased
    setups = SetupRow.objects.in_bulk([act.seq for act in acts if not act.facts])
    problems: list[SizaoError] = []
    for act in acts:
        problems += _check_act(act, by_act.get(act.seq, []), setups.get(act.seq), known)
    problems += _check_places(acts)
    problems += _orphans(by_act, {act.seq for act in acts})
    return Checked(tuple(problems), len(acts), sum(map(len, by_act.values())), None if ended else acts[-1].seq)


def rows_erased() -> set[int]:
    """The rows of facts whose erasure is on record."""
    return set().union(*(erasing.numbers_of(rows) for _, _, _, rows in erasing.destructions()))


def _check_act(
    act: Act, rows: Sequence[FactRow], set_up: SetupRow | None, erased: Collection[int]
) -> Iterator[SizaoError]:
    place = Where(key=f"act {act.seq}")
    for row in rows:
        yield from _check_fact(row, erased)
    if len(rows) != act.facts:
        yield DeskError("U103", where=place, act=act.seq, said=act.facts, found=len(rows))
    elif _root(rows, set_up) != bytes(act.root):
        yield DeskError("U104", where=place, act=act.seq)
    if not _gives_its_leaf(act):
        yield DeskError("U105", where=place, act=act.seq)


def _root(rows: Sequence[FactRow], set_up: SetupRow | None) -> bytes | None:
    """The root these rows give; None where a salt was tampered with."""
    try:
        return facts_root([bytes(row.commitment) for row in rows]) if set_up is None else setup_root(set_up)
    except LedgerError:
        return None


def _check_fact(row: FactRow, erased: Collection[int]) -> Iterator[SizaoError]:
    place = Where(key=f"act {row.act_id}")
    if row.line is None and row.salt is None:
        if row.seq not in erased:
            yield DeskError("U115", where=place, id=row.fact_id, act=row.act_id)
        return
    if row.line is None or not _gives_its_commitment(row, row.line):
        yield DeskError("U101", where=place, id=row.fact_id, act=row.act_id)
        return
    told: Mapping[str, Any] = json.loads(row.line)
    wrong = [column for name, column in COLUMNS.items() if told[name] != getattr(row, column)]
    if keyed(digest_of_plain(told)) != row.digest:
        wrong.append("digest")
    if wrong:
        yield DeskError("U102", where=place, id=row.fact_id, act=row.act_id, columns=", ".join(wrong))


def _gives_its_leaf(act: Act) -> bool:
    try:
        return leaf_of_act(bytes(act.salt), header_of(act)) == bytes(act.leaf)
    except LedgerError:
        return False


def _gives_its_commitment(row: FactRow, line: str) -> bool:
    try:
        return commitment(bytes(row.salt or b""), line.encode()) == bytes(row.commitment)
    except LedgerError:
        return False


def _check_places(acts: Sequence[Act]) -> Iterator[SizaoError]:
    """Every act is in the log or waits for it, under the leaf it has itself."""
    if not acts:
        return
    within = {"act__gte": acts[0].seq, "act__lte": acts[-1].seq}
    leaves = {
        act: (index, bytes(leaf))
        for index, act, leaf in Leaf.objects.filter(**within).values_list("index", "act", "leaf")
    }
    waiting = {act: bytes(leaf) for act, leaf in Pending.objects.filter(**within).values_list("act", "leaf")}
    for act in acts:
        index, leaf = leaves.get(act.seq, (None, waiting.get(act.seq)))
        if leaf is None:
            yield DeskError("U106", where=Where(key=f"act {act.seq}"), act=act.seq)
        elif leaf != bytes(act.leaf):
            yield DeskError(
                "U108", where=Where(key=f"act {act.seq}"), index="–" if index is None else index, act=act.seq
            )


def _orphans(by_act: Mapping[int, Sequence[FactRow]], acts: Collection[int]) -> Iterator[SizaoError]:
    for act in sorted(by_act.keys() - set(acts)):
        for row in by_act[act]:
            yield DeskError("U114", where=Where(key=f"act {act}"), id=row.fact_id, act=act)


def leaves_without_act() -> Iterator[SizaoError]:
    """Leaves, and waiting leaves, whose act is gone (U107)."""
    known = Act.objects.values("seq")
    for index, act in Leaf.objects.exclude(act__in=known).order_by("index").values_list("index", "act"):
        yield DeskError("U107", where=Where(key=f"act {act}"), index=index, act=act)
    for act in Pending.objects.exclude(act__in=known).order_by("act").values_list("act", flat=True):
        yield DeskError("U107", where=Where(key=f"act {act}"), index="–", act=act)
