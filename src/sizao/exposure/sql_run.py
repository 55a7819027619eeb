"""Runs the SQL steps on any engine that can load a table, run a step and fetch a result, and shapes the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from sizao.exposure.cases import Cases, CaseStays
from sizao.exposure.contact_rules import ContactRules
from sizao.exposure.engine import EVIDENCE_SCHEMA, EXPOSURE_SCHEMA, Exposures
from sizao.exposure.sql import INPUTS, STEPS, Step

NAMES = {"case": "case_no", "case_row": "told_row", "row": "seat_row", "order": "rule_order"}
"""Column names that SQL reserves, and what the steps call them."""

NAMES_BACK = {sql: name for name, sql in NAMES.items()}


class Runner(Protocol):
    """What an SQL engine must be able to do. Nothing else about an engine is known outside its file."""

    def load(self, name: str, table: pa.Table) -> None:
        """Make a table readable under that name."""
        ...

    def run(self, step: Step, inlined: Sequence[Step]) -> None:
        """Make the step's table; `inlined` are the steps before it that are not tables of their own."""
        ...

    def fetch(self, name: str) -> pa.Table:
        """The rows of a kept step or an input."""
        ...


def question_tables(cases: Cases, rules: ContactRules) -> dict[str, pa.Table]:
    """The inputs of `sql.INPUTS` other than the stays."""
    told = cases.stays if cases.stays is not None else CaseStays.of(())
    tables = {
        "cases": cases.table(),
        "told_stays": told.table(),
        "told_spots": told.spots_table(),
        "contact_rules": rules.table(),
    }
    return {name: for_sql(name, table) for name, table in tables.items()}


def for_sql(name: str, table: pa.Table) -> pa.Table:
    """The columns input `name` must have, under the names the steps use, integers as BIGINT."""
    renamed = table.rename_columns([NAMES.get(column, column) for column in table.column_names]).select(INPUTS[name])
    wide = [pa.field(f.name, f.type if pa.types.is_boolean(f.type) else pa.int64()) for f in renamed.schema]
    return renamed.cast(pa.schema(wide))


def run_steps(runner: Runner, steps: Sequence[Step] = STEPS, *, keep_all: bool = False) -> None:
    """Run the steps in order; with `keep_all` every step stays behind as a table that can be looked at."""
    for step, inlined in _batches(steps, keep_all=keep_all):
        runner.run(step, inlined)


def _batches(steps: Sequence[Step], *, keep_all: bool) -> Iterator[tuple[Step, Sequence[Step]]]:
    waiting: list[Step] = []
    for step in steps:
        if step.keep or keep_all:
            yield step, tuple(waiting)
            waiting.clear()
        else:
            waiting.append(step)


def answer(runner: Runner, rules: ContactRules, *, evidence: bool, top: int | None) -> Exposures:
    """The answer in its defined order, from the steps `pairs` and `evidence` of a runner that ran them."""
    return shaped(runner.fetch("pairs"), runner.fetch("evidence") if evidence else None, rules.digest, top=top)


def shaped(pairs: pa.Table, evidence: pa.Table | None, digest: str, *, top: int | None) -> Exposures:
    """Tables of the steps `pairs` and `evidence`, cut to `top` per case, in the defined order and schema."""
    return Exposures(
        pairs=_shape(pairs, EXPOSURE_SCHEMA, ("case_no", "rank_in_case"), top),
        evidence=None if evidence is None else _shape(evidence, EVIDENCE_SCHEMA, _EVIDENCE_ORDER, top),
        rules_digest=digest,
    )


_EVIDENCE_ORDER = ("case_no", "rank_in_case", "began_s", "stay", "case_stay", "ended_s")


def _shape(table: pa.Table, schema: pa.Schema, order: Sequence[str], top: int | None) -> pa.Table:
    if top is not None:
        table = table.filter(pc.field("rank_in_case") <= top)
    ordered = table.sort_by([(column, "ascending") for column in order])
    named = ordered.rename_columns([NAMES_BACK.get(column, column) for column in ordered.column_names])
    return named.select(schema.names).cast(schema)
