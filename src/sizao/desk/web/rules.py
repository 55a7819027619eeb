"""Which rules the reader is looking at, by name."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from sizao.desk.store.book import book, deployment
from sizao.desk.store.rights import covers
from sizao.policy.kinds import PackKind
from sizao.when import Instant, local_day
from sizao.words import Lang

NATION = "CN"
TOLD = (PackKind.PROTOCOL, PackKind.OVERLAY)
"""Kinds of pack a reader asks after: what governs people. The others say how the desks themselves are bound."""


def rules_in_force(moment: Instant, lang: Lang) -> tuple[str, ...]:
    """The titles of the packs that govern people in this deployment's area on the local day of that moment."""
    return _titles(local_day(moment, deployment().zone), lang)


@lru_cache(maxsize=256)
def _titles(day: date, lang: Lang) -> tuple[str, ...]:
    area = deployment().area
    held = [pack for pack in book().packs if pack.kind in TOLD and pack.in_force(day)]
    return tuple(getattr(pack.title, lang) for pack in held if pack.area == NATION or covers(pack.area, area))
