"""The paper version: dated, numbered, checkable by whoever holds it; and whether a message is real."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from sizao.desk import clock
from sizao.desk.me.models import Paper
from sizao.desk.me.saying import normal_number, number_of
from sizao.desk.store.models import Notice, TimelineRow
from sizao.when import DAY_S, Instant
from tests.desk.conftest import NOW
from tests.desk.me.told import ME, infected, judged, matched, resident
from tests.desk.store.facts_told import CASE

pytestmark = pytest.mark.django_db(databases="__all__")

SignIn = Callable[[str], Client]


def ask(browser: Client, key: str = "form-paper-0001") -> HttpResponse:
    return browser.post(reverse("me:paper"), {"key": key})  # type: ignore[return-value]  # a response is one


def check(browser: Client, reference: str) -> str:
    return browser.get(reverse("me:told"), {"reference": reference}).content.decode()


def test_the_paper_states_what_was_true_and_known_when_it_was_issued(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    resident()
    infected()
    matched()
    address = ask(sign_in("traveller"))["Location"]
    monkeypatch.setattr(clock, "now", lambda: Instant(NOW + 3 * DAY_S))
    text = sign_in("traveller").get(address).content.decode()
    paper = Paper.objects.get()
    assert paper.number in text
    assert "27 July 2021, 20:00" in text
    assert "red (preliminary) until 28 July 2021, 20:00" in text
    assert "■" in text
    assert "No colour is a reason to be turned away." in text
    assert CASE not in text


def test_asked_for_twice_it_is_one_paper(sign_in: SignIn) -> None:
    browser = sign_in("traveller")
    assert ask(browser)["Location"] == ask(browser)["Location"]
    assert Paper.objects.count() == 1


def test_no_paper_is_issued_from_a_row_that_somebody_altered(sign_in: SignIn) -> None:
    resident()
    TimelineRow.objects.filter(subject=ME).update(digest="0" * 64)
    assert ask(sign_in("traveller")).status_code == 403
    assert Paper.objects.count() == 0


@pytest.mark.parametrize("other", ["tracer", "clerk", "employer", "system"])
def test_nobody_else_gets_the_paper(sign_in: SignIn, other: str) -> None:
    address = ask(sign_in("traveller"))["Location"]
    assert sign_in(other).get(address).status_code == 403
    assert Client().get(address).status_code == 302
    assert ask(sign_in(other)).status_code == 403
    assert Paper.objects.count() == 1


def test_a_paper_of_somebody_else_is_not_there(sign_in: SignIn) -> None:
    told = {
        "subject": "person:other",
        "at": NOW,
        "standing": "green",
        "preliminary": False,
        "rules": "",
        "timeline": "",
    }
    Paper.objects.create(number="AAAA-BBBB-CCCC", actor="user:9", key="k", **told)
    browser = sign_in("traveller")
    assert browser.get(reverse("me:paper-one", args=["AAAA-BBBB-CCCC"])).status_code == 404


def test_a_paper_is_checked_by_its_number_however_it_is_typed(sign_in: SignIn) -> None:
    resident()
    infected()
    judged()
    browser = sign_in("traveller")
    ask(browser)
    number = Paper.objects.get().number
    for typed in (number, number.lower(), number.replace("-", " ")):
        text = check(browser, typed)
        assert "This paper comes from here" in text
        assert "■" in text
    assert "does not come from here" in check(browser, "AAAA-BBBB-CCCC")


def _notice(to: str, *, sent: bool = True) -> Notice:
    told = {"code": "contact", "channel": "sms", "created_at": NOW, "sent_at": NOW if sent else None}
    return Notice.objects.create(to=to, key=f"k-{to}", slots={}, **told)


def test_a_message_to_me_is_known_with_what_it_told_and_when(sign_in: SignIn) -> None:
    mine = _notice(ME)
    text = check(sign_in("traveller"), f" n{mine.pk} ")
    assert "This message is real, and it was sent to you" in text
    assert "your contact, and why" in text
    assert "27 July 2021, 20:00" in text


def test_a_message_that_waits_says_so(sign_in: SignIn) -> None:
    assert "waits to be sent to you" in check(sign_in("traveller"), f"N{_notice(ME, sent=False).pk}")


def test_of_a_message_to_somebody_else_nothing_is_told_but_that(sign_in: SignIn) -> None:
    other = _notice("person:other")
    text = check(sign_in("traveller"), f"N{other.pk}")
    assert "This message was not sent to you" in text
    assert "person:other" not in text
    assert "your contact" not in text


@pytest.mark.parametrize("reference", ["N999999", "N0", "123", "N1; drop table", "ＮＮ", "N" + "9" * 30])
def test_what_was_never_sent_from_here_is_said_to_be_so(sign_in: SignIn, reference: str) -> None:
    assert "does not come from here" in check(sign_in("traveller"), reference)


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_a_number_is_its_own_normal_form_and_no_digit_in_it_can_be_mistaken(
    subject: str, key: str, digest: str
) -> None:
    number = number_of(subject, key, digest)
    assert normal_number(number) == number
    assert normal_number(number.lower().replace("O", "0")) == number
    assert not set(number) & set("0189")


@given(st.text(max_size=60))
def test_whatever_is_typed_has_a_normal_form_that_is_its_own(typed: str) -> None:
    once = normal_number(typed)
    assert normal_number(once) == once
