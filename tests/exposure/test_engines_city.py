"""On a generated city of some 200,000 stays all engines give the same pairs, minutes and evidence."""

from __future__ import annotations

import pytest

from sizao.exposure.duckdb_engine import DuckDB
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


def test_duckdb_gives_the_answer_of_the_reference_on_a_city(town: City, expected: Exposures) -> None:
    found = DuckDB().match(city_cases(town, 12), town.source, city_rules(), known_at=KNOWN_AT)
    assert found.pairs.equals(expected.pairs)
    assert found.evidence is not None
    assert found.evidence.equals(expected.evidence)
