"""The servers that some tests need are there, are the throw-away ones, and know our code."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.spark
def test_spark_counts_in_utc_and_its_workers_know_our_code(spark: Any) -> None:
    def day_of(moment: int) -> str:
        from sizao.when import Instant, local_day

        return local_day(Instant(moment), "Asia/Shanghai").isoformat()

    assert spark.conf.get("spark.sql.session.timeZone") == "UTC"
    assert spark.sparkContext.parallelize([1_627_272_000], 1).map(day_of).collect() == ["2021-07-26"]
    assert [row[0] for row in spark.sql("select sum(id) from range(10)").collect()] == [45]


@pytest.mark.postgres
def test_postgres_answers_with_ranges(postgres_url: str) -> None:
    psycopg = pytest.importorskip("psycopg", reason="PostgreSQL: psycopg is not installed")
    with psycopg.connect(postgres_url) as connection:
        row = connection.execute("select int8range(0, 10) && int8range(10, 20)").fetchone()
    assert row == (False,)
