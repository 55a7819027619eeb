"""The 836 published rides against a manifest that goes through a file, as a carrier's would: all planted, none extra."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from sizao.drills.manifest import passenger_manifest
from sizao.exposure.cases import Cases, CaseStay
from sizao.exposure.embedded import Embedded
from sizao.exposure.place_kinds import PlaceKind, kind_code
from sizao.exposure.source import Snapshot
from sizao.exposure.stays import VISIBLE_SCHEMA, Flag
from sizao.facts.folder import FolderStore
from sizao.facts.intake.importing import import_file
from sizao.facts.intake.mapping import Given
from sizao.facts.kinds import Ride
from sizao.facts.stay_columns import StayColumns
from sizao.when import OPEN, Instant
from tests.drills.test_manifest import engine_spot, transport_rules
from tests.outside import outside

GIVEN = Given(recorded_at=Instant(1_581_000_000), source="test", recorder="test", basis="test")

Found = dict[tuple[str, str], tuple[str, int, bool]]


@pytest.mark.outside
def test_the_published_rides_find_their_planted_passengers_and_nobody_else(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "facts")
    import_file(outside("rides_2020/rides.csv"), store, GIVEN)
    rides = [fact for fact in store.facts() if isinstance(fact, Ride)]
    made = passenger_manifest(rides, seed=7, n=12_000)
    made.write_csv(tmp_path / "manifest.csv")
    taken = import_file(tmp_path / "manifest.csv", None, GIVEN)
    assert (taken.rows, taken.refused, taken.joined) == (12_000, 0, 0)
    assert taken.stays is not None
    expected = {
        (made.person_name(line.ticket), str(line.case)): (str(line.grade), line.overlap_s, line.seat_unknown)
        for line in made.expected
    }
    assert len(expected) > 5_000
    assert found(rides, taken.stays) == expected


def found(rides: list[Ride], stays: StayColumns) -> Found:
    """What the embedded engine makes of the rides as cases and the manifest as stays."""
    kinds = np.array([kind_code(PlaceKind(kind)) for kind in stays.kinds])
    count = len(stays)
    columns = [
        np.arange(count), stays.person, stays.place, kinds[stays.place], stays.start_s, stays.end_s, stays.zone,
        stays.row_number, stays.seat, np.zeros(count, dtype=np.int64),
    ]  # fmt: skip
    table = pa.table(columns, names=VISIBLE_SCHEMA.names).cast(VISIBLE_SCHEMA)
    people = sorted({ride.subject for ride in rides})
    number = {name: at for at, name in enumerate(people)}
    place = {name: at for at, name in enumerate(stays.places)}
    told = [
        CaseStay(number[r.subject], -1, place[r.run], r.at, r.end, tuple(engine_spot(spot) for spot in r.spots))
        for r in sorted(rides, key=lambda ride: number[ride.subject])
        if r.run in place
    ]
    span = [min(ride.at for ride in rides)] * len(people), [max(ride.end for ride in rides)] * len(people)
    cases = Cases.of([-1] * len(people), *span, told)
    answer = Embedded().match(cases, Snapshot(table), transport_rules(), known_at=OPEN, evidence=False)
    return {
        (stays.persons[row["person"]], people[row["case"]]): (
            "close" if row["order"] == 0 else "general", row["overlap_s"], bool(row["flags"] & Flag.SEAT_UNKNOWN),
        )
        for row in answer.pairs.to_pylist()
    }  # fmt: skip
