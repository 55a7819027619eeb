# ruff: noqa: DTZ001 - a wall clock without zone is what these tests are about
"""Dates are read by formats somebody named, or ISO; what could be two days is no day."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.errors import FactsError
from sizao.facts.intake.dates import ISO, OFFERED, proposals, read_date, read_instant
from sizao.when import Precision, parse_instant


def test_iso_is_always_understood() -> None:
    assert read_date("2021-07-22") == (datetime(2021, 7, 22), Precision.DAY)
    assert read_date("2021-07-22 18:05") == (datetime(2021, 7, 22, 18, 5), Precision.MINUTE)


@pytest.mark.parametrize("text", ["03.14.2020", "2021-02-30", "2021-7-2", "22/07/2021", "44378", "", "20210722x"])
def test_nothing_else_is_read_without_a_named_format(text: str) -> None:
    assert read_date(text) is None


def test_a_day_month_reader_refuses_a_month_day_date_instead_of_turning_it_round() -> None:
    assert read_date("03.14.2020", ["DD.MM.YYYY"]) is None
    assert read_date("03.14.2020", ["MM.DD.YYYY"]) == (datetime(2020, 3, 14), Precision.DAY)


def test_a_cell_that_fits_two_named_formats_with_different_days_is_not_read() -> None:
    assert read_date("03.04.2020", ["DD.MM.YYYY", "MM.DD.YYYY"]) is None
    assert read_date("04.04.2020", ["DD.MM.YYYY", "MM.DD.YYYY"]) == (datetime(2020, 4, 4), Precision.DAY)


def test_chinese_dates_are_read_when_named() -> None:
    assert read_date("2021年7月2日", ["YYYY年M月D日"]) == (datetime(2021, 7, 2), Precision.DAY)


def test_a_column_that_rules_one_order_out_leaves_the_other_to_be_proposed() -> None:
    assert "M.D.YYYY" in proposals(["03.14.2020", "03.04.2020"])
    assert "D.M.YYYY" not in proposals(["03.14.2020", "03.04.2020"])
    assert {"M.D.YYYY", "D.M.YYYY"} <= set(proposals(["03.04.2020", ""]))


def test_a_clock_time_needs_a_zone() -> None:
    with pytest.raises(FactsError, match="F212"):
        read_instant("2021-07-22 18:00", (), None)
    assert read_instant("2021-07-22 18:00", (), "Asia/Shanghai") == (
        parse_instant("2021-07-22T18:00+08:00"),
        Precision.MINUTE,
    )


def test_an_offset_in_the_cell_goes_before_the_zone_of_the_file() -> None:
    assert read_instant("2021-07-22T18:00:00+09:00", (), "Asia/Shanghai") == (
        parse_instant("2021-07-22T09:00:00Z"),
        Precision.SECOND,
    )


@pytest.mark.parametrize("form", ["DD.MM", "YYYY", "DD.DD.YYYY", "YYYY-MM-DD MM"])
def test_a_format_without_a_whole_day_is_refused(form: str) -> None:
    with pytest.raises(FactsError, match="F211"):
        read_date("01.02.2020", [form])


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 1, 1)), st.sampled_from(OFFERED))
def test_what_a_format_writes_it_reads_again(moment: datetime, form: str) -> None:
    parts = {
        "YYYY": f"{moment.year:04d}",
        "MM": f"{moment.month:02d}",
        "DD": f"{moment.day:02d}",
        "HH": f"{moment.hour:02d}",
    }
    parts |= {"mm": f"{moment.minute:02d}", "ss": f"{moment.second:02d}", "M": str(moment.month), "D": str(moment.day)}
    text = form
    for token in ("YYYY", "MM", "DD", "HH", "mm", "ss", "M", "D", "H"):
        marks = {
            "YYYY": "\1",
            "MM": "\2",
            "DD": "\3",
            "HH": "\4",
            "mm": "\5",
            "ss": "\6",
            "M": "\7",
            "D": "\x0e",
            "H": "\x0f",
        }
        text = text.replace(token, marks[token])
    for token, mark in zip(
        ("YYYY", "MM", "DD", "HH", "mm", "ss", "M", "D", "H"), "\1\2\3\4\5\6\7\x0e\x0f", strict=True
    ):
        text = text.replace(mark, str(moment.hour) if token == "H" else parts[token])
    found = read_date(text, [form])
    assert found is not None
    assert found.moment.date() == moment.date()
    assert form in ISO or read_date(text) is None or read_date(text) == found
