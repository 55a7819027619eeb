"""TR-07 in a real browser: by keyboard alone, without script, in both languages, on a phone; and nothing that axe finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

from sizao.desk.me.models import Statement
from sizao.desk.web import views
from tests.desk.me.told import ME, infected, judged, known, ordered, resident, told_of
from tests.desk.web.serving import PHONE, serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases="__all__"),
    pytest.mark.usefixtures("now", "committed"),
]
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
FURTHEST = 60
"""Nothing on these pages is more presses of Tab away."""

SignIn = Callable[[str], Client]


@pytest.fixture
def site(committed: None) -> Iterator[str]:
    """The desks, served."""
    with serving() as address:
        yield address.replace("127.0.0.1", "localhost")


@pytest.fixture(autouse=True)
def _no_content_refused() -> Iterator[None]:
    views.VIOLATIONS.clear()
    yield
    assert list(views.VIOLATIONS) == []


@pytest.fixture
def opened(chromium: Any, sign_in: SignIn, site: str) -> Iterator[Any]:
    """Opens a page in a browser in which somebody of the cast has signed in."""
    contexts = []

    def open_one(lang: str, name: str = "", **given: Any) -> Any:
        context = chromium.new_context(locale=LOCALES[lang], viewport=PHONE, **given)
        contexts.append(context)
        if name:
            value = sign_in(name).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": site}])
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


def tab_to(page: Any, selector: str) -> None:
    """Press Tab until the focus is on what the selector names."""
    for _ in range(FURTHEST):
        page.keyboard.press("Tab")
        if page.locator(selector).and_(page.locator(":focus")).count():
            return
    raise AssertionError(f"{selector} cannot be reached by keyboard")


def restricted() -> None:
    """The traveller is red, was told, and is under an order."""
    known()
    resident()
    infected()
    told_of(judged())
    ordered()


@pytest.mark.parametrize("lang", sorted(LOCALES))
def test_a_challenge_by_keyboard_alone_and_without_script(opened: Any, site: str, lang: str) -> None:
    restricted()
    page = opened(lang, "traveller", java_script_enabled=False)
    page.goto(f"{site}/me/")
    tab_to(page, 'main a[href="/me/challenge/"]')
    page.keyboard.press("Enter")
    tab_to(page, "#id_wrong_0")
    page.keyboard.press("Space")
    tab_to(page, "#id_words")
    page.keyboard.type("那天我在外地")
    tab_to(page, "main button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/me/receipts/**")
    assert Statement.objects.get().number in page.content()
    assert ("2021年7月28日 20:00" if lang == "zh" else "28 July 2021, 20:00") in page.content()


PERSONAL = (
    "", "why/", "history/", "told/?reference=N1", "report/", "report/code/", "stay/", "ride/", "trips/", "trips/new/",
    "challenge/", "receipts/", "reads/", "data/", "paper/",
)  # fmt: skip
OPEN = ("", "rules/", "areas/", "standing/", "challenge/", "challenge/status/", "real/", "never/", "access/")


@pytest.mark.parametrize("lang", sorted(LOCALES))
def test_axe_finds_nothing_and_nothing_runs_off_the_side_of_a_phone(opened: Any, site: str, lang: str) -> None:
    restricted()
    page = opened(lang, "traveller")
    for address in (*(f"/me/{tail}" for tail in PERSONAL), *(f"/{tail}" for tail in OPEN)):
        page.goto(f"{site}{address}")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{address}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address


def test_the_counter_and_the_answering_of_challenges_are_sound_too(opened: Any, site: str) -> None:
    restricted()
    page = opened("zh", "clerk")
    page.goto(f"{site}/counter/check/{ME}/")
    page.check("[name=relation][value=self]", force=True)
    page.check("[name=channel][value=counter]", force=True)
    page.check("[name=checked][value=document]", force=True)
    page.click("main button")
    for tail in ("", "challenge/", "report/symptom/", "paper/"):
        page.goto(f"{site}/counter/person/{ME}/{tail}")
        assert "旅客甲" in page.content()
        assert Axe().run(page).violations_count == 0, tail
    page.goto(f"{site}/counter/person/{ME}/challenge/")
    page.check("[name=wrong][value=time]", force=True)
    page.fill("[name=words]", "时间不对")
    page.click("main form button")
    fact = Statement.objects.get().fact
    decider = opened("zh", "reviewer")
    for address in ("/challenges/", f"/challenges/{ME}/{fact}/"):
        decider.goto(f"{site}{address}")
        assert Axe().run(decider).violations_count == 0, address
    for address in ("/counter/", "/counter/register/", "/counter/form/"):
        page.goto(f"{site}{address}")
        assert Axe().run(page).violations_count == 0, address
