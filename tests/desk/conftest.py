"""The cast of the desks' tests: people of different units and areas, who may do different things, and a moment to do them at."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from sizao.desk import clock
from sizao.desk.store import guards
from sizao.desk.store.rights import Actor, Role
from sizao.facts.kinds import SubjectId
from sizao.when import DAY_S, Instant

COUNTY = "999901"
OTHER = "999902"
NOW = Instant(1_627_387_200)
"""27 July 2021, 20:00 in Shanghai: the eighth edition is in force."""

CAST: dict[str, Actor] = {
    "tracer": Actor(id="user:1", unit="cdc-tracing-3", roles=frozenset({Role.TRACER}), areas=(COUNTY,)),
    "other_tracer": Actor(id="user:2", unit="cdc-tracing-3", roles=frozenset({Role.TRACER}), areas=(COUNTY,)),
    "far_tracer": Actor(id="user:3", unit="cdc-far", roles=frozenset({Role.TRACER}), areas=(OTHER,)),
    "doctor": Actor(id="user:4", unit="hospital-1", roles=frozenset({Role.HOSPITAL}), areas=(COUNTY,)),
    "reviewer": Actor(id="user:5", unit="cdc", roles=frozenset({Role.CDC}), areas=(COUNTY,)),
    "follower": Actor(id="user:6", unit="community-east", roles=frozenset({Role.FOLLOW_UP}), areas=(COUNTY,)),
    "officer": Actor(id="user:7", unit="command", roles=frozenset({Role.COMMAND}), areas=(COUNTY,)),
    "clerk": Actor(id="user:8", unit="counter-1", roles=frozenset({Role.COUNTER}), areas=(COUNTY,)),
    "employer": Actor(id="user:9", unit="unit-7", roles=frozenset({Role.UNIT}), areas=(COUNTY,)),
    "system": Actor(id="user:10", unit="it", roles=frozenset({Role.SYSTEM_ADMIN})),
    "security": Actor(id="user:11", unit="it", roles=frozenset({Role.SECURITY_ADMIN})),
    "auditor": Actor(id="user:12", unit="audit", roles=frozenset({Role.AUDIT_ADMIN})),
    "inspector": Actor(id="user:13", unit="inspection", roles=frozenset({Role.INSPECTOR}), areas=(COUNTY,)),
    "traveller": Actor(
        id="user:14", unit="", roles=frozenset({Role.RESIDENT}), areas=(COUNTY,), person=SubjectId("person:traveller")
    ),
    "lab": Actor(id="user:15", unit="lab-1", roles=frozenset({Role.LAB}), areas=(COUNTY,)),
}


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Instant:
    """The moment of the tests, which the desks' clock tells too."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return NOW


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    """A database in which transactions really end. What is left is taken away with the guards down: they keep facts and acts
    even from the tests' own broom."""
    yield
    sqlite = connection.vendor == "sqlite"
    empty = "DELETE FROM {}" if sqlite else "TRUNCATE {} CASCADE"
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for statement in guards.drop(connection.vendor):
            cursor.execute(statement)
        with connection.constraint_checks_disabled():
            for model in apps.get_models():
                table = model._meta.db_table
                if table.startswith("desk_") and table in there:
                    cursor.execute(empty.format(connection.ops.quote_name(table)))
        for statement in guards.create(connection.vendor):
            cursor.execute(statement)


@pytest.fixture
def cast() -> dict[str, Actor]:
    """Everybody by name."""
    return CAST


def _number_others_from(first: int) -> None:
    """The numbers below are the cast's: whomever a test makes besides gets a higher one."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('desk_access_user', 'id'), greatest(%s, nextval("
                "pg_get_serial_sequence('desk_access_user', 'id'))))",
                [first],
            )
            return
        cursor.execute("UPDATE sqlite_sequence SET seq = max(seq, %s) WHERE name = 'desk_access_user'", [first])
        if not cursor.rowcount:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('desk_access_user', %s)", [first])


@pytest.fixture
def sign_in(db: None, now: Instant) -> Callable[[str], Client]:
    """A browser in which somebody of the cast has signed in with both factors, as a user with the same roles and areas."""
    from sizao.desk.access.models import Grant, User
    from sizao.desk.access.session import note_checked

    _number_others_from(1000)

    def signed_in(name: str) -> Client:
        actor = CAST[name]
        user = User.objects.filter(username=name).first()
        if user is None:
            pk = int(actor.id.partition(":")[2])
            user = User.objects.create(
                name,
                password="a long pass phrase",
                pk=pk,
                unit=actor.unit,
                person=actor.person or "",
                name_zh=name,
                name_en=name,
            )
            for role in actor.roles:
                for area in actor.areas or ("",):
                    Grant.objects.create(user=user, role=role, area=area, since=NOW - 30 * DAY_S, by="test")
        client = Client(headers={"accept-language": "en"})
        client.force_login(user)
        session = client.session
        note_checked(session, NOW, factor=True)
        session.save()
        return client

    return signed_in
