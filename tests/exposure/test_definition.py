"""The definition, clause by clause, on towns small enough to work out by hand; every engine must say the same."""

from __future__ import annotations

from typing import Any

import pytest

from sizao.exposure.cases import CaseStay, Spot
from sizao.exposure.contact_rules import ContactRules
from sizao.exposure.duckdb_engine import DuckDB
from sizao.exposure.embedded import Embedded
from sizao.exposure.engine import Engine
from sizao.exposure.place_kinds import kind_code
from sizao.exposure.reference import Reference
from sizao.exposure.stays import Flag
from tests.exposure.towns import HUB, KNOWN_AT, MIDNIGHT, PLACES, StayRow, Town, shop_rule

ENGINES: tuple[Engine, ...] = (Reference(), Embedded(1), DuckDB(threads=1))
pytestmark = pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: type(engine).__name__)

TRAIN = 3
NOON = MIDNIGHT + 43_200
ALWAYS = (0, MIDNIGHT + 30 * 86_400)


def stay(number: int, person: int, start_s: int, end_s: int, **more: int) -> StayRow:
    """A stay at the hub unless told otherwise; times from noon."""
    place = more.get("place", HUB)
    known = more.get("zone", -1), more.get("row", -1), -1, more.get("flags", 0)
    return StayRow(number, person, place, kind_code(PLACES[place]), NOON + start_s, NOON + end_s, *known)


def ask(engine: Any, town: Town, **more: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Pairs and evidence of a town by column."""
    found = engine.match(town.question(), town.source(), town.contact_rules(), known_at=KNOWN_AT, **more)
    return found.pairs.to_pylist(), found.evidence.to_pylist()


def one_case(*stays: StayRow, rules: tuple[Any, ...] = (shop_rule(),), window: tuple[int, int] = ALWAYS) -> Town:
    """Person 1 is the case, through the stays on record."""
    return Town(stays, ((1, *window),), (), rules)


def test_a_visit_that_ends_as_another_begins_is_not_a_meeting(engine: Engine) -> None:
    town = one_case(stay(1, 1, 0, 600), stay(2, 2, 600, 1200), stay(3, 3, -600, 0))
    assert ask(engine, town)[0] == []


def test_one_shared_second_is_a_meeting(engine: Engine) -> None:
    pairs, evidence = ask(engine, one_case(stay(1, 1, 0, 600), stay(2, 2, 599, 1200)))
    assert [(row["person"], row["overlap_s"], row["first_s"] - NOON, row["last_s"] - NOON) for row in pairs] == [
        (2, 1, 599, 600)
    ]
    assert [(row["case_stay"], row["stay"], row["place"], row["flags"]) for row in evidence] == [(1, 2, HUB, 0)]


def test_nobody_meets_himself_and_a_case_without_a_person_leaves_nobody_out(engine: Engine) -> None:
    own = one_case(stay(1, 1, 0, 600), stay(2, 1, 300, 900))
    assert ask(engine, own)[0] == []
    nobody = Town(own.stays, ((-1, *ALWAYS),), (CaseStay(0, -1, HUB, NOON, NOON + 600),), own.rules)
    assert [(row["person"], row["meetings"]) for row in ask(engine, nobody)[0]] == [(1, 2)]


def test_a_stay_across_midnight_is_one_stay(engine: Engine) -> None:
    night = stay(1, 1, 10 * 3600, 20 * 3600), stay(2, 2, 11 * 3600, 19 * 3600)
    assert [(row["overlap_s"], row["meetings"]) for row in ask(engine, one_case(*night))[0]] == [(8 * 3600, 1)]


def test_only_the_case_is_cut_to_its_window(engine: Engine) -> None:
    town = one_case(stay(1, 1, 0, 7200), stay(2, 2, -7200, 9000), window=(NOON + 600, NOON + 1200))
    pairs, evidence = ask(engine, town)
    assert [(row["overlap_s"], row["first_s"] - NOON, row["last_s"] - NOON) for row in pairs] == [(600, 600, 1200)]
    assert evidence[0]["stay"] == 2


def test_a_window_that_misses_every_stay_gives_nothing(engine: Engine) -> None:
    town = one_case(stay(1, 1, 0, 600), stay(2, 2, 0, 600), window=(NOON + 600, NOON + 1200))
    assert ask(engine, town)[0] == []


def test_told_stays_take_the_place_of_those_on_record(engine: Engine) -> None:
    town = one_case(stay(1, 1, 0, 600), stay(2, 2, 0, 600), stay(3, 3, 5000, 5600))
    told = town._replace(told=(CaseStay(0, -1, HUB, NOON + 5000, NOON + 5300),))
    pairs, evidence = ask(engine, told)
    assert [row["person"] for row in pairs] == [3]
    assert evidence[0]["case_stay"] == -1


def test_a_late_arrival_counts_within_the_lag_and_not_at_its_end(engine: Engine) -> None:
    rules = (shop_rule(lag_s=1800),)
    town = one_case(
        stay(1, 1, 0, 600), stay(2, 2, 600, 900), stay(3, 3, 2399, 3000), stay(4, 4, 2400, 3000), rules=rules
    )
    pairs, evidence = ask(engine, town)
    assert [(row["person"], row["overlap_s"], row["flags"]) for row in pairs] == [
        (2, 0, Flag.LAGGED),
        (3, 0, Flag.LAGGED),
    ]
    assert [(row["began_s"] - NOON, row["ended_s"] - NOON) for row in evidence] == [(600, 600), (2399, 2399)]


def test_a_rule_that_asks_for_minutes_has_no_lag(engine: Engine) -> None:
    town = one_case(stay(1, 1, 0, 600), stay(2, 2, 600, 900), rules=(shop_rule(lag_s=1800, min_overlap_s=1),))
    assert ask(engine, town)[0] == []


def test_minutes_count_per_stay_unless_the_rule_sums_them(engine: Engine) -> None:
    stays = stay(1, 1, 0, 3600), stay(2, 2, 0, 500), stay(3, 2, 1000, 1500)
    assert ask(engine, one_case(*stays, rules=(shop_rule(min_overlap_s=900),)))[0] == []
    summed = ask(engine, one_case(*stays, rules=(shop_rule(min_overlap_s=900, cumulative=True),)))[0]
    assert [(row["overlap_s"], row["meetings"]) for row in summed] == [(1000, 2)]
    assert ask(engine, one_case(*stays, rules=(shop_rule(min_overlap_s=1001, cumulative=True),)))[0] == []


def test_the_rule_in_force_when_the_meeting_began_decides(engine: Engine) -> None:
    change = NOON + 600
    rules = shop_rule(until_s=change, grade="general", order=1), shop_rule(from_s=change)
    town = one_case(stay(1, 1, 0, 7200), stay(2, 2, 599, 7200), stay(3, 3, 600, 7200), rules=rules)
    assert [(row["person"], row["rule"]) for row in ask(engine, town)[0]] == [(3, 1), (2, 0)]


def test_the_most_severe_rule_satisfied_is_the_pairs_rule_and_only_its_meetings_count(engine: Engine) -> None:
    rules = shop_rule(order=2), shop_rule(order=1, min_overlap_s=900)
    town = one_case(stay(1, 1, 0, 7200), stay(2, 2, 0, 300), stay(3, 2, 1000, 2000), rules=rules)
    pairs, evidence = ask(engine, town)
    assert [(row["rule"], row["order"], row["overlap_s"], row["meetings"]) for row in pairs] == [(1, 1, 1000, 1)]
    assert [row["stay"] for row in evidence] == [3]


RIDE = (NOON, NOON + 3600)
NEAR = shop_rule(place_kind=PLACES[TRAIN], same_zone=True, row_distance=3)
ABOARD = shop_rule(place_kind=PLACES[TRAIN], order=1)


def ride(*passengers: StayRow, spots: tuple[Spot, ...], rules: tuple[Any, ...] = (NEAR, ABOARD)) -> Town:
    """A case in a train, told by a notice."""
    return Town(passengers, ((-1, *ALWAYS),), (CaseStay(0, -1, TRAIN, *RIDE, spots),), rules)


def passenger(number: int, zone: int, row: int) -> StayRow:
    """Somebody aboard for the whole ride."""
    return stay(number, number, 0, 3600, place=TRAIN, zone=zone, row=row)


def test_three_rows_before_and_behind_are_near_and_the_fourth_is_not(engine: Engine) -> None:
    aboard = [passenger(row, 2, row) for row in (4, 5, 8, 11, 12)]
    pairs, _ = ask(engine, ride(*aboard, spots=(Spot(2, 8, 8),)))
    assert {row["person"]: row["rule"] for row in pairs} == {4: 1, 5: 0, 8: 0, 11: 0, 12: 1}


def test_the_same_row_in_another_carriage_is_not_near(engine: Engine) -> None:
    pairs, _ = ask(engine, ride(passenger(2, 3, 8), spots=(Spot(2, 8, 8),)))
    assert [(row["rule"], row["flags"]) for row in pairs] == [(1, 0)]


def test_any_of_the_cases_spots_suffices_but_one_spot_must_hold_in_whole(engine: Engine) -> None:
    spots = Spot(2, 8, 8), Spot(3, 1, 2)
    pairs, _ = ask(engine, ride(passenger(2, 3, 5), passenger(3, 3, 8), spots=spots))
    assert {row["person"]: row["rule"] for row in pairs} == {2: 0, 3: 1}


@pytest.mark.parametrize(("zone", "row", "flags"), [(2, -1, 8), (-1, 8, 8), (-1, -1, 8), (3, -1, 0), (-1, 20, 0)])
def test_an_unknown_seat_falls_to_the_next_rule_and_says_so_unless_what_is_known_rules_it_out(
    engine: Engine, zone: int, row: int, flags: int
) -> None:
    pairs, evidence = ask(engine, ride(passenger(2, zone, row), spots=(Spot(2, 8, 8),)))
    assert [(found["rule"], found["flags"]) for found in pairs] == [(1, flags)]
    assert [found["flags"] for found in evidence] == [flags]


def test_a_notice_without_a_seat_leaves_the_seat_rule_open_for_everybody(engine: Engine) -> None:
    pairs, _ = ask(engine, ride(passenger(2, 2, 8), spots=()))
    assert [(found["rule"], found["flags"]) for found in pairs] == [(1, Flag.SEAT_UNKNOWN)]


def test_a_zone_of_zero_is_known_to_be_none(engine: Engine) -> None:
    carriage = (shop_rule(place_kind=PLACES[TRAIN], same_zone=True), ABOARD)
    pairs, _ = ask(engine, ride(passenger(2, 0, -1), passenger(3, -1, -1), spots=(Spot(0, -1, -1),), rules=carriage))
    assert {row["person"]: (row["rule"], row["flags"]) for row in pairs} == {2: (0, 0), 3: (1, Flag.SEAT_UNKNOWN)}


def test_flags_of_either_stay_reach_the_pair(engine: Engine) -> None:
    town = one_case(stay(1, 1, 0, 3600, flags=int(Flag.OVER_LONG)), stay(2, 2, 0, 60), stay(3, 2, 900, 960, flags=1))
    pairs, evidence = ask(engine, town)
    assert [row["flags"] for row in pairs] == [Flag.OVER_LONG | Flag.OPEN_END]
    assert [row["flags"] for row in evidence] == [Flag.OVER_LONG, Flag.OVER_LONG | Flag.OPEN_END]


def test_pairs_come_by_severity_then_longest_then_person_and_top_cuts_there(engine: Engine) -> None:
    rules = shop_rule(min_overlap_s=900), shop_rule(order=1)
    others = [stay(n, n, 0, length) for n, length in ((5, 300), (4, 300), (3, 1200), (2, 1000), (6, 400))]
    town = one_case(stay(1, 1, 0, 3600), *others, rules=rules)
    assert [row["person"] for row in ask(engine, town)[0]] == [3, 2, 6, 4, 5]
    pairs, evidence = ask(engine, town, top=2)
    assert [row["person"] for row in pairs] == [row["person"] for row in evidence] == [3, 2]


def test_no_rule_no_case_or_no_stay_gives_an_empty_answer_of_the_same_form(engine: Any) -> None:
    town = one_case(stay(1, 1, 0, 600), stay(2, 2, 0, 600))
    for less in (town._replace(rules=()), town._replace(cases=()), town._replace(stays=())):
        found = engine.match(less.question(), less.source(), ContactRules.of(less.rules), known_at=KNOWN_AT)
        assert len(found) == 0
        assert found.evidence is not None
        assert found.evidence.num_rows == 0
