"""The embedded engine: the compiled kernel over the segments of a store, on as many threads as the machine has.

It answers by the definition in `engine.py`. Cases are dealt to the threads a few at a time; each part of the answer is
written where Arrow reads it, and the parts are joined in the order of the cases.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pyarrow as pa

from sizao.exposure import judging
from sizao.exposure.cases import Cases
from sizao.exposure.casework import CaseWork, case_work
from sizao.exposure.contact_rules import ContactRules
from sizao.exposure.engine import EVIDENCE_SCHEMA, EXPOSURE_SCHEMA, Exposures
from sizao.exposure.plan import PlanArrays, plan_for
from sizao.exposure.probe import PLACE, SINCE, TILL
from sizao.exposure.rows import Rows
from sizao.exposure.segments import EPOCH_S
from sizao.exposure.source import StaySource
from sizao.exposure.store import StayStore
from sizao.exposure.view import Scratch, View, view_of
from sizao.when import Instant

EVERYBODY = 2**62
"""A `top` that keeps all."""

_PARTS_PER_THREAD = 8
_ALONE = 8

Part = tuple[list[pa.RecordBatch], list[pa.RecordBatch]]


def view_at(source: StayStore | StaySource | View, known_at: Instant) -> View:
    """What a store shows at an instant; a view is itself, another source of stays is read into memory."""
    if isinstance(source, View):
        return source
    if isinstance(source, StayStore):
        return source.view(known_at)
    return view_of(source.stays(known_at))


def threads_of_machine() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_parts(cases: int, threads: int) -> Iterator[tuple[int, int]]:
    """Ranges of cases for the threads to take in turn; one range where there are few cases or one thread."""
    if threads == 1 or cases <= _ALONE:
        yield 0, cases
        return
    step = max(1, -(-cases // (threads * _PARTS_PER_THREAD)))
    for first in range(0, cases, step):
        yield first, min(cases, first + step)


def run_parts(cases: int, threads: int, work: Callable[[int, int], Part]) -> Part:
    """Run `work` on all parts, and join what comes back in the order of the cases."""
    parts = list(in_parts(cases, threads))
    if len(parts) == 1:
        return work(*parts[0])
    with ThreadPoolExecutor(threads) as pool:
        done = list(pool.map(lambda part: work(*part), parts))
    return [batch for one, _ in done for batch in one], [batch for _, other in done for batch in other]


class Embedded:
    """The engine for one machine. `threads` is how many it uses: all it may, unless told."""

    def __init__(self, threads: int | None = None) -> None:
        self._threads = threads or threads_of_machine()

    def match(
        self,
        cases: Cases,
        store: StayStore | StaySource | View,
        rules: ContactRules,
        *,
        known_at: Instant,
        evidence: bool = True,
        top: int | None = None,
    ) -> Exposures:
        """See `Engine.match`. Refuses more rules for one kind of place than the kernel holds (E121)."""
        view = view_at(store, known_at)
        work = case_work(view, cases)
        plan = _plan(rules, work)
        judge = _Judge(view, work, plan, (EVERYBODY if top is None else top, evidence))
        pairs, shown = run_parts(len(cases), self._threads, judge.part)
        return Exposures(
            pairs=pa.Table.from_batches(pairs, EXPOSURE_SCHEMA),
            evidence=pa.Table.from_batches(shown, EVIDENCE_SCHEMA) if evidence else None,
            rules_digest=rules.digest,
        )


def _plan(rules: ContactRules, work: CaseWork) -> PlanArrays:
    if not len(work.table):
        return plan_for(rules, 0, 0)
    since, until = int(work.table[:, SINCE].min()), int(work.table[:, TILL].max())
    return plan_for(rules, since + EPOCH_S, until + EPOCH_S)


class _Judge:
    """One question, ready to be answered for any range of its cases."""

    def __init__(self, view: View, work: CaseWork, plan: PlanArrays, wish: tuple[int, bool]) -> None:
        self._view, self._work, self._arrays, self._wish = view, work, plan, wish
        self._plan = plan.plan()
        self._places = view.place_ids[work.table[:, PLACE]]
        self._ids = view.person_ids.ctypes.data, self._places.ctypes.data

    def part(self, first: int, last: int) -> Part:
        """The pairs and evidence of cases `first..last`."""
        pairs: list[pa.RecordBatch] = []
        shown: list[pa.RecordBatch] = []
        with self._view.scratch() as scratch:
            totals = np.zeros(self._plan.lines + 1, np.int64)
            memory = (scratch.heads, int(totals.ctypes.data), scratch.marks)
            while first < last:
                first = self._fill(scratch, memory, (first, last), (pairs, shown))
        return pairs, shown

    def _fill(self, scratch: Scratch, memory: Any, cases: tuple[int, int], out: Part) -> int:
        """One call of the kernel into fresh memory; returns the first case not yet answered."""
        left = cases[1] - cases[0]
        rows = Rows(EXPOSURE_SCHEMA, scratch.pairs.room(left))
        evidence = Rows(EVIDENCE_SCHEMA, scratch.shown.room(left) if self._wish[1] else 0)
        upto, pairs, shown, need, need_shown = judging.judge_cases(
            self._view.lines, self._work.for_kernel, self._work.own, cases, self._plan, self._arrays.severity, self._wish,
            self._ids, memory, scratch.log, (rows.room, evidence.room), rows.addresses, evidence.addresses,
        )  # fmt: skip
        if pairs:
            out[0].append(rows.batch(pairs))
            if self._wish[1]:
                out[1].append(evidence.batch(shown))
        scratch.pairs.learn(pairs, upto - cases[0], need)
        scratch.shown.learn(shown, upto - cases[0], need_shown)
        return int(upto)
