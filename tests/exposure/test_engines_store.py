"""Engines over a store with a history: late batches, repeats, withdrawals, forgotten people, dropped and merged files.

What a question sees is held against the plainest reading of the history, and the engines against the reference over it. A store
that grew step by step answers as a store filled in one go.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizao.exposure.duckdb_engine import DuckDB
from sizao.exposure.embedded import Embedded
from sizao.exposure.engine import Engine, Exposures
from sizao.exposure.reference import Reference
from sizao.exposure.source import Snapshot
from sizao.exposure.stays import VISIBLE_SCHEMA
from sizao.when import Instant
from tests.exposure.histories import DAY_S, History, histories, replay, visible
from tests.exposure.towns import KNOWN_AT, plain, rows_of, stay_table

MOMENTS = st.integers(-6, 6).map(lambda day: Instant(KNOWN_AT + day * DAY_S))


def _expected(history: History, known_at: Instant) -> Exposures:
    seen = Snapshot(stay_table(visible(history, known_at)))
    return Reference().match(history.town.question(), seen, history.town.contact_rules(), known_at=known_at)


@settings(max_examples=150)
@given(history=histories(), known_at=MOMENTS)
def test_a_question_sees_what_the_history_left_by_then(history: History, known_at: Instant) -> None:
    with tempfile.TemporaryDirectory() as folder:
        seen = replay(history, Path(folder) / "stays").stays(known_at)
    assert seen.schema.names == VISIBLE_SCHEMA.names
    assert sorted(rows_of(seen)) == [tuple(row) for row in visible(history, known_at)]


@pytest.mark.parametrize("engine", [Embedded(1), DuckDB(threads=1)], ids=lambda engine: type(engine).__name__)
@settings(max_examples=80)
@given(history=histories(), known_at=MOMENTS)
def test_an_engine_over_a_store_answers_as_the_reference(engine: Engine, history: History, known_at: Instant) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = replay(history, Path(folder) / "stays")
        found = engine.match(history.town.question(), store, history.town.contact_rules(), known_at=known_at)
    assert plain(found) == plain(_expected(history, known_at))
