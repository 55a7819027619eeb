"""Work that takes longer than a page may: asked for in the same transaction as what calls for it, done by whoever holds
the lease.

A kept library does this for PostgreSQL only (procrastinate); a county's laptop has SQLite, so it is one small table.
A worker takes a job by writing its name and an hour into it, and says again and again that it lives; a job whose
worker died is taken by the next one and goes on from its checkpoint. A job's steps are acts with keys of their own,
so a step done twice is done once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q

from sizao.desk.store.models import Job
from sizao.errors import DeskError, SizaoError
from sizao.when import Instant

LEASE_S = 60
"""A worker that has not been heard of for so long is taken for dead."""

ATTEMPTS = 5
DONE, FAILED = "done", "failed"


class Progress(NamedTuple):
    """How far a step brought a job: where to go on, how many of how many, and what to tell when it ends. `more` is
    false at the end."""

    checkpoint: Mapping[str, Any]
    done: int
    total: int
    more: bool
    says: Mapping[str, Any] = {}


Step = Callable[[Mapping[str, Any], Mapping[str, Any], Instant], Progress]
"""One step of a kind of job: (what it was given, its checkpoint, now) → how far that brought it. Short: seconds at the
most."""

_STEPS: dict[str, Step] = {}


def kind_of_job(kind: str, step: Step) -> None:
    """Make a kind of job known; an app does so when it is ready."""
    _STEPS[kind] = step


def kinds() -> frozenset[str]:
    """The kinds of job known to this process."""
    return frozenset(_STEPS)


def ask(kind: str, *, key: str, given: Mapping[str, Any], by: str, now: Instant) -> Job:
    """Ask for a job; the same key again is the same job."""
    job, _ = Job.objects.get_or_create(
        key=key, defaults={"kind": kind, "given": dict(given), "by": by, "created_at": now}
    )
    return job


def claim(worker: str, now: Instant) -> Job | None:
    """The oldest job that nobody holds, now held by this worker; None when there is none."""
    with transaction.atomic():
        waiting = Job.objects.select_for_update(skip_locked=_skips()).filter(
            ended_at__isnull=True, lease_until__lte=now, kind__in=kinds()
        )
        job = waiting.order_by("lease_until", "id").first()
        if job is None:
            return None
        job.lease, job.lease_until, job.attempts = worker, now + LEASE_S, job.attempts + 1
        job.save(update_fields=["lease", "lease_until", "attempts"])
        return job


def _skips() -> bool:
    return bool(transaction.get_connection().features.has_select_for_update_skip_locked)


def step(job: Job, worker: str, now: Instant) -> bool:
    """Do one step of a job that this worker holds; returns whether there is more to do.

    A step that fails is tried again from its checkpoint, `ATTEMPTS` times; then the job has failed, with the error's
    code and words' slots. A lease somebody else took over means: stop, without writing anything (False).
    """
    try:
        progress = _STEPS[job.kind](job.given, job.checkpoint, now)
    except SizaoError as refused:
        return _failed(job, worker, now, {"code": refused.code, "slots": {k: str(v) for k, v in refused.slots.items()}})
    ends: dict[str, Any] = {} if progress.more else {"ended_at": now, "outcome": DONE}
    changed = Job.objects.filter(Q(pk=job.pk) & Q(lease=worker) & Q(ended_at__isnull=True)).update(
        checkpoint=dict(progress.checkpoint), done=progress.done, total=progress.total, says=dict(progress.says), attempts=1,
        lease_until=now + LEASE_S, **ends,
    )  # fmt: skip
    job.checkpoint = dict(progress.checkpoint)
    return bool(changed) and progress.more


def _failed(job: Job, worker: str, now: Instant, says: Mapping[str, Any]) -> bool:
    final = job.attempts >= ATTEMPTS
    ends: dict[str, Any] = {"ended_at": now, "outcome": FAILED} if final else {"lease_until": now + LEASE_S}
    Job.objects.filter(pk=job.pk, lease=worker).update(says=dict(says), **ends)
    return False


def release(worker: str, now: Instant) -> None:
    """Give back what a worker holds: it is going, and says so."""
    Job.objects.filter(lease=worker, ended_at__isnull=True).update(lease_until=now)


def work(worker: str, clock: Callable[[], Instant], *, steps: int) -> int:
    """Do up to so many steps of whatever waits; returns how many were done."""
    done = 0
    while done < steps:
        job = claim(worker, clock())
        if job is None:
            return done
        more = True
        while more and done < steps:
            more = step(job, worker, clock())
            done += 1
    release(worker, clock())
    return done


def job_of(key: str) -> Job:
    """The job of a key; refuses one nobody asked for (D140)."""
    job = Job.objects.filter(key=key).first()
    if job is None:
        raise DeskError("D140", key=key)
    return job
