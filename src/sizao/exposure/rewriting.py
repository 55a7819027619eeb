"""Segments made from segments: several of one day joined, or one without the persons it must forget."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sizao.exposure import segments
from sizao.exposure.hiding import Column, Copies, batch_of_rows, copies_in, note_copies
from sizao.exposure.manifest import Batch, SegmentInfo
from sizao.exposure.segments import SEAT_TYPES, Segment, StayColumns

Held = tuple[Segment, SegmentInfo]


def mergeable(infos: Sequence[SegmentInfo], batches: dict[int, Batch]) -> list[list[SegmentInfo]]:
    """Groups of two and more segments of one local day, one basis, one keep-until and one data class."""
    groups: dict[tuple[str, ...], list[SegmentInfo]] = {}
    for info in infos:
        batch = batches[info.batches[0]].info
        if info.first_day == info.last_day:
            key = (info.first_day, batch.basis, str(batch.keep_until), batch.data_class)
            groups.setdefault(key, []).append(info)
    return [group for group in groups.values() if len(group) > 1]


def joined(held: Sequence[Held], *, persons: int, places: int) -> tuple[Segment, tuple[int, ...]]:
    """One segment of all rows of several, each still of its own batch; and the list of batches it speaks of."""
    seqs = tuple(seq for _, info in held for seq in info.batches)
    everything = [np.arange(len(part)) for part, _ in held]
    return _rebuilt(held, everything, seqs, (persons, places)), seqs


def without(held: Held, rows: Column, *, persons: int, places: int) -> Segment | None:
    """A segment without some of its rows; None when none is left."""
    part, info = held
    kept = np.setdiff1d(np.arange(len(part)), rows)
    return _rebuilt([held], [kept], info.batches, (persons, places)) if len(kept) else None


def _rebuilt(held: Sequence[Held], kept: Sequence[Column], seqs: tuple[int, ...], counts: tuple[int, int]) -> Segment:
    order_of_seqs = np.argsort(seqs)
    sorted_seqs = np.array(seqs, np.int64)[order_of_seqs]
    parts, copies, first = [], [], 0
    for (part, info), rows in zip(held, kept, strict=True):
        batch = order_of_seqs[np.searchsorted(sorted_seqs, batch_of_rows(part, info, rows))].astype(np.uint16)
        parts.append(segments.columns_of(part, rows, batch if len(seqs) > 1 else None))
        noted = copies_in(part)
        there = np.isin(noted.rows, rows)
        copies.append(Copies(first + np.searchsorted(rows, noted.rows[there]), noted.of[there], noted.gone[there]))
        first += len(rows)
    built, order = segments.build_in_order(_stacked(parts), persons=counts[0], places=counts[1])
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    every = Copies.joined(copies)
    note_copies(built, every.moved(place[every.rows]))
    return built


def _stacked(parts: Sequence[StayColumns]) -> StayColumns:
    names = ("stay", "person", "place", "start", "end", *SEAT_TYPES)
    batch = None if parts[0].batch is None else np.concatenate([np.asarray(part.batch) for part in parts])
    return StayColumns(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names}, batch=batch)
