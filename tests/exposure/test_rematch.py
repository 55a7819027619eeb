"""After a changed onset, window or stay, a re-match adds and withdraws exactly what a fresh run would have and would not have.

The store is not rebuilt: a corrected stay is withdrawn and reported again, under another number.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizao.exposure.cases import Cases
from sizao.exposure.difference import difference
from sizao.exposure.duckdb_engine import DuckDB
from sizao.exposure.embedded import Embedded
from sizao.exposure.engine import Engine, Exposures
from sizao.exposure.reference import Reference
from sizao.exposure.source import Snapshot
from sizao.when import Instant
from tests.exposure.histories import CAPS, DAY_S, Act, History, batch_table, closed, replay
from tests.exposure.towns import (
    KNOWN_AT,
    StayRow,
    Town,
    cases_of,
    plain,
    rows_of,
    stay_rows,
    stay_table,
    towns,
    windows,
)

LATER = Instant(KNOWN_AT + DAY_S)


class Change(NamedTuple):
    """New windows of some cases, stays taken back, and stays reported late or in place of those."""

    windows: dict[int, tuple[int, int]]
    withdrawn: tuple[int, ...]
    reported: tuple[StayRow, ...]


@st.composite
def changed_towns(draw: st.DrawFn) -> tuple[Town, Change]:
    """A town and what was learnt about it a day later."""
    town = draw(towns())
    moved = draw(st.dictionaries(st.integers(0, len(town.cases) - 1), windows(), max_size=2))
    gone = draw(st.lists(st.sampled_from(town.stays), max_size=3)) if town.stays else []
    fresh = draw(st.lists(stay_rows(), max_size=3))
    reported = tuple(row._replace(stay=1000 + number) for number, row in enumerate(fresh))
    return town, Change(moved, tuple(sorted({row.stay for row in gone})), reported)


def questions(town: Town, change: Change) -> tuple[Cases, Cases]:
    """The cases before and after the change."""
    after = [(person, *change.windows.get(at, window)) for at, (person, *window) in enumerate(town.cases)]
    return town.question(), cases_of([(one[0], one[1], one[2]) for one in after], town.told)


def keys(rows: list[tuple[int, ...]]) -> dict[tuple[int, int], tuple[int, ...]]:
    """Rows by (case, person)."""
    return {(row[0], row[1]): row for row in rows}


def evidence_by_pair(answer: Exposures) -> dict[tuple[int, int], list[tuple[int, ...]]]:
    """The evidence of each pair."""
    found: dict[tuple[int, int], list[tuple[int, ...]]] = {}
    for row in rows_of(answer.evidence):
        found.setdefault((row[0], row[1]), []).append(row)
    return found


@pytest.mark.parametrize("engine", [Embedded(1), DuckDB(threads=1)], ids=lambda engine: type(engine).__name__)
@settings(max_examples=80)
@given(changed=changed_towns())
def test_a_rematch_is_a_fresh_run_and_the_difference_is_exact(engine: Engine, changed: tuple[Town, Change]) -> None:
    town, change = changed
    asked_before, asked_after = questions(town, change)
    rules: Any = town.contact_rules()
    first = Act("append", tuple(row.stay for row in town.stays), 0, KNOWN_AT, KNOWN_AT + 90 * DAY_S)
    second = Act("append", tuple(row.stay for row in change.reported), 0, LATER, KNOWN_AT + 90 * DAY_S)
    grown = History(
        town._replace(stays=(*town.stays, *change.reported)),
        (first, Act("withdraw", change.withdrawn, 0, LATER), second),
    )
    with tempfile.TemporaryDirectory() as folder:
        store = replay(grown, Path(folder) / "stays")
        before = engine.match(asked_before, store, rules, known_at=KNOWN_AT)
        after = engine.match(asked_after, store, rules, known_at=LATER)
    kept = [closed(row) for row in town.stays if row.stay not in change.withdrawn]
    left = [*kept, *map(closed, change.reported)]
    fresh = Reference().match(asked_after, Snapshot(stay_table(left)), rules, known_at=LATER)
    assert plain(after) == plain(fresh)

    found = difference(before, after)
    old, new = keys(rows_of(before.pairs)), keys(rows_of(fresh.pairs))
    assert keys(rows_of(found.added)) == {key: row for key, row in new.items() if key not in old}
    assert keys(rows_of(found.withdrawn)) == {key: row for key, row in old.items() if key not in new}
    old_evidence, new_evidence = evidence_by_pair(before), evidence_by_pair(fresh)
    other = {key for key in old.keys() & new.keys() if (old[key], old_evidence[key]) != (new[key], new_evidence[key])}
    assert keys(rows_of(found.changed)) == {key: new[key] for key in other}


@settings(max_examples=40)
@given(changed=changed_towns())
def test_what_was_answered_before_the_change_can_be_answered_again(changed: tuple[Town, Change]) -> None:
    town, change = changed
    stays = tuple(row.stay for row in town.stays)
    first = Act("append", stays, 0, KNOWN_AT, KNOWN_AT + 90 * DAY_S)
    with tempfile.TemporaryDirectory() as folder:
        store = replay(History(town, (first,)), Path(folder) / "stays")
        before = Embedded(1).match(town.question(), store, town.contact_rules(), known_at=KNOWN_AT)
        store.withdraw(change.withdrawn, recorded_at=LATER)
        batch = store.batches()[0].info
        late = type(batch)(
            batch_id="late", source="test", basis="art. 1", keep_until=batch.keep_until, recorded_at=LATER, data_class="movement"
        )  # fmt: skip
        store.append(batch_table(change.reported), batch=late, caps=CAPS)
        again = Embedded(1).match(town.question(), store, town.contact_rules(), known_at=KNOWN_AT)
    assert plain(again) == plain(before)
