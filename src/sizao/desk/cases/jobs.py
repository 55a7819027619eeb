"""What this desk has done in the background, made known to the store when it starts, and done at once where it is little."""

from __future__ import annotations

from sizao.desk import clock
from sizao.desk.cases import imports, retracing, staging
from sizao.desk.store import acts, jobs
from sizao.desk.store.models import Job


def make_known() -> None:
    """Both kinds of job, and what asks for one of them by itself."""
    jobs.kind_of_job(imports.JOB, staging.step)
    jobs.kind_of_job(retracing.JOB, retracing.step)
    acts.after(retracing.CHANGING, retracing.after_act)


def do_now(job: Job, *, steps: int) -> bool:
    """Do some steps of a job within this request, so that nobody waits for what takes a second; whether it is at its end.
    A job that a worker holds already is left to it, and so is what is not done by then."""
    now, worker = clock.now(), clock.name("page-")
    mine = Job.objects.filter(pk=job.pk, ended_at__isnull=True, lease_until__lte=now)
    if not mine.update(lease=worker[:32], lease_until=now + jobs.LEASE_S):
        return _ended(job)
    job.refresh_from_db()
    more = True
    while more and steps:
        more, steps = jobs.step(job, worker[:32], clock.now()), steps - 1
    jobs.release(worker[:32], clock.now())
    return _ended(job)


def _ended(job: Job) -> bool:
    return Job.objects.filter(pk=job.pk, ended_at__isnull=False).exists()
