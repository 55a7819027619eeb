"""Answering a challenge: by a named person of the right role who had no hand in it, with reasons, and never by waiting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from sizao.desk import clock
from sizao.desk.access.models import ReadRow
from sizao.desk.me import saying
from sizao.desk.me.models import Answer, Statement
from sizao.desk.store import rows
from sizao.desk.store.models import Act, DutyRow, FactRow, Notice, SubjectRow, TimelineRow
from sizao.facts.kinds import Correction, Told
from sizao.when import DAY_S, Instant
from tests.desk.conftest import CAST, NOW
from tests.desk.me.told import ME, confirm, infected, judged, matched, ordered, resident

pytestmark = pytest.mark.django_db(databases="__all__")

SignIn = Callable[[str], Client]
REASONS = "核对车票和监控，本人当时不在场。"


def challenged(about: str = "") -> str:
    """The traveller challenges; the fact that says so."""
    statement = saying.challenge(
        saying.own(CAST["traveller"]),
        wrong=["not-there"],
        words="我那天在外地",
        evidence="车票",
        about=about,
        key="challenge-1",
        now=NOW,
    )
    return statement.fact


def address(fact: str, subject: str = ME) -> str:
    return reverse("challenges:one", args=[subject, fact])


def answer(browser: Client, fact: str, **more: Any) -> HttpResponse:
    version = SubjectRow.objects.get(pk=ME).version
    given = {"key": "form-answer-001", "version": version, "outcome": "refused", "reasons": REASONS} | more
    return browser.post(address(fact), given)  # type: ignore[return-value]  # a response is one


def held() -> str:
    """The traveller is red by a tracer's judgement; the exposure."""
    resident()
    infected()
    return judged().id


# --- by whom ----------------------------------------------------------------------------------------------------------


def test_somebody_who_had_no_hand_in_it_refuses_with_reasons(sign_in: SignIn) -> None:
    fact = challenged(held())
    assert answer(sign_in("officer"), fact).status_code == 302
    duty = DutyRow.objects.get(code="answer-challenge")
    assert duty.met_at == NOW
    (told,) = [one for one in rows.facts_of(ME) if isinstance(one, Told)]
    assert (told.what, told.about, told.by) == ("challenge-answer", fact, CAST["officer"].id)
    shown = sign_in("traveller").get(reverse("me:receipt", args=[Statement.objects.get().number])).content.decode()
    assert REASONS in shown
    assert "Not granted." in shown
    assert "administrative review" in shown
    assert "user:7" not in shown


def _who_ordered() -> str:
    found = held()
    ordered(by="officer")
    return found


def _who_confirmed() -> str:
    resident()
    infected()
    found = matched()
    confirm(found, by="tracer")
    return found.id


@pytest.mark.parametrize(
    ("name", "before"), [("officer", _who_ordered), ("both", _who_confirmed)], ids=["ordered", "confirmed"]
)
def test_whoever_ordered_or_confirmed_it_is_refused_before_anything_is_recorded(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, name: str, before: Callable[[], str]
) -> None:
    fact = challenged(before())
    if name == "both":
        officer = CAST["officer"]
        monkeypatch.setitem(
            CAST, "both", type(officer)(id=CAST["tracer"].id, unit="command", roles=officer.roles, areas=officer.areas)
        )
    acts = Act.objects.count()
    browser = sign_in(name)
    shown = browser.get(address(fact)).content.decode()
    assert "You may not answer this one" in shown
    refused = answer(browser, fact)
    assert refused.status_code == 400
    assert "Nothing was recorded" in refused.content.decode()
    assert (Act.objects.count(), Answer.objects.count()) == (acts, 0)
    assert DutyRow.objects.get(code="answer-challenge").met_at is None


@pytest.mark.parametrize(
    "other", ["traveller", "tracer", "clerk", "follower", "doctor", "employer", "system", "auditor", "inspector"]
)
def test_nobody_of_another_role_answers_or_even_looks(sign_in: SignIn, other: str) -> None:
    fact = challenged(held())
    browser = sign_in(other)
    assert browser.get(reverse("challenges:home")).status_code == 403
    assert browser.get(address(fact)).status_code == 403
    assert answer(browser, fact).status_code == 403
    assert Client().get(address(fact)).status_code == 302
    assert Answer.objects.count() == 0


def test_nobody_of_another_area_answers(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    fact = challenged(held())
    officer = CAST["officer"]
    monkeypatch.setitem(CAST, "far", type(officer)(id="user:40", unit="far", roles=officer.roles, areas=("999902",)))
    browser = sign_in("far")
    assert answer(browser, fact).status_code == 403
    assert address(fact) not in browser.get(reverse("challenges:home")).content.decode()


def test_who_was_shown_the_person_is_written_before_the_page_is(sign_in: SignIn) -> None:
    fact = challenged(held())
    sign_in("officer").get(address(fact))
    row = ReadRow.objects.get(subject=ME, page="challenges:one")
    assert (row.actor, row.purpose) == (CAST["officer"].id, "command")


# --- granting ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["officer", "reviewer"])
def test_granting_takes_back_what_was_wrong_and_frees_at_once(sign_in: SignIn, name: str) -> None:
    exposure = held()
    fact = challenged(exposure)
    assert TimelineRow.objects.get(subject=ME).standing == "red"
    assert answer(sign_in(name), fact, outcome="granted", withdraw=[exposure]).status_code == 302
    (back,) = [one for one in rows.facts_of(ME) if isinstance(one, Correction)]
    assert (back.corrects, back.why, back.recorder) == (exposure, REASONS, CAST[name].id)
    assert TimelineRow.objects.get(subject=ME).standing == "green"
    assert "sz-panel--green" in sign_in("traveller").get(reverse("me:home")).content.decode()
    assert set(Notice.objects.filter(to=ME).values_list("code", flat=True)) == {"challenge-answer", "freed"}


def test_answer_and_correction_are_one_act(sign_in: SignIn) -> None:
    exposure = held()
    fact = challenged(exposure)
    answer(sign_in("officer"), fact, outcome="granted", withdraw=[exposure])
    act = Act.objects.get(name="answer-challenge")
    assert sorted(FactRow.objects.filter(act=act).values_list("kind", flat=True)) == ["correction", "told"]


def test_a_grant_that_takes_nothing_back_is_refused(sign_in: SignIn) -> None:
    fact = challenged(held())
    refused = answer(sign_in("officer"), fact, outcome="granted")
    assert refused.status_code == 400
    assert "nothing is taken back" in refused.content.decode()
    assert Answer.objects.count() == 0


def test_a_grant_of_what_was_taken_back_meanwhile_only_says_so(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    exposure = held()
    first = challenged(exposure)
    saying.challenge(
        saying.own(CAST["traveller"]), wrong=["other"], words="同一件事", evidence="", about=exposure, key="challenge-2",
        now=Instant(NOW + 60),
    )  # fmt: skip
    second = Statement.objects.get(key="challenge-2").fact
    monkeypatch.setattr(clock, "now", lambda: Instant(NOW + 60))
    answer(sign_in("officer"), first, outcome="granted", withdraw=[exposure])
    assert answer(sign_in("reviewer"), second, outcome="granted", key="form-answer-002").status_code == 302


def test_a_refusal_that_takes_something_back_is_refused(sign_in: SignIn) -> None:
    exposure = held()
    fact = challenged(exposure)
    assert answer(sign_in("officer"), fact, withdraw=[exposure]).status_code == 400


def test_orders_are_lifted_by_the_command_and_not_by_the_cdc(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    held()
    order = ordered(by="officer")
    fact = challenged(order.id)
    assert answer(sign_in("reviewer"), fact, outcome="granted", withdraw=[order.id]).status_code == 400
    officer = CAST["officer"]
    monkeypatch.setitem(
        CAST, "second", type(officer)(id="user:41", unit="command", roles=officer.roles, areas=officer.areas)
    )
    assert answer(sign_in("second"), fact, outcome="granted", withdraw=[order.id]).status_code == 302


def test_somebody_elses_exposure_cannot_be_taken_back_here(sign_in: SignIn) -> None:
    fact = challenged(held())
    other = judged("person:other").id
    assert answer(sign_in("officer"), fact, outcome="granted", withdraw=[other]).status_code == 400
    assert not [one for one in rows.facts_of("person:other") if isinstance(one, Correction)]


# --- reasons, clocks, repeats -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("reasons", ["", "不行", "         "])
def test_an_answer_without_reasons_is_none(sign_in: SignIn, reasons: str) -> None:
    fact = challenged(held())
    assert answer(sign_in("officer"), fact, reasons=reasons).status_code == 400
    assert Answer.objects.count() == 0


def test_time_closes_nothing_and_the_list_says_what_is_overdue(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    fact = challenged(held())
    browser = sign_in("officer")
    assert "overdue" not in browser.get(reverse("challenges:home")).content.decode()
    monkeypatch.setattr(clock, "now", lambda: Instant(NOW + 9 * DAY_S))
    browser = sign_in("officer")
    text = browser.get(reverse("challenges:home")).content.decode()
    assert address(fact) in text
    assert "overdue by" in text
    assert "for the command" in text
    assert DutyRow.objects.get(code="answer-challenge").ended_at is None
    assert answer(browser, fact).status_code == 302
    assert address(fact) not in browser.get(reverse("challenges:home")).content.decode()


def test_the_list_names_nobody(sign_in: SignIn) -> None:
    challenged(held())
    text = sign_in("officer").get(reverse("challenges:home")).content.decode()
    assert "旅客" not in text
    assert "我那天在外地" not in text


def test_the_answer_sent_twice_is_one_answer(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    fact = challenged(held())
    browser = sign_in("officer")
    answer(browser, fact)
    acts = Act.objects.count()
    monkeypatch.setattr(clock, "now", lambda: Instant(NOW + 30))
    assert answer(browser, fact).status_code == 302
    assert (Act.objects.count(), Answer.objects.count()) == (acts, 1)


def test_what_was_answered_is_not_answered_again_by_somebody_else(sign_in: SignIn) -> None:
    fact = challenged(held())
    answer(sign_in("officer"), fact)
    refused = answer(sign_in("reviewer"), fact, key="form-answer-002")
    assert refused.status_code == 400
    assert "answered already" in refused.content.decode()
    assert Answer.objects.count() == 1


def test_an_answer_to_what_changed_meanwhile_is_refused_and_kept(sign_in: SignIn) -> None:
    fact = challenged(held())
    seen = SubjectRow.objects.get(pk=ME).version
    ordered(by="officer")
    refused = answer(sign_in("reviewer"), fact, version=seen)
    assert refused.status_code == 400
    text = refused.content.decode()
    assert REASONS in text
    assert "after you opened the page" in text
    assert Answer.objects.count() == 0


def test_a_challenge_there_is_none_of_is_not_found(sign_in: SignIn) -> None:
    held()
    assert sign_in("officer").get(address("f00")).status_code == 404
    assert sign_in("officer").get(address("f00", "person:nobody")).status_code == 404


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_the_decider_reads_what_is_said_and_what_it_rests_on(sign_in: SignIn, lang: str) -> None:
    fact = challenged(held())
    text = sign_in("officer").get(address(fact), headers={"accept-language": lang}).content.decode()
    assert "我那天在外地" in text
    assert "车票" in text
    assert ("判定" if lang == "zh-hans" else "judged the person") in text
