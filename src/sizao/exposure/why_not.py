"""Why somebody is not among a case's contacts: the closest miss, with the two stays it rests on.

It walks the definition by the slow reference over the two persons' own stays only, so it can never disagree with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import pyarrow as pa

from sizao.errors import ExposureError
from sizao.exposure.cases import Cases, CaseStays
from sizao.exposure.contact_rules import ContactRule, ContactRules
from sizao.exposure.embedded import view_at
from sizao.exposure.place_kinds import kind_code
from sizao.exposure.queries import Source
from sizao.exposure.reference import (
    CaseStayClipped,
    Meeting,
    Stay,
    case_stays,
    fits,
    is_open,
    judge,
    meetings,
    rows_hold,
    zone_holds,
)
from sizao.exposure.view import View
from sizao.when import OPEN, Instant

_ALWAYS = (-(2**40), int(OPEN))
_ANY_LAG = 2**40
"""A later arrival is looked at however late, to tell by how much it was too late."""


class Miss(StrEnum):
    """What was missing, nearest to being a contact first."""

    NONE = "why-not.is-a-contact"
    TOO_SHORT = "why-not.too-short"
    ROW_TOO_FAR = "why-not.row-too-far"
    OTHER_ZONE = "why-not.other-zone"
    SEAT_UNKNOWN = "why-not.seat-unknown"
    CAME_TOO_LATE = "why-not.came-too-late"
    NO_RULE = "why-not.no-rule"
    OUTSIDE_WINDOW = "why-not.outside-window"
    OTHER_TIME = "why-not.other-time"
    OTHER_PLACES = "why-not.other-places"
    NO_STAYS = "why-not.no-stays"


_ORDER = tuple(Miss)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNot:
    """The closest miss: its code (a sentence of `words/said/exposure.yaml`) and the numbers that fill it.

    `case_stay` and `stay` are the two stays compared, `rule` the index of the rule that came closest; None where there is none.
    """

    miss: Miss
    slots: Mapping[str, int] = field(default_factory=dict)
    case_stay: int | None = None
    stay: int | None = None
    place: int | None = None
    rule: int | None = None


def why_not(cases: Cases, case: int, person: int, source: Source, rules: ContactRules, *, known_at: Instant) -> WhyNot:
    """Why `person` is not a contact of case number `case` (E113 if there is no such case).

    Of several misses the nearest to being a contact is told: by the order of `Miss`, then by the smallest amount missing.
    """
    if not 0 <= case < len(cases):
        raise ExposureError("E113", case=case, cases=len(cases))
    view = view_at(source, known_at)
    one, own = _alone(cases, case), int(cases.person[case])
    known = _stays_of(view, own) if own >= 0 else []
    theirs = _stays_of(view, person) if person != own else []
    inside, everywhere = case_stays(one, known), case_stays(_unbounded(one), known)
    if not theirs or not everywhere:
        return WhyNot(miss=Miss.NO_STAYS)
    met = [meeting for of_pair in meetings(inside, theirs, _ANY_LAG).values() for meeting in of_pair]
    answer = judge((0, person), met, rules)
    if answer is not None:
        first = answer.evidence[0]
        return WhyNot(miss=Miss.NONE, case_stay=first[2], stay=first[3], place=first[4], rule=first[8])
    near = [miss for meeting in met for miss in _misses(meeting, rules)]
    near += _sums_too_short(met, rules)
    if not any(meeting.overlap_s for meeting in met):
        near += _outside(everywhere, inside, theirs)
    near += _other_times(inside or everywhere, theirs)
    return min(near, key=_nearness, default=WhyNot(miss=Miss.OTHER_PLACES))


def _nearness(found: WhyNot) -> tuple[int, int, int]:
    return _ORDER.index(found.miss), found.slots.get("short", 0), found.stay or 0


def _alone(cases: Cases, case: int) -> Cases:
    """The one case as case 0, its told stays with it."""
    told = cases.stays
    window = cases.person[case : case + 1], cases.from_s[case : case + 1], cases.until_s[case : case + 1]
    if told is None:
        return Cases(*window)
    rows = np.flatnonzero(told.case == case)
    spots = np.flatnonzero(np.isin(told.spot_stay, rows))
    names = np.where(told.stay[rows] >= 0, told.stay[rows], -1)
    columns = [np.zeros(len(rows), np.int32), names, told.place[rows], told.start_s[rows], told.end_s[rows]]
    seats = [np.searchsorted(rows, told.spot_stay[spots]).astype(np.int32)]
    seats += [told.zone[spots], told.row_lo[spots], told.row_hi[spots]]
    return Cases(*window, CaseStays(*columns, *seats) if len(rows) else None)


def _unbounded(cases: Cases) -> Cases:
    since, until = (np.full(len(cases), edge, np.int64) for edge in _ALWAYS)
    return Cases(cases.person, since, until, cases.stays)


def _stays_of(view: View, person: int) -> list[Stay]:
    dense = int(view.persons.find(np.array([person]))[0])
    if dense < 0:
        return []
    tables = [view.table(at, part.rows_of_person(dense)) for at, part in enumerate(view.segments)]
    return [Stay(*row.values()) for table in tables for row in _rows(table)]


def _rows(table: pa.Table) -> list[dict[str, int]]:
    return table.to_pylist()  # type: ignore[no-any-return]


def _told(miss: Miss, meeting: Meeting, rule: int | None = None, **slots: int) -> WhyNot:
    stay = meeting.case_stay.stay
    return WhyNot(miss=miss, slots=slots, case_stay=stay, stay=meeting.stay.stay, place=meeting.stay.place, rule=rule)


def _misses(meeting: Meeting, rules: ContactRules) -> Iterable[WhyNot]:
    """What each rule in force for a meeting's place and moment found missing in that meeting."""
    of_kind = [
        (index, rule)
        for index, rule in enumerate(rules.rules)
        if kind_code(rule.place_kind) == meeting.stay.kind and rule.from_s <= meeting.began_s < rule.until_s
    ]
    if not of_kind and not meeting.lagged:
        yield _told(Miss.NO_RULE, meeting)
    for index, rule in of_kind:
        if meeting.lagged:
            late_s = meeting.stay.start_s - meeting.case_stay.end_s
            if rule.min_overlap_s == 0 and rule.lag_s and late_s >= rule.lag_s:
                yield _told(Miss.CAME_TOO_LATE, meeting, index, late_s=late_s, lag_s=rule.lag_s, short=late_s)
            elif rule.min_overlap_s == 0 and late_s < rule.lag_s and not fits(rule, meeting):
                yield _seat_miss(meeting, index, rule)
        elif not fits(rule, meeting):
            if not rule.cumulative and meeting.overlap_s < rule.min_overlap_s:
                yield _too_short(meeting, index, rule, meeting.overlap_s)
            else:
                yield _seat_miss(meeting, index, rule)


def _too_short(meeting: Meeting, index: int, rule: ContactRule, overlap_s: int) -> WhyNot:
    minutes = {"minutes": overlap_s // 60, "needed_minutes": -(-rule.min_overlap_s // 60)}
    amounts = {"overlap_s": overlap_s, "needed_s": rule.min_overlap_s, "short": rule.min_overlap_s - overlap_s}
    return _told(Miss.TOO_SHORT, meeting, index, **minutes, **amounts)


def _seat_miss(meeting: Meeting, index: int, rule: ContactRule) -> WhyNot:
    """Zone or rows: unknown, another zone, or too many rows away from the nearest spot in the right zone."""
    if is_open(rule, meeting):
        return _told(Miss.SEAT_UNKNOWN, meeting, index)
    here = [spot for spot in meeting.case_stay.spots if zone_holds(rule, spot, meeting.stay)]
    far = [spot for spot in here if rows_hold(rule, spot, meeting.stay) is False]
    if not far:
        return _told(Miss.OTHER_ZONE, meeting, index)
    row = meeting.stay.row
    apart = min(max(spot.row_lo - row, row - spot.row_hi, 0) for spot in far)
    return _told(Miss.ROW_TOO_FAR, meeting, index, rows=apart, allowed=rule.row_distance, short=apart)


def _sums_too_short(met: list[Meeting], rules: ContactRules) -> Iterable[WhyNot]:
    """Cumulative rules some meetings fit, but not for long enough together."""
    for index, rule in enumerate(rules.rules):
        fitting = [meeting for meeting in met if rule.cumulative and fits(rule, meeting)]
        if fitting:
            yield _too_short(fitting[0], index, rule, sum(meeting.overlap_s for meeting in fitting))


def _outside(everywhere: list[CaseStayClipped], inside: list[CaseStayClipped], theirs: list[Stay]) -> Iterable[WhyNot]:
    """Meetings that took place outside the case's window."""
    within = {(stay.stay, stay.start_s) for stay in inside}
    for of_pair in meetings(everywhere, theirs, 0).values():
        for meeting in of_pair:
            if meeting.overlap_s and (meeting.case_stay.stay, meeting.case_stay.start_s) not in within:
                yield _told(Miss.OUTSIDE_WINDOW, meeting, began_s=meeting.began_s, short=-meeting.overlap_s)


def _other_times(of_case: list[CaseStayClipped], theirs: list[Stay]) -> Iterable[WhyNot]:
    """The same place, but one had left before the other came."""
    for mine in of_case:
        for other in theirs:
            gap_s = max(other.start_s - mine.end_s, mine.start_s - other.end_s)
            if mine.place == other.place and gap_s >= 0:
                meeting = Meeting(mine, other, max(mine.start_s, other.start_s), max(mine.start_s, other.start_s))
                yield _told(Miss.OTHER_TIME, meeting, gap_s=gap_s, gap_minutes=gap_s // 60, short=gap_s)
