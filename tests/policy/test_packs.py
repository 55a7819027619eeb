"""What must hold of every shipped pack, beyond what the loader refuses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sizao.policy import Pack, check, list_packs
from sizao.policy.kinds import Confidence, PackKind
from sizao.policy.values import ContactRule, Course

PACKS = list_packs()


def test_the_shipped_packs_have_no_problem() -> None:
    assert [str(problem) for problem in check()] == []


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_no_source_was_read_and_no_value_checked_after_the_pack_was_recorded(pack: Pack) -> None:
    assert all(source.read_on <= pack.recorded_on for source in pack.sources.values())
    assert all(entry.checked_on <= pack.recorded_on for entry in pack.entries)


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_a_statute_is_cited_with_its_article(pack: Pack) -> None:
    for entry in pack.entries:
        if entry.confidence is Confidence.STATUTE:
            assert entry.cites[0].article is not None, entry.where
            assert "条" in entry.cites[0].article, entry.where


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_tests_of_a_course_fall_inside_their_phase(pack: Pack) -> None:
    for entry in pack.entries:
        if isinstance(entry.value, Course):
            for phase in entry.value.phases:
                assert all(1 <= day <= (phase.days or 10_000) for day in phase.test_days), entry.where
                assert phase.days is not None or phase.ends_when is not None, entry.where


def test_no_contact_rule_of_the_national_text_has_a_minute_threshold() -> None:
    rules = [
        row
        for pack in PACKS
        if pack.disease == "covid19"
        for entry in pack.entries
        if isinstance(entry.value, tuple)
        for row in entry.value
        if isinstance(row, ContactRule)
    ]
    assert rules
    assert {(row.minutes, row.lag_min) for row in rules} == {(0, 0)}


def test_only_the_made_up_county_and_its_packs_are_labelled_as_an_example() -> None:
    (demo,) = (pack for pack in PACKS if pack.kind is PackKind.DEPLOYMENT)
    assert "EXAMPLE" in (demo.note or "")
    assert not demo.area.startswith(tuple(str(number) for number in range(11, 83)))


def test_no_pack_names_a_private_person() -> None:
    folder = Path(__file__).parents[2] / "src/sizao/policy/packs"
    text = "".join(re.sub(r"link: [^,]*", "", path.read_text("utf-8")) for path in folder.rglob("*.yaml"))
    assert re.findall(r"\d{17}[\dX]|1[3-9]\d{9}", text) == []
