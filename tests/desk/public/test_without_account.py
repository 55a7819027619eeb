"""TR-07 without an account: a number and a document say whose matter it is; nothing is told to whoever has only one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from sizao.desk import clock
from sizao.desk.access.attempts import PER_NAME, WINDOW_S
from sizao.desk.me.models import Statement
from sizao.desk.store import rows
from sizao.desk.store.models import Act, DutyRow, Notice
from sizao.facts.kinds import Reported
from sizao.when import DAY_S, HOUR_S, Instant
from tests.desk.conftest import NOW
from tests.desk.me.told import ME, infected, judged, key_of, known

pytestmark = pytest.mark.django_db(databases="__all__")

SignIn = Callable[[str], Client]
DOCUMENT = "E12345678"
PHONE = "13800000001"
WORDS: dict[str, Any] = {"wrong": ["not-me"], "words": "同名不同人", "evidence": ""}


@pytest.fixture(autouse=True)
def message(now: Instant) -> Notice:
    """The traveller is on the register, was judged a contact, and got a message."""
    known()
    infected()
    judged()
    return Notice.objects.create(to=ME, code="contact", channel="sms", key="n1", created_at=NOW, sent_at=NOW)


def send(
    reference: str, number: str = DOCUMENT, key: str = "form-public-0001", browser: Client | None = None
) -> HttpResponse:
    given = WORDS | {"key": key, "reference": reference, "number": number}
    return (browser or Client(headers={"accept-language": "en"})).post(reverse("public:challenge"), given)  # type: ignore[return-value]  # a response is one


def ask(name: str, reference: str, number: str) -> str:
    browser = Client(headers={"accept-language": "en"})
    return browser.post(reverse(f"public:{name}"), {"reference": reference, "number": number}).content.decode()


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_from_the_front_page_to_the_receipt_it_takes_three_steps(message: Notice, lang: str) -> None:
    browser, head = Client(), {"accept-language": lang}
    first = browser.get("/", headers=head).content.decode()
    assert f'href="{reverse("public:challenge")}"' in first
    form = browser.get(reverse("public:challenge"), headers=head).content
    given = WORDS | {"key": key_of(form), "reference": f"N{message.pk}", "number": DOCUMENT}
    answer = browser.post(reverse("public:challenge"), given, headers=head)
    receipt = browser.get(answer["Location"], headers=head).content.decode()
    assert Statement.objects.get().number in receipt
    assert ("24 小时内" if lang == "zh-hans" else "within 24 hours") in receipt


@pytest.mark.parametrize("number", [DOCUMENT, " e1234-5678 ", PHONE, "+86 138 0000 0001"])
def test_document_or_telephone_will_do_however_it_is_typed(message: Notice, number: str) -> None:
    assert send(f"N{message.pk}", number).status_code == 302
    (fact,) = [one for one in rows.facts_of(ME) if isinstance(one, Reported)]
    assert (fact.what, fact.source, fact.recorder) == ("challenge", "public", f"reference:N{message.pk}")
    assert DutyRow.objects.get(code="answer-challenge").due == NOW + 24 * HOUR_S


def test_the_person_is_told_that_a_challenge_came_in_his_name(message: Notice) -> None:
    send(f"N{message.pk}")
    told = Notice.objects.get(code="challenge-received")
    assert (told.to, told.slots) == (ME, {"number": Statement.objects.get().number})


def test_a_wrong_document_and_a_number_that_is_none_get_the_same_answer(message: Notice) -> None:
    known("person:b", name="旅客乙", document="E87654321", phone="13800000002")
    one = send(f"N{message.pk}", "E87654321").content.decode()
    other = send("N999999", DOCUMENT).content.decode()
    said = "do not belong together"
    assert said in one
    assert said in other
    assert (Act.objects.filter(name="say-challenge").count(), Statement.objects.count()) == (0, 0)
    assert "同名不同人" in one


def test_after_a_few_wrong_documents_there_is_a_pause(message: Notice, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(PER_NAME):
        send(f"N{message.pk}", "E00000000")
    assert send(f"N{message.pk}").status_code == 400
    assert Statement.objects.count() == 0
    monkeypatch.setattr(clock, "now", lambda: Instant(NOW + WINDOW_S + 1))
    assert send(f"N{message.pk}").status_code == 302


def test_sent_twice_it_is_one_challenge(message: Notice) -> None:
    assert send(f"N{message.pk}")["Location"] == send(f"N{message.pk}")["Location"]
    assert Statement.objects.count() == 1


def test_the_receipt_page_shows_a_clock_and_nobody(message: Notice) -> None:
    answer = send(f"N{message.pk}")
    text = Client(headers={"accept-language": "en"}).get(answer["Location"]).content.decode()
    for somebody in (ME, "旅客甲", "同名不同人", DOCUMENT):
        assert somebody not in text
    assert Client().get(reverse("public:received", args=["AAAA-BBBB-CCCC"])).status_code == 404


def test_what_became_of_it_is_told_to_whoever_has_both_numbers(
    message: Notice, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(f"N{message.pk}")
    statement = Statement.objects.get()
    assert "tomorrow, 20:00" in ask("status", statement.number, DOCUMENT)
    monkeypatch.setattr(clock, "now", lambda: Instant(NOW + 3 * DAY_S))
    assert "overdue by" in ask("status", statement.number, DOCUMENT)
    given = {"key": "form-answer-001", "version": 2, "outcome": "refused", "reasons": "核对了监控，本人在场。"}
    sign_in("officer").post(reverse("challenges:one", args=[ME, statement.fact]), given)
    told = ask("status", statement.number.lower(), PHONE)
    assert "核对了监控" in told
    assert "核对了监控" not in ask("status", statement.number, "E87654321")


def test_a_message_is_confirmed_and_to_whom_it_went_is_said_to_its_receiver_alone(message: Notice) -> None:
    known("person:b", name="旅客乙", document="E87654321", phone="13800000002")
    reference = f"N{message.pk}"
    bare = ask("real", reference, "")
    assert f"A message {reference} was made here" in bare
    assert "your contact" not in bare
    mine = ask("real", reference, DOCUMENT)
    assert "it was sent to you" in mine
    assert "your contact, and why" in mine
    others = ask("real", reference, "E87654321")
    assert "do not belong together" in others
    assert "your contact" not in others
    assert "does not come from here" in ask("real", "N424242", "")


@pytest.mark.parametrize("page", ["challenge", "status", "real"])
def test_nothing_is_looked_up_by_a_mere_visit(message: Notice, page: str) -> None:
    """What is asked for comes in a form that was sent, never in an address that can be passed on."""
    asked = {"reference": f"N{message.pk}", "number": DOCUMENT}
    text = Client(headers={"accept-language": "en"}).get(reverse(f"public:{page}"), asked).content.decode()
    assert 'role="status"' not in text
    assert f'value="{DOCUMENT}"' not in text
