"""The seats of a manifest as numbers: each different pair of cells is read once for each kind of vehicle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sizao.facts.kinds import Spot
from sizao.facts.seats import COMPARTMENT, UNKNOWN, Seat, read_seat, row_code, seat_code, zone_code
from sizao.facts.stay_columns import Ints


class SeatCodes(NamedTuple):
    """Numbers for each (kind of vehicle, pair of cells). `soft_zone` is the compartment a berth may be, −1 where it
    cannot; where `unsure`, `zone` and `row` hold the reading as a hard sleeper.
    """

    cells: int
    vehicle_of_trip: Ints
    zone: Ints
    row: Ints
    seat: Ints
    soft_zone: Ints
    unsure: NDArray[np.bool_]
    hard: NDArray[np.bool_]
    notes: list[tuple[str, ...]]
    unread: dict[int, tuple[tuple[str, str], ...]]

    def of(self, trip_of: Ints, cell_of: Ints) -> Ints:
        """For each row the number under which its seat is found here."""
        return self.vehicle_of_trip[trip_of] * self.cells + cell_of

    def settled(self, place: Ints, seat_of: Ints) -> tuple[Ints, Ints]:
        """Zones and rows of the stays. A carriage has one class: a berth that could be either is settled by one in
        the same carriage of the same run that could not; else only its carriage is known.
        """
        zone, row = self.zone[seat_of], self.row[seat_of]
        unsure = self.unsure[seat_of]
        if not unsure.any():
            return zone, row
        soft = ~unsure & (self.soft_zone[seat_of] >= 0)
        hard = ~unsure & self.hard[seat_of]
        carriage = place * 2**31 + zone % COMPARTMENT
        now_soft = unsure & np.isin(carriage, carriage[soft]) & ~np.isin(carriage, carriage[hard])
        now_hard = unsure & np.isin(carriage, carriage[hard]) & ~np.isin(carriage, carriage[soft])
        zone = np.where(now_soft, self.soft_zone[seat_of], zone)
        row = np.where(unsure & ~now_hard, UNKNOWN, row)
        return zone, row


def read_seats(cells: Sequence[tuple[str, str]], vehicles: Sequence[str]) -> SeatCodes:
    """The numbers of each pair of (carriage, seat) cells in each kind of vehicle that comes up; `vehicles` is by trip."""
    kinds = list(dict.fromkeys(vehicles))
    seats = [read_seat(carriage, seat, kind) for kind in kinds for carriage, seat in cells]
    one = [_one_spot(seat) for seat in seats]
    soft = [_soft(seat) for seat in seats]
    return SeatCodes(
        cells=len(cells),
        vehicle_of_trip=np.array([kinds.index(vehicle) for vehicle in vehicles], dtype=np.int64),
        zone=np.array([zone_code(spot.zone) for spot in one], dtype=np.int64),
        row=np.array([row_code(spot.row_lo) for spot in one], dtype=np.int64),
        seat=np.array([seat_code(spot.seat) for spot in one], dtype=np.int64),
        soft_zone=np.array([zone_code(zone) for zone in soft], dtype=np.int64),
        unsure=np.array([seat.berth_unsure for seat in seats], dtype=bool),
        hard=np.array([_is_hard(seat) for seat in seats], dtype=bool),
        notes=[tuple(note.code for note in seat.notes) for seat in seats],
        unread={index: seat.unread for index, seat in enumerate(seats) if seat.unread},
    )


def _one_spot(seat: Seat) -> Spot:
    """A ticket is one seat. Where cells name several, what they have in common is known."""
    spots = [spot for spot in seat.spots if not (seat.berth_unsure and _compartment(spot))]
    if not spots:
        return Spot()
    first = spots[0]
    zone = first.zone if all(spot.zone == first.zone for spot in spots) else None
    same_row = all(spot.row_lo == spot.row_hi == first.row_lo for spot in spots)
    name = first.seat if len(spots) == 1 else None
    return Spot(zone, first.row_lo if same_row else None, first.row_lo if same_row else None, name)


def _soft(seat: Seat) -> str | None:
    return next((spot.zone for spot in seat.spots if _compartment(spot)), None)


def _compartment(spot: Spot) -> bool:
    return spot.zone is not None and "-" in spot.zone


def _is_hard(seat: Seat) -> bool:
    """A berth that can only be a hard sleeper's."""
    berths = any(spot.seat is not None and spot.seat[-1] in "上中下" for spot in seat.spots)
    return berths and not seat.berth_unsure and _soft(seat) is None
