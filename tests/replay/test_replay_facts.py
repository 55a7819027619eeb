"""The founding notice as a fact file: canonical, marked with where each fact comes from, and naming nobody."""

from __future__ import annotations

import re
from datetime import date

import pytest

from sizao.facts.kinds import CaseNotice, CodeSeen, DataClass, Exposure, Fact, How
from sizao.facts.record import canonical, plain
from sizao.policy.areas import area_chain
from sizao.replay.founding import (
    AS_OF,
    CASE,
    FILE,
    HOME_AREA,
    PERSON,
    Provenance,
    branches_of,
    founding_facts,
    provenance,
    where_reported,
)
from sizao.replay.moments import ZONE
from sizao.when import local_day
from sizao.words import Lang, say
from tests import house

FACTS = founding_facts()
BY_ID = {str(fact.id): fact for fact in FACTS}
TEXT = (house.SOURCE / "replay" / FILE).read_text("utf-8")


def day(fact: Fact) -> date:
    return local_day(fact.at, ZONE)


def test_every_line_of_the_file_is_in_the_canonical_form() -> None:
    assert TEXT.encode() == b"".join(canonical(plain(fact)) + b"\n" for fact in FACTS)
    assert len(BY_ID) == len(FACTS)


def test_every_fact_is_marked_with_where_it_comes_from() -> None:
    for fact in FACTS:
        letter = str(fact.id)[0]
        wanted = {"n": Provenance.NOTICE, "r": Provenance.PUBLIC_REPORT}.get(letter, Provenance.ASSUMED)
        assert (fact.id, provenance(fact)) == (fact.id, wanted)
        assert bool(where_reported(fact)) is (letter == "r")
        assert (branches_of(fact) is not None) is (letter == "b")


@pytest.mark.parametrize(
    ("fact", "true_on", "known_on"),
    [
        ("n01-leave", "2021-07-11", "2021-07-11"),
        ("n06-yellow-code", "2021-07-23", "2021-08-12"),
        ("n08-dalian-announces", "2021-07-26", "2021-07-26"),
        ("n09-train", "2021-07-27", "2021-08-12"),
        ("n11-tour-company-advises", "2021-07-28", "2021-07-28"),
        ("n13-six-tracks", "2021-07-29", "2021-07-29"),
        ("n14-warning", "2021-08-11", "2021-08-11"),
        ("n15-supervision-notice", "2021-08-12", "2021-08-12"),
        ("n16-printed", "2021-08-16", "2021-08-16"),
        ("r01-lukou", "2021-07-17", "2021-07-26"),
        ("r03-theatre", "2021-07-22", "2021-07-27"),
        ("r04-flight-home", "2021-07-24", "2021-07-26"),
        ("r05-audience-judged", "2021-07-28", "2021-07-28"),
    ],
)
def test_a_fact_carries_when_it_was_true_and_when_it_became_known(fact: str, true_on: str, known_on: str) -> None:
    found = BY_ID[fact]
    assert (str(day(found)), str(local_day(found.recorded_at, ZONE))) == (true_on, known_on)


def test_nothing_is_known_before_it_is_true_nor_after_the_notice_was_printed() -> None:
    assert [fact.id for fact in FACTS if fact.recorded_at < fact.at and not isinstance(fact, CaseNotice)] == []
    assert [fact.id for fact in FACTS if fact.recorded_at > AS_OF] == []


def test_no_fact_states_a_cause_of_the_yellow_code() -> None:
    (code,) = (fact for fact in FACTS if isinstance(fact, CodeSeen))
    assert code.cause is None


def test_the_tour_company_is_a_third_party_and_the_audience_was_judged_by_somebody_for_a_reason() -> None:
    exposures = {fact.id: fact for fact in FACTS if isinstance(fact, Exposure)}
    assert [fact.how for fact in exposures.values() if fact.source == "notice"] == [How.TOLD]
    (judged,) = (fact for fact in exposures.values() if fact.how is How.JUDGED)
    assert judged.by
    assert judged.why
    assert str(day(judged)) == "2021-07-28"


def test_facts_are_of_the_class_that_the_purpose_wall_goes_by() -> None:
    wanted = {"n01-leave": DataClass.WORK, "a07-absent": DataClass.WORK, "n06-yellow-code": DataClass.HEALTH}
    wanted |= {"b03-destination-declared": DataClass.GIVEN, "n08-dalian-announces": DataClass.PUBLIC}
    wanted |= {"n10-tour-company-says": DataClass.HEALTH, "n09-train": DataClass.MOVEMENT}
    assert {name: BY_ID[name].data_class for name in wanted} == wanted


def test_nobody_is_to_be_recognised() -> None:
    subjects = {fact.subject for fact in FACTS}
    assert {subject for subject in subjects if subject.startswith("person:")} == {PERSON, CASE}
    assert not re.search(r"[GDCKTZ]\d{1,4}\b", TEXT), "a train or flight number"
    assert not re.search(r"4117|Zhumadian|驻马店", TEXT)
    assert re.fullmatch(r"\d{4}", HOME_AREA)
    assert area_chain(HOME_AREA)[1] == "41"


def test_the_home_area_is_no_place_of_the_country() -> None:
    # GB/T 2260: the prefectures of the province are 4101 to 4117 and 4190.
    assert HOME_AREA not in {*(f"41{number:02d}" for number in range(1, 18)), "4190"}


@pytest.mark.parametrize("lang", list(Lang))
def test_every_fact_has_its_sentence(lang: Lang) -> None:
    said = [say(f"replay.fact.{fact.id}", lang) for fact in FACTS]
    assert len(set(said)) == len(FACTS)
