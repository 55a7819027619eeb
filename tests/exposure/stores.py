"""Small stores by hand: a few lines make a batch, a store, a case."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from sizao.exposure.contact_rules import ContactRule
from sizao.exposure.place_kinds import PlaceKind, kind_code
from sizao.exposure.stays import STAY_SCHEMA, BatchInfo, Receipt
from sizao.exposure.store import StayStore
from sizao.when import OPEN, Instant

T = 1_626_883_200
"""2021-07-22 00:00 at Shanghai."""
HOUR = 3600
DAY = 86_400
LATER = Instant(T + 400 * DAY)

Row = tuple[Any, ...]


def rows(*told: Row, kind: PlaceKind = PlaceKind.SHOP, **more: Sequence[Any]) -> pa.Table:
    """Stays as (stay, person, place, start, end) with times in seconds from `T`; further columns by name."""
    names = ("stay", "person", "place", "start_s", "end_s")
    columns: dict[str, Any] = {name: [row[at] for row in told] for at, name in enumerate(names)}
    for name in ("start_s", "end_s"):
        columns[name] = [None if value is None else T + value for value in columns[name]]
    columns["kind"] = [kind_code(kind)] * len(told)
    columns |= {name: list(values) for name, values in more.items()}
    return pa.table({name: pa.array(values, STAY_SCHEMA.field(name).type) for name, values in columns.items()})


def batch(name: str, *, recorded_at: int = T, keep_until: int = T + 30 * DAY, basis: str = "law art. 12") -> BatchInfo:
    """A batch of that id."""
    return BatchInfo(
        batch_id=name,
        source="venue scans",
        basis=basis,
        keep_until=Instant(keep_until),
        recorded_at=Instant(recorded_at),
        data_class="stay",
    )


def store_of(folder: Path, *tables: pa.Table) -> StayStore:
    """A new store with one batch per table, b0, b1, … recorded one second after the other."""
    store = StayStore.create(folder / "stays")
    for number, table in enumerate(tables):
        store.append(table, batch=batch(f"b{number}", recorded_at=T + number))
    return store


def ids(store: StayStore, known_at: int | None = None) -> list[int]:
    """The stays known, by id."""
    return sorted(store.stays(None if known_at is None else Instant(known_at)).column("stay").to_pylist())


def refused(receipt: Receipt) -> list[tuple[int, str]]:
    """(row, code) of each refusal."""
    return [(row.row, row.code) for row in receipt.refused]


def rule(min_overlap_s: int = 0, kind: PlaceKind = PlaceKind.SHOP, **more: Any) -> ContactRule:
    """A rule in force for ever."""
    told: dict[str, Any] = {"rule_id": "r", "grade": "close", "from_s": Instant(0), "until_s": OPEN, **more}
    return ContactRule(place_kind=kind, min_overlap_s=min_overlap_s, **told)
