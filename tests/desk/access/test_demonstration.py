"""What a demonstration shows in the open is shown nowhere else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytest_django import Settings

from sizao.desk.access import demonstration, factors
from sizao.desk.deployment import Mode
from sizao.desk.store.rights import Role
from tests.desk.access.users import SECRET, browser, give_password, user_of, with_app

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("now")]


@pytest.mark.parametrize("mode", [mode for mode in Mode if mode is not Mode.DEMO])
def test_no_other_deployment_shows_a_code(settings: Settings, mode: Mode) -> None:
    settings.SIZAO = replace(settings.SIZAO, mode=mode)
    user = with_app(user_of("tracer", Role.TRACER))
    client = browser()
    give_password(client, "tracer")
    assert factors.code_now(SECRET) not in client.get("/sign/second/").content.decode()
    assert demonstration.code_of(user) == ""
    assert demonstration.page() == ""


def test_a_demonstration_shows_the_code_of_the_moment(settings: Settings) -> None:
    settings.SIZAO = replace(settings.SIZAO, mode=Mode.DEMO)
    with_app(user_of("tracer", Role.TRACER))
    client = browser()
    give_password(client, "tracer")
    page = client.get("/sign/second/").content.decode()
    assert f"<strong>{factors.code_now(SECRET)}</strong>" in page
