"""A generated passenger manifest for given rides of cases: fellow passengers planted by seat, near misses, and many other runs.

Around each ride a few passengers are planted whose relation to it is known because it was planted: same carriage or cabin, within
three rows, another carriage, seat unknown, boarded as the case alighted. What each of them is to *other* cases of the same run is
worked out by `relation`, a dozen plain lines beside the transport rules of the eighth edition (`cn-covid19-8`). All other tickets
are on runs that no case used, among them the same numbers on other days. Every passenger is invented.

Runs of one number never overlap in time here, because nobody could say of a ticket which of two such runs it was for: around a
ride whose run cannot be told from another case's run of the same number nobody is planted.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sizao.drills.town import Ints
from sizao.exposure.place_kinds import PlaceKind, kind_code
from sizao.facts.kinds import Grade, Ride, Spot, SubjectId
from sizao.facts.seats import row_code, seat_code, zone_code
from sizao.when import DAY_S, HOUR_S, Instant

_ROWS_NEAR = 3
_BY_ROW = frozenset({"aircraft"})
_LETTERS = "ABCDF"
_AFTER_S = HOUR_S
_CLOCK_S = 8 * HOUR_S
_LAST_MINUTES_S = DAY_S - 600
_NUDGE_S = 900
_STOPS = 7
_LEG_S = 2400


class Ticket(NamedTuple):
    """One passenger on one run, `[start, end)`; `why` says what was planted, empty for everybody else."""

    run: str
    place_kind: str
    start: Instant
    end: Instant
    spot: Spot
    why: str = ""


class ExpectedPassenger(NamedTuple):
    """What tracing must find: ticket number, case, grade, shared seconds, and whether a seat was missing that might have made it
    graver."""

    ticket: int
    case: SubjectId
    grade: Grade
    overlap_s: int
    seat_unknown: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The tickets, numbered from 0; ticket n belongs to passenger n. `expected` is sorted by ticket and case."""

    tickets: tuple[Ticket, ...]
    expected: tuple[ExpectedPassenger, ...]
    misses: tuple[int, ...]
    """Tickets planted near a case that are no contact."""

    def person_name(self, ticket: int) -> str:
        """The subject that travels on a ticket."""
        return f"person:t{ticket + 1:06d}"

    def runs(self) -> tuple[str, ...]:
        """The names of all runs, in order of first appearance."""
        return tuple(dict.fromkeys(ticket.run for ticket in self.tickets))

    def columns(self) -> dict[str, Ints]:
        """Columns of stays: `person`, `run` (position in `runs`), `kind`, `start_s`, `end_s`, `zone`, `row`, `seat`."""
        at = {run: number for number, run in enumerate(self.runs())}
        kinds = {kind: kind_code(PlaceKind(kind)) for kind in {ticket.place_kind for ticket in self.tickets}}
        rows = [
            (number, at[ticket.run], kinds[ticket.place_kind], ticket.start, ticket.end, *_codes(ticket.spot))
            for number, ticket in enumerate(self.tickets)
        ]
        names = ("person", "run", "kind", "start_s", "end_s", "zone", "row", "seat")
        return dict(zip(names, np.array(rows, dtype=np.int64).T, strict=True))

    def write_csv(self, path: Path) -> None:
        """The manifest as a carrier would send it: times in UTC with Z, carriage and seat as printed, empty where unknown."""
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(("person", "vehicle", "number", "service_day", "departs", "arrives", "carriage", "seat"))
            for number, ticket in enumerate(self.tickets):
                vehicle, name, day = ticket.run.split(":")
                times = (_utc(ticket.start), _utc(ticket.end))
                out.writerow((self.person_name(number), vehicle, name, day, *times, *_printed(ticket.spot)))


def _codes(spot: Spot) -> tuple[int, int, int]:
    return zone_code(spot.zone), row_code(spot.row_lo), seat_code(spot.seat)


def _printed(spot: Spot) -> tuple[str, str]:
    """Carriage and seat as a ticket prints them; a compartment by the number of its first lower berth."""
    carriage, _, compartment = (spot.zone or "").partition("-")
    if compartment:
        return carriage, f"软卧{4 * int(compartment) - 3}号下铺"
    return carriage, f"{'' if spot.row_lo is None else spot.row_lo}{spot.seat or ''}"


def _utc(moment: Instant) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def passenger_manifest(rides: Sequence[Ride], *, seed: int, n: int = 500_000) -> Manifest:
    """`n` tickets for these rides of cases and for other runs. The same rides and seed give the same manifest."""
    rng = np.random.default_rng([seed, 5])
    on_run: dict[str, list[Ride]] = defaultdict(list)
    for ride in rides:
        on_run[ride.run].append(ride)
    clear = _clear(rides)
    planted = [ticket for ride in rides if ride.run in clear for ticket in _around(ride, rng)]
    if len(planted) > n:
        raise ValueError(f"{len(planted)} passengers are planted; {n} tickets are too few")
    tickets = (*planted, *_elsewhere(on_run, n - len(planted), rng))
    expected = [line for number, ticket in enumerate(planted) for line in _expected(number, ticket, on_run[ticket.run])]
    found = {line.ticket for line in expected}
    misses = tuple(number for number in range(len(planted)) if number not in found)
    return Manifest(tickets=tickets, expected=tuple(expected), misses=misses)


# --- who is a contact of whom ------------------------------------------------------------------------------------------


class Relation(NamedTuple):
    """What sharing a run makes of a passenger."""

    grade: Grade
    overlap_s: int
    seat_unknown: bool


def relation(ticket: Ticket, ride: Ride) -> Relation | None:
    """By the transport rules: same carriage, cabin or compartment, on aircraft within three rows: close; else general; nothing
    without a shared moment."""
    overlap_s = min(ticket.end, ride.end) - max(ticket.start, ride.at)
    if ticket.run != ride.run or overlap_s <= 0:
        return None
    near = [_near(ticket.place_kind, ticket.spot, spot) for spot in ride.spots or (Spot(),)]
    if True in near:
        return Relation(Grade.CLOSE, overlap_s, False)
    return Relation(Grade.GENERAL, overlap_s, None in near)


def _near(kind: str, seat: Spot, case: Spot) -> bool | None:
    """Whether a seat is near enough to be close; None when that cannot be said."""
    if kind in _BY_ROW:
        if seat.row_lo is None or case.row_lo is None:
            return None
        last = case.row_lo if case.row_hi is None else case.row_hi
        return case.row_lo - _ROWS_NEAR <= seat.row_lo <= last + _ROWS_NEAR
    if seat.zone is None or case.zone is None:
        return None
    return seat.zone == case.zone


def _expected(number: int, ticket: Ticket, rides: Sequence[Ride]) -> Iterator[ExpectedPassenger]:
    """One line per case of the run: the gravest relation, its seconds added up."""
    by_case: dict[SubjectId, list[Relation]] = defaultdict(list)
    for ride in rides:
        found = relation(ticket, ride)
        if found is not None:
            by_case[ride.subject].append(found)
    for case, met in sorted(by_case.items()):
        close = any(one.grade is Grade.CLOSE for one in met)
        counted = [one for one in met if (one.grade is Grade.CLOSE) == close]
        yield ExpectedPassenger(
            number, case, counted[0].grade, sum(one.overlap_s for one in counted),
            any(one.seat_unknown for one in counted), ticket.why,
        )  # fmt: skip


# --- planting ----------------------------------------------------------------------------------------------------------


def _clear(rides: Sequence[Ride]) -> set[str]:
    """The runs whose rides, with the time before and after, overlap no ride of the same number on another day."""
    spans: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for ride in rides:
        number = ride.run.rpartition(":")[0]
        first, last = spans[number].get(ride.run, (ride.at, ride.end))
        spans[number][ride.run] = min(first, ride.at), max(last, ride.end)
    clear = set()
    for runs in spans.values():
        for run, (first, last) in runs.items():
            others = [span for other, span in runs.items() if other != run]
            if all(last + 2 * _AFTER_S <= a or b + 2 * _AFTER_S <= first for a, b in others):
                clear.add(run)
    return clear


def _around(ride: Ride, rng: np.random.Generator) -> Iterator[Ticket]:
    """The passengers planted around one ride."""
    start, end = ride.at, ride.end
    middle = Instant((start + end) // 2)
    whole, part = (
        (Instant(start - _AFTER_S), Instant(end + _AFTER_S)),
        (start, middle) if middle > start else (start, end),
    )
    for why, spot in _seats(ride, rng):
        for span in (whole, part):
            yield _ticket(ride, span, spot, why)
    near = next(spot for _, spot in _seats(ride, rng))
    yield _ticket(ride, (end, Instant(end + _AFTER_S)), near, "boarded as the case alighted")
    yield _ticket(ride, (Instant(start - _AFTER_S), start), near, "alighted as the case boarded")


def _ticket(ride: Ride, span: tuple[Instant, Instant], spot: Spot, why: str) -> Ticket:
    """A planted ticket. Forms print an unknown arrival as the last minute of the day, so none of ours ends there."""
    start, end = span
    if (end + _CLOCK_S) % DAY_S >= _LAST_MINUTES_S and end - start > 2 * _NUDGE_S:
        end = Instant(end - _NUDGE_S)
    return Ticket(ride.run, ride.place_kind, start, end, spot, why)


def _seats(ride: Ride, rng: np.random.Generator) -> Iterator[tuple[str, Spot]]:
    """Seats around the case's own, each with what it is planted as."""
    letter = _LETTERS[int(rng.integers(len(_LETTERS)))]
    if ride.place_kind in _BY_ROW:
        yield from _rows(ride, letter)
        return
    zones = sorted({spot.zone for spot in ride.spots if spot.zone is not None})
    for zone in zones:
        row = int(rng.integers(1, 20))
        in_berth = Spot(zone, None, None, f"{4 * int(zone.partition('-')[2] or 1) - 3}下")
        yield "same carriage", in_berth if "-" in zone else Spot(zone, row, row, letter)
    row = int(rng.integers(1, 20))
    yield "other carriage", Spot(_another(zones), row, row, letter)
    yield "carriage unknown", Spot(None, row, row, letter)


def _rows(ride: Ride, letter: str) -> Iterator[tuple[str, Spot]]:
    known = [spot for spot in ride.spots if spot.row_lo is not None]
    for spot in known:
        first = spot.row_lo or 0
        last = first if spot.row_hi is None else spot.row_hi
        for distance in (0, _ROWS_NEAR, _ROWS_NEAR + 1):
            for row in {max(1, first - distance), last + distance}:
                yield f"{distance} rows away", Spot(None, row, row, letter)
    if not known:
        yield "row of the case unknown", Spot(None, 12, 12, letter)
    yield "row unknown", Spot(None, None, None, None)


def _another(zones: Sequence[str]) -> str:
    return next(str(number) for number in range(1, 100) if str(number) not in zones)


# --- everybody else ----------------------------------------------------------------------------------------------------


def _elsewhere(on_run: Mapping[str, Sequence[Ride]], count: int, rng: np.random.Generator) -> Iterator[Ticket]:
    """Tickets on runs that no case used: the cases' own numbers on other days, and numbers of their own."""
    runs = [*_other_days(on_run), *_other_numbers(on_run)]
    per_run = -(-count // max(1, len(runs)))
    left = count
    for run, kind, start in runs:
        here = min(per_run, left)
        left -= here
        board = rng.integers(0, _STOPS - 1, here)
        alight = board + 1 + (rng.random(here) * (_STOPS - 1 - board)).astype(np.int64)
        zones, rows = rng.integers(1, 17, here), rng.integers(1, 30, here)
        letters = rng.integers(0, len(_LETTERS), here)
        drawn = (column.tolist() for column in (board, alight, zones, rows, letters))
        for on, off, zone, row, letter in zip(*drawn, strict=True):
            place = Spot(None if kind in _BY_ROW else str(zone), row, row, _LETTERS[letter])
            yield Ticket(run, kind, Instant(start + on * _LEG_S), Instant(start + off * _LEG_S), place)


def _other_days(on_run: Mapping[str, Sequence[Ride]]) -> Iterator[tuple[str, str, Instant]]:
    """Each number on days before and after, so far off that no ride of a case on that number is still under way."""
    busy: dict[str, list[tuple[int, int]]] = defaultdict(list)
    taken = set(on_run)
    for run, rides in on_run.items():
        busy[run.rpartition(":")[0]] += [(ride.at - 2 * _AFTER_S, ride.end + 2 * _AFTER_S) for ride in rides]
    for run, rides in on_run.items():
        number, _, day = run.rpartition(":")
        for shift in (-3, -2, -1, 1, 2, 3):
            start = Instant(rides[0].at + shift * DAY_S)
            end = start + _STOPS * _LEG_S
            name = f"{number}:{date.fromisoformat(day) + timedelta(days=shift)}"
            if name not in taken and all(end <= a or b <= start for a, b in busy[number]):
                taken.add(name)
                busy[number].append((start, end))
                yield name, rides[0].place_kind, start


def _other_numbers(on_run: Mapping[str, Sequence[Ride]]) -> Iterator[tuple[str, str, Instant]]:
    """One train that no case was on for each run, on its day."""
    for at, (run, rides) in enumerate(on_run.items()):
        day = run.split(":")[2]
        name = f"train:D{90000 + at}:{day}"
        if name not in on_run:
            yield name, "train_sealed", rides[0].at
