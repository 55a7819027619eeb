"""The passenger manifest: planted relations hold, the slow reference engine agrees with the list, and nobody else is near."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from sizao.drills.manifest import Manifest, Ticket, passenger_manifest, relation
from sizao.exposure.cases import Cases, CaseStay
from sizao.exposure.cases import Spot as EngineSpot
from sizao.exposure.contact_rules import ContactRule, ContactRules
from sizao.exposure.place_kinds import PlaceKind
from sizao.exposure.reference import Reference
from sizao.exposure.source import Snapshot
from sizao.exposure.stays import VISIBLE_SCHEMA, Flag
from sizao.facts.kinds import DataClass, FactId, Grade, Ride, Spot, SubjectId
from sizao.facts.seats import zone_code
from sizao.when import OPEN, Instant

NOON = 1_579_579_200


def ride(number: int, run: str, kind: str, start_h: float, end_h: float, *spots: Spot) -> Ride:
    start, end = (Instant(int(NOON + hours * 3600)) for hours in (start_h, end_h))
    return Ride(
        id=FactId(f"ride-{number}"), subject=SubjectId(f"person:case{number}"), at=start, end=end, recorded_at=end,
        source="test", recorder="test", basis="test", data_class=DataClass.MOVEMENT, run=run, place_kind=kind, spots=spots,
    )  # fmt: skip


RIDES = (
    ride(1, "train:G508:2020-01-21", "train_sealed", 0, 4, Spot("5", 7, 7, "A")),
    ride(2, "train:G508:2020-01-21", "train_sealed", 3, 6, Spot("6", 2, 2, "C"), Spot("7")),
    ride(3, "train:K984:2020-01-21", "train_sealed", 10, 20),
    ride(4, "train:K984:2020-01-21", "train_sealed", 12, 14, Spot("18-9", None, None, "33下")),
    ride(5, "flight:CA1646:2020-01-21", "aircraft", 1, 3, Spot(None, 24, 30)),
    ride(6, "flight:CA1646:2020-01-21", "aircraft", 1, 3),
    ride(7, "ship:双泰36:2020-01-21", "ship", 0, 2, Spot("头等舱")),
)


@lru_cache(maxsize=1)
def manifest() -> Manifest:
    return passenger_manifest(RIDES, seed=3, n=2000)


def found_by_reference(made: Manifest) -> dict[tuple[int, str], tuple[str, int, bool]]:
    columns = made.columns()
    count = len(made.tickets)
    table: dict[str, Any] = {
        name: columns[name] for name in ("person", "kind", "start_s", "end_s", "zone", "row", "seat")
    }
    table |= {"stay": range(count), "place": columns["run"], "flags": [0] * count}
    at = {run: number for number, run in enumerate(made.runs())}
    stays = [
        CaseStay(number, -1, at[r.run], r.at, r.end, tuple(engine_spot(spot) for spot in r.spots))
        for number, r in enumerate(RIDES)
    ]
    cases = Cases.of([-1] * len(RIDES), [r.at for r in RIDES], [r.end for r in RIDES], stays)
    schema = pa.schema([VISIBLE_SCHEMA.field(name) for name in table])
    answer = Reference().match(
        cases, Snapshot(pa.table(table).cast(schema)), transport_rules(), known_at=OPEN, evidence=False
    )
    return {
        (row["person"], RIDES[row["case"]].subject): (
            "close" if row["order"] == 0 else "general", row["overlap_s"], bool(row["flags"] & Flag.SEAT_UNKNOWN),
        )
        for row in answer.pairs.to_pylist()
    }  # fmt: skip


def engine_spot(spot: Spot) -> EngineSpot:
    low = -1 if spot.row_lo is None else spot.row_lo
    return EngineSpot(zone_code(spot.zone), low, low if spot.row_hi is None else spot.row_hi)


def transport_rules() -> ContactRules:
    def rule(kind: PlaceKind, grade: str, order: int, *, zone: bool = False, rows: int = -1) -> ContactRule:
        return ContactRule(
            rule_id=f"{kind}-{grade}", grade=grade, place_kind=kind, from_s=Instant(0), until_s=OPEN, min_overlap_s=0,
            same_zone=zone, row_distance=rows, order=order,
        )  # fmt: skip

    kinds = (PlaceKind.TRAIN_SEALED, PlaceKind.SHIP, PlaceKind.AIRCRAFT)
    close = [rule(kind, "close", 0, zone=True) for kind in kinds[:2]] + [rule(kinds[2], "close", 0, rows=3)]
    return ContactRules.of([*close, *(rule(kind, "general", 1) for kind in kinds)])


def test_the_reference_finds_the_planted_passengers_and_nobody_else() -> None:
    expected = {
        (line.ticket, str(line.case)): (str(line.grade), line.overlap_s, line.seat_unknown)
        for line in manifest().expected
    }
    assert found_by_reference(manifest()) == expected


@pytest.mark.parametrize(
    ("why", "grade"),
    [("same carriage", Grade.CLOSE), ("0 rows away", Grade.CLOSE), ("3 rows away", Grade.CLOSE), ("row unknown", Grade.GENERAL)],
)  # fmt: skip
def test_what_was_planted_comes_out_as_planted(why: str, grade: Grade) -> None:
    own = {(line.ticket, line.case): line.grade for line in manifest().expected}
    planted = [n for n, ticket in enumerate(manifest().tickets) if ticket.why == why]
    assert planted
    for number in planted:
        assert grade in {g for (n, _), g in own.items() if n == number}


def test_four_rows_away_is_general_and_boarding_as_the_case_alights_is_nothing() -> None:
    flight, train = RIDES[4], RIDES[0]
    four = Ticket(flight.run, flight.place_kind, flight.at, flight.end, Spot(None, 34, 34))
    assert relation(four, flight) == (Grade.GENERAL, 7200, False)
    later = Ticket(train.run, train.place_kind, train.end, Instant(train.end + 60), Spot("5"))
    assert relation(later, train) is None


def test_near_misses_are_there_and_are_not_expected() -> None:
    expected = {line.ticket for line in manifest().expected}
    assert manifest().misses
    assert not expected & set(manifest().misses)
    boarded = [n for n, ticket in enumerate(manifest().tickets) if ticket.why.startswith("boarded as")]
    assert set(boarded) & set(manifest().misses)


def test_other_runs_are_never_those_of_a_case_but_share_their_numbers() -> None:
    own = {r.run for r in RIDES}
    others = {ticket.run for ticket in manifest().tickets if not ticket.why}
    assert not own & others
    assert any(run.startswith("train:G508:") for run in others)
    assert len(manifest().tickets) == 2000


def test_the_file_has_a_row_per_ticket_and_leaves_the_unknown_empty(tmp_path: Path) -> None:
    path = tmp_path / "manifest.csv"
    manifest().write_csv(path)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2000
    unknown = next(n for n, ticket in enumerate(manifest().tickets) if ticket.spot == Spot())
    assert rows[unknown]["carriage"] == rows[unknown]["seat"] == ""
    assert rows[0]["number"] == "G508"
    assert rows[0]["departs"].endswith("Z")


def test_too_few_tickets_are_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        passenger_manifest(RIDES, seed=3, n=10)
