"""A passenger manifest as stays: half a million tickets in seconds, each row a stay or a refusal.

The trip and the seat of a ticket repeat from passenger to passenger, so each different trip and each different seat
is read once and its numbers are spread over the rows. People and places stay names; who stores the stays gives them
numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sizao.errors import FactsError, Where
from sizao.facts.runs import PLACE_KINDS, RideClaim, Timetable
from sizao.facts.stay_columns import Ints, StayColumns, distinct, distinct_rows, first_of_each
from sizao.facts.ticket_seats import SeatCodes, read_seats
from sizao.facts.trips import Trip, TripText, read_trip, runs_of

NEEDED = ("person", "number")
"""The columns a manifest cannot do without; a day or a time is asked for row by row."""
SEAT_COLUMNS = ("carriage", "seat")
COLUMNS = ("person", *TripText._fields, *SEAT_COLUMNS)


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketOptions:
    """How a manifest is read: date formats beside ISO, the zone of its clocks, what is known of calls, claims of
    other reports (the cases' own rides) that help to name runs, and the kind of place of each vehicle where it is
    not the usual one.
    """

    formats: tuple[str, ...] = ()
    zone: str = "Asia/Shanghai"
    timetable: Timetable | None = None
    beside: tuple[RideClaim, ...] = ()
    place_kinds: Mapping[str, str] | None = None


class RefusedTicket(NamedTuple):
    """A row that was not taken: its row in the file, the column, the value, and why."""

    row: int
    column: str
    value: str
    error: FactsError


class TicketStays(NamedTuple):
    """The stays of a manifest. Of the `rows` read, `joined` repeat a ticket and `refused` were not taken; every
    other row has its stays, two where a ticket may belong to two runs. `notes` counts by code what had to be
    assumed; `unread` are seat cells (row, column, value) that could not be read, whose rows were taken without a
    seat.
    """

    stays: StayColumns
    rows: int
    joined: int
    refused: list[RefusedTicket]
    notes: dict[str, int]
    unread: list[tuple[int, str, str]]


class _Trips(NamedTuple):
    """Each different trip once: vehicle, place numbers of its runs, interval, flags; why it was refused, by its number."""

    vehicles: list[str]
    places: list[tuple[int, ...]]
    starts: Ints
    ends: Ints
    flags: list[tuple[str, ...]]
    refused: dict[int, FactsError]
    names: list[str]
    kinds: list[str]


def tickets_to_stays(
    columns: Mapping[str, Sequence[str]], rows: Sequence[int] | None = None, options: TicketOptions | None = None
) -> TicketStays:
    """The stays of a manifest given as columns of text, named as in `COLUMNS`; those it does not have may be left
    out. `rows` are the rows in the file, from 2 when not given. Refuses a manifest that lacks a needed column
    (F150).
    """
    if missing := [name for name in NEEDED if name not in columns]:
        raise FactsError("F150", missing=", ".join(missing), found=", ".join(columns))
    count = len(columns["person"])
    numbers: Ints = np.arange(2, count + 2) if rows is None else np.asarray(rows, dtype=np.int64)
    persons, person_of = distinct([name.strip() for name in columns["person"]])
    texts, trip_of = distinct_rows(columns, TripText._fields, count)
    cells, cell_of = distinct_rows(columns, SEAT_COLUMNS, count)
    trips = _read_trips([TripText(**text) for text in texts], options or TicketOptions())
    seats = read_seats([(cell.get("carriage", ""), cell.get("seat", "")) for cell in cells], trips.vehicles)
    seat_of = seats.of(trip_of, cell_of)

    refused = _refused(columns, numbers, trip_of, trips)
    taken = np.ones(count, dtype=bool)
    taken[[ticket.row for ticket in refused]] = False
    first = first_of_each(taken, (person_of, trip_of, seat_of))
    at, place = _spread(first, trip_of, trips)
    zone, row_number = seats.settled(place, seat_of[at])
    stays = StayColumns(
        file_row=numbers[at], person=person_of[at], place=place, start_s=trips.starts[trip_of[at]],
        end_s=trips.ends[trip_of[at]], zone=zone, row_number=row_number, seat=seats.seat[seat_of[at]],
        persons=persons, places=trips.names, kinds=trips.kinds,
    )  # fmt: skip
    return TicketStays(
        stays=stays, rows=count, joined=int(taken.sum()) - len(first),
        refused=[ticket._replace(row=int(numbers[ticket.row])) for ticket in refused],
        notes=_notes(trip_of[first], seat_of[first], trips, seats), unread=_unread(first, numbers, seat_of, seats),
    )  # fmt: skip


def _read_trips(texts: Sequence[TripText], options: TicketOptions) -> _Trips:
    trips: dict[int, Trip] = {}
    refused: dict[int, FactsError] = {}
    for index, text in enumerate(texts):
        try:
            trips[index] = read_trip(text, options.formats, options.zone)
        except FactsError as refusal:
            refused[index] = refusal
    runs = runs_of(list(trips.values()), options.timetable, options.beside)
    kinds = {**PLACE_KINDS, **(options.place_kinds or {})}
    places: list[tuple[int, ...]] = [()] * len(texts)
    flags: list[tuple[str, ...]] = [()] * len(texts)
    starts, ends = np.zeros(len(texts), dtype=np.int64), np.zeros(len(texts), dtype=np.int64)
    known: dict[str, int] = {}
    for (index, trip), run in zip(trips.items(), runs, strict=True):
        places[index] = tuple(known.setdefault(name, len(known)) for name in run.names)
        flags[index] = run.flags
        starts[index], ends[index] = trip.times.start, trip.times.end
    vehicles = [trips[index].vehicle if index in trips else "" for index in range(len(texts))]
    kind_of = [kinds[name.partition(":")[0]] for name in known]
    return _Trips(vehicles, places, starts, ends, flags, refused, list(known), kind_of)


def _refused(columns: Mapping[str, Sequence[str]], numbers: Ints, trip_of: Ints, trips: _Trips) -> list[RefusedTicket]:
    """The refused rows in order, with their position for a row."""
    out = np.fromiter((not name.strip() for name in columns["person"]), dtype=bool, count=len(numbers))
    bad_trips = np.zeros(len(trips.places), dtype=bool)
    bad_trips[list(trips.refused)] = True
    refusals = []
    for index in np.flatnonzero(out | bad_trips[trip_of]).tolist():
        row = int(numbers[index])
        error = trips.refused.get(int(trip_of[index]))
        column = "person" if error is None or out[index] else error.where.column or ""
        code, slots = ("F149", {}) if error is None or out[index] else (error.code, error.slots)
        placed = FactsError(code, where=Where(row=row, column=column), **slots)
        value = columns[column][index] if column in columns else ""
        refusals.append(RefusedTicket(index, column, value, placed))
    return refusals


def _spread(first: Ints, trip_of: Ints, trips: _Trips) -> tuple[Ints, Ints]:
    """For each stay the position of its row and its place: one stay for each run the trip may have been."""
    counts = np.array([len(places) for places in trips.places], dtype=np.int64)
    flat = np.array([place for places in trips.places for place in places], dtype=np.int64)
    begins = np.concatenate(([0], np.cumsum(counts)))
    many = counts[trip_of[first]]
    at = np.repeat(first, many)
    nth = np.arange(len(at)) - np.repeat(np.cumsum(many) - many, many)
    return at, flat[begins[trip_of[at]] + nth]


def _notes(trip_of: Ints, seat_of: Ints, trips: _Trips, seats: SeatCodes) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for index, times in enumerate(np.bincount(trip_of, minlength=len(trips.flags)).tolist()):
        for code in trips.flags[index]:
            counts[code] += times
    for index, times in enumerate(np.bincount(seat_of, minlength=len(seats.notes)).tolist()):
        for code in seats.notes[index]:
            counts[code] += times
    return {code: times for code, times in sorted(counts.items()) if times}


def _unread(first: Ints, numbers: Ints, seat_of: Ints, seats: SeatCodes) -> list[tuple[int, str, str]]:
    if not seats.unread:
        return []
    concerned = first[np.isin(seat_of[first], list(seats.unread))].tolist()
    return [(int(numbers[index]), *cell) for index in concerned for cell in seats.unread[int(seat_of[index])]]
