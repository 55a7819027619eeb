"""Small files for the tests of intake, and what an import of them is told."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sizao.facts.intake.importing import Imported, ImportOptions, import_file
from sizao.facts.intake.mapping import Given
from sizao.facts.store import FactStore, MemoryStore
from sizao.when import Instant


def given(**more: Any) -> Given:
    """What an import is told unless a test says otherwise."""
    told: dict[str, Any] = {
        "recorded_at": Instant(1_700_000_000), "source": "测试来源", "recorder": "r", "basis": "b",
        "defaults": {"disease": "covid19", "area": "4117"},
    }  # fmt: skip
    return Given(**(told | more))


def write(path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> Path:
    """A CSV file of these rows."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def imported(
    path: Path,
    store: FactStore | None = None,
    *,
    told: Given | None = None,
    mapping: str | None = None,
    options: ImportOptions | None = None,
) -> Imported:
    """The import of a file, into a store of its own unless one is given; its counts always add up."""
    result = import_file(
        path, MemoryStore() if store is None else store, told or given(), mapping=mapping, options=options
    )
    assert result.rows == result.stored + result.refused
    assert result.refused == len(result.refusals)
    assert result.joined <= result.stored
    return result
