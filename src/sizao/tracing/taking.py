"""The stays of a file into a folder of stays: one batch, once, by one writer at a time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sizao.exposure.locking import locked
from sizao.exposure.names import UNKNOWN
from sizao.exposure.stays import BatchInfo, Receipt
from sizao.facts.intake.mapping import person
from sizao.facts.stay_columns import StayColumns
from sizao.tracing.folder import NamedStays, StayFolder, stay_numbers
from sizao.when import OPEN, Instant

LOCK = "names.lock"


def named_stays(columns: StayColumns) -> NamedStays:
    """The columns as the stay folder takes them; people by the names that facts call them by."""
    persons = [str(person(name)) for name in columns.persons]
    open_end = columns.end_s >= OPEN
    return NamedStays(
        person=_spread(persons, columns.person),
        place=_spread(columns.places, columns.place),
        kind=_spread([columns.kinds[place] for place in range(len(columns.places))], columns.place),
        start_s=columns.start_s,
        end_s=np.where(open_end, 0, columns.end_s),
        zone=columns.zone.astype(np.int32),
        row=columns.row_number.astype(np.int16),
        seat=columns.seat.astype(np.int16),
        open_end=open_end,
    )


def _spread(names: Sequence[str], index: NDArray[np.int64]) -> list[str]:
    return [names[number] for number in index.tolist()]


def add_stays(folder: Path, columns: StayColumns, batch: BatchInfo) -> Receipt | None:
    """Store the stays of a file; None when this batch is in the folder already. Refuses while another process adds (E135):
    the names and the stays that use them are written under one lock."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LOCK).touch()
    with locked(folder / LOCK):
        stays = StayFolder.open(folder)
        if any(known.info.batch_id == batch.batch_id for known in stays.store.batches()):
            return None
        return stays.add(named_stays(columns), batch=batch)


def withdraw_stays(folder: Path, batch_id: str, *, recorded_at: Instant) -> int:
    """Let the stays that this batch alone tells no longer hold, as known from then on; returns how many. What another batch tells
    too still holds. Refuses as `add_stays`."""
    with locked(folder / LOCK):
        store = StayFolder.open(folder).store
        alone = store.told_only_by(batch_id)
        if len(alone):
            store.withdraw(alone.tolist(), recorded_at=recorded_at)
        return len(alone)


def known_stays(folder: Path, columns: StayColumns) -> NDArray[np.bool_]:
    """Which of these stays the folder holds already, as known now. Nothing is written."""
    told, stays = named_stays(columns), StayFolder.open(folder)
    who, where = stays.people.ids(told.person), stays.places.ids(told.place)
    named = (who != UNKNOWN) & (where != UNKNOWN)
    numbers = stay_numbers(who, where, told)
    held = stays.store.stay_rows(numbers[named]).column("stay").to_numpy()
    return np.asarray(named & np.isin(numbers, held))
