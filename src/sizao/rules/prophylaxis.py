"""Prophylaxis after exposure: offered while it helps, counted from the first exposure."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sizao.policy.book import PolicyBook
from sizao.rules.reasons import Clause, clause_of
from sizao.when import DAY_S, HOUR_S

KEYS = (("pep-vaccine", "contact.pep_vaccine_h", HOUR_S), ("pep-immunoglobulin", "contact.pep_immunoglobulin_d", DAY_S))


class Offer(NamedTuple):
    """Something that helps when given within so long after the first exposure."""

    what: str
    seconds: int
    clause: Clause


@lru_cache(maxsize=4096)
def offers(book: PolicyBook, area: str, on: date) -> tuple[Offer, ...]:
    """What is on file for contacts exposed on that day."""
    found = [(what, book.maybe(key, area=area, on=on), unit_s) for what, key, unit_s in KEYS]
    return tuple(
        Offer(what, value.value * unit_s, clause_of(value)) for what, value, unit_s in found if value is not None
    )
