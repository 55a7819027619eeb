"""Feeds the rules need before anybody is called green, and how fresh each of them is."""

from __future__ import annotations

from typing import NamedTuple

from sizao.desk.store.book import book, deployment
from sizao.desk.store.models import FactRow
from sizao.desk.store.rows import fact_of
from sizao.facts.kinds import FeedSeen
from sizao.rules.safeguards import feed_periods
from sizao.when import HOUR_S, Instant

LATEST = 500
"""So many reports of feeds are looked through, the latest first."""


class Feed(NamedTuple):
    """A feed: complete up to when (None: never reported), and since when without that it counts as stale."""

    name: str
    complete_to: Instant | None
    reported_at: Instant | None
    stale_after_h: int
    stale: bool


def expected(now: Instant) -> tuple[Feed, ...]:
    """The feeds required in the deployment's area now; none where no pack requires any."""
    asked = deployment()
    period = next((one for one in feed_periods(book(), asked.area, asked.zone) if one.start <= now < one.end), None)
    if period is None:
        return ()
    seen = _last_reports()
    return tuple(_feed(name, seen.get(name), period.limit_s, now) for name in period.feeds)


def _feed(name: str, last: FeedSeen | None, stale_s: int, now: Instant) -> Feed:
    if last is None:
        return Feed(name, None, None, stale_s // HOUR_S, True)
    stale = now - last.complete_to >= stale_s
    return Feed(name, Instant(last.complete_to), Instant(last.recorded_at), stale_s // HOUR_S, stale)


def _last_reports() -> dict[str, FeedSeen]:
    found: dict[str, FeedSeen] = {}
    for row in FactRow.objects.filter(kind="feed_seen", line__isnull=False).order_by("-seq")[:LATEST]:
        fact = fact_of(row)
        if isinstance(fact, FeedSeen) and (fact.feed not in found or fact.complete_to > found[fact.feed].complete_to):
            found[fact.feed] = fact
    return found
