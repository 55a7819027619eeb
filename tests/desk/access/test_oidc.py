"""The organisation's own sign-in: it says who somebody is, and nothing about what he may do."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from sizao.desk.access.federation import PROVIDER, federation
from sizao.desk.access.models import User
from sizao.desk.access.oidc import Office
from sizao.desk.access.session import has_factor
from sizao.desk.store.rights import Role
from sizao.errors import DeskError
from tests.desk.access.users import browser, user_of, with_app

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("now")]
ISSUER = "https://id.example"


class Answer:
    """One answer of the provider."""

    status_code = 200
    headers = {"content-type": "application/json"}  # noqa: RUF012 - as requests has it

    def __init__(self, told: dict[str, Any]) -> None:
        self._told = told
        self.content = json.dumps(told).encode()

    def json(self) -> dict[str, Any]:
        return self._told

    def raise_for_status(self) -> None:
        return None


class Provider:
    """An identity provider without a network: says of everybody what the test says."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {"sub": "0001", "preferred_username": "tracer"}
        self.userinfo: dict[str, Any] = {}
        self.asked: list[dict[str, Any]] = []
        self.issuer = ISSUER

    def __enter__(self) -> Provider:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def get(self, url: str, **_: object) -> Answer:
        if url.endswith("/.well-known/openid-configuration"):
            paths = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
            return Answer({name: f"{ISSUER}/{name}" for name in paths} | {"issuer": ISSUER})
        return Answer({"sub": self.claims["sub"]} | self.userinfo)

    def request(self, _method: str, _url: str, *, data: dict[str, Any], **_: object) -> Answer:
        self.asked.append(data)
        token = self.claims | {"iss": self.issuer, "aud": "sizao", "exp": 4_000_000_000, "iat": 1}
        return Answer({"access_token": "x", "id_token": jwt(token)})


def jwt(told: dict[str, Any]) -> str:
    """A token whose signature nobody looks at: it comes from the provider itself over TLS."""
    parts = [json.dumps({"alg": "RS256", "kid": "1"}).encode(), json.dumps(told).encode(), b"signature"]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    made = Provider()
    monkeypatch.setattr(Office, "get_requests_session", lambda _self: made)
    return made


def through(client: Client, onward: str = "/cases/") -> Any:
    """To the provider and back, as a browser goes."""
    away = client.get(f"/sign/oidc/{PROVIDER}/login/?next={onward}")
    asked = parse_qs(urlsplit(away["Location"]).query)
    assert away["Location"].startswith(ISSUER)
    assert asked["code_challenge_method"] == ["S256"]
    return client.get(f"/sign/oidc/{PROVIDER}/login/callback/?code=abc&state={asked['state'][0]}")


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_who_is_known_here_goes_on_to_the_second_factor(provider: Provider) -> None:
    with_app(user_of("tracer", Role.TRACER))
    client = browser()
    assert through(client)["Location"] == "/sign/second/"
    assert not signed_in(client)


def test_where_the_provider_proved_two_factors_none_is_asked_for_again(provider: Provider) -> None:
    with_app(user_of("tracer", Role.TRACER))
    provider.claims["amr"] = ["pwd", "mfa"]
    client = browser()
    assert through(client)["Location"] == "/cases/"
    assert has_factor(client.session)


def test_without_any_second_factor_no_desk_opens(provider: Provider) -> None:
    user_of("tracer", Role.TRACER)
    client = browser()
    assert through(client)["Location"].startswith("/sign/factors/")
    assert not has_factor(client.session)


def test_who_is_not_known_here_gets_no_account(provider: Provider) -> None:
    provider.claims["preferred_username"] = "stranger"
    client = browser()
    answer = through(client)
    assert answer.status_code == 403
    assert b"has no account here" in answer.content
    assert not User.objects.filter(username="stranger").exists()
    assert not signed_in(client)


def test_a_name_given_to_somebody_else_later_opens_nothing(provider: Provider) -> None:
    user_of("tracer", Role.TRACER)
    through(browser())
    provider.claims["sub"] = "0002"
    assert through(browser()).status_code == 403
    assert SocialAccount.objects.count() == 1


def test_the_same_person_under_another_name_is_still_the_same_account(provider: Provider) -> None:
    user_of("tracer", Role.RESIDENT, person="person:a", unit="")
    through(browser())
    provider.claims["preferred_username"] = "renamed"
    client = browser()
    assert through(client).status_code == 302
    assert signed_in(client)


def test_who_has_left_does_not_come_in_this_way_either(provider: Provider) -> None:
    user = user_of("tracer", Role.TRACER)
    through(browser())
    user.is_active = False
    user.save()
    assert through(browser()).status_code == 403


def test_two_answers_about_two_people_are_none(provider: Provider) -> None:
    user_of("tracer", Role.TRACER)
    provider.userinfo = {"sub": "0009", "preferred_username": "tracer"}
    assert through(browser()).status_code == 403


def test_an_answer_of_another_provider_is_refused(provider: Provider) -> None:
    user_of("tracer", Role.TRACER)
    provider.issuer = "https://elsewhere.example"
    answer = through(browser())
    assert answer.status_code == 403
    assert b"did not come to an end" in answer.content


@pytest.mark.parametrize(
    "query", ["code=abc&state=made-up", "code=abc", "error=access_denied", "error=access_denied&state=x"]
)
def test_an_answer_nobody_asked_for_is_refused_in_words(provider: Provider, query: str) -> None:
    answer = browser().get(f"/sign/oidc/{PROVIDER}/login/callback/?{query}")
    assert answer.status_code == 403
    assert b"did not come to an end" in answer.content


def test_there_is_no_other_provider(provider: Provider) -> None:
    assert browser().get("/sign/oidc/other/login/").status_code == 404


# --- settings ---------------------------------------------------------------------------------------------------------


def test_without_an_issuer_there_is_no_such_way_in() -> None:
    assert federation({}) is None
    assert federation({"SIZAO_OIDC_CLIENT": "x"}) is None


@pytest.mark.parametrize(
    "environ",
    [
        {"SIZAO_OIDC_ISSUER": "http://id.example", "SIZAO_OIDC_CLIENT": "x", "SIZAO_OIDC_SECRET": "{secret}"},
        {"SIZAO_OIDC_ISSUER": "https://id.example", "SIZAO_OIDC_SECRET": "{secret}"},
        {"SIZAO_OIDC_ISSUER": "https://id.example", "SIZAO_OIDC_CLIENT": "x", "SIZAO_OIDC_SECRET": "{secret}-missing"},
        {"SIZAO_OIDC_ISSUER": "https://id.example", "SIZAO_OIDC_CLIENT": "x"},
    ],
)
def test_half_a_sign_in_is_refused(environ: dict[str, str], tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s")
    with pytest.raises(DeskError) as caught:
        federation({name: value.format(secret=secret) for name, value in environ.items()})
    assert caught.value.code == "A160"


def test_a_whole_one_says_what_allauth_wants(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s\n")
    told = federation({
        "SIZAO_OIDC_ISSUER": "https://id.example/", "SIZAO_OIDC_CLIENT": "x", "SIZAO_OIDC_SECRET": str(secret),
        "SIZAO_OIDC_CLAIM": "employee",
    })  # fmt: skip
    assert told is not None
    assert (told.issuer, told.claim) == ("https://id.example", "employee")
    app = told.providers["openid_connect"]["APPS"][0]
    assert (app["provider_id"], app["client_id"], app["secret"]) == (PROVIDER, "x", "s")
