"""Several people at once: handed over by one act of the ledger, confirmed by name, and by two others above the guard's number."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.urls import reverse

from sizao.desk.store.acts import setup_root
from sizao.desk.store.assigning import NOBODY, assign, digest_of, teams_of
from sizao.desk.store.book import deployment, guard
from sizao.desk.store.checking import check_acts
from sizao.desk.store.models import Act, Assignment, Proposal, SetupRow
from sizao.desk.store.rights import Purpose
from sizao.desk.store.sight import Sight, sight
from sizao.errors import DeskError
from sizao.facts.kinds import Exposure, Symptom
from tests.desk.conftest import CAST, COUNTY, NOW
from tests.desk.contacts.people import (
    PERSON,
    TEAM,
    SignIn,
    enter,
    facts_of_kind,
    hand_to_team,
    hidden_of,
    match_many,
    put,
    text_of,
)

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("now")]

ASSIGN, CONFIRM = "contacts:assign", "contacts:confirm"


def hand(*people: str, by: str = "tracer", team: str = TEAM, key: str = "k1", **more: Any) -> Any:
    return assign(people, desk="contacts", team=team, by=CAST[by], purpose=Purpose.FOLLOW_UP, key=key, now=NOW, **more)


# --- the act ------------------------------------------------------------------------------------------------------------


def test_handing_over_is_an_act_whose_leaf_commits_to_whom_without_naming_anybody(matched: Exposure) -> None:
    receipt = hand(PERSON)
    act, row = Act.objects.get(seq=receipt.act), SetupRow.objects.get(act=receipt.act)
    said = json.loads(row.line)
    assert bytes(act.root) == setup_root(row)
    assert said == {"desk": "contacts", "team": TEAM, "people": 1, "whom": digest_of([PERSON])}
    assert PERSON not in row.line
    assert Assignment.objects.get(until=None).act_id == receipt.act


def test_a_team_that_is_given_somebody_sees_the_name_and_one_that_gave_back_does_not(matched: Exposure) -> None:
    assert sight(CAST["follower"], PERSON, COUNTY) is Sight.MASKED
    hand(PERSON)
    assert sight(CAST["follower"], PERSON, COUNTY) is Sight.NAMED
    hand(PERSON, team=NOBODY, key="k2")
    assert sight(CAST["follower"], PERSON, COUNTY) is Sight.MASKED


def test_the_same_key_again_changes_nothing_and_other_people_under_it_are_refused(case: str) -> None:
    match_many(2)
    hand("person:m000")
    hand("person:m000", key="k2", team="community-west")
    assert hand("person:m000").repeated
    assert teams_of(["person:m000"], "contacts") == {"person:m000": "community-west"}
    with pytest.raises(DeskError, match="D112"):
        hand("person:m001")


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("follower", "N101"), ("employer", "N101"), ("inspector", "N101"), ("system", "N101"), ("security", "N101"),
        ("auditor", "N101"), ("traveller", "N101"), ("clerk", "N101"), ("far_tracer", "D121"),
    ],
)  # fmt: skip
def test_nobody_else_hands_anybody_over(matched: Exposure, who: str, code: str) -> None:
    with pytest.raises(DeskError, match=code):
        hand(PERSON, by=who)
    assert not Assignment.objects.exists()


def test_whoever_came_second_hands_nobody_over(case: str) -> None:
    match_many(2)
    hand("person:m000", team="community-west")
    with pytest.raises(DeskError, match="N103"):
        hand("person:m001", "person:m000", key="k2", seen={"person:m000": "", "person:m001": ""})
    assert teams_of(["person:m000", "person:m001"], "contacts") == {"person:m000": "community-west"}


@pytest.mark.parametrize(
    ("people", "code"), [((), "N102"), (("person:nobody",), "D160"), (tuple(f"p:{n}" for n in range(1001)), "N102")]
)
def test_nobody_too_many_and_the_unknown_are_refused(case: str, people: tuple[str, ...], code: str) -> None:
    with pytest.raises(DeskError, match=code):
        hand(*people)


# --- the pages ----------------------------------------------------------------------------------------------------------


def test_many_are_handed_over_from_the_list(case: str, sign_in: SignIn) -> None:
    match_many(3)
    browser = enter(sign_in, "tracer")
    url = reverse(ASSIGN)
    shown = browser.get(url, {"subject": ["person:m000", "person:m002"]}).content.decode()
    answer = browser.post(url, hidden_of(shown) | {"team": CAST["tracer"].unit})
    assert answer.status_code == 302
    assert set(teams_of(["person:m000", "person:m001", "person:m002"], "contacts")) == {"person:m000", "person:m002"}


def test_a_team_nobody_has_is_refused(matched: Exposure, sign_in: SignIn) -> None:
    browser = enter(sign_in, "tracer")
    shown = browser.get(reverse(ASSIGN), {"subject": PERSON}).content.decode()
    assert browser.post(reverse(ASSIGN), hidden_of(shown) | {"team": "no-such-team"}).status_code == 400
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("page", [ASSIGN, CONFIRM])
@pytest.mark.parametrize(
    "who", ["far_tracer", "follower", "employer", "inspector", "system", "security", "auditor", "traveller"]
)
def test_no_outsider_opens_or_sends_the_pages_of_many(matched: Exposure, sign_in: SignIn, page: str, who: str) -> None:
    browser, acts = enter(sign_in, who), Act.objects.count()
    sent = {"subject": PERSON, "exposure": f"{PERSON}|{matched.id}", "key": "form-0123456789", "team": TEAM}
    assert browser.get(reverse(page), {"subject": PERSON}).status_code == 403
    assert browser.post(reverse(page), sent).status_code == 403
    assert (Act.objects.count(), Proposal.objects.count()) == (acts, 0)


def test_several_matches_are_confirmed_by_one_act_and_only_those_left_ticked(case: str, sign_in: SignIn) -> None:
    found = match_many(3)
    browser = enter(sign_in, "tracer")
    shown = browser.get(reverse(CONFIRM), {"subject": [fact.subject for fact in found]}).content.decode()
    ticked = [f"{fact.subject}|{fact.id}" for fact in found[:2]]
    assert browser.post(reverse(CONFIRM), hidden_of(shown) | {"exposure": ticked}).status_code == 302
    assert [len(facts_of_kind(fact.subject, "confirmed")) for fact in found] == [1, 1, 0]
    assert Act.objects.filter(name="confirm").count() == 1


def test_a_confirmation_of_many_sent_twice_is_one_act(case: str, sign_in: SignIn) -> None:
    found = match_many(2)
    browser = enter(sign_in, "tracer")
    shown = browser.get(reverse(CONFIRM), {"subject": [fact.subject for fact in found]}).content.decode()
    sent = hidden_of(shown) | {"exposure": [f"{fact.subject}|{fact.id}" for fact in found]}
    for _ in range(2):
        assert browser.post(reverse(CONFIRM), sent).status_code == 302
    assert Act.objects.filter(name="confirm").count() == 1


def test_above_the_guard_it_becomes_a_proposal_and_confirms_nobody(case: str, sign_in: SignIn) -> None:
    above = guard("safeguard.bulk", deployment().area, NOW).above_persons
    found = match_many(above + 1)
    browser = enter(sign_in, "tracer")
    shown = browser.get(reverse(CONFIRM), {"all": "1"}).content.decode()
    assert "what you send becomes a proposal" in shown
    sent = hidden_of(shown) | {"exposure": re.findall(r'name="exposure" value="([^"]+)"', shown)}
    for _ in range(2):
        assert browser.post(reverse(CONFIRM), sent).status_code == 302
    (proposal,) = Proposal.objects.all()
    assert (proposal.subjects, proposal.settled_at) == (len(found), None)
    assert sum(len(facts_of_kind(fact.subject, "confirmed")) for fact in found) == 0


def test_whoever_came_second_confirms_nobody_and_keeps_the_ticks(case: str, sign_in: SignIn) -> None:
    found = match_many(2)
    browser = enter(sign_in, "tracer")
    shown = browser.get(reverse(CONFIRM), {"subject": [fact.subject for fact in found]}).content.decode()
    put(Symptom, found[0].subject, by="follower", purpose=Purpose.FOLLOW_UP, symptom="cough")
    ticked = {"exposure": [f"{fact.subject}|{fact.id}" for fact in found[:1]]}
    late = browser.post(reverse(CONFIRM), hidden_of(shown) | ticked)
    assert late.status_code == 409
    assert late.content.decode().count(" checked") == 1
    assert facts_of_kind(found[0].subject, "confirmed") == []
    assert browser.post(reverse(CONFIRM), hidden_of(late.content.decode()) | ticked).status_code == 302


def test_choosing_nobody_says_so(case: str, sign_in: SignIn) -> None:
    answer = enter(sign_in, "tracer").get(reverse(CONFIRM))
    assert answer.status_code == 403
    assert "Nobody was chosen" in text_of(answer)


# --- the daily round ----------------------------------------------------------------------------------------------------


def test_the_round_is_ones_own_team_and_says_who_is_still_to_be_checked(case: str, sign_in: SignIn) -> None:
    match_many(3)
    hand_to_team("person:m000", "person:m001")
    browser = enter(sign_in, "follower")
    shown = browser.get(reverse("contacts:round")).content.decode()
    assert re.findall(r'data-draft="contacts-check-(person:m\d+)"', shown) == ["person:m000", "person:m001"]
    assert "2 checks are still to be made" in text_of(browser.get(reverse("contacts:round")))
    first = shown.partition('<form class="sz-form"')[2].partition("</form>")[0]
    sent = {name: values[0] for name, values in hidden_of(first).items()} | {"none": "on"}
    boxes = dict(re.findall(r'name="(at_\w+)" value="([^"]*)"', first))
    answer = browser.post(reverse("contacts:act", args=["person:m000", "check"]), sent | boxes)
    assert (answer.status_code, answer["Location"]) == (302, reverse("contacts:round"))
    assert "1 check is still to be made" in text_of(browser.get(reverse("contacts:round")))


def test_whoever_records_no_checks_has_no_round(case: str, sign_in: SignIn) -> None:
    assert enter(sign_in, "officer").get(reverse("contacts:round")).status_code == 403


def test_verification_finds_nothing_wrong_with_handing_over_and_notices_a_forged_one(matched: Exposure) -> None:
    receipt = hand(PERSON)
    assert [problem for problem in check_acts(0).problems if problem.slots.get("act") == receipt.act] == []
    act = Act.objects.get(seq=receipt.act)
    assert (act.facts, bytes(act.leaf)) == (0, receipt.leaf)
    assert setup_root(SetupRow(line='{"people":2}', salt=SetupRow.objects.get(act=act).salt)) != bytes(act.root)
