"""What a question typed into the search box asks for: numbers, a date of birth, a name in characters or letters."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from sizao.desk.people.normal import (
    document_forms,
    has_han,
    name_key,
    normal_document,
    normal_phone,
    tidy_name,
    tidy_text,
)
from sizao.desk.people.readings import readings
from sizao.desk.people.search_keys import KeyKind, Sought, born_values

_DATE = re.compile(
    r"(?<![\dA-Za-z])(?P<year>(?:18|19|20)\d\d)"
    r"(?:(?P<between>[-/.年])(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?|(?P<month2>\d\d)(?P<day2>\d\d))(?![\dA-Za-z])",
    re.ASCII,
)
_NUMBER = re.compile(r"\+?[A-Za-z]{0,3}\d[\dA-Za-z()-]*(?: +\(?\d[\dXx()-]*)*", re.ASCII)
_FEWEST_DIGITS = 5
_PASSPORT_U = re.compile(r"([ln])yu")


class Question(NamedTuple):
    """`tiers`: what to look up, strongest first; a tier is asked only when all before it found nothing. `name` is what candidates
    are ranked by."""

    tiers: tuple[tuple[Sought, ...], ...]
    name: str = ""


def read_question(text: str) -> Question:
    """Reads what was typed. A text that asks for nothing has no tiers."""
    rest = tidy_text(text)
    born, without = _take_date(rest)
    numbers, name = _take_numbers(without)
    if born is not None and not name:
        # Eight digits alone are a number, whatever day they look like.
        born, (numbers, name) = None, _take_numbers(rest)
    tiers = [_of_numbers(numbers, rest)] if numbers else []
    tiers += _of_name(name, born) if name else []
    kept = tuple(tuple(sought for sought in tier if sought.values) for tier in tiers)
    return Question(tuple(tier for tier in kept if tier), name)


def _take_date(text: str) -> tuple[date | None, str]:
    for found in _DATE.finditer(text):
        month, day = found["month"] or found["month2"], found["day"] or found["day2"]
        try:
            born = date(int(found["year"]), int(month), int(day))
        except ValueError:
            continue
        return born, tidy_text(f"{text[: found.start()]} {text[found.end() :]}")
    return None, text


def _take_numbers(text: str) -> tuple[tuple[str, ...], str]:
    """The numbers of a text, whole and in their parts, and what is left of the text."""
    numbers: dict[str, None] = {}
    for found in _NUMBER.findall(text):
        parts = [found, *found.split()]
        numbers |= dict.fromkeys(part for part in parts if sum(map(str.isdigit, part)) >= _FEWEST_DIGITS)
    rest = text
    for number in numbers:
        rest = rest.replace(number, " ")
    return tuple(numbers), tidy_name(rest)


def _of_numbers(numbers: tuple[str, ...], whole: str) -> tuple[Sought, ...]:
    """Each number as a document's and as a telephone's; the whole too, for some documents have characters in their numbers."""
    documents = dict.fromkeys(form for number in (*numbers, normal_document(whole)) for form in document_forms(number))
    phones = dict.fromkeys(phone for phone in map(normal_phone, numbers) if phone)
    return (Sought(KeyKind.DOCUMENT, tuple(documents)), Sought(KeyKind.PHONE, tuple(phones)))


def _of_name(name: str, born: date | None) -> list[tuple[Sought, ...]]:
    spelled = readings(name)
    written = Sought(KeyKind.NAME, tuple(key for key in (name_key(name),) if key))
    if has_han(name):
        return [
            (Sought(KeyKind.BORN, born_values(spelled.joined, born)),),
            (written, Sought(KeyKind.PINYIN, spelled.joined)),
            (Sought(KeyKind.INITIALS, spelled.initials),),
        ]
    typed = tuple(dict.fromkeys(other for way in spelled.joined for other in (way, _PASSPORT_U.sub(r"\1u", way))))
    return [
        (Sought(KeyKind.BORN, born_values(typed, born)),),
        (written, Sought(KeyKind.PINYIN, typed), Sought(KeyKind.INITIALS, typed)),
        (Sought(KeyKind.PINYIN, spelled.words),),
    ]
