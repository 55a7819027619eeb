"""Outbreaks somebody else published give the numbers somebody else worked out."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from sizao.facts.intake.tables import Table, read_table
from sizao.facts.kinds import CaseClass, CaseNotice, Exposure, Grade, How
from sizao.facts.lists import MAPPINGS, curve_of, read_outbreak, recognised
from sizao.when import local_day
from tests.facts.lists.told import told
from tests.outside import outside

pytestmark = pytest.mark.outside


def _table(name: str) -> Table:
    return read_table(outside(f"outbreaks/{name}.csv"))


def _expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(outside("outbreaks/expected.json").read_text("utf-8"))[name]
    return found


def _near(value: Any) -> Any:
    """The value, its means and other fractions to 1e-4; counts exactly."""
    if isinstance(value, dict):
        return {name: _near(one) for name, one in value.items()}
    return pytest.approx(value, abs=1e-4) if isinstance(value, float) else value


def test_the_mers_outbreak_of_korea_gives_its_published_numbers() -> None:
    read = read_outbreak(_table("mers_korea_2015__linelist"), _table("mers_korea_2015__contacts"), told())
    for name, value in _expected("mers_korea_2015").items():
        assert read.summary[name] == _near(value), name
    assert (read.linelist.rows, read.linelist.stored, read.contacts.rows, read.contacts.stored) == (162, 162, 98, 98)


def test_each_mers_list_alone_gives_what_it_holds() -> None:
    expected = _expected("mers_korea_2015")
    for name in ("linelist", "contacts"):
        table = _table(f"mers_korea_2015__{name}")
        assert recognised(table.columns) is MAPPINGS[name]
        read = MAPPINGS[name].read(table, told())
        told_here = expected.keys() & read.summary.keys()
        assert len(told_here) > 10
        assert {key: read.summary[key] for key in told_here} == {key: _near(expected[key]) for key in told_here}


def test_a_mers_case_is_a_notice_with_its_onset() -> None:
    read = MAPPINGS["linelist"].read(_table("mers_korea_2015__linelist"), told(disease="mers", zone="Asia/Seoul"))
    first = next(fact for fact in read.facts if fact.subject == "person:SK_1")
    assert isinstance(first, CaseNotice)
    assert (first.disease, first.reporting_area, first.case_class) == ("mers", "South Korea", CaseClass.CONFIRMED)
    assert first.onset is not None
    assert local_day(first.onset, "Asia/Seoul") == date(2015, 5, 11)
    assert local_day(first.at, "Asia/Seoul") == date(2015, 5, 19)


def test_a_mers_link_is_an_exposure_as_told_dated_by_the_line_list() -> None:
    read = read_outbreak(
        _table("mers_korea_2015__linelist"), _table("mers_korea_2015__contacts"), told(zone="Asia/Seoul")
    )
    links = [fact for fact in read.contacts.facts if isinstance(fact, Exposure)]
    assert {fact.how for fact in links} == {How.TOLD}
    assert {fact.grade for fact in links} == {Grade.GENERAL}
    link = next(fact for fact in links if fact.subject == "person:SK_2")
    assert (link.case, link.by) == ("person:SK_1", "某地名单")
    assert (local_day(link.first, "Asia/Seoul"), local_day(link.last, "Asia/Seoul")) == (
        date(2015, 5, 15),
        date(2015, 5, 21),
    )
    assert read.contacts.notes["list.time_unknown"] == 2


def test_weekly_nipah_counts_add_up() -> None:
    table = _table("nipah_malaysia")
    assert recognised(table.columns) is MAPPINGS["curve"]
    assert MAPPINGS["curve"].read(table, told()).summary["totals"] == _expected("nipah_malaysia")


def test_daily_sars_counts_add_up() -> None:
    summary = MAPPINGS["curve"].read(_table("sars_canada_2003"), told()).summary
    assert summary["totals"] | {"days": summary["days"]} == _expected("sars_canada_2003")


def test_the_school_influenza_keeps_its_curve() -> None:
    curve = curve_of(_table("influenza_england_1978_school"), told())
    assert list(curve.series["in_bed"]) == _expected("influenza_england_1978_school")["in_bed"]


def test_the_world_series_ends_where_it_ends_and_a_blank_is_no_zero() -> None:
    expected = _expected("sarscov2_who_2019")
    summary = MAPPINGS["curve"].read(_table("sarscov2_who_2019"), told()).summary
    series = summary["series"]
    assert (summary["days"], summary["last_day"]) == (expected["reports"], expected["last"])
    assert series["cases_global"]["last"] == expected["cases_global_last"]
    henan = series["cases_chn_henan"]
    assert henan["last"] == expected["henan_last_nonmissing"]
    assert henan["known"] < summary["days"]
