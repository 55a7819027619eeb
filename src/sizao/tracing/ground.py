"""What a trace reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sizao.exposure.engine import Engine
from sizao.exposure.names import NameTable
from sizao.exposure.store import StayStore
from sizao.facts.kinds import Fact, SubjectId
from sizao.policy.book import PolicyBook

FactsOf = Callable[[SubjectId], Sequence[Fact]]


def _nothing_known(_subject: SubjectId) -> Sequence[Fact]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The stays, their people and places by name, the rules, the engine, and what is known of a person."""

    store: StayStore
    people: NameTable
    places: NameTable
    book: PolicyBook
    engine: Engine
    area: str
    zone: str = "Asia/Shanghai"
    facts_of: FactsOf = _nothing_known
