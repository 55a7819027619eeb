"""Where an engine that reads stays as a table gets them: the store, or a table already selected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from sizao.exposure.stays import VISIBLE_SCHEMA
from sizao.when import Instant


class StaySource(Protocol):
    """Anything that gives the stays known at an instant, each once, ends closed (VISIBLE_SCHEMA). `StayStore` is one."""

    def stays(self, known_at: Instant) -> pa.Table:
        """The stays as known at that instant."""
        ...


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A table of stays (VISIBLE_SCHEMA) whose moment of knowledge was chosen before; `known_at` no longer selects."""

    table: pa.Table

    def stays(self, known_at: Instant) -> pa.Table:  # noqa: ARG002 - the table was selected before
        """The table itself, columns in the order of VISIBLE_SCHEMA."""
        return self.table.select(VISIBLE_SCHEMA.names).cast(VISIBLE_SCHEMA)
