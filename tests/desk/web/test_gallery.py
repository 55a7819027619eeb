"""The gallery in a real browser: both languages, telephone and desk, large type, by keyboard, without script, on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from sizao.desk.web import views
from sizao.desk.web.context import ELDER
from tests.desk.web.gallery import PAGES
from tests.desk.web.serving import DESK, PHONE

pytestmark = pytest.mark.browser

LOCALES = {"zh": "zh-CN", "en": "en-GB"}
ADDRESSES = [
    *(f"gallery/{name}" for name in PAGES),
    "gallery/me?open",
    "help",
    "nothing",
    "gallery/subject?at=2021-07-27",
]
POINT_PX = 96 / 72


@pytest.fixture(autouse=True)
def _no_content_refused() -> Iterator[None]:
    views.VIOLATIONS.clear()
    yield
    assert list(views.VIOLATIONS) == []


def _open(chromium: Any, site: str, path: str, lang: str = "zh", *, large: bool = False, **given: Any) -> Any:
    context = chromium.new_context(locale=LOCALES[lang], **({"viewport": DESK} | given))
    if large:
        context.add_cookies([{"name": ELDER, "value": "1", "url": site}])
    page = context.new_page()
    page.refused = []
    page.on(
        "console",
        lambda message: page.refused.append(message.text) if "Content Security Policy" in message.text else None,
    )
    page.goto(f"{site}/{path}")
    return page


def _close(page: Any) -> None:
    assert page.refused == []
    page.context.close()


@pytest.mark.parametrize("lang", LOCALES)
@pytest.mark.parametrize("path", ADDRESSES)
def test_axe_finds_nothing(chromium: Any, site: str, path: str, lang: str) -> None:
    for large, viewport in ((False, DESK), (True, PHONE))[: 2 if lang == "zh" else 1]:
        page = _open(chromium, site, path, lang, large=large, viewport=viewport)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        _close(page)


@pytest.mark.parametrize("lang", LOCALES)
def test_axe_finds_nothing_in_a_form_with_errors(chromium: Any, site: str, lang: str) -> None:
    page = _open(chromium, site, "gallery/form", lang)
    page.click(".sz-form .govuk-button")
    assert page.title().startswith("有误：" if lang == "zh" else "Error:")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    _close(page)


@pytest.mark.parametrize("lang", LOCALES)
@pytest.mark.parametrize("large", [False, True])
def test_no_page_is_wider_than_a_telephone(chromium: Any, site: str, lang: str, large: bool) -> None:
    for path in ADDRESSES:
        page = _open(chromium, site, path, lang, large=large, viewport=PHONE)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
        _close(page)


MEASURED = """() => {
  const shown = (one) => one.getClientRects().length && getComputedStyle(one).clipPath === 'none'
    && !one.closest('.govuk-visually-hidden, .govuk-skip-link, [aria-hidden]');
  const texts = [...document.querySelectorAll('body *')].filter((one) => shown(one)
    && [...one.childNodes].some((part) => part.nodeType === 3 && part.textContent.trim()));
  const size = (one) => parseFloat(getComputedStyle(one).fontSize);
  const hit = 'button, .govuk-button, input:not([type=hidden]), select, .sz-top a, .sz-foot a';
  const targets = [...document.querySelectorAll(hit)];
  return {
    smallest: Math.min(...texts.map(size)),
    tightest: Math.min(...texts.filter((one) => one.closest('main'))
      .map((one) => parseFloat(getComputedStyle(one).lineHeight) / size(one))),
    targets: targets.filter(shown).map((one) => one.getBoundingClientRect())
      .map((box) => ({ width: box.width, height: box.height })),
  };
}"""


@pytest.mark.parametrize("path", ["gallery/subject", "gallery/form", "gallery/me", "gallery/list", "gallery/parts"])
def test_large_type_is_eighteen_points_with_wide_lines_and_targets_of_sixty(
    chromium: Any, site: str, path: str
) -> None:
    page = _open(chromium, site, path, large=True)
    found = page.evaluate(MEASURED)
    assert found["smallest"] >= 18 * POINT_PX
    assert found["tightest"] >= 1.29
    assert [box for box in found["targets"] if box["height"] < 59.5] == []
    _close(page)


@pytest.mark.parametrize("path", ["gallery/subject", "gallery/form", "gallery/me", "gallery/list"])
def test_chinese_lines_stand_apart_and_targets_can_be_hit(chromium: Any, site: str, path: str) -> None:
    page = _open(chromium, site, path, viewport=PHONE)
    found = page.evaluate(MEASURED)
    assert found["tightest"] >= 1.39
    assert [box for box in found["targets"] if box["height"] < 23.5] == []
    _close(page)


def test_a_list_is_walked_by_keyboard_but_only_from_within(chromium: Any, site: str) -> None:
    page = _open(chromium, site, "gallery/list", "en")
    here = "document.activeElement.textContent"
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement === document.body")
    page.focus("[data-list]")
    page.keyboard.press("j")
    assert page.evaluate(here) == "C-2021-0731"
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate(here) == "C-2021-0732"
    page.keyboard.press("Enter")
    assert page.url.endswith("#C-2021-0732")
    page.keyboard.press("n")
    page.wait_for_url(re.compile(r"after="))
    _close(page)


def test_everything_can_be_reached_by_tab_and_the_focus_is_seen(chromium: Any, site: str) -> None:
    page = _open(chromium, site, "gallery/subject")
    wanted = page.evaluate("document.querySelectorAll('a[href], button, summary').length")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "govuk-skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id || location.hash.slice(1)") == "main"
    page.reload()
    seen = set()
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        state = page.evaluate(
            "() => { const one = document.activeElement, style = getComputedStyle(one);"
            " return [one.outerHTML.slice(0, 200), style.backgroundColor, style.boxShadow, style.outlineStyle]; }"
        )
        if state[0].startswith("<body"):
            break
        seen.add(state[0])
        assert "rgb(255, 221, 0)" in f"{state[1]} {state[2]}", state[0]
    assert len(seen) >= 20
    _close(page)


def test_a_page_works_without_script(chromium: Any, site: str) -> None:
    page = _open(chromium, site, "gallery/form", java_script_enabled=False)
    page.click(".sz-form .govuk-button")
    assert page.locator(".govuk-error-summary li").count() == 5
    page.click("text=English")
    assert page.locator("html").get_attribute("lang") == "en"
    page.click("text=Large type")
    assert page.locator("html.sz-elder").count() == 1
    _close(page)


def test_what_was_written_is_kept_over_an_error_and_the_summary_is_where_one_begins(chromium: Any, site: str) -> None:
    page = _open(chromium, site, "gallery/form", "en")
    page.fill("#id_sample", "2021 0728 0001")
    page.fill("#id_taken_time", "9 o'clock")
    page.click(".sz-form .govuk-button")
    assert page.input_value("#id_sample") == "2021 0728 0001"
    assert page.input_value("#id_taken_time") == "9 o'clock"
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    page.click(".govuk-error-summary a >> nth=0")
    assert page.evaluate("location.hash.slice(1)") == "id_taken_day"
    _close(page)


def test_another_moment_is_chosen_by_keyboard(chromium: Any, site: str) -> None:
    page = _open(chromium, site, "gallery/subject")
    page.focus(".sz-asof summary")
    page.keyboard.press("Enter")
    page.fill("#as-of", "2021-07-27 10:00")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("at="))
    assert "2021年7月27日 10:00" in page.inner_text(".sz-asof")
    page.click(".sz-asof a:text-is('现在')")
    assert page.url.endswith("/gallery/subject")
    _close(page)


def test_on_paper_stand_the_moment_and_the_reasons_and_no_buttons(chromium: Any, site: str) -> None:
    page = _open(chromium, site, "gallery/subject")
    page.emulate_media(media="print")
    for gone in (".sz-top__desks", ".sz-asof details", ".govuk-button >> nth=0", ".sz-foot ul"):
        assert not page.locator(gone).is_visible(), gone
    for kept in (".sz-asof p", ".sz-id", ".sz-because >> nth=0", ".sz-time"):
        assert page.locator(kept).is_visible(), kept
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) <= 2
    _close(page)


def test_nothing_moves_for_whoever_asked_for_less_motion(chromium: Any, site: str) -> None:
    page = _open(chromium, site, "gallery/parts", reduced_motion="reduce")
    moving = "[...document.querySelectorAll('*')].filter((one) => parseFloat(getComputedStyle(one).transitionDuration)).length"
    assert page.evaluate(moving) == 0
    _close(page)


def test_a_page_with_anything_inline_is_found_out(chromium: Any, site: str) -> None:
    context = chromium.new_context()
    page = context.new_page()
    with page.expect_request_finished(lambda request: request.url.endswith("/content-report")):
        page.goto(f"{site}/gallery/broken")
    page.wait_for_timeout(300)
    assert page.title() == "x"
    broken = {report["effective-directive"] for report in views.VIOLATIONS}
    assert broken == {"style-src-attr", "script-src-elem"}
    views.VIOLATIONS.clear()
    context.close()
