"""The values of packs as a person reads them, and as JSON holds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sizao.cli.output import Speaker
from sizao.policy.terms import term
from sizao.policy.values import Citation, Text
from sizao.words.catalogue import Lang

_SOURCES = ("cite", "also", "confidence", "note")
"""Of a rule within a value: shown apart from what it rules."""


def lines_of(value: Any, speaker: Speaker) -> list[str]:
    """The lines of a value: one for a plain one, one for each rule of a list."""
    if isinstance(value, tuple) and not isinstance(value, Citation) and any(is_dataclass(item) for item in value):
        return [f"{number}. {_inline(item, speaker)}" for number, item in enumerate(value, start=1)]
    return [_inline(value, speaker)]


def _inline(value: Any, speaker: Speaker) -> str:
    if isinstance(value, bool):
        return speaker.said("cli.yes" if value else "cli.no")
    if isinstance(value, Text):
        return value.zh if speaker.lang is Lang.ZH else value.en
    if isinstance(value, Citation):
        return cited(value)
    if isinstance(value, StrEnum):
        return speaker.said(term(value))
    if isinstance(value, tuple | list):
        return speaker.said("cli.list").join(_inline(item, speaker) for item in value) or "–"
    if is_dataclass(value):
        return speaker.said("cli.parts").join(_parts(value, speaker))
    return str(value)


def _parts(value: Any, speaker: Speaker) -> Iterator[str]:
    for field in fields(value):
        part = getattr(value, field.name)
        if field.name in _SOURCES or part is None or part in ((), False):
            continue
        told = _inline(part, speaker)
        name = speaker.said(f"cli.policy.field.{field.name}")
        if part is True:
            yield name
        else:
            yield f"{name} ({told})" if _nested(part) else f"{name} {told}"


def _nested(part: Any) -> bool:
    several = part if isinstance(part, tuple) and not isinstance(part, Citation) else (part,)
    return any(is_dataclass(item) and not isinstance(item, Text) for item in several)


def cited(cite: Citation) -> str:
    """Title, article and link of a source."""
    return ", ".join(part for part in (cite.title, cite.article, cite.link) if part)


def as_data(value: Any) -> Any:
    """The value as JSON holds it."""
    if is_dataclass(value) and not isinstance(value, type):
        return as_data(asdict(value))
    if hasattr(value, "_asdict"):
        return as_data(value._asdict())
    if isinstance(value, dict):
        return {str(key): as_data(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [as_data(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
