"""At the counter: the person is found and checked before anything is shown, and whatever is said names who helped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from sizao.desk import clock
from sizao.desk.access.models import ReadRow
from sizao.desk.me.models import Paper, Statement
from sizao.desk.people.models import Person
from sizao.desk.people.vault import who_is
from sizao.desk.people.who import DocumentKind
from sizao.desk.store import rows
from sizao.desk.store.models import Act, DutyRow, FactRow
from sizao.facts.kinds import Registered, Reported
from sizao.when import DAY_S, HOUR_S, Instant
from tests.desk.conftest import CAST, COUNTY, NOW, OTHER
from tests.desk.me.told import ME, infected, judged, known, resident

pytestmark = pytest.mark.django_db(databases="__all__")

SignIn = Callable[[str], Client]
PAGES = (
    "why", "history", "told", "report", "stay", "ride", "trips", "trip", "challenge", "receipts", "reads", "data", "paper",
)  # fmt: skip
CHECKED = {"relation": "self", "channel": "counter", "checked": "document", "name": "", "number": ""}


def post(browser: Client, address: str, given: dict[str, Any]) -> HttpResponse:
    return browser.post(address, given)  # type: ignore[return-value]  # a response is one


def check(browser: Client, subject: str = ME, **more: str) -> HttpResponse:
    return post(browser, reverse("counter:check", args=[subject]), CHECKED | more)


def at(name: str, *args: str, subject: str = ME) -> str:
    return reverse(f"counter:{name}", args=[subject, *args])


def search(browser: Client, text: str) -> str:
    return browser.get(reverse("counter:home"), {"q": text}).content.decode()


# --- found, masked, checked -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["旅客甲", "E12345678", "138 0000 0001", "lvkejia"])
def test_one_box_finds_by_name_sound_document_and_telephone_and_shows_it_masked(sign_in: SignIn, text: str) -> None:
    known()
    found = search(sign_in("clerk"), text)
    assert "旅**" in found
    assert "*****5678" in found
    assert "旅客甲" not in found.replace('value="旅客甲"', "")
    assert ReadRow.objects.filter(subject=ME, actor=CAST["clerk"].id, page="counter:search").count() == 1


def test_somebody_of_another_area_is_not_found_and_cannot_be_checked(sign_in: SignIn) -> None:
    known("person:far", name="旅客远", area=OTHER)
    browser = sign_in("clerk")
    assert "Nobody was found" in search(browser, "旅客远")
    assert check(browser, "person:far").status_code == 403
    assert browser.get(reverse("counter:check", args=["person:nobody"])).status_code == 404


def test_before_the_check_no_page_of_the_person_opens(sign_in: SignIn) -> None:
    known()
    browser = sign_in("clerk")
    for name in ("home", *PAGES):
        answer = browser.get(at(name))
        assert answer.status_code == 302
        assert answer["Location"] == reverse("counter:check", args=[ME])


def test_after_the_check_every_page_opens_with_the_identity_and_each_showing_is_logged(sign_in: SignIn) -> None:
    known()
    resident()
    browser = sign_in("clerk")
    check(browser)
    for name in ("home", *PAGES):
        before = ReadRow.objects.filter(subject=ME, purpose="counter", fields="document,name,phone").count()
        text = browser.get(at(name)).content.decode()
        assert "旅客甲" in text, name
        assert "E12345678" not in text
        assert ReadRow.objects.filter(subject=ME, purpose="counter", fields="document,name,phone").count() == before + 1


def test_a_number_that_was_told_is_compared_and_not_stored(sign_in: SignIn) -> None:
    known()
    browser = sign_in("clerk")
    wrong = check(browser, channel="phone", checked="number", number="E99999999")
    assert wrong.status_code == 400
    assert "does not agree with the record" in wrong.content.decode()
    assert check(browser, channel="phone", checked="number", number=" e1234 5678 ").status_code == 302
    assert "E12345678" not in str(dict(browser.session))
    post(browser, at("report-one", "whereabouts"), REPORT)
    statement = Statement.objects.get()
    assert statement.helper["checked"] == "number"
    assert "5678" not in str(statement.helper) + str(statement.told)


@pytest.mark.parametrize(
    "more",
    [
        {"relation": "guardian"}, {"checked": "number"}, {"channel": "phone"}, {"channel": "paper"},
        {"channel": "paper", "received_year": "2021", "received_month": "7", "received_day": "28", "received_time": "08:00"},
    ],
    ids=["helper-without-name", "number-missing", "document-by-phone", "paper-without-time", "paper-from-tomorrow"],
)  # fmt: skip
def test_a_check_that_says_too_little_is_none(sign_in: SignIn, more: dict[str, str]) -> None:
    known()
    browser = sign_in("clerk")
    assert check(browser, **more).status_code == 400
    assert browser.get(at("home")).status_code == 302


def test_a_check_is_forgotten_after_half_an_hour_and_when_the_person_leaves(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    known()
    browser = sign_in("clerk")
    check(browser)
    monkeypatch.setattr(clock, "now", lambda: Instant(NOW + 30 * 60 - 1))
    assert browser.get(at("home")).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: Instant(NOW + 30 * 60))
    assert browser.get(at("home")).status_code == 302
    check(browser)
    assert browser.get(at("home")).status_code == 200
    browser.post(reverse("counter:leave", args=[ME]))
    assert browser.get(at("home")).status_code == 302


def test_a_check_of_one_person_opens_no_other(sign_in: SignIn) -> None:
    known()
    known("person:b", name="旅客乙", document="E87654321", phone="13800000002")
    browser = sign_in("clerk")
    check(browser)
    assert browser.get(at("home", subject="person:b")).status_code == 302
    assert post(browser, at("report-one", "whereabouts", subject="person:b"), REPORT).status_code == 302
    assert Act.objects.count() == 0


# --- on the person's behalf -------------------------------------------------------------------------------------------

REPORT = {"key": "form-counter-01", "to": ["community"], "words": "去过剧场"}
CHALLENGE = {"key": "form-counter-02", "wrong": ["not-there"], "words": "我不在那里", "evidence": "", "about": ""}


def test_what_is_said_names_the_counter_the_clerk_and_the_helper(sign_in: SignIn) -> None:
    known()
    browser = sign_in("clerk")
    check(browser, relation="neighbour", name="邻居丙", checked="witness")
    answer = post(browser, at("report-one", "whereabouts"), REPORT)
    (fact,) = [one for one in rows.facts_of(ME) if isinstance(one, Reported)]
    assert (fact.source, fact.recorder, fact.subject) == ("counter-1", CAST["clerk"].id, ME)
    assert Act.objects.get().purpose == "counter"
    receipt = browser.get(answer["Location"]).content.decode()
    for words in ("a neighbour", "somebody present vouched", "邻居丙", "at a counter"):
        assert words in receipt


def test_the_person_sees_afterwards_what_was_said_for_him_and_who_helped(sign_in: SignIn) -> None:
    known()
    browser = sign_in("clerk")
    check(browser, relation="relative", name="家属丁")
    post(browser, at("report-one", "whereabouts"), REPORT)
    mine = sign_in("traveller")
    text = mine.get(reverse("me:receipt", args=[Statement.objects.get().number])).content.decode()
    assert "家属丁" in text
    assert "Counter clerk" not in text
    assert "user:8" not in text


def test_a_challenge_at_the_counter_opens_the_same_clock(sign_in: SignIn) -> None:
    known()
    infected()
    judged()
    browser = sign_in("clerk")
    check(browser)
    answer = post(browser, at("challenge"), CHALLENGE)
    assert "tomorrow, 20:00" in browser.get(answer["Location"]).content.decode()
    assert DutyRow.objects.get(code="answer-challenge").due == NOW + DAY_S


def test_a_paper_form_entered_later_counts_from_when_it_was_received(sign_in: SignIn) -> None:
    known()
    browser = sign_in("clerk")
    received = {"received_year": "2021", "received_month": "7", "received_day": "27", "received_time": "08:00"}
    check(browser, channel="paper", **received)
    post(browser, at("challenge"), CHALLENGE)
    (fact,) = [one for one in rows.facts_of(ME) if isinstance(one, Reported)]
    assert (fact.at, fact.recorded_at) == (NOW - 12 * HOUR_S, NOW)
    assert DutyRow.objects.get(code="answer-challenge").due == NOW + 12 * HOUR_S
    assert "27 July 2021, 08:00" in browser.get(at("receipt", Statement.objects.get().number)).content.decode()


def test_the_paper_version_is_printed_for_somebody_without_a_phone(sign_in: SignIn) -> None:
    known()
    resident()
    browser = sign_in("clerk")
    check(browser)
    answer = post(browser, at("paper"), {"key": "form-counter-03"})
    text = browser.get(answer["Location"]).content.decode()
    assert Paper.objects.get().number in text
    assert "旅客甲" in text
    assert "document ends in 5678" in text


@pytest.mark.parametrize("other", ["tracer", "officer", "traveller", "system", "auditor", "inspector", "employer"])
def test_nobody_else_works_at_the_counter(sign_in: SignIn, other: str) -> None:
    known()
    browser = sign_in(other)
    for address in (
        reverse("counter:home"),
        reverse("counter:register"),
        reverse("counter:check", args=[ME]),
        at("home"),
    ):
        assert browser.get(address).status_code == 403
        assert Client().get(address).status_code == 302
    assert post(browser, at("report-one", "whereabouts"), REPORT).status_code == 403
    assert post(browser, reverse("counter:register"), PUT_IN).status_code == 403
    assert Act.objects.count() == 0


# --- people who are on no register ------------------------------------------------------------------------------------

PUT_IN: dict[str, str] = {
    "key": "form-register-1", "name": "旅客戊", "document_kind": "none", "document": "", "phone": "", "sex": "unknown",
    "address": "", "area": COUNTY,
}  # fmt: skip


def test_somebody_without_document_and_telephone_is_put_in_with_what_is_known(sign_in: SignIn) -> None:
    browser = sign_in("clerk")
    answer = post(browser, reverse("counter:register"), PUT_IN)
    person = Person.objects.get()
    assert answer["Location"] == reverse("counter:check", args=[person.subject])
    assert FactRow.objects.filter(subject=person.subject, kind=Registered.kind).count() == 1
    check(browser, person.subject, checked="known")
    assert "旅客戊" in browser.get(at("home", subject=person.subject)).content.decode()


def test_the_form_of_the_register_sent_twice_makes_one_person(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = sign_in("clerk")
    first = post(browser, reverse("counter:register"), PUT_IN)
    monkeypatch.setattr(clock, "now", lambda: Instant(NOW + 9))
    again = post(browser, reverse("counter:register"), PUT_IN | {"another": "on"})
    assert first["Location"] == again["Location"]
    assert Person.objects.count() == 1


def test_somebody_similar_is_shown_masked_before_a_second_record_is_made(sign_in: SignIn) -> None:
    known()
    browser = sign_in("clerk")
    same = PUT_IN | {"name": "旅客甲", "document_kind": "passport", "document": "E12345678"}
    answer = post(browser, reverse("counter:register"), same)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert reverse("counter:check", args=[ME]) in text
    assert "13800000001" not in text
    assert Person.objects.count() == 1
    assert post(browser, reverse("counter:register"), same | {"another": "on"}).status_code == 302
    assert Person.objects.count() == 2


def test_a_family_may_share_a_telephone(sign_in: SignIn) -> None:
    known()
    child = PUT_IN | {"name": "旅客己", "phone": "13800000001"}
    assert post(sign_in("clerk"), reverse("counter:register"), child).status_code == 302
    assert Person.objects.count() == 2


def test_a_number_that_cannot_be_right_is_refused_with_words(sign_in: SignIn) -> None:
    wrong = PUT_IN | {"document_kind": "citizen_id", "document": "999901199001010000"}
    answer = post(sign_in("clerk"), reverse("counter:register"), wrong)
    assert answer.status_code == 400
    assert "旅客戊" in answer.content.decode()
    assert Person.objects.count() == 0


def test_a_clerk_registers_nobody_outside_his_areas(sign_in: SignIn) -> None:
    assert post(sign_in("clerk"), reverse("counter:register"), PUT_IN | {"area": OTHER}).status_code == 400
    assert Person.objects.count() == 0


def test_who_was_put_in_is_sealed_in_the_vault_and_in_no_fact(sign_in: SignIn) -> None:
    from django.conf import settings

    post(sign_in("clerk"), reverse("counter:register"), PUT_IN)
    subject = Person.objects.get().subject
    assert who_is(subject, settings.KEYS).document_kind is DocumentKind.NONE
    assert "旅客戊" not in "".join(row.line or "" for row in FactRow.objects.all())


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_an_empty_paper_form_is_there_for_when_the_network_is_down(sign_in: SignIn, lang: str) -> None:
    text = sign_in("clerk").get(reverse("counter:form"), headers={"accept-language": lang}).content.decode()
    assert "窗口代办表" in text
    assert "Counter form" in text
    assert "24 小时内" in text
    assert "任何颜色都不得拒诊" in text
