"""Moments of the replay in words: a day where only the day is known, an hour where only the hour is, else a range."""

from __future__ import annotations

from sizao.replay.moments import ZONE, Hours, Span, span_of
from sizao.when import Instant, day_span, local, local_day
from sizao.words import Lang, say

MINUTE_S = 60


def say_span(span: Span, lang: Lang, *, ends: bool = False) -> str:
    """A day, an hour, a minute, or the range between two. `ends`: midnight is said as the end of the day before."""
    if span == _whole_day(span.first):
        return _day(span.first, lang)
    if span == span_of(span.first) and not span.exact:
        return say("replay.about-hour", lang, day_text=_day(span.first, lang), clock=_clock(span.first))
    if span.last - span.first < MINUTE_S:
        return _minute(_up(span.first), lang, ends=ends)
    last = _minute(_up(span.last), lang, ends=True)
    return say("replay.range", lang, first=_edge(span.first, lang), last=last)


def say_fact_time(moment: Instant, lang: Lang) -> str:
    """A time of a fact, as exactly as the fact knows it."""
    return say_span(span_of(moment), lang)


def say_hours(hours: Hours, lang: Lang) -> str:
    """How much earlier, as bounds; what may be later says so."""
    if hours.least >= 0:
        return say("replay.earlier.both", lang, least=hours.least, most=hours.most)
    if hours.most <= 0:
        return say("replay.earlier.later", lang, least=-hours.most, most=-hours.least)
    return say("replay.earlier.mixed", lang, most=hours.most, later=-hours.least)


def say_days(first: Instant, last: Instant, lang: Lang) -> str:
    """One day, or the first and the last of several."""
    one, other = _day(first, lang), _day(last, lang)
    return one if one == other else say("replay.range", lang, first=one, last=other)


def _whole_day(moment: Instant) -> Span:
    day = day_span(local_day(moment, ZONE), ZONE)
    return Span(day.start, Instant(day.end - 1))


def _edge(moment: Instant, lang: Lang) -> str:
    """The start of a range: the bare day where it is the day's first second."""
    return _day(moment, lang) if moment == _whole_day(moment).first else _minute(moment, lang, ends=False)


def _up(moment: Instant) -> Instant:
    """The last second of a minute is said as the next minute."""
    return Instant(moment + 1) if moment % MINUTE_S == MINUTE_S - 1 else moment


def _day(moment: Instant, lang: Lang) -> str:
    when = local(moment, ZONE)
    return say("replay.day", lang, day=when.day, month=f"replay.month.{when.month}")


def _clock(moment: Instant) -> str:
    when = local(moment, ZONE)
    return f"{when.hour:02d}:{when.minute:02d}"


def _minute(moment: Instant, lang: Lang, *, ends: bool) -> str:
    """A minute of a day; midnight as the end of the day before where something ends."""
    if ends and moment == _whole_day(moment).first:
        return say("replay.moment", lang, day_text=_day(Instant(moment - 1), lang), clock="24:00")
    return say("replay.moment", lang, day_text=_day(moment, lang), clock=_clock(moment))
