"""The secondary contact's dependency on the close contact's first tests.

All first tests negative and the own tests negative: free on the day the rule names. One positive: to be re-graded as
close contact, which burdens, so it is preliminary until a named tracer confirms it. Results missing on that day: the
restriction ends all the same, unless a named officer extends it. What the close contact's later tests show is no matter
of this rule: they make him a case, and his own contacts are traced anew.
"""

from __future__ import annotations

from typing import NamedTuple

from sizao.facts.kinds import Exposure, FactId, Grade, How, Result, Test
from sizao.policy.values import SecondaryRelease
from sizao.rules.dossier import Dossier, Read
from sizao.rules.plans import Days, selected
from sizao.rules.reasons import Clause, Reason, Slots, clause_of
from sizao.rules.samples import known_at, settled
from sizao.when import Instant, day_start


class Regrade(NamedTuple):
    """From when the first tests make a close contact of the secondary one (None: they do not), the step that says why
    or why not, and whether results are missing."""

    close_from: Instant | None
    part: Reason
    missing: bool


def regrade(read: Read, exposure: Exposure, days: Days) -> Regrade | None:
    """What the close contact's first tests make of a secondary contact, as known at the dossier's moment; None without
    a rule."""
    value = selected(read.book, "secondary.release", read.area, days)
    if value is None:
        return None
    rule: SecondaryRelease = value.value
    clauses = (clause_of(value),)
    slots: Slots = (("via", exposure.via), ("tests", rule.first_tests), ("day", rule.on_day))
    upstream = next((dossier for dossier in read.dossier.upstream if dossier.subject == exposure.via), None)
    if upstream is None:
        return Regrade(None, Reason("secondary.unknown-close", slots, clauses), True)
    first = first_tests(upstream, read, exposure, rule.first_tests)
    names = tuple(test.id for test in first)
    positive = [test for test in first if test.result is Result.POSITIVE]
    if positive:
        known = max(min(known_at(test) for test in positive), exposure.recorded_at)
        return Regrade(Instant(known), _step("regraded", slots, clauses, names), False)
    if len(first) == rule.first_tests and all(test.result is Result.NEGATIVE for test in first):
        return Regrade(None, _step("first-negative", slots, clauses, names), False)
    return Regrade(None, _step("missing", slots, clauses, names), True)


def _step(code: str, slots: Slots, clauses: tuple[Clause, ...], names: tuple[FactId, ...]) -> Reason:
    return Reason(f"secondary.{code}", slots, clauses, names)


def first_tests(upstream: Dossier, read: Read, exposure: Exposure, count: int) -> list[Test]:
    """The close contact's first own samples since he was known as one: from the local day on which that was recorded.

    Where his dossier does not say when, from the secondary contact's first contact with him. Pooled samples do not
    count.
    """
    known = [
        fact.recorded_at
        for fact in upstream.facts  # also those a re-match took back since: they are when he was first known
        if isinstance(fact, Exposure) and fact.case == exposure.case and fact.recorded_at <= read.known_at
        if fact.grade is Grade.CLOSE and fact.how is not How.TOLD
    ]
    since = day_start(read.day(min(known)), read.zone) if known else exposure.first
    own = [test for test in Read(upstream, read.known_at, read.book).of(Test) if test.at >= since and not test.pooled]
    return settled(own)[:count]
