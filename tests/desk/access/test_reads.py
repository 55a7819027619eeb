"""Reading leaves a row before it shows anything, and somebody who reads too much is stopped and looked at."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connections, transaction
from django.test import Client

from sizao.desk.access import alerts, reads
from sizao.desk.access.models import Alert, Grant, ReadRow, User
from sizao.desk.store.models import Act, Assignment, Notice
from sizao.desk.store.rights import Actor, Purpose, Role, machine
from sizao.errors import DeskError
from sizao.when import HOUR_S, Instant
from tests.desk.conftest import CAST, COUNTY, NOW
from tests.desk.store.facts_told import registered, tell

pytestmark = [
    pytest.mark.django_db(databases="__all__"),
    pytest.mark.usefixtures("now"),
    pytest.mark.urls("tests.desk.access.doors"),
]
SignIn = Callable[[str], Client]


def read(actor: Actor, *subjects: str, now: int = NOW) -> None:
    reads.log(actor, subjects, purpose=Purpose.TRACING, fields=["name"], page="test", now=Instant(now))


def refused(actor: Actor, *subjects: str, now: int = NOW) -> str:
    try:
        read(actor, *subjects, now=now)
    except DeskError as error:
        return error.code
    return ""


def assign(*subjects: str, team: str) -> None:
    act = Act.objects.create(
        key=f"assign-{subjects[0]}", name="assign", actor="user:7", unit="command", purpose="command", recorded_at=NOW, facts=0,
        content="", root=b"", salt=b"", leaf=b"",
    )  # fmt: skip
    Assignment.objects.bulk_create(
        [Assignment(subject=subject, desk="contacts", team=team, since=NOW, act=act) for subject in subjects]
    )


def many(count: int, start: int = 0) -> list[str]:
    return [f"person:{number}" for number in range(start, start + count)]


# --- what a row says --------------------------------------------------------------------------------------------------


def test_tr15_a_read_says_who_read_whom_for_what_and_which_fields() -> None:
    reads.log(
        CAST["tracer"], ["person:a", "person:a"], purpose=Purpose.TRACING, fields=["phone", "name"], page="cases:case", now=NOW,
        case="case:1",
    )  # fmt: skip
    row = ReadRow.objects.get()
    assert (row.actor, row.unit, row.subject, row.case) == ("user:1", "cdc-tracing-3", "person:a", "case:1")
    assert (row.purpose, row.fields, row.page, row.at) == ("tracing", "name,phone", "cases:case", NOW)


def test_a_read_that_was_written_down_is_never_rewritten() -> None:
    read(CAST["tracer"], "person:a")
    table = ReadRow.objects.db
    with pytest.raises(DatabaseError, match="never rewritten"), transaction.atomic(using=table):
        connections[table].cursor().execute("UPDATE desk_access_readrow SET actor = 'somebody else'")


# --- own work ---------------------------------------------------------------------------------------------------------


def test_own_work_is_oneself_who_is_assigned_and_about_whom_one_recorded() -> None:
    tracer = CAST["tracer"]
    assign("person:assigned", team=tracer.unit)
    tell(registered("person:told", by=tracer), by=tracer, purpose=Purpose.TRACING)
    asked = ["person:assigned", "person:told", "person:stranger"]
    assert alerts.outside(tracer, asked) == {"person:stranger"}
    assert alerts.outside(CAST["traveller"], ["person:traveller", "person:b"]) == {"person:b"}
    assert alerts.outside(machine("matcher", COUNTY), asked) == frozenset()


def test_what_was_assigned_once_is_own_work_no_more() -> None:
    assign("person:a", team=CAST["tracer"].unit)
    Assignment.objects.update(until=NOW)
    assert alerts.outside(CAST["tracer"], ["person:a"]) == {"person:a"}


# --- TR-17 ------------------------------------------------------------------------------------------------------------


def test_tr17_sixty_strangers_an_hour_are_shown_and_the_next_is_not() -> None:
    for person in many(60):
        assert refused(CAST["tracer"], person) == ""
    assert refused(CAST["tracer"], "person:one-more") == "A130"
    assert ReadRow.objects.count() == 60
    alert = Alert.objects.get()
    assert (alert.kind, alert.actor, alert.count, alert.at) == ("unusual-reads", "user:1", 61, NOW)


def test_tr17_opening_the_same_people_again_is_no_more_people() -> None:
    for _ in range(5):
        assert refused(CAST["tracer"], *many(50)) == ""


def test_tr17_own_work_is_never_throttled() -> None:
    assign(*many(200), team=CAST["tracer"].unit)
    assert refused(CAST["tracer"], *many(60, 1000)) == ""
    assert refused(CAST["tracer"], "person:stranger") == "A130"
    assert refused(CAST["tracer"], *many(200)) == ""


def test_tr17_a_list_of_strangers_counts_as_all_of_them() -> None:
    assert refused(CAST["tracer"], *many(61)) == "A130"
    assert not ReadRow.objects.exists()


def test_tr17_after_an_hour_there_is_room_again() -> None:
    read(CAST["tracer"], *many(60))
    assert refused(CAST["tracer"], "person:x", now=NOW + HOUR_S - 1) == "A130"
    assert refused(CAST["tracer"], "person:x", now=NOW + HOUR_S) == ""


def test_tr17_one_reader_is_not_another() -> None:
    read(CAST["tracer"], *many(60))
    assert refused(CAST["other_tracer"], "person:x") == ""


def test_tr17_a_simulated_insider_is_stopped_told_why_and_looked_at_at_once(sign_in: SignIn) -> None:
    sign_in("security"), sign_in("auditor")
    insider = sign_in("follower")
    for person in many(60):
        assert insider.get(f"/door/person/{person}/").status_code == 200
    answer = insider.get("/door/person/person:61/")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "3600"
    page = answer.content.decode()
    assert "61 people who are not your own work" in page
    assert "call the security administrator" in page
    assert "about person:61" not in page
    for _ in range(3):
        insider.get("/door/person/person:61/")
    alert = Alert.objects.get()
    assert (alert.actor, alert.count, alert.refused) == ("user:6", 61, 4)
    assert sorted(Notice.objects.values_list("to", "code")) == [
        ("user:11", "alert-unusual-reads"), ("user:12", "alert-unusual-reads"),
    ]  # fmt: skip
    assert set(Notice.objects.values_list("created_at", flat=True)) == {NOW}


def test_tr17_the_alert_stands_when_the_page_undoes_what_it_began() -> None:
    read(CAST["tracer"], *many(60))
    with pytest.raises(alerts.Throttled) as caught, transaction.atomic():
        read(CAST["tracer"], "person:x")
    assert not Alert.objects.exists()
    alerts.see_to_it(caught.value, NOW)
    alerts.see_to_it(alerts.Throttled(CAST["tracer"], Alert.objects.get()), NOW)
    assert Alert.objects.get().refused == 1


# --- settling ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def alert() -> Alert:
    return Alert.objects.create(kind="unusual-reads", at=NOW, actor="user:12", unit="audit", count=61)


def settled(alert: Alert, who: str, finding: str = "a drill, agreed beforehand") -> str:
    try:
        alerts.settle(alert.pk, finding, by=CAST[who], now=NOW)
    except DeskError as error:
        return error.code
    return ""


def test_an_alert_is_settled_once_with_what_was_found(alert: Alert) -> None:
    assert settled(alert, "security") == ""
    assert settled(alert, "security") == "A132"
    alert.refresh_from_db()
    assert (alert.seen_by, alert.seen_at, alert.finding) == ("user:11", NOW, "a drill, agreed beforehand")


@pytest.mark.parametrize("who", ["tracer", "system", "officer", "traveller", "auditor"])
def test_nobody_else_settles_it_least_of_all_he_whom_it_is_about(alert: Alert, who: str) -> None:
    assert settled(alert, who) == "A131"


def test_settling_takes_words(alert: Alert) -> None:
    assert settled(alert, "security", "  ") == "D154"


def test_only_administrators_in_office_are_called() -> None:
    user = User.objects.create("gone", name_zh="x", name_en="x", unit="it")
    Grant.objects.create(user=user, role=Role.SECURITY_ADMIN, since=NOW - 10, until=NOW - 5, by="test")
    read(CAST["tracer"], *many(60))
    refused(CAST["tracer"], "person:x")
    assert not Notice.objects.exists()
