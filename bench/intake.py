"""How many rows of a file a second become facts or stays: tests as facts in a folder, and a passenger manifest as stays."""

from __future__ import annotations

import csv
import tempfile
import time
from pathlib import Path
from typing import Any

from sizao.drills.manifest import passenger_manifest
from sizao.facts.folder import FolderStore
from sizao.facts.intake.importing import import_file
from sizao.facts.intake.mapping import Given
from sizao.facts.kinds import DataClass, FactId, Ride, Spot, SubjectId
from sizao.when import DAY_S, HOUR_S, Instant, iso

FIRST = Instant(1_579_536_000)
ROWS = {"XS": (1_000, 5_000)}
USUAL = (100_000, 500_000)
"""Rows of the two files: tests, tickets."""


def measure(size: str) -> list[dict[str, Any]]:
    """One row for each kind of file, read once from disk to stored."""
    tests, tickets = ROWS.get(size, USUAL)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        _write_tests(home / "tests.csv", tests)
        passenger_manifest(_rides(), seed=7, n=tickets).write_csv(home / "tickets.csv")
        kept = FolderStore(home / "facts")
        return [
            _import(home / "tests.csv", kept, tests, "tests to facts in a folder"),
            _import(home / "tickets.csv", None, tickets, "tickets to stays"),
        ]


def _import(path: Path, kept: FolderStore | None, rows: int, what: str) -> dict[str, Any]:
    given = Given(recorded_at=Instant(FIRST + 60 * DAY_S), source="bench", recorder="bench", basis="bench")
    began = time.perf_counter()
    found = import_file(path, kept, given)
    seconds = time.perf_counter() - began
    assert (found.rows, found.refused) == (rows, 0)
    return {
        "work": f"fact intake, {what}", "median_s": seconds, "min_s": seconds, "runs": 1,
        "value": rows / seconds, "unit": "rows/s", "note": f"{rows:,} rows of CSV",
    }  # fmt: skip


def _write_tests(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("person", "sampled_at", "result", "sample", "resulted_at", "method", "pooled"))
        for number in range(rows):
            at = Instant(FIRST + number % 14 * DAY_S + number % 28_800)
            told = (
                iso(at),
                "阴性" if number % 997 else "阳性",
                f"s{number}",
                iso(Instant(at + 6 * HOUR_S)),
                "核酸",
                "单采",
            )
            out.writerow((f"person:r{number % (rows // 4 or 1):06d}", *told))


def _rides() -> list[Ride]:
    """A few hundred invented rides to plant passengers around."""
    rides = []
    for number in range(400):
        start = Instant(FIRST + number % 20 * DAY_S + 8 * HOUR_S)
        spot = Spot(str(number % 16 + 1), number % 18 + 1, number % 18 + 1, "A")
        rides.append(
            Ride(
                id=FactId(f"ride-{number}"), subject=SubjectId(f"person:case{number}"), at=start,
                end=Instant(start + 4 * HOUR_S), recorded_at=start, source="bench", recorder="bench", basis="bench",
                data_class=DataClass.MOVEMENT, run=_run(number, start), place_kind="train_sealed", spots=(spot,),
            )
        )  # fmt: skip
    return rides


def _run(number: int, start: Instant) -> str:
    return f"train:G{100 + number}:{iso(start)[:10]}"
