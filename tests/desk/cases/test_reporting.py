"""A new case: found or made known, reported once, and matched when more than one stands behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from sizao.desk.cases.earlies import Earlies, earlies_of
from sizao.desk.cases.links import standing_to
from sizao.desk.people.models import Person
from sizao.desk.people.who import Who
from sizao.desk.store.models import Act, FactRow
from sizao.desk.store.registering import Resident, register
from sizao.desk.store.rights import Actor, Purpose
from sizao.when import HOUR_S
from tests.desk.conftest import COUNTY, NOW
from tests.desk.store.facts_told import CASE, notice

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("matched_here", "evening")]

Cast = dict[str, Actor]
SignIn = Callable[[str], Client]
NOTICE = {
    "case_class": "confirmed",
    "disease": "covid19",
    "at_year": "2021",
    "at_month": "7",
    "at_day": "27",
    "at_time": "18:00",
    "onset_year": "2021",
    "onset_month": "7",
    "onset_day": "25",
    "area": COUNTY,
}
WHO: dict[str, Any] = {
    "name": "旅客甲",
    "born_year": "1990",
    "born_month": "5",
    "born_day": "1",
    "sex": "unknown",
    "home": COUNTY,
}


@pytest.fixture
def known(cast: Cast) -> None:
    """The person of the case is on record."""
    resident = Resident(subject=CASE, who=Who(name="病例甲"), area=COUNTY)
    register([resident], by=cast["clerk"], purpose=Purpose.COUNTER, key="known", now=NOW)


def hidden(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="')[1].split('"')[0]


def report(client: Client, person: str, status: int = 302, **told: Any) -> str:
    path = f"/cases/new/?person={person}"
    page = client.get(path).content.decode()
    sent = {"person": person, "key": hidden(page, "key")} | (
        {"fresh": hidden(page, "fresh")} if person == "new" else {}
    )
    response = client.post("/cases/new/", sent | NOTICE | told)
    assert response.status_code == status, response.content.decode()[:3000]
    return response.content.decode()


def test_the_cdc_reports_a_person_on_record_and_contacts_are_there_at_once(sign_in: SignIn, known: None) -> None:
    report(sign_in("reviewer"), CASE)
    assert Act.objects.get(name="report-case").purpose == Purpose.CARE
    assert len(standing_to([CASE])[CASE]) == 2


def test_a_tracer_says_whose_notice_it_is_and_nobody_is_matched_yet(sign_in: SignIn, known: None) -> None:
    client = sign_in("tracer")
    report(client, CASE, status=400)
    report(client, CASE, source="邻市函〔2021〕8号", area="elsewhere", other_area="999902")
    assert "邻市函" in str(FactRow.objects.get(kind="case_notice").line)
    assert standing_to([CASE])[CASE] == []


def test_somebody_new_is_made_known_with_the_notice(sign_in: SignIn) -> None:
    report(sign_in("tracer"), "new", source="邻市函", **WHO)
    person = Person.objects.get()
    assert FactRow.objects.get(kind="case_notice").subject == person.subject


def test_whoever_it_may_already_be_is_shown_first(sign_in: SignIn) -> None:
    client = sign_in("tracer")
    report(client, "new", source="邻市函", **WHO)
    page = report(client, "new", status=409, source="邻市函", **WHO)
    assert "This may be somebody on record already" in page
    assert Person.objects.count() == 1
    report(client, "new", source="邻市函", sure="1", **WHO)
    assert Person.objects.count() == 2


def test_people_are_found_by_name_and_shown_masked(sign_in: SignIn, known: None) -> None:
    page = sign_in("reviewer").get("/cases/new/", {"q": "病例甲"}).content.decode()
    assert "病**" in page
    assert f"?person={CASE.replace(':', '%3A')}" in page


@pytest.mark.parametrize(
    "told",
    [
        {"onset_year": "", "onset_month": "", "onset_day": ""},
        {"onset_day": "29"},
        {"at_day": "28"},
        {"neither": "on"},
        {"area": "elsewhere", "other_area": "x"},
    ],
)
def test_a_notice_that_cannot_be_is_refused(sign_in: SignIn, known: None, told: dict[str, str]) -> None:
    report(sign_in("reviewer"), CASE, status=400, **told)
    assert not FactRow.objects.filter(kind="case_notice").exists()


def test_the_command_does_not_report_cases(sign_in: SignIn, known: None) -> None:
    assert sign_in("officer").get(f"/cases/new/?person={CASE}").status_code == 403


def test_the_four_earlies_count_from_onset_and_say_nothing_of_what_is_not_known() -> None:
    found = earlies_of([notice()])
    assert found == Earlies(found=24 * HOUR_S, reported=HOUR_S, isolated=None, treated=None)
    assert earlies_of([]) == Earlies()
