"""Jobs: asked for once, held by one, continued where the last one stopped, and never done twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from sizao.desk.store import jobs
from sizao.desk.store.jobs import LEASE_S, Progress
from sizao.desk.store.models import Job
from sizao.errors import DeskError, FactsError
from sizao.when import Instant
from tests.desk.conftest import NOW

pytestmark = pytest.mark.django_db

SEEN: list[int] = []


def count_up(given: Mapping[str, Any], checkpoint: Mapping[str, Any], now: Instant) -> Progress:
    """Counts to `given["to"]`, one step at a time."""
    at = checkpoint.get("at", 0) + 1
    SEEN.append(at)
    if at == given.get("breaks_at"):
        raise FactsError("F101", value="x")
    return Progress({"at": at}, at, given["to"], at < given["to"], {"at": at})


@pytest.fixture(autouse=True)
def _counting() -> Iterator[None]:
    SEEN.clear()
    jobs.kind_of_job("count", count_up)
    yield
    jobs._STEPS.pop("count")


def test_a_job_asked_for_twice_is_one_job() -> None:
    first = jobs.ask("count", key="k", given={"to": 3}, by="user:1", now=NOW)
    assert jobs.ask("count", key="k", given={"to": 9}, by="user:2", now=NOW).pk == first.pk
    assert jobs.job_of("k").given == {"to": 3}
    with pytest.raises(DeskError) as caught:
        jobs.job_of("other")
    assert caught.value.code == "D140"


def test_a_job_is_done_step_by_step_and_says_what_it_came_to() -> None:
    jobs.ask("count", key="k", given={"to": 3}, by="user:1", now=NOW)
    assert jobs.work("w1", lambda: NOW, steps=10) == 3
    job = jobs.job_of("k")
    assert (job.done, job.total, job.outcome, job.says, job.ended_at) == (3, 3, "done", {"at": 3}, NOW)
    assert SEEN == [1, 2, 3]


def test_what_one_holds_nobody_else_takes() -> None:
    jobs.ask("count", key="k", given={"to": 3}, by="user:1", now=NOW)
    assert jobs.claim("w1", NOW) is not None
    assert jobs.claim("w2", NOW) is None
    assert jobs.claim("w2", Instant(NOW + LEASE_S - 1)) is None


def test_a_dead_workers_job_goes_on_from_its_checkpoint() -> None:
    jobs.ask("count", key="k", given={"to": 4}, by="user:1", now=NOW)
    held = jobs.claim("w1", NOW)
    assert held is not None
    assert jobs.step(held, "w1", NOW)
    later = Instant(NOW + LEASE_S)
    assert jobs.work("w2", lambda: later, steps=10) == 3
    assert SEEN == [1, 2, 3, 4]
    assert jobs.job_of("k").outcome == "done"


def test_who_lost_his_lease_writes_nothing_more() -> None:
    jobs.ask("count", key="k", given={"to": 4}, by="user:1", now=NOW)
    slow = jobs.claim("w1", NOW)
    assert slow is not None
    jobs.claim("w2", Instant(NOW + LEASE_S))
    assert not jobs.step(slow, "w1", Instant(NOW + LEASE_S))
    assert jobs.job_of("k").checkpoint == {}


def test_a_refusal_is_tried_again_and_then_told() -> None:
    jobs.ask("count", key="k", given={"to": 4, "breaks_at": 2}, by="user:1", now=NOW)
    now = NOW
    for _ in range(jobs.ATTEMPTS + 1):
        jobs.work("w1", lambda: now, steps=10)  # noqa: B023 - called at once
        now = Instant(now + LEASE_S)
    job = jobs.job_of("k")
    assert (job.outcome, job.says["code"], job.checkpoint) == ("failed", "F101", {"at": 1})


def test_a_worker_that_goes_gives_its_job_back() -> None:
    jobs.ask("count", key="k", given={"to": 9}, by="user:1", now=NOW)
    assert jobs.work("w1", lambda: NOW, steps=2) == 2
    assert jobs.claim("w2", NOW) is not None


def test_a_kind_this_process_does_not_know_is_left_for_one_that_does() -> None:
    jobs.ask("unheard-of", key="k", given={}, by="user:1", now=NOW)
    assert jobs.claim("w1", NOW) is None
    assert Job.objects.get(key="k").ended_at is None
