"""When a case, its window or the stays change: what a new match adds, and what it takes back.

Exposures are facts, so nothing is deleted: an exposure that no longer holds is taken back by a correction, one that
holds again has its correction taken back. After that the standing matched exposures are exactly those of a fresh run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sizao.facts.corrections import standing_facts
from sizao.facts.kinds import Correction, DataClass, Exposure, Fact, FactId, How
from sizao.when import Instant

SOURCE = "re-match"


class Changes(NamedTuple):
    """What to record: exposures nobody knew yet, and corrections that withdraw or restore known ones."""

    added: tuple[Exposure, ...]
    withdrawn: tuple[Correction, ...]
    restored: tuple[Correction, ...]

    @property
    def facts(self) -> tuple[Fact, ...]:
        """All of it, ready to be recorded in one act."""
        return (*self.added, *self.withdrawn, *self.restored)


def rematch(known: Sequence[Fact], fresh: Iterable[Exposure], *, now: Instant, recorder: str, why: str) -> Changes:
    """The difference between the matched exposures that stand in `known` (facts of all people concerned) and a fresh
    match.

    `known` must hold the corrections as well. Exposures told or judged by people are never touched.
    """
    standing = standing_facts(known, now)
    stands = {fact.id: fact for fact in standing if isinstance(fact, Exposure) and fact.how is How.MATCHED}
    ever = {fact.id for fact in known}
    wanted = {fact.id: fact for fact in fresh}
    takes_back = {fact.corrects: fact for fact in standing if isinstance(fact, Correction)}
    added = [fact for id_, fact in wanted.items() if id_ not in ever]
    gone = [fact for id_, fact in stands.items() if id_ not in wanted]
    back = [takes_back[id_] for id_ in wanted if id_ in ever and id_ not in stands and id_ in takes_back]
    return Changes(
        tuple(sorted(added, key=lambda fact: fact.id)),
        tuple(_correction(fact, now, recorder, why) for fact in sorted(gone, key=lambda fact: fact.id)),
        tuple(_correction(fact, now, recorder, why) for fact in sorted(back, key=lambda fact: fact.id)),
    )


def _correction(fact: Exposure | Correction, now: Instant, recorder: str, why: str) -> Correction:
    name = hashlib.blake2b(f"{fact.id}|{now}|{why}".encode(), digest_size=12).hexdigest()
    return Correction(
        id=FactId("c" + name),
        subject=fact.subject,
        at=now,
        recorded_at=now,
        source=SOURCE,
        recorder=recorder,
        basis=fact.basis,
        data_class=DataClass.HEALTH,
        corrects=fact.id,
        why=why,
    )
