"""A county's evening for the desk of cases: who was where, by name, in a home folder of the test's own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import numpy as np
import pytest
from django.conf import settings as django_settings

from sizao.desk.cases import matcher, matching
from sizao.desk.cases.matching import stays_folder
from sizao.desk.deployment import Deployment
from sizao.exposure.stays import BatchInfo
from sizao.facts.kinds import CaseNotice, Fact
from sizao.policy.book import PolicyBook
from sizao.tracing.folder import NamedStays, StayFolder
from sizao.tracing.setup import Setup, open_book
from sizao.when import DAY_S, HOUR_S, OPEN, Instant
from tests.desk.conftest import COUNTY, NOW

Row = tuple[str, str, str, int, int]
"""Person, place, kind of place, and from when until when in hours before now."""

YESTERDAY = Instant(NOW - DAY_S)
HOME, SHOP, HALL = "home:东街3号", "shop:东街超市", "hall:剧场"
EVENING: tuple[Row, ...] = (
    ("person:case", HOME, "dwelling", 60, 20),
    ("person:spouse", HOME, "dwelling", 58, 21),
    ("person:case", SHOP, "shop", 31, 30),
    ("person:clerk", SHOP, "shop", 36, 28),
    ("person:passer", SHOP, "shop", 29, 27),
)


def stays_of(rows: Sequence[Row]) -> NamedStays:
    """The rows as columns, nobody in any seat."""
    count = len(rows)
    return NamedStays(
        person=[row[0] for row in rows],
        place=[row[1] for row in rows],
        kind=[row[2] for row in rows],
        start_s=np.array([NOW - row[3] * HOUR_S for row in rows], np.int64),
        end_s=np.array([NOW - row[4] * HOUR_S for row in rows], np.int64),
        zone=np.zeros(count, np.int32),
        row=np.full(count, -1, np.int16),
        seat=np.full(count, -1, np.int16),
    )


def crowd(count: int, *, place: str = HOME) -> tuple[Row, ...]:
    """So many people who shared the dwelling with the case."""
    return tuple((f"person:guest{number:03}", place, "dwelling", 50, 40) for number in range(count))


@pytest.fixture
def home(settings: object, tmp_path: Path) -> Deployment:
    """The deployment with a home folder of this test's own."""
    own = replace(django_settings.SIZAO, home=tmp_path)
    django_settings.SIZAO = own
    return own


Stay = Callable[..., None]


@pytest.fixture
def stayed(home: Deployment) -> Stay:
    """Put stays into the deployment's folder, as known a day ago unless told otherwise."""

    def put(rows: Sequence[Row], name: str = "evening", at: Instant = YESTERDAY, keep: Instant = OPEN) -> None:
        info = BatchInfo(
            batch_id=name, source="test", basis="test", keep_until=keep, recorded_at=at, data_class="movement"
        )
        StayFolder.open(stays_folder(home.home)).add(stays_of(rows), batch=info)

    return put


class _Here:
    """The matcher as a thread of this process: what it says is the same, and it need not start first."""

    def __init__(self, question: dict[str, Any]) -> None:
        self._to, self._back = Queue[Any](), Queue[Any]()
        told = lambda what, value: self._back.put({what: value})  # noqa: E731 - a name for it says no more
        Thread(target=matcher.answer, args=(question, told, self._to.get), daemon=True).start()

    def tell(self, value: dict[str, Any]) -> None:
        self._to.put(json.loads(json.dumps(value)))

    def hear(self) -> Any:
        return json.loads(json.dumps(self._back.get(timeout=60)))


@pytest.fixture
def matched_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Matches are made in this process: `test_matching` proves that a process of its own says the same."""

    @contextmanager
    def here(question: dict[str, Any], _limit_s: float) -> Iterator[_Here]:
        yield _Here(json.loads(json.dumps(question)))

    monkeypatch.setattr(matching, "_child", here)
    monkeypatch.setattr(matcher, "open_book", _book)


@lru_cache(maxsize=1)
def _opened(packs: tuple[str, ...]) -> PolicyBook:
    return open_book(Setup(packs=packs, area=COUNTY))


def _book(setup: Setup) -> PolicyBook:
    return _opened(setup.packs)


@pytest.fixture
def evening(stayed: Stay) -> Stay:
    """The evening itself is in."""
    stayed(EVENING)
    return stayed


def onset_of(fact: Fact) -> Instant:
    """The onset a notice tells."""
    assert isinstance(fact, CaseNotice)
    assert fact.onset is not None
    return fact.onset
