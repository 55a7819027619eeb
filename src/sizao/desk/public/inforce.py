"""The rules in force in an area on a day, each with its value in words, where it stands written and how sure that is.

What is contested is shown as contested, with every reading and its sources; what was looked for and not found is
shown as such.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sizao.desk.public.sentences import cited, in_lang, lines_of
from sizao.desk.store.book import book
from sizao.policy.book import PolicyBook
from sizao.policy.pack import Entry
from sizao.policy.refusals import AbsentRule, ContestedRule, NoRuleInForce
from sizao.when import day_start
from sizao.words import Lang, say, say_day

GROUPS: Mapping[str, tuple[str, ...]] = {
    "contacts": ("case.", "contact.", "secondary.", "third_ring."),
    "standing": (
        "standing.",
        "course.",
        "close.",
        "general.",
        "exposed_venue.",
        "infected.",
        "infected_after.",
        "inbound.",
        "discharge",
        "test.",
        "area_",
        "site_staff.",
    ),
    "areas": ("area.", "limits."),
    "offices": ("deadline.", "report."),
    "guards": ("safeguard.",),
    "authority": ("authority.",),
    "travel": ("travel.",),
}
"""How the rules are grouped on the page, by how their keys begin; a key that begins otherwise stands under "other"."""

OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One reading of a contested rule, with its sources."""

    name: str
    lines: Sequence[str]
    sources: Sequence[str]
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: what it is about, what it says, since when, where it stands written. `readings` where sources
    disagree; `absent` says where a rule was looked for and not found."""

    key: str
    heading: str
    lines: Sequence[str] = ()
    unit: str = ""
    since: str = ""
    until: str = ""
    sources: Sequence[str] = ()
    confidence: str = ""
    pack: str = ""
    readings: Sequence[Reading] = ()
    absent: str = ""


def rules_on(area: str, on: date, lang: Lang) -> dict[str, list[Rule]]:
    """Every rule in force there on that day, by group; worked out once for each area, day and language."""
    return _rules_on(book(), area, on, lang)


@lru_cache(maxsize=64)
def _rules_on(held: PolicyBook, area: str, on: date, lang: Lang) -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = {group: [] for group in (*GROUPS, OTHER)}
    absent = {absence.key for pack in held.packs for absence in pack.absences}
    for key in sorted({*held.keys(), *absent}):
        rule = rule_on(held, key, area, on, lang)
        if rule is not None:
            found[group_of(key)].append(rule)
    return {group: rules for group, rules in found.items() if rules}


def group_of(key: str) -> str:
    """The group a key belongs to."""
    return next((group for group, stems in GROUPS.items() if key.startswith(stems)), OTHER)


def rule_on(held: PolicyBook, key: str, area: str, on: date, lang: Lang) -> Rule | None:
    """One rule; None where nothing is in force and nobody looked for anything."""
    readings = _readings(held, key, area, on, lang)
    try:
        value = held.find(key, area=area, on=on)
    except ContestedRule:
        return Rule(key=key, heading=_heading(held, key, "", lang), readings=readings)
    except AbsentRule:
        (_, absence) = held.absences(key)[0]
        return Rule(key=key, heading=in_lang(absence.says, lang), absent=absence.looked_for)
    except NoRuleInForce:
        return None
    return Rule(
        key=key,
        heading=_heading(held, key, value.pack, lang),
        lines=lines_of(value.value, lang),
        unit=_unit(value.unit, lang),
        since=_day(value.valid_from, lang),
        until="" if value.valid_until is None else _day(value.valid_until, lang),
        sources=[cited(one) for one in (value.cite, *value.also)],
        confidence=say(f"policy.confidence.{value.confidence}", lang),
        pack=_pack(held, value.pack, lang),
        readings=readings,
    )


def _readings(held: PolicyBook, key: str, area: str, on: date, lang: Lang) -> list[Reading]:
    chosen = held.readings.get(key)
    return [
        Reading(
            name=str(entry.reading), lines=_with_unit(entry, lang), sources=[cited(one) for one in entry.cites],
            chosen=entry.reading == chosen,
        )
        for entry in _entries(held, key)
        if entry.reading is not None and entry.covers(on) and _holds(entry.area, area)
    ]  # fmt: skip


def _entries(held: PolicyBook, key: str) -> Iterator[Entry]:
    return (entry for pack in held.packs for entry in pack.entries if entry.key == key and entry.template is None)


def _holds(wide: str, area: str) -> bool:
    return wide in ("WORLD", "CN") or area.startswith(wide)


def _heading(held: PolicyBook, key: str, name: str, lang: Lang) -> str:
    """What the rule is about, in the words of the pack whose value it is, or of the one it was taken over from."""
    packs = {pack.id: pack for pack in held.packs}
    own = packs.get(name)
    from_other = [] if own is None else [packs.get(one.pack) for one in own.adoptions if one.key == key]
    for pack in (own, *from_other, *held.packs):
        if pack is not None and key in pack.keys:
            return in_lang(pack.keys[key].says, lang)
    return key


def _pack(held: PolicyBook, name: str, lang: Lang) -> str:
    return next((in_lang(pack.title, lang) for pack in held.packs if pack.id == name), name)


def _with_unit(entry: Entry, lang: Lang) -> list[str]:
    unit = _unit(entry.unit, lang)
    return [f"{line} {unit}".rstrip() for line in lines_of(entry.value, lang)]


def _unit(unit: str, lang: Lang) -> str:
    return say(f"policy.unit.{unit}", lang) if unit in COUNTED else ""


def _day(day: date, lang: Lang) -> str:
    return say_day(day_start(day, "UTC"), lang, "UTC")


COUNTED = ("d", "h", "min", "persons", "per_10000")
"""Units that are said behind a number; of the others the value says itself what it is."""
