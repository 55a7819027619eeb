"""How long the desks' lists take with a million people and three hundred thousand contacts, rights applied, as a clerk
asks for them.

Rows are written straight into the tables a list reads (the lists neither know nor care how they came there), spread
over the townships of a county; then the first page, the next one, every filter and the count beside it are asked for
again and again, each time by somebody whose areas are a part of the county. Reported: the 95th percentile of each.
"""

from __future__ import annotations

import importlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sizao.desk.demo.home import EXAMPLE_KEEPING
from sizao.desk.deployment import Deployment, Mode, create

SIZES = {"XS": (2_000, 600), "S": (100_000, 30_000), "M": (1_000_000, 300_000)}
"""People, and how many of them are contacts, by the size of the run."""

RUNS = 60
AREA = "999901"
NOW = 1_627_387_200
TOWNSHIPS = tuple(f"{AREA}{number:03d}" for number in (1, 2, 100, 101, 200))
GRADES = ("close", "secondary", "general", "exposed_venue")
STANDINGS = ("green", "yellow", "red", "unknown")
LIMIT_S = {"SQLite": 0.5, "PostgreSQL": 0.3}

Rows = list[dict[str, Any]]


def measure(size: str) -> Rows:
    """The rows of this run, on the database that the environment names: one process can serve one deployment."""
    people, contacts = SIZES.get(size, SIZES["M"])
    kind = "PostgreSQL" if os.environ.get("SIZAO_DATABASE_URL") else "SQLite"
    home = Path(tempfile.mkdtemp(prefix="sizao-lists-"))
    try:
        create(
            Deployment(
                home=home,
                mode=Mode.LOCAL,
                area=AREA,
                zone="Asia/Shanghai",
                packs=("demo-county",),
                keeping=EXAMPLE_KEEPING,
            ),
            token=os.urandom,
        )
        os.environ |= {"SIZAO_HOME": str(home), "DJANGO_SETTINGS_MODULE": "sizao.desk.settings"}
        importlib.import_module("django").setup()
        importlib.import_module("sizao.desk.serving").prepare()
        _fill(people, contacts)
        return [_row(name, kind, people, contacts, times) for name, times in _asked()]
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _fill(people: int, contacts: int) -> None:
    """Registered people, and timelines of those who are contacts. The guards are down: nobody here is anybody."""
    guards = importlib.import_module("sizao.desk.store.guards")
    connection = importlib.import_module("django.db").connection
    sqlite = connection.vendor == "sqlite"
    numbers = (
        f"WITH RECURSIVE g(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM g WHERE n < {people - 1})"
        if sqlite
        else f"WITH g(n) AS (SELECT generate_series(0, {people - 1})::bigint)"
    )
    with connection.cursor() as cursor:
        for statement in guards.drop(connection.vendor):
            cursor.execute(statement)
        cursor.execute(_subjects(numbers, sqlite=sqlite))
        cursor.execute(_timelines(numbers, contacts, sqlite=sqlite))
        cursor.execute("ANALYZE")


def _subject(number: str, *, sqlite: bool) -> str:
    return f"printf('person:%07d', {number})" if sqlite else f"'person:' || lpad(({number})::text, 7, '0')"


def _choice(values: tuple[str, ...], number: str) -> str:
    cases = " ".join(f"WHEN {at} THEN '{value}'" for at, value in enumerate(values))
    return f"CASE ({number}) % {len(values)} {cases} END"


def _subjects(numbers: str, *, sqlite: bool) -> str:
    area = _choice(TOWNSHIPS, "n * 7919")
    columns = "subject, kind, area, version"
    verb = f"{numbers} INSERT INTO desk_store_subjectrow ({columns})"
    return f"{verb} SELECT {_subject('n', sqlite=sqlite)}, 'person', {area}, 1 FROM g"


def _timelines(numbers: str, contacts: int, *, sqlite: bool) -> str:
    """One row a person: of contacts with grade, standing, case and what is due next; of everybody else green and
    nothing."""
    contact = f"n < {contacts}"
    due = f"CASE WHEN {contact} AND n % 5 > 0 THEN {NOW} + n * 7919 % 600000 - 60000 END"
    no = "0" if sqlite else "false"
    values = {
        "subject": _subject("n", sqlite=sqlite), "kind": "'person'", "area": _choice(TOWNSHIPS, "n * 7919"), "version": "1",
        "known_at": "0", "rules": "''", "code": "''", "digest": "''", "body": "''", "read_at": str(NOW),
        "next_change_at": str(NOW + 10**7), "standing": f"CASE WHEN {contact} THEN {_choice(STANDINGS, 'n')} ELSE 'green' END",
        "preliminary": no, "standing_until": str(NOW + 10**6), "cause": "'x'",
        "grade": f"CASE WHEN {contact} THEN {_choice(GRADES, 'n * 31')} ELSE '' END",
        "\"case\"": f"CASE WHEN {contact} THEN 'person:case' || (n % 500) ELSE '' END", "next_due_at": due, "findings": "0",
    }  # fmt: skip
    return (
        f"{numbers} INSERT INTO desk_store_timelinerow ({', '.join(values)}) SELECT {', '.join(values.values())} FROM g"
    )


def _asked() -> Iterator[tuple[str, list[float]]]:
    readers = importlib.import_module("sizao.desk.store.readers")
    rights = importlib.import_module("sizao.desk.store.rights")

    def actor(*areas: str) -> Any:
        return rights.Actor(id="user:1", unit="u", roles=frozenset({rights.Role.TRACER}), areas=areas)

    clerk, head = actor(TOWNSHIPS[0]), actor(AREA)
    questions: dict[str, Callable[[], object]] = {
        "first page": lambda: readers.screen(readers.contacts(clerk, now=NOW)),
        "first page, whole county": lambda: readers.screen(readers.contacts(head, now=NOW)),
        "close contacts": lambda: readers.screen(readers.contacts(clerk, now=NOW, grades=["close"])),
        "red or yellow": lambda: readers.screen(readers.contacts(clerk, now=NOW, standings=["red", "yellow"])),
        "overdue": lambda: readers.screen(readers.contacts(clerk, now=NOW, overdue=True)),
        "of one case": lambda: readers.screen(readers.contacts(head, now=NOW, case="person:case7")),
        "a late page": lambda: readers.screen(readers.contacts(head, now=NOW), after=f"{NOW + 300_000}|person:0000000"),
        "count": lambda: readers.count(readers.contacts(head, now=NOW)),
    }
    for name, ask in questions.items():
        ask()
        times = []
        for _ in range(RUNS):
            began = time.perf_counter()
            ask()
            times.append(time.perf_counter() - began)
        yield name, times


def _row(name: str, kind: str, people: int, contacts: int, times: list[float]) -> dict[str, Any]:
    late = sorted(times)[int(0.95 * len(times))]
    note = f"{people:,} people, {contacts:,} contacts; 95 of 100 within {late * 1000:.1f} ms (bar {LIMIT_S[kind] * 1000:.0f} ms)"
    return {
        "work": f"list: {name}", "engine": f"Sizao on {kind}", "median_s": sorted(times)[len(times) // 2], "min_s": min(times),
        "runs": len(times), "value": round(late * 1000, 2), "unit": "ms, 95th percentile", "note": note,
    }  # fmt: skip
