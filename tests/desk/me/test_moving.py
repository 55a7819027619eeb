"""Where somebody was and means to go: stays, rides and trips as the person tells them, each an act with a receipt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from sizao.desk.me.models import Statement
from sizao.desk.store import rows
from sizao.desk.store.acts import make
from sizao.desk.store.models import Act
from sizao.desk.store.rights import Purpose
from sizao.facts.kinds import DataClass, Reported, Ride, Stay, TripChanged, TripDecided, TripRequested, TripReturned
from tests.desk.conftest import CAST, NOW
from tests.desk.me.told import ME
from tests.desk.store.facts_told import tell

pytestmark = pytest.mark.django_db(databases="__all__")

SignIn = Callable[[str], Client]


def boxes(name: str, day: int, time: str, month: int = 7) -> dict[str, str]:
    return {f"{name}_year": "2021", f"{name}_month": str(month), f"{name}_day": str(day), f"{name}_time": time}


STAY = {"key": "form-stay-0001", "place": "样例剧场，东街 1 号", "kind": "theatre", "note": "三排"}
STAY |= boxes("start", 22, "18:20") | boxes("end", 22, "19:30")
RIDE = {
    "key": "form-ride-0001",
    "vehicle": "train",
    "number": "g508次",
    "departs": "18:20",
    "arrives": "21:05",
    "seat": "12A",
}
RIDE |= {
    "carriage": "5",
    "boarded": "样例东",
    "alighted": "样例西",
    "day_year": "2021",
    "day_month": "7",
    "day_day": "26",
}
TRIP = {"key": "form-trip-0001", "destinations": "样例市东镇\n样例市西镇", "reason": "探亲", "transport": "高铁"}
TRIP |= boxes("start", 30, "08:00") | boxes("end", 2, "20:00", month=8)
SENT = {"stay": STAY, "ride": RIDE, "trip": TRIP}


def send(browser: Client, name: str, *args: str, **more: Any) -> HttpResponse:
    given = SENT.get(name, {}) | more
    return browser.post(reverse(f"me:{name}", args=args), given)  # type: ignore[return-value]  # a response is one


def test_a_stay_is_told_and_stays_behind_the_purpose_wall(sign_in: SignIn) -> None:
    assert send(sign_in("traveller"), "stay").status_code == 302
    (fact,) = rows.facts_of(ME)
    assert isinstance(fact, Stay)
    assert (fact.place, fact.place_kind, fact.data_class) == ("told:样例剧场，东街 1 号", "theatre", DataClass.MOVEMENT)
    assert fact.end - fact.at == 70 * 60
    assert (fact.source, fact.recorder) == ("self", CAST["traveller"].id)


def test_a_ride_is_read_as_an_import_reads_it(sign_in: SignIn) -> None:
    assert send(sign_in("traveller"), "ride").status_code == 302
    (fact,) = rows.facts_of(ME)
    assert isinstance(fact, Ride)
    assert fact.run == "train:G508:2021-07-26"
    assert (fact.spots[0].zone, fact.spots[0].row_lo, fact.spots[0].seat) == ("5", 12, "A")


def test_a_number_that_cannot_be_read_is_said_beside_its_field(sign_in: SignIn) -> None:
    answer = send(sign_in("traveller"), "ride", number="？？")
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "#id_number" in text
    assert "样例东" in text
    assert Act.objects.count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        boxes("end", 22, "18:00"),
        boxes("end", 22, "18:20"),
        boxes("start", 28, "09:00"),
        {"start_day": "31", "start_month": "2"},
    ],
    ids=["ends-before", "no-length", "ahead", "no-such-day"],
)
def test_a_stay_that_cannot_be_is_refused(sign_in: SignIn, wrong: dict[str, str]) -> None:
    assert send(sign_in("traveller"), "stay", **wrong).status_code == 400
    assert Act.objects.count() == 0


def asked() -> TripRequested:
    (fact,) = [one for one in rows.facts_of(ME) if isinstance(one, TripRequested)]
    return fact


def decide(granted: bool) -> None:
    told = {"trip": asked().trip, "granted": granted, "by": "干部乙", "reasons": "工作安排"}
    employer = CAST["employer"]
    fact = make(TripDecided, ME, at=NOW, actor=employer, now=NOW, data_class=DataClass.WORK, **told)
    tell(fact, by=employer, purpose=Purpose.WORK)


def test_a_trip_is_asked_for_and_the_unit_may_know_it(sign_in: SignIn) -> None:
    browser = sign_in("traveller")
    send(browser, "trip")
    fact = asked()
    assert fact.destinations == ("样例市东镇", "样例市西镇")
    assert fact.data_class is DataClass.GIVEN
    assert fact.trip == f"trip:{Statement.objects.get().number}"
    assert "Not decided yet." in browser.get(reverse("me:trips")).content.decode()


def test_a_granted_trip_may_change_and_end(sign_in: SignIn) -> None:
    browser = sign_in("traveller")
    send(browser, "trip")
    decide(True)
    trip = asked().trip
    changed = send(
        browser,
        "trip-change",
        trip,
        key="form-trip-0002",
        destinations="样例市南镇",
        **boxes("end", 3, "20:00", month=8),
    )
    assert changed.status_code == 302
    assert send(browser, "trip-return", trip, key="form-trip-0003", **boxes("at", 27, "19:00")).status_code == 302
    kinds = [type(one) for one in rows.facts_of(ME)]
    assert {TripChanged, TripReturned, Reported} <= set(kinds)
    assert "Back since 27 July 2021, 19:00." in browser.get(reverse("me:trips")).content.decode()
    assert send(browser, "trip-return", trip, key="form-trip-0004", **boxes("at", 27, "19:00")).status_code == 404


def test_a_refused_trip_cannot_change_and_says_why(sign_in: SignIn) -> None:
    browser = sign_in("traveller")
    send(browser, "trip")
    decide(False)
    assert browser.get(reverse("me:trip-change", args=[asked().trip])).status_code == 404
    assert "工作安排" in browser.get(reverse("me:trips")).content.decode()


def test_a_trip_of_somebody_else_is_not_there(sign_in: SignIn) -> None:
    assert sign_in("traveller").get(reverse("me:trip-change", args=["trip:other"])).status_code == 404


@pytest.mark.parametrize("name", sorted(SENT))
def test_sent_twice_it_is_one_fact(sign_in: SignIn, name: str) -> None:
    browser = sign_in("traveller")
    assert send(browser, name)["Location"] == send(browser, name)["Location"]
    assert Act.objects.count() == 1


@pytest.mark.parametrize("name", sorted(SENT))
@pytest.mark.parametrize("other", ["tracer", "clerk", "employer", "system"])
def test_nobody_else_may(sign_in: SignIn, name: str, other: str) -> None:
    assert send(sign_in(other), name).status_code == 403
    assert send(Client(), name).status_code == 302
    assert Act.objects.count() == 0


def test_each_receipt_tells_back_what_was_said_in_both_languages(sign_in: SignIn) -> None:
    browser = sign_in("traveller")
    for name in SENT:
        answer = send(browser, name)
        for lang, words in (("zh-hans", "回执编号"), ("en", "Receipt number")):
            text = browser.get(answer["Location"], headers={"accept-language": lang}).content.decode()
            assert words in text
    listed = browser.get(reverse("me:receipts")).content.decode()
    assert listed.count('<li><a href="/me/receipts/') == 3
