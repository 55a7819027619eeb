"""Tags that put moments, standings, duties and reasons into words, in the reader's language and zone. None of them decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.forms import BoundField, Form
from django.utils.safestring import mark_safe

from sizao.desk.web import times, trees
from sizao.desk.web.forms import markup
from sizao.desk.web.parts import Step
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.desk.web.telling import say_content
from sizao.facts.kinds import Fact, FactId
from sizao.rules.reasons import Reason
from sizao.rules.timeline import Duty, StandingSpan, State
from sizao.when import OPEN, Instant, Precision, iso
from sizao.words import say, say_day, say_moment

register = template.Library()


# --- moments ----------------------------------------------------------------------------------------------------------


@register.filter
def moment(at: Instant | None) -> str:
    """The local day and minute."""
    return _none() if at is None else say_moment(at, reader_lang(), reader_zone())


@register.filter
def day(at: Instant | None) -> str:
    """The local day."""
    return _none() if at is None else say_day(at, reader_lang(), reader_zone())


@register.filter
def clock(at: Instant | None) -> str:
    """The local hour and minute."""
    return _none() if at is None else times.say_clock(at, reader_zone())


@register.filter
def utc(at: Instant) -> str:
    """The moment as a browser reads it, for `<time datetime>`."""
    return iso(at)


@register.filter
def ago(at: Instant | None, now: Instant) -> str:
    """How long before `now`."""
    return _none() if at is None else times.say_ago(at, now, reader_lang())


@register.filter
def due(at: Instant | None, now: Instant) -> str:
    """By when, as seen from `now`."""
    return times.say_due(at, now, reader_lang(), reader_zone())


@register.filter
def overdue(at: Instant | None, now: Instant) -> bool:
    """Whether the hour has passed; the very hour has not."""
    return at is not None and now > at


@register.filter
def since(at: Instant, now: Instant) -> str:
    """How old something is at `now`."""
    return times.say_span(max(0, now - at), reader_lang())


@register.filter
def until(end: Instant) -> str:
    """Until when."""
    return say("web.until", reader_lang(), end=say_moment(end, reader_lang(), reader_zone()))


@register.filter
def endless(span: StandingSpan) -> bool:
    """Whether it has no end yet."""
    return span.end >= OPEN


@register.filter
def number(value: int | str) -> str:
    """A figure with its thousands apart by a thin space; anything else as it is."""
    return f"{value:,}".replace(",", "\u2009") if isinstance(value, int) else str(value)


@register.filter
def span(seconds: int) -> str:
    """How long."""
    return times.say_span(seconds, reader_lang())


@register.filter
def when(event: Any) -> str:
    """From when until when, or only the day where no more is known, of an `Event` or a `Fact`."""
    if event.precision is Precision.DAY:
        return say_day(event.at, reader_lang(), reader_zone())
    return times.say_between(event.at, getattr(event, "until", None), reader_lang(), reader_zone())


@register.filter
def learnt(event: Any) -> str:
    """The mark of what was learnt only on a later day, else nothing."""
    at = event.learnt_at
    if at is None or not times.learnt_later(event.at, at, reader_zone()):
        return ""
    return say("web.learnt", reader_lang(), when=say_day(at, reader_lang(), reader_zone()))


# --- the kernel's words -----------------------------------------------------------------------------------------------


@register.simple_tag(name="say")
def said(code: str, **slots: object) -> str:
    """The kernel's sentence or word of that code."""
    return say(code, reader_lang(), zone_name=reader_zone(), **slots)


@register.filter
def duty_name(duty: Duty) -> str:
    """What is owed."""
    return say(f"duty.{duty.code}", reader_lang())


@register.filter
def holder(duty: Duty) -> str:
    """The kind of office that owes it."""
    return say(f"holder.{duty.holder}", reader_lang())


@register.inclusion_tag("web/parts/duty_state.html")
def duty_state(duty: Duty, state: State, now: Instant) -> dict[str, Any]:
    """Where a duty stands: met and when, due by when, overdue since when."""
    return {"duty": duty, "state": str(state), "state_code": f"state.{state}", "now": now}


@register.inclusion_tag("web/parts/tag.html")
def standing(span: StandingSpan | None, until: bool = False) -> dict[str, Any]:
    """A standing's tag: shape, word and colour."""
    return {"tag": None if span is None else trees.tag_of(span, reader_lang()), "until": until}


@register.inclusion_tag("web/parts/tag.html")
def standing_word(name: str, preliminary: bool = False) -> dict[str, Any]:
    """The same by the standing's code, where there is no span."""
    return {"tag": trees.tag_named(name, reader_lang(), preliminary=preliminary)}


@register.filter
def as_tag(span: StandingSpan) -> trees.Tag:
    """A standing's colour, shape and word, for a template of its own."""
    return trees.tag_of(span, reader_lang())


@register.filter
def step_word(step: Step) -> str:
    """Where a step of a task list stands."""
    return say(f"web.step.{step.state}", reader_lang())


# --- reasons and facts ------------------------------------------------------------------------------------------------


@register.inclusion_tag("web/parts/because.html")
def because(
    reason: Reason, facts: Mapping[FactId, Fact], names: Mapping[str, str] | None = None, fact_url: str = ""
) -> dict[str, Any]:
    """The reason tree: each step with the clauses and facts it rests on."""
    return {"node": trees.tree_of(reason, facts, _reader(names)), "fact_url": fact_url, "root": True}


@register.inclusion_tag("web/parts/fact.html")
def fact_line(fact: Fact, names: Mapping[str, str] | None = None, fact_url: str = "") -> dict[str, Any]:
    """A fact with its two times and source."""
    return {"fact": trees.fact_shown(fact.id, fact, _reader(names)), "fact_url": fact_url}


@register.filter
def fact_text(fact: Fact) -> str:
    """What a fact says, in a few words."""
    return say_content(fact, reader_lang(), {})


# --- forms ------------------------------------------------------------------------------------------------------------


@register.simple_tag
def field(bound: BoundField, legend: str = "") -> str:
    """A field in GOV.UK markup; `legend="page"` makes its question the heading of the page."""
    return markup(bound, page=legend == "page")


@register.simple_tag
def hidden(form: Form) -> str:
    """The hidden fields of a form."""
    return mark_safe("".join(str(bound) for bound in form.hidden_fields()))  # noqa: S308 - Django's own rendering


@register.filter
def joined(texts: Sequence[str]) -> str:
    """A few words as one list: 甲、乙 or A, B."""
    return ("、" if reader_lang() == "zh" else ", ").join(texts)


def _reader(names: Mapping[str, str] | None) -> trees.Reader:
    return trees.Reader(reader_lang(), reader_zone(), names or {})


def _none() -> str:
    return say("web.none", reader_lang())
