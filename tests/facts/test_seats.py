"""Seats and carriages as notices spell them."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.facts.kinds import Spot
from sizao.facts.seats import OTHER_ZONE, Seat, read_seat, row_code, seat_code, zone_code
from sizao.words import terms
from tests.outside import outside

Q = tuple[object, ...]


def spots(carriage: str, seat: str, vehicle: str = "train") -> list[Q]:
    return [tuple(spot) for spot in read_seat(carriage, seat, vehicle).spots]


@pytest.mark.parametrize(
    ("carriage", "seat", "expected"),
    [
        ("13号车厢", "2C", [("13", 2, 2, "C")]),
        ("03号车厢", "009C座位", [("3", 9, 9, "C")]),
        ("3号车厢", "2D,2F", [("3", 2, 2, "D"), ("3", 2, 2, "F")]),
        ("3", "12C、12D", [("3", 12, 12, "C"), ("3", 12, 12, "D")]),
        ("10号车厢", "08A/08B", [("10", 8, 8, "A"), ("10", 8, 8, "B")]),
        ("加1号车厢", "", [("加1", None, None, None)]),
        ("A2号车厢", "0036号座", [("A2", None, None, "36")]),
        ("1-4号车厢", "", [(str(n), None, None, None) for n in (1, 2, 3, 4)]),
        ("4号、5号硬卧车厢", "", [("4", None, None, None), ("5", None, None, None)]),
        ("11号和05号车厢", "", [("11", None, None, None), ("5", None, None, None)]),
        ("14车/12车", "", [("14", None, None, None), ("12", None, None, None)]),
        ("4,7", "", [("4", None, None, None), ("7", None, None, None)]),
        ("14号车箱", "94号硬座", [("14", None, None, "94")]),
        ("１３号车厢", "１Ｄ号", [("13", 1, 1, "D")]),
        ("6号车厢", "：16B", [("6", 16, 16, "B")]),
        ("6号车厢", "3排D座", [("6", 3, 3, "D")]),
        ("3号车厢", "1排4号", [("3", 1, 1, "4")]),
        ("15车", "1号C", [("15", 1, 1, "C")]),
        ("8", "8和81", [("8", None, None, "8"), ("8", None, None, "81")]),
        ("13号车厢", "3008", [("13", None, None, "3008")]),
        ("10号车厢", "10排(夫妻2人)", [("10", 10, 10, None)]),
        ("2号车厢", "座次02车15A", [("2", 15, 15, "A")]),
        ("", "05车12A号", [("5", 12, 12, "A")]),
        ("05车12A号", "", [("5", 12, 12, "A")]),
        ("14号车厢", "无座", [("14", None, None, None)]),
        ("抵达时间未知/", "", []),
        ("未知乘客1", "", []),
        ("列车员/无", "", []),
        ("一等座车厢", "", []),
    ],
)
def test_a_train_seat_is_read(carriage: str, seat: str, expected: list[Q]) -> None:
    assert spots(carriage, seat) == expected
    assert read_seat(carriage, seat).unread == ()


@pytest.mark.parametrize(
    ("seat", "expected"),
    [
        ("56B", [(None, 56, 56, "B")]),
        ("座位号56B", [(None, 56, 56, "B")]),
        ("R40J", [(None, 40, 40, "J")]),
        ("C49", [(None, 49, 49, "C")]),
        ("24-30排", [(None, 24, 30, None)]),
        ("5-7排,31-32排", [(None, 5, 7, None), (None, 31, 32, None)]),
        ("34H，34J", [(None, 34, 34, "H"), (None, 34, 34, "J")]),
        ("12", [(None, 12, 12, None)]),
        ("26K/该航班有两位患者", [(None, 26, 26, "K")]),
    ],
)
def test_an_aircraft_seat_is_read(seat: str, expected: list[Q]) -> None:
    assert spots("", seat, "flight") == expected


def test_a_row_written_in_the_carriage_column_is_a_row() -> None:
    assert spots("26排", "", "flight") == [(None, 26, 26, None)]


@pytest.mark.parametrize(
    ("seat", "expected", "unsure"),
    [
        ("15号中铺", [("9", 8, 8, "15中")], False),
        ("14号下铺", [("9", 7, 7, "14下")], False),
        ("33号下铺软卧", [("9-9", None, None, "33下")], False),
        ("32号上铺", [("9-8", None, None, "32上")], False),
        ("17号下铺", [("9", 9, 9, "17下"), ("9-5", None, None, "17下")], True),
        ("17号下铺硬卧", [("9", 9, 9, "17下")], False),
        ("20号中铺、上铺", [("9", 10, 10, "20中"), ("9", 10, 10, "20上")], False),
    ],
)
def test_a_berth_names_its_bay_or_its_compartment_and_both_when_it_may_be_either(
    seat: str, expected: list[Q], unsure: bool
) -> None:
    assert spots("9号车厢", seat) == expected
    assert read_seat("9号车厢", seat).berth_unsure is unsure


@pytest.mark.parametrize("cell", ["随车保洁员/无", "列车员/无", "5-8号车厢保洁员", "乘务员"])
def test_crew_is_crew(cell: str) -> None:
    assert read_seat(cell, "").role == "crew"


def test_what_cannot_be_read_is_given_back_and_leaves_the_seat_unknown() -> None:
    assert read_seat("餐吧旁", "靠窗第几个") == Seat(unread=(("carriage", "餐吧旁"), ("seat", "靠窗第几个")))
    assert read_seat("9-2号车厢", "").unread == (("carriage", "9-2号车厢"),)


def test_a_number_only_seat_names_no_row_and_says_so() -> None:
    seat = read_seat("17号车厢", "0096号")
    assert seat.spots == (Spot("17", None, None, "96"),)
    assert [note.code for note in seat.notes] == ["seat.number_only"]


def test_every_note_has_its_words() -> None:
    cells = ["无座", "8(x)", "96", "C49", "32号上铺", "7号下铺", "连接处", "保洁员"]
    codes = {note.code for cell in cells for note in read_seat("", cell).notes}
    codes |= {note.code for cell in ("未知乘客1", "抵达时间不详") for note in read_seat(cell).notes}
    assert len(codes) == 10
    assert codes <= set(terms())


@given(st.text(max_size=12), st.text(max_size=12), st.sampled_from(["train", "flight", "ship"]))
def test_no_cell_breaks_the_reader_and_nothing_but_places_comes_out(carriage: str, seat: str, vehicle: str) -> None:
    read = read_seat(carriage, seat, vehicle)
    for spot in read.spots:
        assert spot != Spot()
        assert (spot.row_lo is None) == (spot.row_hi is None)
        assert zone_code(spot.zone) < 2**31
        assert -1 <= row_code(spot.row_lo) < 2**15
        assert -1 <= seat_code(spot.seat) < 2**15


def test_every_cell_of_the_public_rides_is_read() -> None:
    with outside("rides_2020/rides.csv").open(encoding="utf-8") as file:
        cells = {(row["carriage"], row["seatNo"], row["tripType"]) for row in csv.DictReader(file)}
    read = {cell: read_seat(*cell) for cell in cells}
    assert len(read) > 300
    assert {cell: seat.unread for cell, seat in read.items() if seat.unread} == {}
    empty = {cell[:2] for cell, seat in read.items() if not seat.spots}
    assert empty == {
        ("", ""), ("", "无"), ("", "未知"), ("", "无座"), ("", "保洁员"), ("一等座车厢", ""), ("列车员/无", ""), ("头等舱", ""),
        ("经济舱", ""), ("随车保洁员/无", ""), ("未知乘客1", ""), ("抵达时间不详", ""), ("抵达时间不详/", ""),
        ("抵达时间未知/", ""),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "code"),
    [
        (None, -1), ("", -1), ("8", 8), ("03", 3), ("加1", 1001), ("A2", 2102), ("18-9", 90018), ("加3-3", 31003), ("0", 0),
    ],
)  # fmt: skip
def test_a_zone_has_its_number(zone: str | None, code: int) -> None:
    assert zone_code(zone) == code


def test_any_other_zone_has_a_steady_number_of_its_own() -> None:
    wards = [zone_code(name) for name in ("三病区", "四病区", "B座", "1234", "18-100")]
    assert len(set(wards)) == 5
    assert all(OTHER_ZONE <= code < 2**31 for code in wards)
    assert zone_code(" 三病区 ") == wards[0]


@pytest.mark.parametrize(("seat", "code"), [("A", 1), ("f", 6), ("96", 196), ("15中", 20062), (None, -1), ("?", -1)])
def test_a_seat_has_its_number(seat: str | None, code: int) -> None:
    assert seat_code(seat) == code


def test_an_impossible_row_is_unknown() -> None:
    assert [row_code(row) for row in (None, 0, -3, 12, 2**15)] == [-1, -1, -1, 12, -1]
