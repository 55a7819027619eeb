"""One notice, all the way: contacts by the rule of the day, the second ring by its own, and nobody else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sizao.facts.kinds import Admitted, Fact, Grade, Ride, Setting, Spot, Stay, SubjectId
from sizao.rules.timeline import State
from sizao.rules.timeline import at as read_at
from sizao.tracing.acting import who_must_act
from sizao.tracing.folder import StayFolder
from sizao.tracing.rematch import rematch
from sizao.tracing.trace import Traced, trace
from tests.tracing.people import CASE, fact, notice
from tests.tracing.towns import at, batch, ground, named

FAMILY, COLLEAGUE, SHOPPER = SubjectId("person:家人"), SubjectId("person:同事"), SubjectId("person:顾客")
KNOWN = at("2021-07-27T09:00")

TOWN = [
    (CASE, "home:1", "dwelling", "2021-07-23T20:00", "2021-07-24T08:00"),
    (FAMILY, "home:1", "dwelling", "2021-07-23T19:00", "2021-07-24T07:00"),
    (FAMILY, "office:9", "office", "2021-07-24T09:00", "2021-07-24T17:00"),
    (COLLEAGUE, "office:9", "office", "2021-07-24T10:00", "2021-07-24T12:00"),
    (CASE, "mall:1", "shop", "2021-07-24T10:00", "2021-07-24T11:00"),
    (SHOPPER, "mall:1", "shop", "2021-07-24T10:30", "2021-07-24T10:40"),
    ("person:早一步", "mall:1", "shop", "2021-07-24T09:00", "2021-07-24T10:00"),
    (CASE, "home:1", "dwelling", "2021-07-20T20:00", "2021-07-21T06:00"),
    ("person:早几天", "home:1", "dwelling", "2021-07-20T19:00", "2021-07-21T07:00"),
]


@pytest.fixture
def town(tmp_path: Path) -> Path:
    StayFolder.open(tmp_path).add(named(TOWN), batch=batch("town"))
    return tmp_path


def infected(sampled: str = "2021-07-26T09:00") -> dict[SubjectId, tuple[Fact, ...]]:
    return {CASE: (notice("2021-07-26T18:00", positive_sampled_at=at(sampled)),)}


def found(traced: Traced) -> set[tuple[SubjectId, Grade, int]]:
    return {(row.person, row.grade, row.minutes) for row in traced.contacts}


def test_everyone_exposed_is_found_with_minutes_and_nobody_else(town: Path) -> None:
    traced = trace(infected(), ground(town), known_at=KNOWN)
    assert found(traced) == {
        (FAMILY, Grade.CLOSE, 660),
        (COLLEAGUE, Grade.SECONDARY, 120),
        (SHOPPER, Grade.GENERAL, 10),
    }
    assert traced.stays_read == len(TOWN)


def test_a_secondary_contact_names_the_close_contact_it_came_through(town: Path) -> None:
    traced = trace(infected(), ground(town), known_at=KNOWN)
    (secondary,) = [row.exposure for row in traced.contacts if row.grade is Grade.SECONDARY]
    assert (secondary.via, secondary.case) == (FAMILY, CASE)
    assert [upstream.subject for upstream in traced.dossiers[COLLEAGUE].upstream] == [FAMILY]


def test_years_later_the_second_ring_is_still_judged_by_the_rule_of_its_day(town: Path) -> None:
    traced = trace(infected(), ground(town), known_at=at("2026-11-23T09:00"))
    assert (COLLEAGUE, Grade.SECONDARY, 120) in found(traced)


def test_the_second_ring_stops_when_the_close_contact_is_isolated(town: Path) -> None:
    isolated = fact(Admitted, "in", "2021-07-24T09:30", subject=FAMILY, setting=Setting.CENTRAL, place="site:1")
    traced = trace(infected(), ground(town, {FAMILY: (isolated,)}), known_at=KNOWN)
    assert {row.person for row in traced.contacts} == {FAMILY, SHOPPER}


def test_where_the_rule_takes_only_higher_risk_close_contacts_none_is_taken_by_software(tmp_path: Path) -> None:
    moved = [(*row[:3], row[3].replace("2021", "2022"), row[4].replace("2021", "2022")) for row in TOWN]
    StayFolder.open(tmp_path).add(named(moved), batch=batch("town", "2022-07-26T00:00"))
    told = {CASE: (notice("2022-07-26T18:00", positive_sampled_at=at("2022-07-25T09:00")),)}
    traced = trace(told, ground(tmp_path, packs=("cn-covid19-9",)), known_at=at("2022-07-27T09:00"))
    assert Grade.SECONDARY not in {row.grade for row in traced.contacts}
    assert FAMILY in {row.person for row in traced.contacts}


def test_a_match_gives_a_preliminary_standing_that_ends_and_a_duty_to_confirm(town: Path) -> None:
    traced = trace(infected(), ground(town), known_at=KNOWN)
    now = read_at(traced.timelines[FAMILY], KNOWN)
    assert now.standing is not None
    assert now.standing.preliminary
    assert now.standing.end <= KNOWN + 24 * 3600
    assert {(duty.code, state) for duty, state in now.duties} == {
        ("confirm-match", State.DUE),
        ("tell-contact", State.DUE),
    }
    later = read_at(traced.timelines[FAMILY], at("2021-07-28T09:01"))
    assert later.standing is not None
    assert not later.standing.preliminary
    assert [line.duty for line in who_must_act(traced.timelines.values(), at("2021-07-28T09:01")) if line.overdue] != []


def test_stays_recorded_later_are_not_known_earlier(town: Path) -> None:
    late = [("person:迟报", "home:1", "dwelling", "2021-07-23T21:00", "2021-07-23T22:00")]
    StayFolder.open(town).add(named(late), batch=batch("late", "2021-07-27T10:00"))
    assert "person:迟报" not in {row.person for row in trace(infected(), ground(town), known_at=KNOWN).contacts}
    later = trace(infected(), ground(town), known_at=at("2021-07-27T11:00"))
    assert "person:迟报" in {row.person for row in later.contacts}


def test_a_row_told_twice_is_one_stay(town: Path) -> None:
    receipt = StayFolder.open(town).add(named(TOWN[:3]), batch=batch("again", "2021-07-26T01:00"))
    assert receipt.duplicates == 3
    assert found(trace(infected(), ground(town), known_at=KNOWN)) == found(
        trace(infected(), ground(town), known_at=KNOWN)
    )
    assert trace(infected(), ground(town), known_at=KNOWN).stays_read == len(TOWN)


def test_a_changed_onset_adds_and_withdraws_exactly_what_a_fresh_run_would(town: Path) -> None:
    before = trace(infected("2021-07-26T09:00"), ground(town), known_at=KNOWN)
    after = trace(infected("2021-07-24T09:00"), ground(town), known_at=KNOWN)
    changes = rematch(
        before.exposures, after.exposures, now=at("2021-07-27T10:00"), recorder="流调员甲", why="采样日更正"
    )
    kept = {each.id for each in before.exposures} - {each.corrects for each in changes.withdrawn}
    assert kept | {each.id for each in changes.added} == {each.id for each in after.exposures}
    assert {each.subject for each in changes.added} >= {SubjectId("person:早几天")}


def test_a_ride_told_by_a_notice_meets_the_tickets_of_its_carriage_only(tmp_path: Path) -> None:
    run = "train:G9999:2021-07-25"
    tickets = [
        ("person:同车厢", run, "train_sealed", "2021-07-25T10:00", "2021-07-25T12:00"),
        ("person:别车厢", run, "train_sealed", "2021-07-25T10:00", "2021-07-25T12:00"),
        ("person:后上车", run, "train_sealed", "2021-07-25T12:00", "2021-07-25T13:00"),
        ("person:座位不详", run, "train_sealed", "2021-07-25T10:00", "2021-07-25T12:00"),
    ]
    StayFolder.open(tmp_path).add(
        named(tickets, {0: (5, 3), 1: (6, 3), 2: (5, 3), 3: (-1, -1)}), batch=batch("tickets")
    )
    ride = fact(
        Ride,
        "ride",
        "2021-07-25T09:30",
        run=run,
        place_kind="train_sealed",
        end=at("2021-07-25T12:00"),
        spots=(Spot("5"),),
    )
    traced = trace({CASE: (*infected()[CASE], ride)}, ground(tmp_path), known_at=KNOWN, secondary=False)
    assert {(row.person, row.grade, row.exposure.flags) for row in traced.contacts} == {
        ("person:同车厢", Grade.CLOSE, ()),
        ("person:别车厢", Grade.GENERAL, ()),
        ("person:座位不详", Grade.GENERAL, ("seat_unknown",)),
    }
    assert all(row.exposure.case_told == ("ride",) for row in traced.contacts)


def test_the_name_of_an_exposure_does_not_depend_on_who_else_was_asked_about(town: Path) -> None:
    told = fact(Stay, "told", "2021-07-24T10:00", place="mall:1", place_kind="shop", end=at("2021-07-24T11:00"))
    alone = trace({CASE: (*infected()[CASE], told)}, ground(town), known_at=KNOWN, secondary=False)
    other = SubjectId("person:病例二")
    second = replace(notice("2021-07-26T17:00", positive_sampled_at=at("2021-07-26T08:00")), subject=other)
    more = replace(told, id="told-2", subject=other)
    both = trace(
        {other: (second, more), CASE: (*infected()[CASE], told)}, ground(town), known_at=KNOWN, secondary=False
    )

    def of_case(traced: Traced) -> set[str]:
        return {each.id for each in traced.exposures if each.case == CASE}

    assert of_case(alone) <= of_case(both)
    assert len(of_case(alone)) > 0
