"""A division code is read as of a day; a new list of codes closes what it changes and rewrites no past."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizao.desk.people.areas import (
    EXAMPLE,
    LEVELS,
    Named,
    TakenIn,
    area_at,
    areas_under,
    chain_at,
    level_term,
    read_list,
    take_in,
)
from sizao.desk.people.models import Area
from sizao.errors import DeskError
from sizao.words import Lang, say
from tests.desk.people.invented import rolled_back
from tests.outside import outside

pytestmark = pytest.mark.django_db
EARLY, MIDDLE, LATE = date(2000, 1, 1), date(2010, 1, 1), date(2020, 1, 1)


def _line(code: str, name: str = "甲", parent: str = "") -> Named:
    return Named(code, name, "", parent)


TOWN = (_line("99"), _line("9999", parent="99"), _line("999901", parent="9999"), _line("999902", parent="9999"))


def test_the_example_county_is_whole() -> None:
    took = take_in(read_list(EXAMPLE), valid_from=EARLY)
    assert (took.changed, took.ended, took.same) == (0, 0, 0)
    county = area_at("999901", LATE)
    assert county is not None
    assert (county.name_zh, county.name_en, county.level) == ("样例县", "Example County", "county")
    assert [area.code for area in chain_at("999901100201", LATE)] == [
        "999901100201",
        "999901100",
        "999901",
        "9999",
        "99",
    ]
    assert len(areas_under("999901", LATE)) == 5
    assert all(area.name_en for area in Area.objects.all())


def test_a_code_means_nothing_before_it_came_into_force() -> None:
    take_in(TOWN, valid_from=MIDDLE)
    assert area_at("999901", date(2009, 12, 31)) is None
    assert area_at("999901", MIDDLE) is not None
    assert chain_at("999901", EARLY) == ()


def test_a_renamed_area_is_read_by_the_name_of_the_day() -> None:
    take_in(TOWN, valid_from=EARLY)
    assert take_in((*TOWN[:3], _line("999902", "乙", "9999")), valid_from=MIDDLE) == TakenIn(0, 1, 0, 3)
    names = [area.name_zh for day in (EARLY, date(2009, 12, 31), MIDDLE, LATE) if (area := area_at("999902", day))]
    assert names == ["甲", "甲", "乙", "乙"]


def test_a_merged_area_ends_with_all_below_it() -> None:
    below = _line("999902001", parent="999902")
    take_in((*TOWN, below), valid_from=EARLY)
    assert take_in(TOWN[:3], valid_from=MIDDLE) == TakenIn(0, 0, 2, 3)
    assert area_at("999902001", MIDDLE) is None
    assert area_at("999902001", date(2009, 12, 31)) is not None


def test_a_list_of_one_city_says_nothing_about_another() -> None:
    take_in((*TOWN, _line("98"), _line("9801", parent="98")), valid_from=EARLY)
    take_in(TOWN, valid_from=MIDDLE)
    assert area_at("9801", LATE) is not None


def test_a_code_that_comes_back_has_a_gap() -> None:
    take_in(TOWN, valid_from=EARLY)
    take_in(TOWN[:3], valid_from=MIDDLE)
    take_in(TOWN, valid_from=LATE)
    assert [area_at("999902", day) is not None for day in (EARLY, MIDDLE, LATE)] == [True, False, True]


def test_the_same_list_again_changes_nothing() -> None:
    take_in(TOWN, valid_from=EARLY)
    assert take_in(TOWN, valid_from=EARLY) == TakenIn(0, 0, 0, 4)
    assert Area.objects.count() == 4


def test_the_registered_past_is_not_rewritten() -> None:
    take_in(TOWN, valid_from=MIDDLE)
    with pytest.raises(DeskError, match="D524"):
        take_in((*TOWN[:3], _line("999902", "乙", "9999")), valid_from=EARLY)
    take_in(TOWN[:3], valid_from=LATE)
    with pytest.raises(DeskError, match="D524"):
        take_in(TOWN, valid_from=date(2015, 1, 1))


@settings(max_examples=40)
@given(st.lists(st.sets(st.sampled_from("123456"), min_size=1), min_size=1, max_size=5))
def test_every_day_reads_the_list_that_was_in_force(lists: list[set[str]]) -> None:
    with rolled_back():
        for year, names in enumerate(lists):
            lines = [
                _line("99"),
                _line("9999", parent="99"),
                *(_line(f"99990{name}", parent="9999") for name in sorted(names)),
            ]
            take_in(lines, valid_from=date(2000 + year, 1, 1))
        for year, names in enumerate(lists):
            found = {area.code for area in areas_under("9999", date(2000 + year, 6, 1))}
            assert found == {f"99990{name}" for name in names}


# --- files ------------------------------------------------------------------------------------------------------------


def _write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("files", "code", "row"),
    [
        ({"provinces": "code,title\n99,甲\n"}, "D521", None),
        ({"provinces": "code,name\n999,甲\n"}, "D522", 2),
        ({"provinces": "code,name\n99,甲\n99,乙\n"}, "D522", 3),
        ({"provinces": "code,name\n99,甲\n", "cities": "code,name,provinceCode\n9899,乙,98\n"}, "D523", 2),
        ({"provinces": "code,name\nab,甲\n"}, "D522", 2),
    ],
)
def test_a_file_that_cannot_be_taken_in_is_refused_with_its_row(
    tmp_path: Path, files: dict[str, str], code: str, row: int | None
) -> None:
    with pytest.raises(DeskError, match=code) as refused:
        read_list(_write(tmp_path, **files))
    assert refused.value.where.row == row


def test_a_byte_order_mark_and_quotes_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "provinces.csv").write_text('code,name\r\n99,"样例省"\r\n', "utf-8-sig")
    assert read_list(tmp_path) == (_line("99", "样例省"),)


def test_every_level_has_its_words() -> None:
    assert all(say(level_term(level), lang) for level in LEVELS.values() for lang in Lang)


@pytest.mark.outside
def test_the_national_list_is_taken_in_whole() -> None:
    lines = read_list(outside("china_divisions"))
    assert {level: sum(line.level == level for line in lines) for level in ("county", "township", "village")} == {
        "county": 2978, "township": 41352, "village": 2906,
    }  # fmt: skip
    take_in(lines, valid_from=date(2023, 1, 1))
    assert Area.objects.count() == len(lines)
    assert len(areas_under("4117", LATE)) == 0
    counties = [area.code for area in areas_under("4117", date(2023, 6, 1))]
    assert counties == ["411702", *(f"4117{number}" for number in range(21, 30)), "411771"]
    assert [area.name_zh for area in chain_at("411702001001", date(2023, 6, 1))][-1] == "河南省"
