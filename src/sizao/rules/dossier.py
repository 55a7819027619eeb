"""The facts of one subject, sorted out by kind, with the dossiers it depends on."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

from sizao.facts.corrections import standing_facts
from sizao.facts.kinds import Fact, SubjectId
from sizao.when import Instant

AnyFact = TypeVar("AnyFact", bound=Fact)


class Dossier(NamedTuple):
    """One subject's facts. `upstream` are the close contacts a secondary contact depends on; `area` is whose rules govern."""

    subject: SubjectId
    facts: tuple[Fact, ...]
    area: str
    upstream: tuple[Dossier, ...] = ()
    zone: str = "Asia/Shanghai"


class Read:
    """A dossier as known at a moment: corrections applied, facts by kind, each list in the order of what happened."""

    __slots__ = ("area", "by_kind", "dossier", "known_at", "subject", "zone")

    def __init__(self, dossier: Dossier, known_at: Instant) -> None:
        self.dossier, self.known_at = dossier, known_at
        self.subject, self.area, self.zone = dossier.subject, dossier.area, dossier.zone
        by_kind: dict[type[Fact], list[Fact]] = {}
        for fact in standing_facts(dossier.facts, known_at):
            kind = type(fact)
            if kind in by_kind:
                by_kind[kind].append(fact)
            else:
                by_kind[kind] = [fact]
        for found in by_kind.values():
            if len(found) > 1:
                found.sort(key=_order)
        self.by_kind = by_kind

    def of(self, kind: type[AnyFact]) -> list[AnyFact]:
        """The standing facts of one kind, earliest first; the list is the reader's own and must not be changed."""
        return self.by_kind.get(kind, [])  # type: ignore[return-value]  # keyed by the facts' own class


def _order(fact: Fact) -> tuple[int, int, str]:
    return fact.at, fact.recorded_at, fact.id
