"""Why somebody is not a contact: the nearest miss, with its numbers and its two stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sizao.errors import ExposureError
from sizao.exposure.cases import Cases, CaseStay, Spot
from sizao.exposure.contact_rules import ContactRule, ContactRules
from sizao.exposure.place_kinds import PlaceKind
from sizao.exposure.store import StayStore
from sizao.exposure.why_not import Miss, WhyNot, why_not
from sizao.words import Lang, say
from tests.exposure.stores import DAY, HOUR, LATER, T, rows, rule, store_of

TRAIN = PlaceKind.TRAIN_SEALED
NEAR = rule(kind=TRAIN, same_zone=True, row_distance=3)


def why(store: StayStore, *rules: ContactRule, told: tuple[CaseStay, ...] = (), until: int = LATER) -> WhyNot:
    """Why person 2 is not a contact of person 1."""
    cases = Cases.of([9, 1], [T, T], [LATER, until], told)
    found = why_not(cases, 1, 2, store, ContactRules.of(rules), known_at=LATER)
    slots: dict[str, Any] = dict(found.slots)
    for lang in Lang:
        assert say(found.miss, lang, **slots)
    return found


def test_too_short_by_how_much_and_the_nearest_meeting_is_named(tmp_path: Path) -> None:
    store = store_of(tmp_path, rows((1, 1, 5, 0, HOUR), (2, 2, 5, 0, 60), (3, 2, 5, 600, 1300)))
    found = why(store, rule(900))
    assert (found.miss, found.case_stay, found.stay, found.rule) == (Miss.TOO_SHORT, 1, 3, 0)
    assert (found.slots["minutes"], found.slots["needed_minutes"], found.slots["short"]) == (11, 15, 200)


def test_a_sum_that_does_not_suffice_tells_the_sum(tmp_path: Path) -> None:
    store = store_of(tmp_path, rows((1, 1, 5, 0, HOUR), (2, 2, 5, 0, 300), (3, 2, 5, 600, 900)))
    found = why(store, rule(900, cumulative=True))
    assert (found.miss, found.slots["overlap_s"]) == (Miss.TOO_SHORT, 600)


def test_another_time_by_how_many_seconds(tmp_path: Path) -> None:
    store = store_of(tmp_path, rows((1, 1, 5, 0, HOUR), (2, 2, 5, 2 * HOUR, 3 * HOUR), (3, 2, 5, 9 * HOUR, 10 * HOUR)))
    found = why(store, rule())
    assert (found.miss, found.stay, found.slots["gap_s"]) == (Miss.OTHER_TIME, 2, HOUR)


def test_outside_the_window_tells_when(tmp_path: Path) -> None:
    store = store_of(tmp_path, rows((1, 1, 5, DAY, DAY + HOUR), (2, 2, 5, DAY, DAY + HOUR), (3, 1, 6, 0, 60)))
    found = why(store, rule(), until=T + HOUR)
    assert (found.miss, found.slots["began_s"]) == (Miss.OUTSIDE_WINDOW, T + DAY)


def ride(zone: int, row: int, folder: Path) -> StayStore:
    """Person 2 on the train, there."""
    return store_of(folder, rows((2, 2, 5, 0, HOUR), kind=TRAIN, zone=[zone], row=[row]))


@pytest.mark.parametrize(
    ("zone", "row", "miss", "rows_apart"),
    [(8, 16, Miss.ROW_TOO_FAR, 4), (9, 10, Miss.OTHER_ZONE, None), (8, -1, Miss.SEAT_UNKNOWN, None)],
)
def test_seats(tmp_path: Path, zone: int, row: int, miss: Miss, rows_apart: int | None) -> None:
    told = CaseStay(1, -1, 5, T, T + HOUR, (Spot(8, 10, 12),))
    found = why(ride(zone, row, tmp_path), NEAR, told=(told,))
    assert (found.miss, found.case_stay, found.slots.get("rows")) == (miss, -1, rows_apart)


def test_no_rule_for_this_kind_of_place_that_day(tmp_path: Path) -> None:
    store = store_of(tmp_path, rows((1, 1, 5, 0, HOUR), (2, 2, 5, 0, HOUR)))
    assert why(store, rule(kind=PlaceKind.WARD)).miss is Miss.NO_RULE
    assert why(store).miss is Miss.NO_RULE


def test_after_the_lag(tmp_path: Path) -> None:
    store = store_of(tmp_path, rows((1, 1, 5, 0, HOUR), (2, 2, 5, 2 * HOUR, 3 * HOUR)))
    found = why(store, rule(lag_s=1800))
    assert (found.miss, found.slots["late_s"], found.slots["lag_s"]) == (Miss.CAME_TOO_LATE, HOUR, 1800)


def test_other_places_no_stays_and_a_contact_after_all(tmp_path: Path) -> None:
    apart = store_of(tmp_path / "a", rows((1, 1, 5, 0, HOUR), (2, 2, 6, 0, HOUR)))
    assert why(apart, rule()).miss is Miss.OTHER_PLACES
    assert why(store_of(tmp_path / "b", rows((1, 1, 5, 0, HOUR))), rule()).miss is Miss.NO_STAYS
    together = store_of(tmp_path / "c", rows((1, 1, 5, 0, HOUR), (2, 2, 5, 0, HOUR)))
    found = why(together, rule())
    assert (found.miss, found.stay, found.rule) == (Miss.NONE, 2, 0)


def test_a_case_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExposureError, match="E113"):
        why_not(Cases.of([1], [T], [LATER]), 1, 2, store_of(tmp_path), ContactRules.of([]), known_at=LATER)
