"""A small invented town in a folder of stays: who was where, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from sizao.exposure.embedded import Embedded
from sizao.exposure.stays import BatchInfo
from sizao.facts.kinds import Fact, SubjectId
from sizao.tracing.folder import NamedStays, StayFolder
from sizao.tracing.ground import Ground
from sizao.tracing.setup import Setup, open_book
from sizao.when import OPEN, Instant
from tests.tracing.people import moment

AREA = "4103"
"""Luoyang's code: colours are on file there."""

Row = tuple[str, str, str, str, str]
"""Person, place, kind, from, until."""


def named(rows: Sequence[Row], zones: Mapping[int, tuple[int, int]] | None = None) -> NamedStays:
    """The rows as columns; `zones` gives (zone, row) by position."""
    seats = [(zones or {}).get(index, (0, -1)) for index in range(len(rows))]
    return NamedStays(
        person=[row[0] for row in rows],
        place=[row[1] for row in rows],
        kind=[row[2] for row in rows],
        start_s=np.array([moment(row[3]) for row in rows], np.int64),
        end_s=np.array([moment(row[4]) for row in rows], np.int64),
        zone=np.array([zone for zone, _ in seats], np.int32),
        row=np.array([row for _, row in seats], np.int16),
        seat=np.full(len(rows), -1, np.int16),
    )


def batch(name: str, at: str = "2021-07-26T00:00") -> BatchInfo:
    """A batch for tests, kept for ever."""
    return BatchInfo(
        batch_id=name, source="test", basis="test", keep_until=OPEN, recorded_at=moment(at), data_class="movement"
    )


def ground(
    folder: Path, known: Mapping[SubjectId, Sequence[Fact]] | None = None, *, packs: tuple[str, ...] = ()
) -> Ground:
    """What a trace reads, over the folder's stays, under the eighth edition with the four-day reading."""
    stays = StayFolder.open(folder)
    setup = Setup(
        packs=packs or ("cn-covid19-8", "henan-2021-07"), readings={"case.window.days_before": "four-days"}, area=AREA
    )
    facts = dict(known or {})
    return Ground(
        store=stays.store,
        people=stays.people,
        places=stays.places,
        book=open_book(setup),
        engine=Embedded(threads=1),
        area=AREA,
        facts_of=lambda subject: facts.get(subject, ()),
    )


def at(text: str) -> Instant:
    """A wall-clock moment."""
    return moment(text)
