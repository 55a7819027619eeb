"""Sizao's own guard rails as the `safeguards` pack and the deployment's pack set them."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sizao.policy.book import PolicyBook
from sizao.rules.reasons import Clause, Reason, clause_of
from sizao.when import DAY_S, HOUR_S, OPEN, Instant, day_start, local_day


class Safeguards(NamedTuple):
    """The guard rails in force in an area on a day, with their clauses; `route` says how a restriction is challenged."""

    preliminary_h: int
    preliminary_s: int
    care_without_news_s: int
    challenge_s: int
    preliminary: tuple[Clause, ...]
    care: tuple[Clause, ...]
    challenge: tuple[Clause, ...]
    route: Reason


class FeedPeriod(NamedTuple):
    """Which feeds must be fresh in `[start, end)`, and for how long a report of completeness keeps one fresh."""

    start: Instant
    end: Instant
    feeds: tuple[str, ...]
    limit_s: int
    clauses: tuple[Clause, ...]


@lru_cache(maxsize=4096)
def safeguards(book: PolicyBook, area: str, on: date) -> Safeguards:
    """The guard rails; refuses (through the book) when no `safeguards` pack is loaded, for nothing may be concluded
    without."""
    preliminary = book.find("safeguard.preliminary_h", area=area, on=on)
    care = book.find("safeguard.care_without_news_d", area=area, on=on)
    challenge = book.find("safeguard.challenge_h", area=area, on=on)
    asked = (clause_of(challenge),)
    return Safeguards(
        preliminary.value,
        preliminary.value * HOUR_S,
        care.value * DAY_S,
        challenge.value * HOUR_S,
        (clause_of(preliminary),),
        (clause_of(care),),
        asked,
        Reason("challenge", (("hours", challenge.value),), asked),
    )


LAST = day_start(date(9000, 1, 1), "UTC")
"""Whoever asks for everything ever known asks as of this day, for time itself has none after it."""


@lru_cache(maxsize=4096)
def most_facts(book: PolicyBook, area: str, zone: str, known_at: Instant) -> int:
    """How many facts a dossier may hold; refuses as `safeguards` does."""
    most: int = book.find("safeguard.dossier_facts", area=area, on=local_day(min(known_at, LAST), zone)).value
    return most


@lru_cache(maxsize=1024)
def feed_periods(book: PolicyBook, area: str, zone: str) -> tuple[FeedPeriod, ...]:
    """The stretches of time in which feeds are required in the area, oldest first; none where no pack says when one is
    stale.

    Which feeds: those of `standing.required_feeds`, or those the deployment names.
    """
    borders = [date.min, *book.changes(area)]
    found: list[FeedPeriod] = []
    for place, day in enumerate(borders):
        start = Instant(0) if day is date.min else day_start(day, zone)
        end = OPEN if place + 1 == len(borders) else day_start(borders[place + 1], zone)
        period = _required(book, area, day, start, end)
        if period is not None and found and found[-1][1:] == (start, *period[2:]):
            found[-1] = found[-1]._replace(end=end)
        elif period is not None:
            found.append(period)
    return tuple(found)


def _required(book: PolicyBook, area: str, on: date, start: Instant, end: Instant) -> FeedPeriod | None:
    feeds = book.maybe("standing.required_feeds", area=area, on=on)
    stale = book.maybe("standing.feed_stale_h", area=area, on=on)
    needed: tuple[str, ...] = book.feeds if feeds is None else feeds.value
    if stale is None or not needed:
        return None
    clauses = tuple(clause_of(value) for value in (feeds, stale) if value is not None)
    return FeedPeriod(start, end, needed, stale.value * HOUR_S, clauses)
