"""The four earlies (四早) of one case, measured from the two times of its facts: found, reported, isolated and treated,
each so long after what it is counted from. What is not known is not guessed, and what came before it began counts as no
delay at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sizao.facts.kinds import Admitted, CaseNotice, Fact, Result, Setting, Test
from sizao.when import Instant

ISOLATING = (Setting.CENTRAL, Setting.HOME, Setting.HOSPITAL)


class Earlies(NamedTuple):
    """How long each took, in seconds; None where one of the two moments is not known.

    `found`: from onset to the first sample that was positive, or the diagnosis. `reported`: from the diagnosis to the
    moment the notice was on record. `isolated` and `treated`: from onset, or without one from the first positive sample,
    to being received anywhere that isolates, and in a hospital.
    """

    found: int | None = None
    reported: int | None = None
    isolated: int | None = None
    treated: int | None = None


def earlies_of(facts: Sequence[Fact]) -> Earlies:
    """The four delays of a case from its standing facts, as far as they are known."""
    notices = [fact for fact in facts if isinstance(fact, CaseNotice)]
    if not notices:
        return Earlies()
    onset = _first(fact.onset for fact in notices)
    sampled = _first([*(fact.positive_sampled_at for fact in notices), *_positives(facts)])
    diagnosed = min(fact.at for fact in notices)
    began = onset if onset is not None else sampled
    admitted = [fact for fact in facts if isinstance(fact, Admitted)]
    return Earlies(
        found=_between(onset, diagnosed if sampled is None else min(sampled, diagnosed)),
        reported=_between(diagnosed, min(fact.recorded_at for fact in notices)),
        isolated=_between(began, _first(fact.at for fact in admitted if fact.setting in ISOLATING)),
        treated=_between(began, _first(fact.at for fact in admitted if fact.setting is Setting.HOSPITAL)),
    )


def _positives(facts: Iterable[Fact]) -> list[Instant]:
    """A pool that was positive is nobody's own result."""
    return [fact.at for fact in facts if isinstance(fact, Test) and fact.result is Result.POSITIVE and not fact.pooled]


def _first(moments: Iterable[Instant | None]) -> Instant | None:
    return min((moment for moment in moments if moment is not None), default=None)


def _between(start: Instant | None, end: Instant | None) -> int | None:
    return None if start is None or end is None else max(0, end - start)
