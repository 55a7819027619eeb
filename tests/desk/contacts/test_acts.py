"""Each form makes exactly the facts of its act, for whoever may, and for nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sizao.desk.me.models import Statement
from sizao.desk.store.models import Act
from sizao.desk.store.readers import subject_page
from sizao.desk.store.rights import Purpose
from sizao.facts.kinds import (
    Admitted,
    Confirmed,
    Correction,
    Exposure,
    How,
    Left,
    Order,
    Released,
    Reported,
    Result,
    Setting,
    Symptom,
    Test,
    TestRefused,
    Told,
)
from sizao.when import DAY_S, HOUR_S, Instant
from tests.desk.conftest import CAST, NOW
from tests.desk.contacts.people import PERSON, SignIn, enter, facts_of_kind, fill, hidden_of, moment_of, put, text_of
from tests.desk.store.facts_told import exposure, tell

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("now")]

PAST = NOW - HOUR_S


def at(form: str, subject: str = PERSON) -> str:
    return reverse("contacts:act", args=[subject, form])


def judged(subject: str = PERSON) -> Exposure:
    found = exposure(subject, by=CAST["tracer"])
    tell(found, by=CAST["tracer"], purpose=Purpose.TRACING)
    return found


# --- each act -----------------------------------------------------------------------------------------------------------


def test_a_tracer_confirms_a_match_by_name(matched: Exposure, sign_in: SignIn) -> None:
    answer = fill(enter(sign_in, "tracer"), at("confirm"), {"exposure": [matched.id]})
    assert (answer.status_code, answer["Location"]) == (302, reverse("contacts:person", args=[PERSON]))
    (fact,) = facts_of_kind(PERSON, "confirmed")
    assert isinstance(fact, Confirmed)
    assert (fact.exposure, fact.by, fact.at) == (matched.id, CAST["tracer"].id, NOW)
    page = subject_page(PERSON, actor=CAST["tracer"], now=NOW)
    assert not any(span.preliminary for span in page.moment.grades)


def test_what_decides_is_shown_once_more_with_what_follows(matched: Exposure, sign_in: SignIn) -> None:
    answer = fill(enter(sign_in, "tracer"), at("confirm"), {"exposure": [matched.id]}, sure=False)
    said = text_of(answer)
    assert answer.status_code == 200
    assert "Check what you are about to record" in said
    assert "The standing changes:" in said
    assert "bring the contact into isolation" in said
    assert facts_of_kind(PERSON, "confirmed") == []


def test_what_was_entered_can_be_changed_before_it_is_recorded(matched: Exposure, sign_in: SignIn) -> None:
    browser = enter(sign_in, "tracer")
    told: dict[str, Any] = {"exposure": [matched.id], "reasons": "座位在另一个厅，票根为证。"}
    shown = fill(browser, at("reject"), told, sure=False)
    back = browser.post(at("reject"), hidden_of(shown.content.decode()) | {"change": "1"})
    assert back.status_code == 200
    assert told["reasons"] in back.content.decode()
    assert facts_of_kind(PERSON, "correction") == []


def test_not_the_same_session_takes_the_match_back_with_its_reasons_and_frees_at_once(
    matched: Exposure, sign_in: SignIn
) -> None:
    why = "票根显示是另一场次。"
    fill(enter(sign_in, "tracer"), at("reject"), {"exposure": [matched.id], "reasons": why})
    (fact,) = facts_of_kind(PERSON, "correction")
    assert isinstance(fact, Correction)
    assert (fact.corrects, fact.why) == (matched.id, why)
    page = subject_page(PERSON, actor=CAST["tracer"], now=NOW)
    assert page.moment.grades == ()
    assert "tell-freed" in {duty.code for duty, _ in page.moment.duties}


def test_a_rejection_without_reasons_is_none(matched: Exposure, sign_in: SignIn) -> None:
    answer = fill(enter(sign_in, "tracer"), at("reject"), {"exposure": [matched.id], "reasons": ""})
    assert answer.status_code == 400
    assert facts_of_kind(PERSON, "correction") == []


def test_telling_names_the_exposure_the_channel_and_the_proof_and_starts_the_persons_own_duty(
    matched: Exposure, sign_in: SignIn
) -> None:
    found = judged()
    told = {"what": [f"contact|{found.id}"], "channel": "phone", "proof": "13900001111, 19:40"} | moment_of(
        "at", NOW - 1200
    )
    fill(enter(sign_in, "follower"), at("tell"), told)
    (fact,) = facts_of_kind(PERSON, "told")
    assert isinstance(fact, Told)
    assert (fact.what, fact.about, fact.channel, fact.by, fact.proof) == (
        "contact", found.id, "phone", CAST["follower"].id, "13900001111, 19:40",
    )  # fmt: skip
    page = subject_page(PERSON, actor=CAST["follower"], now=NOW)
    assert "stay-in-isolation" in {duty.code for duty, _ in page.moment.duties}


def test_telling_needs_a_proof(matched: Exposure, sign_in: SignIn) -> None:
    told = {"what": [f"contact|{matched.id}"], "channel": "phone", "proof": ""} | moment_of("at", NOW)
    assert fill(enter(sign_in, "follower"), at("tell"), told).status_code == 400


def test_a_daily_check_keeps_the_temperatures_beside_the_facts_and_every_symptom_as_one(
    matched: Exposure, sign_in: SignIn
) -> None:
    told = {"morning": "36.6", "evening": "37.4", "symptoms": ["fever", "cough"]} | moment_of("at", PAST)
    answer = fill(enter(sign_in, "follower"), at("check"), told)
    assert answer.status_code == 302
    (report,) = facts_of_kind(PERSON, "reported")
    assert isinstance(report, Reported)
    assert (report.what, report.to, report.at) == ("daily-check", "community", PAST)
    assert {fact.symptom for fact in facts_of_kind(PERSON, "symptom") if isinstance(fact, Symptom)} == {
        "cough",
        "fever",
    }
    kept = Statement.objects.get(number=report.receipt)
    assert kept.told is not None
    assert (kept.told["morning"], kept.told["evening"]) == ("36.6", "37.4")


@pytest.mark.parametrize(
    "wrong",
    [{}, {"morning": "366"}, {"morning": "36.66"}, {"symptoms": ["fever"], "none": "on"}, {"symptoms": ["plague"]}],
)
def test_a_check_that_says_nothing_or_nonsense_is_refused_with_what_was_entered(
    matched: Exposure, sign_in: SignIn, wrong: dict[str, Any]
) -> None:
    answer = fill(enter(sign_in, "follower"), at("check"), wrong | moment_of("at", PAST))
    assert answer.status_code == 400
    assert "There is a problem" in text_of(answer)
    assert str(wrong.get("morning", "")) in answer.content.decode()
    assert facts_of_kind(PERSON, "reported") == []


def test_a_sample_waits_and_its_result_is_a_second_fact_of_the_same_sample(matched: Exposure, sign_in: SignIn) -> None:
    browser = enter(sign_in, "follower")
    sample = {"sample": "B-17", "method": "pcr", "specimen": "nasopharyngeal", "result": "pending"} | moment_of(
        "at", PAST
    )
    assert fill(browser, at("test"), sample).status_code == 302
    (first,) = facts_of_kind(PERSON, "test")
    assert isinstance(first, Test)
    assert (first.result, first.resulted_at) == (Result.PENDING, None)
    fill(browser, at("result"), {"sample": first.id, "result": "negative"} | moment_of("resulted_at", NOW - 60))
    second = next(fact for fact in facts_of_kind(PERSON, "test") if fact.id != first.id)
    assert isinstance(second, Test)
    assert (second.sample, second.at, second.result) == ("B-17", first.at, Result.NEGATIVE)


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"result": "negative"}, "Say when the result was given"),
        ({"result": "pending"} | moment_of("resulted_at", NOW), "Say which result was given then"),
        ({"result": "negative"} | moment_of("resulted_at", PAST - 60), "A result cannot come before its sample"),
        ({"result": "negative"} | moment_of("resulted_at", NOW + 3600), "This is still to come"),
    ],
)
def test_a_result_fits_its_sample(matched: Exposure, sign_in: SignIn, told: dict[str, str], fault: str) -> None:
    sample = {"sample": "B-17", "method": "pcr", "specimen": "nasopharyngeal"} | moment_of("at", PAST)
    answer = fill(enter(sign_in, "follower"), at("test"), sample | told)
    assert answer.status_code == 400
    assert fault in text_of(answer)


def test_a_refusal_has_a_witness_who_is_somebody_else(matched: Exposure, sign_in: SignIn) -> None:
    browser = enter(sign_in, "follower")
    assert fill(browser, at("refused"), {"witness": "follower"} | moment_of("at", PAST)).status_code == 400
    assert fill(browser, at("refused"), {"witness": "社区民警乙"} | moment_of("at", PAST)).status_code == 302
    (fact,) = facts_of_kind(PERSON, "test_refused")
    assert isinstance(fact, TestRefused)
    assert fact.witness == "社区民警乙"


def test_reception_names_the_setting_the_place_and_the_order(matched: Exposure, sign_in: SignIn) -> None:
    told: dict[str, Any] = {
        "orders": "central_isolation", "start": NOW - DAY_S, "until": NOW + 5 * DAY_S, "body": "command", "officer": "user:7",
        "article": "第三十九条", "reasons": "密接",
    }  # fmt: skip
    order = put(Order, PERSON, by="officer", purpose=Purpose.COMMAND, **told)
    page = {"setting": "central", "place": "site:1 301", "order": order.id} | moment_of("at", PAST)
    fill(enter(sign_in, "follower"), at("admit"), page)
    (fact,) = facts_of_kind(PERSON, "admitted")
    assert isinstance(fact, Admitted)
    assert (fact.setting, fact.place, fact.order) == (Setting.CENTRAL, "site:1 301", order.id)


def test_reception_without_an_order_says_that_there_is_none(matched: Exposure, sign_in: SignIn) -> None:
    browser = enter(sign_in, "follower")
    assert "No order is on file" in text_of(browser.get(at("admit")))
    fill(browser, at("admit"), {"setting": "home", "place": "家中", "order": ""} | moment_of("at", PAST))
    (fact,) = facts_of_kind(PERSON, "admitted")
    assert isinstance(fact, Admitted)
    assert fact.order is None


def test_leaving_is_from_where_the_person_is(matched: Exposure, sign_in: SignIn) -> None:
    browser = enter(sign_in, "follower")
    assert fill(browser, at("left"), {"place": "site:9"} | moment_of("at", PAST)).status_code == 400
    put(
        Admitted,
        PERSON,
        by="follower",
        purpose=Purpose.FOLLOW_UP,
        at=PAST - 600,
        setting=Setting.CENTRAL,
        place="site:1",
    )
    fill(browser, at("left"), {"place": "site:1", "why": ""} | moment_of("at", PAST))
    (fact,) = facts_of_kind(PERSON, "left")
    assert isinstance(fact, Left)
    assert (fact.place, fact.why) == ("site:1", None)


def test_a_release_is_recorded_by_a_named_person_and_an_early_one_says_that_no_rule_proposes_it(
    matched: Exposure, sign_in: SignIn
) -> None:
    judged()
    browser = enter(sign_in, "follower")
    assert "No rule proposes a release today" in text_of(browser.get(at("release")))
    fill(browser, at("release"), {"setting": "central"} | moment_of("at", NOW))
    (fact,) = facts_of_kind(PERSON, "released")
    assert isinstance(fact, Released)
    assert (fact.setting, fact.by, fact.recorder) == (Setting.CENTRAL, CAST["follower"].unit, CAST["follower"].id)


def test_a_release_that_is_due_is_proposed_by_its_rule(
    matched: Exposure, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged()
    page = subject_page(PERSON, actor=CAST["follower"], now=NOW)
    due = next(duty for duty in page.timeline.duties if duty.code == "release-central")
    browser = enter(sign_in, "follower")
    monkeypatch.setattr("sizao.desk.clock.now", lambda: Instant(due.since + 60))
    shown = text_of(browser.get(reverse("contacts:person", args=[PERSON])))
    assert "release from central isolation on its last day" in shown
    assert "No rule proposes" not in text_of(browser.get(at("release")))


def test_a_report_meets_the_duty_it_is_about(case: str, sign_in: SignIn) -> None:
    tracer = enter(sign_in, "tracer")
    notice = facts_of_kind(case, "case_notice")[0]
    put(Reported, case, by="doctor", purpose=Purpose.CARE, at=PAST, what="case_reported", to="network", about=notice.id)
    told = {"what": "track_surveyed", "to": "cdc"} | moment_of("at", NOW)
    assert fill(tracer, at("report", case), told).status_code == 302
    page = subject_page(case, actor=CAST["tracer"], now=NOW)
    assert next(duty for duty, _ in page.moment.duties if duty.code == "core_track").met_at is not None


def test_what_an_enquiry_found_answers_the_question(matched: Exposure, sign_in: SignIn) -> None:
    found = exposure(PERSON, by=CAST["tracer"], how=How.TOLD)
    tell(found, by=CAST["tracer"], purpose=Purpose.TRACING)
    fill(enter(sign_in, "tracer"), at("verify"), {"about": [found.id]} | moment_of("at", NOW))
    page = subject_page(PERSON, actor=CAST["tracer"], now=NOW)
    assert next(duty for duty, _ in page.moment.duties if duty.code == "verify-told").met_by is not None


# --- outsiders ----------------------------------------------------------------------------------------------------------

FORMS = (
    "confirm",
    "reject",
    "tell",
    "check",
    "test",
    "result",
    "refused",
    "admit",
    "left",
    "release",
    "report",
    "verify",
)
OUTSIDERS = ("far_tracer", "employer", "inspector", "system", "security", "auditor", "traveller")


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("form", FORMS)
def test_no_outsider_opens_or_sends_any_form(matched: Exposure, sign_in: SignIn, who: str, form: str) -> None:
    browser, acts = enter(sign_in, who), Act.objects.count()
    sent = {"exposure": [matched.id], "reasons": "not so, I say", "key": "form-0123456789", "sure": "1"} | moment_of(
        "at", NOW
    )
    for answer in (browser.get(at(form)), browser.post(at(form), sent)):
        assert answer.status_code in (302, 403)
        assert PERSON not in text_of(answer)
    assert Act.objects.count() == acts


def test_a_visitor_is_led_to_the_sign_in_page(matched: Exposure) -> None:
    for url in (reverse("contacts:home"), reverse("contacts:person", args=[PERSON]), at("confirm")):
        answer = Client().get(url)
        assert answer.status_code == 302
        assert "/sign/in/" in answer["Location"]


@pytest.mark.parametrize(
    ("who", "form"),
    [
        ("follower", "confirm"),
        ("follower", "reject"),
        ("tracer", "test"),
        ("tracer", "admit"),
        ("officer", "check"),
        ("tracer", "release"),
    ],
)
def test_no_role_records_what_is_another_roles(matched: Exposure, sign_in: SignIn, who: str, form: str) -> None:
    browser = enter(sign_in, who)
    assert browser.get(at(form)).status_code == 403
    assert browser.post(at(form), {"key": "form-0123456789", "sure": "1"}).status_code == 403


def test_nobody_who_is_not_on_record_has_a_page(case: str, sign_in: SignIn) -> None:
    assert enter(sign_in, "tracer").get(reverse("contacts:person", args=["person:nobody"])).status_code == 404
    assert enter(sign_in, "tracer").get(at("dance", case)).status_code == 404


# --- lost updates and repeats -------------------------------------------------------------------------------------------


def test_whoever_came_second_loses_nothing_and_sees_what_is_new(matched: Exposure, sign_in: SignIn) -> None:
    browser = enter(sign_in, "tracer")
    begun = hidden_of(browser.get(at("reject")).content.decode())
    told: dict[str, Any] = {"exposure": [matched.id], "reasons": "座位不在同一区。", "sure": "1"}
    put(Symptom, PERSON, by="follower", purpose=Purpose.FOLLOW_UP, symptom="cough")
    late = browser.post(at("reject"), begun | told)
    assert late.status_code == 409
    assert told["reasons"] in late.content.decode()
    assert "What was recorded since you opened the page" in text_of(late)
    assert "Symptom: cough" in text_of(late)
    assert facts_of_kind(PERSON, "correction") == []
    again = browser.post(at("reject"), hidden_of(late.content.decode()) | told)
    assert again.status_code == 302
    assert len(facts_of_kind(PERSON, "correction")) == 1


def test_an_observation_is_recorded_whatever_others_did_meanwhile(matched: Exposure, sign_in: SignIn) -> None:
    browser = enter(sign_in, "follower")
    begun = hidden_of(browser.get(at("check")).content.decode())
    put(Symptom, PERSON, by="doctor", purpose=Purpose.CARE, symptom="cough")
    assert browser.post(at("check"), begun | {"morning": "36.5"} | moment_of("at", PAST)).status_code == 302


@pytest.mark.parametrize(
    ("who", "form", "told"),
    [
        ("tracer", "confirm", {}),
        ("follower", "check", {"morning": "36.5"} | moment_of("at", PAST)),
        ("follower", "refused", {"witness": "社区民警乙"} | moment_of("at", PAST)),
    ],
)
def test_a_form_sent_twice_is_one_act_even_later(
    matched: Exposure, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, who: str, form: str, told: dict[str, Any]
) -> None:
    browser = enter(sign_in, who)
    begun = hidden_of(browser.get(at(form)).content.decode())
    sent = begun | told | {"sure": "1"} | ({"exposure": [matched.id]} if form == "confirm" else {})
    assert browser.post(at(form), sent).status_code == 302
    acts, facts = Act.objects.count(), Act.objects.values_list("facts", flat=True)
    monkeypatch.setattr("sizao.desk.clock.now", lambda: Instant(NOW + 600))
    assert browser.post(at(form), sent).status_code in (302, 400)
    assert Act.objects.count() == acts
    assert sum(facts) == sum(Act.objects.values_list("facts", flat=True))


def test_the_same_key_with_other_words_is_refused_and_recorded_nowhere(matched: Exposure, sign_in: SignIn) -> None:
    browser = enter(sign_in, "follower")
    begun = hidden_of(browser.get(at("check")).content.decode())
    assert browser.post(at("check"), begun | {"morning": "36.5"} | moment_of("at", PAST)).status_code == 302
    other = browser.post(at("check"), begun | {"morning": "39.9"} | moment_of("at", PAST))
    assert other.status_code == 400
    assert "39.9" in other.content.decode()
    assert len(facts_of_kind(PERSON, "reported")) == 1


def test_a_form_without_its_key_is_refused(matched: Exposure, sign_in: SignIn) -> None:
    browser = enter(sign_in, "follower")
    assert browser.post(at("check"), {"morning": "36.5"} | moment_of("at", PAST)).status_code == 403
    assert facts_of_kind(PERSON, "reported") == []
