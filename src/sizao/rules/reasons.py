"""Why a conclusion holds: codes, clauses and facts, never sentences.

Reasons and everything that carries them are NamedTuples, not frozen dataclasses: a dossier makes some thirty of them,
and a tuple is built five times faster.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from sizao.facts.kinds import FactId
from sizao.policy.values import Value

Slot = str | int | None
Slots = tuple[tuple[str, Slot], ...]


class Clause(NamedTuple):
    """The rule a reason rests on: which pack and version, which value, in force from when, where it stands written."""

    pack: str
    version: str
    key: str
    valid_from: date
    area: str
    reading: str | None
    title: str
    article: str | None
    confidence: str


class Reason(NamedTuple):
    """One step of an explanation. `parts` are the steps it rests on; leaves name facts."""

    code: str
    slots: Slots = ()
    clauses: tuple[Clause, ...] = ()
    facts: tuple[FactId, ...] = ()
    parts: tuple[Reason, ...] = ()


class Standing(StrEnum):
    """The standing (the health code). Unknown is its own value: never treated as yellow or red, nor as green."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    UNKNOWN = "unknown"


def clause_of(value: Value) -> Clause:
    """The clause a pack's value stands for."""
    return Clause(
        value.pack,
        value.version,
        value.key,
        value.valid_from,
        value.area,
        value.reading,
        value.cite.title,
        value.cite.article,
        str(value.confidence),
    )


def facts_of(reason: Reason) -> tuple[FactId, ...]:
    """Every fact a reason rests on, with those of its parts, sorted and once each."""
    found = set(reason.facts)
    for part in reason.parts:
        found.update(facts_of(part))
    return tuple(sorted(found))


def clauses_of(reason: Reason) -> tuple[Clause, ...]:
    """Every clause a reason rests on, with those of its parts, in the order met and once each."""
    found = dict.fromkeys(reason.clauses)
    for part in reason.parts:
        found.update(dict.fromkeys(clauses_of(part)))
    return tuple(found)
