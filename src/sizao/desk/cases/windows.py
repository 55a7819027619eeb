"""The infectious window of a case, as the rules in force draw it; and where sources disagree, as every reading of them
would."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from sizao.desk.store.book import book, deployment
from sizao.errors import SizaoError
from sizao.facts.kinds import CaseNotice, Fact
from sizao.policy.book import PolicyBook, with_readings
from sizao.rules.reasons import Reason
from sizao.tracing.windows import window_of
from sizao.when import Instant, Interval

CONTESTED = (
    "case.window.days_before",
    "case.window.anchor",
    "case.window.days_after",
    "case.window.from_last_negative",
)
"""What a window is drawn by."""


class Drawn(NamedTuple):
    """A window under one reading (None: nothing is contested). `chosen` marks the one that counts here; `refused` says why
    there is none."""

    reading: str | None
    chosen: bool
    interval: Interval | None
    reason: Reason | None
    refused: SizaoError | None = None


def windows_of(facts: Sequence[Fact], *, area: str, known_at: Instant) -> list[Drawn]:
    """The window of a case from its standing facts: one that counts, and beside it what other readings of the same sources
    give.

    None for somebody who is no case.
    """
    if not any(isinstance(fact, CaseNotice) for fact in facts):
        return []
    chosen = book().readings.get(_key())
    if len(_readings()) < 2:
        return [_drawn(facts, book(), area, known_at)]
    found = [
        _drawn(facts, _read_as(name), area, known_at)._replace(reading=name, chosen=name == chosen)
        for name in _readings()
    ]
    return sorted(found, key=lambda one: not one.chosen)


def _drawn(facts: Sequence[Fact], rules: PolicyBook, area: str, known_at: Instant) -> Drawn:
    try:
        window = window_of(facts, rules, area=area, zone=deployment().zone, known_at=known_at)
    except SizaoError as refused:
        return Drawn(None, True, None, None, refused)
    return Drawn(None, True, window.interval, window.reason)


@lru_cache(maxsize=1)
def _key() -> str:
    """The contested one of the rules that draw a window; the first where none is."""
    return next((key for key in CONTESTED if len(book().readings_of(key)) > 1), CONTESTED[0])


@lru_cache(maxsize=1)
def _readings() -> tuple[str, ...]:
    return book().readings_of(_key())


@lru_cache(maxsize=8)
def _read_as(name: str) -> PolicyBook:
    return with_readings(book(), {_key(): name})
