"""Mappings of where people were: stays at places, passenger manifests, and the published rides of cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sizao.errors import FactsError, Where
from sizao.facts.intake.mapping import Cells, Given, Mapping, Reading, Refusal, column
from sizao.facts.intake.moments import Moments, read_moments
from sizao.facts.intake.place_words import PLACE_KINDS, place_kind
from sizao.facts.kinds import SubjectId
from sizao.facts.rides import Provenance, ReadRide, RideRow, read_rides, ride_facts
from sizao.facts.seats import UNKNOWN, row_code, seat_code, zone_code
from sizao.facts.stay_columns import Ints, StayColumns, distinct, first_of_each
from sizao.facts.tickets import RefusedTicket, TicketOptions, tickets_to_stays
from sizao.facts.trips import TripText
from sizao.when import OPEN, day_span, local_day

PERSON = column(
    "person",
    "person_id id who passenger name 人员 人员编号 姓名 旅客 乘客 旅客姓名 身份证号 证件号码",
    needed=True,
)
STAYS = (
    PERSON,
    column("place", "place_id venue location 场所 场所编号 地点 场所名称", needed=True),
    column("place_kind", "kind venue_type 场所类型 类型"),
    column("start", "start_s from arrived check_in 开始时间 进入时间 到达时间 入住时间", needed=True, dates=True),
    column("end", "end_s to until left check_out 结束时间 离开时间 退房时间", dates=True),
    column("zone", "block ward cabin 区域 楼层 区"),
    column("row", "row_number 排"),
    column("seat", "座位 座"),
)
_SEAT = (
    column("carriage", "coach car cabin 车厢 车厢号 舱位"),
    column("seat", "seat_no seatno 座位 座位号 席位 席位号"),
)
TICKETS = (
    PERSON,
    column("vehicle", "type 交通工具 类型"),
    column("number", "train flight train_no flight_no no 车次 航班 航班号 班次 车次/航班", needed=True),
    column("day", "date travel_date boarding_day 乘车日期 日期 乘坐日期 乘机日期", dates=True),
    column("service_day", "run_day origin_day 始发日期 开行日期", dates=True),
    column("departs", "departure depart_time dep_time 开车时间 发车时间 出发时间 上车时间 起飞时间", dates=True),
    column("arrives", "arrival arrive_time arr_time 到达时间 下车时间 抵达时间", dates=True),
    column("boarded", "from from_station origin 上车站 出发站 发站 出发地"),
    column("alighted", "to to_station destination 下车站 到达站 到站 目的地"),
    column("boarded_code", "from_code"),
    column("alighted_code", "to_code"),
    *_SEAT,
)
RIDES = (
    column("id", "row_id"),
    column("vehicle", "tripType"),
    column("number", "tripNo", needed=True),
    column("service_day", "tripDate", dates=True),
    column("departs", "tripDeptime", needed=True, dates=True),
    column("arrives", "tripArrtime", needed=True, dates=True),
    column("boarded", "tripDepname"),
    column("alighted", "tripArrname"),
    column("boarded_code", "tripDepcode"),
    column("alighted_code", "tripArrcode"),
    *_SEAT,
    column("publisher"),
    column("published_at", "publishtime"),
)


def read_stays(cells: Cells, given: Given) -> Reading:
    """Stays as columns: an end that is empty means not ended as far as is known; a day without a time lasts to its end."""
    count = len(cells)
    blank = [""] * count
    persons, person_of = distinct([name.strip() for name in cells.columns["person"]])
    places, place_of, unknown = _places(cells)
    starts = read_moments(cells.columns["start"], cells.dates.get("start", ()), given.zone)
    ends = read_moments(cells.columns.get("end") or blank, cells.dates.get("end", ()), given.zone)
    end_s = np.where(ends.there, ends.seconds, OPEN)
    for index in np.flatnonzero(ends.day).tolist():
        end_s[index] = day_span(local_day(ends.seconds[index], given.zone), given.zone).end
    zone, row_number, seat = _seats(cells)
    nobody = np.array([not name for name in persons], dtype=bool)
    nowhere = np.array([not name for name, _ in places], dtype=bool)
    missing = {"start": ~starts.there, "place": _of(nowhere, place_of), "person": _of(nobody, person_of)}
    refusals = _refused_stays(cells, starts, ends, end_s, missing)
    for index in np.flatnonzero(np.isin(place_of, unknown)).tolist():
        value = cells.text("place_kind", index)
        refusals.setdefault(index, cells.error("F240", "place_kind", index, value=value, known=", ".join(PLACE_KINDS)))
    taken = np.ones(count, dtype=bool)
    taken[list(refusals)] = False
    numbers = [np.unique(column, return_inverse=True)[1] for column in (starts.seconds, end_s, zone)]
    first = first_of_each(taken, (person_of, place_of, *numbers))
    stays = StayColumns(
        file_row=np.asarray(cells.rows, dtype=np.int64)[first], person=person_of[first], place=place_of[first],
        start_s=starts.seconds[first], end_s=end_s[first], zone=zone[first], row_number=row_number[first], seat=seat[first],
        persons=persons, places=[name for name, _ in places], kinds=[kind for _, kind in places],
    )  # fmt: skip
    in_order = [cells.refusal(index, refusals[index]) for index in sorted(refusals)]
    return Reading(stays=stays, refusals=in_order, joined=int(taken.sum()) - len(first))


def _seats(cells: Cells) -> tuple[Ints, Ints, Ints]:
    """The codes of zone, row and seat; a place whose file has no zone column has none (0)."""
    count = len(cells)
    zone = _coded(cells, "zone", zone_code) if "zone" in cells.columns else np.zeros(count, dtype=np.int64)
    row = _coded(cells, "row", lambda text: row_code(int(text)) if text.strip().isdecimal() else UNKNOWN)
    return zone, row, _coded(cells, "seat", seat_code)


def _coded(cells: Cells, name: str, code: Callable[[str], int]) -> Ints:
    if name not in cells.columns:
        return np.full(len(cells), UNKNOWN, dtype=np.int64)
    different, index = distinct(cells.columns[name])
    return np.array([code(text) for text in different], dtype=np.int64)[index]


def _of(flags: NDArray[np.bool_], index: Ints) -> NDArray[np.bool_]:
    return flags[index] if len(flags) else np.zeros(len(index), dtype=bool)


def _places(cells: Cells) -> tuple[list[tuple[str, str]], Ints, list[int]]:
    """The different (place, kind), the number of each row's, and which have a kind nobody knows."""
    kinds = cells.columns.get("place_kind") or [""] * len(cells)
    pairs = zip(cells.columns["place"], kinds, strict=True)
    places, place_of = distinct([f"{name.strip()}\n{kind}" for name, kind in pairs])
    read = []
    unknown = []
    for number, place in enumerate(places):
        name, _, written = place.partition("\n")
        kind = place_kind(written)
        if kind is None:
            unknown.append(number)
        read.append((name, kind or "other"))
    return read, place_of, unknown


def _refused_stays(
    cells: Cells, starts: Moments, ends: Moments, end_s: Ints, missing: dict[str, NDArray[np.bool_]]
) -> dict[int, FactsError]:
    refused: dict[int, FactsError] = {}
    for index in np.flatnonzero(starts.there & ends.there & (end_s <= starts.seconds)).tolist():
        refused[index] = cells.error("F244", "end", index, value=cells.text("end", index))
    for name, bad in (("end", ends.bad), ("start", starts.bad)):
        for index in bad:
            refused[index] = cells.error("F148", name, index, value=cells.text(name, index))
    for name, absent in missing.items():
        for index in np.flatnonzero(absent).tolist():
            refused[index] = cells.error("F243", name, index)
    return refused


def read_tickets(cells: Cells, given: Given) -> Reading:
    """A manifest as stays on named runs; see `tickets_to_stays`."""
    formats = tuple(dict.fromkeys(form for forms in cells.dates.values() for form in forms))
    options = TicketOptions(formats=formats, zone=given.zone, timetable=given.timetable, beside=given.beside)
    read = tickets_to_stays(cells.columns, cells.rows, options)
    refusals = [_as_headed(bad, cells) for bad in read.refused]
    notes = read.notes | ({"seat.unread": len(read.unread)} if read.unread else {})
    return Reading(stays=read.stays, refusals=refusals, joined=read.joined, notes=notes, unread=read.unread)


def _as_headed(bad: RefusedTicket, cells: Cells) -> Refusal:
    heading = cells.headings.get(bad.column, bad.column)
    error = FactsError(bad.error.code, where=Where(row=bad.row, column=heading), **bad.error.slots)
    return Refusal(bad.row, heading, bad.value, error)


def read_published_rides(cells: Cells, given: Given) -> Reading:
    """The rides of cases whose names were not published: each is somebody of its own, `person:ride-<id>`, but two
    reports of one seat are one person's.
    """
    rows = [
        RideRow(
            cells.rows[index],
            TripText(**{name: cells.text(name, index) for name in TripText._fields}),
            cells.text("carriage", index), cells.text("seat", index),
        )
        for index in range(len(cells))
    ]  # fmt: skip
    formats = tuple(dict.fromkeys(form for forms in cells.dates.values() for form in forms))
    rides = read_rides(rows, formats=formats, zone=given.zone, timetable=given.timetable, beside=given.beside)
    index_of = {row: index for index, row in enumerate(cells.rows)}
    who = {ride.row: cells.text("id", index_of[ride.row]) or str(ride.row) for ride in rides.read}
    source = Provenance(given.recorded_at, given.source, given.recorder, given.basis, given.salt)
    told = [(ride.row, fact) for ride in rides.read for fact in ride_facts(ride, _rider(ride, who), source)]
    facts = {fact.id: fact for _, fact in told}
    refusals = [cells.refusal(index_of[bad.row], bad.error) for bad in rides.refused]
    notes = Counter(flag for ride in rides.read for flag in ride.flags)
    runs = {name for ride in rides.read for name in ride.run.names}
    summary = {"rides": len(rides.read), "runs": len(runs)}
    counted = dict(sorted(notes.items()))
    return Reading(
        facts=list(facts.values()), refusals=refusals, joined=rides.joined, notes=counted, summary=summary,
        row_of={fact.id: row for row, fact in reversed(told)},
    )  # fmt: skip


def _rider(ride: ReadRide, who: dict[int, str]) -> SubjectId:
    return SubjectId(f"person:ride-{who[ride.row if ride.same_as is None else ride.same_as]}")


MAPPINGS = (
    Mapping(name="stays", columns=STAYS, read=read_stays, marks=("place",)),
    Mapping(name="tickets", columns=TICKETS, read=read_tickets, marks=("number",)),
    Mapping(name="rides", columns=RIDES, read=read_published_rides, marks=("publisher", "published_at")),
)
