"""A name is found under every way it may be read, and the surname's own reading comes first."""

from __future__ import annotations

from itertools import product
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.desk.people.readings import MOST, character_readings, likeliest, readings
from sizao.desk.people.surnames import COMPOUND, SURNAMES, surname_length


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("单某", "shanmou"), ("仇某", "qiumou"), ("曾某", "zengmou"), ("解某", "xiemou"), ("查某", "zhamou"), ("区某", "oumou"),
        ("任某", "renmou"), ("华某", "huamou"), ("盖某", "gemou"), ("朴某", "piaomou"), ("黑某", "heimou"), ("繁某", "pomou"),
        ("尉迟某", "yuchimou"), ("万俟某", "moqimou"), ("澹台某", "tantaimou"), ("长孙某", "zhangsunmou"),
        ("令狐某", "linghumou"),
        ("吕某", "lumou"), ("覃某", "qinmou"), ("贠某", "yunmou"), ("單某", "shanmou"), ("萬俟某", "moqimou"),
    ],
)  # fmt: skip
def test_the_reading_of_a_surname_comes_first(name: str, reading: str) -> None:
    assert readings(name).joined[0] == reading


@pytest.mark.parametrize(
    ("name", "reading"),
    [("单某", "danmou"), ("仇某", "choumou"), ("曾某", "cengmou"), ("覃某", "tanmou"), ("朴某", "pumou"), ("费某", "bimou"),
     ("尉迟某", "weichimou"), ("单于某", "shanyumou"), ("翟某", "dimou")],
)  # fmt: skip
def test_the_textbook_reading_and_other_families_readings_are_kept_too(name: str, reading: str) -> None:
    assert reading in readings(name).joined


def test_a_heteronym_in_the_given_name_has_all_its_readings() -> None:
    assert {"wangle", "wangyue"} <= set(readings("王乐").joined)
    assert {"lizhang", "lichang"} <= set(readings("李长").joined)


def test_names_that_sound_alike_share_a_reading() -> None:
    assert readings("张伟").joined == readings("张玮").joined
    assert set(readings("Zhang Wei").joined) & set(readings("张伟").joined)


def test_initials_are_the_surname_with_those_of_the_given_name_and_all_alone() -> None:
    assert set(readings("张三丰").initials) == {"zhangsf", "zhangs", "zsf"}
    assert {"yuchim", "ycm"} <= set(readings("尉迟某").initials)
    assert readings("张").initials == ()


def test_a_name_in_letters_is_read_in_both_orders_and_by_each_word() -> None:
    read = readings("John Smith")
    assert set(read.joined) == {"johnsmith", "smithjohn"}
    assert read.words == ("john", "smith")
    assert {"johns", "smithj", "js", "sj"} == set(read.initials)
    assert readings("Pele").joined == ("pele",)


def test_a_name_of_characters_and_letters_is_read_as_one() -> None:
    assert "zhangsanfeng" in readings("张sanfeng").joined


def test_what_is_no_name_has_no_readings() -> None:
    assert readings("").joined == readings("123").joined == readings("·").joined == ()


def test_a_character_without_a_reading_stands_for_itself() -> None:
    assert character_readings("\U000323a0") == ("\U000323a0",)


def test_the_tables_hold_characters_and_letters_only() -> None:
    assert all(len(surname) == 1 and all(reading.isalpha() for reading in read) for surname, read in SURNAMES.items())
    assert all(len(surname) == 2 and all(reading.isalpha() for reading in read) for surname, read in COMPOUND.items())
    assert not any("v" in reading for read in (*SURNAMES.values(), *COMPOUND.values()) for reading in read)


def test_two_characters_are_a_surname_only_before_a_given_name() -> None:
    assert (surname_length("欧阳某"), surname_length("欧阳"), surname_length("王某"), surname_length("")) == (
        2,
        1,
        1,
        0,
    )


_CHOICES = st.lists(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=4, unique=True).map(tuple), max_size=6)


@given(_CHOICES, st.integers(1, 70))
def test_the_likeliest_ways_are_those_of_all_ways_sorted(choices: list[tuple[str, ...]], most: int) -> None:
    places = sorted(product(*(range(len(among)) for among in choices)), key=lambda way: (sum(way), way))
    expected = [tuple(among[place] for among, place in zip(choices, way, strict=True)) for way in places[:most]]
    assert likeliest(choices, most) == expected


_NAMES = st.text(alphabet="单仇曾解查王李张长乐重朴覃尉迟某伟玮丰", min_size=1, max_size=3)


@given(_NAMES)
def test_a_short_name_has_every_combination_of_its_characters_readings(name: str) -> None:
    each = [set(character_readings(character)) for character in name]
    every = {"".join(way) for way in product(*each)}
    if prod(map(len, each)) * 2 <= MOST:
        assert every <= set(readings(name).joined)
    assert len(readings(name).joined) <= MOST


@given(st.text(max_size=12))
def test_any_text_can_be_read(text: str) -> None:
    read = readings(text)
    assert all(spelled and "v" not in spelled for spelled in (*read.joined, *read.words, *read.initials))
