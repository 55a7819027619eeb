"""Lines fit whatever their width, and Chinese lines break where Chinese lines may."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.cli.layout import column_widths, definitions, pad, width_of, wrap

MIXED = st.text(alphabet="密接触者abc xyz，。（）12 ：、", max_size=60)


@given(MIXED, st.integers(min_value=4, max_value=30))
def test_no_wrapped_line_is_wider_than_asked(text: str, width: int) -> None:
    assert all(width_of(line) <= width for line in wrap(text, width))


@given(MIXED, st.integers(min_value=4, max_value=30))
def test_wrapping_loses_no_character_but_blanks(text: str, width: int) -> None:
    assert "".join("".join(wrap(text, width)).split()) == "".join(text.split())


def test_a_chinese_line_does_not_begin_with_a_closing_mark_or_end_with_an_opening_one() -> None:
    lines = wrap("密切接触者，次密接（含同住者）。一般接触者：共同暴露。", 10)
    assert [line for line in lines if line[0] in "，。）：" or line[-1] in "（"] == []


def test_a_latin_word_is_kept_whole_where_it_fits() -> None:
    assert wrap("close contact", 8) == ["close", "contact"]


def test_a_word_longer_than_the_line_is_broken() -> None:
    assert wrap("cn-covid19-8", 6) == ["cn-cov", "id19-8"]


def test_padding_counts_a_chinese_character_as_two_cells() -> None:
    assert width_of(pad("密接", 6)) == 6


def test_names_too_long_for_their_column_stand_above_their_meaning() -> None:
    lines = definitions([("--a-very-long-option NAME", "what it does"), ("-h", "help")], 40)
    assert lines[0].strip() == "--a-very-long-option NAME"
    assert lines[1].strip() == "what it does"


@given(st.lists(st.lists(st.text(alphabet="ab 密", max_size=20), min_size=1, max_size=4), min_size=1, max_size=5))
def test_columns_share_the_room_or_say_that_there_is_none(columns: list[list[str]]) -> None:
    widths = column_widths(columns, 40)
    assert widths is None or sum(widths) <= 40


@pytest.mark.parametrize(("room", "fits"), [(40, True), (4, False)])
def test_a_table_that_cannot_fit_is_refused(room: int, fits: bool) -> None:
    columns = [["person", "person:a1"], ["grade", "close contact"]]
    assert (column_widths(columns, room) is not None) is fits
