"""A report: once filled in, received by each receiver, one receipt; symptoms never reach a unit; sending it twice is harmless."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from sizao.desk import clock
from sizao.desk.me.models import Statement
from sizao.desk.me.reports import KINDS
from sizao.desk.store import rows
from sizao.desk.store.acts import make
from sizao.desk.store.models import Act, DutyRow
from sizao.desk.store.rights import Purpose
from sizao.facts.kinds import CodeSeen, DataClass, Fact, Reported, Symptom, Told
from sizao.rules.dossier import Dossier
from sizao.rules.purpose import for_unit
from sizao.when import HOUR_S, Instant
from tests.desk.conftest import CAST, COUNTY, NOW
from tests.desk.me.told import ME, key_of, resident
from tests.desk.store.facts_told import tell

pytestmark = pytest.mark.django_db(databases="__all__")

SignIn = Callable[[str], Client]


def address(code: str) -> str:
    return reverse("me:report-one", args=[code])


def send(browser: Client, code: str, key: str = "form-0123456789", **more: Any) -> HttpResponse:
    given = {"key": key, "to": ["community", "unit"], "words": "7月22日去过剧场"} | more
    return browser.post(address(code), given)  # type: ignore[return-value]  # a response is one


def reported() -> list[Reported]:
    return [fact for fact in rows.facts_of(ME) if isinstance(fact, Reported)]


def test_one_report_reaches_community_and_unit_with_one_receipt(sign_in: SignIn) -> None:
    answer = send(sign_in("traveller"), "code", colour="yellow", system="河南")
    statement = Statement.objects.get()
    assert answer.status_code == 302
    assert {(fact.to, fact.what, fact.receipt) for fact in reported()} == {
        ("community", "code", statement.number),
        ("unit", "code", statement.number),
    }
    assert Act.objects.count() == 1
    receipt = sign_in("traveller").get(answer["Location"]).content.decode()
    assert statement.number in receipt
    assert "community, unit" in receipt
    assert f"act no. {statement.act}" in receipt


def test_a_colour_elsewhere_is_recorded_without_a_cause_and_gives_no_colour_here(sign_in: SignIn) -> None:
    resident()
    browser = sign_in("traveller")
    send(browser, "code", colour="red", system="河南")
    (seen,) = [fact for fact in rows.facts_of(ME) if isinstance(fact, CodeSeen)]
    assert (seen.colour, seen.system, seen.cause, seen.data_class) == ("red", "河南", None, DataClass.HEALTH)
    assert "sz-panel--green" in browser.get(reverse("me:home")).content.decode()


def test_symptoms_go_to_the_community_and_never_to_a_unit(sign_in: SignIn) -> None:
    browser = sign_in("traveller")
    refused = send(browser, "symptom", symptoms=["fever"], words="")
    assert refused.status_code == 400
    assert Act.objects.count() == 0
    send(browser, "symptom", symptoms=["fever", "cough"], to=["community"], words="")
    assert [fact.to for fact in reported()] == ["community"]
    assert {fact.symptom for fact in rows.facts_of(ME) if isinstance(fact, Symptom)} == {"fever", "cough"}
    behind = for_unit(Dossier(rows.facts_of(ME)[0].subject, rows.facts_of(ME), COUNTY), Instant(NOW + 1))
    assert behind.facts == ()


def test_what_was_given_to_the_unit_passes_the_wall_and_nothing_else(sign_in: SignIn) -> None:
    send(sign_in("traveller"), "contact")
    behind = for_unit(Dossier(rows.facts_of(ME)[0].subject, rows.facts_of(ME), COUNTY), Instant(NOW + 1))
    assert [fact.to for fact in behind.facts if isinstance(fact, Reported)] == ["unit"]


def test_a_form_sent_twice_is_one_report_though_time_went_on(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = sign_in("traveller")
    first = send(browser, "whereabouts")
    monkeypatch.setattr(clock, "now", lambda: Instant(NOW + 5))
    second = send(browser, "whereabouts")
    assert first["Location"] == second["Location"]
    assert (Act.objects.count(), Statement.objects.count()) == (1, 1)


def test_the_same_form_with_other_words_is_refused_and_keeps_them(sign_in: SignIn) -> None:
    browser = sign_in("traveller")
    send(browser, "whereabouts")
    answer = send(browser, "whereabouts", words="另外的话")
    assert answer.status_code == 400
    assert "另外的话" in answer.content.decode()
    assert Statement.objects.count() == 1


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_lost(sign_in: SignIn) -> None:
    answer = send(sign_in("traveller"), "contact", to=[], words="和旅客乙一起")
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "There is a problem" in text
    assert "Who is to receive it" in text
    assert "和旅客乙一起" in text
    assert Act.objects.count() == 0


def test_what_has_not_happened_yet_cannot_be_reported(sign_in: SignIn) -> None:
    later = {"at_year": "2021", "at_month": "7", "at_day": "28", "at_time": "09:00"}
    answer = send(sign_in("traveller"), "symptom", symptoms=["fever"], to=["community"], **later)
    assert answer.status_code == 400
    assert "still to come" in answer.content.decode()


def test_there_is_no_report_of_a_kind_nobody_knows(sign_in: SignIn) -> None:
    assert sign_in("traveller").get(address("colour")).status_code == 404
    assert "colour" not in KINDS


@pytest.mark.parametrize("code", sorted(KINDS))
def test_each_report_can_be_sent_in_both_languages(sign_in: SignIn, code: str) -> None:
    browser = sign_in("traveller")
    for lang in ("zh-hans", "en"):
        text = browser.get(address(code), headers={"accept-language": lang}).content.decode()
        assert key_of(text.encode())
    asked: dict[str, dict[str, Any]] = {"code": {"colour": "yellow", "system": "x"}, "symptom": {"symptoms": ["fever"]}}
    more = asked.get(code, {})
    answer = send(browser, code, to=list(KINDS[code].first), **more)
    assert answer.status_code == 302
    assert browser.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("other", ["tracer", "clerk", "employer", "officer", "system", "inspector"])
def test_nobody_else_reports_in_the_persons_name(sign_in: SignIn, other: str) -> None:
    assert send(sign_in(other), "whereabouts").status_code == 403
    assert Act.objects.count() == 0


def test_a_visitor_cannot_report(db: None, now: Instant) -> None:
    assert send(Client(), "whereabouts").status_code == 302
    assert Act.objects.count() == 0


def _shown_the_code() -> list[Fact]:
    tracer = CAST["tracer"]
    told: dict[str, Any] = {"actor": tracer, "now": NOW, "data_class": DataClass.HEALTH}
    seen = make(CodeSeen, ME, at=NOW - HOUR_S, colour="yellow", system="河南", **told)
    showing: dict[str, Any] = {"what": "code", "about": seen.id, "channel": "phone", "by": tracer.id}
    return [seen, make(Told, ME, at=NOW - HOUR_S, **told, **showing)]


def test_the_duty_to_report_is_offered_with_its_button_and_met_by_the_report(sign_in: SignIn) -> None:
    tell(*_shown_the_code(), by=CAST["tracer"], purpose=Purpose.TRACING)
    browser = sign_in("traveller")
    text = browser.get(reverse("me:home")).content.decode()
    assert "report the change of the code to the community" in text
    assert address("code") in text
    owed = DutyRow.objects.filter(subject=ME, holder="person", met_at__isnull=True)
    before = owed.count()
    send(browser, "code", colour="yellow", system="河南")
    assert before == 1
    assert owed.count() == 0


def test_another_persons_receipt_cannot_be_opened(sign_in: SignIn) -> None:
    Statement.objects.create(
        number="AAAA-BBBB-CCCC", subject="person:other", what="contact", told={"words": "别人的话"}, actor="user:9", at=NOW,
        act=1, key="k", digest="d",
    )  # fmt: skip
    answer = sign_in("traveller").get(reverse("me:receipt", args=["AAAA-BBBB-CCCC"]))
    assert answer.status_code == 404
    assert "别人的话" not in answer.content.decode()
