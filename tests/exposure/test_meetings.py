"""Towns made by hand: what is a meeting, and what a rule makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from sizao.errors import ExposureError
from sizao.exposure.cases import Cases, CaseStay, Spot
from sizao.exposure.contact_rules import ContactRule, ContactRules
from sizao.exposure.embedded import Embedded
from sizao.exposure.engine import Exposures
from sizao.exposure.place_kinds import PlaceKind
from sizao.exposure.plan import RULES_PER_KIND
from sizao.exposure.stays import Flag
from sizao.exposure.store import StayStore
from sizao.when import Instant
from tests.exposure.stores import DAY, HOUR, LATER, Row, T, batch, rows, rule, store_of

CASE, OTHER = 1, 2
TRAIN = PlaceKind.TRAIN_SEALED


def ask(store: StayStore, *rules: ContactRule, told: Sequence[CaseStay] = (), top: int | None = None) -> Exposures:
    """Everybody whom person 1 exposed, ever."""
    cases = Cases.of([CASE], [T - 100 * DAY], [LATER], told)
    return Embedded(1).match(cases, store, ContactRules.of(rules), known_at=LATER, top=top)


def found(answer: Exposures, *columns: str) -> list[tuple[int, ...]]:
    """Some columns of the pairs, row by row."""
    return list(zip(*(answer.pairs.column(name).to_pylist() for name in columns), strict=True))


def met(folder: Path, mine: Row, other: Row, *rules: ContactRule) -> list[tuple[int, ...]]:
    """(overlap, first, last) of the pair, times from `T`, when person 1 and 2 each make one stay (place, start, end)."""
    store = store_of(folder, rows((1, CASE, *mine), (2, OTHER, *other)))
    return [(o, a - T, b - T) for o, a, b in found(ask(store, *rules), "overlap_s", "first_s", "last_s")]


def test_a_visit_that_ends_as_another_begins_is_not_a_meeting(tmp_path: Path) -> None:
    assert met(tmp_path / "a", (5, 0, 600), (5, 600, 900), rule()) == []
    assert met(tmp_path / "b", (5, 600, 900), (5, 0, 600), rule()) == []
    assert met(tmp_path / "c", (5, 0, 601), (5, 600, 900), rule()) == [(1, 600, 601)]


def test_people_at_other_places_do_not_meet(tmp_path: Path) -> None:
    assert met(tmp_path, (5, 0, 600), (6, 0, 600), rule()) == []


def test_a_night_across_midnight_meets_on_both_days(tmp_path: Path) -> None:
    night, early = (5, DAY - HOUR, DAY + 8 * HOUR), (5, DAY + 7 * HOUR, DAY + 9 * HOUR)
    assert met(tmp_path, night, early, rule()) == [(HOUR, DAY + 7 * HOUR, DAY + 8 * HOUR)]


def test_somebody_who_stayed_for_days_at_a_hub_is_met_and_the_crowd_before_is_not(tmp_path: Path) -> None:
    crowd = [(100 + k, 100 + k, 5, k * 600, k * 600 + 300) for k in range(700)]
    guard = (50, OTHER, 5, 0, 5 * DAY)
    store = store_of(tmp_path, rows(*crowd, guard), rows((1, CASE, 5, 4 * DAY, 4 * DAY + 600)))
    assert found(ask(store, rule()), "person", "overlap_s") == [(OTHER, 600), (676, 300)]


def test_arriving_within_the_lag_after_the_case_left_counts_only_in_that_direction(tmp_path: Path) -> None:
    lagging = rule(lag_s=1800)
    assert met(tmp_path / "a", (5, 0, 600), (5, 2399, 3000), lagging) == [(0, 2399, 2399)]
    assert met(tmp_path / "b", (5, 0, 600), (5, 2400, 3000), lagging) == []
    assert met(tmp_path / "c", (5, 2399, 3000), (5, 0, 600), lagging) == []
    assert met(tmp_path / "d", (5, 0, 600), (5, 601, 3000), rule(1, lag_s=1800)) == []


def test_minutes_count_per_stay_or_in_sum_as_the_rule_says(tmp_path: Path) -> None:
    told = [(1, CASE, 5, 0, 10 * HOUR)] + [(10 + k, OTHER, 5, k * HOUR, k * HOUR + 400) for k in range(3)]
    store = store_of(tmp_path, rows(*told))
    assert found(ask(store, rule(900)), "person") == []
    assert found(ask(store, rule(900, cumulative=True)), "overlap_s", "meetings") == [(1200, 3)]
    assert found(ask(store, rule(1201, cumulative=True)), "person") == []


def test_the_most_severe_rule_satisfied_is_the_pairs_and_counts_only_its_own_meetings(tmp_path: Path) -> None:
    told = [(1, CASE, 5, 0, 10 * HOUR), (2, OTHER, 5, 0, 500), (3, OTHER, 5, HOUR, HOUR + 1000)]
    store = store_of(tmp_path, rows(*told))
    close, general = rule(900, rule_id="close"), rule(0, rule_id="general", order=1)
    assert found(ask(store, general, close), "rule", "order", "overlap_s", "meetings") == [(1, 0, 1000, 1)]


def test_each_meeting_is_judged_by_the_rule_in_force_when_it_began(tmp_path: Path) -> None:
    old, new = rule(900, until_s=Instant(T + HOUR)), rule(300, from_s=Instant(T + HOUR))
    assert met(tmp_path / "a", (5, 0, 3 * HOUR), (5, HOUR - 1, HOUR + 500), old, new) == []
    assert met(tmp_path / "b", (5, 0, 3 * HOUR), (5, HOUR, HOUR + 500), old, new) == [(500, HOUR, HOUR + 500)]


def train(folder: Path, zone: int, row: int) -> StayStore:
    """Person 2 in that carriage and row, on the case's train."""
    return store_of(folder, rows((2, OTHER, 5, 0, HOUR), kind=TRAIN, zone=[zone], row=[row]))


RIDE = CaseStay(0, -1, 5, T, T + HOUR, (Spot(8, 10, 12), Spot(3, 1, 1)))


@pytest.mark.parametrize(
    ("zone", "row", "rules", "flags"),
    [
        (8, 15, [0], 0),
        (3, 4, [0], 0),
        (8, 16, [1], 0),
        (9, 10, [], None),
        (8, -1, [1], Flag.SEAT_UNKNOWN),
        (-1, -1, [], None),
    ],
)
def test_seats_decide_by_any_spot_of_the_notice_and_an_unknown_one_falls_to_the_next_rule(
    tmp_path: Path, zone: int, row: int, rules: list[int], flags: int | None
) -> None:
    near = rule(kind=TRAIN, same_zone=True, row_distance=3)
    carriage = rule(kind=TRAIN, same_zone=True, order=1)
    answer = ask(train(tmp_path, zone, row), near, carriage, told=[RIDE])
    assert answer.pairs.column("rule").to_pylist() == rules
    assert answer.pairs.column("flags").to_pylist() == ([] if flags is None else [flags])


def test_evidence_names_both_stays_and_a_ride_without_number_by_its_row(tmp_path: Path) -> None:
    answer = ask(train(tmp_path, 8, 10), rule(kind=TRAIN), told=[RIDE._replace(place=6), RIDE])
    assert answer.evidence is not None
    assert answer.evidence.to_pylist() == [
        {
            "case": 0, "person": OTHER, "case_stay": -2, "stay": 2, "place": 5, "began_s": T, "ended_s": T + HOUR,
            "overlap_s": HOUR, "rule": 0, "flags": 0,
        }
    ]  # fmt: skip


def test_a_case_nobody_knows_the_person_of_still_has_contacts(tmp_path: Path) -> None:
    cases = Cases.of([-1], [T], [LATER], [RIDE])
    store, rules = train(tmp_path, 8, 10), ContactRules.of([rule(kind=TRAIN)])
    answer = Embedded(1).match(cases, store, rules, known_at=LATER)
    assert answer.pairs.column("person").to_pylist() == [OTHER]


def test_only_the_window_of_the_case_exposes(tmp_path: Path) -> None:
    store = store_of(tmp_path, rows((1, CASE, 5, 0, 10 * HOUR), (2, OTHER, 5, 0, HOUR), (3, 3, 5, HOUR, 5 * HOUR)))
    cases = Cases.of([CASE], [T + HOUR], [T + 2 * HOUR])
    answer = Embedded(1).match(cases, store, ContactRules.of([rule()]), known_at=LATER)
    assert found(answer, "person", "overlap_s") == [(3, HOUR)]


def test_what_was_assumed_about_either_stay_shows_on_the_evidence(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    caps = {PlaceKind.SHOP: 2 * HOUR}
    store.append(rows((1, CASE, 5, 0, None), (2, OTHER, 5, 0, 3 * HOUR)), batch=batch("b"), caps=caps)
    assert found(ask(store, rule()), "flags", "overlap_s") == [(Flag.OPEN_END | Flag.OVER_LONG, 2 * HOUR)]


def test_contacts_come_by_severity_then_minutes_then_person_and_top_keeps_the_first(tmp_path: Path) -> None:
    others = [(10 + p, p, 5, 0, length) for p, length in ((9, 100), (4, 2000), (6, 100), (5, 950), (3, 950))]
    store = store_of(tmp_path, rows((1, CASE, 5, 0, HOUR), *others))
    rules = (rule(900), rule(order=1))
    assert found(ask(store, *rules), "person") == [(4,), (3,), (5,), (6,), (9,)]
    best = ask(store, *rules, top=2)
    assert best.evidence is not None
    assert best.evidence.column("person").to_pylist() == [4, 3]


def test_people_who_came_late_into_the_store_are_in_order_of_their_ids(tmp_path: Path) -> None:
    first, later = rows((1, 50, 5, 0, 60), (2, 70, 5, 0, 60)), rows((3, 60, 5, 0, 60), (4, 10, 5, 0, 60))
    store = store_of(tmp_path, rows((9, CASE, 5, 0, 60)), first, later)
    assert found(ask(store, rule()), "person") == [(10,), (50,), (60,), (70,)]


def test_no_rules_no_cases_and_no_stays_give_empty_answers(tmp_path: Path) -> None:
    store = store_of(tmp_path, rows((1, CASE, 5, 0, 60), (2, OTHER, 5, 0, 60)))
    assert len(ask(store)) == 0
    nobody: list[int] = []
    none = Embedded(2).match(Cases.of(nobody, nobody, nobody), store, ContactRules.of([rule()]), known_at=LATER)
    assert (len(none), none.evidence is not None and none.evidence.num_rows) == (0, 0)
    assert len(ask(store_of(tmp_path / "b"), rule())) == 0


def test_more_rules_for_one_kind_than_the_kernel_holds_are_refused_by_name(tmp_path: Path) -> None:
    store = store_of(tmp_path, rows((1, CASE, 5, 0, 60)))
    with pytest.raises(ExposureError, match="E121"):
        ask(store, *(rule() for _ in range(RULES_PER_KIND + 1)))
    assert len(ask(store, *(rule(order=k) for k in range(RULES_PER_KIND)))) == 0


@pytest.mark.parametrize(
    "wrong", [{"lag_s": -1}, {"from_s": 5, "until_s": 5}, {"row_distance": -2}, {"order": -1}, {"min_overlap_s": -1}]
)
def test_a_rule_that_cannot_hold_is_refused(wrong: dict[str, int]) -> None:
    told: dict[str, Any] = {"min_overlap_s": 0, **wrong}
    with pytest.raises(ExposureError, match="E120"):
        ContactRules.of([rule(**told)])


def test_the_digest_of_rules_changes_with_any_number() -> None:
    digests = {
        ContactRules.of([one]).digest for one in (rule(), rule(1), rule(lag_s=1), rule(order=1), rule(cumulative=True))
    }
    assert len(digests) == 5
    assert isinstance(ContactRules.of([rule()]).table(), pa.Table)
