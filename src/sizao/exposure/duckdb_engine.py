"""DuckDB: the SQL definition run on one machine. The check of the embedded engine, its fallback, and the ad-hoc layer.

The only file that imports `duckdb` (extra `duckdb`). Stays come from the store as Arrow, or straight from Parquet files.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from sizao.errors import ExposureError
from sizao.exposure.cases import Cases
from sizao.exposure.contact_rules import ContactRules
from sizao.exposure.engine import Exposures
from sizao.exposure.source import StaySource
from sizao.exposure.sql import Step, script_of
from sizao.exposure.sql_run import answer, for_sql, question_tables, run_steps
from sizao.when import Instant

_STAYS_IN_FILES = """
select stay, person, place, cast(kind as bigint) as kind, start_s, end_s, cast(zone as bigint) as zone,
       cast("row" as bigint) as seat_row, cast(flags as bigint) as flags
from read_parquet(?)"""


class DuckDB:
    """An engine, and in debug mode a place to look at every step.

    `memory` is DuckDB's own limit ("4GB"); beyond it, it spills into `spill`. A failure is an `ExposureError` (E170) that names
    the step and carries its full text. Threads: None is one per core.
    """

    def __init__(
        self, *, debug: bool = False, memory: str | None = None, threads: int | None = None, spill: Path | None = None
    ) -> None:
        settings: dict[str, Any] = {"memory_limit": memory, "threads": threads, "temp_directory": spill and str(spill)}
        self._settings = {name: value for name, value in settings.items() if value is not None}
        self._debug = debug
        self._last: DuckDBSession | None = None

    def match(
        self,
        cases: Cases,
        store: StaySource,
        rules: ContactRules,
        *,
        known_at: Instant,
        evidence: bool = True,
        top: int | None = None,
    ) -> Exposures:
        """See `Engine.match`."""
        with DuckDBSession(self._settings) as session:
            session.load("stays", for_sql("stays", store.stays(known_at)))
            return self._match(session, cases, rules, evidence=evidence, top=top)

    def match_files(
        self,
        cases: Cases,
        files: Sequence[Path],
        rules: ContactRules,
        *,
        evidence: bool = True,
        top: int | None = None,
    ) -> Exposures:
        """The same over Parquet files of VISIBLE_SCHEMA, read by DuckDB itself; what is known was chosen with the files."""
        with DuckDBSession(self._settings) as session:
            session.load_files(files)
            return self._match(session, cases, rules, evidence=evidence, top=top)

    def step_table(self, name: str) -> pa.Table:
        """In debug mode, the table a step left behind in the last match. Refuses when there is none (E171)."""
        if self._last is None:
            raise ExposureError("E171", step=name)
        return self._last.fetch(name)

    def _match(
        self, session: DuckDBSession, cases: Cases, rules: ContactRules, *, evidence: bool, top: int | None
    ) -> Exposures:
        for name, table in question_tables(cases, rules).items():
            session.load(name, table)
        run_steps(session, keep_all=self._debug)
        if self._debug:
            session.keep_open()
            self._last = session
        return answer(session, rules, evidence=evidence, top=top)


class DuckDBSession:
    """A private in-memory database that runs steps as temporary tables (`Runner`)."""

    def __init__(self, settings: dict[str, Any] | None = None) -> None:
        self._connection = duckdb.connect(":memory:", config={**(settings or {})})
        self._kept_open = False

    def __enter__(self) -> DuckDBSession:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._kept_open:
            self.close()

    def keep_open(self) -> None:
        """Leave the tables behind after `with`, to be looked at."""
        self._kept_open = True

    def load(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table readable under that name; its buffers are not copied."""
        self._connection.register(name, table)

    def load_files(self, files: Sequence[Path]) -> None:
        """Copy the stays of Parquet files into the table `stays`."""
        create = Step(name="stays", says="The stays of the files.", sql=_STAYS_IN_FILES, keep=True)
        self._execute(create, f"create temp table stays as {_STAYS_IN_FILES}", [[str(file) for file in files]])

    def run(self, step: Step, inlined: Sequence[Step] = ()) -> None:
        """Store the step's rows as a temporary table."""
        self._execute(step, f"create or replace temp table {step.name} as\n{script_of(step, inlined)}")

    def explain(self, step: Step, inlined: Sequence[Step] = ()) -> str:
        """DuckDB's physical plan (JSON) of a step whose inputs are there."""
        rows = self._execute(step, f"explain (format json) {script_of(step, inlined)}")
        return "\n".join(str(text) for _, text in rows)

    def fetch(self, name: str) -> pa.Table:
        """All rows of a table, as Arrow. Refuses a name that is none (E171)."""
        try:
            return self._connection.table(name).to_arrow_table()
        except duckdb.Error as absent:
            raise ExposureError("E171", step=name) from absent

    def close(self) -> None:
        """Forget everything."""
        self._connection.close()

    def _execute(self, step: Step, text: str, values: list[Any] | None = None) -> list[Any]:
        try:
            # An unfetched result would block the connection's next statement (DuckDB 2).
            return list(self._connection.execute(text, values).fetchall())
        except duckdb.Error as failed:
            raise ExposureError("E170", engine="DuckDB", step=step.name, sql=text, because=str(failed)) from failed
