"""Rides of cases as notices publish them: each row becomes a ride on a named run with its interval and spots, or a
refusal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sizao.errors import FactsError, Where
from sizao.facts.kinds import DataClass, Fact, Ride, Spot, SubjectId
from sizao.facts.record import named
from sizao.facts.runs import PLACE_KINDS, RideClaim, Timetable
from sizao.facts.seats import Note, Seat, read_seat, with_compartments
from sizao.facts.trips import Run, Trip, TripText, read_trip, runs_of
from sizao.when import Instant, local_day, parse_day

_SEATED_ONLY = ("G", "C", "S")
"""Trains that have no soft sleepers."""


class RideRow(NamedTuple):
    """The cells of one reported ride; `row` is its row in the file and `who` the person it is about, where that is
    told.
    """

    row: int
    trip: TripText
    carriage: str = ""
    seat: str = ""
    who: str = ""


class ReadRide(NamedTuple):
    """A ride that could be read. `same_as` is the row of an earlier report of the same seat on the same journey."""

    row: int
    who: str
    trip: Trip
    run: Run
    seat: Seat
    boarded: str
    alighted: str
    same_as: int | None = None

    @property
    def flags(self) -> tuple[str, ...]:
        """What had to be assumed about the times, the run and the seat."""
        unread = ("seat.unread",) if self.seat.unread else ()
        codes = (*self.run.flags, *(note.code for note in self.seat.notes), *unread)
        return tuple(dict.fromkeys(codes))


class RefusedRide(NamedTuple):
    """A row that was not taken, the column and value it failed at, and why."""

    row: int
    column: str
    value: str
    error: FactsError


class Rides(NamedTuple):
    """All rows of a file of rides: `read` and `refused` together are the rows."""

    read: list[ReadRide]
    refused: list[RefusedRide]

    @property
    def joined(self) -> int:
        """How many of the read rows report a seat that an earlier row reported."""
        return sum(ride.same_as is not None for ride in self.read)

    @property
    def claims(self) -> tuple[RideClaim, ...]:
        """What these reports say towards the naming of runs, for `TicketOptions.beside`."""
        return tuple(ride.trip.claim for ride in self.read)


class Provenance(NamedTuple):
    """What every fact of an import carries."""

    recorded_at: Instant
    source: str
    recorder: str
    basis: str
    salt: bytes = b""


def read_rides(
    rows: Sequence[RideRow],
    *,
    formats: Sequence[str] = (),
    zone: str = "Asia/Shanghai",
    timetable: Timetable | None = None,
    beside: Sequence[RideClaim] = (),
) -> Rides:
    """Read all rides together, since one report may tell on which day another's run began."""
    taken: list[tuple[RideRow, Trip, Seat]] = []
    refused: list[RefusedRide] = []
    for row in rows:
        seat = read_seat(row.carriage, row.seat, row.trip.vehicle)
        arrival_unknown = any(note.code == "seat.arrival_unknown" for note in seat.notes)
        try:
            trip = read_trip(row.trip, formats, zone, arrival_unknown=arrival_unknown)
        except FactsError as refusal:
            refused.append(_refused(row, refusal))
            continue
        if trip.vehicle != row.trip.vehicle:
            seat = read_seat(row.carriage, row.seat, trip.vehicle)
        taken.append((row, trip, seat))
    runs = runs_of([trip for _, trip, _ in taken], timetable, beside)
    return Rides(_joined(taken, runs), refused)


def _refused(row: RideRow, refusal: FactsError) -> RefusedRide:
    column = refusal.where.column or ""
    error = FactsError(refusal.code, where=Where(row=row.row, column=column), **refusal.slots)
    return RefusedRide(row.row, column, str(getattr(row.trip, column, "")), error)


def _joined(taken: Sequence[tuple[RideRow, Trip, Seat]], runs: Sequence[Run]) -> list[ReadRide]:
    """Two reports of one seat from and to the same stations on one run are one passenger's, when no person is named."""
    first: dict[tuple[object, ...], int] = {}
    read = []
    for (row, trip, seat), run in zip(taken, runs, strict=True):
        same_as = None
        if not row.who and seat.spots and all(spot.seat for spot in seat.spots):
            key = (run.names[0], row.trip.boarded, row.trip.alighted, seat.spots)
            same_as = first.setdefault(key, row.row)
            same_as = None if same_as == row.row else same_as
        read.append(ReadRide(row.row, row.who, trip, run, seat, row.trip.boarded, row.trip.alighted, same_as))
    return read


def ride_facts(ride: ReadRide, subject: SubjectId, given: Provenance) -> list[Fact]:
    """The facts of a ride: one for each run it may have been on."""
    return [
        named(
            Ride, salt=given.salt, subject=subject, at=ride.trip.times.start, end=ride.trip.times.end, run=name,
            place_kind=PLACE_KINDS[ride.trip.vehicle], boarded=ride.boarded or None, alighted=ride.alighted or None,
            spots=spots_of(ride), role=ride.seat.role, run_basis=ride.run.basis, precision=ride.trip.times.precision,
            flags=ride.flags, recorded_at=given.recorded_at, source=given.source, recorder=given.recorder, basis=given.basis,
            data_class=DataClass.MOVEMENT,
        )
        for name in ride.run.names
    ]  # fmt: skip


def spots_of(ride: ReadRide) -> tuple[Spot, ...]:
    """The spots of a case: on a train that may have soft sleepers, a carriage without a seat may be any compartment
    of it.
    """
    if ride.trip.vehicle != "train" or ride.trip.number.main.startswith(_SEATED_ONLY):
        return ride.seat.spots
    standing = any(note.code == "seat.standing" for note in ride.seat.notes)
    return ride.seat.spots if standing else with_compartments(ride.seat.spots)


def claims_of(facts: Iterable[Fact], zone: str) -> tuple[RideClaim, ...]:
    """What rides that are on record say towards the naming of runs in a manifest."""
    claims = []
    for fact in facts:
        if isinstance(fact, Ride) and fact.run.count(":") == 2:
            vehicle, number, day = fact.run.split(":")
            service_day = parse_day(day) if fact.run_basis != "boarding-day" else None
            boarding = local_day(fact.at, zone)
            claims.append(RideClaim(vehicle, number, fact.boarded, boarding, fact.at, fact.end, service_day))
    return tuple(claims)


def notes_of(ride: ReadRide) -> tuple[Note, ...]:
    """The seat's notes with their texts, cells that could not be read included."""
    return (*ride.seat.notes, *(Note("seat.unread", text) for _, text in ride.seat.unread))
