"""On a generated city of some 200,000 stays all engines give the same pairs, minutes and evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from sizao.exposure.duckdb_engine import DuckDB
from sizao.exposure.embedded import Embedded
from sizao.exposure.engine import Exposures
from sizao.exposure.reference import Reference
from tests.exposure.city import KNOWN_AT, City, city, city_cases, city_rules


@pytest.fixture(scope="session")
def town() -> City:
    """About 200,000 stays."""
    return city(4_500, 7)


@pytest.fixture(scope="session")
def expected(town: City) -> Exposures:
    """What the reference says of the city's cases."""
    return Reference().match(city_cases(town, 12), town.source, city_rules(), known_at=KNOWN_AT)


def test_the_city_has_every_kind_of_contact(town: City, expected: Exposures) -> None:
    assert 180_000 < town.source.table.num_rows < 230_000
    rules_used = set(expected.pairs["rule"].to_pylist())
    assert rules_used == set(range(len(city_rules())))
    flags = set(expected.pairs["flags"].to_pylist())
    assert {flag for flag in (1, 2, 4, 8) if any(found & flag for found in flags)} == {1, 2, 4, 8}


@pytest.mark.parametrize("engine", [Embedded(1), Embedded(2), DuckDB()], ids=("one thread", "two threads", "DuckDB"))
def test_an_engine_gives_the_answer_of_the_reference_on_a_city(engine: Any, town: City, expected: Exposures) -> None:
    """The last two cases are a notice with seats and the crowd of the station."""
    found = engine.match(city_cases(town, 12), town.source, city_rules(), known_at=KNOWN_AT)
    assert found.pairs.equals(expected.pairs)
    assert found.evidence is not None
    assert found.evidence.equals(expected.evidence)


def test_files_read_by_duckdb_itself_give_the_same_answer(town: City, expected: Exposures, tmp_path: Path) -> None:
    half = town.source.table.num_rows // 2
    files = [tmp_path / "first.parquet", tmp_path / "second.parquet"]
    for file, part in zip(files, (town.source.table[:half], town.source.table[half:]), strict=True):
        pq.write_table(part, file)
    found = DuckDB().match_files(city_cases(town, 12), files, city_rules())
    assert found.pairs.equals(expected.pairs)
