"""The largest size: a city of seven million, 690 million stays, on one machine. Only the engine itself is asked.

The stays are generated, taken in block by block and forgotten, so that neither memory nor disk holds more than the store and one
block. What is reported: stays per second, bytes per stay, peak memory (of taking in, and of asking), and the questions' times.
"""

from __future__ import annotations

import gc
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from bench.data import SEED, SIZES, blocks_of, town_of
from bench.engines.own import RECORDED_AT, asked, batch, folder_size, rules, table_of
from bench.worker import forget_peak, peak_mb
from bench.works import LAG_S
from sizao.drills.town import StayBlock, Town
from sizao.exposure import queries
from sizao.exposure.cases import Cases
from sizao.exposure.embedded import Embedded
from sizao.exposure.store import StayStore

FOLDER = Path(__file__).resolve().parent / "data" / "large"
STAYS_PER_BATCH = 7_000_000
RUNS = 3

Rows = list[dict[str, Any]]


def measure(size: str, folder: Path = FOLDER) -> Rows:
    """The rows of the largest size; the store is removed afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        rows = _taken_in(size, folder)
        gc.collect()
        return rows + _asked(size, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _taken_in(size: str, folder: Path) -> Rows:
    """Generating is not counted; appending is, with the merging of small segments."""
    forget_peak()
    town = town_of(size)
    store, kinds = StayStore.create(folder), town.place_kind()
    count, seconds = 0, 0.0
    for number, columns in enumerate(_batches(town)):
        began = time.perf_counter()
        receipt = store.append(table_of(columns, kinds, count), batch=batch(f"part-{number}"))
        seconds += time.perf_counter() - began
        assert not receipt.refused
        count += receipt.rows
    took = {"median_s": seconds, "min_s": seconds, "runs": 1, "peak_mb": peak_mb(), "note": f"{count:,} stays"}
    size_b = folder_size(folder)
    return [
        {"work": "ingest", "value": round(count / seconds), "unit": "stays/s", **took},
        {"work": "bytes per stay", "value": round(size_b / count, 2), "unit": "bytes", "note": f"{size_b / 1e9:.1f} GB on disk"},
    ]  # fmt: skip


def _batches(town: Town) -> Iterator[dict[str, Any]]:
    """Blocks of one day put together up to `STAYS_PER_BATCH`."""
    held: list[StayBlock] = []
    for block in blocks_of(town):
        if held and (
            block.day != held[0].day or sum(len(b.person) for b in held) + len(block.person) > STAYS_PER_BATCH
        ):
            yield _joined(held)
            held = []
        held.append(block)
    yield _joined(held)


def _joined(blocks: list[StayBlock]) -> dict[str, Any]:
    names = ("person", "place", "start_s", "end_s")
    person, place, start, end = (np.concatenate([getattr(block, name) for block in blocks]) for name in names)
    return {"person": person, "place": place, "start": start.astype(np.int32), "end": end.astype(np.int32)}


def _asked(size: str, folder: Path) -> Rows:
    rng = np.random.default_rng([SEED, 3])
    people = [int(person) for person in rng.choice(SIZES[size], 1000, replace=False)]
    forget_peak()
    began = time.perf_counter()
    store, engine, by = StayStore.open(folder), Embedded(), rules()
    queries.contacts(asked(people[:1]), store, known_at=RECORDED_AT, lag_s=LAG_S)
    cold_s = time.perf_counter() - began

    def raw(cases: Cases) -> int:
        return int(queries.contacts(cases, store, known_at=RECORDED_AT, lag_s=LAG_S).num_rows)

    def by_rules(cases: Cases) -> int:
        return len(engine.match(cases, store, by, known_at=RECORDED_AT))

    ones = [asked([person]) for person in people[:7]]
    hundred, thousand = [asked(people[:100])], [asked(people)]
    rows = [
        _timed("Q1", raw, ones), _timed("Q1 judged", by_rules, ones), _timed("Q2-100", raw, hundred),
        _timed("Q2-100 judged", by_rules, hundred), _timed("Q2-1000", raw, thousand),
        _timed("Q2-1000 judged", by_rules, thousand),
    ]  # fmt: skip
    rows[0]["cold_s"] = cold_s
    return rows


def _timed(work: str, answer: Callable[[Cases], int], questions: list[Cases]) -> dict[str, Any]:
    seconds = []
    rows = 0
    for _ in range(RUNS):
        for question in questions:
            began = time.perf_counter()
            rows = answer(question)
            seconds.append(time.perf_counter() - began)
    told = {"median_s": median(seconds), "min_s": min(seconds), "runs": len(seconds), "peak_mb": peak_mb()}
    return {"work": work, "value": rows, "unit": "rows", **told}
