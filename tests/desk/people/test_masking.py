"""A masked form shows no more than it says, whatever is put in."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.desk.people.masking import mask, mask_address, mask_document, mask_name, mask_phone
from sizao.desk.people.normal import normal_document, tidy_name
from sizao.desk.people.who import Who
from tests.desk.people.invented import citizen_id, person
from tests.desk.people.test_who import whos


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三丰", "张**"), ("王五", "王*"), ("王", "*"), ("", ""), ("欧阳某某", "欧***"), ("买买提·吐尔逊", "买**·***"),
        ("John Smith", "J*** S***"), ("X", "*"), (" 张 三 ", "张*"),
    ],
)  # fmt: skip
def test_a_name_shows_its_first_character(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("document", "shown"),
    [
        ("411702188802030014", "*" * 14 + "0014"), ("E0000 0001", "*****0001"), ("1234567", "*******"),
        ("12345678", "****5678"), ("", ""),
    ],
)  # fmt: skip
def test_a_document_shows_its_last_four_and_a_short_one_nothing(document: str, shown: str) -> None:
    assert mask_document(document) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800001234", "138****1234"), ("+86 138 0000 1234", "138****1234"), ("0396-2810000", "*******0000"),
        ("2810", "****"), ("", ""),
    ],
)  # fmt: skip
def test_a_telephone_shows_its_last_four(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("样例县西街街道和平路12号3单元501", "样例县西街街道和平路***"),
        ("样例县西街街道和平路十二号", "样例县西街街道和平路***"),
        ("样例县河湾镇前河村三组", "样例县河湾镇前河村***"),
        ("样例县 东街街道 学府小区 甲栋", "样例县东街街道***"),
        ("样例县西街街道和平路１２号", "样例县西街街道和平路***"),
        ("样例县学府小区", "***"),
        ("12 Example Street", "***"),
        ("", ""),
    ],
)
def test_an_address_ends_at_its_street_or_village(address: str, shown: str) -> None:
    assert mask_address(address) == shown


def test_a_date_of_birth_shows_its_year() -> None:
    assert mask(person(born=date(1888, 2, 3))).born == "1888-**-**"
    assert mask(person()).born == ""


@given(whos)
def test_what_was_told_is_never_shown_whole(who: Who) -> None:
    masked = mask(who)
    assert all(
        not shown or "*" in shown for shown in (masked.name, masked.document, masked.phone, masked.address, masked.born)
    )


@given(st.text(max_size=30))
def test_a_document_never_shows_more_than_four_characters(text: str) -> None:
    shown = mask_document(text)
    assert len(shown) == len(normal_document(text))
    assert len(shown.replace("*", "")) <= 4


@given(st.text(alphabet="0123456789+- ", max_size=20))
def test_a_telephone_never_shows_more_than_seven_digits_and_hides_four(text: str) -> None:
    shown = mask_phone(text)
    assert shown == "" or shown.count("*") >= 4 or set(shown) == {"*"}


@given(st.text(alphabet="张王李三四伟玮·", min_size=1, max_size=6))
def test_a_chinese_name_shows_one_character_and_its_length(name: str) -> None:
    whole = tidy_name(f"王{name}")
    shown = mask_name(whole)
    assert shown.replace("·", "*") == "王" + "*" * (len(whole) - 1) if len(whole) > 1 else shown == "*"


@given(st.text(alphabet="西街道和平路12号三单元室A楼村 ", max_size=20))
def test_an_address_never_shows_a_digit_or_a_letter(text: str) -> None:
    assert not any(character.isascii() and character.isalnum() for character in mask_address(text))


def test_the_masked_form_is_not_an_identity() -> None:
    masked = mask(person("旅客甲", document=citizen_id(), phone="13800001234", address="样例县西街街道和平路12号"))
    assert (masked.name, masked.phone, masked.address) == ("旅**", "138****1234", "样例县西街街道和平路***")
    assert masked.document.startswith("*" * 14)
