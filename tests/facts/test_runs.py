"""Two reports of one train meet, also at night; what is not certain is matched against both runs."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.errors import FactsError
from sizao.facts.ride_times import Times, Told, ride_times
from sizao.facts.runs import Number, RideClaim, RunChoice, learn_timetable, resolve_runs, run_name, run_number
from sizao.when import HOUR_S, Instant, Precision, instant_of, zone

SHANGHAI = "Asia/Shanghai"
D = date(2020, 1, 20)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def seconds(text: str, zone_name: str = SHANGHAI) -> int:
    return instant_of(moment(text).replace(tzinfo=zone(zone_name)))


# --- numbers ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("vehicle", "text", "number"),
    [
        ("train", "Ｇ５０８", Number("G508")),
        ("train", " g508次", Number("G508")),
        ("train", "K984次列车", Number("K984")),
        ("train", "K984/1", Number("K984", ("K981",))),
        ("train", "K984/K981", Number("K984", ("K981",))),
        ("train", "T182、183", Number("T182", ("T183",))),
        ("train", "1551", Number("1551")),
        ("train", "G0508", Number("G508")),
        ("flight", "ca1646", Number("CA1646")),
        ("flight", "8L9564航班", Number("8L9564")),
        ("flight", "CA0123/ZH0123", Number("CA123", ("ZH123",))),
        ("flight", "G52775", Number("G52775")),
        ("ship", "双泰36（022）", Number("双泰36")),
        ("ship", "双泰36号", Number("双泰36")),
        ("ship", "铜鼓岭", Number("铜鼓岭")),
    ],
)
def test_a_number_has_one_spelling(vehicle: str, text: str, number: Number) -> None:
    assert run_number(vehicle, text) == number


@pytest.mark.parametrize(
    ("vehicle", "text", "code"),
    [
        ("train", "未知", "F144"),
        ("flight", "", "F144"),
        ("train", "高铁", "F145"),
        ("flight", "CA", "F145"),
        ("train", "K984/x", "F145"),
        ("ship", "海安港", "F146"),
    ],
)
def test_a_number_nobody_can_meet_by_is_refused(vehicle: str, text: str, code: str) -> None:
    with pytest.raises(FactsError) as refused:
        run_number(vehicle, text)
    assert refused.value.code == code


def test_a_run_is_named_by_vehicle_number_and_service_day() -> None:
    assert run_name("train", "G508", date(2021, 7, 27)) == "train:G508:2021-07-27"


# --- times -----------------------------------------------------------------------------------------------------------------


def times(vehicle: str, number: str, departs: str | None, arrives: str | None, **more: object) -> Times:
    moments = [None if text is None else moment(text) for text in (departs, arrives)]
    told = Told(*moments, **more)  # type: ignore[arg-type]
    return ride_times(vehicle, number, told, SHANGHAI)


def test_a_plain_ride_has_its_interval() -> None:
    ride = times("train", "G508", "2020-01-18 07:10:00", "2020-01-18 10:04:00")
    expected = (seconds("2020-01-18 07:10:00"), seconds("2020-01-18 10:04:00"), date(2020, 1, 18), Precision.MINUTE, ())
    assert ride == expected


def test_midnight_at_both_ends_means_the_times_are_not_known_and_the_whole_service_day_is_taken() -> None:
    night = times("train", "T182", "2020-01-16 00:00:00", "2020-01-16 00:00:00", day=date(2020, 1, 16))
    flight = times("flight", "MU2510", "2020-01-18 00:00:00", "2020-01-18 23:59:59")
    assert (night.start, night.end) == (seconds("2020-01-16 00:00:00"), seconds("2020-01-18 00:00:00"))
    assert (flight.start, flight.end) == (seconds("2020-01-18 00:00:00"), seconds("2020-01-19 00:00:00"))
    assert night.precision is flight.precision is Precision.DAY
    assert night.flags == flight.flags == ("ride.times_unknown",)


def test_an_arrival_that_repeats_the_departure_is_not_known() -> None:
    ride = times("train", "G4285", "2020-01-20 12:17:00", "2020-01-20 12:17:00")
    assert (ride.start, ride.end) == (seconds("2020-01-20 12:17:00"), seconds("2020-01-21 00:00:00"))
    assert ride.flags == ("ride.arrival_unknown",)


def test_an_evening_departure_with_a_morning_arrival_on_the_same_day_arrives_the_next_day() -> None:
    ride = times("train", "K22", "2020-01-20 21:00:00", "2020-01-20 05:30:00")
    assert (ride.end, ride.flags) == (seconds("2020-01-21 05:30:00"), ("ride.arrival_next_day",))


def test_an_arrival_before_the_departure_that_no_midnight_explains_is_refused() -> None:
    with pytest.raises(FactsError) as refused:
        times("train", "G1484", "2020-01-17 11:26:00", "2020-01-17 10:27:00")
    assert refused.value.code == "F142"


def test_a_flight_across_the_date_line_lasts_as_long_as_it_flew() -> None:
    ride = times(
        "flight", "CX880", "2020-01-21 00:37:00", "2020-01-20 20:08:00", departure_station="HKG", arrival_station="LAX"
    )
    assert ride.start == seconds("2020-01-21 00:37:00")
    assert ride.end == seconds("2020-01-20 20:08:00", "America/Los_Angeles")
    assert ride.flags == ("ride.date_line",)


@pytest.mark.parametrize(
    ("departs", "arrives", "code"), [(None, None, "F141"), ("2020-01-01 08:00:00", "2020-01-09 08:00:00", "F143")]
)
def test_a_ride_without_a_day_or_longer_than_any_run_is_refused(departs: str, arrives: str, code: str) -> None:
    with pytest.raises(FactsError) as refused:
        times("train", "K1", departs, arrives)
    assert refused.value.code == code


def test_an_unknown_departure_counts_from_the_start_of_the_day() -> None:
    ride = times("train", "K1", None, "2020-01-20 05:00:00")
    assert (ride.start, ride.flags) == (seconds("2020-01-20 00:00:00"), ("ride.departure_unknown",))


# --- runs ------------------------------------------------------------------------------------------------------------------


def claim(
    start_h: float, end_h: float, *, station: str = "甲", number: str = "K1", service: int | None = None
) -> RideClaim:
    """A ride that starts and ends so many hours after the midnight in which D begins; `service` in days from D."""
    base = seconds(f"{D} 00:00:00")
    day = D + timedelta(days=int(start_h // 24))
    served = None if service is None else D + timedelta(days=service)
    start, end = Instant(int(base + start_h * HOUR_S)), Instant(int(base + end_h * HOUR_S))
    return RideClaim("train", number, station, day, start, end, served)


def days(*claims: RideClaim) -> list[int]:
    return [(choice.day - D).days for choice in resolve_runs(claims)]


def test_who_boards_after_midnight_sits_in_the_train_that_left_the_evening_before() -> None:
    evening, night = claim(20, 32), claim(25, 30, station="乙")
    assert resolve_runs([evening, night]) == [RunChoice(D, "boarding-day"), RunChoice(D, "joined")]
    assert days(night, evening) == [0, 0]


def test_a_chain_of_passengers_joins_the_run() -> None:
    assert days(claim(18, 23), claim(22, 27, station="乙"), claim(26, 31, station="丙")) == [0, 0, 0]


def test_the_train_of_the_next_evening_is_another_run() -> None:
    assert days(claim(20, 32), claim(44, 56)) == [0, 1]


def test_another_number_is_another_run() -> None:
    assert days(claim(20, 32), claim(25, 30, number="K2")) == [0, 1]


def test_rides_that_only_touch_are_not_joined() -> None:
    assert days(claim(20, 25), claim(25, 30, station="乙")) == [0, 1]


def test_a_given_service_day_settles_the_run_and_teaches_the_call_at_that_station() -> None:
    told, plain, later = claim(25, 30, service=0), claim(49, 54), claim(25, 30, station="乙")
    assert learn_timetable([told]) == {("train", "K1", "甲"): 1}
    assert [choice.basis for choice in resolve_runs([told, plain, later])] == ["given", "timetable", "joined"]
    assert days(told, plain, later) == [0, 1, 0]


def test_a_timetable_given_by_hand_counts() -> None:
    (choice,) = resolve_runs([claim(25, 30)], {("train", "K1", "甲"): 1})
    assert choice == RunChoice(D, "timetable")


def test_a_service_day_that_the_timetable_contradicts_is_kept_with_the_other() -> None:
    choice = resolve_runs([claim(25, 30, service=0), claim(49, 54, service=2)])[1]
    assert choice == RunChoice(D + timedelta(2), "given", (D + timedelta(1),), ("ride.run_day_unsure",))


def test_a_chain_too_long_for_one_run_is_matched_against_both() -> None:
    long, early, late = claim(13, 46), claim(20, 22, station="乙"), claim(30, 40, station="丙")
    choices = resolve_runs([long, early, late])
    assert [choice.also for choice in choices] == [(D + timedelta(1),), (), (D,)]
    assert choices[0].flags == choices[2].flags == ("ride.run_day_unsure",)


def test_two_who_board_at_one_station_a_day_apart_are_in_two_runs() -> None:
    first, second = claim(15, 43), claim(39, 41)
    assert [choice.also for choice in resolve_runs([first, second])] == [(), ()]


@given(
    st.lists(
        st.builds(
            lambda start, length, station, service: claim(start, start + length, station=station, service=service),
            st.integers(0, 80), st.integers(1, 40), st.sampled_from("甲乙丙"), st.none() | st.integers(0, 3),
        ),
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)  # fmt: skip
def test_the_order_of_the_reports_does_not_matter(claims: list[RideClaim], chance: random.Random) -> None:
    order = chance.sample(range(len(claims)), len(claims))
    straight = resolve_runs(claims)
    assert resolve_runs([claims[index] for index in order]) == [straight[index] for index in order]
