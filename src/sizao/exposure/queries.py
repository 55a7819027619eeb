"""Questions without rules: the raw sum, contacts of contacts, who was in a crowd, and the busiest places.

Judged answers come from an `Engine`. These serve screening, drills, capacity questions, and the measure of the kernel itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sizao.exposure import ring, summing
from sizao.exposure.cases import Cases
from sizao.exposure.casework import CaseWork, case_work
from sizao.exposure.embedded import EVERYBODY, run_parts, threads_of_machine, view_at
from sizao.exposure.place_kinds import PlaceKind, kind_code
from sizao.exposure.probe import KIND
from sizao.exposure.rows import Rows
from sizao.exposure.segments import EPOCH_S
from sizao.exposure.source import StaySource
from sizao.exposure.stays import VISIBLE_SCHEMA
from sizao.exposure.store import StayStore
from sizao.exposure.view import View
from sizao.when import Instant, Interval

Source = StayStore | StaySource | View

SUM_SCHEMA = pa.schema(
    [("case", pa.int32()), ("person", pa.int64()), ("overlap_s", pa.int64()), ("first_s", pa.int64())]
)
"""One row per pair: seconds shared in all, and the first moment. Somebody who only came within the lag has 0 seconds."""

RING_SCHEMA = pa.schema(
    [("person", pa.int64()), ("contacts", pa.int64()), ("overlap_s", pa.int64()), ("first_s", pa.int64())]
)
"""One row per contact of a contact: through how many contacts, seconds in all, first moment."""

PLACE_SCHEMA = pa.schema(
    [("place", pa.int64()), ("kind", pa.int16()), ("stays", pa.int64()), ("longest_s", pa.int64())]
)


def contacts(
    cases: Cases,
    source: Source,
    *,
    known_at: Instant,
    lag_s: int = 0,
    ranked: bool = True,
    top: int | None = None,
    threads: int | None = None,
) -> pa.Table:
    """Everybody each case met or who came within `lag_s` after it left (SUM_SCHEMA), by case.

    Within a case the longest overlap first if `ranked`, then by person; `top` keeps so many of each case.
    """
    view = view_at(source, known_at)
    work = case_work(view, cases)
    wish = lag_s, ranked, EVERYBODY if top is None else top

    def part(first: int, last: int) -> tuple[list[pa.RecordBatch], list[pa.RecordBatch]]:
        return _sums(view, work, wish, (first, last)), []

    batches, _ = run_parts(len(cases), threads or threads_of_machine(), part)
    return pa.Table.from_batches(batches, SUM_SCHEMA)


def _sums(view: View, work: CaseWork, wish: tuple[int, bool, int], cases: tuple[int, int]) -> list[pa.RecordBatch]:
    found = []
    first, last = cases
    with view.scratch() as scratch:
        while first < last:
            rows = Rows(SUM_SCHEMA, scratch.sums_room.room(last - first))
            upto, count, need = summing.sum_cases(
                view.lines, work.table, work.offsets, work.own, (first, last), *wish, view.person_ids.ctypes.data,
                (scratch.sums, scratch.marks), rows.room, rows.addresses,
            )  # fmt: skip
            scratch.sums_room.learn(count, upto - first, need)
            first = int(upto)
            if count:
                found.append(rows.batch(count))
    return found


def contacts_of_contacts(
    close: Cases,
    source: Source,
    *,
    known_at: Instant,
    min_overlap_s: int,
    kinds: Iterable[PlaceKind] | None = None,
    without: Iterable[int] = (),
    threads: int | None = None,
) -> pa.Table:
    """Whom the contacts met in their turn (RING_SCHEMA), by person: `min_overlap_s` or more in sum with one contact counts.

    Each contact is a case of `close` whose window runs from its own first contact to its isolation. `kinds` are the kinds of
    place that count (all, if None); `without` are persons to leave out. No lag: roles are exchanged here.
    """
    view = view_at(source, known_at)
    work = _at_kinds(case_work(view, close), kinds)
    people = len(view.person_ids) + 1

    def part(cases: tuple[int, int]) -> NDArray[np.int64]:
        totals = np.zeros((people, 3), np.int64)
        totals[:, ring.FIRST] = summing.NEVER
        with view.scratch() as scratch:
            memory = (scratch.sums, scratch.marks)
            ring.ring_of(
                view.lines, work.table, work.offsets, work.own, cases, min_overlap_s, memory, totals, people
            )  # fmt: skip
        return totals

    totals = _added(on_threads(part, balanced(work.offsets, threads or threads_of_machine())))
    totals[view.persons.find(np.fromiter(without, np.int64)), ring.CONTACTS] = 0
    return _ring_table(view, totals)


def _at_kinds(work: CaseWork, kinds: Iterable[PlaceKind] | None) -> CaseWork:
    if kinds is None:
        return work
    kept = np.isin(work.table[:, KIND], [kind_code(kind) for kind in kinds])
    offsets = np.concatenate(([0], np.cumsum(kept)))[work.offsets].astype(np.int32)
    return work._replace(table=np.ascontiguousarray(work.table[kept]), ids=work.ids[kept], offsets=offsets)


def balanced(offsets: NDArray[Any], threads: int) -> list[tuple[int, int]]:
    """As many ranges as threads, each with about the same share of what `offsets` counts up."""
    goals = np.linspace(0, int(offsets[-1]), threads + 1)
    edges = np.searchsorted(offsets, goals)
    edges[0], edges[-1] = 0, len(offsets) - 1
    return [(int(a), int(b)) for a, b in pairwise(edges.tolist()) if a < b]


def on_threads(work: Callable[[Any], Any], parts: Sequence[Any]) -> list[Any]:
    """The work on each part, one thread a part; in the order of the parts."""
    if len(parts) < 2:
        return [work(part) for part in parts]
    with ThreadPoolExecutor(len(parts)) as pool:
        return list(pool.map(work, parts))


def _added(parts: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    if not parts:
        return np.zeros((1, 3), np.int64)
    total = parts[0]
    for other in parts[1:]:
        total[:, : ring.FIRST] += other[:, : ring.FIRST]
        np.minimum(total[:, ring.FIRST], other[:, ring.FIRST], out=total[:, ring.FIRST])
    return total


def _ring_table(view: View, totals: NDArray[np.int64]) -> pa.Table:
    found = np.flatnonzero(totals[:, ring.CONTACTS])
    ids = view.person_ids[found]
    found = found[np.argsort(ids, kind="stable")]
    columns = [view.person_ids[found], totals[found, ring.CONTACTS], totals[found, ring.OVERLAP]]
    return pa.table([*columns, totals[found, ring.FIRST] + EPOCH_S], schema=RING_SCHEMA)


def crowd(source: Source, place: int, interval: Interval, *, known_at: Instant) -> pa.Table:
    """The stays of everyone who was at a place in an interval (VISIBLE_SCHEMA), by start, person and stay."""
    view = view_at(source, known_at)
    dense = int(view.places.find(np.array([place]))[0])
    since, until = (int(np.clip(at - EPOCH_S, -(2**31) + 2, 2**31 - 2)) for at in interval)
    tables = [VISIBLE_SCHEMA.empty_table()]
    for at, part in enumerate(view.segments):
        rows = part.rows_of_place(dense)
        ends = view.end_of(at)
        tables.append(view.table(at, rows[(part.columns["start"][rows] < until) & (ends[rows] > since)]))
    return pa.concat_tables(tables).sort_by([(name, "ascending") for name in ("start_s", "person", "stay")])


def worst_places(source: Source, most: int, *, known_at: Instant) -> pa.Table:
    """The `most` places with the most stays (PLACE_SCHEMA), busiest first: where a plan that joins on place alone suffers.

    Rows hidden from the question (withdrawn, repeated) are counted here.
    """
    view = view_at(source, known_at)
    stays, longest = np.zeros(len(view.place_ids), np.int64), np.zeros(len(view.place_ids), np.int64)
    for part in view.segments:
        counts = np.diff(part.columns["place_offset"])
        places = part.columns.get("place_ids", np.arange(len(counts), dtype=np.int32))
        stays[places] += counts
        longest[places] = np.maximum(longest[places], part.columns["longest"])
    order = np.lexsort((view.place_ids, -stays))[:most]
    order = order[stays[order] > 0]
    columns = [view.place_ids[order], view.kinds[order], stays[order], longest[order]]
    return pa.table(columns, schema=PLACE_SCHEMA)
