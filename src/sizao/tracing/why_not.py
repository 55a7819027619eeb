"""Why somebody is not a contact of a case, by name: the closest miss, its place, the clause that came closest, the window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sizao.exposure.why_not import Miss, WhyNot
from sizao.exposure.why_not import why_not as closest_miss
from sizao.facts.kinds import Fact, SubjectId
from sizao.rules.reasons import Clause
from sizao.tracing.ground import Ground
from sizao.tracing.trace import ask
from sizao.when import Instant, Interval


class Answer(NamedTuple):
    """The answer for one pair: the miss, its place by name, the clause that came closest, and the case's window."""

    person: SubjectId
    case: SubjectId
    miss: WhyNot
    place: str | None
    clause: Clause | None
    window: Interval

    @property
    def is_contact(self) -> bool:
        """True when there is nothing to explain away."""
        return self.miss.miss is Miss.NONE


def why_not(person: SubjectId, case: SubjectId, facts: Sequence[Fact], ground: Ground, *, known_at: Instant) -> Answer:
    """Why `person` is not a contact of the case with these facts; refuses what `trace` refuses."""
    put, compiled = ask({case: facts}, ground, known_at)
    number = int(ground.people.ids([person])[0])
    found = closest_miss(put.cases, 0, number, ground.store, compiled.rules, known_at=known_at)
    place = None if found.place is None or found.place < 0 else ground.places.names([found.place])[0]
    clause = None if found.rule is None else compiled.clauses[found.rule]
    return Answer(person, case, found, place, clause, put.windows[0].interval)
