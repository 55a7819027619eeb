"""What a person sees of himself: the standing in word and shape, until when and why, and nothing of anybody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sizao.desk import clock
from sizao.desk.access.models import ReadRow
from sizao.desk.me import own
from sizao.desk.store.acts import make
from sizao.desk.store.models import FactRow, TimelineRow
from sizao.desk.store.rights import Purpose
from sizao.facts.kinds import Correction, DataClass, Exposure, Grade, How, Listed, Tip
from sizao.rules.reasons import Standing
from sizao.when import DAY_S, HOUR_S, Instant
from tests.desk.conftest import CAST, NOW
from tests.desk.me.told import (
    ME,
    SECRET,
    confirm,
    infected,
    judged,
    matched,
    ordered,
    resident,
    told_of,
)
from tests.desk.store.facts_told import CASE, tell

pytestmark = pytest.mark.django_db(databases="__all__")

SignIn = Callable[[str], Client]
PAGES = (
    "home", "why", "history", "told", "report", "stay", "ride", "trips", "trip", "challenge", "receipts", "reads", "data",
    "paper",
)  # fmt: skip


def at(moment: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: Instant(moment))


def page(browser: Client, name: str = "home", lang: str = "en") -> str:
    answer = browser.get(reverse(f"me:{name}"), headers={"accept-language": lang})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_for_a_resident_of_whom_nothing_is_recorded(sign_in: SignIn, name: str) -> None:
    assert sign_in("traveller").get(reverse(f"me:{name}")).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_a_visitor_is_led_to_the_sign_in_page_and_staff_are_refused(sign_in: SignIn, name: str) -> None:
    address = reverse(f"me:{name}")
    assert Client().get(address).status_code == 302
    for other in ("tracer", "clerk", "system", "inspector", "employer"):
        assert sign_in(other).get(address).status_code == 403


# --- the standing ----------------------------------------------------------------------------------------------------


def test_green_is_a_word_and_a_shape_and_says_that_nothing_restricts(sign_in: SignIn) -> None:
    resident()
    text = page(sign_in("traveller"))
    assert "sz-panel--green" in text
    assert "●" in text
    assert "Nothing restricts you." in text


def test_unknown_is_its_own_value_and_never_dressed_as_yellow_or_red(sign_in: SignIn) -> None:
    text = page(sign_in("traveller"))
    assert "sz-panel--unknown" in text
    assert "◇" in text
    assert not {"sz-panel--yellow", "sz-panel--red", "▲", "■"} & set(text.replace('"', " ").split())
    assert "no reason to turn you away" in text


def test_a_preliminary_standing_says_so_until_when_and_that_it_lapses(sign_in: SignIn) -> None:
    resident()
    infected()
    matched()
    text = page(sign_in("traveller"))
    assert "sz-panel--red sz-panel--preliminary" in text
    assert "■" in text
    assert "28 July 2021, 20:00" in text
    assert "otherwise it ends by itself" in text
    assert "No colour is a reason to be turned away" in text


def test_red_then_yellow_each_come_with_word_and_shape(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    resident()
    infected()
    judged()
    browser = sign_in("traveller")
    red = page(browser, lang="zh-hans")
    assert "sz-panel--red" in red
    assert "■" in red
    assert "此后按规则为黄码" in red
    at(NOW + 14 * DAY_S, monkeypatch)
    browser = sign_in("traveller")
    yellow = page(browser, lang="zh-hans")
    assert "sz-panel--yellow" in yellow
    assert "▲" in yellow


def test_a_preliminary_standing_nobody_confirmed_reads_as_ended_though_no_job_ran(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TR-06: past its end a restriction is gone, whatever the stored row still says."""
    resident()
    infected()
    matched()
    stored = TimelineRow.objects.get(subject=ME)
    assert stored.standing == "red"
    browser = sign_in("traveller")
    at(NOW + DAY_S - 1, monkeypatch)
    assert "sz-panel--red" in page(browser)
    at(NOW + DAY_S, monkeypatch)
    text = page(browser)
    assert "sz-panel--red" not in text
    assert TimelineRow.objects.get(subject=ME).read_at == stored.read_at


def test_a_confirmed_standing_ends_on_its_day(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    resident()
    infected()
    judged()
    browser = sign_in("traveller")
    at(NOW + 30 * DAY_S, monkeypatch)
    text = page(browser)
    assert "sz-panel--red" not in text
    assert "sz-panel--yellow" not in text


# --- what is owed both ways -------------------------------------------------------------------------------------------


def test_the_person_sees_what_he_owes_and_what_offices_owe_him(sign_in: SignIn) -> None:
    resident()
    infected()
    told_of(judged())
    text = page(sign_in("traveller"))
    mine, offices = text.split("What you need to do")[1].split("What offices owe you")
    assert "go into isolation as told" in mine
    assert "bring the contact into isolation" in offices
    assert "the person" not in offices.split("<table")[1].split("</table>")[0]


def test_before_he_is_told_a_contact_owes_nothing_and_the_office_owes_telling(sign_in: SignIn) -> None:
    resident()
    infected()
    judged()
    text = page(sign_in("traveller"))
    mine, offices = text.split("What you need to do")[1].split("What offices owe you")
    assert "Nothing at the moment." in mine
    assert "tell the person of the contact and why" in offices


# --- nothing of anybody else ------------------------------------------------------------------------------------------

CLOSE = "person:close"


def _everything_about_others() -> list[str]:
    """Facts of the traveller that name a case, a close contact, tracers, a company and a neighbour; the names to look for."""
    resident()
    infected()
    told_of(judged())
    found = matched(case=CASE)
    confirm(found, by="other_tracer")
    infected("person:case2")
    told: dict[str, Any] = {"case": "person:case2", "how": How.JUDGED, "grade": Grade.SECONDARY, "via": CLOSE}
    told |= {
        "first": Instant(NOW - DAY_S),
        "last": Instant(NOW - DAY_S + HOUR_S),
        "by": CAST["tracer"].id,
        "why": SECRET,
    }
    tracer = CAST["tracer"]
    entered: dict[str, Any] = {"actor": tracer, "now": NOW, "data_class": DataClass.HEALTH}
    secondary = make(Exposure, ME, at=NOW - DAY_S, **entered, **told)
    third = told | {"how": How.TOLD, "grade": Grade.CLOSE, "via": None, "by": "某旅行社", "why": "同团旅客乙确诊"}
    hearsay = make(Exposure, ME, at=NOW - DAY_S, source="某旅行社", **entered, **third)
    tip = make(Tip, ME, at=NOW, says="邻居丙看见他咳嗽", by="邻居丙", **entered)
    listed = make(Listed, ME, at=NOW, list="K9996 同车", why="与病例丁同车", **entered)
    tell(secondary, hearsay, tip, listed, by=tracer, purpose=Purpose.TRACING)
    ordered()
    ids = [CASE, "person:case2", CLOSE, "user:1", "user:2", tracer.unit, SECRET, "病例甲"]
    return [*ids, "某旅行社", "旅客乙", "邻居丙", "咳嗽", "K9996", "病例丁", "machine:match"]


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_nothing_of_another_person_appears_on_any_page(sign_in: SignIn, lang: str) -> None:
    names = _everything_about_others()
    browser = sign_in("traveller")
    notices = set(FactRow.objects.exclude(subject=ME).values_list("fact_id", flat=True))
    for name in PAGES:
        text = page(browser, name, lang)
        assert [one for one in (*names, *notices) if one in text] == [], name


def test_the_reason_tree_shows_each_own_fact_with_both_times_and_its_act(sign_in: SignIn) -> None:
    resident()
    infected()
    found = judged()
    act = FactRow.objects.get(fact_id=found.id).act_id
    text = page(sign_in("traveller"), "why")
    assert f"act no. {act}" in text
    assert "25 July 2021, 20:00" in text
    assert "learnt 27 July 2021" in text
    assert "theatre" in text
    assert "place:theatre-1" not in text


def test_what_does_not_fit_the_rules_is_shown_to_the_person_it_is_done_to(sign_in: SignIn) -> None:
    resident()
    ordered()
    text = page(sign_in("traveller"), "why")
    assert "What does not fit the rules" in text
    assert "has no ground on record" in text


# --- history, reads, holdings -----------------------------------------------------------------------------------------


def test_the_history_dates_a_change_when_it_became_true(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    resident(now=Instant(NOW - 2 * HOUR_S))
    infected()
    matched()
    browser = sign_in("traveller")
    at(NOW + 2 * DAY_S, monkeypatch)
    text = page(browser, "history")
    assert "green → red (preliminary)" in text
    assert "28 July 2021, 20:00" in text


def test_a_ground_that_was_taken_back_stays_in_the_history_and_frees_at_once(sign_in: SignIn) -> None:
    resident(now=Instant(NOW - 2 * HOUR_S))
    infected()
    found = judged()
    officer = CAST["officer"]
    later = Instant(NOW + HOUR_S)
    told = {"corrects": found.id, "why": SECRET}
    back = make(Correction, ME, at=later, actor=officer, now=later, data_class=DataClass.CONTROL, **told)
    tell(back, by=officer, purpose=Purpose.COMMAND, now=later)
    text = page(sign_in("traveller"), "history")
    assert "green → red" in text
    shown = own.page_of(ME, CAST["traveller"], later)
    assert own.now_of(shown).span.standing is Standing.GREEN
    assert next(change.freed for change in own.history_of(shown))


def test_who_read_my_data_names_offices_and_purposes_and_no_clerk(sign_in: SignIn) -> None:
    resident()
    told = {"subject": ME, "purpose": "tracing", "fields": "name,standing", "page": "cases:one"}
    ReadRow.objects.create(at=NOW, actor="user:1", unit="cdc-tracing-3", **told)
    browser = sign_in("traveller")
    page(browser)
    text = page(browser, "reads")
    assert "tracing" in text
    assert "name, standing" in text
    assert "user:1" not in text
    assert "People besides you: 1. Times you looked yourself: 2." in text


def test_each_page_writes_who_was_shown_before_it_shows(sign_in: SignIn) -> None:
    resident()
    browser = sign_in("traveller")
    for name in PAGES:
        before = ReadRow.objects.filter(subject=ME).count()
        page(browser, name)
        row = ReadRow.objects.filter(subject=ME).order_by("-pk")[0]
        assert ReadRow.objects.filter(subject=ME).count() == before + 1, name
        assert (row.purpose, row.page.partition(":")[0]) == ("self", "me")


def test_what_is_held_is_counted_by_class_and_says_what_for(sign_in: SignIn) -> None:
    resident()
    infected()
    matched()
    text = page(sign_in("traveller"), "data")
    assert "Health · 4" in text
    assert "not for units, discipline offices or the police" in text
    assert "Registration and public facts · 1" in text


def test_a_row_that_somebody_altered_is_named_and_the_page_still_shows_what_follows(sign_in: SignIn) -> None:
    resident()
    TimelineRow.objects.filter(subject=ME).update(digest="0" * 64)
    text = page(sign_in("traveller"))
    assert "Do not rely on this page yet" in text
    assert "sz-panel--green" in text


def test_a_page_without_script_carries_no_script_of_its_own_and_no_inline_style(sign_in: SignIn) -> None:
    text = page(sign_in("traveller"))
    assert "style=" not in text
    assert text.count("<script") == 1
