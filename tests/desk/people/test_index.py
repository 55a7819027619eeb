"""Among 100,000 people a search stays a look-up in an index; and the migrations make the tables of the models."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from sizao.desk.people.search import Found, find, holders
from sizao.desk.people.search_keys import KeyKind, Sought, keyed
from tests.desk.people.invented import COUNTY, KEYS, LIMIT, NOW, person, put_in

pytestmark = pytest.mark.django_db
PEOPLE = 100_000
CHUNK = 1000


def _crowd() -> None:
    """People of whom only the search keys are there: a search opens no more of them than it finds."""
    people = [(f"person:{number}", COUNTY, "", NOW) for number in range(PEOPLE)]
    hashes = [keyed(KEYS.search, KeyKind.PINYIN, f"reading{number}") for number in range(PEOPLE // 4)]
    found_by = [
        (subject, KeyKind.PINYIN.value, hashes[place % len(hashes)]) for place, (subject, *_) in enumerate(people)
    ]
    _write("desk_people_person (subject, area, unit, created_at)", people)
    _write("desk_people_searchkey (person_id, kind, hash)", found_by)
    with connection.cursor() as cursor:
        cursor.execute("analyze")


def _write(table: str, rows: Sequence[tuple[object, ...]]) -> None:
    one = f"({', '.join(['%s'] * len(rows[0]))})"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), CHUNK):
            some = rows[start : start + CHUNK]
            values = [value for row in some for value in row]
            cursor.execute(f"insert into {table} values {', '.join([one] * len(some))}", values)


def test_a_search_by_pinyin_among_a_hundred_thousand_is_a_look_up_in_the_index() -> None:
    _crowd()
    put_in({"person:a": person("张伟")})
    for areas in ((), ("9999",)):
        asked = holders(Sought(KeyKind.PINYIN, ("zhangwei", "zhangyi")), KEYS, areas=areas)
        plan = asked.explain()
        if connection.vendor == "sqlite":
            assert "SEARCH desk_people_searchkey USING COVERING INDEX" in plan
            assert "(hash=? AND kind=?)" in plan
            assert "SCAN" not in plan
            assert "TEMP B-TREE" not in plan
        else:
            assert "search_key_once" in plan
            assert "Seq Scan on desk_people_searchkey" not in plan
    found = find("zhangwei", KEYS, LIMIT)
    assert isinstance(found, Found)
    assert [candidate.subject for candidate in found.candidates] == ["person:a"]


def test_the_migrations_make_the_tables_of_the_models() -> None:
    out = StringIO()
    call_command("makemigrations", "desk_people", check=True, dry_run=True, stdout=out)
    assert "No changes" in out.getvalue()
