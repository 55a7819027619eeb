"""The secondary contact's dependency on the close contact's first tests.

All first tests negative and the own tests negative: free on the day the rule names. One positive: to be re-graded as
close contact, which burdens, so it is preliminary until a named tracer confirms it. Results missing on that day: the
restriction ends all the same, unless a named officer extends it. What the close contact's later tests show is no matter
of this rule: they make him a case, and his own contacts are traced anew.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from sizao.facts.kinds import Correction, Exposure, Grade, How, Result, Test
from sizao.policy.book import PolicyBook
from sizao.policy.values import SecondaryRelease
from sizao.rules.dossier import POSITIVE, Dossier, Read
from sizao.rules.plans import Days, selected
from sizao.rules.reasons import Clause, Reason, Slots, clause_of
from sizao.rules.samples import known_at, settled
from sizao.when import Instant, day_start, local_day

make = tuple.__new__
CLOSE, TOLD, NEGATIVE = Grade.CLOSE, How.TOLD, Result.NEGATIVE
FREE, MISSING = "secondary.first-negative", "secondary.missing"


class Regrade(NamedTuple):
    """From when the first tests make a close contact of the secondary one (None: they do not), the step that says why
    or why not, and whether results are missing."""

    close_from: Instant | None
    part: Reason
    missing: bool


class _Release(NamedTuple):
    """The rule in force: how many first tests count, on which day it frees, and the clause."""

    tests: int
    day: int
    clauses: tuple[Clause, ...]


@lru_cache(maxsize=16384)
def _release(book: PolicyBook, area: str, days: Days) -> _Release | None:
    value = selected(book, "secondary.release", area, days)
    if value is None:
        return None
    rule: SecondaryRelease = value.value
    return _Release(rule.first_tests, rule.on_day, (clause_of(value),))


def regrade(read: Read, exposure: Exposure, days: Days) -> Regrade | None:
    """What the close contact's first tests make of a secondary contact, as known at the dossier's moment; None without
    a rule."""
    rule = _release(read.book, read.area, days)
    if rule is None:
        return None
    slots: Slots = (("via", exposure.via), ("tests", rule.tests), ("day", rule.day))
    for upstream in read.dossier.upstream:
        if upstream.subject == exposure.via:
            break
    else:
        return Regrade(None, Reason("secondary.unknown-close", slots, rule.clauses), True)
    first = first_tests(upstream, read, exposure, rule.tests)
    names = tuple([test.id for test in first])
    known = [known_at(test) for test in first if test.result is POSITIVE]
    if known:
        close_from = Instant(max(min(known), exposure.recorded_at))
        return Regrade(close_from, Reason("secondary.regraded", slots, rule.clauses, names), False)
    missing = len(first) < rule.tests
    for test in first:
        missing = missing or test.result is not NEGATIVE
    step = make(Reason, (MISSING if missing else FREE, slots, rule.clauses, names, ()))
    return make(Regrade, (None, step, missing))


def first_tests(upstream: Dossier, read: Read, exposure: Exposure, count: int) -> list[Test]:
    """The close contact's first own samples since he was known as one: from the local day on which that was recorded.

    Where his dossier does not say when, from the secondary contact's first contact with him. Pooled samples do not
    count.
    """
    tests: list[Test] = []
    known: list[Instant] = []
    corrected = False
    for fact in upstream.facts:
        if fact.recorded_at > read.known_at:
            continue
        if isinstance(fact, Test):
            tests.append(fact)
        elif isinstance(fact, Correction):
            corrected = True
        elif isinstance(fact, Exposure) and fact.case == exposure.case and fact.grade is CLOSE and fact.how is not TOLD:
            # Also one that a re-match took back since: it is when he was first known.
            known.append(fact.recorded_at)
    if corrected:
        tests = Read(upstream, read.known_at, read.book).tests
    since = day_start(local_day(min(known), read.zone), read.zone) if known else exposure.first
    return settled([test for test in tests if test.at >= since and not test.pooled])[:count]
