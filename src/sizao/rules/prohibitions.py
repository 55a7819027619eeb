"""The prohibitions in force that an order or a rating can be checked against (九不准)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from sizao.policy.book import PolicyBook
from sizao.policy.kinds import LimitCheck
from sizao.rules.reasons import Clause, clause_of

__all__ = ["LimitCheck", "prohibition"]


@lru_cache(maxsize=4096)
def prohibition(book: PolicyBook, check: LimitCheck, area: str, on: date) -> tuple[Clause, ...]:
    """The clause that forbids it, as a tuple of one; empty where no such prohibition was in force on that day."""
    value = book.maybe("limits.nine_prohibitions", area=area, on=on)
    if value is None:
        return ()
    clause = clause_of(value)
    return tuple(clause._replace(article=f"第{item.item}项") for item in value.value if item.check is check)[:1]
