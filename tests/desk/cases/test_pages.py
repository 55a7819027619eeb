"""The pages of a case: what they show, to whom, and that every act on them is refused to whoever it is not for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from sizao.desk.cases.links import standing_to
from sizao.desk.cases.tracing import trace_case
from sizao.desk.store.models import Act, FactRow, Proposal
from sizao.desk.store.rights import Actor, Purpose
from sizao.facts.kinds import Ride
from sizao.when import HOUR_S, Instant
from tests.desk.cases.conftest import EVENING, HOME, SHOP
from tests.desk.cases.conftest import Stay as Put
from tests.desk.conftest import NOW
from tests.desk.store.facts_told import CASE, notice, tell

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("matched_here", "evening")]

Cast = dict[str, Actor]
SignIn = Callable[[str], Client]
OUTSIDERS = (
    "follower",
    "clerk",
    "employer",
    "system",
    "security",
    "auditor",
    "inspector",
    "traveller",
    "lab",
    "doctor",
)
"""Who does not work at the desk of cases. A doctor reports at the desk of hospitals."""


@pytest.fixture
def reported(cast: Cast) -> None:
    """A case a doctor reported, matched."""
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    trace_case(CASE, now=NOW, actor=cast["doctor"], why="notice")


def page(client: Client, path: str = f"/cases/{CASE}/", **asked: str) -> str:
    response = client.get(path, asked)
    assert response.status_code == 200, response.content.decode()[:2000]
    return response.content.decode()


# --- who comes in -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize(
    "path",
    [
        "",
        "new/",
        "chain/",
        "proposals/",
        "import/",
        f"{CASE}/",
        f"{CASE}/contacts/",
        f"{CASE}/why-not/",
        f"{CASE}/stay/",
    ],
)
def test_who_does_not_work_here_is_told_so(sign_in: SignIn, reported: None, who: str, path: str) -> None:
    assert sign_in(who).get(f"/cases/{path}").status_code == 403


def test_a_tracer_of_another_area_sees_neither_the_case_nor_that_there_is_one(sign_in: SignIn, reported: None) -> None:
    client = sign_in("far_tracer")
    assert client.get(f"/cases/{CASE}/").status_code == 403
    assert f"/cases/{CASE}/" not in page(client, "/cases/")


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_shows_class_contacts_by_grade_and_the_four_delays(sign_in: SignIn, reported: None) -> None:
    text = page(sign_in("tracer"), "/cases/")
    for said in ("confirmed case", "close contact 1", "general contact 1", "found", "reported 1 h"):
        assert said in text


def test_the_list_is_narrowed_and_pages_stay_as_they_were(sign_in: SignIn, reported: None) -> None:
    client = sign_in("tracer")
    assert "No case is on this list" in page(client, "/cases/", case="nobody")
    assert f"/cases/{CASE}/" in page(client, "/cases/", case="case", contacts="on")
    assert page(client, "/cases/", after="nonsense")


# --- the case ---------------------------------------------------------------------------------------------------------


def test_the_page_says_who_why_what_is_owed_and_whom_it_met_on_what_evidence(sign_in: SignIn, reported: None) -> None:
    text = page(sign_in("tracer"))
    for said in (
        "A confirmed case, ill since 25 July 2021", "2 exposures", "Infectious window", "four-days", "two-days", "counts here",
        "bring the infected person to the designated hospital", HOME, SHOP, "min", "rule cn-covid19-8", "stays (case/contact)",
        "Last matched", "nobody yet",
    ):  # fmt: skip
        assert said in text, said


def test_as_known_before_anything_was_matched_there_are_no_contacts(
    sign_in: SignIn, reported: None, cast: Cast
) -> None:
    text = page(sign_in("tracer"), at="2021-07-27T19:59")
    assert "No case: every notice was taken back" in text
    assert "Nobody is on record as a contact" in text
    assert "Match again" not in text


def test_the_names_of_contacts_are_shown_to_nobody_who_does_not_work_on_them(sign_in: SignIn, reported: None) -> None:
    from sizao.desk.access.models import ReadRow

    page(sign_in("tracer"))
    rows = ReadRow.objects.filter(page__startswith="cases:")
    assert set(rows.values_list("subject", flat=True)) == {CASE}


def test_every_contact_has_a_page_of_its_own_and_pages_of_them_go_on(sign_in: SignIn, reported: None) -> None:
    text = page(sign_in("tracer"), f"/cases/{CASE}/contacts/")
    assert "/contacts/person/person:spouse/" in text
    assert "Nobody is on record" in page(sign_in("tracer"), f"/cases/{CASE}/contacts/", first="50")


# --- acts -------------------------------------------------------------------------------------------------------------


def key(client: Client, path: str) -> str:
    """The hidden key of a form."""
    text = page(client, path)
    return text.split('name="key" value="')[1].split('"')[0]


STAY = {
    "place": SHOP,
    "kind": "shop",
    "start_year": "2021",
    "start_month": "7",
    "start_day": "26",
    "start_time": "06:00",
    "end_year": "2021",
    "end_month": "7",
    "end_day": "26",
    "end_time": "09:30",
}


def post(client: Client, path: str, told: dict[str, str], status: int = 302) -> str:
    got = client.get(path)
    found = (
        {}
        if 'name="key"' not in got.content.decode()
        else {"key": got.content.decode().split('name="key" value="')[1].split('"')[0]}
    )
    text = got.content.decode()
    if 'name="version" value="' in text:
        found["version"] = text.split('name="version" value="')[1].split('"')[0]
    response = client.post(path, found | told)
    assert response.status_code == status, response.content.decode()[:3000]
    return response.content.decode()


def test_a_place_that_is_added_is_matched_at_once(sign_in: SignIn, reported: None) -> None:
    post(sign_in("tracer"), f"/cases/{CASE}/stay/", STAY | {"source": "the person, by telephone"})
    (line,) = FactRow.objects.filter(subject=CASE, kind="stay").values_list("line", flat=True)
    assert "the person, by telephone" in str(line)
    exposures = standing_to([CASE])[CASE]
    assert {fact.subject for fact in exposures if fact.case_told} == {"person:clerk"}


def test_an_end_that_is_not_known_stays_unknown(sign_in: SignIn, reported: None) -> None:
    told = {name: value for name, value in STAY.items() if not name.startswith("end_")}
    post(sign_in("tracer"), f"/cases/{CASE}/stay/", told)
    assert "end not known" in page(sign_in("tracer"))


def test_a_place_nobody_knows_is_asked_about_and_taken_as_written_when_somebody_says_so(
    sign_in: SignIn, reported: None
) -> None:
    client = sign_in("tracer")
    text = post(client, f"/cases/{CASE}/stay/", STAY | {"place": "无名摊点"}, status=400)
    assert "No register and no stay on record knows this place" in text
    assert "无名摊点" in text
    post(client, f"/cases/{CASE}/stay/", STAY | {"place": "无名摊点", "as_written": "on"})


def test_a_stay_that_is_corrected_keeps_what_was_said_before(sign_in: SignIn, reported: None) -> None:
    client = sign_in("tracer")
    post(client, f"/cases/{CASE}/stay/", STAY)
    old = FactRow.objects.get(subject=CASE, kind="stay").fact_id
    better = STAY | {"end_time": "09:45", "about": old}
    text = post(client, f"/cases/{CASE}/stay/?about={old}", better, status=400)
    assert "Say why the earlier entry was wrong" in text
    post(client, f"/cases/{CASE}/stay/?about={old}", better | {"why": "the till shows 09:45"})
    assert FactRow.objects.filter(subject=CASE, kind="stay").count() == 2
    assert "the till shows 09:45" in str(FactRow.objects.get(subject=CASE, kind="correction").line)
    assert page(client).count("26 July 2021, 09:45") >= 1


def test_an_entry_is_taken_back_with_a_reason(sign_in: SignIn, reported: None) -> None:
    client = sign_in("tracer")
    post(client, f"/cases/{CASE}/stay/", STAY)
    old = FactRow.objects.get(subject=CASE, kind="stay").fact_id
    post(client, f"/cases/{CASE}/drop/?about={old}", {"about": old, "why": "it was another day"})
    assert "Nothing was told of where this case was" in page(client)


RIDE = {
    "vehicle": "train",
    "number": "g508次",
    "day_year": "2021",
    "day_month": "7",
    "day_day": "26",
    "departs": "08:05",
    "arrives": "11:20",
    "boarded": "甲站",
    "alighted": "乙站",
    "carriage": "05车",
    "seat": "12A",
}


def test_a_ride_is_read_as_tickets_are(sign_in: SignIn, reported: None) -> None:
    post(sign_in("tracer"), f"/cases/{CASE}/ride/", RIDE)
    from sizao.facts.record import fact_from_json

    fact = fact_from_json(str(FactRow.objects.get(subject=CASE, kind="ride").line))
    assert isinstance(fact, Ride)
    assert (fact.run, fact.spots[0].zone, fact.spots[0].row_lo, fact.spots[0].seat) == (
        "train:G508:2021-07-26",
        "5",
        12,
        "A",
    )


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"number": "高铁"}, "is no train number"),
        ({"seat": "靠窗的那个"}, "cannot be read"),
        ({"day_day": "31"}, "still to come"),
    ],
)
def test_a_ride_that_cannot_be_taken_says_why_at_its_field(
    sign_in: SignIn, reported: None, told: dict[str, str], said: str
) -> None:
    text = post(sign_in("tracer"), f"/cases/{CASE}/ride/", RIDE | told, status=400)
    assert said in text or "govuk-error-message" in text


@pytest.mark.parametrize("code", ["stay", "ride", "drop", "amend"])
def test_who_may_not_record_a_track_or_a_notice_gets_no_form(sign_in: SignIn, reported: None, code: str) -> None:
    allowed = {"amend": {"reviewer"}}
    for who in ("officer", "reviewer"):
        expected = 200 if who in allowed.get(code, set()) else 403
        assert sign_in(who).get(f"/cases/{CASE}/{code}/").status_code == expected


# --- tracing ----------------------------------------------------------------------------------------------------------


def test_asking_for_a_match_is_on_record_and_done_at_once(sign_in: SignIn, reported: None) -> None:
    client = sign_in("tracer")
    response = client.post(f"/cases/{CASE}/trace/", {"key": key(client, f"/cases/{CASE}/")})
    assert response.status_code == 302
    assert Act.objects.get(name="ask-trace").actor == "user:1"
    assert "(asked for)" in page(client)


@pytest.mark.parametrize(
    ("who", "status"), [("officer", 302), ("reviewer", 302), ("far_tracer", 403), ("follower", 403)]
)
def test_who_may_ask_for_a_match(sign_in: SignIn, reported: None, who: str, status: int) -> None:
    response = sign_in(who).post(f"/cases/{CASE}/trace/", {"key": "form-0123456789abcdef"})
    assert response.status_code in (status, 404)
    assert Act.objects.filter(name="ask-trace").exists() is (status == 302)


def test_a_tracer_alone_is_told_that_somebody_else_has_to_ask(sign_in: SignIn, cast: Cast) -> None:
    tell(notice(by=cast["tracer"]), by=cast["tracer"], purpose=Purpose.TRACING)
    client = sign_in("tracer")
    assert "One tracer alone told of this case" in page(client)
    response = client.post(f"/cases/{CASE}/trace/", {"key": "form-0123456789abcdef"})
    assert response.status_code == 403
    assert "K102" in response.content.decode()
    other = sign_in("other_tracer")
    assert other.post(f"/cases/{CASE}/trace/", {"key": "form-0123456789abcdef"}).status_code == 302
    assert len(standing_to([CASE])[CASE]) == 2


def test_a_notice_that_was_wrong_is_corrected_and_the_case_matched_again(
    sign_in: SignIn, reported: None, cast: Cast
) -> None:
    client = sign_in("reviewer")
    path = f"/cases/{CASE}/amend/"
    old = FactRow.objects.get(subject=CASE, kind="case_notice").fact_id
    told = {
        "about": old,
        "withdraw": "on",
        "why": "the sample was another person's",
        "case_class": "confirmed",
        "area": "999901",
    }
    told |= {"at_year": "2021", "at_month": "7", "at_day": "27", "at_time": "19:00"}
    once_more = post(client, path, told, status=200)
    assert "What follows from it" in once_more
    hidden = {"sure": "1", "key": once_more.split('name="key" value="')[1].split('"')[0]}
    hidden["version"] = once_more.split('name="version" value="')[1].split('"')[0]
    assert client.post(path, told | hidden).status_code == 302
    assert standing_to([CASE])[CASE] == []
    assert "every notice was taken back" in page(client)


def test_why_somebody_is_no_contact_is_answered_with_the_closest_miss(sign_in: SignIn, reported: None) -> None:
    client = sign_in("tracer")
    response = client.post(f"/cases/{CASE}/why-not/", {"person": "passer"})
    assert response.status_code == 200
    assert "The rule that came closest" in response.content.decode() or SHOP in response.content.decode()


# --- many people ------------------------------------------------------------------------------------------------------


def test_tr04_what_would_burden_many_waits_on_a_page_that_shows_whom(stayed: Put, sign_in: SignIn, cast: Cast) -> None:
    from tests.desk.cases.conftest import crowd

    stayed(crowd(60), "crowd")
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    row = trace_case(CASE, now=NOW, actor=cast["doctor"], why="notice")
    tracer, officer = sign_in("tracer"), sign_in("officer")
    assert "62 people were found" in page(tracer)
    path = f"/cases/proposals/{row.proposal}/"
    text = page(tracer, path)
    assert "guest059" in text
    assert "Whom it would burden" in text
    assert post(tracer, path, {"agrees": "yes", "reasons": "short"}, status=400)
    post(tracer, path, {"agrees": "yes", "reasons": "the house was full that night"})
    assert standing_to([CASE])[CASE] == []
    again = post(sign_in("other_tracer"), path, {"agrees": "yes", "reasons": "the same unit as before"}, status=400)
    assert "Somebody of your unit takes part" in again
    post(officer, path, {"agrees": "yes", "reasons": "confirmed with the landlord"})
    assert len(standing_to([CASE])[CASE]) == 62
    assert Proposal.objects.get(pk=row.proposal or 0).outcome == "approved"


def test_who_does_not_approve_sees_no_proposal(stayed: Put, sign_in: SignIn, cast: Cast) -> None:
    from tests.desk.cases.conftest import crowd

    stayed(crowd(60), "crowd")
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    row = trace_case(CASE, now=NOW, actor=cast["doctor"], why="notice")
    for who in OUTSIDERS:
        assert sign_in(who).get(f"/cases/proposals/{row.proposal}/").status_code == 403
    assert sign_in("far_tracer").get(f"/cases/proposals/{row.proposal}/").status_code == 403
    assert sign_in("tracer").get("/cases/proposals/999/").status_code == 403


# --- the chain --------------------------------------------------------------------------------------------------------


def test_the_chain_links_cases_by_day_and_marks_what_goes_against_the_dates(
    sign_in: SignIn, reported: None, cast: Cast
) -> None:
    from sizao.desk.store.acts import make
    from sizao.facts.kinds import CaseClass, CaseNotice, DataClass

    earlier = make(
        CaseNotice, "person:spouse", at=NOW - HOUR_S, actor=cast["doctor"], now=NOW, data_class=DataClass.HEALTH,
        case_class=CaseClass.ASYMPTOMATIC, disease="covid19", reporting_area="999901", onset=Instant(NOW - 5 * 24 * HOUR_S),
    )  # fmt: skip
    tell(earlier, by=cast["doctor"], purpose=Purpose.CARE)
    text = page(sign_in("tracer"), "/cases/chain/")
    assert text.count("<circle") == 2
    assert "against the dates" in text
    assert "not confirmed" in text
    assert "No case fell ill in these days" in page(
        sign_in("tracer"), "/cases/chain/", since_year="2021", since_month="7", since_day="27", linked="on"
    )


def test_where_a_case_may_have_come_from_is_on_its_page(sign_in: SignIn, reported: None, cast: Cast) -> None:
    tell(notice("person:spouse"), by=cast["doctor"], purpose=Purpose.CARE)
    text = page(sign_in("tracer"), "/cases/person:spouse/")
    assert "Where it may have come from" in text
    assert len(EVENING) == 5
