"""The follow-up pages in a real browser: a check on a telephone, without a network, without script, and nothing axe finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from sizao.desk.web import views
from tests.desk.contacts.people import PERSON, SignIn, enter, facts_of_kind, hand_to_team, match_one, notice_of_case
from tests.desk.web.serving import DESK, PHONE, serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases="__all__"),
    pytest.mark.usefixtures("now", "committed"),
]

CHECK = f"/contacts/person/{PERSON}/check/"
Open = Callable[..., Any]


@pytest.fixture(autouse=True)
def _no_content_refused() -> Iterator[None]:
    views.VIOLATIONS.clear()
    yield
    assert list(views.VIOLATIONS) == []


@pytest.fixture
def site(committed: None) -> Iterator[str]:
    """The desks, served, with somebody to follow up."""
    notice_of_case()
    match_one()
    hand_to_team(PERSON)
    with serving() as address:
        yield address


@pytest.fixture
def opened(chromium: Any, site: str, sign_in: SignIn) -> Iterator[Open]:
    """Opens a page as somebody of the cast, in a browser of its own."""
    contexts = []

    def open_one(who: str, path: str, *, lang: str = "en", **given: Any) -> Any:
        context = chromium.new_context(**({"viewport": PHONE} | given))
        contexts.append(context)
        cookies = enter(sign_in, who, lang).cookies
        context.add_cookies([{"name": name, "value": one.value, "url": site} for name, one in cookies.items()])
        page = context.new_page()
        answer = page.goto(site + path)
        assert answer.status == 200
        return page

    yield open_one
    for context in contexts:
        context.close()


def ticked(page: Any, name: str) -> None:
    page.locator(f"[name={name}]").check()


def test_what_is_entered_without_a_network_is_kept_and_sent_once_when_it_is_back(opened: Open) -> None:
    page = opened("follower", CHECK)
    page.fill("[name=morning]", "36.6")
    ticked(page, "none")
    page.context.set_offline(True)
    page.locator("form[data-draft] .govuk-button").click()
    assert "Kept on this device; it is not sent yet." in page.inner_text("[data-drafts]")
    assert facts_of_kind(PERSON, "reported") == []
    page.context.set_offline(False)
    page.locator("[data-drafts-send]").click()
    page.locator("[data-drafts-says]", has_text="Sent and recorded.").wait_for()
    assert len(facts_of_kind(PERSON, "reported")) == 1
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_a_draft_outlives_the_page_and_is_gone_once_it_is_recorded(opened: Open) -> None:
    page = opened("follower", CHECK)
    page.fill("[name=morning]", "36.7")
    key = page.input_value("[name=key]")
    page.reload()
    assert page.input_value("[name=morning]") == "36.7"
    assert page.input_value("[name=key]") == key
    page.locator("form[data-draft] .govuk-button").click()
    page.wait_for_selector(".govuk-notification-banner--success")
    assert page.evaluate("Object.keys(localStorage).length") == 0
    assert len(facts_of_kind(PERSON, "reported")) == 1


def test_a_draft_is_shown_to_nobody_else_on_the_same_device(opened: Open, sign_in: SignIn, site: str) -> None:
    page = opened("follower", CHECK)
    page.fill("[name=morning]", "38.1")
    page.context.clear_cookies()
    cookies = enter(sign_in, "tracer").cookies
    page.context.add_cookies([{"name": name, "value": one.value, "url": site} for name, one in cookies.items()])
    page.goto(site + CHECK)
    assert page.input_value("[name=morning]") == ""


def test_a_draft_the_desk_refuses_stays_and_says_so(opened: Open) -> None:
    page = opened("follower", CHECK)
    page.fill("[name=morning]", "366")
    page.context.set_offline(True)
    page.locator("form[data-draft] .govuk-button").click()
    page.context.set_offline(False)
    page.locator("[data-drafts-send]").click()
    page.locator("[data-drafts-list]", has_text="It could not be taken as it is.").wait_for()
    assert facts_of_kind(PERSON, "reported") == []
    assert page.evaluate("Object.keys(localStorage).length") == 1


def test_a_check_needs_no_script(opened: Open) -> None:
    page = opened("follower", CHECK, java_script_enabled=False)
    page.fill("[name=evening]", "36.4")
    page.locator("form.sz-form .govuk-button").click()
    assert "The check is recorded." in page.inner_text("main")
    assert len(facts_of_kind(PERSON, "reported")) == 1


def test_a_match_is_confirmed_by_keyboard_alone_without_script(opened: Open) -> None:
    page = opened("tracer", f"/contacts/person/{PERSON}/confirm/", java_script_enabled=False, viewport=DESK)
    page.focus("[name=exposure]")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=What follows from it")
    page.locator("form.sz-form .govuk-button").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".govuk-notification-banner--success")
    assert len(facts_of_kind(PERSON, "confirmed")) == 1


PAGES = (
    ("tracer", "/contacts/"), ("tracer", f"/contacts/person/{PERSON}/"), ("tracer", "/contacts/confirm/?all=1"),
    ("tracer", f"/contacts/assign/?subject={PERSON}"), ("tracer", f"/contacts/person/{PERSON}/confirm/"),
    ("follower", CHECK), ("follower", "/contacts/round/"), ("follower", f"/contacts/person/{PERSON}/read/"),
    ("doctor", "/hospitals/"), ("doctor", "/hospitals/person/person:case/"), ("doctor", "/hospitals/find/"),
    ("doctor", "/hospitals/new/"),
)  # fmt: skip


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_axe_finds_nothing_and_a_telephone_scrolls_one_way_only(opened: Open, who: str, path: str) -> None:
    for lang, size in (("zh", PHONE), ("en", DESK)):
        page = opened(who, path, lang=lang, viewport=size)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
