"""The demonstration county: what was planted is what the slow reference engine finds, ring by ring, and nothing else."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pytest

from sizao.drills.county import AREA, KNOWN_AT, County, Expected, planted_county
from sizao.exposure.cases import Cases
from sizao.exposure.contact_rules import ContactRule, ContactRules
from sizao.exposure.embedded import Embedded
from sizao.exposure.place_kinds import PlaceKind, kind_code
from sizao.exposure.reference import Reference
from sizao.exposure.source import Snapshot
from sizao.exposure.stays import VISIBLE_SCHEMA
from sizao.facts.kinds import Admitted, CaseNotice, Grade
from sizao.policy.book import PolicyBook
from sizao.policy.kinds import Same
from sizao.when import OPEN, Instant, parse_day

ORDER = list(Grade)


@lru_cache(maxsize=1)
def county() -> County:
    return planted_county(7, persons=3000)


def rules_of(key: str) -> ContactRules:
    book = PolicyBook.load(("cn-covid19-8",), readings={"case.window.days_before": "four-days"})
    value = book.find(key, area=AREA, on=parse_day("2021-07-20")).value
    return ContactRules.of(
        ContactRule(
            rule_id=f"{number}-{kind}", grade=str(rule.grade), place_kind=PlaceKind(str(kind)), from_s=Instant(0),
            until_s=OPEN, min_overlap_s=rule.minutes * 60, cumulative=rule.cumulative, same_zone=rule.same is Same.ZONE,
            row_distance=-1 if rule.rows is None else rule.rows, lag_s=rule.lag_min * 60,
            order=0 if str(rule.grade) == "close" else 1,
        )
        for number, rule in enumerate(value)
        for kind in rule.place
    )  # fmt: skip


@lru_cache(maxsize=1)
def cast_stays() -> Snapshot:
    rows = [
        (n, s.person, s.place, kind_code(s.kind), s.start_s, s.end_s, s.zone, s.row, -1, 0)
        for n, s in enumerate(county().cast)
    ]
    columns = zip(*rows, strict=True)
    return Snapshot(pa.table(dict(zip(VISIBLE_SCHEMA.names, map(list, columns), strict=True))).cast(VISIBLE_SCHEMA))


@lru_cache(maxsize=1)
def everybodys_stays() -> Snapshot:
    """The cast and all ordinary residents."""
    blocks = list(county().ordinary_stays())
    columns = {
        name: np.concatenate([getattr(b, name) for b in blocks]) for name in ("person", "place", "start_s", "end_s")
    }
    count = len(columns["person"])
    columns |= {"stay": np.arange(count) + 10**6, "kind": county().place_kind()[columns["place"]]}
    columns |= {name: np.zeros(count, dtype=np.int64) for name in ("zone", "flags")}
    columns |= {name: np.full(count, -1) for name in ("row", "seat")}
    ordinary = pa.table([columns[name] for name in VISIBLE_SCHEMA.names], names=VISIBLE_SCHEMA.names)
    return Snapshot(pa.concat_tables([cast_stays().table, ordinary.cast(VISIBLE_SCHEMA)]))


def both_rings(
    engine: Reference | Embedded, stays: Snapshot, window_days: int
) -> dict[int, tuple[int, str, int | None, int, int, int]]:
    """Both rings: the cases, then their close contacts from the first contact on."""
    cases = county().cases
    first = engine.match(
        Cases.of([c.person for c in cases], [c.anchor - window_days * 86400 for c in cases], [c.care_at for c in cases]),
        stays, rules_of("contact.rules"), known_at=KNOWN_AT, evidence=False,
    ).pairs.to_pylist()  # fmt: skip
    found: dict[int, tuple[int, str, int | None, int, int, int]] = {
        row["person"]: (row["case"], "close" if row["order"] == 0 else "general", None, *_span(row)) for row in first
    }
    assert len(found) == len(first), "everybody in the cast meets one case at most"
    close = [row for row in first if row["order"] == 0]
    second = engine.match(
        Cases.of([row["person"] for row in close], [row["first_s"] for row in close], [KNOWN_AT] * len(close)),
        stays, rules_of("secondary.rules"), known_at=KNOWN_AT, evidence=False,
    ).pairs.to_pylist()  # fmt: skip
    people = {c.person for c in cases}
    for row in second:
        if row["person"] not in found and row["person"] not in people:
            via = close[row["case"]]
            found[row["person"]] = (via["case"], "secondary", via["person"], *_span(row))
    return found


def _span(row: dict[str, int]) -> tuple[int, int, int]:
    return row["overlap_s"], row["first_s"], row["last_s"]


def as_found(expected: Expected) -> tuple[int, str, int | None, int, int, int]:
    return (
        expected.case, str(expected.grade), expected.via, expected.overlap_s, expected.first, expected.last,
    )  # fmt: skip


@pytest.mark.parametrize("window_days", [2, 4])
def test_the_reference_finds_what_was_planted_and_nothing_else(window_days: int) -> None:
    expected = {line.person: as_found(line) for line in county().expected(window_days)}
    assert both_rings(Reference(), cast_stays(), window_days) == expected


def test_among_everybodys_stays_nobody_else_is_found() -> None:
    expected = {line.person: as_found(line) for line in county().expected(4)}
    assert both_rings(Embedded(), everybodys_stays(), 4) == expected


def test_every_grade_and_both_rings_are_planted_and_the_longer_window_finds_more() -> None:
    two, four = (Counter(line.grade for line in county().expected(days)) for days in (2, 4))
    assert set(two) == {Grade.CLOSE, Grade.GENERAL, Grade.SECONDARY}
    assert four[Grade.CLOSE] > two[Grade.CLOSE]
    assert four[Grade.SECONDARY] > two[Grade.SECONDARY]


def test_near_misses_are_not_expected_but_a_lag_finds_those_who_came_soon_after() -> None:
    missed = {person for person, _ in county().misses}
    assert len(missed) > 50
    assert not missed & {line.person for line in county().expected(4)}
    late = [line for line in county().expected(4, lag_s=1800) if line.person in missed]
    assert late
    assert all(line.overlap_s == 0 for line in late)


def test_nobody_in_the_cast_is_in_two_places_at_once() -> None:
    for one, next_one in zip(county().cast, county().cast[1:], strict=False):
        assert one.start_s < one.end_s
        assert one.person != next_one.person or one.end_s <= next_one.start_s


def test_ordinary_residents_never_come_near_a_case_inside_its_window() -> None:
    """Cases share places with the crowd only outdoors, or before every window."""
    people = {case.person: case for case in county().cases}
    for stay in county().cast:
        if stay.person in people and stay.place < county().town.places:
            before = stay.end_s <= people[stay.person].anchor - 4 * 86400
            assert before or stay.kind is PlaceKind.OUTDOOR


def test_close_contacts_do_go_among_the_crowd() -> None:
    close = {line.person for line in county().expected(2) if line.grade is Grade.CLOSE}
    kinds = {s.kind for s in county().cast if s.person in close and s.place < county().town.places}
    assert kinds == {PlaceKind.STATION, PlaceKind.SHOP}


def test_the_same_seed_gives_the_same_county_and_names_are_those_of_a_file() -> None:
    again = planted_county(7, persons=3000)
    assert again.cast == county().cast
    assert again.meetings == county().meetings
    assert again.persons == 3000
    assert county().person_name(0) == "person:r000001"
    assert county().place_name(county().places - 1).startswith("dwelling:c")
    assert len(county().place_kind()) == county().places


def test_each_case_comes_with_its_notice_and_its_admission() -> None:
    facts = county().case_facts()
    assert len(facts) == len(county().cases)
    for (notice, admitted), case in zip(facts.values(), county().cases, strict=True):
        assert isinstance(notice, CaseNotice)
        assert isinstance(admitted, Admitted)
        assert (notice.onset, notice.positive_sampled_at).count(None) == 1
        assert admitted.at == case.care_at <= KNOWN_AT
