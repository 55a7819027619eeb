"""Numbers and names are compared in one width, case and spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.desk.people.normal import (
    document_forms,
    name_key,
    normal_document,
    normal_phone,
    spell,
    tidy_name,
    tidy_text,
    words_of,
)
from sizao.facts.ids import read_citizen_id
from tests.desk.people.invented import citizen_id

MOBILE = "13800001234"


@pytest.mark.parametrize(
    "text",
    [
        "13800001234", "138 0000 1234", "138-0000-1234", "+86 138 0000 1234", "+86-13800001234", "0086 13800001234",
        "8613800001234", "１３８００００１２３４", " 13800001234 ", "(+86)13800001234", "13800001234转801",
    ],
)  # fmt: skip
def test_a_mobile_number_is_one_number_however_it_is_written(text: str) -> None:
    assert normal_phone(text) == MOBILE


@pytest.mark.parametrize(
    "text", ["0396-2810000", "+86 396 2810000", "+86 (0)396-2810000", "03962810000", "0086-396-2810000"]
)
def test_a_landline_keeps_its_leading_zero(text: str) -> None:
    assert normal_phone(text) == "03962810000"


def test_a_foreign_number_keeps_its_plus_and_is_no_chinese_one() -> None:
    assert normal_phone("+1 (555) 010-0000") == normal_phone("001 555 0100000") == "+15550100000"
    assert normal_phone("+44 1380 0001234") != MOBILE


def test_no_number_gives_no_number() -> None:
    assert normal_phone("") == normal_phone("无") == normal_phone("+") == normal_phone("0000") == ""


@pytest.mark.parametrize(
    "text", ["４１１７０２１８８８０２０３００１４", " 411702 18880203 0014 ", "411702-18880203-0014"]
)
def test_a_document_number_is_one_number_however_it_is_written(text: str) -> None:
    assert normal_document(text) == "411702188802030014"


def test_the_last_letter_of_a_citizens_number_may_be_small() -> None:
    assert normal_document("11010519491231002x") == "11010519491231002X"


def test_a_number_of_the_first_generation_has_the_form_of_the_second_too() -> None:
    first, second = document_forms("411702 880203 001")
    assert first == "411702880203001"
    assert second.startswith("41170219880203001")
    assert read_citizen_id(second).valid
    assert document_forms(second) == (second,)
    assert document_forms("") == ()


def test_a_name_is_one_name_whatever_its_blanks_width_and_dots() -> None:
    assert tidy_name(" 张　 三 ") == tidy_name("张\u200b三") == "张三"
    assert tidy_name("买买提•吐尔逊") == tidy_name("买买提 · 吐尔逊") == tidy_name("买买提.吐尔逊") == "买买提·吐尔逊"
    assert tidy_name("  John   Smith ") == "John Smith"
    assert name_key("买买提·吐尔逊") == name_key("买买提吐尔逊")


def test_the_order_of_words_in_letters_does_not_matter_that_of_characters_does() -> None:
    assert name_key("SMITH, John") == name_key("John Smith")
    assert name_key("张三") != name_key("三张")
    assert words_of("Anna-Maria Müller") == ("anna", "maria", "muller")


@pytest.mark.parametrize("text", ["Lǚ Fāng", "lü fang", "lv fang", "LUFANG", "lu-fang", "ｌｖｆａｎｇ"])
def test_marks_and_the_letter_for_u_umlaut_do_not_matter(text: str) -> None:
    assert spell(text) == "lufang"


@given(st.text())
def test_tidying_twice_is_tidying_once(text: str) -> None:
    assert tidy_text(tidy_text(text)) == tidy_text(text)
    assert tidy_name(tidy_name(text)) == tidy_name(text)
    assert name_key(tidy_name(text)) == name_key(text)


@given(st.text(alphabet="0123456789+-() 转x０８", max_size=20))
def test_a_normal_number_is_its_own_normal_form(text: str) -> None:
    assert normal_phone(normal_phone(text)) == normal_phone(text)
    assert normal_document(normal_document(text)) == normal_document(text)


@given(st.integers(1, 999), st.sampled_from(["18880203", "18991231"]))
def test_invented_numbers_check_out(number: int, born: str) -> None:
    assert read_citizen_id(citizen_id(born=born, number=number)).valid
