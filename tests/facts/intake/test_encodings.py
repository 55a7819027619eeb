"""Encodings are decided by strict reading, reported, and never guessed."""

from __future__ import annotations

import pytest

from sizao.errors import FactsError
from sizao.facts.intake.encodings import decode

CHINESE = "姓名,到达时间\n旅客乙,2021-07-22\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (CHINESE.encode("utf-8"), "utf-8"),
        (CHINESE.encode("utf-8-sig"), "utf-8-sig"),
        (b"\xff\xfe" + CHINESE.encode("utf-16-le"), "utf-16"),
        (b"\xfe\xff" + CHINESE.encode("utf-16-be"), "utf-16"),
        (CHINESE.encode("gb18030"), "gb18030"),
        (b"", "utf-8"),
    ],
)
def test_the_same_text_comes_out_of_every_encoding_and_its_name_is_reported(data: bytes, encoding: str) -> None:
    found = decode(data, file="f.csv")
    assert found.encoding == encoding
    assert found.text == ("" if not data else CHINESE)


def test_western_text_is_not_turned_into_chinese_without_being_asked() -> None:
    data = "Günther,Heinze,Größe,Jürgen,Müller\nZoë,Ærø,Åse,Çelik,Ñandú\n".encode("latin-1")
    with pytest.raises(FactsError) as refused:
        decode(data, file="f.csv")
    assert (refused.value.code, refused.value.slots["byte"], refused.value.where.row) == ("F203", 1, 1)
    assert decode(data, file="f.csv", forced="latin-1").text.startswith("Günther")


@pytest.mark.parametrize("word", ["größe", "naïöe", "Straßöe"])
def test_two_accented_letters_in_a_word_are_not_taken_for_one_chinese_character(word: str) -> None:
    with pytest.raises(FactsError, match="F203"):
        decode(f"id,{word}\n1,2\n".encode("latin-1"), file="f.csv")


def test_letters_beside_chinese_in_a_chinese_file_do_no_harm() -> None:
    text = "编号,姓名,座位,备注\nr1,旅客乙,12A座,乘坐G508次列车，在wifi候车室等候一小时\n"
    assert decode(text.encode("gb18030"), file="f.csv") == (text, "gb18030")


def test_utf_16_without_a_mark_is_asked_about() -> None:
    with pytest.raises(FactsError, match="F203"):
        decode("名\n旅客".encode("utf-16-le") + b"\x80", file="f.csv")


def test_a_forced_encoding_that_does_not_fit_is_refused_with_its_place() -> None:
    with pytest.raises(FactsError) as refused:
        decode(b"a,b\n1,\xff\n", file="f.csv", forced="utf-8")
    assert (refused.value.code, refused.value.where.row, refused.value.slots["byte"]) == ("F202", 2, 6)


def test_an_encoding_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(FactsError, match="F201"):
        decode(b"a", file="f.csv", forced="klingon")
