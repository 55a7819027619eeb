"""Why a standing holds, as it is told to the person it is about: every step, its clause and the person's own facts,
and nobody else.

A reason that names another person (a case, a close contact, who told or confirmed something) has a sentence of its
own here that does not. A reason nobody foresaw here says that it is not shown; it is never shown as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter

from sizao.desk.people.models import Unit
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.desk.web.times import learnt_later, say_between
from sizao.facts.kinds import Fact, FactId
from sizao.rules.explain import FROM_FACTS, say_reason
from sizao.rules.reasons import Clause, Reason
from sizao.when import Instant, Precision, day_start
from sizao.words import Lang, say, say_day, say_moment, terms

OF_OTHERS = frozenset({"case", "via", "by", "why", "says", "witness", "list", "cause"})
"""Slots of reasons that may hold somebody else's name, or words somebody wrote about others."""

WITHHELD = "me.because.withheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One of the person's own facts: what kind, when it was true, when it was learnt, from which office, in which act."""

    kind: str
    when: str
    learnt: str
    later: bool
    source: str
    act: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the explanation."""

    text: str
    clauses: tuple[str, ...]
    leaves: tuple[Leaf, ...]
    parts: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """What the explanation is made from: the person's own facts by id, the act each was recorded in, and how offices
    are called."""

    own: Mapping[FactId, Fact]
    acts: Mapping[FactId, int]
    offices: Mapping[str, str]
    lang: Lang
    zone: str


def teller(subject: str, facts: Mapping[FactId, Fact], acts: Mapping[FactId, int]) -> Teller:
    """For the reader of this page; facts about anybody else are left out here, so that nothing below can show them."""
    own = {name: fact for name, fact in facts.items() if fact.subject == subject}
    lang = reader_lang()
    named = offices((fact.source for fact in own.values()), lang)
    return Teller(own=own, acts=acts, offices=named, lang=lang, zone=reader_zone())


def explain(reason: Reason, to: Teller) -> Step:
    """The reason and all it rests on, in plain words."""
    leaves = [leaf(to.own[fact], to) for fact in reason.facts if fact in to.own]
    return Step(
        text=say_step(reason, to.lang, to.zone),
        clauses=tuple(dict.fromkeys(say_rule(clause, to.lang) for clause in reason.clauses)),
        leaves=tuple(leaves),
        parts=tuple(explain(part, to) for part in reason.parts),
    )


def short(reason: Reason, to: Teller) -> list[str]:
    """The sentences for the first page: what each ground rests on (meetings, notices, results), without rules and courses."""
    found = dict.fromkeys(say_step(one, to.lang, to.zone) for one in _walk(reason) if one.code in EVENTS)
    return list(found)


EVENTS = frozenset({
    "exposure.matched", "exposure.judged", "exposure.told", "case-notice", "discharged", "extended", "site-reset",
    "standing.not-registered", "standing.feed-stale", "standing.exit-test-refused", "standing.positive-without-notice",
    "standing.green", "secondary.regraded",
})  # fmt: skip
"""Reasons that say what happened; the others say what a rule makes of it."""


def _walk(reason: Reason) -> Iterator[Reason]:
    yield reason
    for part in reason.parts:
        yield from _walk(part)


def say_step(reason: Reason, lang: Lang, zone: str) -> str:
    """One step in words that name nobody but the reader."""
    own = f"me.because.{reason.code}"
    if own in terms():
        return say(own, lang, zone_name=zone, when=_when(reason, lang, zone), **_slots(reason, lang))
    if OF_OTHERS & _asked(f"because.{reason.code}", lang):
        return say(WITHHELD, lang)
    return say_reason(reason, lang, zone)


@lru_cache(maxsize=1024)
def _asked(code: str, lang: Lang) -> frozenset[str]:
    """The slots a sentence of the catalogue fills."""
    words = terms().get(code)
    return frozenset() if words is None else frozenset(name for _, name, _, _ in Formatter().parse(words[lang]) if name)


def _slots(reason: Reason, lang: Lang) -> dict[str, object]:
    """The slots without those of others; a word of a closed vocabulary that nobody translated is said as "other"."""
    empty = say("nothing", lang)
    told: dict[str, object] = {name: empty if value is None else value for name, value in reason.slots}
    for name, value in told.items():
        vocabulary, dot, _ = str(value).rpartition(".")
        if dot and vocabulary in FROM_FACTS and str(value) not in terms():
            told[name] = f"{vocabulary}.other"
    return {name: value for name, value in told.items() if name not in OF_OTHERS}


def _when(reason: Reason, lang: Lang, zone: str) -> str:
    """From when until when, the day said once where both lie in it."""
    told = dict(reason.slots)
    first, last = told.get("first"), told.get("last")
    if not isinstance(first, int) or not isinstance(last, int):
        return ""
    return say_between(Instant(first), Instant(last), lang, zone)


def say_rule(clause: Clause, lang: Lang) -> str:
    """Where the rule stands written: title and article, since when, how sure the source is, and which reading was chosen."""
    return say(
        "me.clause",
        lang,
        title=clause.title,
        article="" if clause.article is None else say("clause.article", lang, article=clause.article),
        since=say_day(day_start(clause.valid_from, "UTC"), lang, "UTC"),
        reading="" if clause.reading is None else say("clause.reading", lang, reading=clause.reading),
        confidence=say(f"confidence.{clause.confidence}", lang),
    )


def leaf(fact: Fact, to: Teller) -> Leaf:
    """One of the person's own facts. Its source is named where it is an office on the register."""
    told = say_day if fact.precision is Precision.DAY else say_moment
    return Leaf(
        kind=say(f"fact.{fact.kind}", to.lang),
        when=told(fact.at, to.lang, to.zone),
        learnt=say_moment(fact.recorded_at, to.lang, to.zone),
        later=learnt_later(fact.at, fact.recorded_at, to.zone),
        source=to.offices[fact.source],
        act=to.acts.get(fact.id),
    )


SELF = ("self", "public")
"""The sources of what a person said himself."""


def offices(codes: Iterable[str], lang: Lang) -> dict[str, str]:
    """Offices by their registered names. Whatever is not on the register may be somebody's name, and is not shown."""
    wanted = set(codes)
    found = dict.fromkeys(wanted, say("me.office.other", lang))
    for code in wanted:
        if code in SELF:
            found[code] = say("me.office.self", lang)
        elif code.startswith("machine:"):
            found[code] = say("me.office.software", lang)
    for unit in Unit.objects.filter(code__in=wanted):
        found[unit.code] = unit.name_en if lang is Lang.EN and unit.name_en else unit.name_zh
    return found
