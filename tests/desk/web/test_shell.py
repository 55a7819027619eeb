"""What frames every page: desks, language, type, moment, headers; and what goes wrong, in plain words."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace

import pytest
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from sizao.desk.deployment import Mode
from sizao.desk.store import readers
from sizao.desk.store.rights import Role
from sizao.desk.web import middleware, views
from sizao.desk.web.context import shell_of
from sizao.desk.web.moments import AsOf, as_of_asked
from sizao.desk.web.parts import paging_of
from sizao.errors import DeskError
from sizao.when import DAY_S, Instant
from tests.desk.conftest import CAST
from tests.desk.web import gallery

# --- desks, language, type --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CAST)
def test_only_the_desks_a_role_opens_stand_in_the_top_bar(name: str) -> None:
    request = RequestFactory().get("/")
    request.actor = CAST[name]  # type: ignore[attr-defined]  # as access.middleware does
    shown = {desk.code for desk in shell_of(request).desks}
    built = {"cases", "contacts", "hospitals"}
    assert shown == {code for code in built if readers.may_enter(CAST[name], code)} | {"public"}


def test_a_visitor_sees_the_public_desk_only(zh: Client) -> None:
    page = zh.get("/gallery/me?open").content.decode()
    assert re.findall(r'<li><a href="(/[a-z]+/)"', page) == ["/public/"]


def test_the_desk_one_is_at_is_marked() -> None:
    request = RequestFactory().get("/cases/c1/")
    request.actor = CAST["tracer"]  # type: ignore[attr-defined]  # as access.middleware does
    assert [desk.code for desk in shell_of(request).desks if desk.here] == ["cases"]


def test_every_desk_has_a_name_in_both_languages() -> None:
    request = RequestFactory().get("/")
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for code in (*readers.DESKS, "public"):
                assert render_to_string("web/parts/empty.html", {"text": code})
            assert all(desk.text for desk in shell_of(request).desks)


@pytest.mark.parametrize(
    ("told", "tag"),
    [
        ("zh-CN", "zh-Hans"),
        ("zh-TW,zh;q=0.8", "zh-Hans"),
        ("en-US", "en"),
        ("fr", "zh-Hans"),
        ("", "zh-Hans"),
        ("fr,en;q=0.5", "en"),
    ],
)
def test_the_language_is_the_first_we_speak_else_chinese(told: str, tag: str) -> None:
    answer = Client(headers={"accept-language": told}).get("/help")
    assert f'<html lang="{tag}"' in answer.content.decode()
    assert answer["Content-Language"] == tag
    assert "Accept-Language" in answer["Vary"]


def test_a_language_chosen_is_kept_and_one_comes_back_to_the_same_page(zh: Client) -> None:
    answer = zh.post("/choose", {"language": "en", "next": "/help?a=1"})
    assert (answer.status_code, answer["Location"]) == (302, "/help?a=1")
    assert '<html lang="en"' in zh.get("/help").content.decode()


def test_large_type_is_kept_until_it_is_given_up(zh: Client) -> None:
    zh.post("/choose", {"type": "large", "next": "/help"})
    assert 'class="sz-elder"' in zh.get("/help").content.decode()
    zh.post("/choose", {"type": "normal", "next": "/help"})
    assert 'class="sz-elder"' not in zh.get("/help").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_a_choice_never_leads_elsewhere(zh: Client, elsewhere: str) -> None:
    assert zh.post("/choose", {"language": "en", "next": elsewhere})["Location"] == "/"


def test_a_choice_changes_nothing_by_get_nor_without_its_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.get("/choose").status_code == 405
    answer = strict.post("/choose", {"language": "en", "next": "/"})
    assert answer.status_code == 403
    assert "表单没有收下" in answer.content.decode()


def test_an_unknown_language_is_not_kept(zh: Client) -> None:
    zh.post("/choose", {"language": "xx", "next": "/"})
    assert django_settings.LANGUAGE_COOKIE_NAME not in zh.cookies


@pytest.mark.parametrize(
    ("mode", "word"), [(Mode.DRILL, "演练"), (Mode.DEMO, "演示"), (Mode.LOCAL, ""), (Mode.SERVICE, "")]
)
def test_what_is_not_real_says_so_on_every_page(mode: Mode, word: str) -> None:
    with translation.override("zh-hans"):
        shown = render_to_string("web/parts/mode.html", {"shell": SimpleNamespace(mode=mode)})
    assert (word in shown) if word else not shown.strip()


# --- the moment looked at ---------------------------------------------------------------------------------------------


def _asked(query: str) -> AsOf:
    request = RequestFactory().get(f"/gallery/subject{query}")
    request.now = gallery.NOW  # type: ignore[attr-defined]  # as access.middleware does
    return as_of_asked(request)


@pytest.mark.parametrize(
    "query", ["?at=2021-07-27T10:00", "?at=2021-07-27+10:00", "?at=2021-07-27T02:00Z", "?at=２０２１-07-27+10：00"]
)
def test_an_earlier_moment_is_read_as_local_time(query: str) -> None:
    as_of = _asked(query)
    assert as_of.known_at == gallery.at("2021-07-27T10:00")
    assert not as_of.fault


@pytest.mark.parametrize("query", ["?at=yesterday", "?at=2021-07-28T13:41", "?at=2999-01-01", "?at=07/27/2021"])
def test_a_moment_that_cannot_be_read_or_lies_ahead_is_not_guessed_at(query: str) -> None:
    as_of = _asked(query)
    assert as_of.known_at is None
    assert as_of.fault
    assert as_of.moment == gallery.NOW


def test_a_day_earlier_and_later_keep_the_rest_of_the_address() -> None:
    as_of = _asked("?case=D-3&at=2021-07-26T13:40")
    assert as_of.day_before == "/gallery/subject?case=D-3&at=2021-07-25T13%3A40"
    assert as_of.day_after == "/gallery/subject?case=D-3&at=2021-07-27T13%3A40"
    assert as_of.present == "/gallery/subject?case=D-3"
    assert as_of.kept == (("case", "D-3"),)


def test_there_is_no_day_after_the_present() -> None:
    assert _asked("").day_after == ""
    assert _asked(f"?at={gallery.iso_local(Instant(gallery.NOW - DAY_S + 60))}").day_after == ""


def test_the_bar_says_which_moment_which_rules_and_how_old(zh: Client) -> None:
    page = zh.get("/gallery/subject").content.decode()
    assert "所见为 <b>2021年7月28日 13:40</b>" in page
    assert "规则：新型冠状病毒肺炎防控方案（第八版）" in page
    assert "数据最旧 14 分钟（丁县采样）" in page
    assert "不是现在" not in page
    assert "不是现在" in zh.get("/gallery/subject?at=2021-07-27").content.decode()


def test_paging_keeps_the_filters() -> None:
    request = RequestFactory().get("/?standing=red&standing=yellow&after=9")
    paging = paging_of(request, 50, "12|person:p9", (812, False))
    assert paging.first == "?standing=red&standing=yellow"
    assert paging.next == "?standing=red&standing=yellow&after=12%7Cperson%3Ap9"
    assert (paging.total, paging.more) == (812, False)
    first = paging_of(RequestFactory().get("/"), 3, None)
    assert (first.first, first.next, first.total) == ("", "", None)


# --- headers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/help", "/gallery/subject", "/nothing", "/choose"])
def test_every_answer_tells_the_browser_what_it_may_load_and_not_to_keep_it(zh: Client, path: str) -> None:
    answer = zh.get(path)
    policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert policy["report-uri"] == "/content-report"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]


def test_a_page_that_names_nobody_may_let_itself_be_kept() -> None:
    def public(request: object) -> HttpResponse:
        return HttpResponse("", headers={"Cache-Control": "public, max-age=300"})

    answer = middleware.ContentSecurity(public)(RequestFactory().get("/"))
    assert answer["Cache-Control"] == "public, max-age=300"


def test_what_a_browser_refused_is_noted(zh: Client, caplog: pytest.LogCaptureFixture) -> None:
    views.VIOLATIONS.clear()
    body = json.dumps({"csp-report": {"violated-directive": "style-src", "document-uri": "/x\n[ERROR] forged"}})
    assert zh.post("/content-report", body, content_type="application/csp-report").status_code == 204
    assert views.VIOLATIONS[0]["violated-directive"] == "style-src"
    assert len(caplog.records) == 1
    assert "\n" not in caplog.records[0].getMessage()
    views.VIOLATIONS.clear()


@pytest.mark.parametrize("body", ["", "{", "x" * 40_000, "\x00"])
def test_a_report_that_is_none_is_refused_and_not_noted(zh: Client, body: str) -> None:
    assert zh.post("/content-report", body, content_type="application/csp-report").status_code == 400
    assert not views.VIOLATIONS


# --- what goes wrong --------------------------------------------------------------------------------------------------


def test_a_page_that_is_not_there_says_so(zh: Client, en: Client) -> None:
    answer = zh.get("/nothing")
    assert answer.status_code == 404
    assert "没有这个页面" in answer.content.decode()
    assert "There is no such page" in en.get("/nothing").content.decode()


@pytest.mark.parametrize(("status", "words"), [(500, "这是我们的问题"), (503, "请过几分钟再试")])
def test_when_we_fail_the_page_asks_nothing_and_says_that_no_colour_changes(status: int, words: str) -> None:
    request = RequestFactory().get("/")  # no session, no actor, no moment
    with translation.override("zh-hans"):
        answer = views.server_error(request) if status == 500 else views.unavailable(request)
    page = answer.content.decode()
    assert answer.status_code == status
    assert words in page
    assert "不会因此改变任何人的颜色" in page


def test_a_refusal_says_what_and_what_to_do(zh: Client) -> None:
    request = RequestFactory().get("/")
    with translation.override("zh-hans"):
        answer = views.refusal(request, DeskError("D161"), 403)
    assert answer.status_code == 403
    assert "您无权查看此页" in answer.content.decode()
    assert "D161" in answer.content.decode()


@pytest.mark.parametrize(("view", "status"), [(views.bad_request, 400), (views.forbidden, 403), (views.not_found, 404)])
def test_each_handler_answers_with_its_status(view: object, status: int) -> None:
    assert callable(view)
    assert view(RequestFactory().get("/")).status_code == status


# --- the parts, as pages show them ------------------------------------------------------------------------------------


def test_a_post_of_somebody_is_his_roles_and_a_resident_is_only_himself() -> None:
    request = RequestFactory().get("/")
    request.actor = CAST["tracer"]  # type: ignore[attr-defined]  # as access.middleware does
    with translation.override("zh-hans"):
        assert shell_of(request).post == "流调员"
        request.actor = CAST["traveller"]  # type: ignore[attr-defined]  # as above
        assert shell_of(request).post == ""
    assert Role.RESIDENT in CAST["traveller"].roles


@pytest.mark.parametrize(
    "words",
    [
        "已逾 25 分钟",
        "今天 21:10",
        "今天 24:00",
        "明天 21:10",
        "规则未定时限",
        "2021年7月27日 22:02",
        "已完成（逾期）",
        "流调三组",
        "疾控机构",
    ],
)
def test_a_duty_says_who_and_by_when_or_since_when(zh: Client, words: str) -> None:
    assert words in zh.get("/gallery/subject").content.decode()


def test_a_colour_never_comes_alone(zh: Client) -> None:
    page = zh.get("/gallery/parts").content.decode()
    for colour, shape, word in (
        ("green", "●", "绿"),
        ("yellow", "▲", "黄"),
        ("red", "■", "红"),
        ("unknown", "◇", "未知"),
    ):
        assert re.search(rf'sz-tag--{colour}[^>]*><span aria-hidden="true">{shape}</span> {word}', page)
    assert page.count("到 2021年8月5日 00:00 止") == 4


def test_urgent_care_is_never_refused_for_a_colour_and_the_page_says_so(zh: Client) -> None:
    assert "任何颜色都不得拒诊" in zh.get("/gallery/me").content.decode()


def test_what_somebody_wrote_is_never_markup(zh: Client) -> None:
    answer = zh.post("/gallery/form", {"sample": '"><script>alert(1)</script>', "taken_year": '"><b>'})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.content.decode()
    assert "<b>" not in answer.content.decode().partition("<main")[2]
