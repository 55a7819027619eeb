"""Second factors: set up, used once, lost, replaced; and sealed where they are kept."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from sizao.desk.access import factors
from sizao.desk.access.models import User
from sizao.desk.access.session import has_factor
from sizao.desk.store.rights import Role
from sizao.errors import DeskError
from sizao.when import Instant
from tests.desk.access.soft_key import SoftKey
from tests.desk.access.users import SECRET, come_in, give_password, user_of, with_app
from tests.desk.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "en"}, SERVER_NAME="localhost")


@pytest.fixture
def tracer() -> User:
    return user_of("tracer", Role.TRACER)


def question_of(page: bytes) -> dict[str, Any]:
    """The question for a passkey that a page carries."""
    found = re.search(r'data-question="([^"]+)"', page.decode())
    assert found is not None
    told: dict[str, Any] = json.loads(html.unescape(found[1]))
    return told


def key_of(page: bytes) -> str:
    """The key of an authenticator app that a page shows."""
    found = re.search(r"Key: *<code>([A-Z2-7 ]+)</code>", page.decode())
    assert found is not None
    return found[1].replace(" ", "")


def set_up_app(client: Client, tracer: User) -> Any:
    give_password(client, tracer.username, onward="/cases/")
    secret = key_of(client.get("/sign/factors/app/?next=/cases/").content)
    return client.post("/sign/factors/app/", {"code": factors.code_now(secret), "next": "/cases/"})


# --- authenticator app ------------------------------------------------------------------------------------------------


def test_setting_up_an_app_proves_it_and_shows_recovery_codes_once(client: Client, tracer: User) -> None:
    answer = set_up_app(client, tracer)
    codes = re.findall(r"<code>(\d{8})</code>", answer.content.decode())
    assert len(codes) == 10
    assert 'href="/cases/"' in answer.content.decode()
    assert has_factor(client.session)
    assert codes[0] not in client.get("/sign/factors/").content.decode()


def test_an_app_that_shows_another_code_is_not_set_up(client: Client, tracer: User) -> None:
    give_password(client, "tracer")
    client.get("/sign/factors/app/")
    assert client.post("/sign/factors/app/", {"code": "000000"}).status_code == 422
    assert not factors.has_any(tracer)
    assert not has_factor(client.session)


def test_the_picture_says_what_the_key_says_and_needs_nothing_but_the_page(client: Client, tracer: User) -> None:
    give_password(client, "tracer")
    page = client.get("/sign/factors/app/")
    assert 'src="data:image/svg+xml' in page.content.decode()
    assert f"secret={key_of(page.content)}" in page.content.decode()
    assert "img-src 'self' data:" in page["Content-Security-Policy"]


def test_codes_with_blanks_or_full_width_digits_are_read(tracer: User) -> None:
    with_app(tracer)
    code = factors.code_now(SECRET)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert factors.check_code(tracer, f" {wide[:3]} {wide[3:]} ")


def test_a_code_of_the_last_half_minute_is_good_and_an_older_one_is_not(
    tracer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_app(tracer)
    from allauth.mfa.totp.internal import auth

    moment = [1_627_387_200]
    monkeypatch.setattr(auth.time, "time", lambda: moment[0])
    code = factors.code_now(SECRET)
    moment[0] += 61
    assert not factors.check_code(tracer, code)
    moment[0] -= 31
    assert factors.check_code(tracer, code)
    assert not factors.check_code(tracer, code)


def test_a_code_before_one_that_was_used_is_used_up_too(tracer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    with_app(tracer)
    from allauth.mfa.totp.internal import auth

    moment = [1_627_387_200]
    monkeypatch.setattr(auth.time, "time", lambda: moment[0])
    earlier = factors.code_now(SECRET)
    moment[0] += 30
    assert factors.check_code(tracer, factors.code_now(SECRET))
    assert not factors.check_code(tracer, earlier)


def test_a_key_that_is_none_is_refused(tracer: User) -> None:
    with pytest.raises(DeskError) as caught:
        factors.enrol_totp(tracer, "not base 32!")
    assert caught.value.code == "A111"


def test_secrets_are_sealed_in_the_database(tracer: User) -> None:
    with_app(tracer)
    factors.new_codes(tracer)
    kept = json.dumps([row.data for row in Authenticator.objects.all()])
    assert SECRET not in kept
    assert factors.secret_of(tracer) == SECRET


def test_a_secret_sealed_under_another_key_is_refused(tracer: User) -> None:
    with_app(tracer)
    row = Authenticator.objects.get(type="totp")
    row.data["secret"] = "QUJD" * 20
    row.save()
    with pytest.raises(DeskError) as caught:
        factors.check_code(tracer, "123456")
    assert caught.value.code == "A110"


# --- recovery codes ---------------------------------------------------------------------------------------------------


def test_a_recovery_code_opens_once(client: Client, tracer: User) -> None:
    with_app(tracer)
    code = factors.new_codes(tracer)[3]
    give_password(client, "tracer")
    assert client.post("/sign/second/", {"code": code}).status_code == 302
    assert factors.codes_left(tracer) == 9
    assert not factors.check_code(tracer, code)


def test_new_recovery_codes_end_the_old_ones(client: Client, tracer: User) -> None:
    old = factors.new_codes(with_app(tracer))
    come_in(client, "tracer")
    client.post("/sign/factors/codes/")
    assert not factors.check_code(tracer, old[0])
    assert factors.codes_left(tracer) == 10


# --- passkeys ---------------------------------------------------------------------------------------------------------


def add_passkey(client: Client, key: SoftKey, name: str = "work telephone") -> Any:
    question = question_of(client.get("/sign/factors/passkey/").content)
    return client.post("/sign/factors/passkey/", {"name": name, "credential": key.made(question)})


def test_a_passkey_is_made_and_opens_the_desk(client: Client, tracer: User) -> None:
    key = SoftKey()
    give_password(client, "tracer")
    assert add_passkey(client, key).status_code == 200
    assert factors.ways(tracer) == {factors.Way.PASSKEY, factors.Way.CODES}
    other = Client(SERVER_NAME="localhost")
    give_password(other, "tracer", onward="/cases/")
    question = question_of(other.get("/sign/second/").content)
    assert other.post("/sign/second/", {"credential": key.proved(question)})["Location"] == "/cases/"
    assert has_factor(other.session)


def test_an_answer_is_good_for_its_own_question_only(client: Client, tracer: User) -> None:
    key = SoftKey()
    give_password(client, "tracer")
    add_passkey(client, key)
    other = Client(SERVER_NAME="localhost")
    give_password(other, "tracer")
    old = key.proved(question_of(other.get("/sign/second/").content))
    other.get("/sign/second/")
    assert other.post("/sign/second/", {"credential": old}).status_code == 422
    assert not has_factor(other.session)


def test_somebody_elses_passkey_opens_nothing(client: Client, tracer: User) -> None:
    give_password(client, "tracer")
    add_passkey(client, SoftKey(1))
    other = Client(SERVER_NAME="localhost")
    give_password(other, "tracer")
    for forged in (SoftKey(2), SoftKey(1, secret=77)):
        question = question_of(other.get("/sign/second/").content)
        assert other.post("/sign/second/", {"credential": forged.proved(question)}).status_code == 422


def test_a_passkey_made_for_a_look_alike_address_is_refused(client: Client, tracer: User) -> None:
    give_password(client, "tracer")
    assert add_passkey(client, SoftKey(origin="https://local-host.example")).status_code == 422
    assert not factors.has_any(tracer)


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", "nonsense", '{"response": {"clientDataJSON": "AA"}}', '{"id": 1}']
)
def test_an_answer_that_is_none_is_refused_in_words(client: Client, tracer: User, answer: str) -> None:
    give_password(client, "tracer")
    client.get("/sign/factors/passkey/")
    assert client.post("/sign/factors/passkey/", {"name": "x", "credential": answer}).status_code == 422
    with_app(tracer)
    other = Client(SERVER_NAME="localhost")
    give_password(other, "tracer")
    assert other.post("/sign/second/", {"credential": answer}).status_code == 422


# --- taking away ------------------------------------------------------------------------------------------------------


def test_the_last_factor_is_not_removed_and_another_is(client: Client, tracer: User) -> None:
    with_app(tracer)
    come_in(client, "tracer")
    app = factors.of_user(tracer)[0].pk
    assert client.post(f"/sign/factors/{app}/remove/").status_code == 409
    add_passkey(client, SoftKey())
    assert client.post(f"/sign/factors/{app}/remove/").status_code == 302
    assert [row.type for row in factors.of_user(tracer)] == ["webauthn"]


def test_nobody_removes_somebody_elses_factor(client: Client, tracer: User) -> None:
    with_app(tracer)
    other = with_app(user_of("other", Role.TRACER))
    come_in(client, "tracer")
    assert client.post(f"/sign/factors/{factors.of_user(other)[0].pk}/remove/").status_code == 409
    assert factors.has_any(other)


def test_tr19_changing_a_factor_takes_a_recent_check(
    client: Client, tracer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_app(tracer)
    come_in(client, "tracer")
    monkeypatch.setattr("sizao.desk.clock.now", lambda: Instant(NOW + 601))
    assert client.get("/sign/factors/app/")["Location"].startswith("/sign/check/")
    assert client.post("/sign/factors/codes/")["Location"].startswith("/sign/check/")
    assert factors.codes_left(tracer) == 0
