"""A zoo of broken lists: each is refused in words that say what is wrong and what to do, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from sizao.errors import FactsError, SizaoError
from sizao.facts.intake.tables import read_table
from sizao.facts.lists import MAPPINGS
from sizao.words import Lang, say_error
from sizao.words.catalogue import error_words
from tests.facts.lists.told import codes, told

ZOO = Path(__file__).parent / "zoo"


class Animal(NamedTuple):
    """A broken file: how it is read, the rows refused with their codes, and words of the first refusal."""

    file: str
    mapping: str
    refused: tuple[tuple[int, str], ...]
    en: tuple[str, ...]
    zh: tuple[str, ...]


ANIMALS = (
    Animal("blank_id", "linelist", ((3, "F310"),), ("row 3", "no id", "Add the id"), ("第 3 行", "没有编号")),
    Animal(
        "citizen_number",
        "linelist",
        ((2, "F311"),),
        ("citizen identity number", "case number"),
        ("身份证号", "病例编号"),
    ),
    Animal(
        "contradicting_rows",
        "linelist",
        ((2, "F312"), (4, "F312")),
        ("c1", "rows 2, 4"),
        ("第 2, 4 行", "只留正确的一行"),
    ),
    Animal(
        "day_first",
        "linelist",
        ((2, "F305"), (3, "F305")),
        ("21.07.2021", "--dates DD.MM.YYYY"),
        ("--dates DD.MM.YYYY",),
    ),
    Animal(
        "either_order",
        "linelist",
        ((2, "F306"), (3, "F306")),
        ("DD/MM/YYYY, MM/DD/YYYY", "not guessed"),
        ("不会替您猜",),
    ),
    Animal("no_date_at_all", "linelist", ((3, "F313"),), ("no date at all", "date_of_onset"), ("没有任何日期",)),
    Animal("serial_number", "linelist", ((2, "F308"),), ("44378", "serial number"), ("日期序号",)),
    Animal("impossible_day", "linelist", ((2, "F308"),), ("2021-02-30",), ("不是可以读懂的日期",)),
    Animal("next_century", "linelist", ((2, "F309"), (3, "F309")), ("before 1900 or after this import",), ("不可能",)),
    Animal(
        "window_backwards", "linelist", ((2, "F314"),), ("2021-07-21", "before it begins on 2021-07-24"), ("早于开始",)
    ),
    Animal("ruled_out", "linelist", ((2, "F315"), (3, "F316")), ("not a case", "ruled out"), ("这不是病例",)),
    Animal("contact_of_itself", "contacts", ((3, "F317"), (4, "F310")), ("contact of itself",), ("自己的接触者",)),
    Animal("strange_grade", "contacts", ((2, "F318"),), ("very close", "secondary"), ("接触者等级",)),
    Animal(
        "sormas_mixed_orders", "sormas-cases", ((3, "F305"), (4, "F307")), ("03.14.2019", "MM.DD.YYYY"), ("MM.DD.YYYY",)
    ),
    Animal("sormas_either_order", "sormas-cases", ((2, "F306"),), ("DD.MM.YYYY, MM.DD.YYYY",), ("问清",)),
    Animal("sormas_no_contact", "sormas-contacts", ((2, "F320"),), ("not a contact",), ("不是接触者",)),
    Animal(
        "unknown_status", "godata-followups", ((3, "F321"), (4, "F313")), ("PHONED", "LOST_TO_FOLLOWUP"), ("随访状态",)
    ),
    Animal("half_a_case", "curve", ((3, "F323"), (4, "F323")), ("half", "whole number"), ("不是人数",)),
    Animal("day_twice", "curve", ((2, "F312"), (3, "F312")), ("2021-07-20",), ("内容不同",)),
)
WHOLE = (
    Animal("no_ids", "linelist", ((1, "F301"),), ("missing: id", "dt_onset", "--column"), ("缺少必需的列：id",)),
    Animal("two_onsets", "linelist", ((1, "F302"),), ("dt_onset, 发病日期", "not chosen for you"), ("不会替您选",)),
    Animal("sormas_header_only", "sormas-cases", ((1, "F319"),), ("entity names", "field names"), ("字段名",)),
    Animal("no_counts", "curve", ((1, "F322"),), ("No column holds counts", "remark"), ("没有一列是数字",)),
)


def _said(error: SizaoError, lang: Lang) -> str:
    return " ".join(say_error(error, lang))


@pytest.mark.parametrize("animal", ANIMALS, ids=lambda animal: animal.file)
def test_a_broken_row_is_refused_in_words_that_help(animal: Animal) -> None:
    table = read_table(ZOO / f"{animal.file}.csv")
    read = MAPPINGS[animal.mapping].read(table, told())
    assert tuple((row, code) for row, _, code in codes(read)) == animal.refused
    assert read.rows == table.total == read.stored + read.refused
    first = read.refusals[0].error
    assert [word for word in animal.en if word not in _said(first, Lang.EN)] == []
    assert [word for word in animal.zh if word not in _said(first, Lang.ZH)] == []


@pytest.mark.parametrize("animal", WHOLE, ids=lambda animal: animal.file)
def test_a_file_that_cannot_be_this_list_is_refused_whole(animal: Animal) -> None:
    with pytest.raises(FactsError, match=animal.refused[0][1]) as refused:
        MAPPINGS[animal.mapping].read(read_table(ZOO / f"{animal.file}.csv"), told())
    assert [word for word in animal.en if word not in _said(refused.value, Lang.EN)] == []
    assert [word for word in animal.zh if word not in _said(refused.value, Lang.ZH)] == []
    assert refused.value.where.file == f"{animal.file}.csv"


def test_every_animal_of_the_folder_is_looked_at_and_every_refusal_of_this_room_has_one() -> None:
    assert {animal.file for animal in (*ANIMALS, *WHOLE)} == {path.stem for path in ZOO.glob("*.csv")}
    seen = {code for animal in (*ANIMALS, *WHOLE) for _, code in animal.refused}
    asked = {"F303", "F304"}
    assert {code for code in error_words() if "F301" <= code <= "F399"} == seen | asked


def test_a_column_named_wrongly_is_refused() -> None:
    table = read_table(ZOO / "no_ids.csv")
    with pytest.raises(FactsError, match="F303"):
        MAPPINGS["linelist"].read(table, told(columns={"id": "编号"}))
    with pytest.raises(FactsError, match="F304"):
        MAPPINGS["linelist"].read(table, told(columns={"colour": "sex"}))
