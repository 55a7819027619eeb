"""The columns of a stay as they come in, and a batch of them: what the store takes and what every engine reads.

A stay is one person at one place for `[start_s, end_s)`. `zone` is a carriage, cabin, block or ward (−1 unknown, 0 the place has
none), `row` and `seat` count from 1 (−1 unknown or none).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag
from typing import NamedTuple

import pyarrow as pa

from sizao.when import Instant

STAY_SCHEMA = pa.schema(
    [
        pa.field("stay", pa.int64(), nullable=False),
        pa.field("person", pa.int64(), nullable=False),
        pa.field("place", pa.int64(), nullable=False),
        pa.field("kind", pa.int16(), nullable=False),
        pa.field("start_s", pa.int64(), nullable=False),
        pa.field("end_s", pa.int64()),
        pa.field("open_end", pa.bool_()),
        pa.field("zone", pa.int32()),
        pa.field("row", pa.int16()),
        pa.field("seat", pa.int16()),
    ]
)
"""What `StayStore.append` takes. `open_end`, `zone`, `row`, `seat` may be left out; a null `end_s` is an open stay."""

VISIBLE_SCHEMA = pa.schema(
    [
        pa.field("stay", pa.int64()),
        pa.field("person", pa.int64()),
        pa.field("place", pa.int64()),
        pa.field("kind", pa.int16()),
        pa.field("start_s", pa.int64()),
        pa.field("end_s", pa.int64()),
        pa.field("zone", pa.int32()),
        pa.field("row", pa.int16()),
        pa.field("seat", pa.int16()),
        pa.field("flags", pa.int16()),
    ]
)
"""What `StayStore.stays(known_at)` gives: every stay once, ends closed, `flags` from `Flag` (OPEN_END, OVER_LONG only)."""


class Flag(IntFlag):
    """What a reader of the evidence must know. Stays carry the first two; meetings all."""

    NONE = 0
    OPEN_END = 1
    """The end of one of the two stays was not reported but assumed from a cap."""
    OVER_LONG = 2
    """One of the two stays is longer than the cap of its kind."""
    LAGGED = 4
    """The contact came after the case had left, within the rule's lag."""
    SEAT_UNKNOWN = 8
    """A more severe rule asks for a zone or row that is unknown on one side, so it could not be applied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchInfo:
    """Where a batch of stays comes from and how long it may be kept. Batches of one store have different ids."""

    batch_id: str
    source: str
    basis: str
    keep_until: Instant
    recorded_at: Instant
    data_class: str


class RefusedRow(NamedTuple):
    """A row that was not stored: its position in the batch (from 0), its stay id if it has one, and the error code."""

    row: int
    stay: int | None
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of a batch. `rows` were stored, of which `duplicates` repeat stays stored before; the rest is `refused`."""

    batch_id: str
    rows: int
    duplicates: int
    refused: tuple[RefusedRow, ...]
    sha256: str
    over_long: int
    closed_by_cap: int
