"""Spark answers as the reference does: many random towns as one question, a city, and the SQL definition run by Spark itself.

A Spark job costs seconds whatever it does, so towns are joined into one question first.
"""

from __future__ import annotations

from typing import Any

import pytest

from sizao.errors import ExposureError
from sizao.exposure.reference import Reference
from sizao.exposure.sql import Step
from tests.exposure.city import KNOWN_AT as CITY_KNOWN_AT
from tests.exposure.city import city, city_cases, city_rules, second_ring
from tests.exposure.towns import KNOWN_AT, Town, joined, many_towns, plain

pytestmark = pytest.mark.spark
engine_file = pytest.importorskip("sizao.exposure.spark_engine", reason="Spark: the spark extra is not installed")


@pytest.fixture(scope="module")
def region() -> Town:
    """Many random towns as one."""
    return joined(many_towns(240))


@pytest.fixture(scope="module")
def expected(region: Town) -> Any:
    """What the reference says of them."""
    answer = Reference().match(region.question(), region.source(), region.contact_rules(), known_at=KNOWN_AT)
    flags = set(answer.pairs["flags"].to_pylist())
    assert all(any(found & flag for found in flags) for flag in (1, 2, 4, 8)), "the towns no longer show every flag"
    return answer


def test_the_kernel_on_shards_gives_the_answer_of_the_reference(spark: Any, region: Town, expected: Any) -> None:
    """A place with more than 20 stays counts as crowded here, so that places are dealt to several shards."""
    engine = engine_file.Spark(spark, shards=3, crowded=20)
    found = engine.match(region.question(), region.source(), region.contact_rules(), known_at=KNOWN_AT)
    assert plain(found) == plain(expected)
    assert found.pairs.schema == expected.pairs.schema


def test_the_definition_run_by_spark_gives_the_answer_of_the_reference(spark: Any, region: Town, expected: Any) -> None:
    engine = engine_file.Spark(spark)
    stays = engine.deal(spark.createDataFrame(region.source().stays(KNOWN_AT)))
    found = engine.match_by_sql(region.question(), stays, region.contact_rules())
    assert plain(found) == plain(expected)


def test_spark_gives_the_answer_of_the_reference_on_a_city(spark: Any) -> None:
    """The station is crowded and dealt to several shards; one of the cases is its crowd of an hour."""
    town = city(4_500, 7)
    question = (city_cases(town, 12), town.source, city_rules())
    expected = Reference().match(*question, known_at=CITY_KNOWN_AT)
    found = engine_file.Spark(spark, shards=4, crowded=8_000).match(*question, known_at=CITY_KNOWN_AT)
    assert found.pairs.equals(expected.pairs)
    assert found.evidence.equals(expected.evidence)


def test_spark_gives_the_second_ring_of_the_reference(spark: Any) -> None:
    ring = second_ring()
    found = engine_file.Spark(spark, shards=2).match(ring.asked, ring.town.source, ring.rules, known_at=CITY_KNOWN_AT)
    assert plain(found) == plain(ring.expected)


def test_an_error_on_spark_names_the_step_and_carries_its_text(spark: Any) -> None:
    broken = Step(name="meetings", says="A step with a slip.", sql="select nowhere from nothing", keep=True)
    with engine_file.SparkSteps(spark) as steps, pytest.raises(ExposureError) as caught:
        steps.run(broken)
    assert caught.value.code == "E170"
    assert caught.value.slots["step"] == "meetings"
    assert caught.value.slots["sql"] == broken.sql


def test_spark_leaves_the_callers_session_as_it_was(spark: Any) -> None:
    with engine_file.SparkSteps(spark) as steps:
        steps.run(Step(name="cases", says="A table named as the caller's may be.", sql="select 1 as one", keep=True))
        assert not spark.catalog.tableExists("cases")
    assert [table.name for table in spark.catalog.listTables("global_temp") if table.name.startswith("sizao")] == []
