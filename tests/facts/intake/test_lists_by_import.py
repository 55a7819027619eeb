"""Line lists and the files of other systems come in through the same door as every other file."""

from __future__ import annotations

import json

import pytest

from sizao.errors import FactsError
from sizao.facts.intake.ways import WAYS
from sizao.facts.store import MemoryStore
from tests.facts.intake.files import given, imported
from tests.outside import outside


def test_no_two_ways_have_one_name() -> None:
    names = [way.name for way in WAYS]
    assert len(names) == len(set(names))
    assert {"stays", "tickets", "cases", "tests", "rides", "linelist", "contacts"} <= set(names)


def test_the_line_list_of_an_outbreak_is_recognised_and_gives_its_numbers() -> None:
    store = MemoryStore()
    path = outside("outbreaks/mers_korea_2015__linelist.csv")
    expected = json.loads(outside("outbreaks/expected.json").read_text("utf-8"))["mers_korea_2015"]
    result = imported(path, store, told=given(defaults={"disease": "mers", "area": "KR"}))
    assert (result.mapping, result.rows, result.refused) == ("linelist", 162, 0)
    assert result.summary is not None
    assert result.summary["cases"] == expected["cases"]
    assert result.summary["deaths"] == expected["deaths"]
    assert len(list(store.subjects())) == 162
    assert imported(path, store, told=given(defaults={"disease": "mers", "area": "KR"})).joined == 162


def test_the_contacts_of_an_outbreak_are_recognised() -> None:
    result = imported(outside("outbreaks/mers_korea_2015__contacts.csv"), told=given(defaults={}))
    assert (result.mapping, result.rows, result.refused) == ("contacts", 98, 0)


@pytest.mark.parametrize(
    ("file", "mapping", "rows"),
    [
        ("sormas_import_test_line_listing.csv", "sormas-cases", 5),
        ("sormas_case_contact_import_test_success.csv", "sormas-contacts", 5),
        ("godata_followups_sample.csv", "godata-followups", 6),
    ],
)
def test_the_files_of_other_systems_are_recognised(file: str, mapping: str, rows: int) -> None:
    result = imported(outside(f"import_templates/{file}"), told=given(defaults={}))
    assert (result.mapping, result.rows) == (mapping, rows)


def test_a_month_first_file_is_never_read_day_first() -> None:
    path = outside("import_templates/sormas_contact_import_test.csv")
    unsaid = imported(path, told=given(defaults={}))
    assert [bad.value for bad in unsaid.refusals] == ["03.14.2020", "03.15.2020", "03.16.2020"]
    read = imported(path, told=given(defaults={}, formats=("MM.DD.YYYY",)))
    assert (read.mapping, read.rows, read.stored) == ("sormas-contacts", 3, 3)


def test_a_class_of_cases_that_nobody_knows_is_refused() -> None:
    path = outside("outbreaks/mers_korea_2015__linelist.csv")
    with pytest.raises(FactsError) as refused:
        imported(path, told=given(defaults={"case_class": "maybe"}))
    assert refused.value.code == "F240"
