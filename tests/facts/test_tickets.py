"""A manifest as stays: every ticket a stay or a refusal, the same seats and runs as the cases' rides."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.errors import FactsError
from sizao.facts.rides import RideRow, read_rides
from sizao.facts.seats import zone_code
from sizao.facts.tickets import TicketOptions, TicketStays, tickets_to_stays
from sizao.facts.trips import TripText
from sizao.when import day_start, parse_day

TICKET = {
    "person": "p1", "number": "K1", "day": "2020-01-21", "departs": "08:00", "arrives": "09:30", "boarded": "甲",
    "alighted": "乙", "carriage": "3号车厢", "seat": "4C",
}  # fmt: skip


def stays(*changes: dict[str, str], options: TicketOptions | None = None) -> TicketStays:
    tickets = [TICKET | change for change in changes]
    return tickets_to_stays({name: [ticket.get(name, "") for ticket in tickets] for name in TICKET}, options=options)


def hours(result: TicketStays, column: str) -> list[float]:
    midnight = day_start(parse_day("2020-01-21"), "Asia/Shanghai")
    return [(int(moment) - midnight) / 3600 for moment in getattr(result.stays, column)]


def test_a_ticket_is_a_stay_on_its_run() -> None:
    result = stays({})
    assert (result.stays.persons, result.stays.places, result.stays.kinds) == (
        ["p1"],
        ["train:K1:2020-01-21"],
        ["train_sealed"],
    )
    assert (hours(result, "start_s"), hours(result, "end_s")) == ([8.0], [9.5])
    assert [
        int(column[0])
        for column in (result.stays.file_row, result.stays.zone, result.stays.row_number, result.stays.seat)
    ] == [2, 3, 4, 3]


def test_every_ticket_is_stored_joined_or_refused_and_counted() -> None:
    result = stays({}, {"person": " "}, {}, {"person": "p2"}, {"number": "?"}, {"person": "p2", "seat": "4D"})
    assert (result.rows, result.joined, len(result.stays.file_row), len(result.refused)) == (6, 1, 3, 2)
    assert [(bad.row, bad.column, bad.value, bad.error.code) for bad in result.refused] == [
        (3, "person", " ", "F149"),
        (6, "number", "?", "F147"),
    ]
    assert result.stays.file_row.tolist() == [2, 5, 7]


def test_rows_in_the_file_may_be_given() -> None:
    columns = {name: [value, value] for name, value in TICKET.items()} | {"person": ["p1", "p2"]}
    assert tickets_to_stays(columns, [10, 20]).stays.file_row.tolist() == [10, 20]


def test_a_manifest_without_a_needed_column_is_refused_whole() -> None:
    with pytest.raises(FactsError) as refused:
        tickets_to_stays({"person": ["p1"]})
    assert (refused.value.code, refused.value.slots["missing"]) == ("F150", "number")


def test_an_empty_manifest_has_no_stays() -> None:
    result = tickets_to_stays({name: [] for name in TICKET})
    assert (result.rows, len(result.stays.file_row), result.refused) == (0, 0, [])


def test_a_clock_before_the_departure_is_of_the_next_day_and_counted() -> None:
    result = stays({"departs": "14:00", "arrives": "06:00"}, {"departs": "14:00", "arrives": "06:00+2"})
    assert hours(result, "end_s") == [30.0, 54.0]
    assert result.notes == {"ride.arrival_next_day": 1}


def test_who_boards_after_midnight_sits_in_the_train_of_the_evening_before() -> None:
    evening = {"departs": "20:00", "arrives": "08:00"}
    night = {"person": "p2", "day": "2020-01-22", "departs": "01:00", "arrives": "06:00", "boarded": "丙"}
    result = stays(evening, night)
    assert result.stays.places == ["train:K1:2020-01-21"]
    assert result.stays.place.tolist() == [0, 0]


def test_the_reports_of_cases_tell_on_which_day_the_run_began() -> None:
    trip = TripText(
        vehicle="train", number="K1", service_day="2020-01-20", departs="2020-01-21 08:00", arrives="2020-01-21 12:00",
        boarded="甲", boarded_code="JJA",
    )  # fmt: skip
    rides = read_rides([RideRow(2, trip)])
    assert stays({}, options=TicketOptions(beside=rides.claims)).stays.places == list(rides.read[0].run.names)
    assert stays({}).stays.places != list(rides.read[0].run.names)


def test_a_ticket_that_may_belong_to_two_runs_is_a_stay_on_each() -> None:
    long = {"departs": "2020-01-21 13:00", "arrives": "2020-01-22 22:00"}
    late = {"person": "p2", "day": "2020-01-22", "departs": "06:00", "arrives": "16:00", "boarded": "丙"}
    result = stays(long, late)
    assert result.stays.file_row.tolist() == [2, 2, 3, 3]
    assert [result.stays.places[place] for place in result.stays.place] == [
        "train:K1:2020-01-21", "train:K1:2020-01-22", "train:K1:2020-01-22", "train:K1:2020-01-21",
    ]  # fmt: skip


def test_one_who_bought_two_seats_has_two_stays() -> None:
    assert len(stays({}, {"seat": "4D"}).stays.file_row) == 2


def test_a_seat_that_cannot_be_read_leaves_the_stay_and_is_told() -> None:
    result = stays({"seat": "窗边"})
    assert (result.stays.zone.tolist(), result.stays.row_number.tolist(), result.unread) == (
        [3],
        [-1],
        [(2, "seat", "窗边")],
    )


@pytest.mark.parametrize(
    ("beside", "zones", "rows"),
    [
        ("32号上铺", ["3-2", "3-8"], [-1, -1]),
        ("15号中铺", ["3", "3"], [4, 8]),
        ("9号下铺", ["3", "3"], [-1, -1]),
    ],
)
def test_a_berth_of_either_class_is_settled_by_one_in_its_carriage(
    beside: str, zones: list[str], rows: list[int]
) -> None:
    elsewhere = {"person": "p3", "carriage": "4", "seat": "32号上铺"}
    result = stays({"seat": "7号下铺"}, {"person": "p2", "seat": beside}, elsewhere)
    assert result.stays.zone.tolist()[:2] == [zone_code(zone) for zone in zones]
    assert result.stays.row_number.tolist()[:2] == rows


def test_an_aircraft_has_rows_without_a_zone() -> None:
    result = stays({"number": "CA1646", "carriage": "经济舱", "seat": "24A"})
    assert (result.stays.kinds, result.stays.zone.tolist(), result.stays.row_number.tolist()) == (
        ["aircraft"],
        [-1],
        [24],
    )


CHOICES = {
    "person": ["p1", "p2", "p3", ""], "number": ["K1", "K2/3", "CA1646", "?"], "day": ["2020-01-21", "2020-01-22"],
    "departs": ["01:00", "13:00", "20:00"], "arrives": ["05:00", "22:00", "23:59"], "boarded": ["甲", "丙"],
    "carriage": ["3", "加1号车厢", "x"], "seat": ["4C", "7号下铺", "32号上铺", "15号中铺", ""],
}  # fmt: skip


@given(
    st.lists(st.fixed_dictionaries({name: st.sampled_from(values) for name, values in CHOICES.items()}), max_size=12),
    st.randoms(use_true_random=False),
)
def test_counts_add_up_and_neither_order_nor_repetition_changes_the_stays(
    tickets: list[dict[str, str]], chance: random.Random
) -> None:
    def read(rows: list[dict[str, str]]) -> TicketStays:
        return tickets_to_stays({name: [row[name] for row in rows] for name in CHOICES})

    def told(result: TicketStays) -> set[tuple[object, ...]]:
        columns = zip(
            result.stays.start_s,
            result.stays.end_s,
            result.stays.zone,
            result.stays.row_number,
            result.stays.seat,
            strict=True,
        )
        names = [
            (result.stays.persons[p], result.stays.places[q])
            for p, q in zip(result.stays.person, result.stays.place, strict=True)
        ]
        return {(*name, *map(int, numbers)) for name, numbers in zip(names, columns, strict=True)}

    straight = read(tickets)
    assert (
        len(np.unique(straight.stays.file_row)) + straight.joined + len(straight.refused)
        == straight.rows
        == len(tickets)
    )
    more = tickets + chance.sample(tickets, len(tickets) // 2)
    chance.shuffle(more)
    again = read(more)
    assert told(again) == told(straight)
    assert len(np.unique(again.stays.file_row)) + again.joined + len(again.refused) == len(more)
