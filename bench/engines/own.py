"""Sizao itself: the embedded engine over its store, and the SQL definition that judged answers are held against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bench.answers import Answer
from bench.data import DAY, START, WINDOW, City
from bench.works import CROWD, ENOUGH_S, LAG_S
from sizao.exposure import crowds, queries
from sizao.exposure.cases import Cases
from sizao.exposure.contact_rules import ContactRules
from sizao.exposure.duckdb_engine import DuckDB
from sizao.exposure.embedded import Embedded
from sizao.exposure.engine import Exposures
from sizao.exposure.source import Snapshot
from sizao.exposure.stays import STAY_SCHEMA, BatchInfo
from sizao.exposure.store import StayStore
from sizao.policy.book import PolicyBook
from sizao.tracing.compile import compile_rules
from sizao.when import DAY_S, OPEN, Instant, Interval, local_day

RECORDED_AT = Instant(WINDOW[1] + 30 * DAY_S)
KEEP_UNTIL = Instant(RECORDED_AT + 365 * DAY_S)
AREA, ZONE = "999901", "Asia/Shanghai"

Ints = NDArray[Any]


def rules() -> ContactRules:
    """The contact rules of the eighth edition, as the made-up county of the demonstrations has them in force."""
    since, until = (local_day(Instant(moment), ZONE) for moment in (START, RECORDED_AT))
    book = PolicyBook.load(("demo-county",))
    return compile_rules(book, "contact.rules", area=AREA, zone=ZONE, since=since, until=until).rules


def table_of(stays: Mapping[str, Ints], kinds: Ints, first_id: int) -> pa.Table:
    """Stays of a city in the schema the store takes, numbered from `first_id` in the order given."""
    count = len(stays["person"])
    columns: dict[str, Any] = {
        "stay": np.arange(first_id, first_id + count), "person": stays["person"], "place": stays["place"],
        "kind": kinds[stays["place"]], "start_s": stays["start"], "end_s": stays["end"],
    }  # fmt: skip
    fields = [STAY_SCHEMA.field(name) for name in columns]
    return pa.table([pa.array(columns[field.name]).cast(field.type) for field in fields], schema=pa.schema(fields))


def batch(name: str) -> BatchInfo:
    """Where a batch of the bench comes from."""
    return BatchInfo(
        batch_id=name, source="bench", basis="bench", keep_until=KEEP_UNTIL, recorded_at=RECORDED_AT, data_class="movement"
    )  # fmt: skip


def folder_size(folder: Path) -> int:
    """Bytes of all files of a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


class Sizao:
    """The embedded engine. Raw answers are `queries`, judged ones `Embedded.match` with evidence."""

    works: Sequence[str] = (
        "Q1", "Q1 hot", "Q1 judged", "Q2-100", "Q2-100 judged", "Q2-1000", "Q2-1000 judged", "Q3", "Q4",
    )  # fmt: skip

    def __init__(self, city: City, folder: Path) -> None:
        self._city, self._folder = city, folder / "stays"

    def ingest(self) -> int:
        """Day after day, in the order of the reports."""
        store = StayStore.create(self._folder)
        columns, kinds, first = self._city.columns(), self._city.kinds(), 0
        for day, rows in enumerate(self._city.days):
            part = {name: np.asarray(column[first : first + rows]) for name, column in columns.items()}
            receipt = store.append(table_of(part, kinds, first), batch=batch(f"day-{day}"))
            assert receipt.rows == rows
            first += rows
        return folder_size(self._folder)

    def compile(self) -> None:
        """Ask everything once, so that what is compiled at first use is kept before anything is timed."""
        for work in self.works:
            self.ask(work, self._city.cases[:16])

    def open(self) -> None:
        self.store = StayStore.open(self._folder)
        self._engine, self._rules, self._kinds = Embedded(), rules(), self._city.kinds()

    def close(self) -> None:
        del self.store

    def append(self, late: Mapping[str, Any]) -> None:
        self.store.append(table_of(late, self._kinds, self._city.rows), batch=batch("late"))

    def ask(self, work: str, cases: Sequence[int]) -> Answer:
        if work == "Q3":
            return self._ring(cases[0])
        if work == "Q4":
            day = Interval(Instant(DAY[0]), Instant(DAY[1]))
            wish: dict[str, int] = {"min_overlap_s": ENOUGH_S, "most_at_once": CROWD}
            return crowds.crowd_pairs(self.store, day, known_at=RECORDED_AT, **wish)
        if work.endswith("judged"):
            return judged(self._engine.match(asked(cases), self.store, self._rules, known_at=RECORDED_AT))
        return queries.contacts(asked(cases), self.store, known_at=RECORDED_AT, lag_s=LAG_S)

    def _ring(self, case: int) -> pa.Table:
        met = queries.contacts(asked([case]), self.store, known_at=RECORDED_AT, lag_s=LAG_S, ranked=False)
        long_enough = met["overlap_s"].to_numpy() >= ENOUGH_S
        people, first = met["person"].to_numpy()[long_enough], met["first_s"].to_numpy()[long_enough]
        close = Cases.of(people, first, np.full(len(people), OPEN))
        wish: dict[str, Any] = {"min_overlap_s": ENOUGH_S, "without": [case]}
        return queries.contacts_of_contacts(close, self.store, known_at=RECORDED_AT, **wish)


class Definition:
    """The SQL steps on DuckDB, over the stays the store shows, read out once."""

    works: Sequence[str] = ("Q1 judged", "Q2-100 judged")

    def __init__(self, city: City, folder: Path) -> None:
        self._own = Sizao(city, folder)

    def ingest(self) -> int:
        self._own.ingest()
        return 0

    def open(self) -> None:
        self._own.open()
        self._engine, self._rules = DuckDB(), rules()
        self._stays = Snapshot(self._own.store.stays(RECORDED_AT))

    def close(self) -> None:
        self._own.close()

    def append(self, late: Mapping[str, Any]) -> None:
        self._own.append(late)

    def ask(self, work: str, cases: Sequence[int]) -> Answer:
        del work
        return judged(self._engine.match(asked(cases), self._stays, self._rules, known_at=RECORDED_AT))


def asked(cases: Sequence[int]) -> Cases:
    """The cases with the window of the bench."""
    return Cases.of(list(cases), [WINDOW[0]] * len(cases), [WINDOW[1]] * len(cases))


def judged(answer: Exposures) -> Answer:
    """The pairs and their evidence."""
    assert answer.evidence is not None
    return answer.pairs, answer.evidence
