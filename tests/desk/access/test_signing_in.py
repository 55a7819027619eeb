"""Coming in: the password, the second factor, the desk; and what somebody sees who does not get in."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from sizao.desk.access import attempts, factors
from sizao.desk.access.models import Alert, Attempt, Grant, User
from sizao.desk.access.session import FACTOR_AT
from sizao.desk.store.rights import Role
from sizao.when import Instant
from tests.desk.access.users import PASSWORD, SECRET, browser, come_in, give_password, user_of, with_app
from tests.desk.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def client() -> Client:
    return browser()


def signed_in(client: Client) -> str:
    number = client.session.get("_auth_user_id")
    return "" if number is None else User.objects.get(pk=number).username


def test_a_resident_comes_in_with_a_password_alone(client: Client) -> None:
    user_of("lv-ke-jia", Role.RESIDENT, person="person:a", unit="")
    assert give_password(client, "lv-ke-jia").status_code == 302
    assert signed_in(client) == "lv-ke-jia"


def test_who_works_here_is_nobody_between_the_two_factors(client: Client) -> None:
    with_app(user_of("tracer", Role.TRACER))
    answer = give_password(client, "tracer")
    assert answer["Location"] == "/sign/second/"
    assert signed_in(client) == ""


def test_with_both_factors_the_desk_opens(client: Client) -> None:
    with_app(user_of("tracer", Role.TRACER))
    assert come_in(client, "tracer", onward="/cases/").headers["Location"] == "/cases/"
    assert signed_in(client) == "tracer"
    assert client.session[FACTOR_AT] == NOW


def test_a_code_that_was_used_is_used_up(client: Client) -> None:
    with_app(user_of("tracer", Role.TRACER))
    code = factors.code_now(SECRET)
    give_password(client, "tracer")
    assert client.post("/sign/second/", {"code": code}).status_code == 302
    other = browser()
    give_password(other, "tracer")
    answer = other.post("/sign/second/", {"code": code})
    assert answer.status_code == 422
    assert signed_in(other) == ""


def test_who_works_here_without_a_second_factor_is_led_to_set_one_up_and_sees_no_desk(client: Client) -> None:
    user_of("tracer", Role.TRACER)
    answer = give_password(client, "tracer", onward="/cases/")
    assert answer["Location"].startswith("/sign/factors/?next=")
    assert b"Set up an authenticator app" in client.get(answer["Location"]).content


def test_the_second_factor_must_follow_within_ten_minutes(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with_app(user_of("tracer", Role.TRACER))
    give_password(client, "tracer")
    monkeypatch.setattr("sizao.desk.clock.now", lambda: Instant(NOW + 601))
    answer = client.post("/sign/second/", {"code": factors.code_now(SECRET)})
    assert answer["Location"] == "/sign/in/"
    assert signed_in(client) == ""


def test_nobody_is_led_to_another_house_after_signing_in(client: Client) -> None:
    user_of("lv-ke-jia", Role.RESIDENT, person="person:a", unit="")
    for onward in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", "\\\\elsewhere"):
        assert "elsewhere" not in give_password(browser(), "lv-ke-jia", onward=onward)["Location"]


def test_capitals_and_full_width_letters_in_a_user_name_make_no_difference(client: Client) -> None:
    user_of("lv-ke-jia", Role.RESIDENT, person="person:a", unit="")
    assert give_password(client, " ＬＶ-ke-JIA ").status_code == 302


# --- no enumeration, lock-out -----------------------------------------------------------------------------------------


def test_a_wrong_name_a_wrong_password_and_an_ended_account_get_the_same_answer() -> None:
    user_of("lv-ke-jia", Role.RESIDENT, person="person:a", unit="")
    ended = user_of("lv-ke-yi", Role.RESIDENT, person="person:b", unit="")
    ended.is_active = False
    ended.save()
    told = set()
    for name, password in (("nobody", PASSWORD), ("lv-ke-jia", "wrong"), ("lv-ke-yi", PASSWORD)):
        answer = give_password(browser(), name, password)
        told.add((answer.status_code, answer.content.decode().split("<main")[1].replace(name, "")))
        assert "A password" not in answer.content.decode()
    assert len({status for status, _ in told}) == 1
    assert all("The user name or the password is wrong" in text for _, text in told)


def test_an_unknown_name_takes_as_long_as_a_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """No stopwatch: the same number of passwords is hashed."""
    user_of("lv-ke-jia", Role.RESIDENT, person="person:a", unit="")
    hashed = []
    from django.contrib.auth.hashers import MD5PasswordHasher

    plain = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return plain(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    counts = []
    for name in ("nobody", "lv-ke-jia"):
        hashed.clear()
        give_password(browser(), name, "wrong")
        counts.append(len(hashed))
    assert counts[0] == counts[1] > 0


@pytest.mark.parametrize("name", ["lv-ke-jia", "nobody-of-that-name"])
def test_after_five_wrong_tries_a_name_is_locked_until_an_hour_that_is_told(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_of("lv-ke-jia", Role.RESIDENT, person="person:a", unit="")
    for _ in range(attempts.PER_NAME):
        assert b"wrong" in give_password(browser(), name, "wrong").content
    locked = give_password(browser(), name, PASSWORD)
    assert locked.status_code == 422
    assert b"Try again after 20:15" in locked.content  # a quarter of an hour after 20:00 in Shanghai
    assert "请在 20:15 之后再试" in give_password(browser("zh-hans"), name, PASSWORD).content.decode()
    monkeypatch.setattr("sizao.desk.clock.now", lambda: Instant(NOW + attempts.WINDOW_S))
    assert give_password(browser(), name, PASSWORD).status_code == (302 if name == "lv-ke-jia" else 422)


def test_being_locked_out_is_noticed_by_those_who_watch() -> None:
    for _ in range(attempts.PER_NAME + 2):
        give_password(browser(), "nobody", "wrong")
    alert = Alert.objects.get(kind="locked-out")
    assert (alert.actor, alert.refused) == ("nob…", 2)


def test_what_was_typed_for_a_name_is_not_kept() -> None:
    give_password(browser(), "my secret pass phrase by mistake", "x")
    row = Attempt.objects.get()
    assert "secret" not in row.name
    assert len(row.name) == 64


def test_the_right_password_clears_the_slate() -> None:
    user_of("lv-ke-jia", Role.RESIDENT, person="person:a", unit="")
    for _ in range(3):
        for _ in range(attempts.PER_NAME - 1):
            give_password(browser(), "lv-ke-jia", "wrong")
        assert give_password(browser(), "lv-ke-jia").status_code == 302


def test_one_address_cannot_try_every_name() -> None:
    for number in range(attempts.PER_ADDRESS):
        give_password(browser(), f"nobody-{number}", "wrong")
    user_of("lv-ke-jia", Role.RESIDENT, person="person:a", unit="")
    assert b"too many tries" in give_password(browser(), "lv-ke-jia").content
    assert (
        browser()
        .post("/sign/in/", {"username": "lv-ke-jia", "password": PASSWORD}, REMOTE_ADDR="192.0.2.7")
        .status_code
        == 302
    )


def test_the_second_factor_is_locked_after_five_wrong_codes_whatever_the_password_says() -> None:
    with_app(user_of("tracer", Role.TRACER))
    client = browser()
    give_password(client, "tracer")
    for _ in range(attempts.PER_FACTOR):
        client.post("/sign/second/", {"code": "000000"})
    give_password(client, "tracer")
    answer = client.post("/sign/second/", {"code": factors.code_now(SECRET)})
    assert b"too many tries" in answer.content
    assert signed_in(client) == ""


def test_an_address_is_taken_from_our_own_proxies_only(settings: Settings, rf: RequestFactory) -> None:
    request = rf.get("/", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}, REMOTE_ADDR="10.0.0.1")
    assert attempts.address_of(request) == "10.0.0.1"
    settings.PROXIES = 1
    assert attempts.address_of(request) == "203.0.113.9"


# --- roles that exclude each other, in the table ----------------------------------------------------------------------


def test_tr14_two_exclusive_roles_put_into_the_table_by_hand_let_nobody_in(client: Client) -> None:
    user = with_app(user_of("both", Role.SYSTEM_ADMIN, area=""))
    Grant.objects.create(user=user, role=Role.AUDIT_ADMIN, area="", since=NOW - 1, by="by hand")
    answer = give_password(client, "both")
    assert answer.status_code == 422
    assert b"may not hold these roles together" in answer.content
    assert signed_in(client) == ""


def test_tr14_a_session_ends_when_exclusive_roles_appear_in_the_table(client: Client) -> None:
    user = with_app(user_of("both", Role.SYSTEM_ADMIN, area=""))
    come_in(client, "both")
    Grant.objects.create(user=user, role=Role.AUDIT_ADMIN, area="", since=NOW - 1, by="by hand")
    client.get("/sign/factors/")
    assert signed_in(client) == ""


def test_signing_out_takes_a_post(client: Client) -> None:
    user_of("lv-ke-jia", Role.RESIDENT, person="person:a", unit="")
    give_password(client, "lv-ke-jia")
    assert client.get("/sign/out/").status_code == 405
    assert client.post("/sign/out/").status_code == 302
    assert signed_in(client) == ""


@pytest.mark.parametrize("lang", ["en", "zh-hans"])
def test_every_page_of_coming_in_is_whole_in_both_languages(lang: str) -> None:
    client = browser(lang)
    with_app(user_of("tracer", Role.TRACER))
    assert client.get("/sign/in/").status_code == 200
    give_password(client, "tracer")
    assert client.get("/sign/second/").status_code == 200
    client.post("/sign/second/", {"code": factors.code_now(SECRET)})
    for page in ("factors/", "factors/app/", "factors/passkey/", "check/", "password/"):
        assert client.get(f"/sign/{page}").status_code == 200, page


def test_3_3_8_nothing_has_to_be_remembered_or_solved(client: Client) -> None:
    page = client.get("/sign/in/").content.decode()
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    for puzzle in ("captcha", "onpaste", 'autocomplete="off"'):
        assert puzzle not in page
