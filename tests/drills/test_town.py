"""The synthetic town: the same from the same seed, and with the traits that make matching hard."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sizao.drills.town import KINDS, Town, TownPlan, build_town, stays
from sizao.when import DAY_S, Instant

START = Instant(1_626_624_000 - 8 * 3600)
PLAN = TownPlan(persons=4000, start_s=START, days=14, block=1500)

Columns = dict[str, NDArray[Any]]


def town_of(seed: int) -> Town:
    return build_town(PLAN, np.random.default_rng(seed))


def lived(seed: int, plan: TownPlan = PLAN) -> Columns:
    town = build_town(plan, np.random.default_rng(seed))
    blocks = list(stays(town, np.random.default_rng(seed + 1)))
    names = ("person", "place", "start_s", "end_s")
    return {name: np.concatenate([getattr(block, name) for block in blocks]) for name in names}


@pytest.fixture(scope="module")
def life() -> Columns:
    return lived(7)


def test_the_same_seed_lives_the_same_days_and_another_seed_does_not(life: Columns) -> None:
    again, other = lived(7), lived(8)
    assert all(np.array_equal(life[name], again[name]) for name in life)
    assert not np.array_equal(life["place"][:1000], other["place"][:1000])


def test_nobody_is_in_two_places_at_once_and_every_stay_lasts(life: Columns) -> None:
    order = np.lexsort((life["start_s"], life["person"]))
    person, start, end = life["person"][order], life["start_s"][order], life["end_s"][order]
    same = person[1:] == person[:-1]
    assert (end > start).all()
    assert (end[:-1] <= start[1:])[same].all()


def test_a_day_has_seven_stays_and_the_nights_cross_midnight(life: Columns) -> None:
    days = (life["start_s"] - START) // DAY_S
    last = (life["end_s"] - 1 - START) // DAY_S
    assert len(life["person"]) == pytest.approx(PLAN.persons * PLAN.days * 7, rel=0.003)
    assert np.mean(days != last) == pytest.approx(1 / 7, abs=0.005)
    assert days.min() == 0
    assert days.max() == PLAN.days - 1


def test_some_stay_for_days_but_none_beyond_five_nights(life: Columns) -> None:
    length = life["end_s"] - life["start_s"]
    assert (length > 2 * DAY_S).any()
    assert length.max() <= 5 * DAY_S + DAY_S // 2


def test_places_have_a_long_tail_and_a_hub_that_draws_a_crowd(life: Columns) -> None:
    visits = np.sort(np.bincount(life["place"], minlength=town_of(7).places))[::-1]
    assert visits[0] > 200 * np.median(visits)
    assert visits[:20].sum() > 0.1 * visits.sum()


def test_a_larger_city_has_more_hubs_not_larger_ones() -> None:
    small, large = (
        build_town(TownPlan(persons=n, start_s=START), np.random.default_rng(1)) for n in (100_000, 1_000_000)
    )
    hub = KINDS.index(KINDS[-1])
    crowd = [np.diff(town.popularity[hub], prepend=0).max() * town.plan.persons for town in (small, large)]
    assert crowd[1] < 2 * crowd[0]
    assert len(large.popularity[hub]) == pytest.approx(10 * len(small.popularity[hub]), rel=0.1)


def test_everybody_sleeps_at_home_and_workers_go_to_their_own_work(life: Columns) -> None:
    town = town_of(7)
    nights = (life["end_s"] - START) // DAY_S > (life["start_s"] - START) // DAY_S
    assert (life["place"][nights] == town.home[life["person"][nights]]).all()
    office = KINDS.index(KINDS[1])
    at_work = (life["place"] >= town.kind_first[office]) & (life["place"] < town.kind_first[office + 1])
    assert (life["place"][at_work] == town.base[life["person"][at_work]]).all()


def test_a_place_is_called_by_its_kind_and_number() -> None:
    town = town_of(7)
    assert town.place_name(0) == "dwelling:1"
    assert town.place_name(town.places - 1).startswith("station:")
    assert len(town.place_kind()) == town.places
