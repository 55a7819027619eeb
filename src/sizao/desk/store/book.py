"""The deployment and its book of rules, as the store needs them: loaded once a process."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings

from sizao.desk.deployment import Deployment
from sizao.policy.book import PolicyBook
from sizao.tracing.setup import open_book
from sizao.when import Instant, local_day


def deployment() -> Deployment:
    """The deployment this process serves."""
    told: Deployment = settings.SIZAO
    return told


@lru_cache(maxsize=1)
def book() -> PolicyBook:
    """Its rules: the packs as they are on this machine, whenever they were recorded."""
    return open_book(deployment().setup)


@lru_cache(maxsize=4096)
def _guard(key: str, area: str, on: date) -> Any:
    return book().find(key, area=area, on=on).value


def guard(key: str, area: str, now: Instant) -> Any:
    """A guard rail in force now (`safeguard.…`); refuses where the pack has none."""
    return _guard(key, area, local_day(now, deployment().zone))
