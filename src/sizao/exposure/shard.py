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

from sizao.exposure import meeting, probe
from sizao.exposure.contact_rules import ContactRules
from sizao.exposure.plan import CUMULATIVE, INDEX, MINIMUM, ORDER, RULES_PER_KIND, PlanArrays, plan_for
from sizao.exposure.segments import EARLIEST_S, EPOCH_S, LATEST_S
from sizao.exposure.sql_run import NAMES_BACK
from sizao.exposure.stays import VISIBLE_SCHEMA, Flag
from sizao.exposure.touched import empty_marks
from sizao.exposure.view import View, view_of

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


class _Log(NamedTuple):
    """The meetings of one case: entries of the kernel's log, with the dense person and the stay id of each."""

    entries: NDArray[np.int32]
    person: Column
    stay: Column


def judged(stays: pa.Table, asked: Asked) -> pa.Table:
    """The meetings of a shard's stays (columns of `sql.INPUTS["stays"]`) with every rule they fit or leave open.

    Rules less severe than one that is fitted and needs no sum are left out: the pair's rule cannot be one of them.
    """
    if not stays.num_rows or not asked.case_stays.num_rows:
        return JUDGED_SCHEMA.empty_table()
    view = _view(stays)
    cases = _case_side(asked, view)
    if not len(cases.table):
        return JUDGED_SCHEMA.empty_table()
    since, until = int(cases.table[:, probe.SINCE].min()) + EPOCH_S, int(cases.table[:, probe.TILL].max()) + EPOCH_S
    plan = plan_for(asked.rules, since, until)
    logs = _logged(view, cases, plan)
    parts = [_rows(log, bit, view, cases, plan) for log in logs for bit in range(RULES_PER_KIND)]
    return pa.concat_tables([JUDGED_SCHEMA.empty_table(), *(part for part in parts if part is not None)])


def _view(stays: pa.Table) -> View:
    seat = pa.array(np.full(stays.num_rows, -1, np.int16))
    named = stays.rename_columns([NAMES_BACK.get(name, name) for name in stays.column_names]).append_column(
        "seat", seat
    )
    return view_of(named.select(VISIBLE_SCHEMA.names))


def _case_side(asked: Asked, view: View) -> _CaseSide:
    column = {name: asked.case_stays[name].to_numpy() for name in asked.case_stays.column_names}
    place = view.places.find(column["place"])
    here = np.flatnonzero(place >= 0)
    here = here[np.argsort(column["case_no"][here], kind="stable")]
    spots, spot_from, spot_until = _spots(asked, column, here)
    table = np.empty((len(here), 8), np.int32)
    table[:, probe.CASE], table[:, probe.PLACE] = column["case_no"][here], place[here]
    table[:, probe.SINCE], table[:, probe.TILL] = _seconds(column["start_s"][here]), _seconds(column["end_s"][here])
    table[:, probe.KIND] = view.kinds[place[here]]
    table[:, probe.FLAG] = column["open_end"][here] * Flag.OPEN_END + column["over_long"][here] * Flag.OVER_LONG
    table[:, probe.SPOT], table[:, probe.SPOT_END] = spot_from, spot_until
    named = (column[name][here] for name in ("case_no", "case_person", "told_row", "case_stay"))
    return _CaseSide(table, spots, *named)


def _seconds(moments: Column) -> NDArray[np.int32]:
    return (np.clip(moments, EARLIEST_S, LATEST_S) - EPOCH_S).astype(np.int32)


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


def _logged(view: View, cases: _CaseSide, arrays: PlanArrays) -> list[_Log]:
    """The kernel's log of each case."""
    plan = arrays.plan()
    heads = np.full((len(view.person_ids) + 1, 2), -1, np.int32)
    marks = empty_marks(len(view.person_ids) + 1, None, None)
    log = np.empty(_FIRST_LOG * meeting.ENTRY, np.int32)
    found = []
    for case in np.unique(cases.case):
        first, last = (int(at) for at in np.searchsorted(cases.case, [case, case + 1]))
        own = int(view.persons.find(cases.person[first : first + 1])[0])
        scratch = (cases.spots.ctypes.data, int(heads.ctypes.data), marks.marks())
        log, count, _ = meeting.log_case(view.lines, cases.table, (first, last), own, plan, scratch, log)
        used = log[: count * meeting.ENTRY].copy()
        entries = used.reshape(-1, meeting.ENTRY)
        touched = _touched(marks.bits)
        stay = used.view(np.int64)[meeting.ID :: meeting.ENTRY // 2]
        found.append(_Log(entries, _persons(entries, heads, touched), stay))
        heads[touched] = -1
        marks.bits[:], marks.upper[:] = 0, 0
    return found


def _touched(bits: NDArray[np.uint64]) -> Column:
    """The persons of a set of bits."""
    words = np.flatnonzero(bits)
    word, bit = np.nonzero(np.unpackbits(bits[words].view(np.uint8), bitorder="little").reshape(-1, 64))
    return words[word] * 64 + bit


def _persons(entries: NDArray[np.int32], heads: NDArray[np.int32], touched: Column) -> Column:
    """The dense person of each entry: every touched person's chain is walked from its head, all a step at a time."""
    persons = np.full(len(entries), -1, np.int32)
    walking, at = touched, heads[touched, 0]
    while len(walking):
        persons[at] = walking
        at = entries[at, meeting.BEFORE]
        walking, at = walking[at >= 0], at[at >= 0]
    return persons


def _rows(log: _Log, bit: int, view: View, cases: _CaseSide, arrays: PlanArrays) -> pa.Table | None:
    """The meetings of a log that fit, or leave open, the rule at place `bit` of their kind."""
    fits = (log.entries[:, meeting.FITS] >> bit) & 1
    chosen = np.flatnonzero(fits | ((log.entries[:, meeting.OPEN] >> bit) & 1))
    if not len(chosen):
        return None
    entries, number = log.entries[chosen], log.entries[chosen, meeting.STAY]
    rule = arrays.rules[arrays.kind_from[cases.table[number, probe.KIND]] + bit]
    began, ended = entries[:, meeting.BEGAN].astype(np.int64), entries[:, meeting.ENDED].astype(np.int64)
    flags = (entries[:, meeting.OPEN] >> meeting.FLAG_BIT) | cases.table[number, probe.FLAG]
    columns: dict[str, Column] = {
        "case_no": cases.case[number],
        "person": view.person_ids[log.person[chosen]],
        "told_row": cases.told_row[number],
        "case_stay": cases.case_stay[number],
        "stay": log.stay[chosen],
        "place": view.place_ids[cases.table[number, probe.PLACE]],
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
        "fits": fits[chosen].astype(np.int64),
    }
    return pa.table(columns, schema=JUDGED_SCHEMA)
