"""One contact's page: who, the conclusion, why, what is owed, what happened, who looked; as far as the reader may see."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from sizao.desk.access.models import ReadRow
from sizao.desk.contacts.duties import form_of
from sizao.desk.contacts.kinds import CONTACTS
from sizao.desk.contacts.previews import after_facts
from sizao.desk.contacts.subject import evidence_first
from sizao.desk.hospitals.kinds import HOSPITALS
from sizao.desk.store.acts import make
from sizao.desk.store.readers import subject_page
from sizao.desk.store.rights import Purpose
from sizao.facts.kinds import Confirmed, DataClass, Exposure, FactId, Symptom
from sizao.rules.reasons import Reason, clauses_of, facts_of
from sizao.when import HOUR_S, Instant
from tests.desk.conftest import CAST, NOW
from tests.desk.contacts.people import NAME, PERSON, PHONE, SignIn, enter, hand_to_team, put, text_of
from tests.desk.store.facts_told import tell

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("now")]

URL = "/contacts/person/person:a/"
CJK = re.compile(r"[\u4e00-\u9fff]")


def test_the_page_has_every_part_of_its_anatomy(matched: Exposure, sign_in: SignIn) -> None:
    said = text_of(enter(sign_in, "tracer").get(URL))
    for part in (
        "Contact a", "Preliminarily a close contact; a tracer has until 28 July 2021, 20:00 to confirm it",
        "Not the same session", "Why", "matched with case case in restaurant", "What must be done next",
        "a named tracer confirms or rejects the match", "tomorrow, 20:00", "What happened", "learnt 27 July 2021",
        "Who has looked at this: 1 person", "leaf of the ledger", "Urgent and regular care is never refused",
    ):  # fmt: skip
        assert part in said, part


def test_who_does_not_work_on_the_person_sees_no_name_and_no_telephone(matched: Exposure, sign_in: SignIn) -> None:
    said = text_of(enter(sign_in, "officer").get(URL))
    assert NAME not in said
    assert PHONE not in said
    assert "aged 30–39" in said
    assert "shown to those who work on this matter" in said


def test_who_works_on_the_person_sees_both(matched: Exposure, sign_in: SignIn) -> None:
    hand_to_team(PERSON)
    said = text_of(enter(sign_in, "follower").get(URL))
    assert NAME in said
    assert PHONE in said


def test_the_read_is_written_down_with_what_was_shown(matched: Exposure, sign_in: SignIn) -> None:
    hand_to_team(PERSON)
    enter(sign_in, "follower").get(URL)
    enter(sign_in, "officer").get(URL)
    rows = {row.actor: row for row in ReadRow.objects.filter(subject=PERSON, page="contacts:person")}
    assert rows[CAST["follower"].id].fields == "address,document,health,name,phone"
    assert rows[CAST["officer"].id].fields == "health,masked"
    assert {row.case for row in rows.values()} == {"person:case"}
    said = text_of(enter(sign_in, "follower").get(reverse("contacts:reads", args=[PERSON])))
    assert "community-east" in said
    assert "command" in said


@pytest.mark.parametrize("who", ["far_tracer", "employer", "inspector", "system", "security", "auditor", "traveller"])
@pytest.mark.parametrize("page", ["person", "reads"])
def test_no_outsider_sees_the_person(matched: Exposure, sign_in: SignIn, who: str, page: str) -> None:
    answer = enter(sign_in, who).get(reverse(f"contacts:{page}", args=[PERSON]))
    assert answer.status_code == 403
    assert NAME not in text_of(answer)
    assert not ReadRow.objects.filter(subject=PERSON).exists()


def test_each_open_duty_has_one_button_to_the_form_that_meets_it_and_only_for_whom_it_carries(
    matched: Exposure, sign_in: SignIn
) -> None:
    tracer = enter(sign_in, "tracer").get(URL).content.decode()
    assert tracer.count(f"/confirm/?duty=confirm-match&amp;about={matched.id}") == 1
    assert tracer.count(f"/tell/?duty=tell-contact&amp;about={matched.id}") == 1
    follower = enter(sign_in, "follower").get(URL).content.decode()
    assert "/confirm/" not in follower
    assert "/tell/?duty=tell-contact" in follower


def test_the_form_that_meets_a_deadline_is_found_by_the_event_its_pack_names(case: str) -> None:
    page = subject_page(case, actor=CAST["doctor"], now=NOW)
    found = {duty.code: form_of(duty, page, HOSPITALS.events) for duty in page.timeline.duties}
    assert {code: form and form[0] for code, form in found.items()} == {
        "hospital_report": "notify", "infected_transfer": "admit",
    }  # fmt: skip
    assert {form and form[0] for form in (form_of(duty, page) for duty in page.timeline.duties)} == {"admit", "report"}


def test_the_past_is_shown_as_it_was_known_and_offers_nothing_to_do(
    matched: Exposure, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = Instant(NOW + 2 * HOUR_S)
    tell(about_to_be(matched, later), by=CAST["tracer"], purpose=Purpose.TRACING, now=later)
    browser = enter(sign_in, "tracer")
    monkeypatch.setattr("sizao.desk.clock.now", lambda: Instant(later + 60))
    assert "A close contact, until" in text_of(browser.get(URL))
    then = browser.get(URL, {"at": "2021-07-27T20:30"})
    assert "Preliminarily a close contact" in text_of(then)
    assert "/person:a/confirm/" not in then.content.decode()
    assert "hand over" not in text_of(then)


def test_a_match_nobody_confirmed_is_said_to_have_lapsed(
    matched: Exposure, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = enter(sign_in, "tracer")
    monkeypatch.setattr("sizao.desk.clock.now", lambda: Instant(NOW + 25 * HOUR_S))
    said = text_of(browser.get(URL))
    assert "was confirmed by nobody and lapsed on 28 July 2021, 20:00" in said
    assert "Nothing restricts this person." in said


def test_what_is_previewed_is_what_then_follows(matched: Exposure) -> None:
    before = subject_page(PERSON, actor=CAST["tracer"], now=NOW)
    fact = about_to_be(matched)
    previewed = after_facts(before, [fact], NOW)
    tell(fact, by=CAST["tracer"], purpose=Purpose.TRACING)
    now = subject_page(PERSON, actor=CAST["tracer"], now=NOW).moment
    assert (previewed.standing, previewed.grades, previewed.duties) == (now.standing, now.grades, now.duties)


def about_to_be(matched: Exposure, now: Instant = NOW) -> Confirmed:
    """The confirmation that is about to be made."""
    told = {"exposure": FactId(matched.id), "by": CAST["tracer"].id}
    fact = make(Confirmed, PERSON, at=now, actor=CAST["tracer"], now=now, data_class=DataClass.HEALTH, **told)
    assert isinstance(fact, Confirmed)
    return fact


def test_putting_what_happened_first_loses_no_clause_and_no_fact() -> None:
    leaf = Reason("exposure.matched", facts=(FactId("f1"),))
    deep = Reason(
        "ground",
        parts=(Reason("colour"), Reason("course", facts=(FactId("f2"),)), Reason("preliminary", parts=(leaf,))),
    )
    found = evidence_first(Reason("standing.held", parts=(deep,)))
    assert found.code == "ground"
    assert found.parts[0].code == "exposure.matched"
    assert (facts_of(found), clauses_of(found)) == (facts_of(deep), clauses_of(deep))


@pytest.mark.parametrize("form", sorted(CONTACTS.acts))
def test_every_form_speaks_chinese_and_english_without_a_gap(matched: Exposure, sign_in: SignIn, form: str) -> None:
    put(Symptom, PERSON, by="follower", purpose=Purpose.FOLLOW_UP, symptom="cough")
    who = "tracer" if form in ("confirm", "reject", "verify") else "follower"
    url = reverse("contacts:act", args=[PERSON, form])
    for lang in ("zh", "en"):
        assert_whole(text_of(enter(sign_in, who, lang).get(url)), lang)


@pytest.mark.parametrize(
    "url",
    [
        "/contacts/",
        URL,
        f"{URL}read/",
        "/contacts/round/",
        "/contacts/assign/?subject=person:a",
        "/contacts/confirm/?all=1",
    ],
)
def test_every_page_speaks_chinese_and_english_without_a_gap(matched: Exposure, sign_in: SignIn, url: str) -> None:
    hand_to_team(PERSON)
    who = "follower" if "round" in url else "tracer"
    for lang in ("zh", "en"):
        assert_whole(text_of(enter(sign_in, who, lang).get(url)), lang)


def assert_whole(said: str, lang: str) -> None:
    """A page in one language: names, numbers and the language's own name in the other tongue apart."""
    if lang == "en":
        rest = said
        for known in ("中文", "四早", "旅客甲", *re.findall(r"《[^》]*》", said), *re.findall(r"“[^”]*”", said)):
            rest = rest.replace(known, "")
        titles = re.sub(r"in force since [^;]*?;|“.*?”", "", rest)
        assert CJK.findall(re.sub(r"\([^()]*\)|[^ ]*方案[^ ]*|[^ ]*规则[^ ]*", "", titles)) == []
    else:
        assert re.findall(r"\b(?:the|and|of|is|was|are|not|who|what)\b", said) == []
