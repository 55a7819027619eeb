"""A reason as a tree that a template can walk, and a standing as a tag. Sentences come from `sizao.rules.explain`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sizao.desk.web.telling import say_content
from sizao.desk.web.times import learnt_later
from sizao.facts.kinds import Fact, FactId
from sizao.rules.explain import say_clause, say_reason
from sizao.rules.reasons import Reason, Standing
from sizao.rules.timeline import StandingSpan
from sizao.when import Instant, Precision
from sizao.words import Lang, say, say_day, say_moment

SHAPES: Mapping[str, str] = {Standing.GREEN: "●", Standing.YELLOW: "▲", Standing.RED: "■", Standing.UNKNOWN: "◇"}
"""A colour never comes alone."""
SHORT = 6
"""How many letters of a fact's id are shown; the whole of it is in the address and in the title."""


class Reader(NamedTuple):
    """Who reads: in which language and zone, and how places, people and offices are called to this reader."""

    lang: Lang
    zone: str
    names: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A standing as it is shown: colour, shape and word together."""

    colour: str
    shape: str
    word: str
    preliminary: bool
    until: Instant | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactShown:
    """A fact under the reason that rests on it. `content` is empty where the reader may not see it, or it is held elsewhere."""

    id: str
    short: str
    kind: str
    content: str
    when: str
    learnt: str
    later: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One step of an explanation."""

    text: str
    clauses: tuple[str, ...]
    facts: tuple[FactShown, ...]
    parts: tuple[Node, ...]


def tag_of(span: StandingSpan, lang: Lang) -> Tag:
    """A standing's tag; preliminary where it rests on a match that nobody confirmed."""
    return tag_named(span.standing, lang, preliminary=span.preliminary, until=span.end)


def tag_named(standing: str, lang: Lang, *, preliminary: bool = False, until: Instant | None = None) -> Tag:
    """The tag of a standing by its code, for rows that carry no span."""
    word = say(f"standing.{standing}", lang)
    if preliminary:
        word = say("web.standing.preliminary", lang, standing=word)
    return Tag(colour=str(standing), shape=SHAPES[standing], word=word, preliminary=preliminary, until=until)


def tree_of(reason: Reason, facts: Mapping[FactId, Fact], reader: Reader) -> Node:
    """The reason with the clauses and facts it rests on, and its parts likewise."""
    return Node(
        text=say_reason(reason, reader.lang, reader.zone),
        clauses=tuple(say_clause(clause, reader.lang) for clause in reason.clauses),
        facts=tuple(fact_shown(fact_id, facts.get(fact_id), reader) for fact_id in reason.facts),
        parts=tuple(tree_of(part, facts, reader) for part in reason.parts),
    )


def fact_shown(fact_id: FactId, fact: Fact | None, reader: Reader) -> FactShown:
    """A fact with its two times and source; one that is not there, or not this reader's to see, says so."""
    short = fact_id[-SHORT:]
    if fact is None:
        said = say("fact.not-shown", reader.lang, id=short)
        return FactShown(id=fact_id, short=short, kind=said, content="", when="", learnt="", later=False, source="")
    say_when = say_day if fact.precision is Precision.DAY else say_moment
    return FactShown(
        id=fact_id,
        short=short,
        kind=say(f"fact.{fact.kind}", reader.lang),
        content=say_content(fact, reader.lang, reader.names),
        when=say_when(fact.at, reader.lang, reader.zone),
        learnt=say_moment(fact.recorded_at, reader.lang, reader.zone),
        later=learnt_later(fact.at, fact.recorded_at, reader.zone),
        source=reader.names.get(fact.source, fact.source),
    )
