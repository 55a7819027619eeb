"""The city every engine is asked about: generated once per size, kept as plain columns on disk, never committed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sizao.drills.town import StayBlock, Town, TownPlan, build_town, stays
from sizao.when import DAY_S, Instant

Ints = NDArray[Any]

COLUMNS = ("person", "place", "start", "end")
SIZES = {"XS": 600, "T": 5_000, "S": 100_000, "M": 1_000_000, "L": 7_000_000}
"""Persons by size; each lives 14 days with about 7 stays a day."""

SEED = 7
START = Instant(1_626_019_200)
WINDOW = (START + 6 * DAY_S, START + 12 * DAY_S)
"""The infectious window of every case: six whole local days."""

DAY = (START + 8 * DAY_S, START + 9 * DAY_S)
"""The local day of the crowd question."""

APPENDED = 1_000_000
_HEADER = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """A size's stays as columns on disk (int32; times are seconds UTC) and who is asked about."""

    size: str
    folder: Path
    rows: int
    places: int
    persons: int
    cases: tuple[int, ...]
    days: tuple[int, ...]
    """How many rows each day brought, in order."""

    def column(self, name: str) -> Ints:
        """One of `COLUMNS`, memory-mapped, in the order the stays were reported: by day, then by person."""
        mapped: Ints = np.load(self.folder / f"{name}.npy", mmap_mode="r")
        return mapped

    def columns(self) -> dict[str, Ints]:
        """All of `COLUMNS`, mapped."""
        return {name: self.column(name) for name in COLUMNS}

    def kinds(self) -> Ints:
        """The kind code of each place."""
        kinds: Ints = np.load(self.folder / "kind.npy")
        return kinds

    def late(self) -> dict[str, Ints]:
        """The stays of the append: reported late, of other people at the same places, inside the window of the cases."""
        return {name: np.load(self.folder / f"late_{name}.npy") for name in COLUMNS}


def town_of(size: str) -> Town:
    """The town of a size."""
    return build_town(TownPlan(persons=SIZES[size], start_s=START), np.random.default_rng([SEED, 1]))


def blocks_of(town: Town) -> Iterator[StayBlock]:
    """Its stays, block by block."""
    return stays(town, np.random.default_rng([SEED, 2]))


def city(size: str, folder: Path) -> City:
    """The city of that size in the folder, generated if it is not there yet."""
    home = folder / size
    if not (home / "city.json").exists():
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        _generate(size, home)
    return open_city(home)


def open_city(home: Path) -> City:
    """A city that was generated before."""
    told = json.loads((home / "city.json").read_text("utf-8"))
    cases, days = (tuple(told.pop(name)) for name in ("cases", "days"))
    return City(folder=home, cases=cases, days=days, **told)


def _generate(size: str, home: Path) -> None:
    town = town_of(size)
    days = _write(blocks_of(town), home, "")
    np.save(home / "kind.npy", town.place_kind())
    rng = np.random.default_rng([SEED, 3])
    cases = [int(person) for person in rng.permutation(town.plan.persons)[:1000]]
    _write(_late(town), home, "late_")
    told: dict[str, Any] = {"size": size, "rows": sum(days), "places": town.places, "persons": town.plan.persons}
    told |= {"cases": cases, "days": days}
    (home / "city.json").write_text(json.dumps(told), "utf-8")


def _late(town: Town) -> Iterator[StayBlock]:
    """As many stays as the append takes (fewer in a small city): the second week of the same people, lived otherwise."""
    wanted = min(APPENDED, 10 * town.plan.persons)
    for block in stays(town, np.random.default_rng([SEED, 4])):
        if wanted and block.day >= 7:
            part = slice(0, min(wanted, len(block.person)))
            wanted -= part.stop
            yield StayBlock(block.day, *(column[part] for column in block[1:]))


def _write(blocks: Iterator[StayBlock], home: Path, prefix: str) -> list[int]:
    """Write block after block behind an empty header, filled in at the end: nothing but one block is ever in memory."""
    files = {name: (home / f"{prefix}{name}.npy").open("wb") for name in COLUMNS}
    days: list[int] = []
    for file in files.values():
        file.seek(_HEADER)
    for block in blocks:
        for name, column in zip(COLUMNS, block[1:], strict=True):
            files[name].write(np.ascontiguousarray(column, dtype=np.int32).data)
        days += [0] * (block.day + 1 - len(days))
        days[block.day] += len(block.person)
    for file in files.values():
        file.seek(0)
        np.lib.format.write_array_header_1_0(file, {"descr": "<i4", "fortran_order": False, "shape": (sum(days),)})
        assert file.tell() == _HEADER
        file.close()
    return days
