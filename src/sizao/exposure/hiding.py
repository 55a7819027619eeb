"""Which rows of a segment a question must not see, and which rows of a batch the store already has.

A stay stored twice stays in both batches, so that each keeps what its own basis and period allow: the later row notes whose
copy it is (`copy_row`, `copy_of`), and is seen only where no batch it copies from is. If the stay was withdrawn from that batch,
`copy_gone` names the withdrawal: where it is known, the copy stands on its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sizao.exposure.intake import Rows
from sizao.exposure.manifest import SegmentInfo, Withdrawn
from sizao.exposure.numbering import Numbering
from sizao.exposure.segments import EPOCH_S, Segment
from sizao.exposure.sorting import KeySet

Column = NDArray[Any]

_NO_ROWS = np.zeros(0, np.int64)
STANDING = -1


class Copies(NamedTuple):
    """Rows whose stay is also in the batch with that `seq`; a row may come more than once.

    `gone` is the `seq` of the withdrawal first known that ended the stay there, `STANDING` while none has.
    """

    rows: Column
    of: Column
    gone: Column

    def moved(self, rows: Column) -> Copies:
        """The same copies under other row numbers."""
        return Copies(rows, self.of, self.gone)

    @classmethod
    def joined(cls, parts: Iterable[Copies]) -> Copies:
        """Copies of several parts in one."""
        columns = zip(cls(_NO_ROWS, _NO_ROWS, _NO_ROWS), *parts, strict=True)
        return cls(*(np.concatenate(column) for column in columns))


def rows_of_stays(part: Segment, ids: KeySet) -> tuple[Column, Column]:
    """The rows of a segment whose stay is one of the ids, and which of them."""
    if not _may_hold(part, ids.keys):
        return _NO_ROWS, _NO_ROWS
    narrow = part.columns.get("stay32", np.zeros(0, np.uint32))
    wide = part.columns.get("stay64", np.zeros(0, np.int64))
    return ids.rows(part.numbers["stay_base"], narrow, wide)


def batch_of_rows(part: Segment, info: SegmentInfo, rows: Column) -> Column:
    """The `seq` of the batch each row belongs to."""
    seqs = np.array(info.batches, np.int64)
    return seqs[part.columns["batch"][rows]] if "batch" in part.columns else np.full(len(rows), seqs[0])


def _stored_before(part: Segment, info: SegmentInfo, rows: Column, seq: Column | int) -> Column:
    return rows[batch_of_rows(part, info, rows) < seq] if len(rows) else rows


def erased_rows(
    part: Segment, info: SegmentInfo, *, forgotten: Iterable[tuple[int, int]], withdrawn: Iterable[Withdrawn]
) -> Column:
    """Rows of forgotten persons, given as (seq, dense person), and withdrawn stays: in batches committed before."""
    found = [_stored_before(part, info, part.rows_of_person(person), seq) for seq, person in forgotten if person >= 0]
    until = {stay: gone.seq for gone in withdrawn for stay in gone.stays}
    if until:
        ids = np.array(sorted(until), np.int64)
        rows, hits = rows_of_stays(part, KeySet(ids))
        seqs = np.array([until[stay] for stay in ids.tolist()], np.int64)
        found.append(_stored_before(part, info, rows, seqs[hits]))
    return np.unique(np.concatenate(found)) if found else _NO_ROWS


def hidden_rows(
    part: Segment,
    info: SegmentInfo,
    *,
    seen: Collection[int],
    forgotten: Iterable[tuple[int, int]],
    withdrawn: Iterable[Withdrawn],
) -> Column:
    """All rows not to be seen where the batches `seen` are."""
    found = [erased_rows(part, info, forgotten=forgotten, withdrawn=withdrawn)]
    if "batch" in part.columns:
        unknown = [at for at, seq in enumerate(info.batches) if seq not in seen]
        if unknown:
            found.append(np.flatnonzero(np.isin(part.columns["batch"], unknown)))
    copies = copies_in(part)
    standing = ~np.isin(copies.gone, [gone.seq for gone in withdrawn])
    found.append(copies.rows[np.isin(copies.of, list(seen)) & standing])
    return np.unique(np.concatenate(found))


def told_only_by(parts: Sequence[tuple[Segment, SegmentInfo]], seq: int) -> NDArray[np.int64]:
    """The ids of the stays in batch `seq` that are in no other batch."""
    rows = [(part, info, np.arange(len(part))) for part, info in parts if seq in info.batches]
    own = [part.stay_ids(all_[batch_of_rows(part, info, all_) == seq]) for part, info, all_ in rows]
    ids = np.unique(np.concatenate([np.zeros(0, np.int64), *own]))
    wanted = KeySet(ids)
    others = [np.zeros(0, np.int64)]
    for part, info in parts:
        found, hits = rows_of_stays(part, wanted)
        others.append(ids[hits[batch_of_rows(part, info, found) != seq]])
    return np.setdiff1d(ids, np.concatenate(others))


def note_copies(part: Segment, copies: Copies) -> None:
    """Note in a segment just built which rows are copies of rows of other batches."""
    if len(copies.rows):
        part.columns["copy_row"] = copies.rows.astype(np.int32)
        part.columns["copy_of"] = copies.of.astype(np.int64)
        part.columns["copy_gone"] = copies.gone.astype(np.int64)


def copies_in(part: Segment) -> Copies:
    """The copies noted in a segment."""
    return Copies(*(part.columns.get(f"copy_{name}", _NO_ROWS) for name in ("row", "of", "gone")))


def known_copies(
    parts: Sequence[tuple[Segment, SegmentInfo]],
    rows: Rows,
    again: NDArray[np.bool_],
    numbers: tuple[Numbering, Numbering],
    *,
    forgotten: Iterable[tuple[int, int]],
    withdrawn: Iterable[Withdrawn],
) -> Copies:
    """Rows of a batch whose stay is stored already.

    Rows that repeat one of their own batch are not looked at, nor stays of forgotten persons. Refuses a row that gives another
    content to a stored stay that stands (E107); one that was withdrawn may be told anew.
    """
    chosen = np.flatnonzero(rows.good & ~again)
    found: list[Copies] = []
    ids = rows.columns["stay"][chosen]
    wanted: KeySet | None = None
    for part, info in parts:
        if not _may_hold(part, ids):
            continue
        wanted = wanted or KeySet(ids)
        stored, hits = rows_of_stays(part, wanted)
        if not len(stored):
            continue
        there = ~np.isin(stored, erased_rows(part, info, forgotten=forgotten, withdrawn=()))
        stored, mine = stored[there], chosen[hits[there]]
        owner = batch_of_rows(part, info, stored)
        gone = _first_known(rows.columns["stay"][mine], owner, withdrawn)
        same = _same_content(part, stored, rows, mine, numbers) | (gone != STANDING)
        rows.refuse(mine[~same], "E107")
        found.append(Copies(mine[same], owner[same], gone[same]))
    return Copies.joined(found)


def _first_known(stays: Column, owner: Column, withdrawn: Iterable[Withdrawn]) -> Column:
    """For each stay of a batch the withdrawal that was known first, among those committed after the batch."""
    found = np.full(len(stays), STANDING, np.int64)
    for gone in sorted(withdrawn, key=lambda one: one.recorded_at, reverse=True):
        found[np.isin(stays, np.array(gone.stays, np.int64)) & (owner < gone.seq)] = gone.seq
    return found


def _may_hold(part: Segment, ids: NDArray[np.int64]) -> bool:
    inside = (ids >= part.numbers["stay_base"]) & (ids <= part.numbers["stay_last"])
    return bool(inside.any())


def _same_content(
    part: Segment, stored: Column, rows: Rows, mine: Column, numbers: tuple[Numbering, Numbering]
) -> NDArray[np.bool_]:
    new = {name: column[mine] for name, column in rows.columns.items()}
    same = numbers[0].ids[part.columns["person"][stored]] == new["person"]
    same &= numbers[1].ids[part.places(stored)] == new["place"]
    same &= part.columns["start"][stored].astype(np.int64) + EPOCH_S == new["start_s"]
    same &= part.columns["end"][stored].astype(np.int64) + EPOCH_S == new["end_s"]
    for name in ("zone", "row", "seat"):
        same &= part.seats(name, stored) == new[name]
    return np.asarray(same)
