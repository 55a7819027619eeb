"""A folder of stays with the names of its people and places: what a tracer's laptop holds.

    FOLDER/stays/         the stay store: batches with basis and keep-until
    FOLDER/people.arrow   who is who
    FOLDER/places.arrow   what is where, vehicle runs included

Names are saved before the stays that use them, so a crash leaves at most names nobody uses.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sizao.columnar import table_of
from sizao.exposure.names import Names, NameTable
from sizao.exposure.place_kinds import PlaceKind, kind_code
from sizao.exposure.stays import BatchInfo, Receipt
from sizao.exposure.store import StayStore

STAYS, PEOPLE, PLACES = "stays", "people.arrow", "places.arrow"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedStays:
    """Stays as files tell them, column by column and all of one length: people, places and kinds by name, times in
    seconds UTC.

    `zone`, `row`, `seat` are the codes of `facts.seats` (−1: not known; zone 0: the place has none). `end_s` of a
    stay whose end is not known is 0, and `open_end` is true there.
    """

    person: Names
    place: Names
    kind: Names
    start_s: NDArray[np.int64]
    end_s: NDArray[np.int64]
    zone: NDArray[np.int32]
    row: NDArray[np.int16]
    seat: NDArray[np.int16]
    open_end: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.start_s)


class StayFolder:
    """The stay store of a folder with its names."""

    def __init__(self, folder: Path, store: StayStore, people: NameTable, places: NameTable) -> None:
        self.folder, self.store, self.people, self.places = folder, store, people, places

    @classmethod
    def open(cls, folder: Path) -> StayFolder:
        """The folder's stays; made empty where there are none yet."""
        stays = folder / STAYS
        store = StayStore.open(stays) if stays.exists() else StayStore.create(stays)
        return cls(folder, store, NameTable.open(folder / PEOPLE), NameTable.open(folder / PLACES))

    def add(self, told: NamedStays, *, batch: BatchInfo) -> Receipt:
        """Store a batch. A row told again, in this batch or a later one, gets the same stay number and is stored once. A stay
        whose end is not known is refused (E108): no longest stay is assumed for it."""
        person, place = self.people.add(told.person), self.places.add(told.place)
        self.people.save(self.folder / PEOPLE)
        self.places.save(self.folder / PLACES)
        columns: dict[str, Any] = {
            "stay": stay_numbers(person, place, told),
            "person": person,
            "place": place,
            "kind": kind_codes(told.kind),
            "start_s": told.start_s,
            "end_s": told.end_s,
            "zone": told.zone,
            "row": told.row,
            "seat": told.seat,
        }
        if told.open_end is not None:
            columns["open_end"] = told.open_end
            columns["end_s"] = np.ma.masked_array(told.end_s, mask=told.open_end & (told.end_s == 0))
        return self.store.append(table_of(columns), batch=batch)


def kind_codes(kinds: Names) -> NDArray[np.int16]:
    """The code of each kind of place by name; an unknown name refuses (ValueError of the enumeration)."""
    table = NameTable()
    numbers = table.add(kinds)
    codes = np.array([kind_code(PlaceKind(name)) for name in table.names(range(len(table)))], np.int16)
    return codes[numbers] if len(numbers) else np.zeros(0, np.int16)


def stay_numbers(person: NDArray[np.int64], place: NDArray[np.int64], told: NamedStays) -> NDArray[np.int64]:
    """A number from what the row says, so that the same row told twice is one stay (splitmix64 over its columns, 63
    bits).
    """
    mixed = np.full(len(told), 0x9E3779B97F4A7C15, np.uint64)
    for column in (person, place, told.start_s, told.end_s, told.zone, told.row, told.seat):
        mixed = _mixed(mixed ^ column.astype(np.int64).view(np.uint64))
    return (mixed >> np.uint64(1)).astype(np.int64)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
