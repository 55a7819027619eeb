"""The standing at every instant, from grounds and what is known of the person otherwise.

Row by row (docs/rules.md, "How a standing is reached"): registered, required feeds fresh and no ground is green; not
registered, or a required feed stale, is unknown; of several grounds the gravest holds, and every one of them is named.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from sizao.facts.kinds import FeedSeen, Registered
from sizao.policy.book import PolicyBook
from sizao.rules.dossier import Read
from sizao.rules.grounds import GroundSpan, Plain
from sizao.rules.reasons import Clause, Reason, Standing
from sizao.rules.safeguards import FeedPeriod, feed_periods
from sizao.rules.timeline import StandingSpan
from sizao.when import OPEN, Instant

GRAVITY = {Standing.RED: 3, Standing.YELLOW: 2, Standing.UNKNOWN: 1, Standing.GREEN: 0}

START = Instant(0)
UNREGISTERED = Plain(START, OPEN, Standing.UNKNOWN, Reason("standing.not-registered"))
CODE = {True: "standing.preliminary", False: "standing.ground"}
SLOTS = {standing: (("standing", f"standing.{standing}"),) for standing in Standing}

GREEN, UNKNOWN = Standing.GREEN, Standing.UNKNOWN
NO_COLOUR = "standing.no-colour"
END = StandingSpan(OPEN, OPEN, UNKNOWN, False, UNREGISTERED.reason)
"""Stands after all others, so that the stretch before it is filled like every other."""

make = tuple.__new__
_BY_START = itemgetter(0)


def standings(read: Read, spans: list[GroundSpan], unsettled: list[Plain]) -> tuple[StandingSpan, ...]:
    """The standing from the beginning of time to its end, without gap or overlap, each span with every ground that
    holds in it."""
    bare = _bare(read, unsettled)
    found: list[StandingSpan] = []
    cursor, row = START, bare[0]
    place = 0
    for held in (*_held(spans), END):
        start = held[0]
        while cursor < start:
            ends = row[1]
            if ends <= cursor:
                place += 1
                row = bare[place]
                continue
            stop = ends if ends < start else start
            found.append(make(StandingSpan, (cursor, stop, row[2], False, row[3])))
            cursor = stop
        found.append(held)
        cursor = held[1]
    found.pop()
    return tuple(found)


def _held(spans: list[GroundSpan]) -> list[StandingSpan]:
    """The stretches in which a ground holds, in order; where several do, all of them are named, the gravest first."""
    found = []
    if len(spans) > 1:
        spans = sorted(spans, key=_BY_START)
    cursor = START
    for start, end, standing, preliminary, reason in spans:
        if start < cursor:
            return _overlapping(spans)
        cursor = end
        code = CODE[preliminary] if standing is not UNKNOWN else NO_COLOUR
        why = make(Reason, (code, SLOTS[standing], (), (), (reason,)))
        found.append(make(StandingSpan, (start, end, standing, preliminary, why)))
    return found


def _overlapping(spans: list[GroundSpan]) -> list[StandingSpan]:
    points = sorted({moment for span in spans for moment in (span.start, span.end)})
    found = []
    for start, end in pairwise(points):
        holding = sorted([span for span in spans if span.start <= start and span.end >= end], key=_gravest_first)
        if holding:
            gravest = holding[0]
            code = CODE[gravest.preliminary] if gravest.standing is not UNKNOWN else NO_COLOUR
            why = Reason(code, SLOTS[gravest.standing], (), (), tuple(span.reason for span in holding))
            found.append(StandingSpan(start, end, gravest.standing, gravest.preliminary, why))
    return found


def _gravest_first(span: GroundSpan) -> tuple[int, bool, int, int]:
    return -GRAVITY[span.standing], span.preliminary, span.start, -span.end


def _bare(read: Read, unsettled: list[Plain]) -> list[Plain]:
    """What holds where there is no ground, at every instant: green while registered, but what is stale or unsettled
    comes first."""
    feeds = _feeds(read.book, read.area, read.zone)
    rows = [UNREGISTERED]
    for fact in read.of(Registered):
        start = fact.at if fact.at > fact.recorded_at else fact.recorded_at
        if start < fact.until:
            reason = make(Reason, ("standing.green", (("area", fact.area),), feeds.clauses, (fact.id,), ()))
            rows = _over(rows, make(Plain, (start, fact.until, GREEN, reason)))
    for row in _stale(read, feeds.periods) if FeedSeen in read.by_kind else feeds.never_fresh:
        rows = _over(rows, row)
    for row in unsettled:
        rows = _over(rows, row)
    return rows


def _over(rows: list[Plain], top: Plain) -> list[Plain]:
    """Rows that follow each other without gap, with another one laid over them."""
    start, end = top[0], top[1]
    before, after = [], []
    for row in rows:
        begins, ends, standing, reason = row
        if ends <= start:
            before.append(row)
        elif begins >= end:
            after.append(row)
        else:
            if begins < start:
                before.append(make(Plain, (begins, start, standing, reason)))
            if end < ends:
                after.append(make(Plain, (end, ends, standing, reason)))
    return [*before, top, *after]


class _Feeds(NamedTuple):
    """When which feeds are required, and what therefore holds of everybody about whom none ever reported."""

    periods: tuple[FeedPeriod, ...]
    clauses: tuple[Clause, ...]
    never_fresh: tuple[Plain, ...]


@lru_cache(maxsize=1024)
def _feeds(book: PolicyBook, area: str, zone: str) -> _Feeds:
    periods = feed_periods(book, area, zone)
    rows = tuple(
        Plain(
            each.start,
            each.end,
            UNKNOWN,
            Reason("standing.feed-stale", (("feed", ", ".join(each.feeds)),), each.clauses),
        )
        for each in periods
    )
    return _Feeds(periods, periods[-1].clauses if periods else (), rows)


def _stale(read: Read, feeds: tuple[FeedPeriod, ...]) -> list[Plain]:
    """The stretches in which a required feed is stale, in any period in which it is required."""
    reported = {fact.feed for fact in read.of(FeedSeen)}
    stale: list[Plain] = []
    for period in feeds:
        never = [feed for feed in period.feeds if feed not in reported]
        if never:
            reason = make(Reason, ("standing.feed-stale", (("feed", ", ".join(never)),), period.clauses, (), ()))
            stale.append(make(Plain, (period.start, period.end, UNKNOWN, reason)))
        else:
            stale += [row for feed in period.feeds for row in _stale_in(read, feed, period)]
    return stale


def _stale_in(read: Read, feed: str, period: FeedPeriod) -> list[Plain]:
    """What no report of completeness covers: each one covers from when it was known until its age limit."""
    stale: list[Plain] = []
    begins = period.start
    reason = Reason("standing.feed-stale", (("feed", feed),), period.clauses)
    for fact in sorted(read.of(FeedSeen), key=_as_recorded):
        fresh_until = Instant(fact.complete_to + period.limit_s)
        if fact.feed != feed or fact.recorded_at >= period.end or fresh_until <= max(begins, fact.recorded_at):
            continue
        if begins < fact.recorded_at:
            stale.append(Plain(begins, fact.recorded_at, UNKNOWN, reason))
        begins = fresh_until
        reason = Reason("standing.feed-stale", (("feed", feed),), period.clauses, (fact.id,))
    if begins < period.end:
        stale.append(Plain(begins, period.end, UNKNOWN, reason))
    return stale


def _as_recorded(fact: FeedSeen) -> tuple[int, int, str]:
    return fact.recorded_at, fact.complete_to, fact.id
