"""The standing at every instant, from grounds and what is known of the person otherwise.

Row by row (docs/rules.md, "How a standing is reached"): registered, required feeds fresh and no ground is green; not
registered, or a required feed stale, is unknown; of several grounds the gravest holds, and every one of them is named.
"""

from __future__ import annotations

from sizao.facts.kinds import FeedSeen, Registered
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

make = tuple.__new__


def standings(read: Read, spans: list[GroundSpan], unsettled: list[Plain]) -> tuple[StandingSpan, ...]:
    """The standing from the beginning of time to its end, without gap or overlap, each span with every ground that
    holds in it."""
    plain = [*unsettled, *_stale(read), *_green(read), UNREGISTERED]
    points = {START, OPEN}
    for span in spans:
        points.add(span.start)
        points.add(span.end)
    for row in plain:
        points.add(row.start)
        points.add(row.end)
    ordered = sorted(points)
    found: list[StandingSpan] = []
    start = ordered[0]
    for end in ordered[1:]:
        holding = [span for span in spans if span.start <= start and span.end >= end]
        held = _held(start, end, holding) if holding else _bare(start, end, plain)
        if found and found[-1][2:] == held[2:]:
            found[-1] = make(StandingSpan, (found[-1].start, *held[1:]))
        else:
            found.append(held)
        start = end
    return tuple(found)


def _held(start: Instant, end: Instant, holding: list[GroundSpan]) -> StandingSpan:
    if len(holding) > 1:
        holding.sort(key=_gravest_first)
    first = holding[0]
    standing, preliminary = first.standing, first.preliminary
    code = "standing.no-colour" if standing is Standing.UNKNOWN else CODE[preliminary]
    reason = make(Reason, (code, SLOTS[standing], (), (), tuple([span.reason for span in holding])))
    return make(StandingSpan, (start, end, standing, preliminary, reason))


def _bare(start: Instant, end: Instant, plain: list[Plain]) -> StandingSpan:
    """The first row that covers the stretch; the last one covers all of time."""
    row = plain[-1]
    for row in plain:
        if row.start <= start and row.end >= end:
            break
    return make(StandingSpan, (start, end, row.standing, False, row.reason))


def _gravest_first(span: GroundSpan) -> tuple[int, bool, int, int]:
    return -GRAVITY[span.standing], span.preliminary, span.start, -span.end


def _green(read: Read) -> list[Plain]:
    """Green while registered; what is stale or unsettled comes before it."""
    clauses = _feed_clauses(read)
    return [
        Plain(
            max(fact.at, fact.recorded_at),
            fact.until,
            Standing.GREEN,
            Reason("standing.green", (("area", fact.area),), clauses, (fact.id,)),
        )
        for fact in read.of(Registered)
        if max(fact.at, fact.recorded_at) < fact.until
    ]


def _feed_clauses(read: Read) -> tuple[Clause, ...]:
    periods = feed_periods(read.book, read.area, read.zone)
    return periods[-1].clauses if periods else ()


def _stale(read: Read) -> list[Plain]:
    """The stretches in which a required feed is stale, in any period in which it is required."""
    periods = feed_periods(read.book, read.area, read.zone)
    return [row for period in periods for feed in period.feeds for row in _stale_in(read, feed, period)]


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
            stale.append(Plain(begins, fact.recorded_at, Standing.UNKNOWN, reason))
        begins = fresh_until
        reason = Reason("standing.feed-stale", (("feed", feed),), period.clauses, (fact.id,))
    if begins < period.end:
        stale.append(Plain(begins, period.end, Standing.UNKNOWN, reason))
    return stale


def _as_recorded(fact: FeedSeen) -> tuple[int, int, str]:
    return fact.recorded_at, fact.complete_to, fact.id
