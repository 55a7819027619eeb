"""How people, offices and places are called on these pages: by a register, and a person by a number that names nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date

from sizao.desk.access.models import User
from sizao.desk.people.areas import area_at
from sizao.desk.people.models import Place, Unit
from sizao.desk.web.telling import NAMED
from sizao.facts.kinds import Fact
from sizao.rules.reasons import Reason
from sizao.words import Lang, say

PERSON, USER, MACHINE = "person:", "user:", "machine:"
LONGEST = 12
"""A number of a person up to so long is shown whole."""
SHOWN = 8
"""Of a longer one its last so many letters; the whole of it is in the address."""
CALLED = frozenset({*NAMED, "source", "recorder", "second_by"})
"""Fields of facts that hold the name of somebody or something."""


def number_of(subject: str) -> str:
    """A person's number, short enough to be read out; it says nothing about anybody."""
    name = subject.partition(":")[2]
    return name if len(name) <= LONGEST else f"…{name[-SHOWN:]}"


def codes_in(facts: Iterable[Fact]) -> set[str]:
    """Everybody and everything that these facts name by a code."""
    found: set[str] = set()
    for fact in facts:
        for field in fields(fact):
            value = getattr(fact, field.name)
            if field.name in CALLED and isinstance(value, str):
                found.add(value)
    return found


def names_of(codes: Iterable[str], lang: Lang, on: date) -> dict[str, str]:
    """How each of these codes is called; one that no register knows is left out, and shown as it is."""
    wanted = {code for code in codes if code}
    found = {code: number_of(code) for code in wanted if code.startswith(PERSON)}
    found |= {code: say("contacts.software", lang) for code in wanted if code.startswith(MACHINE)}
    found |= _users({code for code in wanted if code.startswith(USER)}, lang)
    rest = wanted - found.keys()
    for register in (Unit, Place):
        for code, zh, en in register.objects.filter(code__in=rest).values_list("code", "name_zh", "name_en"):
            found[code] = en if lang is Lang.EN and en else zh
    for code in rest - found.keys():
        if code.isdecimal():
            found |= _area(code, lang, on)
    return found


def _users(codes: set[str], lang: Lang) -> dict[str, str]:
    keys = [int(code.removeprefix(USER)) for code in codes if code.removeprefix(USER).isdecimal()]
    rows = User.objects.filter(pk__in=keys).values_list("pk", "name_zh", "name_en")
    return {f"{USER}{pk}": zh if lang is Lang.ZH or not en else en for pk, zh, en in rows}


def _area(code: str, lang: Lang, on: date) -> dict[str, str]:
    row = area_at(code, on)
    return {} if row is None else {code: row.name_en if lang is Lang.EN and row.name_en else row.name_zh}


def area_name(code: str, lang: Lang, on: date) -> str:
    """What an area is called on a day; its code where the register does not know it."""
    return _area(code, lang, on).get(code, code)


def team_name(team: str, names: Mapping[str, str]) -> str:
    """How a team is called."""
    return names.get(team, team)


def called(reason: Reason, names: Mapping[str, str]) -> Reason:
    """The same reason, with the names this reader knows in the place of codes."""
    slots = tuple((name, names.get(value, value) if isinstance(value, str) else value) for name, value in reason.slots)
    return reason._replace(slots=slots, parts=tuple(called(part, names) for part in reason.parts))


def codes_of(reason: Reason) -> set[str]:
    """Whatever a reason's slots say that may be a code."""
    found = {value for _, value in reason.slots if isinstance(value, str)}
    return found.union(*(codes_of(part) for part in reason.parts)) if reason.parts else found
