"""A case's published ride and a ticket of the same journey meet: one run, overlapping times, one seat."""

from __future__ import annotations

import csv

import pytest

from sizao.facts.rides import ReadRide, RideRow, Rides, read_rides, spots_of
from sizao.facts.seats import row_code, zone_code
from sizao.facts.tickets import TicketOptions, TicketStays, tickets_to_stays
from sizao.facts.trips import TripText
from sizao.when import local
from tests.outside import outside


def published() -> tuple[Rides, dict[int, dict[str, str]]]:
    with outside("rides_2020/rides.csv").open(encoding="utf-8") as file:
        cells = dict(enumerate(csv.DictReader(file), start=2))
    rows = [
        RideRow(
            number,
            TripText(
                vehicle=row["tripType"], number=row["tripNo"], service_day=row["tripDate"], departs=row["tripDeptime"],
                arrives=row["tripArrtime"], boarded=row["tripDepname"], alighted=row["tripArrname"],
                boarded_code=row["tripDepcode"], alighted_code=row["tripArrcode"],
            ),
            row["carriage"], row["seatNo"],
        )
        for number, row in cells.items()
    ]  # fmt: skip
    return read_rides(rows), cells


def ticket(ride: ReadRide, cells: dict[str, str], *, service_day: bool) -> dict[str, str]:
    """The ticket of somebody on the same journey, as a railway would print it."""
    start, end = (local(moment, "Asia/Shanghai") for moment in (ride.trip.times.start, ride.trip.times.end))
    days = (end.date() - start.date()).days
    seat = cells["seatNo"].split("/")[0].split("、")[0].split(",")[0]
    return {
        "person": f"旅客{ride.row}", "vehicle": ride.trip.vehicle, "number": ride.trip.number.main.lower(),
        "day": start.date().isoformat(), "service_day": cells["tripDate"] if service_day else "",
        "departs": f"{start:%H:%M}", "arrives": f"{end:%H:%M}+{days}", "boarded": ride.boarded,
        "carriage": cells["carriage"].replace("号车厢", "车厢"), "seat": seat,
    }  # fmt: skip


def manifest(rides: Rides, cells: dict[int, dict[str, str]], *, service_day: bool) -> TicketStays:
    tickets = [ticket(ride, cells[ride.row], service_day=service_day) for ride in rides.read]
    columns = {name: [one[name] for one in tickets] for name in tickets[0]}
    return tickets_to_stays(columns, options=TicketOptions(beside=rides.claims))


@pytest.mark.parametrize("service_day", [True, False], ids=["with the service day", "with the day of boarding only"])
def test_every_published_ride_meets_a_ticket_of_the_same_journey(service_day: bool) -> None:
    rides, cells = published()
    stays = manifest(rides, cells, service_day=service_day).stays
    found: dict[str, list[int]] = {}
    for index, person in enumerate(stays.person.tolist()):
        found.setdefault(stays.persons[person], []).append(index)
    missed = []
    for ride in rides.read:
        spots = {(zone_code(spot.zone), row_code(spot.row_lo)) for spot in spots_of(ride)} or {(-1, -1)}
        met = any(
            stays.places[stays.place[index]] in ride.run.names
            and stays.start_s[index] < ride.trip.times.end
            and ride.trip.times.start < stays.end_s[index]
            and any(_agree((int(stays.zone[index]), int(stays.row_number[index])), spot) for spot in spots)
            for index in found[f"旅客{ride.row}"]
        )
        if not met:
            missed.append((ride.row, ride.run))
    assert missed == []


def _agree(ticket_spot: tuple[int, int], case_spot: tuple[int, int]) -> bool:
    """No known value contradicts the other."""
    return all(mine == yours or -1 in (mine, yours) for mine, yours in zip(ticket_spot, case_spot, strict=True))
