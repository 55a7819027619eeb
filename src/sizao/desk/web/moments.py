"""Which moment a page looks at. The present unless the address asks for an earlier one: `?at=2021-07-28T13:40`, local time."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.desk.web.rules import rules_in_force
from sizao.when import DAY_S, Instant, instant_of, local, zone

ASKED = "at"
"""The name in the address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Oldest:
    """The oldest data a page rests on: from when it is, and which it is."""

    at: Instant
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """The moment looked at. `known_at` is None for the present; `fault` is true when what was asked could not be read or lies
    ahead, and the present is shown instead; `changes` offers other moments."""

    now: Instant
    known_at: Instant | None = None
    rules: Sequence[str] = ()
    changes: bool = False
    oldest: Oldest | None = None
    fault: bool = False
    field: str = ""
    day_before: str = ""
    day_after: str = ""
    present: str = ""
    kept: Sequence[tuple[str, str]] = ()

    @property
    def moment(self) -> Instant:
        """The moment looked at, present or past."""
        return self.now if self.known_at is None else self.known_at


def present(now: Instant) -> AsOf:
    """The present, on a page that shows nothing else."""
    return AsOf(now=now, rules=rules_in_force(now, reader_lang()))


def as_of_asked(request: HttpRequest, *, oldest: Oldest | None = None) -> AsOf:
    """What the address asks for. A moment ahead of `request.now` or one that cannot be read is not guessed at: `fault`."""
    now: Instant = request.now  # type: ignore[attr-defined]  # set by access.middleware.Acting
    text = unicodedata.normalize("NFKC", request.GET.get(ASKED, "")).strip()
    known_at = _read(text)
    fault = bool(text) and (known_at is None or known_at > now)
    if fault:
        known_at = None
    moment = now if known_at is None else known_at
    return AsOf(
        now=now,
        known_at=known_at,
        rules=rules_in_force(moment, reader_lang()),
        changes=True,
        oldest=oldest,
        fault=fault,
        field=_written(moment).replace("T", " "),
        day_before=_address(request, Instant(moment - DAY_S)),
        day_after=_address(request, Instant(moment + DAY_S)) if moment + DAY_S < now else "",
        present="" if known_at is None else _address(request, None),
        kept=tuple((name, value) for name in request.GET if name != ASKED for value in request.GET.getlist(name)),
    )


def _read(text: str) -> Instant | None:
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant_of(told if told.tzinfo else told.replace(tzinfo=zone(reader_zone())))


def _written(moment: Instant) -> str:
    return f"{local(moment, reader_zone()):%Y-%m-%dT%H:%M}"


def _address(request: HttpRequest, moment: Instant | None) -> str:
    asked = request.GET.copy()
    asked.pop(ASKED, None)
    if moment is not None:
        asked[ASKED] = _written(moment)
    return f"{request.path}?{asked.urlencode()}" if asked else request.path
