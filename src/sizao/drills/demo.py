"""The demonstration: a planted county put into a folder of stays, traced, and held against the list it must give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sizao.columnar import table_of
from sizao.drills.county import KNOWN_AT, START, CastStay, County, Expected
from sizao.exposure.embedded import Embedded
from sizao.exposure.stays import BatchInfo
from sizao.tracing.folder import PEOPLE, PLACES, StayFolder
from sizao.tracing.ground import Ground
from sizao.tracing.setup import Setup, open_book
from sizao.tracing.trace import ContactRow, Traced, trace
from sizao.when import DAY_S, Instant

AREA = "999901"
PACKS = ("demo-county",)
KEPT_DAYS = 30

Progress = Callable[[int, int], None]


class Held(NamedTuple):
    """What the trace found against what was planted: the last three are empty when it is right."""

    found: int
    planted: int
    missing: tuple[Expected, ...]
    extra: tuple[ContactRow, ...]
    differing: tuple[tuple[Expected, ContactRow], ...]

    @property
    def right(self) -> bool:
        """All found, none extra, each with the planted grade, minutes and moments."""
        return not (self.missing or self.extra or self.differing)


def setup() -> Setup:
    """The example county's packs and readings, which the `demo-county` pack chooses by name."""
    return Setup(packs=PACKS, area=AREA)


def stage(county: County, folder: Path, progress: Progress = lambda _done, _all: None) -> Ground:
    """The county's stays in a folder, a batch for each day, ready to be traced; people and places have the county's names."""
    book = open_book(setup())
    folder.mkdir(parents=True, exist_ok=True)
    stays = StayFolder.open(folder)
    stays.people.add([county.person_name(person) for person in range(county.persons)])
    stays.places.add([county.place_name(place) for place in range(county.places)])
    stays.people.save(folder / PEOPLE)
    stays.places.save(folder / PLACES)
    kinds, number = county.place_kind(), 0
    days = county.town.plan.days
    for block in county.ordinary_stays():
        size = len(block.person)
        columns = {"person": block.person, "place": block.place, "start_s": block.start_s, "end_s": block.end_s}
        _append(stays, columns, kinds, number, day=block.day, name=f"day-{block.day + 1}-{number}")
        number += size
        progress(block.day + 1, days)
    for day in range(days):
        since, until = START + day * DAY_S, START + (day + 1) * DAY_S
        # What began before the first day is told with it.
        own = [stay for stay in county.cast if (since <= stay.start_s or day == 0) and stay.start_s < until]
        _append(stays, _cast_columns(own), kinds, number, day=day, name=f"cast-{day + 1}")
        number += len(own)
    return Ground(store=stays.store, people=stays.people, places=stays.places, book=book, engine=Embedded(), area=AREA)


def _append(
    stays: StayFolder,
    columns: dict[str, NDArray[np.int64]],
    kinds: NDArray[np.int16],
    number: int,
    *,
    day: int,
    name: str,
) -> None:
    size = len(columns["person"])
    blank = np.full(size, -1)
    full: dict[str, Any] = {column: np.asarray(values, np.int64) for column, values in columns.items()}
    full["stay"] = np.arange(number, number + size, dtype=np.int64)
    full["kind"] = kinds[full["place"]].astype(np.int16)
    full["zone"] = full.get("zone", np.zeros(size)).astype(np.int32)
    full["row"] = full.get("row", blank).astype(np.int16)
    full["seat"] = blank.astype(np.int16)
    at = Instant(min(START + (day + 1) * DAY_S, KNOWN_AT))
    batch = BatchInfo(
        batch_id=name, source="drill", basis="drill", keep_until=Instant(at + KEPT_DAYS * DAY_S), recorded_at=at,
        data_class="movement",
    )  # fmt: skip
    stays.store.append(table_of(full), batch=batch)


def _cast_columns(cast: Sequence[CastStay]) -> dict[str, NDArray[np.int64]]:
    names = ("person", "place", "start_s", "end_s", "zone", "row")
    return {name: np.array([getattr(stay, name) for stay in cast], np.int64) for name in names}


def run(county: County, ground: Ground) -> Traced:
    """The trace of all cases of the county, as known at its last moment."""
    return trace(county.case_facts(), ground, known_at=KNOWN_AT)


def held(county: County, traced: Traced, window_days: int) -> Held:
    """Every planted exposure against every contact found, by person."""
    expected = {county.person_name(each.person): each for each in county.expected(window_days)}
    found = {str(row.person): row for row in traced.contacts}
    missing = tuple(each for name, each in expected.items() if name not in found)
    extra = tuple(row for name, row in found.items() if name not in expected)
    both = [(each, found[name]) for name, each in expected.items() if name in found]
    differing = tuple(pair for pair in both if not _same(county, *pair))
    return Held(len(found), len(expected), missing, extra, differing)


def _same(county: County, expected: Expected, row: ContactRow) -> bool:
    case = county.person_name(county.cases[expected.case].person)
    planted = (expected.grade, expected.overlap_s // 60, expected.first, expected.last, case)
    return planted == (row.grade, row.minutes, row.first, row.last, str(row.case))
