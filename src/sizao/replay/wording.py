"""What the tables of a replay are made of, and the words they share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sizao.replay.choices import Reading
from sizao.replay.grouping import Condition
from sizao.words import Lang, say


class Table(NamedTuple):
    """A title, the heads of the columns, the rows as text, and what is said under them. `name` is stable in any language."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def say_reading(reading: Reading, lang: Lang) -> str:
    """How a contact is told."""
    return say(f"replay.reading.{reading}", lang)


def theatre_code(in_theatre: bool | None) -> str:
    """The term for a presence, or for either."""
    return (
        "replay.theatre.either" if in_theatre is None else "replay.theatre.yes" if in_theatre else "replay.theatre.no"
    )


def say_conditions(conditions: Iterable[Condition], lang: Lang) -> str:
    """All of them, one after the other."""
    return say("replay.or", lang).join(_say_condition(each, lang) for each in conditions)


def _say_condition(condition: Condition, lang: Lang) -> str:
    reading, theatre = say_reading(condition.reading, lang), theatre_code(condition.in_theatre)
    if condition.sampled is None:
        return say("replay.condition", lang, reading=reading, theatre=theatre)
    sampled = f"replay.sampled.{condition.sampled}"
    return say("replay.condition.sampled", lang, reading=reading, theatre=theatre, sampled=sampled)


def yes_no(value: bool, lang: Lang) -> str:
    """Yes or no."""
    return say("replay.yes" if value else "replay.no", lang)


def heads(of_table: str, columns: Iterable[str], lang: Lang) -> tuple[str, ...]:
    """The heads of columns."""
    return tuple(say(f"replay.{of_table}.{column}", lang) for column in columns)
