"""The questions around the judged one, held against plain loops: raw sums, contacts of contacts, crowds."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizao.exposure.crowds import crowd_pairs
from sizao.exposure.duckdb_engine import DuckDB
from sizao.exposure.embedded import Embedded
from sizao.exposure.queries import contacts, contacts_of_contacts, crowd
from sizao.exposure.reference import Stay, case_stays, meetings
from sizao.when import Instant, Interval
from tests.exposure.city import KNOWN_AT as CITY_KNOWN_AT
from tests.exposure.city import SecondRing, second_ring
from tests.exposure.towns import HUB, KNOWN_AT, MIDNIGHT, Town, moments, plain, rows_of, towns


def _stays(town: Town) -> list[Stay]:
    return [Stay(*row) for row in town.stays]


@settings(max_examples=80)
@given(town=towns(), lag_s=st.sampled_from((0, 1, 600, 7200)), top=st.sampled_from((None, 1, 2)))
def test_raw_sums_are_those_of_plain_loops(town: Town, lag_s: int, top: int | None) -> None:
    expected = []
    for (case, person), met in meetings(case_stays(town.question(), _stays(town)), _stays(town), lag_s).items():
        expected.append((case, person, sum(m.overlap_s for m in met), min(m.began_s for m in met)))
    expected.sort(key=lambda row: (row[0], -row[2], row[1]))
    if top is not None:
        expected = [row for row in expected if [r for r in expected if r[0] == row[0]].index(row) < top]
    found = contacts(town.question(), town.source(), known_at=KNOWN_AT, lag_s=lag_s, top=top)
    assert rows_of(found) == expected


@settings(max_examples=60)
@given(town=towns(), least_s=st.sampled_from((1, 600, 3600)), left_out=st.integers(1, 7))
def test_contacts_of_contacts_are_those_of_plain_loops(town: Town, least_s: int, left_out: int) -> None:
    sums: dict[tuple[int, int], list[int]] = {}
    for pair, met in meetings(case_stays(town.question(), _stays(town)), _stays(town), 0).items():
        if sum(m.overlap_s for m in met) >= least_s:
            sums[pair] = [sum(m.overlap_s for m in met), min(m.began_s for m in met)]
    expected: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for (_, person), (overlap_s, first_s) in sums.items():
        if person != left_out:
            expected[person].append((overlap_s, first_s))
    found = contacts_of_contacts(
        town.question(), town.source(), known_at=KNOWN_AT, min_overlap_s=least_s, without=[left_out, 999]
    )
    assert rows_of(found) == [
        (person, len(rows), sum(row[0] for row in rows), min(row[1] for row in rows))
        for person, rows in sorted(expected.items())
    ]


@settings(max_examples=60)
@given(town=towns(), edges=st.tuples(moments(), moments()))
def test_the_crowd_of_a_place_is_everybody_who_was_there(town: Town, edges: tuple[int, int]) -> None:
    interval = Interval(Instant(min(edges)), Instant(max(edges) + 1))
    expected = [
        row for row in town.stays if row.place == HUB and row.start_s < interval.end and row.end_s > interval.start
    ]
    expected.sort(key=lambda row: (row.start_s, row.person, row.stay))
    assert rows_of(crowd(town.source(), HUB, interval, known_at=KNOWN_AT)) == [tuple(row) for row in expected]


@settings(max_examples=60)
@given(town=towns(), least_s=st.sampled_from((1, 600, 3600)), most=st.sampled_from((None, 2, 4)))
def test_pairs_in_crowds_are_those_of_plain_loops(town: Town, least_s: int, most: int | None) -> None:
    span = Interval(MIDNIGHT, Instant(MIDNIGHT + 86_400))
    inside = [(max(row.start_s, span.start), min(row.end_s, span.end), row) for row in town.stays]
    inside = [stay for stay in inside if stay[0] < stay[1]]
    at_place = defaultdict(list)
    for stay in inside:
        at_place[stay[2].place].append(stay)
    expected = set()
    for there in at_place.values():
        at_once = max(sum(other[0] <= one[0] < other[1] for other in there) for one in there)
        if most is not None and at_once > most:
            continue
        for one, other in combinations(there, 2):
            if one[2].person != other[2].person and min(one[1], other[1]) - max(one[0], other[0]) >= least_s:
                expected.add((min(one[2].person, other[2].person), max(one[2].person, other[2].person)))
    found = rows_of(crowd_pairs(town.source(), span, known_at=KNOWN_AT, min_overlap_s=least_s, most_at_once=most))
    assert len(found) == len(set(found))
    assert {(min(pair), max(pair)) for pair in found} == expected


# --- the second ring and a crowd, as the engines judge them ------------------------------------------------------------------


@pytest.fixture(scope="module")
def ring() -> SecondRing:
    """The second ring of a city of 1,500 people."""
    return second_ring()


@pytest.mark.parametrize("engine", [Embedded(), DuckDB()], ids=lambda engine: type(engine).__name__)
def test_the_second_ring_of_a_city_is_the_same_on_every_engine(engine: Any, ring: SecondRing) -> None:
    assert len(ring.asked) == 40
    assert len(ring.expected) > 100
    found = engine.match(ring.asked, ring.town.source, ring.rules, known_at=CITY_KNOWN_AT)
    assert plain(found) == plain(ring.expected)
