"""Reasons as a tree and as sentences, in zh and en. Nothing is decided here; words come from `words/said/rules.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sizao.facts.kinds import Fact, FactId
from sizao.rules.reasons import Clause, Reason
from sizao.rules.timeline import Duty, State
from sizao.when import Instant, Precision
from sizao.words import Lang, say, say_day, say_moment, terms


class Line(NamedTuple):
    """One line of an explanation; `depth` counts from 0. `kind`: reason, clause or fact."""

    depth: int
    kind: str
    text: str


def tree(
    reason: Reason, facts: Mapping[FactId, Fact], lang: Lang, *, zone: str = "Asia/Shanghai", depth: int = 0
) -> Iterator[Line]:
    """The reason, the clauses it cites, the facts it rests on with their two times and source, then its parts."""
    yield Line(depth, "reason", say_reason(reason, lang, zone))
    for clause in reason.clauses:
        yield Line(depth + 1, "clause", say_clause(clause, lang))
    for fact_id in reason.facts:
        yield Line(depth + 1, "fact", say_fact(fact_id, facts.get(fact_id), lang, zone))
    for part in reason.parts:
        yield from tree(part, facts, lang, zone=zone, depth=depth + 1)


def sentences(reason: Reason, lang: Lang, *, zone: str = "Asia/Shanghai") -> list[str]:
    """The reason and its parts as sentences, the conclusion first."""
    said = [say_reason(reason, lang, zone)]
    for part in reason.parts:
        said += sentences(part, lang, zone=zone)
    return said


def say_reason(reason: Reason, lang: Lang, zone: str = "Asia/Shanghai") -> str:
    """One step in words."""
    return say(f"because.{reason.code}", lang, zone_name=zone, **_slots(reason, lang))


FROM_FACTS = frozenset({"standing", "report", "order", "rule", "level", "to", "policy.place_kind"})
"""Vocabularies that facts bring along: a word of theirs that nobody translated is said as "other", never a failure."""


def _slots(reason: Reason, lang: Lang) -> dict[str, object]:
    empty = say("nothing", lang)
    return {name: empty if value is None else _known(value) for name, value in reason.slots}


def _known(value: str | int) -> str | int:
    if isinstance(value, str):
        vocabulary, dot, _ = value.rpartition(".")
        if dot and vocabulary in FROM_FACTS and value not in terms():
            return f"{vocabulary}.other"
    return value


def say_clause(clause: Clause, lang: Lang) -> str:
    """Pack, version, value, since when, and where it stands written, with how sure the source is."""
    reading = "" if clause.reading is None else say("clause.reading", lang, reading=clause.reading)
    article = "" if clause.article is None else say("clause.article", lang, article=clause.article)
    return say(
        "clause",
        lang,
        pack=clause.pack,
        version=clause.version,
        key=clause.key,
        since=clause.valid_from.isoformat(),
        title=clause.title,
        article=article,
        reading=reading,
        confidence=say(f"confidence.{clause.confidence}", lang),
    )


def say_fact(fact_id: FactId, fact: Fact | None, lang: Lang, zone: str = "Asia/Shanghai") -> str:
    """A fact by its kind, when it was true, when we learned it, and from whom."""
    if fact is None:
        return say("fact.not-shown", lang, id=fact_id)
    return say(
        "fact",
        lang,
        kind=say(f"fact.{fact.kind}", lang),
        at=_say_when(fact.at, fact.precision, lang, zone),
        recorded=say_moment(fact.recorded_at, lang, zone),
        source=fact.source,
        id=fact.id,
    )


def _say_when(moment: Instant, precision: Precision, lang: Lang, zone: str) -> str:
    return say_day(moment, lang, zone) if precision is Precision.DAY else say_moment(moment, lang, zone)


def say_duty(duty: Duty, state: State, lang: Lang, zone: str = "Asia/Shanghai") -> str:
    """Who owes what, by when, and where it stands."""
    due = say("duty.no-hour", lang) if duty.due is None else say_moment(duty.due, lang, zone)
    return say(
        "duty.line",
        lang,
        holder=say(f"holder.{duty.holder}", lang),
        what=say(f"duty.{duty.code}", lang),
        due=due,
        state=say(f"state.{state}", lang),
    )
