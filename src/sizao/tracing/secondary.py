"""Contacts of contacts, by their own rule: from the close contact's first contact with the case until the close
contact is isolated.

The rule is not the first ring's rule run twice; where the rule in force asks for higher-risk close contacts only,
none is taken by software: a tracer names them (an exposure judged with the flag `higher-risk`). There is no third
ring.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from sizao.exposure.cases import Cases
from sizao.facts.corrections import standing_facts
from sizao.facts.kinds import Admitted, Exposure, Fact, Grade, How, Setting, SubjectId
from sizao.tracing.compile import Compiled, compile_rules
from sizao.tracing.exposures import Meetings, exposure_facts, exposure_id
from sizao.tracing.ground import Ground
from sizao.tracing.notices import Question
from sizao.when import DAY_S, Instant, Interval, local_day

HIGHER_RISK = "higher-risk"


class Ring(NamedTuple):
    """The close contacts whose contacts are looked for: whose case, and from when until when."""

    close: tuple[SubjectId, ...]
    cases: tuple[SubjectId, ...]
    spans: tuple[Interval, ...]


def second_ring(
    exposures: Sequence[Exposure], cases: Sequence[SubjectId], ground: Ground, known_at: Instant
) -> list[Exposure]:
    """Exposures of secondary contacts. A person who is a case or a close contact already is not also a secondary
    contact.
    """
    ring = ring_of(exposures, set(cases), ground, known_at)
    if not ring.close:
        return []
    compiled = _rules(ring, ground, known_at)
    persons = ground.people.ids(list(ring.close))
    asked = Cases.of(persons, [span.start for span in ring.spans], [span.end for span in ring.spans])
    found = ground.engine.match(asked, ground.store, compiled.rules, known_at=known_at)
    named = Meetings.of(found, Question(asked, (), ()), compiled, ground.people, ground.places)
    nearer = set(cases) | {exposure.subject for exposure in exposures if exposure.grade is Grade.CLOSE}
    case_of = dict(zip(ring.close, ring.cases, strict=True))
    return [
        _linked(fact, case_of) for fact in exposure_facts(named, known_at, via=ring.close) if fact.subject not in nearer
    ]


def ring_of(exposures: Sequence[Exposure], cases: set[SubjectId], ground: Ground, known_at: Instant) -> Ring:
    """Close contacts in the order of their names, each with its earliest contact."""
    first: dict[SubjectId, Exposure] = {}
    for exposure in exposures:
        if exposure.grade is Grade.CLOSE and exposure.subject not in cases:
            known = first.get(exposure.subject)
            if known is None or (exposure.first, exposure.id) < (known.first, known.id):
                first[exposure.subject] = exposure
    rows = []
    for subject in sorted(first):
        facts = standing_facts(list(ground.facts_of(subject)), known_at)
        if _taken(first[subject], facts, ground):
            start = first[subject].first
            rows.append((subject, first[subject].case, Interval(start, max(start, _isolated(facts, start, known_at)))))
    return Ring(tuple(row[0] for row in rows), tuple(row[1] for row in rows), tuple(row[2] for row in rows))


def _taken(exposure: Exposure, facts: Sequence[Fact], ground: Ground) -> bool:
    """By the rule of the day of the close contact's own first contact, not of the day somebody asks."""
    on = local_day(exposure.first, ground.zone)
    determined = ground.book.maybe("secondary.determined", area=ground.area, on=on)
    if determined is None or not determined.value:
        return False
    value = ground.book.maybe("secondary.needs_higher_risk", area=ground.area, on=on)
    if value is None or not value.value:
        return True
    judged = [fact for fact in facts if isinstance(fact, Exposure) and fact.how is How.JUDGED]
    return any(HIGHER_RISK in fact.flags for fact in judged)


def _isolated(facts: Sequence[Fact], since: Instant, known_at: Instant) -> Instant:
    isolating = (Setting.CENTRAL, Setting.HOME, Setting.HOSPITAL)
    admitted = [
        fact.at for fact in facts if isinstance(fact, Admitted) and fact.setting in isolating and fact.at >= since
    ]
    return min([*admitted, known_at])


def _rules(ring: Ring, ground: Ground, known_at: Instant) -> Compiled:
    since = local_day(min(span.start for span in ring.spans), ground.zone)
    until = local_day(Instant(known_at + DAY_S), ground.zone)
    return compile_rules(ground.book, "secondary.rules", area=ground.area, zone=ground.zone, since=since, until=until)


def _linked(fact: Exposure, case_of: dict[SubjectId, SubjectId]) -> Exposure:
    """The engine's case was the close contact: it becomes `via`, and the case is the close contact's own."""
    via, case = fact.case, case_of[fact.case]
    evidence = (via, *map(str, fact.stays), *fact.flags)
    linked = exposure_id(case, fact.subject, str(fact.rule), (fact.first, fact.last, fact.minutes), evidence)
    return replace(fact, id=linked, case=case, via=via)
