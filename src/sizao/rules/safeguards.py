"""Sizao's own guard rails as the `safeguards` pack and the deployment's pack set them."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sizao.policy.book import PolicyBook
from sizao.rules.reasons import Clause, clause_of


class Safeguards(NamedTuple):
    """The guard rails in force in an area on a day, with their clauses."""

    preliminary_h: int
    care_without_news_days: int
    required_feeds: tuple[str, ...]
    feed_stale_h: int
    clauses: tuple[Clause, ...]
    feed_clauses: tuple[Clause, ...]
    dossier_facts: int


@lru_cache(maxsize=4096)
def safeguards(book: PolicyBook, area: str, on: date) -> Safeguards:
    """The guard rails; refuses (through the book) when no `safeguards` pack is loaded, for nothing may be concluded without."""
    preliminary = book.find("safeguard.preliminary_h", area=area, on=on)
    care = book.find("safeguard.care_without_news_d", area=area, on=on)
    feeds = book.maybe("standing.required_feeds", area=area, on=on)
    stale = book.maybe("standing.feed_stale_h", area=area, on=on)
    needed = book.feeds if feeds is None else tuple(feeds.value)
    return Safeguards(
        preliminary.value,
        care.value,
        needed if stale is not None else (),
        stale.value if stale is not None else 0,
        (clause_of(preliminary),),
        tuple(clause_of(value) for value in (feeds, stale) if value is not None),
        book.find("safeguard.dossier_facts", area=area, on=on).value,
    )
