"""One shard of the stays: the embedded kernel run over it for the stays of all cases, without any store.

A place's stays may lie in one shard or be dealt to several: every meeting is found where the other person's stay lies. What a
pair satisfies is not decided here, because a cumulative rule sums over shards; the rows are those of the SQL step `judged`,
and the steps after it decide.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sizao.exposure import meeting, probe, segments
from sizao.exposure.contact_rules import ContactRules
from sizao.exposure.plan import CUMULATIVE, INDEX, MINIMUM, ORDER, RULES_PER_KIND, PlanArrays, plan_for
from sizao.exposure.segments import EARLIEST_S, EPOCH_S, LATEST_S, Segment, StayColumns
from sizao.exposure.stays import Flag
from sizao.exposure.touched import empty_marks

JUDGED_SCHEMA = pa.schema(
    [
        *((name, pa.int64()) for name in ("case_no", "person", "told_row", "case_stay", "stay", "place")),
        *((name, pa.int64()) for name in ("began_s", "ended_s", "overlap_s", "lagged", "open_end", "over_long")),
        *((name, pa.int64()) for name in ("rule", "rule_order")),
        ("cumulative", pa.bool_()),
        *((name, pa.int64()) for name in ("min_overlap_s", "fits")),
    ]
)
"""The columns of the SQL step `judged`."""

_FIRST_LOG = 1024

Column = NDArray[Any]


class Asked(NamedTuple):
    """What every shard is asked: the rows of the SQL steps `case_stays` and `case_spots`, and the rules."""

    case_stays: pa.Table
    case_spots: pa.Table
    rules: ContactRules


class _CaseSide(NamedTuple):
    """The case stays at places of the shard: the kernel's table, spots, and what names each row."""

    table: NDArray[np.int32]
    spots: NDArray[np.int32]
    case: Column
    person: Column
    told_row: Column
    case_stay: Column


class _Shard(NamedTuple):
    """The shard as a segment whose stay ids are row numbers of `stays`, with the outside ids of its dense persons and places,
    and the kind of each place."""

    segment: Segment
    stays: dict[str, Column]
    person: Column
    persons: Column
    places: Column
    kinds: Column


def judged(stays: pa.Table, asked: Asked) -> pa.Table:
    """The meetings of a shard's stays (columns of `sql.INPUTS["stays"]`) with every rule they fit or leave open.

    Rules less severe than one that is fitted and needs no sum are left out: the pair's rule cannot be one of them.
    """
    if not stays.num_rows or not asked.case_stays.num_rows:
        return JUDGED_SCHEMA.empty_table()
    shard = _shard_of(stays)
    cases = _case_side(asked, shard)
    if not len(cases.table):
        return JUDGED_SCHEMA.empty_table()
    since, until = int(cases.table[:, probe.SINCE].min()) + EPOCH_S, int(cases.table[:, probe.TILL].max()) + EPOCH_S
    plan = plan_for(asked.rules, since, until)
    logs = _logged(shard, cases, plan)
    parts = [_rows(log, bit, shard, cases, plan) for log in logs for bit in range(RULES_PER_KIND)]
    return pa.concat_tables([JUDGED_SCHEMA.empty_table(), *(part for part in parts if part is not None)])


def _shard_of(stays: pa.Table) -> _Shard:
    column = {name: stays[name].to_numpy() for name in stays.column_names}
    persons, person = np.unique(column["person"], return_inverse=True)
    places, at, place = np.unique(column["place"], return_index=True, return_inverse=True)
    built = segments.build(
        StayColumns(
            stay=np.arange(len(person), dtype=np.int64),
            person=person.astype(np.int32),
            place=place.astype(np.int32),
            start=_seconds(column["start_s"]),
            end=_seconds(column["end_s"]),
            zone=column["zone"].astype(np.int32),
            row=column["seat_row"].astype(np.int16),
            seat=np.full(len(person), -1, np.int16),
            flags=column["flags"].astype(np.uint8),
        ),
        persons=len(persons),
        places=len(places),
    )
    return _Shard(built, column, person, persons, places, column["kind"][at])


def _seconds(moments: Column) -> NDArray[np.int32]:
    return (np.clip(moments, EARLIEST_S, LATEST_S) - EPOCH_S).astype(np.int32)


def _case_side(asked: Asked, shard: _Shard) -> _CaseSide:
    column = {name: asked.case_stays[name].to_numpy() for name in asked.case_stays.column_names}
    place = np.minimum(np.searchsorted(shard.places, column["place"]), len(shard.places) - 1)
    here = np.flatnonzero(shard.places[place] == column["place"])
    here = here[np.argsort(column["case_no"][here], kind="stable")]
    spots, spot_from, spot_until = _spots(asked, column, here)
    table = np.empty((len(here), 8), np.int32)
    table[:, probe.CASE], table[:, probe.PLACE] = column["case_no"][here], place[here]
    table[:, probe.SINCE], table[:, probe.TILL] = _seconds(column["start_s"][here]), _seconds(column["end_s"][here])
    table[:, probe.KIND] = shard.kinds[place[here]]
    table[:, probe.FLAG] = column["open_end"][here] * Flag.OPEN_END + column["over_long"][here] * Flag.OVER_LONG
    table[:, probe.SPOT], table[:, probe.SPOT_END] = spot_from, spot_until
    named = (column[name][here] for name in ("case_no", "case_person", "told_row", "case_stay"))
    return _CaseSide(table, spots, *named)


def _spots(asked: Asked, stays: dict[str, Column], here: Column) -> tuple[NDArray[np.int32], list[int], list[int]]:
    of_stay: dict[tuple[int, int, int], list[tuple[int, int, int]]] = {}
    columns = (asked.case_spots[name].to_pylist() for name in asked.case_spots.column_names)
    for case, told_row, case_stay, *spot in zip(*columns, strict=True):
        of_stay.setdefault((case, told_row, case_stay), []).append((spot[0], spot[1], spot[2]))
    spots: list[tuple[int, int, int]] = []
    spot_from, spot_until = [], []
    for case, told_row, case_stay in zip(
        *(stays[name][here].tolist() for name in ("case_no", "told_row", "case_stay")), strict=True
    ):
        spot_from.append(len(spots))
        spots += of_stay[case, told_row, case_stay]
        spot_until.append(len(spots))
    return np.array(spots, np.int32).reshape(-1, 3), spot_from, spot_until


def _logged(shard: _Shard, cases: _CaseSide, arrays: PlanArrays) -> list[NDArray[np.int32]]:
    """The kernel's log of each case, as rows of `meeting.ENTRY` numbers."""
    lines, plan = shard.segment.line().reshape(1, -1), arrays.plan()
    heads = np.full((len(shard.persons), 2), -1, np.int32)
    marks = empty_marks(len(shard.persons), None, None)
    log = np.empty(_FIRST_LOG * meeting.ENTRY, np.int32)
    found = []
    for case in np.unique(cases.case):
        first, last = np.searchsorted(cases.case, [case, case + 1])
        own = _dense(shard.persons, cases.person[first])
        scratch = (cases.spots.ctypes.data, heads.ctypes.data, marks.marks())
        log, entries, _ = meeting.log_case(lines, cases.table, (int(first), int(last)), own, plan, scratch, log)
        rows = log[: entries * meeting.ENTRY].reshape(-1, meeting.ENTRY).copy()
        heads[shard.person[_row_numbers(rows)]] = -1
        marks.bits[:], marks.upper[:] = 0, 0
        found.append(rows)
    return found


def _row_numbers(log: NDArray[np.int32]) -> Column:
    """The rows of the shard's stays that log entries speak of."""
    return np.ascontiguousarray(log).view(np.int64)[:, meeting.ID]


def _dense(ids: Column, wanted: int) -> int:
    at = int(np.searchsorted(ids, wanted))
    return at if at < len(ids) and ids[at] == wanted else -1


def _rows(log: NDArray[np.int32], bit: int, shard: _Shard, cases: _CaseSide, arrays: PlanArrays) -> pa.Table | None:
    """The meetings of a log that fit, or leave open, the rule at place `bit` of their kind."""
    fits, is_open = (log[:, meeting.FITS] >> bit) & 1, (log[:, meeting.OPEN] >> bit) & 1
    entries = log[(fits | is_open) != 0]
    if not len(entries):
        return None
    rows, number = _row_numbers(entries), entries[:, meeting.STAY]
    rule = arrays.rules[arrays.kind_from[cases.table[number, probe.KIND]] + bit]
    began, ended = entries[:, meeting.BEGAN].astype(np.int64), entries[:, meeting.ENDED].astype(np.int64)
    flags = shard.stays["flags"][rows].astype(np.int64) | cases.table[number, probe.FLAG]
    columns: dict[str, Column] = {
        "case_no": cases.case[number],
        "person": shard.stays["person"][rows],
        "told_row": cases.told_row[number],
        "case_stay": cases.case_stay[number],
        "stay": shard.stays["stay"][rows],
        "place": shard.places[cases.table[number, probe.PLACE]],
        "began_s": began + EPOCH_S,
        "ended_s": ended + EPOCH_S,
        "overlap_s": ended - began,
        "lagged": (ended == began).astype(np.int64),
        "open_end": (flags & Flag.OPEN_END != 0).astype(np.int64),
        "over_long": (flags & Flag.OVER_LONG != 0).astype(np.int64),
        "rule": rule[:, INDEX],
        "rule_order": rule[:, ORDER],
        "cumulative": rule[:, CUMULATIVE] != 0,
        "min_overlap_s": rule[:, MINIMUM],
        "fits": (entries[:, meeting.FITS] >> bit).astype(np.int64) & 1,
    }
    return pa.table(columns, schema=JUDGED_SCHEMA)
