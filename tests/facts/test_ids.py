"""Identity numbers: the checksum and the date are hard, the division is not."""

from __future__ import annotations

import csv
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.facts.ids import check_character, read_citizen_id
from tests.outside import outside

STANDARD = "11010519491231002X"
"""The example of the standard itself."""


def test_the_example_of_the_standard_is_valid() -> None:
    read = read_citizen_id(STANDARD)
    assert (read.valid, read.born, read.warnings) == (True, date(1949, 12, 31), ())


def test_every_number_of_the_public_list_comes_out_as_expected() -> None:
    with outside("identifiers.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    wrong = [row for row in rows if read_citizen_id(row["number"]).valid != (row["expected_valid"] == "1")]
    assert len(rows) > 10
    assert wrong == []


@pytest.mark.parametrize("text", [" 11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ"])
def test_width_case_and_blanks_do_not_matter(text: str) -> None:
    assert read_citizen_id(text).number == STANDARD
    assert read_citizen_id(text).valid


@given(st.integers(0, 16), st.integers(1, 9))
def test_any_single_wrong_digit_is_found(place: int, change: int) -> None:
    wrong = str((int(STANDARD[place]) + change) % 10)
    assert "id.check" in read_citizen_id(STANDARD[:place] + wrong + STANDARD[place + 1 :]).problems


@given(st.integers(0, 15))
def test_two_swapped_digits_are_found(place: int) -> None:
    one, other = STANDARD[place], STANDARD[place + 1]
    swapped = STANDARD[:place] + other + one + STANDARD[place + 2 :]
    assert read_citizen_id(swapped).valid is (one == other)


def numbered(first: str) -> str:
    return first + check_character(first)


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("", "id.shape"),
        ("4117021880010100100", "id.shape"),
        (numbered("41170218801301001"), "id.date"),
        (numbered("41170219010229001"), "id.date"),
        (numbered("99999918800101001"), "id.province"),
        (numbered("41170220301231001"), "id.future"),
    ],
)
def test_an_impossible_number_says_why(number: str, problem: str) -> None:
    assert read_citizen_id(number, today=date(2026, 11, 23)).problems == (problem,)


def test_a_division_younger_than_the_birth_is_a_warning_only() -> None:
    number = numbered("41170218900101001")
    read = read_citizen_id(number, divisions={"411702"}, since={"411702": 2000})
    assert (read.valid, read.warnings) == (True, ("id.division_younger",))
    assert read_citizen_id(number, divisions={"410102"}).warnings == ("id.division_unknown",)
