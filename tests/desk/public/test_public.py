"""What anybody may read without an account: rules with their sources, areas, what is never done; nobody is shown there."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sizao.desk.access.models import ReadRow
from sizao.desk.public import views
from sizao.desk.public.inforce import OTHER as UNGROUPED
from sizao.desk.public.inforce import rule_on, rules_on
from sizao.desk.store.acts import make
from sizao.desk.store.book import book
from sizao.desk.store.rights import Purpose
from sizao.facts.kinds import AreaRated, DataClass
from sizao.policy.book import with_readings
from sizao.when import DAY_S, Instant
from sizao.words import Lang
from tests.desk.conftest import CAST, COUNTY, NOW
from tests.desk.me.told import ME, infected, judged, known
from tests.desk.store.facts_told import CASE, tell

pytestmark = pytest.mark.django_db(databases="__all__")

PAGES = ("home", "rules", "areas", "standing", "challenge", "status", "real", "never", "access")
ON = date(2021, 7, 27)


@pytest.fixture(autouse=True)
def _moment(now: Instant) -> None:
    """The tests' moment."""


def page(name: str, lang: str = "en", **asked: str) -> str:
    answer = Client().get(reverse(f"public:{name}"), asked, headers={"accept-language": lang})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_without_an_account_and_shows_nobody(name: str, lang: str) -> None:
    known()
    infected()
    judged()
    text = page(name, lang)
    for somebody in (ME, CASE, "旅客甲"):
        assert somebody not in text
    assert ReadRow.objects.count() == 0


def test_the_first_page_says_what_is_in_force_and_leads_everywhere() -> None:
    text = page("home")
    assert "COVID-19 protocol of China, eighth edition" in text
    for name in set(PAGES) - {"home"}:
        assert reverse(f"public:{name}") in text
    assert reverse("access:sign-in") in text


def test_a_rule_stands_with_title_article_confidence_and_since_when() -> None:
    rule = rule_on(book(), "safeguard.challenge_h", COUNTY, ON, Lang.EN)
    assert rule is not None
    assert (rule.lines, rule.unit, rule.since) == (["24"], "hours", "1 January 2000")
    assert rule.sources == ["Sizao policy page, guard rails"]
    assert rule.confidence == "one source only"
    text = page("rules")
    assert "Sizao policy page, guard rails" in text
    assert "one source only" in text


def test_every_rule_in_force_has_a_source_and_words_in_both_languages() -> None:
    for lang in Lang:
        found = [rule for rules in rules_on(COUNTY, ON, lang).values() for rule in rules]
        assert len(found) > 40
        for rule in found:
            assert rule.heading != rule.key
            assert rule.absent or rule.readings or (rule.lines and rule.sources and rule.confidence and rule.since)


def test_the_heading_is_that_of_the_pack_whose_value_it_is() -> None:
    then = rule_on(book(), "close.course", COUNTY, ON, Lang.ZH)
    later = rule_on(book(), "close.course", COUNTY, date(2022, 12, 20), Lang.ZH)
    assert then is not None
    assert later is not None
    assert then.heading != later.heading
    assert "14天集中隔离" in then.heading


def test_what_is_contested_is_shown_with_every_reading_and_the_one_that_was_chosen() -> None:
    rule = rule_on(book(), "case.window.days_before", COUNTY, ON, Lang.EN)
    assert rule is not None
    assert {(one.name, tuple(one.lines), one.chosen) for one in rule.readings} == {
        ("two-days", ("2 days",), False),
        ("four-days", ("4 days",), True),
    }
    assert all(one.sources for one in rule.readings)
    text = page("rules")
    assert "Sources disagree." in text
    assert "used here" in text


def test_where_nobody_chose_a_reading_none_is_used() -> None:
    open_book = with_readings(book(), {})
    open_book.readings = {}
    rule = rule_on(open_book, "case.window.days_before", COUNTY, ON, Lang.EN)
    assert rule is not None
    assert rule.lines == ()
    assert [one.chosen for one in rule.readings] == [False, False]


def test_what_was_looked_for_and_not_found_is_shown_as_such() -> None:
    rule = rule_on(book(), "authority.extend_isolation", COUNTY, ON, Lang.EN)
    assert rule is not None
    assert rule.absent
    assert "Looked for and not found" in page("rules")


def test_another_day_shows_the_rules_of_that_day() -> None:
    assert "14天集中隔离" in page("rules", "zh-hans")
    later = page("rules", "zh-hans", on_year="2022", on_month="12", on_day="20", area=COUNTY)
    assert "14天集中隔离" not in later
    assert "2022年12月20日" in later


def test_a_day_that_is_none_is_refused_with_words() -> None:
    answer = Client().get(reverse("public:rules"), {"on_year": "2021", "on_month": "2", "on_day": "31", "area": COUNTY})
    assert answer.status_code == 400


def test_every_rule_in_force_has_its_group() -> None:
    assert UNGROUPED not in rules_on(COUNTY, ON, Lang.EN)


def _rated(code: str, level: str, *, start: int = NOW - DAY_S, until: int = NOW + DAY_S) -> None:
    officer = CAST["officer"]
    told: dict[str, Any] = {"area": code, "level": level, "until": Instant(until), "by": "样例县指挥部"}
    fact = make(AreaRated, f"area:{code}", at=start, actor=officer, now=NOW, data_class=DataClass.PUBLIC, **told)
    tell(fact, by=officer, purpose=Purpose.COMMAND)


def test_areas_stand_with_level_authority_and_end_and_what_ended_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    _rated(f"{COUNTY}001", "medium")
    _rated(f"{COUNTY}002", "high", until=NOW)
    text = page("areas")
    assert f"{COUNTY}001" in text
    assert "medium risk" in text
    assert "样例县指挥部" in text
    assert "28 July 2021, 20:00" in text
    assert f"{COUNTY}002" not in text


def test_how_a_standing_is_reached_has_a_row_for_every_case_the_design_names() -> None:
    text = page("standing", "zh-hans")
    assert len(views.ROWS) == 8
    for words in ("未知：单独的一种状态", "照样到期结束", "没有人因此变红", "本身从不是依据"):
        assert words in text
    for shape in "●▲■◇":
        assert shape in text


def test_what_is_never_done_is_six_lines() -> None:
    text = page("never")
    lines = re.findall(r"<li>(It never .*?)</li>", text)
    assert len(lines) == len(views.NEVER) == 6


def test_the_front_page_is_within_its_budget_of_bytes() -> None:
    import gzip

    assert len(gzip.compress(page("standing").encode())) < 6_000


# --- healthz ----------------------------------------------------------------------------------------------------------


def test_health_is_one_word_and_asks_the_database() -> None:
    answer = Client().get(reverse("public:healthz"))
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_health_says_when_the_database_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    class Gone:
        def cursor(self) -> Any:
            raise OperationalError("gone")

    monkeypatch.setattr(views, "connection", Gone())
    answer = Client().get(reverse("public:healthz"))
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})
