"""`run()`: every branch of the founding notice under every reading and switch, concluded by the same rules as everything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from sizao.facts.kinds import Exposure, Fact, FactId, Order, RuleOnFile, Told
from sizao.policy.book import PolicyBook
from sizao.policy.kinds import Holder
from sizao.replay.branches import facts_of
from sizao.replay.choices import Branch, Reading, Switches, all_switches, book_of
from sizao.replay.founding import (
    AS_OF,
    COMPANY_ADVISES,
    DISCLOSURE,
    HOME_AREA,
    JUDGED,
    PERSON,
    TRAIN,
    branches_of,
    by_id,
    founding_facts,
    provenance,
    where_reported,
)
from sizao.replay.moments import ZONE, Bound, Span, earlier_by, span_of
from sizao.replay.questions import code_cause, provable
from sizao.replay.tables import Before, Cell, FactRow, Found, Replay, Row, Rule, RuleKind, Seen, Telling
from sizao.replay.windows import windows
from sizao.rules.conclude import conclude
from sizao.rules.dossier import Dossier
from sizao.rules.purpose import for_unit
from sizao.rules.reasons import clauses_of
from sizao.rules.timeline import Duty, Finding, State, Timeline
from sizao.when import Instant

SAFEGUARDS = "safeguards"
TELLINGS = ("listed", "contact")

Key = tuple[str, str, str, tuple[FactId, ...], int]


class _Side(NamedTuple):
    """One bound's run: its facts, the whole timeline, and what the unit may conclude, without and with the disclosure."""

    facts: tuple[Fact, ...]
    timeline: Timeline
    unit: Timeline
    disclosed: Timeline


def run(branch: Branch | str | None = None, *, facts: Sequence[Fact] | None = None) -> Replay:
    """The replay of one branch, or of all four. The facts may come in any order; the same facts give the same answer."""
    known = tuple(facts) if facts is not None else founding_facts()
    wanted = tuple(Branch) if branch is None else (Branch(branch),)
    baseline = span_of(_moment_of(known, COMPANY_ADVISES))
    cells = [
        _cell(known, one, reading, switches, baseline)
        for one, reading, switches in product(wanted, Reading, tuple(all_switches()))
    ]
    judgement = by_id(known, JUDGED)
    assert isinstance(judgement, Exposure)
    packs = tuple(f"{pack.id}@{pack.version}" for pack in book_of(Reading.JUDGEMENT).packs)
    rows = [FactRow(fact, provenance(fact), where_reported(fact), branches_of(fact)) for fact in known]
    rows.sort(key=lambda row: (row.fact.at, row.fact.id))
    return Replay(
        as_of=Span(AS_OF, AS_OF),
        baseline=baseline,
        rules=packs,
        facts=tuple(rows),
        windows=windows(known),
        judgement=judgement,
        cause=code_cause(known),
        provable=provable(known),
        cells=tuple(cells),
    )


def _moment_of(facts: Sequence[Fact], fact_id: FactId) -> Instant:
    fact = by_id(facts, fact_id)
    assert fact is not None
    return fact.at


def _cell(facts: Sequence[Fact], branch: Branch, reading: Reading, switches: Switches, baseline: Span) -> Cell:
    book = book_of(reading)
    early, late = (_side(facts_of(facts, branch, reading, switches, bound=bound, book=book), book) for bound in Bound)
    train = span_of(_moment_of(facts, TRAIN))
    return Cell(
        branch, reading, switches, _rows(early, late), _findings(early, late),
        _telling(early, late, TELLINGS, baseline, train), _telling(early, late, ("contact",), baseline, train),
        any(isinstance(fact, Order) for fact in late.facts), late.timeline, late.facts,
    )  # fmt: skip


def _side(facts: tuple[Fact, ...], book: PolicyBook) -> _Side:
    whole = Dossier(PERSON, facts, HOME_AREA, zone=ZONE)
    closed = whole._replace(facts=tuple(fact for fact in facts if fact.id != DISCLOSURE))
    concluded = [
        conclude(dossier, book, known_at=AS_OF) for dossier in (whole, for_unit(closed, AS_OF), for_unit(whole, AS_OF))
    ]
    return _Side(facts, *concluded)


def _keyed(duties: Iterable[Duty]) -> dict[Key, Duty]:
    """Duties by what they are; of several of one kind the first is number 0."""
    found: dict[Key, Duty] = {}
    for duty in duties:
        number = 0
        while (key := (duty.code, duty.holder, duty.owed_to, duty.reason.facts, number)) in found:
            number += 1
        found[key] = duty
    return found


def _rows(early: _Side, late: _Side) -> tuple[Row, ...]:
    at_first, at_last = _keyed(early.timeline.duties), _keyed(late.timeline.duties)
    unit, disclosed = _keyed(late.unit.duties), _keyed(late.disclosed.duties)
    facts = {fact.id: fact for fact in late.facts}
    rows = []
    for key in dict.fromkeys((*at_last, *at_first)):
        first, last = at_first.get(key, at_last.get(key)), at_last.get(key, at_first.get(key))
        assert first is not None and last is not None  # noqa: PT018 - one bound has it, or it would not be listed
        seen = Seen.YES if key in unit else Seen.DISCLOSED if key in disclosed else Seen.NO
        rows.append(_row(first, last, facts, seen, certain=key in at_first and key in at_last))
    rows.sort(key=lambda row: (row.since, row.code, row.holder, row.reason.facts))
    return tuple(rows)


def _row(first: Duty, last: Duty, facts: Mapping[FactId, Fact], seen: Seen, *, certain: bool) -> Row:
    since = Span(first.since, last.since)
    states = (first.state(AS_OF), last.state(AS_OF))
    return Row(
        code=last.code,
        holder=last.holder,
        rule=_rule(last, facts),
        since=since,
        told=since if last.holder == Holder.PERSON and _begins_with_telling(last, facts) else None,
        due=_span(first.due, last.due),
        met=_span(first.met_at, last.met_at),
        overdue_since=_span(first.due, last.due) if State.OVERDUE in states else None,
        late_s=_late(first, last),
        states=states,
        unit_sees=seen,
        certain=certain,
        reason=last.reason,
    )


def _begins_with_telling(duty: Duty, facts: Mapping[FactId, Fact]) -> bool:
    return any(isinstance(facts.get(name), Told) for name in duty.reason.facts)


def _span(first: Instant | None, last: Instant | None) -> Span | None:
    if first is None or last is None:
        return None
    return Span(min(first, last), max(first, last))


def _late(first: Duty, last: Duty) -> tuple[int, int] | None:
    """Seconds late at both bounds, least first; None when it is late at neither."""
    late = [
        max(0, (duty.met_at if duty.met_at is not None else AS_OF) - duty.due)
        for duty in (first, last)
        if duty.due is not None and duty.state(AS_OF) in (State.OVERDUE, State.MET_LATE, State.MET)
    ]
    return (min(late), max(late)) if any(late) else None


def _rule(duty: Duty, facts: Mapping[FactId, Fact]) -> Rule:
    made_known = tuple(name for name in duty.reason.facts if isinstance(facts.get(name), RuleOnFile))
    clauses = clauses_of(duty.reason)
    if made_known:
        return Rule(RuleKind.MADE_KNOWN, clauses, made_known)
    outside = tuple(clause for clause in clauses if clause.pack != SAFEGUARDS)
    return Rule(RuleKind.CLAUSE, outside) if outside else Rule(RuleKind.SIZAO, clauses)


def _findings(early: _Side, late: _Side) -> tuple[Found, ...]:
    """The findings known at the latest bound, each with the earliest moment it may carry."""
    before = {(finding.code, finding.about): finding for finding in early.timeline.findings}
    unit = {(finding.code, finding.about) for finding in late.unit.findings}
    disclosed = {(finding.code, finding.about) for finding in late.disclosed.findings}
    found = []
    for finding in late.timeline.findings:
        key = (finding.code, finding.about)
        first: Finding = before.get(key, finding)
        seen = Seen.YES if key in unit else Seen.DISCLOSED if key in disclosed else Seen.NO
        found.append(Found(finding.code, Span(first.at, finding.at), finding.about, seen, finding.reason))
    return tuple(found)


def _telling(early: _Side, late: _Side, what: tuple[str, ...], baseline: Span, train: Span) -> Telling:
    first, last = (_first_told(side.facts, what) for side in (early, late))
    at = _span(first, last)
    if at is None:
        return Telling(None, None, Before.NO)
    before = Before.YES if at.last < train.first else Before.NO if at.first > train.last else Before.PERHAPS
    return Telling(at, earlier_by(baseline, at), before)


def _first_told(facts: Iterable[Fact], what: tuple[str, ...]) -> Instant | None:
    return min((fact.at for fact in facts if isinstance(fact, Told) and fact.what in what), default=None)


__all__ = ["run"]
