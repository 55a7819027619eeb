"""Among 100,000 people a search stays a look-up in an index; and the migrations make the tables of the models."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from sizao.desk.people.models import Person, SearchKey
from sizao.desk.people.search import Found, find, holders
from sizao.desk.people.search_keys import KeyKind, Sought, keyed
from tests.desk.people.invented import COUNTY, KEYS, LIMIT, person, put_in

pytestmark = pytest.mark.django_db
PEOPLE = 100_000
READINGS = 25_000

_PERSONS = """
    with recursive number(i) as (select 0 union all select i + 1 from number where i + 1 < %s)
    insert into desk_people_person (subject, area, unit, created_at) select 'person:' || i, %s, '', 0 from number"""
_NAMESAKES = """
    insert into desk_people_searchkey (person_id, kind, hash)
    select 'person:' || (cast(substr(person_id, 8) as integer) + %s), kind, hash from desk_people_searchkey"""


def _crowd() -> None:
    """People of whom only the search keys are there, four to a reading: a search opens no more of them than it finds."""
    with connection.cursor() as cursor:
        cursor.execute(_PERSONS, [PEOPLE, COUNTY])
    hashes = (keyed(KEYS.search, KeyKind.PINYIN, f"reading{number}") for number in range(READINGS))
    keys = [SearchKey(person_id=f"person:{i}", kind=KeyKind.PINYIN, hash=value) for i, value in enumerate(hashes)]
    SearchKey.objects.bulk_create(keys, batch_size=1000)
    with connection.cursor() as cursor:
        for further in (READINGS, 2 * READINGS):
            cursor.execute(_NAMESAKES, [further])
        cursor.execute("analyze")
    assert SearchKey.objects.count() == Person.objects.count() == PEOPLE


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
