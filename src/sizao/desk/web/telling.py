"""What a fact says, in a few words, and when we learnt it. The whole fact with its source is `sizao.rules.explain.say_fact`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from sizao.desk.web.parts import Event
from sizao.facts.kinds import Attendance, CodeSeen, Exposure, Fact, Test, TripDecided
from sizao.rules.explain import FROM_FACTS
from sizao.when import OPEN, Instant
from sizao.words import Lang, say, terms

CODED = {
    "grade": "grade", "setting": "setting", "case_class": "case_class", "level": "level", "orders": "order",
    "to": "to", "rule": "rule", "colour": "standing",
}  # fmt: skip
"""Fields that hold a code, and the vocabulary it belongs to."""
NAMED = frozenset({"place", "run", "via", "by", "area", "witness", "requester", "officer", "body"})
"""Fields that hold the name of a place, a person or an office, shown under the name the reader may see."""


def say_content(fact: Fact, lang: Lang, names: Mapping[str, str]) -> str:
    """What was reported, without its times. `names` says how places, people and offices are called to this reader."""
    return say(_code(fact), lang, **_slots(fact, lang, names))


def _code(fact: Fact) -> str:
    match fact:
        case Test(pooled=True):
            return "web.fact.test-pooled"
        case CodeSeen(cause=None):
            return "web.fact.code_seen-unknown"
        case TripDecided():
            return "web.fact.trip_granted" if fact.granted else "web.fact.trip_refused"
        case Attendance():
            return "web.fact.present" if fact.present else "web.fact.absent"
    return f"web.fact.{fact.kind}"


def _slots(fact: Fact, lang: Lang, names: Mapping[str, str]) -> dict[str, Any]:
    slots: dict[str, Any] = {}
    for field in fields(fact):
        slots[field.name] = _said(field.name, getattr(fact, field.name), lang, names)
    if isinstance(fact, Test):
        slots["result"] = say(f"web.test.{fact.result}", lang)
    if fact.kind == "reported":
        slots["what"] = _word("report", str(slots["what"]))
    return slots


def _said(name: str, value: Any, lang: Lang, names: Mapping[str, str]) -> object:
    if value is None:
        return say("place.not-stated" if name == "place" else "nothing", lang)
    if name == "how":
        return f"web.how.{value}"
    if name in CODED:
        return _word(CODED[name], str(value))
    if name == "case":
        return names.get(value, value.removeprefix("case:"))
    if name in NAMED:
        return names.get(str(value), str(value))
    if isinstance(value, tuple):
        return ("、" if lang is Lang.ZH else ", ").join(names.get(str(one), str(one)) for one in value)
    return value


def _word(vocabulary: str, value: str) -> str:
    code = f"{vocabulary}.{value}"
    return f"{vocabulary}.other" if vocabulary in FROM_FACTS and code not in terms() else code


def events_of(facts: Iterable[Fact], lang: Lang, names: Mapping[str, str]) -> tuple[Event, ...]:
    """Facts as events of a timeline, the earliest first; what was learnt later says so by itself."""
    ordered = sorted(facts, key=lambda fact: (fact.at, fact.recorded_at, fact.id))
    return tuple(
        Event(
            at=fact.at,
            until=_end(fact),
            precision=fact.precision,
            text=say_content(fact, lang, names),
            learnt_at=fact.recorded_at,
            source=fact.source,
            fact=fact.id,
        )
        for fact in ordered
    )


def _end(fact: Fact) -> Instant | None:
    if isinstance(fact, Exposure):
        return None
    end = getattr(fact, "end", None)
    return None if end is None or end >= OPEN else end
