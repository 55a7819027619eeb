"""Stays, manifests and published rides come in as whole files."""

from __future__ import annotations

from pathlib import Path

import pytest

from sizao.exposure.place_kinds import PlaceKind
from sizao.facts.intake.place_words import PLACE_KINDS, place_kind
from sizao.facts.kinds import Ride
from sizao.facts.store import MemoryStore
from sizao.when import OPEN, day_start, parse_day, parse_instant
from tests.facts.intake.files import imported, write
from tests.outside import outside

HEAD = ["person", "place", "place_kind", "start", "end"]
STAY = ["旅客甲", "venue:1", "餐厅", "2021-07-24 18:00", "2021-07-24 19:30"]


def test_the_kinds_of_place_are_those_of_the_engine() -> None:
    assert tuple(kind.value for kind in PlaceKind) == PLACE_KINDS
    assert [place_kind(text) for text in ("", "shop", "剧院", "月球")] == ["other", "shop", "theatre", None]


def test_stays_become_columns(tmp_path: Path) -> None:
    rows = [
        HEAD,
        STAY,
        ["旅客乙", "venue:2", "", "2021-07-24 20:00", ""],
        ["旅客乙", "venue:1", "餐厅", "2021-07-25", "2021-07-25"],
    ]
    stays = imported(write(tmp_path / "s.csv", rows)).stays
    assert stays is not None
    assert (stays.persons, stays.places, stays.kinds) == (
        ["旅客甲", "旅客乙"], ["venue:1", "venue:2"], ["restaurant", "other"],
    )  # fmt: skip
    assert stays.start_s.tolist()[0] == parse_instant("2021-07-24T18:00:00+08:00")
    assert stays.end_s.tolist() == [
        parse_instant("2021-07-24T19:30:00+08:00"), OPEN, day_start(parse_day("2021-07-26"), "Asia/Shanghai"),
    ]  # fmt: skip
    assert (stays.person.tolist(), stays.place.tolist(), stays.file_row.tolist()) == ([0, 1, 1], [0, 1, 0], [2, 3, 4])
    assert (stays.zone.tolist(), stays.row_number.tolist()) == ([0, 0, 0], [-1, -1, -1])


def test_every_stay_is_stored_joined_or_refused(tmp_path: Path) -> None:
    rows = [
        HEAD, STAY, STAY,
        ["", *STAY[1:]],
        [*STAY[:1], "", *STAY[2:]],
        [*STAY[:2], "月球", *STAY[3:]],
        [*STAY[:3], "", "2021-07-24 19:30"],
        [*STAY[:4], "2021-07-24 18:00"],
        [*STAY[:4], "later"],
    ]  # fmt: skip
    result = imported(write(tmp_path / "s.csv", rows))
    assert (result.rows, result.stored, result.joined, result.refused) == (8, 2, 1, 6)
    assert [(bad.row, bad.column, bad.value, bad.error.code) for bad in result.refusals] == [
        (4, "person", "", "F243"),
        (5, "place", "", "F243"),
        (6, "place_kind", "月球", "F240"),
        (7, "start", "", "F243"),
        (8, "end", "2021-07-24 18:00", "F244"),
        (9, "end", "later", "F148"),
    ]
    assert result.stays is not None
    assert len(result.stays) == 1
    assert result.batch is None


def test_a_chinese_manifest_is_recognised_and_its_refusals_name_its_own_headings(tmp_path: Path) -> None:
    rows = [
        ["旅客", "车次", "乘车日期", "开车时间", "到达时间", "上车站", "下车站", "车厢", "座位"],
        ["旅客甲", "G508", "2020-01-18", "07:10", "10:04", "汉口", "鹤壁东", "13号车厢", "2C"],
        ["旅客乙", "高铁", "2020-01-18", "07:10", "10:04", "汉口", "鹤壁东", "13号车厢", "2D"],
    ]
    result = imported(write(tmp_path / "m.csv", rows, "gb18030"))
    assert (result.mapping, result.encoding, result.stored) == ("tickets", "gb18030", 1)
    assert [(bad.row, bad.column, bad.value) for bad in result.refusals] == [(3, "车次", "高铁")]
    assert result.stays is not None
    assert result.stays.places == ["train:G508:2020-01-18"]
    assert (result.stays.zone.tolist(), result.stays.row_number.tolist()) == ([13], [2])


def test_the_published_rides_become_facts_of_nameless_people() -> None:
    store = MemoryStore()
    result = imported(outside("rides_2020/rides.csv"), store)
    assert (result.mapping, result.rows, result.stored, result.refused, result.joined) == ("rides", 836, 832, 4, 1)
    facts = list(store.facts())
    assert all(isinstance(fact, Ride) for fact in facts)
    assert len({fact.subject for fact in facts}) == 831
    assert len(facts) == 831 + 5
    assert result.summary == {"rides": 832, "runs": 792}
    assert [(bad.row, bad.column) for bad in result.refusals] == [
        (94, "tripNo"), (325, "tripNo"), (352, "tripNo"), (811, "tripArrtime"),
    ]  # fmt: skip


@pytest.mark.parametrize("rows", [[HEAD], [HEAD, [""] * 5, []]])
def test_a_file_without_rows_is_taken_and_empty(tmp_path: Path, rows: list[list[str]]) -> None:
    result = imported(write(tmp_path / "s.csv", rows))
    assert (result.rows, result.stored, result.refused) == (0, 0, 0)
