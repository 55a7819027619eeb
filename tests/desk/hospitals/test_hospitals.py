"""The desk of hospitals: a case is reported, sent, reviewed, cared for and discharged; nobody is turned away."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from sizao.desk.access.models import ReadRow
from sizao.desk.hospitals.signals import (
    acquired_here,
    discharge_of,
    discharge_rule,
    in_hospital,
    positive_again,
    stays_of,
)
from sizao.desk.people.models import Person
from sizao.desk.people.vault import who_is
from sizao.desk.store.assigning import teams_of
from sizao.desk.store.models import Act
from sizao.desk.store.readers import SubjectPage, subject_page
from sizao.desk.store.rights import Purpose
from sizao.facts.kinds import Admitted, CaseNotice, Exposure, Left, Released, Reported, Result, Setting, Symptom, Test
from sizao.rules.timeline import State
from sizao.when import DAY_S, HOUR_S, Instant
from tests.desk.conftest import CAST, COUNTY, NOW
from tests.desk.contacts.people import (
    PERSON,
    SignIn,
    enter,
    facts_of_kind,
    fill,
    form_at,
    hidden_of,
    match_one,
    moment_of,
    notice_of_case,
    put,
    text_of,
)
from tests.desk.store.facts_told import tell

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("now")]

CASE = "person:case"
CARE = Purpose.CARE


@pytest.fixture
def case(db: None) -> str:
    return notice_of_case()


def at(form: str, subject: str = CASE) -> str:
    return reverse("hospitals:act", args=[subject, form])


def page_of(subject: str = CASE, now: Instant = NOW) -> SubjectPage:
    return subject_page(subject, actor=CAST["doctor"], now=now)


def state_of(code: str, subject: str = CASE) -> State:
    return next(state for duty, state in page_of(subject).moment.duties if duty.code == code)


def sampled(number: str, result: Result, when: int) -> None:
    told: dict[str, Any] = {"sample": number, "result": result, "resulted_at": Instant(when + HOUR_S)}
    put(Test, CASE, by="doctor", purpose=CARE, at=when, **told)


def received(when: int, place: str = "hospital-1 三病区") -> None:
    put(Admitted, CASE, by="doctor", purpose=CARE, at=when, setting=Setting.HOSPITAL, place=place)


# --- reporting ------------------------------------------------------------------------------------------------------------

NOTICE: dict[str, Any] = {
    "case_class": "confirmed", "disease": "covid19", "onset_year": "2021", "onset_month": "7", "onset_day": "25",
    "symptoms": ["fever"],
} | moment_of("diagnosed_at", NOW - HOUR_S)  # fmt: skip


def test_a_case_is_reported_and_the_two_hours_run_until_it_is_sent(case: str, sign_in: SignIn) -> None:
    match_one()
    assert fill(enter(sign_in, "doctor"), at("notice", PERSON), NOTICE).status_code == 302
    (fact,) = facts_of_kind(PERSON, "case_notice")
    assert isinstance(fact, CaseNotice)
    assert (fact.at, fact.reporting_area, fact.reported_by) == (NOW - HOUR_S, COUNTY, None)
    assert [one.symptom for one in facts_of_kind(PERSON, "symptom") if isinstance(one, Symptom)] == ["fever"]
    assert state_of("hospital_report", PERSON) is State.DUE


def test_what_is_sent_lies_before_the_cdc_at_that_moment(case: str, sign_in: SignIn) -> None:
    assert fill(enter(sign_in, "doctor"), at("notify"), moment_of("at", NOW)).status_code == 302
    sent = [fact for fact in facts_of_kind(CASE, "reported") if isinstance(fact, Reported)]
    assert {(fact.what, fact.to, fact.at) for fact in sent} == {
        ("case_reported", "network", NOW), ("report_received", "cdc", NOW),
    }  # fmt: skip
    assert state_of("hospital_report") is State.MET
    assert state_of("cdc_review") is State.DUE


def test_the_cdc_reviews_and_neither_does_the_others_part(case: str, sign_in: SignIn) -> None:
    doctor, reviewer = enter(sign_in, "doctor"), enter(sign_in, "reviewer")
    fill(doctor, at("notify"), moment_of("at", NOW))
    assert reviewer.get(at("notify")).status_code == 403
    assert doctor.get(at("review")).status_code == 403
    assert fill(reviewer, at("review"), moment_of("at", NOW)).status_code == 302
    assert state_of("cdc_review") is State.MET


def test_the_clocks_of_report_and_review_stand_on_the_first_page_with_their_state(
    case: str, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = enter(sign_in, "doctor")
    assert "report the case to the network" in text_of(browser.get(reverse("hospitals:home")))
    monkeypatch.setattr("sizao.desk.clock.now", lambda: Instant(NOW + 3 * HOUR_S))
    assert "overdue by 2 h" in text_of(browser.get(reverse("hospitals:home")))


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"onset_year": "", "onset_month": "", "onset_day": ""}, "Say when the symptoms began"),
        ({"onset_year": "2021", "onset_month": "7", "onset_day": "29"}, "This is still to come"),
        (moment_of("sent_at", NOW - 2 * HOUR_S), "A case is reported after it is diagnosed"),
        (moment_of("positive_at", NOW + HOUR_S), "This is still to come"),
    ],
)
def test_a_notice_that_cannot_be_right_is_refused_with_what_was_entered(
    case: str, sign_in: SignIn, told: dict[str, str], fault: str
) -> None:
    match_one()
    answer = fill(enter(sign_in, "doctor"), at("notice", PERSON), NOTICE | told)
    assert answer.status_code == 400
    assert fault in text_of(answer)
    assert facts_of_kind(PERSON, "case_notice") == []


NEW = NOTICE | {
    "name": "旅客乙",
    "document_kind": "",
    "document": "",
    "phone": "13900002222",
    "address": "",
    "sex": "",
    "area": COUNTY,
}


def test_somebody_new_is_put_on_record_reported_and_given_to_the_hospital_in_one_go(case: str, sign_in: SignIn) -> None:
    browser = enter(sign_in, "doctor")
    sent = form_at(browser, reverse("hospitals:new")) | NEW
    for _ in range(2):
        answer = browser.post(reverse("hospitals:new"), sent)
        assert answer.status_code == 302, text_of(answer)
        sent |= {"another": "on"}
    (person,) = Person.objects.all()
    assert answer["Location"] == reverse("hospitals:person", args=[person.subject])
    assert who_is(person.subject, settings.KEYS).name == "旅客乙"
    assert teams_of([person.subject], "hospitals") == {person.subject: CAST["doctor"].unit}
    assert len(facts_of_kind(person.subject, "case_notice")) == 1


def test_somebody_who_may_be_on_record_already_is_shown_first_and_written_down(case: str, sign_in: SignIn) -> None:
    browser = enter(sign_in, "doctor")
    browser.post(reverse("hospitals:new"), form_at(browser, reverse("hospitals:new")) | NEW)
    again = browser.post(reverse("hospitals:new"), form_at(browser, reverse("hospitals:new")) | NEW)
    assert again.status_code == 400
    assert "Somebody like this is on record already" in text_of(again)
    assert "13900002222" not in text_of(again)
    assert Person.objects.count() == 1
    assert ReadRow.objects.filter(page="hospitals:new", fields="masked").count() == 1


# --- care -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("subject", [CASE, PERSON])
def test_reception_works_for_any_standing_and_says_that_nobody_is_turned_away(
    case: str, sign_in: SignIn, subject: str
) -> None:
    match_one()
    browser = enter(sign_in, "doctor")
    assert "is a reason to turn anybody away" in text_of(browser.get(at("admit", subject)))
    answer = fill(
        browser, at("admit", subject), {"setting": "hospital", "place": "急诊"} | moment_of("at", NOW), sure=False
    )
    assert answer.status_code == 302
    (fact,) = facts_of_kind(subject, "admitted")
    assert isinstance(fact, Admitted)
    assert (fact.setting, fact.place, fact.order) == (Setting.HOSPITAL, "急诊", None)


@pytest.mark.parametrize(
    "url", ["", "find/", "new/", f"person/{CASE}/", f"person/{CASE}/admit/", f"person/{CASE}/discharge/"]
)
def test_every_page_says_that_urgent_care_is_never_refused_for_a_colour(case: str, sign_in: SignIn, url: str) -> None:
    assert "Urgent and regular care is never refused for a colour" in text_of(
        enter(sign_in, "doctor").get(f"/hospitals/{url}")
    )


def test_a_transfer_is_a_leaving_and_a_reception_at_one_moment_and_no_discharge(case: str, sign_in: SignIn) -> None:
    received(NOW - 2 * HOUR_S)
    told = {"place": "hospital-1 三病区", "to": "hospital-2 感染科"} | moment_of("at", NOW - HOUR_S)
    assert fill(enter(sign_in, "doctor"), at("transfer"), told).status_code == 302
    (left,) = facts_of_kind(CASE, "left")
    assert isinstance(left, Left)
    here = in_hospital(page_of())
    assert here is not None
    assert (here.place, here.at) == ("hospital-2 感染科", left.at)
    assert [stay.discharged for stay in stays_of(page_of())] == [False, False]
    assert page_of().moment.standing is not None
    assert str(page_of().moment.standing.standing) == "red"  # type: ignore[union-attr]  # just seen


def test_the_course_is_symptoms_and_the_page_says_that_no_class_of_severity_is_kept(case: str, sign_in: SignIn) -> None:
    browser = enter(sign_in, "doctor")
    fill(browser, at("course"), {"symptoms": ["breathless", "fever"]} | moment_of("at", NOW))
    assert {fact.symptom for fact in facts_of_kind(CASE, "symptom") if isinstance(fact, Symptom)} == {
        "breathless",
        "fever",
    }
    said = text_of(browser.get(reverse("hospitals:person", args=[CASE])))
    assert "shortness of breath" in said
    assert "Classes of severity are not kept" in said


# --- discharge --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "fits"),
    [((), False), ((30,), False), ((30, 10), False), ((40, 16), True), ((40, 17), False), ((50, 20), True)],
)
def test_a_discharge_fits_the_rule_with_two_negative_tests_a_day_apart(
    case: str, hours: tuple[int, ...], fits: bool
) -> None:
    later = Instant(NOW + 60 * HOUR_S)
    for number, before in enumerate(hours):
        told: dict[str, Any] = {"sample": f"n{number}", "result": Result.NEGATIVE, "resulted_at": later}
        put(Test, CASE, by="doctor", purpose=CARE, at=later - before * HOUR_S, now=later, **told)
    rule = discharge_rule(page_of(now=later), CAST["doctor"], later)
    assert rule.fits is fits
    assert rule.rule is not None
    assert rule.rule.clauses[0].key == "discharge"


def test_a_discharge_without_the_tests_is_shown_as_a_finding_before_it_is_recorded(case: str, sign_in: SignIn) -> None:
    received(NOW - 2 * HOUR_S)
    browser = enter(sign_in, "doctor")
    shown = fill(browser, at("discharge"), moment_of("at", NOW), sure=False)
    assert "A supervisor would find:" in text_of(shown)
    assert "tell the patient what follows discharge" in text_of(shown)
    assert facts_of_kind(CASE, "released") == []
    confirming = shown.content.decode().rpartition('<form class="sz-form"')[2]
    assert browser.post(at("discharge"), hidden_of(confirming)).status_code == 302
    (fact,) = facts_of_kind(CASE, "released")
    assert isinstance(fact, Released)
    assert (fact.setting, fact.by) == (Setting.HOSPITAL, "hospital-1")
    assert "Discharged on 27 July 2021" in text_of(browser.get(reverse("hospitals:person", args=[CASE])))


# --- signals ------------------------------------------------------------------------------------------------------------------


def test_positive_again_is_a_positive_sample_after_the_discharge_and_no_earlier_one(case: str, sign_in: SignIn) -> None:
    sampled("before", Result.POSITIVE, NOW - 5 * HOUR_S)
    received(NOW - 4 * HOUR_S)
    tell(discharge_of(page_of(), CAST["doctor"], Instant(NOW - 3 * HOUR_S), NOW), by=CAST["doctor"], purpose=CARE)
    assert positive_again(page_of()) == []
    sampled("after", Result.POSITIVE, NOW - 2 * HOUR_S)
    assert [test.sample for test in positive_again(page_of())] == ["after"]
    assert "Positive again after discharge" in text_of(
        enter(sign_in, "doctor").get(reverse("hospitals:person", args=[CASE]))
    )


def test_an_infection_in_hospital_is_never_judged_by_a_number_of_ours(case: str, sign_in: SignIn) -> None:
    received(NOW - 4 * DAY_S)
    sampled("here", Result.POSITIVE, NOW - 3 * HOUR_S)
    found = acquired_here(page_of())
    assert found is not None
    assert found.after_s == 4 * DAY_S - 3 * HOUR_S
    said = text_of(enter(sign_in, "doctor").get(reverse("hospitals:person", args=[CASE])))
    assert "Cannot say: no rule on file names the days." in said
    assert "3 d 21 h after the reception" in said


def test_a_sample_that_was_positive_before_the_reception_asks_no_such_question(case: str) -> None:
    sampled("home", Result.POSITIVE, NOW - 5 * HOUR_S)
    received(NOW - 4 * HOUR_S)
    assert acquired_here(page_of()) is None


# --- outsiders, lost updates, repeats -------------------------------------------------------------------------------------------

OUTSIDERS = ("tracer", "follower", "employer", "inspector", "system", "security", "auditor", "traveller")
FORMS = (
    "notice",
    "notify",
    "review",
    "admit",
    "transfer",
    "course",
    "test",
    "result",
    "refused",
    "discharge",
    "left",
    "tell",
    "report",
)


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("form", FORMS)
def test_no_outsider_opens_or_sends_any_form(case: str, sign_in: SignIn, who: str, form: str) -> None:
    browser, acts = enter(sign_in, who), Act.objects.count()
    sent = {"key": "form-0123456789", "sure": "1"} | moment_of("at", NOW)
    assert browser.get(at(form)).status_code == 403
    assert browser.post(at(form), sent).status_code == 403
    assert Act.objects.count() == acts


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("url", ["", "find/?q=x", "new/", f"person/{CASE}/", f"person/{CASE}/read/"])
def test_no_outsider_sees_any_page(case: str, sign_in: SignIn, who: str, url: str) -> None:
    answer = enter(sign_in, who).get(f"/hospitals/{url}")
    assert answer.status_code == 403
    assert CASE not in text_of(answer)


def test_whoever_came_second_loses_nothing(case: str, sign_in: SignIn) -> None:
    received(NOW - 2 * HOUR_S)
    browser = enter(sign_in, "doctor")
    begun = form_at(browser, at("transfer"))
    sampled("meanwhile", Result.NEGATIVE, NOW - HOUR_S)
    told = {"place": "hospital-1 三病区", "to": "hospital-2", "sure": "1"} | moment_of("at", NOW)
    late = browser.post(at("transfer"), begun | told)
    assert late.status_code == 409
    assert "hospital-2" in late.content.decode()
    assert facts_of_kind(CASE, "left") == []


@pytest.mark.parametrize(
    ("form", "told"), [("notify", moment_of("at", NOW)), ("course", {"symptoms": ["cough"]} | moment_of("at", NOW))]
)
def test_a_form_sent_twice_is_one_act(case: str, sign_in: SignIn, form: str, told: dict[str, Any]) -> None:
    browser = enter(sign_in, "doctor")
    sent = form_at(browser, at(form)) | told
    assert [browser.post(at(form), sent).status_code for _ in range(2)] == [302, 302]
    assert Act.objects.filter(name=form).count() == 1


def test_the_read_is_written_down_before_a_patient_is_shown(
    case: str, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = enter(sign_in, "doctor")
    browser.get(reverse("hospitals:person", args=[CASE]))
    assert ReadRow.objects.filter(page="hospitals:person", subject=CASE, purpose="care").count() == 1
    browser.raise_request_exception = False

    def broken(*_given: Any, **_more: Any) -> None:
        raise OSError("the log of reads is full")

    monkeypatch.setattr("sizao.desk.access.reads.log", broken)
    answer = browser.get(reverse("hospitals:person", args=[CASE]))
    assert answer.status_code == 500
    assert "confirmed case" not in text_of(answer)


@pytest.mark.parametrize("exposed", [False, True])
def test_the_list_holds_the_ill_and_nobody_who_is_only_a_contact(case: str, sign_in: SignIn, exposed: bool) -> None:
    if exposed:
        assert isinstance(match_one(), Exposure)
    page = enter(sign_in, "doctor").get(reverse("hospitals:home")).content.decode()
    assert page.count("<tr data-row>") == 1
    assert f"/hospitals/person/{CASE}/" in page


@pytest.mark.parametrize(
    "url", ["", "find/", "new/", f"person/{CASE}/", *(f"person/{CASE}/{form}/" for form in FORMS if form != "review")]
)
def test_every_page_speaks_both_languages(case: str, sign_in: SignIn, url: str) -> None:
    received(NOW - 2 * HOUR_S)
    for lang, title in (("zh", "急危重症"), ("en", "Urgent and regular care")):
        answer = enter(sign_in, "doctor", lang).get(f"/hospitals/{url}")
        assert answer.status_code == 200
        assert title in text_of(answer)
