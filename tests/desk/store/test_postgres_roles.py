"""On PostgreSQL the roles themselves prevent: the application cannot change an act, the discipline role cannot see
anybody. What a superuser does all the same, `sizao verify` finds and names; on SQLite too, in the file."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desk import homes

COUNTY = """
import django
django.setup()
from sizao.desk.ledger import sequencer
from sizao.desk.store.rights import Purpose
from tests.desk.conftest import CAST, NOW
from tests.desk.store.facts_told import exposure, notice, registered, tell
tell(notice(), by=CAST["doctor"], purpose=Purpose.CARE)
for n in range(5):
    tell(registered(f"person:{n}"), by=CAST["clerk"], purpose=Purpose.COUNTER)
tell(exposure("person:0", by=CAST["tracer"]), by=CAST["tracer"], purpose=Purpose.TRACING)
sequencer.caught_up(NOW)
"""
AS_APP = """
import django
django.setup()
from django.db import connection
connection.cursor().execute("SET ROLE sizao_app")
""" + COUNTY.replace("import django\ndjango.setup()\n", "").replace(
    "sequencer.caught_up(NOW)", "print(sequencer.caught_up(NOW).size)"
)
COUNT = """
import django
django.setup()
from django.db import connection
from sizao.desk.store.models import Act
connection.cursor().execute("SET ROLE sizao_app")
print(Act.objects.count())
"""
HEALTH = frozenset({
    "desk_store_factrow", "desk_store_act", "desk_store_timelinerow", "desk_store_dutyrow", "desk_store_subjectrow",
    "desk_store_transition", "desk_store_notice", "desk_store_job", "desk_store_proposal", "desk_store_assignment",
    "desk_people_identity", "desk_people_person", "desk_people_searchkey", "desk_access_readrow", "desk_access_user",
})  # fmt: skip


@pytest.fixture(scope="module")
def served(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, str], str]]:
    """A deployment on a fresh database with the roles granted: how to start its processes, and the database's
    address."""
    psycopg = pytest.importorskip("psycopg")
    name = f"sizao_roles_{secrets.token_hex(4)}"
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    url = homes.database(postgres_url, name)
    home = tmp_path_factory.mktemp("roles") / "home"
    told = homes.make_home(home, url)
    sql = roles_sql(told, home)
    with psycopg.connect(url, autocommit=True) as server:
        for _ in range(2):  # safe to run again
            server.execute(sql)
    assert homes.run(AS_APP, told).strip() == "7"
    yield told, url
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def roles_sql(told: dict[str, str], home: Path) -> str:
    program = "import sys; from sizao.cli.main import main; sys.exit(main())"
    return homes.run(program, told, "roles", "--sql", "--home", str(home))


@pytest.fixture
def as_role(served: tuple[dict[str, str], str]) -> Any:
    """Tries a statement as a role, and says what the server answered ("" when it let it pass); nothing of it stays."""
    psycopg = pytest.importorskip("psycopg")

    def tried(role: str, statement: str) -> str:
        with psycopg.connect(served[1]) as connection:
            connection.execute(f"SET ROLE {role}")
            try:
                connection.execute(statement)
            except psycopg.Error as refused:
                return str(refused).splitlines()[0]
            finally:
                connection.rollback()
        return ""

    return tried


@pytest.mark.postgres
def test_the_application_can_do_its_work_with_its_own_role(served: tuple[dict[str, str], str]) -> None:
    """The whole county of these tests was made and signed with it (see `served`)."""
    assert homes.run(COUNT, served[0]).strip() == "7"


@pytest.mark.postgres
def test_tr_03_the_applications_role_changes_no_act_and_of_a_fact_nothing_but_to_erase_it(as_role: Any) -> None:
    for statement in (
        "UPDATE desk_store_act SET actor = 'user:99'", "DELETE FROM desk_store_act", "TRUNCATE desk_store_act CASCADE",
        "UPDATE desk_store_factrow SET subject = 'person:x'", "DELETE FROM desk_store_factrow",
        "UPDATE desk_ledger_leaf SET leaf = NULL", "DELETE FROM desk_ledger_checkpoint", "UPDATE desk_ledger_node SET level = 3",
        "DROP TABLE desk_store_timelinerow", "ALTER TABLE desk_store_act DISABLE TRIGGER ALL",
        "DROP TRIGGER sizao_colour_has_cause_update ON desk_store_timelinerow", "SET session_replication_role = replica",
    ):  # fmt: skip
        assert "permission denied" in as_role("sizao_app", statement) or "must be owner" in as_role(
            "sizao_app", statement
        ), statement
    assert as_role("sizao_app", "UPDATE desk_store_factrow SET line = NULL, salt = NULL WHERE seq = 1") == ""
    assert "sizao: a fact" in as_role(
        "sizao_app", "UPDATE desk_store_factrow SET line = '{}' WHERE subject = 'person:1'"
    )


@pytest.mark.postgres
def test_tr_01_the_applications_role_cannot_colour_anybody_by_sql(as_role: Any) -> None:
    colour = (
        "UPDATE desk_store_timelinerow SET standing = 'red', standing_until = 9, cause = {} WHERE subject = 'person:1'"
    )
    causes = ("''", "'f0'", "(SELECT fact_id FROM desk_store_factrow WHERE kind = 'exposure' LIMIT 1)")
    for cause in causes:
        answer = as_role("sizao_app", colour.format(cause))
        assert "no colour without a fact" in answer or "no_colour_without_cause" in answer


@pytest.mark.postgres
def test_tr_09_the_discipline_role_sees_no_table_of_health_movement_or_people(as_role: Any, served: Any) -> None:
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(served[1]) as connection:
        tables = {name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert tables >= HEALTH
    readable = {table for table in tables if as_role("sizao_discipline", f"SELECT 1 FROM {table} LIMIT 1") == ""}
    assert readable == {"desk_ledger_leaf", "desk_ledger_node", "desk_ledger_checkpoint"}
    for table in tables:
        assert "permission denied" in as_role("sizao_discipline", f"DELETE FROM {table}")


# --- as a superuser, or with an editor for files ----------------------------------------------------------------------


@pytest.mark.postgres
def test_tr_20_what_a_superuser_changes_on_postgresql_is_named_by_the_command(
    served: tuple[dict[str, str], str],
) -> None:
    psycopg = pytest.importorskip("psycopg")
    told, url = served
    home = told["SIZAO_HOME"]
    code, found, said = homes.sizao(told, "verify", "--home", home)
    assert (code, found["problems"]) == (0, []), said
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "UPDATE desk_store_act SET actor = 'user:99' WHERE seq = (SELECT max(seq) FROM desk_store_act)"
        )
        connection.execute(
            "UPDATE desk_store_timelinerow SET standing = 'red', cause = 'f0', standing_until = 9 WHERE subject = 'person:2'"
        )
    code, found, said = homes.sizao(told, "verify", "--home", home)
    assert (code, codes(found)) == (1, ["U105", "U120"]), said


def codes(found: dict[str, Any]) -> list[str]:
    return sorted(problem["code"] for problem in found["problems"])


def test_tr_20_what_an_editor_changes_in_the_sqlite_file_is_named_and_a_rebuild_mends_conclusions(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    told = homes.make_home(home)
    homes.run(COUNTY, told)
    assert homes.sizao(told, "verify", "--home", str(home))[0] == 0
    with sqlite3.connect(home / "desk.sqlite3") as file:
        for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            file.execute(f"DROP TRIGGER {name}")
        file.execute(
            "UPDATE desk_store_timelinerow SET standing = 'red', cause = 'f0', standing_until = 9 WHERE subject = 'person:2'"
        )
        file.execute("DELETE FROM desk_store_factrow WHERE subject = 'person:3'")
    file.close()
    code, found, said = homes.sizao(told, "verify", str(home))
    assert (code, codes(found)) == (1, ["U103", "U120", "U120", "U125"]), said
    code, found, said = homes.sizao(told, "rebuild", "--home", str(home))
    assert (code, codes(found)) == (1, ["U120", "U120", "U125"]), said
    code, found, said = homes.sizao(told, "verify", "--home", str(home))
    assert (code, codes(found)) == (1, ["U103", "U125"]), said
