"""Moments as people say them: how long, how long ago, by when. Nothing is decided here; `now` is given."""

from __future__ import annotations

from sizao.when import DAY_S, HOUR_S, OPEN, Instant, day_start, days_after, local, local_day
from sizao.words import Lang, say, say_day, say_moment

MINUTE_S = 60
LONG_S = 3 * DAY_S
"""From here on a span is told in days: nobody counts in 80 hours."""


def say_clock(moment: Instant, zone: str) -> str:
    """The local hour and minute, 24 hours: 21:10."""
    return f"{local(moment, zone):%H:%M}"


def say_span(seconds: int, lang: Lang) -> str:
    """How long, rounded down to the minute (from three days on: to the hour): 7 小时 10 分, 7 h 10 min."""
    if seconds < MINUTE_S:
        return say("web.span.moment", lang)
    days, hours, minutes = seconds // DAY_S, seconds // HOUR_S, seconds % HOUR_S // MINUTE_S
    if seconds >= LONG_S:
        rest = hours - days * (DAY_S // HOUR_S)
        return (
            say("web.span.days-hours", lang, days=days, hours=rest) if rest else say("web.span.days", lang, days=days)
        )
    if not hours:
        return say("web.span.minutes", lang, minutes=minutes)
    if not minutes:
        return say("web.span.hours", lang, hours=hours)
    return say("web.span.hours-minutes", lang, hours=hours, minutes=minutes)


def say_ago(moment: Instant, now: Instant, lang: Lang) -> str:
    """How long before `now`; what lies ahead says so."""
    if moment > now:
        return say("web.ahead", lang, span=say_span(moment - now, lang))
    return say("web.ago", lang, span=say_span(now - moment, lang))


def say_due(due: Instant | None, now: Instant, lang: Lang, zone: str) -> str:
    """By when: 今天 21:10, 明天 08:00, otherwise the whole date; a midnight is 24:00 of the day it ends. After it: how long
    overdue. Due exactly now is not overdue."""
    if due is None:
        return say("duty.no-hour", lang)
    if due >= OPEN:
        return say_moment(due, lang, zone)
    if now > due:
        return say("web.due.overdue", lang, span=say_span(now - due, lang))
    midnight = due == day_start(local_day(due, zone), zone)
    counted = Instant(due - 1) if midnight else due
    clock = "24:00" if midnight else say_clock(due, zone)
    if counted < days_after(now, 1, zone):
        return say("web.due.today", lang, clock=clock)
    if counted < days_after(now, 2, zone):
        return say("web.due.tomorrow", lang, clock=clock)
    return f"{say_day(counted, lang, zone)}{'' if lang is Lang.ZH else ','} {clock}"


def say_between(start: Instant, end: Instant | None, lang: Lang, zone: str) -> str:
    """From when until when, the day said once where both lie in it: 2021年7月22日 18:00–19:00."""
    begun = say_moment(start, lang, zone)
    if end is None or end >= OPEN or end == start:
        return begun
    same_day = local_day(start, zone) == local_day(Instant(end - 1), zone)
    ended = say_clock(end, zone) if same_day else say_moment(end, lang, zone)
    return say("web.from-to", lang, start=begun, end=ended)


def learnt_later(at: Instant, recorded_at: Instant, zone: str) -> bool:
    """Whether we learnt of something only on a later local day than it was true."""
    return local_day(recorded_at, zone) > local_day(at, zone)
