"""The standing at every instant, from grounds and what is known of the person otherwise.

Row by row (docs/rules.md, "How a standing is reached"): registered, required feeds fresh and no ground is green; not registered, or
a required feed stale, is unknown; of several grounds the gravest holds, and every one of them is named.
"""

from __future__ import annotations

from typing import NamedTuple

from sizao.facts.kinds import FeedSeen, Registered
from sizao.rules.dossier import Read
from sizao.rules.grounds import GroundSpan
from sizao.rules.reasons import Reason, Standing
from sizao.rules.safeguards import Safeguards
from sizao.rules.timeline import StandingSpan
from sizao.when import HOUR_S, OPEN, Instant

GRAVITY = {Standing.RED: 3, Standing.YELLOW: 2, Standing.UNKNOWN: 1, Standing.GREEN: 0}


class Plain(NamedTuple):
    """What holds without any ground in `[start, end)`: green, or unknown with its reason."""

    start: Instant
    end: Instant
    standing: Standing
    reason: Reason


def standings(
    read: Read, spans: list[GroundSpan], unsettled: list[Plain], guards: Safeguards
) -> tuple[StandingSpan, ...]:
    """The standing from the first thing known on, without gap, each span with every ground that holds in it."""
    plain = [*unsettled, *_plain(read, guards)]
    bounds: list[GroundSpan | Plain] = [*spans, *plain]
    points = sorted({moment for span in bounds for moment in (span.start, span.end)})
    found: list[StandingSpan] = []
    for start, end in zip(points, points[1:], strict=False):
        span = _between(start, end, spans, plain)
        last = found[-1] if found else None
        if last is not None and (last.standing, last.preliminary, last.reason) == (
            span.standing,
            span.preliminary,
            span.reason,
        ):
            found[-1] = last._replace(end=end)
        else:
            found.append(span)
    return tuple(found)


def _between(start: Instant, end: Instant, spans: list[GroundSpan], plain: list[Plain]) -> StandingSpan:
    holding = [span for span in spans if span.start <= start and end <= span.end]
    if not holding:
        bare = next(row for row in plain if row.start <= start and end <= row.end)
        return StandingSpan(start, end, bare.standing, False, bare.reason)
    if len(holding) > 1:
        holding.sort(key=_gravest_first)
    first = holding[0]
    slots = (("standing", f"standing.{first.standing}"),)
    code = "standing.preliminary" if first.preliminary else "standing.ground"
    return StandingSpan(
        start,
        end,
        first.standing,
        first.preliminary,
        Reason(code, slots, (), (), tuple(span.reason for span in holding)),
    )


def _gravest_first(span: GroundSpan) -> tuple[int, bool, int, int]:
    return -GRAVITY[span.standing], span.preliminary, span.start, -span.end


UNREGISTERED = Reason("standing.not-registered")


def _plain(read: Read, guards: Safeguards) -> list[Plain]:
    """Green while registered and every required feed is fresh; unknown otherwise, always, so that no instant is left out."""
    unknown = [Plain(Instant(0), OPEN, Standing.UNKNOWN, UNREGISTERED)]
    registered = read.of(Registered)
    if not registered:
        return [*_stale(read, guards), *unknown]
    green = [
        Plain(
            fact.recorded_at,
            fact.until,
            Standing.GREEN,
            Reason("standing.green", (("area", fact.area),), guards.feed_clauses, (fact.id,)),
        )
        for fact in registered
    ]
    return [*_stale(read, guards), *green, *unknown]


def _stale(read: Read, guards: Safeguards) -> list[Plain]:
    """The stretches in which a required feed is stale: before it was first complete, and from its age limit on."""
    if not guards.required_feeds:
        return []
    limit_s = guards.feed_stale_h * HOUR_S
    stale: list[Plain] = []
    for feed in guards.required_feeds:
        seen = [fact for fact in read.of(FeedSeen) if fact.feed == feed]
        begins = Instant(0)
        reason = Reason("standing.feed-stale", (("feed", feed),), guards.feed_clauses)
        for fact in seen:
            if fact.recorded_at > begins:
                stale.append(Plain(begins, fact.recorded_at, Standing.UNKNOWN, reason))
            begins = Instant(max(begins, fact.complete_to + limit_s))
            reason = Reason("standing.feed-stale", (("feed", feed),), guards.feed_clauses, (fact.id,))
        stale.append(Plain(begins, OPEN, Standing.UNKNOWN, reason))
    return stale
