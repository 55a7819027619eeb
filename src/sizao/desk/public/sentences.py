"""Values of packs as sentences. The commonest kinds have sentences of their own; the others are told part by part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any

from sizao.policy.terms import term
from sizao.policy.values import Citation, ColourRule, ContactRule, Course, CoursePhase, Deadline, Text
from sizao.words import Lang, say

SOURCES = ("cite", "also", "confidence", "note")
"""Of a rule within a value: shown apart from what it rules."""


def in_lang(text: Text, lang: Lang) -> str:
    """A text of a pack in the reader's language."""
    return text.zh if lang is Lang.ZH else text.en


def cited(cite: Citation) -> str:
    """Title and article of a source."""
    return ", ".join(part for part in (cite.title, cite.article) if part)


def lines_of(value: Any, lang: Lang) -> list[str]:
    """A value in words: one line, or one for each rule of a list and each phase of a course."""
    if isinstance(value, Course):
        return [say("public.say.course", lang, counted=term(value.counts_from)), *_phases(value, lang)]
    if isinstance(value, tuple) and not isinstance(value, Citation) and any(is_dataclass(item) for item in value):
        return [_inline(item, lang) for item in value]
    return [_inline(value, lang)]


def _phases(course: Course, lang: Lang) -> Iterator[str]:
    """Each stretch with the days of the course it covers, as long as they can be counted."""
    first: int | None = 1
    for phase in course.phases:
        yield _phase(phase, first, lang)
        first = None if first is None or phase.days is None else first + phase.days


def _phase(phase: CoursePhase, first: int | None, lang: Lang) -> str:
    what = {"setting": term(phase.setting), "care": term(phase.kind)}
    if phase.days is None or first is None:
        told = say("public.say.phase-open", lang, **what)
    else:
        told = say("public.say.phase", lang, first=first, last=first + phase.days - 1, **what)
    if phase.test_days:
        told += say("public.say.tests", lang, days=_list([str(day) for day in phase.test_days], lang))
    if phase.double_test:
        told += say("public.say.double", lang)
    return told if phase.ends_when is None else told + say("public.say.ends", lang, when=term(phase.ends_when))


def _colour(rule: ColourRule, lang: Lang) -> str:
    told = say("public.say.colour", lang, ground=term(rule.ground), phase=term(rule.phase), colour=term(rule.colour))
    if rule.from_day is not None and rule.to_day is not None:
        told += say("public.say.days", lang, first=rule.from_day, last=rule.to_day)
    return told + say("public.say.negative", lang) if rule.needs_negative else told


def _deadline(rule: Deadline, lang: Lang) -> str:
    code = "public.say.deadline" if rule.hours else "public.say.deadline-at-once"
    return say(code, lang, holder=term(rule.holder), starts=term(rule.starts), met=term(rule.met_by), hours=rule.hours)


def _contact(rule: ContactRule, lang: Lang) -> str:
    places = _list([say(term(place), lang) for place in rule.place], lang)
    told = say("public.say.contact", lang, places=places, same=term(rule.same), grade=term(rule.grade))
    if rule.rows is not None:
        told += say("public.say.rows", lang, rows=rule.rows)
    if rule.minutes:
        told += say(
            "public.say.minutes-together" if rule.cumulative else "public.say.minutes", lang, minutes=rule.minutes
        )
    return told + say("public.say.lag", lang, minutes=rule.lag_min) if rule.lag_min else told


def _list(texts: Sequence[str], lang: Lang) -> str:
    return say("cli.list", lang).join(texts)


def _inline(value: Any, lang: Lang) -> str:
    match value:
        case ColourRule():
            return _colour(value, lang)
        case Deadline():
            return _deadline(value, lang)
        case ContactRule():
            return _contact(value, lang)
        case bool():
            return say("cli.yes" if value else "cli.no", lang)
        case Text():
            return in_lang(value, lang)
        case Citation():
            return cited(value)
        case StrEnum():
            return say(term(value), lang)
        case tuple() | list():
            return _list([_inline(item, lang) for item in value], lang) or "–"
    return say("cli.parts", lang).join(_parts(value, lang)) if is_dataclass(value) else str(value)


def _parts(value: Any, lang: Lang) -> Iterator[str]:
    for field in fields(value):
        part = getattr(value, field.name)
        if field.name in SOURCES or part is None or part in ((), False):
            continue
        name, told = say(f"cli.policy.field.{field.name}", lang), _inline(part, lang)
        yield name if part is True else f"{name} ({told})" if _nested(part) else f"{name} {told}"


def _nested(part: Any) -> bool:
    several = part if isinstance(part, tuple) and not isinstance(part, Citation) else (part,)
    return any(is_dataclass(item) and not isinstance(item, Text) for item in several)
