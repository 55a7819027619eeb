"""Which rows of a segment a question must not see, and which rows of a batch the store already has.

A stay stored twice stays in both batches, so that each keeps what its own basis and period allow: the later row notes whose
copy it is (`copy_row`, `copy_of`), and is seen only where no batch it copies from is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sizao.exposure.intake import Rows
from sizao.exposure.manifest import SegmentInfo, Withdrawn
from sizao.exposure.numbering import Numbering
from sizao.exposure.segments import EPOCH_S, Segment
from sizao.exposure.sorting import KeySet

Column = NDArray[Any]

_NO_ROWS = np.zeros(0, np.int64)


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
    if "copy_row" in part.columns:
        found.append(part.columns["copy_row"][np.isin(part.columns["copy_of"], list(seen))])
    return np.unique(np.concatenate(found))


def note_copies(part: Segment, rows: Column, of: Column) -> None:
    """Note in a segment just built that some rows are copies of rows of other batches."""
    if len(rows):
        part.columns["copy_row"] = rows.astype(np.int32)
        part.columns["copy_of"] = of.astype(np.int64)


def known_copies(
    parts: Sequence[tuple[Segment, SegmentInfo]],
    rows: Rows,
    again: NDArray[np.bool_],
    numbers: tuple[Numbering, Numbering],
    erased: Callable[[Segment, SegmentInfo], Column],
) -> tuple[Column, Column]:
    """Rows of a batch whose stay is stored already, and the `seq` of the batch it is in; a row may come more than once.

    Rows that repeat one of their own batch are not looked at, nor rows `erased` from a segment. Refuses a row that gives a
    stored stay another content (E107).
    """
    chosen = np.flatnonzero(rows.good & ~again)
    found: list[tuple[Column, Column]] = [(_NO_ROWS, _NO_ROWS)]
    ids = rows.columns["stay"][chosen]
    wanted: KeySet | None = None
    for part, info in parts:
        if not _may_hold(part, ids):
            continue
        wanted = wanted or KeySet(ids)
        stored, hits = rows_of_stays(part, wanted)
        if not len(stored):
            continue
        there = ~np.isin(stored, erased(part, info))
        stored, mine = stored[there], chosen[hits[there]]
        same = _same_content(part, stored, rows, mine, numbers)
        rows.refuse(mine[~same], "E107")
        found.append((mine[same], batch_of_rows(part, info, stored[same])))
    return np.concatenate([mine for mine, _ in found]), np.concatenate([owner for _, owner in found])


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
