"""TR-07: from any restrictive standing a challenge takes at most three steps, has a visible clock, and never closes by itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from sizao.desk import clock
from sizao.desk.me.models import Statement
from sizao.desk.store import rows
from sizao.desk.store.models import Act, DutyRow
from sizao.facts.kinds import DataClass, Reported
from sizao.when import DAY_S, HOUR_S, Instant
from tests.desk.conftest import NOW
from tests.desk.me.told import ME, infected, judged, key_of, matched, ordered, resident

pytestmark = pytest.mark.django_db(databases="__all__")

SignIn = Callable[[str], Client]
WORDS = {"wrong": ["not-there", "time"], "words": "那天我在外地", "evidence": "G508 车票"}


def send(browser: Client, key: str = "form-challenge-01", **more: Any) -> HttpResponse:
    given = WORDS | {"key": key, "about": ""} | more
    return browser.post(reverse("me:challenge"), given)  # type: ignore[return-value]  # a response is one


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
@pytest.mark.parametrize("restricted", ["preliminary", "red"])
def test_a_challenge_takes_no_more_than_three_steps(sign_in: SignIn, lang: str, restricted: str) -> None:
    """Step one: the link on the first page. Step two: the form. Step three: send. Then the receipt with its clock."""
    resident()
    infected()
    matched() if restricted == "preliminary" else judged()
    browser = sign_in("traveller")
    head = {"accept-language": lang}
    first = browser.get(reverse("me:home"), headers=head).content.decode()
    (link,) = set(re.findall(r'href="(/me/challenge/)"', first))
    form = browser.get(link, headers=head).content
    answer = browser.post(link, WORDS | {"key": key_of(form), "about": ""}, headers=head)
    receipt = browser.get(answer["Location"], headers=head).content.decode()
    statement = Statement.objects.get()
    assert statement.number in receipt
    assert ("明天 20:00" if lang == "zh-hans" else "tomorrow, 20:00") in receipt
    assert ("没有判定、确认或决定过" if lang == "zh-hans" else "neither judged, confirmed nor ordered") in receipt


def test_it_is_one_fact_to_the_area_and_opens_the_duty_to_answer(sign_in: SignIn) -> None:
    infected()
    found = judged()
    send(sign_in("traveller"), about=found.id)
    (fact,) = [one for one in rows.facts_of(ME) if isinstance(one, Reported)]
    statement = Statement.objects.get()
    assert (fact.what, fact.to, fact.about, fact.receipt) == ("challenge", "area", found.id, statement.number)
    assert fact.data_class is DataClass.CONTROL
    duty = DutyRow.objects.get(subject=ME, code="answer-challenge")
    assert (duty.holder, duty.since, duty.due, duty.met_at) == ("area", NOW, NOW + 24 * HOUR_S, None)


def test_everything_that_holds_the_person_can_be_named(sign_in: SignIn) -> None:
    infected()
    judged()
    ordered()
    text = sign_in("traveller").get(reverse("me:challenge")).content.decode()
    assert "the contact of 25 July 2021, 20:00 – 21:00 (theatre)" in text
    assert "the order of central isolation" in text
    assert "All of it" in text


def test_what_was_written_stays_when_something_is_missing(sign_in: SignIn) -> None:
    answer = send(sign_in("traveller"), wrong=[])
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "那天我在外地" in text
    assert "#id_wrong_0" in text
    assert Act.objects.count() == 0


def test_somebody_elses_fact_cannot_be_challenged(sign_in: SignIn) -> None:
    infected()
    judged()
    other = judged("person:other")
    assert send(sign_in("traveller"), about=other.id).status_code == 400
    assert Statement.objects.count() == 0


def test_somebody_of_whom_nothing_is_recorded_may_challenge_too(sign_in: SignIn) -> None:
    assert send(sign_in("traveller")).status_code == 302


def test_an_overdue_challenge_stays_open_and_is_seen_to_be_overdue(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """N-08: time alone closes nothing, however much of it passes."""
    browser = sign_in("traveller")
    address = send(browser)["Location"]
    for days in (2, 5):
        later = Instant(NOW + days * DAY_S)
        monkeypatch.setattr(clock, "now", lambda later=later: later)
        browser = sign_in("traveller")
        home = browser.get(reverse("me:home")).content.decode()
        assert "The answer is overdue." in home
        assert "overdue by" in home
        assert "nothing closes by itself" in browser.get(address).content.decode()
        assert DutyRow.objects.filter(code="answer-challenge", met_at__isnull=True, ended_at__isnull=True).count() == 1


def test_sent_twice_it_is_one_challenge(sign_in: SignIn) -> None:
    browser = sign_in("traveller")
    assert send(browser)["Location"] == send(browser)["Location"]
    assert Act.objects.count() == 1


@pytest.mark.parametrize("other", ["tracer", "clerk", "employer", "officer", "system", "inspector"])
def test_nobody_else_challenges_in_the_persons_name_on_this_page(sign_in: SignIn, other: str) -> None:
    assert send(sign_in(other)).status_code == 403
    assert send(Client()).status_code == 302
    assert Act.objects.count() == 0
