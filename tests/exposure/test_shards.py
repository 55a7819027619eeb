"""A town dealt to shards in any way gives, after the reducing steps, the answer of the whole town."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given, settings
from hypothesis import strategies as st

from sizao.exposure.duckdb_engine import DuckDBSession
from sizao.exposure.engine import Exposures
from sizao.exposure.reference import Reference
from sizao.exposure.shard import Asked, judged
from sizao.exposure.sql import CASE_SPOTS, CASE_STAYS, REDUCING
from sizao.exposure.sql_run import answer, for_sql, question_tables, run_steps
from tests.exposure.towns import KNOWN_AT, Town, plain, towns


def by_shards(town: Town, shards: int) -> Exposures:
    """The town's answer with its stays dealt out by stay id."""
    stays = for_sql("stays", town.source().stays(KNOWN_AT))
    with DuckDBSession() as session:
        session.load("stays", stays)
        for name, table in question_tables(town.question(), town.contact_rules()).items():
            session.load(name, table)
        run_steps(session, (CASE_STAYS, CASE_SPOTS))
        asked = Asked(session.fetch("case_stays"), session.fetch("case_spots"), town.contact_rules())
        parts = [stays.filter(pc.equal(_remainder(stays["stay"], shards), shard)) for shard in range(shards)]
        session.load("judged", pa.concat_tables([judged(part, asked) for part in parts]))
        run_steps(session, REDUCING)
        return answer(session, town.contact_rules(), evidence=True, top=None)


def _remainder(ids: pa.ChunkedArray, shards: int) -> pa.ChunkedArray:
    return pc.subtract(ids, pc.multiply(pc.divide(ids, shards), shards))


@settings(max_examples=120)
@given(town=towns(), shards=st.integers(1, 3))
def test_a_town_in_shards_gives_the_answer_of_the_reference(town: Town, shards: int) -> None:
    expected = Reference().match(town.question(), town.source(), town.contact_rules(), known_at=KNOWN_AT)
    assert plain(by_shards(town, shards)) == plain(expected)
