"""Every address of the desks is knocked at by everybody: nothing about a person is shown without a row that says so, nobody is
coloured, and nobody goes away with a table of people."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands
from django.db import DatabaseError
from django.test import Client

from sizao.desk.access.models import ReadRow
from sizao.desk.people.who import Who
from sizao.desk.store.models import Act, Assignment, TimelineRow
from sizao.desk.store.registering import Resident, register
from sizao.desk.store.rights import Purpose
from tests.desk.conftest import CAST, COUNTY, NOW
from tests.desk.setup.addresses import Address, addresses
from tests.desk.store.facts_told import exposure, notice, tell

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("now")]
SignIn = Callable[[str], Client]
SOURCE = Path(__file__).resolve().parents[3] / "src" / "sizao"
DESKS = SOURCE / "desk"
PERSON, NAME, PHONE = "person:walked", "旅客甲某某", "10012345678"
TEAMS = sorted({actor.unit for actor in CAST.values() if actor.unit})
WRITERS = {"desk/store/concluding.py"}
"""Who writes what follows, and nobody else; `store/rebuilding.py` drops it to be drawn again."""


@pytest.fixture
def person() -> str:
    """Somebody with an identity and a reason to be looked at, whom somebody follows up."""
    clerk = CAST["clerk"]
    who = Who(name=NAME, phone=PHONE)
    register([Resident(PERSON, who, COUNTY)], by=clerk, purpose=Purpose.COUNTER, key="walked", now=NOW)
    tell(notice(by=CAST["doctor"]), by=CAST["doctor"], purpose=Purpose.CARE)
    tell(exposure(PERSON, by=CAST["tracer"]), by=CAST["tracer"], purpose=Purpose.TRACING)
    act = Act.objects.earliest("seq")
    for desk, team in (("contacts", "cdc-tracing-3"), ("cases", "community-east"), ("hospitals", "hospital-1")):
        Assignment.objects.create(subject=PERSON, desk=desk, team=team, since=NOW, act=act)
    return PERSON


def shows_a_person(response: Any) -> bool:
    """Whether an answer names the person."""
    if response.status_code != 200 or response.streaming:
        return False
    text = response.content.decode("utf-8", "replace")
    return NAME in text or PHONE in text


def knock(client: Client, address: Address) -> Any:
    """A GET that may end in any answer but a failure of ours."""
    return client.get(address.filled(subject=PERSON, person=PERSON))


def unseen_reads(client: Client, asked: list[Address]) -> Iterator[str]:
    """Addresses that name the person without a row about it."""
    for address in asked:
        ReadRow.objects.all().delete()
        if shows_a_person(knock(client, address)) and not ReadRow.objects.filter(subject=PERSON).exists():
            yield address.path


@pytest.mark.parametrize("who", sorted(CAST))
def test_tr15_no_page_names_somebody_without_a_row_about_it(sign_in: SignIn, person: str, who: str) -> None:
    assert list(unseen_reads(sign_in(who), addresses())) == []


@pytest.mark.parametrize("who", ["tracer", "follower", "clerk", "doctor"])
def test_tr15_a_page_whose_read_cannot_be_written_down_is_not_shown(
    sign_in: SignIn, person: str, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise DatabaseError("the log of reads is full")

    client = sign_in(who)
    client.raise_request_exception = False
    about = [address for address in addresses() if "subject" in address.asks]
    monkeypatch.setattr(ReadRow.objects, "bulk_create", broken)
    assert [address.path for address in about if shows_a_person(knock(client, address))] == []


@pytest.mark.urls("tests.desk.setup.bad_doors")
def test_tr15_the_walk_finds_a_page_that_writes_nothing_down(sign_in: SignIn, person: str) -> None:
    asked = addresses("tests.desk.setup.bad_doors")
    assert list(unseen_reads(sign_in("follower"), asked)) == ["/careless/{subject}/"]


def test_the_walk_finds_every_desk_and_what_it_asks_for() -> None:
    found = {address.path: address for address in addresses()}
    assert "/setup/users/{number}/grants/{grant_number}/end/" in found
    assert found["/setup/users/{number}/"].filled(number=7) == "/setup/users/7/"
    assert any("subject" in address.asks for address in found.values())


# --- TR-16 ------------------------------------------------------------------------------------------------------------

TABLES = ("csv", "spreadsheet", "excel", "octet-stream", "zip", "parquet", "msword", "officedocument")


@pytest.mark.parametrize("who", ["tracer", "follower", "clerk", "doctor", "auditor"])
@pytest.mark.parametrize("asked", ["", "?format=csv&export=1&print=all&page_size=100000"])
def test_tr16_no_address_gives_a_table_of_people_away(sign_in: SignIn, person: str, who: str, asked: str) -> None:
    client = sign_in(who)
    for address in addresses():
        if asked and address.asks:
            continue
        response = client.get(address.filled(subject=PERSON) + asked)
        kind = response.headers.get("Content-Type", "")
        assert not any(table in kind for table in TABLES), (address.path, kind)
        if "attachment" in response.headers.get("Content-Disposition", ""):
            assert not shows_a_person(response), address.path


def test_tr16_no_desk_writes_spreadsheets() -> None:
    for path in sorted(DESKS.rglob("*.py")):
        source = path.read_text("utf-8")
        for writer in ("csv.writer", "DictWriter", "openpyxl", "xlsxwriter", "to_csv", "to_excel"):
            assert writer not in source, (path, writer)


# --- TR-03 ------------------------------------------------------------------------------------------------------------


def test_tr03_the_admin_site_is_not_installed() -> None:
    assert not [name for name in settings.INSTALLED_APPS if "admin" in name]
    assert not [address.path for address in addresses() if "admin" in address.path]
    assert not apps.is_installed("django.contrib.admin")


def test_tr03_no_command_of_the_desks_writes_anything() -> None:
    ours = {name for name, app in get_commands().items() if str(app).startswith("sizao")}
    assert ours == set()


WRITES = frozenset({
    "create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "save", "delete", "raw", "acreate",
})  # fmt: skip


def writes_of(source: str, model: str) -> list[int]:
    """Lines in which a model's rows are written: a call of a writing method on it, or an instance of it made."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            rest = called.rsplit(".", 1)[-1]
            if called == model or (called.startswith(f"{model}.") and rest in WRITES):
                found.append(node.lineno)
    return found


def test_tr03_one_module_writes_standings() -> None:
    writers = {
        str(path.relative_to(SOURCE))
        for path in sorted(SOURCE.rglob("*.py"))
        if "migrations" not in path.parts and writes_of(path.read_text("utf-8"), "TimelineRow")
    }
    assert writers <= WRITERS
    assert "desk/store/concluding.py" in writers


@pytest.mark.parametrize(
    "source",
    [
        'TimelineRow(subject="a", standing="red").save()',
        'TimelineRow.objects.filter(subject="a").update(standing="red")',
        "TimelineRow.objects.bulk_create([])",
    ],
)
def test_the_scan_finds_a_writer(source: str) -> None:
    assert writes_of(source, "TimelineRow")
    assert not writes_of("TimelineRow.objects.filter(standing='red').count()", "TimelineRow")


def test_tr03_no_form_that_ends_in_an_act_has_a_field_for_a_standing() -> None:
    for path in sorted(DESKS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and any("ActForm" in ast.unparse(base) for base in node.bases):
                fields = {ast.unparse(one.targets[0]) for one in node.body if isinstance(one, ast.Assign)}
                assert not fields & {"standing", "standing_until", "preliminary", "cause"}, (path, node.name)


@pytest.mark.parametrize("who", sorted(CAST))
def test_tr03_whatever_is_sent_to_whatever_address_by_whomever_colours_nobody(sign_in: SignIn, who: str) -> None:
    register(
        [Resident(PERSON, Who(name=NAME), COUNTY)], by=CAST["clerk"], purpose=Purpose.COUNTER, key="walked", now=NOW
    )
    client = sign_in(who)
    told = {
        "key": "form-00000000", "subject": PERSON, "person": PERSON, "standing": "red", "colour": "red", "code": "red",
        "grade": "close", "cause": "x", "why": "because of the list", "reasons": "because of the list", "lines": PERSON,
    }  # fmt: skip
    for address in addresses():
        client.post(address.filled(subject=PERSON, person=PERSON), told)
    assert not TimelineRow.objects.filter(standing__in=("yellow", "red")).exists()
