"""Spark: the same question over stays that no machine holds. Not for interactive single cases.

Place is the partition key: no meeting crosses places. Stays are dealt to shards by place, a crowded place to several shards; the
cases' stays go to every shard; each shard runs the embedded kernel (`shard.judged`); and the SQL steps after `judged` reduce
what the shards found per case and person. The whole SQL definition also runs on Spark, as the check.

The only file that imports `pyspark` (extra `spark`). It runs in a session of its own beside the caller's, on the caller's Spark.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pyarrow as pa
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as every Spark program calls it

from sizao.errors import ExposureError
from sizao.exposure.cases import Cases
from sizao.exposure.contact_rules import ContactRules
from sizao.exposure.engine import Exposures
from sizao.exposure.shard import JUDGED_SCHEMA, Asked, judged
from sizao.exposure.source import StaySource
from sizao.exposure.sql import CASE_SPOTS, CASE_STAYS, INPUTS, REDUCING, Step, script_of
from sizao.exposure.sql_run import NAMES_BACK, answer, question_tables, run_steps
from sizao.when import Instant

_SHARD = "the kernel on one shard"


def local_session(*, threads: int = 2, memory: str = "2g") -> SparkSession:
    """A Spark on this machine whose workers run this very Python. For trying out; a service brings its own."""
    settings = {
        "spark.driver.memory": memory,
        "spark.executorEnv.PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(2 * threads),
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
    }
    os.environ["PYSPARK_PYTHON"] = sys.executable  # The setting of the same name is read by spark-submit only.
    builder = SparkSession.builder.master(f"local[{threads}]").appName("sizao")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


class Spark:
    """An engine. `shards` is into how many parts stays are dealt; a shard must fit into a worker's memory.

    A place with more than `crowded` stays is dealt to as many shards as it takes to have no more than that in each.
    """

    def __init__(self, session: SparkSession, *, shards: int = 8, crowded: int = 2_000_000) -> None:
        self._session, self._shards, self._crowded = _own_session(session), shards, crowded

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
        """See `Engine.match`. The stays pass through this process; for more than it holds see `match_frame`."""
        dealt = self.deal(self._session.createDataFrame(store.stays(known_at))).persist()
        try:
            return self.match_frame(cases, dealt, rules, evidence=evidence, top=top)
        finally:
            dealt.unpersist()

    def deal(self, stays: DataFrame) -> DataFrame:
        """Stays (VISIBLE_SCHEMA) dealt to shards, in the form `match_frame` takes. Persist it to ask more than once."""
        counted = stays.groupBy("place").count().where(F.col("count") > self._crowded)
        crowded = counted.select(F.col("place").alias("crowded"), F.ceil(F.col("count") / self._crowded).alias("parts"))
        joined = stays.join(F.broadcast(crowded), stays["place"] == crowded["crowded"], "left")
        part = F.when(F.col("parts").isNull(), F.lit(0)).otherwise(F.pmod(F.col("stay"), F.col("parts")))
        columns = [F.col(NAMES_BACK.get(name, name)).cast("bigint").alias(name) for name in INPUTS["stays"]]
        dealt = joined.select(*columns, part.alias("part")).repartition(self._shards, "place", "part")
        return dealt.drop("part")

    def match_frame(
        self, cases: Cases, dealt: DataFrame, rules: ContactRules, *, evidence: bool = True, top: int | None = None
    ) -> Exposures:
        """The answer over stays that are dealt to shards by `deal`; what is known was chosen with them."""
        with SparkSteps(self._session) as steps:
            self._load(steps, cases, dealt, rules)
            run_steps(steps, (CASE_STAYS, CASE_SPOTS))
            asked = Asked(steps.fetch(CASE_STAYS.name), steps.fetch(CASE_SPOTS.name), rules)
            payload = self._session.sparkContext.broadcast(asked)
            found = dealt.mapInArrow(_judging(payload), _ddl(JUDGED_SCHEMA)).persist()
            try:
                steps.load("judged", found)
                run_steps(steps, REDUCING)
                return answer(steps, rules, evidence=evidence, top=top)
            except PySparkException as failed:
                raise _failure(_SHARD, "", failed) from failed
            finally:
                found.unpersist()
                payload.destroy()

    def match_by_sql(
        self, cases: Cases, stays: DataFrame, rules: ContactRules, *, evidence: bool = True, top: int | None = None
    ) -> Exposures:
        """The same by the SQL definition alone, without the kernel: the check. `stays` as `deal` gives them."""
        with SparkSteps(self._session) as steps:
            self._load(steps, cases, stays, rules)
            run_steps(steps)
            return answer(steps, rules, evidence=evidence, top=top)

    def _load(self, steps: SparkSteps, cases: Cases, stays: DataFrame, rules: ContactRules) -> None:
        steps.load("stays", stays)
        for name, table in question_tables(cases, rules).items():
            steps.load(name, table)


def _own_session(session: SparkSession) -> SparkSession:
    """A session beside the caller's, so that no view and no setting of the caller's is touched."""
    own = session.newSession()
    # Tables are handed over as partitions; as part of the plan they would be sent, and kept, again with every job.
    own.conf.set("spark.sql.execution.arrow.localRelationThreshold", "0")
    return own


class SparkSteps:
    """Runs SQL steps as temporary views of a session of its own (`Runner`)."""

    def __init__(self, session: SparkSession) -> None:
        self._session = _own_session(session)
        self._kept: list[DataFrame] = []

    def __enter__(self) -> SparkSteps:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def load(self, name: str, table: pa.Table | DataFrame) -> None:
        """Make an Arrow table, or a frame of any session on the same Spark, readable under that name."""
        frame = self._session.createDataFrame(table) if isinstance(table, pa.Table) else self._adopted(name, table)
        frame.createOrReplaceTempView(name)

    def run(self, step: Step, inlined: Sequence[Step] = ()) -> None:
        """Make the step a view; a kept step's rows are computed once, when first needed."""
        text = script_of(step, inlined)
        try:
            frame = self._session.sql(text)
            if step.keep:
                self._kept.append(frame.persist())
            frame.createOrReplaceTempView(step.name)
        except PySparkException as failed:
            raise _failure(step.name, text, failed) from failed

    def fetch(self, name: str) -> pa.Table:
        """All rows of a view, as Arrow."""
        try:
            return self._session.table(name).toArrow()
        except PySparkException as failed:
            raise _failure(name, "", failed) from failed

    def close(self) -> None:
        """Let go of what was kept."""
        for frame in self._kept:
            frame.unpersist()
        self._kept.clear()

    def _adopted(self, name: str, frame: DataFrame) -> DataFrame:
        """A frame of another session as one of this session: passed through a view all sessions see, for a moment."""
        shared = f"sizao_{id(self):x}_{name}"
        frame.createOrReplaceGlobalTempView(shared)
        try:
            return self._session.table(f"global_temp.{shared}")
        finally:
            frame.sparkSession.catalog.dropGlobalTempView(shared)


def _judging(payload: Any) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def judge(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        held = list(batches)
        if held:
            yield from judged(pa.Table.from_batches(held), payload.value).to_batches()

    return judge


def _ddl(schema: pa.Schema) -> str:
    return ", ".join(f"{field.name} {'boolean' if pa.types.is_boolean(field.type) else 'bigint'}" for field in schema)


def _failure(step: str, sql: str, failed: Exception) -> ExposureError:
    return ExposureError("E170", engine="Spark", step=step, sql=sql, because=str(failed))
