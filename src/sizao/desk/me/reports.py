"""What a person may report, to whom, and which facts that makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sizao.desk.me.models import Statement
from sizao.desk.me.saying import Said, Who, fact, reported, state
from sizao.facts.kinds import CodeSeen, DataClass, Fact, Symptom
from sizao.when import Instant

UNIT, COMMUNITY = "unit", "community"
GIVEN, HEALTH = DataClass.GIVEN, DataClass.HEALTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One thing to report. `classes`: who may receive it and as data of which class; `what`: the code each receiver
    reads, where it is not the kind's own; `first`: the receivers that are ticked to begin with."""

    code: str
    classes: Mapping[str, DataClass]
    first: tuple[str, ...]
    what: Mapping[str, str] = field(default_factory=dict)
    words_needed: bool = False


BOTH = {COMMUNITY: GIVEN, UNIT: GIVEN}

KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(code="code", classes=BOTH, first=(COMMUNITY, UNIT)),
        Kind(code="symptom", classes={COMMUNITY: HEALTH}, first=(COMMUNITY,)),
        Kind(code="contact", classes={COMMUNITY: HEALTH, UNIT: GIVEN}, first=(COMMUNITY,), words_needed=True),
        Kind(
            code="whereabouts", classes=BOTH, first=(COMMUNITY, UNIT), words_needed=True,
            what={COMMUNITY: "trip", UNIT: "track"},
        ),
        Kind(code="before-return", classes=BOTH, first=(COMMUNITY, UNIT)),
        Kind(code="return", classes=BOTH, first=(COMMUNITY, UNIT)),
        Kind(code="explanation", classes={UNIT: GIVEN}, first=(UNIT,), words_needed=True),
    )
}  # fmt: skip
"""Symptoms never go to a unit: it knows only that somebody is absent on a health order."""

SYMPTOMS = ("fever", "cough", "sore_throat", "tiredness", "loss_of_smell", "diarrhoea", "breathless", "other")
COLOURS = ("yellow", "red", "green")
"""Colours another place's code may have shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report as the form gives it."""

    kind: str
    to: tuple[str, ...]
    words: str = ""
    symptoms: tuple[str, ...] = ()
    colour: str = ""
    system: str = ""
    at: Instant | None = None


def report(who: Who, given: Report, *, key: str, now: Instant) -> Statement:
    """Record a report: one `reported` fact for each receiver, and the symptoms or the colour as facts of their own."""
    kind = KINDS[given.kind]
    to = tuple(receiver for receiver in given.to if receiver in kind.classes)

    def facts(number: str) -> Sequence[Fact]:
        told = []
        for receiver in to:
            what = kind.what.get(receiver, kind.code)
            told += reported(who, what, (receiver,), number=number, now=now, classes=kind.classes)
        return [*told, *_beside(who, given, now)]

    words: dict[str, Any] = {"words": given.words}
    if given.symptoms:
        words["symptoms"] = list(given.symptoms)
    if given.colour:
        words |= {"colour": given.colour, "system": given.system}
    return state(who, Said(what=given.kind, to=to, told=words), facts, key=key, now=now)


def _beside(who: Who, given: Report, now: Instant) -> list[Fact]:
    """A colour elsewhere is a question to be asked, never a ground; its cause is not known, and stays so."""
    at = given.at if given.at is not None else who.said_at(now)
    found = [fact(Symptom, who, at=at, now=now, data_class=HEALTH, symptom=symptom) for symptom in given.symptoms]
    if given.kind == "code" and given.colour:
        told = {"colour": given.colour, "system": given.system}
        found.append(fact(CodeSeen, who, at=at, now=now, data_class=HEALTH, **told))
    return found
