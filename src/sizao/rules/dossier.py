"""The facts of one subject, sorted out by kind, with the dossiers it depends on and the rules it is read by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from operator import attrgetter
from typing import NamedTuple, TypeVar

from sizao.facts.corrections import standing_facts
from sizao.facts.kinds import (
    Admitted,
    Correction,
    Fact,
    FactId,
    Order,
    Released,
    Result,
    SubjectId,
    Test,
    Told,
)
from sizao.policy.book import PolicyBook
from sizao.when import Instant, local_day

AnyFact = TypeVar("AnyFact", bound=Fact)


class View(StrEnum):
    """Who concludes: whoever may read the whole dossier, or a unit behind the purpose wall."""

    WHOLE = "whole"
    UNIT = "unit"


class Dossier(NamedTuple):
    """One subject's facts. `upstream` are the close contacts a secondary contact depends on; `area` is whose rules
    govern."""

    subject: SubjectId
    facts: tuple[Fact, ...]
    area: str
    upstream: tuple[Dossier, ...] = ()
    zone: str = "Asia/Shanghai"
    view: View = View.WHOLE


class Withdrawn(NamedTuple):
    """A fact that no longer stands, and the correction that took it back."""

    fact: Fact
    by: Correction


class Read:
    """A dossier as known at a moment: corrections applied, facts by kind, each list in the order of what happened.

    Orders, admissions, releases, tellings and tests (of them, `positives`) are asked for by nearly every rule.
    """

    __slots__ = (
        "admissions", "area", "book", "by_kind", "dossier", "known_at", "orders", "positives", "releases", "subject", "tellings",
        "tests", "zone",
    )  # fmt: skip

    def __init__(self, dossier: Dossier, known_at: Instant, book: PolicyBook) -> None:
        self.dossier, self.known_at, self.book = dossier, known_at, book
        self.subject, self.area, self.zone = dossier.subject, dossier.area, dossier.zone
        self.by_kind = _by_kind(dossier.facts, known_at)
        of = self.by_kind.get
        self.orders: list[Order] = of(Order, _NONE)  # type: ignore[assignment]  # keyed by the facts' own class, here and below
        self.admissions: list[Admitted] = of(Admitted, _NONE)  # type: ignore[assignment]
        self.releases: list[Released] = of(Released, _NONE)  # type: ignore[assignment]
        self.tellings: list[Told] = of(Told, _NONE)  # type: ignore[assignment]
        self.tests: list[Test] = of(Test, _NONE)  # type: ignore[assignment]
        self.positives = [test for test in self.tests if test.result is POSITIVE] if self.tests else self.tests

    def of(self, kind: type[AnyFact]) -> list[AnyFact]:
        """The standing facts of one kind, earliest first; the list is the reader's own and must not be changed."""
        return self.by_kind.get(kind, _NONE)  # type: ignore[return-value]  # keyed by the facts' own class

    def day(self, moment: Instant) -> date:
        """The local day that holds the moment."""
        return local_day(moment, self.zone)

    def withdrawn(self) -> list[Withdrawn]:
        """What was recorded by then and has been taken back since, in the order of the corrections."""
        if Correction not in self.by_kind:
            return []
        corrections = self.of(Correction)
        known = {fact.id: fact for fact in self.dossier.facts if fact.recorded_at <= self.known_at}
        standing = {fact.id for facts in self.by_kind.values() for fact in facts}
        return [
            Withdrawn(known[each.corrects], each)
            for each in corrections
            if each.corrects in known and each.corrects not in standing
        ]

    def successors(self) -> dict[FactId, FactId]:
        """Withdrawn fact → the one that its correction names in its place."""
        return {each.corrects: each.replacement for each in self.of(Correction) if each.replacement is not None}


POSITIVE = Result.POSITIVE
_NONE: list[Fact] = []
_ORDER = attrgetter("at", "recorded_at", "id")
_RECORDED = attrgetter("recorded_at")
_ID = attrgetter("id")


def _by_kind(facts: tuple[Fact, ...], known_at: Instant) -> Mapping[type[Fact], list[Fact]]:
    """The standing facts by kind, each list in order. Every dossier goes through here, so that what can be asked of all
    facts at once is."""
    by_kind: defaultdict[type[Fact], list[Fact]] = defaultdict(list)
    known = facts
    if facts and max(map(_RECORDED, facts)) > known_at:
        known = tuple([fact for fact in facts if fact.recorded_at <= known_at])
    for fact in known:
        by_kind[fact.__class__].append(fact)
    if Correction in by_kind or len(set(map(_ID, known))) != len(known):
        by_kind.clear()
        for fact in standing_facts(known, known_at):
            by_kind[fact.__class__].append(fact)
    if len(by_kind) < len(known):
        for found in by_kind.values():
            if len(found) > 1:
                found.sort(key=_ORDER)
    return by_kind
