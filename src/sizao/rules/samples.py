"""Samples and their results: a sample may be told of by several facts, and a pooled positive is nobody's result."""

from __future__ import annotations

from collections.abc import Iterable

from sizao.facts.kinds import Result, Test
from sizao.when import Instant


def settled(tests: Iterable[Test]) -> list[Test]:
    """One fact per sample, earliest sample first: the last recorded one that has a result, or the first one while none
    has."""
    by_sample: dict[str, Test] = {}
    for test in tests:
        known = by_sample.get(test.sample)
        if known is None or (test.result is not Result.PENDING and _later(test, known)):
            by_sample[test.sample] = test
    return sorted(by_sample.values(), key=lambda test: (test.at, test.recorded_at, test.id))


def _later(test: Test, known: Test) -> bool:
    return known.result is Result.PENDING or (test.recorded_at, test.id) > (known.recorded_at, known.id)


def known_at(test: Test) -> Instant:
    """When the result could be acted on: given and recorded."""
    return test.recorded_at if test.resulted_at is None else max(test.resulted_at, test.recorded_at)


def shows_infection(test: Test) -> bool:
    """A positive result of one person's own sample; a pooled one only calls for a new sample of everybody in the pool."""
    return test.result is Result.POSITIVE and not test.pooled
