"""Coming in and setting up in a real browser: a passkey, the keyboard alone, no script, both languages, and nothing axe finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from sizao.desk.access import factors
from sizao.desk.access.models import Alert, User
from sizao.desk.store.rights import Role
from sizao.desk.web import views
from tests.desk.access.users import PASSWORD, SECRET, user_of, with_app
from tests.desk.conftest import NOW
from tests.desk.web.serving import PHONE, serving

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("now", "committed")]
LOCALES = {"zh": "zh-CN", "en": "en-GB"}


@pytest.fixture
def site(committed: None) -> Iterator[str]:
    """The desks, served; a passkey is never made for a bare number."""
    with serving() as address:
        yield address.replace("127.0.0.1", "localhost")


@pytest.fixture(autouse=True)
def _no_content_refused() -> Iterator[None]:
    views.VIOLATIONS.clear()
    yield
    assert list(views.VIOLATIONS) == []


@pytest.fixture
def opened(chromium: Any) -> Iterator[Any]:
    """Opens a page in a browser of its own."""
    contexts = []

    def open_one(lang: str = "en", **given: Any) -> Any:
        context = chromium.new_context(locale=LOCALES[lang], **given)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


def sound(page: Any) -> None:
    """Nothing that axe finds."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def give_password(page: Any, site: str, name: str = "tracer", onward: str = "") -> None:
    page.goto(f"{site}/sign/in/?next={onward}")
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")


def come_in(page: Any, site: str, name: str, onward: str = "") -> None:
    give_password(page, site, name, onward)
    page.fill("[name=code]", factors.code_now(SECRET))
    page.press("[name=code]", "Enter")
    page.wait_for_url(f"{site}{onward}" if onward else "**")


def test_a_passkey_is_made_and_used(opened: Any, site: str) -> None:
    tracer = user_of("tracer", Role.TRACER)
    page = opened()
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }})  # fmt: skip
    give_password(page, site)
    page.get_by_role("link", name="Add a passkey").click()
    sound(page)
    page.fill("[name=name]", "work telephone")
    page.get_by_role("button", name="Make the passkey").click()
    page.get_by_role("heading", name="Write these codes down").wait_for()
    sound(page)
    assert factors.ways(tracer) == {factors.Way.PASSKEY, factors.Way.CODES}
    page.context.clear_cookies()
    give_password(page, site, onward="/sign/factors/")
    sound(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{site}/sign/factors/")
    assert page.get_by_text("Passkey: work telephone").is_visible()


def test_a_passkey_that_is_not_given_says_so_and_a_code_still_does(opened: Any, site: str) -> None:
    user_of("tracer", Role.TRACER)
    page = opened()
    give_password(page, site)
    page.goto(f"{site}/sign/factors/passkey/")
    page.evaluate("() => { navigator.credentials.create = () => Promise.reject(new Error('no')); }")
    page.fill("[name=name]", "x")
    page.get_by_role("button", name="Make the passkey").click()
    page.get_by_text("No passkey was made").wait_for()
    sound(page)


def test_without_a_script_everybody_comes_in_with_a_code(opened: Any, site: str) -> None:
    with_app(user_of("tracer", Role.TRACER))
    page = opened(java_script_enabled=False)
    come_in(page, site, "tracer", onward="/sign/factors/")
    page.goto(f"{site}/sign/factors/passkey/")
    assert page.get_by_text("Passkeys need a script").is_visible()
    assert not page.get_by_role("button", name="Make the passkey").is_visible()


def test_by_keyboard_alone(opened: Any, site: str) -> None:
    with_app(user_of("tracer", Role.TRACER))
    page = opened()
    page.goto(f"{site}/sign/in/?next=/sign/factors/")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "username":
            break
    page.keyboard.type("tracer")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign/second/")
    while page.evaluate("document.activeElement.name") != "code":
        page.keyboard.press("Tab")
    page.keyboard.type(factors.code_now(SECRET))
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/sign/factors/")


@pytest.mark.parametrize("lang", LOCALES)
def test_axe_finds_nothing_on_the_way_in(opened: Any, site: str, lang: str) -> None:
    with_app(user_of("tracer", Role.TRACER))
    page = opened(lang, viewport=PHONE if lang == "zh" else {"width": 1280, "height": 900})
    page.goto(f"{site}/sign/in/")
    sound(page)
    page.locator(".sz-form .govuk-button").click()
    sound(page)
    come_in(page, site, "tracer", onward="/sign/factors/")
    for path in ("factors/", "factors/app/", "check/", "password/"):
        page.goto(f"{site}/sign/{path}")
        sound(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


SETUP = ("", "users/", "users/new/", "alerts/", "areas/", "areas/new/", "units/", "units/new/", "places/", "packs/", "feeds/",
         "jobs/", "outbox/")  # fmt: skip


@pytest.mark.parametrize("lang", LOCALES)
def test_axe_finds_nothing_at_the_set_up_desk(opened: Any, site: str, lang: str) -> None:
    with_app(user_of("system", Role.SYSTEM_ADMIN, area="", unit="it"))
    with_app(user_of("security", Role.SECURITY_ADMIN, area="", unit="it"))
    tracer = user_of("liu-diao", Role.TRACER)
    alert = Alert.objects.create(kind="unusual-reads", at=NOW, actor=f"user:{tracer.pk}", unit="u", count=61)
    page = opened(lang, viewport=PHONE if lang == "zh" else {"width": 1280, "height": 900})
    come_in(page, site, "system", onward="/setup/")
    for path in (*SETUP, f"users/{tracer.pk}/", f"users/{tracer.pk}/password/"):
        page.goto(f"{site}/setup/{path}")
        sound(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    other = opened(lang)
    come_in(other, site, "security", onward="/setup/")
    for path in (
        f"users/{tracer.pk}/",
        f"users/{tracer.pk}/grant/",
        f"users/{tracer.pk}/leave/",
        f"alerts/{alert.pk}/",
    ):
        other.goto(f"{site}/setup/{path}")
        sound(other)
    assert User.objects.count() == 3
