"""The definition of `engine.py` as nested loops: slow, obvious, and what every other engine is held against.

Read it beside the definition; the words are the same. Nothing here is clever on purpose. It answers towns of a few hundred
thousand stays, not cities.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from sizao.exposure.cases import Cases, Spot
from sizao.exposure.contact_rules import ContactRule, ContactRules
from sizao.exposure.engine import EVIDENCE_SCHEMA, EXPOSURE_SCHEMA, Exposures
from sizao.exposure.place_kinds import kind_code
from sizao.exposure.source import StaySource
from sizao.exposure.stays import Flag
from sizao.when import Instant


class Stay(NamedTuple):
    """A row of VISIBLE_SCHEMA."""

    stay: int
    person: int
    place: int
    kind: int
    start_s: int
    end_s: int
    zone: int
    row: int
    seat: int
    flags: int


class CaseStayClipped(NamedTuple):
    """A case stay inside the case's window, with its spots."""

    case: int
    person: int
    stay: int
    place: int
    start_s: int
    end_s: int
    spots: tuple[Spot, ...]
    flags: int


class Meeting(NamedTuple):
    """A case stay and another person's stay at the same place, `[began_s, ended_s)`."""

    case_stay: CaseStayClipped
    stay: Stay
    began_s: int
    ended_s: int

    @property
    def overlap_s(self) -> int:
        return self.ended_s - self.began_s

    @property
    def lagged(self) -> bool:
        return self.stay.start_s >= self.case_stay.end_s


class Reference:
    """The slow engine."""

    def match(
        self,
        cases: Cases,
        store: StaySource,
        rules: ContactRules,
        *,
        known_at: Instant,
        evidence: bool = True,
        top: int | None = None,
    ) -> Exposures:
        """See `Engine.match`."""
        stays = [Stay(*row.values()) for row in store.stays(known_at).to_pylist()]
        met = meetings(case_stays(cases, stays), stays, rules.longest_lag_s)
        answers = [judge(pair, of_pair, rules) for pair, of_pair in met.items()]
        found = _first(top, sorted(answer for answer in answers if answer is not None))
        return Exposures(
            pairs=_table([answer.row for answer in found], EXPOSURE_SCHEMA),
            evidence=_table([row for answer in found for row in answer.evidence], EVIDENCE_SCHEMA)
            if evidence
            else None,
            rules_digest=rules.digest,
        )


def case_stays(cases: Cases, stays: Sequence[Stay]) -> list[CaseStayClipped]:
    """The stays of every case, clipped to its window."""
    told = told_stays(cases)
    found = []
    for case in range(len(cases)):
        person, from_s, until_s = int(cases.person[case]), int(cases.from_s[case]), int(cases.until_s[case])
        own = told.get(case) or [
            CaseStayClipped(case, person, s.stay, s.place, s.start_s, s.end_s, (Spot(s.zone, s.row, s.row),), s.flags)
            for s in stays
            if s.person == person
        ]
        for stay in own:
            clipped = stay._replace(start_s=max(stay.start_s, from_s), end_s=min(stay.end_s, until_s))
            if clipped.start_s < clipped.end_s:
                found.append(clipped)
    return found


def told_stays(cases: Cases) -> dict[int, list[CaseStayClipped]]:
    """The case stays that came with a notice, by case, not yet clipped."""
    told: dict[int, list[CaseStayClipped]] = defaultdict(list)
    if cases.stays is None:
        return told
    spots: dict[int, list[Spot]] = defaultdict(list)
    for spot in cases.stays.spots_table().to_pylist():
        spots[spot["case_row"]].append(Spot(spot["zone"], spot["row_lo"], spot["row_hi"]))
    for row in cases.stays.table().to_pylist():
        case, person = row["case"], int(cases.person[row["case"]])
        name = row["stay"] if row["stay"] >= 0 else -1 - row["case_row"]
        at = tuple(spots[row["case_row"]]) or (Spot(-1, -1, -1),)
        told[case].append(CaseStayClipped(case, person, name, row["place"], row["start_s"], row["end_s"], at, 0))
    return told


def meetings(
    of_cases: Iterable[CaseStayClipped], stays: Iterable[Stay], lag_s: int
) -> dict[tuple[int, int], list[Meeting]]:
    """All meetings by (case, person), later arrivals within `lag_s` included; whether they count, a rule's lag decides."""
    at_place: dict[int, list[Stay]] = defaultdict(list)
    for p in stays:
        at_place[p.place].append(p)
    found: dict[tuple[int, int], list[Meeting]] = defaultdict(list)
    for c in of_cases:
        for p in at_place[c.place]:
            if p.person != c.person and p.end_s > c.start_s and p.start_s < c.end_s + lag_s:
                began_s = max(c.start_s, p.start_s)
                found[c.case, p.person].append(Meeting(c, p, began_s, max(began_s, min(c.end_s, p.end_s))))
    return found


def zone_holds(rule: ContactRule, spot: Spot, p: Stay) -> bool | None:
    """Whether the zones are as the rule asks; None when one of them is unknown."""
    if not rule.same_zone:
        return True
    if spot.zone < 0 or p.zone < 0:
        return None
    return spot.zone == p.zone


def rows_hold(rule: ContactRule, spot: Spot, p: Stay) -> bool | None:
    """Whether the rows are as near as the rule asks; None when one of them is unknown."""
    if rule.row_distance < 0:
        return True
    if spot.row_lo < 0 or p.row < 0:
        return None
    return spot.row_lo - rule.row_distance <= p.row <= spot.row_hi + rule.row_distance


def speaks_of(rule: ContactRule, meeting: Meeting) -> bool:
    """Conditions 1 to 3: kind and period, lag, minutes of one stay."""
    if meeting.stay.kind != kind_code(rule.place_kind) or not rule.from_s <= meeting.began_s < rule.until_s:
        return False
    late_s = meeting.stay.start_s - meeting.case_stay.end_s
    if meeting.lagged and not (rule.min_overlap_s == 0 and late_s < rule.lag_s):
        return False
    return rule.cumulative or meeting.overlap_s >= rule.min_overlap_s


def fits(rule: ContactRule, meeting: Meeting) -> bool:
    """Conditions 1 to 4."""
    return speaks_of(rule, meeting) and any(
        zone_holds(rule, spot, meeting.stay) is True and rows_hold(rule, spot, meeting.stay) is True
        for spot in meeting.case_stay.spots
    )


def is_open(rule: ContactRule, meeting: Meeting) -> bool:
    """Conditions 1 to 3 hold; the fourth does not, but only because a zone or a row is unknown."""
    return (speaks_of(rule, meeting) and not fits(rule, meeting)) and any(
        zone_holds(rule, spot, meeting.stay) is not False and rows_hold(rule, spot, meeting.stay) is not False
        for spot in meeting.case_stay.spots
    )


class Judged(NamedTuple):
    """A pair of the answer: the key it sorts by, its row, its evidence in order."""

    key: tuple[int, int, int, int]
    row: tuple[int, ...]
    evidence: list[tuple[int, ...]]


def judge(pair: tuple[int, int], met: Sequence[Meeting], rules: ContactRules) -> Judged | None:
    """The pair under the most severe rule it satisfies, or None."""
    by_severity = sorted(enumerate(rules.rules), key=lambda entry: (entry[1].order, entry[0]))
    passed_over: list[ContactRule] = []
    for index, rule in by_severity:
        qualifying = [meeting for meeting in met if fits(rule, meeting)]
        overlap_s = sum(meeting.overlap_s for meeting in qualifying)
        if qualifying and (not rule.cumulative or overlap_s >= rule.min_overlap_s):
            return _judged(pair, index, rule.order, [(m, flags_of(m, passed_over)) for m in qualifying])
        passed_over.append(rule)
    return None


def flags_of(meeting: Meeting, more_severe: Iterable[ContactRule]) -> int:
    """The flags of a qualifying meeting."""
    flags = meeting.case_stay.flags | meeting.stay.flags
    if meeting.lagged:
        flags |= Flag.LAGGED
    if any(is_open(rule, meeting) for rule in more_severe):
        flags |= Flag.SEAT_UNKNOWN
    return int(flags)


def _judged(pair: tuple[int, int], rule: int, order: int, met: Sequence[tuple[Meeting, int]]) -> Judged:
    rows: list[tuple[int, ...]] = [
        (*pair, m.case_stay.stay, m.stay.stay, m.stay.place, m.began_s, m.ended_s, m.overlap_s, rule, f) for m, f in met
    ]
    rows.sort(key=lambda row: (row[5], row[3], row[2]))
    overlap_s = sum(m.overlap_s for m, _ in met)
    first_s, last_s = min(m.began_s for m, _ in met), max(m.ended_s for m, _ in met)
    flags = 0
    for _, of_meeting in met:
        flags |= of_meeting
    row = (*pair, order, rule, overlap_s, first_s, last_s, len(met), flags)
    return Judged((pair[0], order, -overlap_s, pair[1]), row, rows)


def _first(top: int | None, answers: Sequence[Judged]) -> list[Judged]:
    if top is None:
        return list(answers)
    kept: dict[int, list[Judged]] = defaultdict(list)
    for answer in answers:
        if len(kept[answer.row[0]]) < top:
            kept[answer.row[0]].append(answer)
    return [answer for of_case in kept.values() for answer in of_case]


def _table(rows: Sequence[tuple[int, ...]], schema: pa.Schema) -> pa.Table:
    columns: Mapping[str, Any] = {name: [row[at] for row in rows] for at, name in enumerate(schema.names)}
    return pa.table(columns, schema=schema)
