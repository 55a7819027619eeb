"""Which facts stand: those recorded by then and not taken back. Facts are never edited, so this is how a mistake is
undone.
"""

from __future__ import annotations

from collections.abc import Sequence

from sizao.facts.kinds import Correction, Fact, FactId
from sizao.when import Instant


def standing_facts(facts: Sequence[Fact], known_at: Instant) -> list[Fact]:
    """The facts recorded at or before `known_at` that no standing correction takes back, in the order given.

    A correction may itself be taken back, and then takes nothing back. Which facts stand depends on nothing but the
    set of facts: not on their order, and not on one that stands in it twice (the earliest recorded entry counts).
    Corrections that name each other in a ring, which only invented ids make possible, are decided latest recorded
    first, then greatest id first.
    """
    visible = [fact for fact in facts if fact.recorded_at <= known_at]
    if len({fact.id for fact in visible}) != len(visible):
        visible = _each_once(visible)
    corrections = [fact for fact in visible if fact.__class__ is Correction]
    if not corrections:
        return visible
    gone = _taken_back(corrections)
    return [fact for fact in visible if fact.id not in gone]


def _each_once(visible: list[Fact]) -> list[Fact]:
    first: dict[FactId, Fact] = {}
    for fact in visible:
        known = first.get(fact.id)
        if known is None or (fact.recorded_at, fact.recorder) < (known.recorded_at, known.recorder):
            first[fact.id] = fact
    return list(first.values())


def _taken_back(corrections: list[Correction]) -> set[FactId]:
    """Each correction has one target, so correctors form trees: a correction is decided once all that name it are."""
    by_id = {correction.id: correction for correction in corrections}
    waiting: dict[FactId, int] = dict.fromkeys(by_id, 0)
    for correction in corrections:
        if correction.corrects in waiting:
            waiting[correction.corrects] += 1
    latest_first = sorted(corrections, key=lambda item: (item.recorded_at, item.id), reverse=True)
    ready = [correction for correction in latest_first if not waiting[correction.id]]
    gone: set[FactId] = set()
    decided: set[FactId] = set()
    for start in (*ready, *latest_first):
        step: Correction | None = start
        while step is not None and step.id not in decided:
            decided.add(step.id)
            if step.id not in gone:
                gone.add(step.corrects)
            target = by_id.get(FactId(step.corrects))
            if target is None:
                break
            waiting[target.id] -= 1
            step = target if waiting[target.id] <= 0 else None
    return gone
