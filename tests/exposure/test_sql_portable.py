"""The SQL steps stay inside what every engine reads alike, and DuckDB plans the one join that matters as a hash join."""

from __future__ import annotations

import json
import re

import pyarrow as pa
import pytest
import sqlglot
from sqlglot import exp

from sizao.errors import ExposureError
from sizao.exposure.duckdb_engine import DuckDB, DuckDBSession
from sizao.exposure.source import Snapshot
from sizao.exposure.sql import INPUTS, SQL_DIGEST, STEPS, Step, digest_of, script_of, step_named
from sizao.exposure.sql_run import for_sql, question_tables, run_steps
from tests.exposure.towns import KNOWN_AT, MIDNIGHT, StayRow, Town, shop_rule, stay_table

# sqlglot reads Spark's CAST as one that may give NULL; a cast to BIGINT of a whole number never does.
ALLOWED_FUNCTIONS = frozenset(
    {"GREATEST", "LEAST", "COALESCE", "MIN", "MAX", "SUM", "COUNT", "ROW_NUMBER", "CASE", "CAST", "FLOOR", "TRY_CAST"}
)
BANNED_NODES = (
    exp.Anonymous, exp.Concat, exp.DPipe, exp.Div, exp.IntDiv, exp.Unnest, exp.Lateral, exp.Array, exp.Parameter,
    exp.Placeholder, exp.Star, exp.Exists, exp.Any, exp.Order,
)  # fmt: skip
DIALECTS = ("duckdb", "spark")


def _functions(tree: exp.Expr) -> set[str]:
    logic = (exp.And, exp.Or, exp.Not)
    return {node.sql_name() for node in tree.find_all(exp.Func) if not isinstance(node, logic)} | {
        "CASE" for _ in tree.find_all(exp.Case)
    }


def _breaches(step: Step, dialect: str) -> list[str]:
    tree = sqlglot.parse_one(step.sql, dialect=dialect)
    found = sorted(_functions(tree) - ALLOWED_FUNCTIONS - {"CASE", "IF"})
    for banned in BANNED_NODES:
        found += [node.sql() for node in tree.find_all(banned) if not _is_harmless(node)]
    found += [node.sql() for node in tree.find_all(exp.Literal) if node.is_string or "." in node.name]
    found += [node.sql() for node in tree.find_all(exp.Cast) if node.to.this not in {exp.DataType.Type.BIGINT}]
    found += [
        node.sql() for node in tree.find_all(exp.Join) if (node.kind or node.side) in {"SEMI", "ANTI", "FULL", "RIGHT"}
    ]
    found += [node.name for node in tree.find_all(exp.Column) if node.args["this"].quoted]
    return found


def _is_harmless(node: exp.Expr) -> bool:
    """`count(*)`, and the order inside a window."""
    return isinstance(node.parent, exp.Count | exp.Window)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_uses_only_what_all_engines_read_alike(step: Step, dialect: str) -> None:
    assert _breaches(step, dialect) == []


@pytest.mark.parametrize(
    "sql",
    [
        "select hash(stay) as a from stays",
        "select 'a' || 'b' as a from stays",
        "select concat(stay, place) as a from stays",
        "select stay / 2 as a from stays",
        "select cast(stay as integer) as a from stays",
        "select stay + 0.5 as a from stays",
        "select * from stays",
        "select s.stay from stays s left semi join cases c on c.person = s.person",
        "select stay from stays where exists (select 1 as one from cases c where c.person = stays.person)",
        'select "row" as a from stays',
        "select stay from stays order by stay",
        "select date_diff('minute', start_s, end_s) as a from stays",
        "select bit_or(flags) as a from stays",
    ],
)
def test_the_portability_check_finds(sql: str) -> None:
    assert _breaches(Step(name="bad", says="A bad step.", sql=sql), "duckdb") != []


def test_a_step_reads_only_inputs_and_steps_before_it() -> None:
    known = set(INPUTS)
    for step in STEPS:
        tree = sqlglot.parse_one(step.sql, dialect="duckdb")
        assert {table.name for table in tree.find_all(exp.Table)} <= known, step.name
        known.add(step.name)


def test_no_value_is_written_into_the_text_but_codes_and_zero() -> None:
    """0 and 1 are yes and no, −1 is unknown; 1, 2, 4, 8 are the flags' codes and 3 is OPEN_END with OVER_LONG."""
    for step in STEPS:
        numbers = {node.name for node in sqlglot.parse_one(step.sql, dialect="duckdb").find_all(exp.Literal)}
        assert numbers <= {"0", "1", "2", "3", "4", "8"}, step.name


def test_every_step_says_what_it_makes_in_one_sentence() -> None:
    for step in STEPS:
        assert re.fullmatch(r"[A-Z][^.]*\.", step.says), step.name
    assert len({step.name for step in STEPS}) == len(STEPS)


def test_the_digest_changes_with_any_text() -> None:
    assert digest_of(STEPS) == SQL_DIGEST
    changed = Step(name=STEPS[0].name, says=STEPS[0].says, sql=STEPS[0].sql + " ", keep=True)
    assert digest_of((changed, *STEPS[1:])) != SQL_DIGEST


def _crowd(people: int) -> Town:
    """Everybody at one place, one case among them, and many elsewhere."""
    rows = [StayRow(n, n, n % 50, 12, MIDNIGHT + n % 7200, MIDNIGHT + 7200 + n, 0, -1, -1, 0) for n in range(1, people)]
    return Town(tuple(rows), ((7, MIDNIGHT, MIDNIGHT + 86_400), (8, MIDNIGHT, MIDNIGHT + 86_400)), (), (shop_rule(),))


def _plan_of(name: str) -> str:
    """DuckDB's plan of a step over a crowd, everything before it in place."""
    town = _crowd(20_000)
    with DuckDBSession() as session:
        session.load("stays", for_sql("stays", town.source().stays(KNOWN_AT)))
        for table, rows in question_tables(town.question(), town.contact_rules()).items():
            session.load(table, rows)
        run_steps(session, STEPS, keep_all=True)
        return session.explain(step_named(name))


def _operators(plan: str) -> dict[str, list[str]]:
    """The operators of a JSON plan, each with its conditions."""
    found: dict[str, list[str]] = {}
    waiting = list(json.loads(plan))
    while waiting:
        node = waiting.pop()
        conditions = node.get("extra_info", {}).get("Conditions", [])
        found.setdefault(node["name"], []).extend([conditions] if isinstance(conditions, str) else conditions)
        waiting += node["children"]
    return found


def test_duckdb_joins_meetings_by_a_hash_of_the_place_and_no_other_way() -> None:
    operators = _operators(_plan_of("meetings"))
    assert {name for name in operators if "JOIN" in name or "PRODUCT" in name} == {"HASH_JOIN"}
    assert "place = place" in operators["HASH_JOIN"]


def test_the_plan_check_would_see_a_nested_loop() -> None:
    step = Step(name="bad", says="A bad join.", sql="select l.x from a l join a r on l.x < r.x and l.y > r.y")
    with DuckDBSession() as session:
        session.load("a", pa.table({"x": [1, 2], "y": [3, 4]}))
        operators = _operators(session.explain(step))
    assert not any(name == "HASH_JOIN" for name in operators)


def test_an_error_names_the_step_and_carries_its_whole_text() -> None:
    broken = Step(
        name="meetings", says="A step with a slip.", sql="select stay from stays where nowhere = 1", keep=True
    )
    with DuckDBSession() as session:
        session.load("stays", for_sql("stays", stay_table(())))
        with pytest.raises(ExposureError) as caught:
            session.run(broken)
    assert caught.value.code == "E170"
    assert caught.value.slots["step"] == "meetings"
    assert script_of(broken, ()) in str(caught.value.slots["sql"])
    assert "nowhere" in str(caught.value.slots["because"])


def test_debug_mode_keeps_every_step_as_a_table() -> None:
    town = _crowd(500)
    engine = DuckDB(debug=True)
    answer = engine.match(town.question(), Snapshot(stay_table(town.stays)), town.contact_rules(), known_at=KNOWN_AT)
    tables = {step.name: engine.step_table(step.name).num_rows for step in STEPS}
    assert tables["case_stays"] == 2
    assert tables["meetings"] >= tables["qualifying"] == tables["evidence"] > 0
    assert tables["pairs"] == len(answer)
    plain_answer = DuckDB().match(town.question(), town.source(), town.contact_rules(), known_at=KNOWN_AT)
    assert plain_answer.pairs.equals(answer.pairs)


def test_a_step_table_that_is_not_there_is_refused_by_name() -> None:
    for ask in (lambda: DuckDB().step_table("meetings"), lambda: step_named("meeting")):
        with pytest.raises(ExposureError) as caught:
            ask()
        assert caught.value.code == "E171"
