"""DuckDB runs the SQL definition; on random towns it says exactly what the slow reference says."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sizao.exposure.duckdb_engine import DuckDB
from sizao.exposure.reference import Reference
from tests.exposure.towns import KNOWN_AT, Town, plain, towns


@settings(max_examples=150)
@given(town=towns(), top=st.sampled_from((None, None, 0, 1, 2)))
def test_duckdb_gives_the_pairs_and_evidence_of_the_reference(town: Town, top: int | None) -> None:
    question = (town.question(), town.source(), town.contact_rules())
    expected = Reference().match(*question, known_at=KNOWN_AT, top=top)
    found = DuckDB(threads=1).match(*question, known_at=KNOWN_AT, top=top)
    assert plain(found) == plain(expected)
    assert found.pairs.schema == expected.pairs.schema
    assert found.rules_digest == expected.rules_digest
