"""Published rides: every row a named run with an interval and its spots, or a refusal with its reason."""

from __future__ import annotations

import csv

import pytest

from sizao.facts.kinds import Ride, Spot, SubjectId
from sizao.facts.rides import Provenance, ReadRide, RideRow, Rides, notes_of, read_rides, ride_facts, spots_of
from sizao.facts.trips import TripText
from sizao.when import Instant
from sizao.words import terms
from tests.outside import outside

GIVEN = Provenance(Instant(0), "测试", "r", "b")


def train(row: int, departs: str, arrives: str, **more: str) -> RideRow:
    seats = {name: more.pop(name, "") for name in ("carriage", "seat", "who")}
    trip = TripText(**{"vehicle": "train", "number": "K1", "boarded": "甲", "alighted": "乙"} | more)
    return RideRow(row, trip._replace(departs=departs, arrives=arrives), **seats)


def one(row: RideRow) -> ReadRide:
    (ride,) = read_rides([row]).read
    return ride


def published() -> Rides:
    with outside("rides_2020/rides.csv").open(encoding="utf-8") as file:
        rows = [
            RideRow(
                number,
                TripText(
                    vehicle=row["tripType"], number=row["tripNo"], service_day=row["tripDate"], departs=row["tripDeptime"],
                    arrives=row["tripArrtime"], boarded=row["tripDepname"], alighted=row["tripArrname"],
                    boarded_code=row["tripDepcode"], alighted_code=row["tripArrcode"],
                ),
                row["carriage"], row["seatNo"],
            )
            for number, row in enumerate(csv.DictReader(file), start=2)
        ]  # fmt: skip
    return read_rides(rows)


def test_every_published_ride_becomes_a_run_with_an_interval_or_is_refused_with_its_reason() -> None:
    rides = published()
    assert len(rides.read) + len(rides.refused) == 836
    assert [(ride.row, ride.column, ride.value, ride.error.code) for ride in rides.refused] == [
        (94, "number", "未知", "F144"),
        (325, "number", "海安港", "F146"),
        (352, "number", "海南港", "F146"),
        (811, "arrives", "2020-01-17 10:27:00", "F142"),
    ]
    assert all(ride.trip.times.start < ride.trip.times.end for ride in rides.read)
    assert [(ride.row, ride.same_as) for ride in rides.read if ride.same_as is not None] == [(418, 328)]
    assert rides.joined == 1
    assert all(ride.seat.unread == () for ride in rides.read)


def test_the_published_rides_name_what_is_not_certain() -> None:
    counts: dict[str, int] = {}
    for ride in published().read:
        for flag in ride.flags:
            counts[flag] = counts.get(flag, 0) + 1
    assert {flag: count for flag, count in counts.items() if flag.startswith("ride.")} == {
        "ride.times_unknown": 3,
        "ride.arrival_unknown": 10,
        "ride.date_line": 1,
        "ride.run_day_unsure": 5,
    }
    assert set(counts) <= set(terms())


def test_a_night_train_given_with_its_service_day_is_the_run_of_that_day() -> None:
    ride = one(train(2, "2020-01-19 02:48:00", "2020-01-19 05:12:00", service_day="2020-01-18", number="K7393"))
    assert (ride.run.names, ride.run.basis) == (("train:K7393:2020-01-18",), "given")


def test_a_ride_that_may_have_been_on_two_runs_is_a_fact_for_each() -> None:
    rides = read_rides(
        [
            train(2, "2020-01-21 20:10:00", "2020-01-22 06:52:00", service_day="2020-01-20"),
            train(3, "2020-01-16 14:16:00", "2020-01-17 06:00:00", service_day="2020-01-16"),
        ]
    )
    facts = ride_facts(rides.read[1], SubjectId("person:旅客乙"), GIVEN)
    assert [fact.run for fact in facts if isinstance(fact, Ride)] == ["train:K1:2020-01-16", "train:K1:2020-01-15"]
    assert len({fact.id for fact in facts}) == 2
    assert all(fact.flags == ("ride.run_day_unsure",) for fact in facts if isinstance(fact, Ride))


def test_two_numbers_of_one_train_are_two_names() -> None:
    ride = one(train(2, "2020-01-21 08:00", "2020-01-21 09:00", number="K984/1"))
    assert ride.run.names == ("train:K984:2020-01-21", "train:K981:2020-01-21")
    assert "ride.two_numbers" in ride.flags


def test_the_fact_of_a_ride_carries_run_interval_spots_and_what_was_assumed() -> None:
    ride = one(train(2, "2020-01-21 08:00", "2020-01-21 08:00", carriage="3号车厢", seat="2D,2F"))
    (fact,) = ride_facts(ride, SubjectId("person:旅客乙"), GIVEN)
    assert isinstance(fact, Ride)
    assert (fact.run, fact.place_kind, fact.boarded, fact.alighted) == (
        "train:K1:2020-01-21",
        "train_sealed",
        "甲",
        "乙",
    )
    assert fact.spots == (Spot("3", 2, 2, "D"), Spot("3", 2, 2, "F"))
    assert fact.flags == ("ride.arrival_unknown",)
    assert ride_facts(ride, fact.subject, GIVEN._replace(recorded_at=Instant(9)))[0].id == fact.id


def test_a_carriage_without_a_seat_may_be_any_compartment_of_it_unless_the_train_has_none() -> None:
    slow = one(train(2, "2020-01-21 08:00", "2020-01-21 09:00", carriage="18号车厢"))
    fast = one(train(2, "2020-01-21 08:00", "2020-01-21 09:00", carriage="18号车厢", number="G1"))
    standing = one(train(2, "2020-01-21 08:00", "2020-01-21 09:00", carriage="18号车厢", seat="无座"))
    assert [spot.zone for spot in spots_of(slow)] == ["18", *(f"18-{n}" for n in range(1, 10))]
    assert spots_of(fast) == spots_of(standing) == (Spot("18"),)


def test_a_seat_that_cannot_be_read_leaves_the_ride_and_a_note() -> None:
    ride = one(train(2, "2020-01-21 08:00", "2020-01-21 09:00", carriage="3号车厢", seat="靠窗第2个"))
    assert ride.seat.spots == (Spot("3"),)
    assert "seat.unread" in ride.flags
    assert [tuple(note) for note in notes_of(ride)] == [("seat.unread", "靠窗第2个")]


def test_one_seat_reported_twice_is_one_passenger_unless_people_are_named() -> None:
    same = {"carriage": "3", "seat": "4C"}
    times = ("2020-01-21 08:00", "2020-01-21 09:00")
    nameless = read_rides([train(2, *times, **same), train(3, *times, carriage="03号车厢", seat="004C座")])
    named = read_rides([train(2, *times, who="旅客甲", **same), train(3, *times, who="旅客乙", **same)])
    seatless = read_rides([train(2, *times, carriage="3"), train(3, *times, carriage="3")])
    assert (nameless.joined, named.joined, seatless.joined) == (1, 0, 0)
    assert nameless.read[1].same_as == 2


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"vehicle": "火箭"}, "vehicle", "F147"),
        ({"vehicle": "", "number": "x"}, "number", "F147"),
        ({"number": "未知"}, "number", "F144"),
        ({"day": "01.02.2020"}, "day", "F148"),
        ({"departs": "morning"}, "departs", "F148"),
        ({"departs": "", "arrives": ""}, "arrives", "F141"),
        ({"departs": "08:00", "arrives": ""}, "departs", "F141"),
        ({"arrives": "2020-01-21 07:00"}, "arrives", "F142"),
    ],
)
def test_a_refusal_names_its_row_column_and_value(change: dict[str, str], column: str, code: str) -> None:
    row = train(7, "2020-01-21 08:00", "2020-01-21 09:00")
    row = row._replace(trip=row.trip._replace(**change))
    (refused,) = read_rides([row]).refused
    assert (refused.row, refused.column, refused.error.code) == (7, column, code)
    assert refused.value == getattr(row.trip, column)
    assert refused.error.where.row == 7
