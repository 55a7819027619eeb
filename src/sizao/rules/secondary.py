"""The secondary contact's dependency on the close contact's first tests.

All first tests negative and the own tests negative: free on the day the rule names. One positive: re-graded as close contact.
Results missing on that day: the restriction ends all the same, unless a named officer extends it.
"""

from __future__ import annotations

from typing import NamedTuple

from sizao.facts.kinds import Exposure, Result, Test
from sizao.policy.book import PolicyBook
from sizao.policy.values import SecondaryRelease
from sizao.rules.dossier import Read
from sizao.rules.reasons import Reason, clause_of
from sizao.when import Instant, local_day


class Regrade(NamedTuple):
    """From when the secondary contact is a close contact (None: never), and the steps that say why or why not."""

    close_from: Instant | None
    parts: tuple[Reason, ...]


NOTHING = Regrade(None, ())


def regrade(exposure: Exposure, read: Read, book: PolicyBook) -> Regrade:
    """What the close contact's first tests make of a secondary contact, as known at the dossier's moment."""
    value = book.maybe("secondary.release", area=read.area, on=local_day(exposure.last, read.zone))
    if value is None:
        return NOTHING
    rule: SecondaryRelease = value.value
    clauses = (clause_of(value),)
    slots = (("via", exposure.via), ("tests", rule.first_tests), ("day", rule.on_day))
    upstream = next((dossier for dossier in read.dossier.upstream if dossier.subject == exposure.via), None)
    if upstream is None:
        return Regrade(None, (Reason("secondary.unknown-close", slots, clauses),))
    first = first_tests(Read(upstream, read.known_at).of(Test), exposure.first, rule.first_tests)
    facts = tuple(test.id for test in first)
    positive = next((test for test in first if test.result is Result.POSITIVE), None)
    if positive is not None:
        known = positive.resulted_at if positive.resulted_at is not None else positive.recorded_at
        return Regrade(
            Instant(max(known, exposure.recorded_at)), (Reason("secondary.regraded", slots, clauses, facts),)
        )
    negative = len(first) == rule.first_tests and all(test.result is Result.NEGATIVE for test in first)
    return Regrade(
        None, (Reason("secondary.first-negative" if negative else "secondary.missing", slots, clauses, facts),)
    )


def first_tests(tests: list[Test], since: Instant, count: int) -> list[Test]:
    """The first `count` samples taken from `since` on; of several facts about one sample the one with a result counts."""
    by_sample: dict[str, Test] = {}
    for test in tests:
        if test.at < since:
            continue
        known = by_sample.get(test.sample)
        if known is None or (known.result is Result.PENDING and test.result is not Result.PENDING):
            by_sample[test.sample] = test
    return list(by_sample.values())[:count]
