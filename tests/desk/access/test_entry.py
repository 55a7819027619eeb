"""The door of every desk: who gets in, who is told why not, and who has to prove again that it is still him."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from sizao.desk.access import factors
from sizao.desk.access.entry import PURPOSES, new_key, purpose_at
from sizao.desk.access.models import Grant, User
from sizao.desk.access.session import FACTOR_AT
from sizao.desk.store import readers
from sizao.desk.store.rights import ADMINISTRATORS, MAY_RECORD, Purpose, Role
from sizao.when import HOUR_S, Instant
from tests.desk.access.users import PASSWORD, browser, come_in, give_password, user_of, with_app
from tests.desk.conftest import CAST, NOW

pytestmark = [
    pytest.mark.django_db(databases="__all__"),
    pytest.mark.usefixtures("now"),
    pytest.mark.urls("tests.desk.access.doors"),
]
SignIn = Callable[[str], Client]


@pytest.mark.parametrize("name", readers.DESKS)
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MACHINE])
def test_tr14_each_role_opens_its_own_desks_and_no_other(role: Role, name: str) -> None:
    resident = role is Role.RESIDENT
    user = user_of(
        "somebody", role, area="" if role in ADMINISTRATORS else "999901", person="person:a" if resident else ""
    )
    client = browser()
    if resident:
        give_password(client, user.username)
    else:
        come_in(client, with_app(user).username)
    answer = client.get(f"/door/{name}/")
    if role in readers.DESKS[name]:
        assert answer.status_code == 200
        assert answer.content.decode().startswith(name)
    else:
        assert answer.status_code == 403
        assert "does not work at the desk" in answer.content.decode()


def test_tr14_no_administrator_opens_a_desk_where_people_are(sign_in: SignIn) -> None:
    for who in ("system", "security", "auditor"):
        for name in ("cases", "contacts", "hospitals", "counter", "me"):
            assert sign_in(who).get(f"/door/{name}/").status_code == 403


@pytest.mark.parametrize("name", readers.DESKS)
def test_a_visitor_is_led_to_the_sign_in_page_and_back(name: str) -> None:
    assert browser().get(f"/door/{name}/")["Location"] == f"/sign/in/?next=/door/{name}/"


def test_tr19_with_a_password_alone_no_desk_of_staff_opens() -> None:
    client = browser()
    give_password(client, user_of("tracer", Role.TRACER).username)
    for name in readers.DESKS:
        assert client.get(f"/door/{name}/")["Location"].startswith("/sign/factors/?next=")


def test_a_session_without_the_second_factor_is_nobody_even_where_no_door_stands(sign_in: SignIn) -> None:
    client = sign_in("tracer")
    session = client.session
    del session[FACTOR_AT]
    session.save()
    assert client.post("/door/keyed/", {"key": "form-12345678"}).content == b"visitor/form-12345678"


def test_what_a_desk_shows_is_kept_by_no_cache(sign_in: SignIn) -> None:
    assert "no-store" in sign_in("tracer").get("/door/cases/")["Cache-Control"]


def test_a_role_that_has_ended_opens_nothing_at_the_next_click(sign_in: SignIn) -> None:
    client = sign_in("tracer")
    assert client.get("/door/cases/").status_code == 200
    Grant.objects.update(until=NOW)
    assert client.get("/door/cases/").status_code == 403


@pytest.mark.parametrize("who", CAST)
def test_what_a_desk_is_entered_for_is_a_purpose_of_the_reader(who: str) -> None:
    actor = CAST[who]
    for name in readers.DESKS:
        if readers.may_enter(actor, name) and not actor.roles & ADMINISTRATORS:
            purpose = purpose_at(actor, name)
            assert any(purpose in MAY_RECORD[role][0] for role in actor.roles), (name, purpose)


def test_every_desk_has_a_purpose() -> None:
    assert set(PURPOSES) == set(readers.DESKS)
    assert purpose_at(CAST["officer"], "cases") is Purpose.COMMAND
    assert purpose_at(CAST["tracer"], "cases") is Purpose.TRACING


# --- the key of a form ------------------------------------------------------------------------------------------------


def test_no_two_forms_have_the_same_key() -> None:
    assert len({new_key() for _ in range(1000)}) == 1000


def test_the_key_of_a_form_is_bound_to_whoever_sends_it(sign_in: SignIn) -> None:
    key = new_key()
    keys = {sign_in(who).post("/door/keyed/", {"key": key}).content.decode() for who in ("tracer", "other_tracer")}
    assert keys == {f"user:1/{key}", f"user:2/{key}"}
    assert all(len(one) <= 96 for one in keys)


# --- is it still you? -------------------------------------------------------------------------------------------------


def later(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    monkeypatch.setattr("sizao.desk.clock.now", lambda: Instant(NOW + seconds))


def test_tr19_within_ten_minutes_nobody_is_asked_again(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in("security")
    later(monkeypatch, 600)
    assert client.get("/door/sensitive/").content == b"form"


@pytest.fixture
def signed_in() -> Client:
    client = browser()
    come_in(client, with_app(user_of("security", Role.SECURITY_ADMIN, area="", unit="it")).username)
    return client


def test_tr19_before_a_sensitive_act_who_it_is_is_checked_again(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, 3 * HOUR_S)
    assert signed_in.get("/door/sensitive/")["Location"] == "/sign/check/?next=%2Fdoor%2Fsensitive%2F"
    assert signed_in.post("/sign/check/", {"password": "wrong", "next": "/door/sensitive/"}).status_code == 422
    assert signed_in.get("/door/sensitive/").status_code == 302
    assert (
        signed_in.post("/sign/check/", {"password": PASSWORD, "next": "/door/sensitive/"})["Location"]
        == "/door/sensitive/"
    )
    assert signed_in.get("/door/sensitive/").content == b"form"


def test_tr19_a_code_says_as_well_that_it_is_still_the_same_person(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, 3 * HOUR_S)
    code = factors.new_codes(User.objects.get(username="security"))[0]
    assert signed_in.post("/sign/check/", {"code": code, "next": "/door/sensitive/"}).status_code == 302
    assert signed_in.get("/door/sensitive/").content == b"form"


def test_an_empty_check_checks_nothing(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    later(monkeypatch, 3 * HOUR_S)
    assert signed_in.post("/sign/check/", {"next": "/door/sensitive/"}).status_code == 422
    assert signed_in.get("/door/sensitive/").status_code == 302


def test_what_was_being_sent_is_kept_over_the_check(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    later(monkeypatch, 3 * HOUR_S)
    assert signed_in.post("/door/sensitive/", {"what": "授予 <b>", "key": "form-1"})["Location"].startswith(
        "/sign/check/"
    )
    answer = signed_in.post("/sign/check/", {"password": PASSWORD, "next": "/door/sensitive/"})
    page = answer.content.decode()
    assert '<form class="sz-form" method="post" action="/door/sensitive/">' in page
    assert 'name="what" value="授予 &lt;b&gt;"' in page
    assert 'name="key" value="form-1"' in page
    assert signed_in.post("/door/sensitive/", {"what": "x"}).content == b"done x"


def test_guessing_at_the_check_is_locked_out_too(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    later(monkeypatch, 3 * HOUR_S)
    for _ in range(5):
        signed_in.post("/sign/check/", {"password": "wrong", "next": "/"})
    assert b"too many tries" in signed_in.post("/sign/check/", {"password": PASSWORD, "next": "/"}).content
