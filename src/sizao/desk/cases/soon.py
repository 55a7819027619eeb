"""Contacts within seconds: where few stays are held, the match an act asked for is made before its page is shown."""

from __future__ import annotations

from sizao.desk.cases import retracing
from sizao.desk.cases.jobs import do_now
from sizao.desk.cases.matching import stays_held
from sizao.desk.store.book import deployment
from sizao.desk.store.models import Job

FEW = 5_000_000
"""So many stays are matched while somebody waits; with more the worker does it, and the page says that it is under way."""


def matched_soon(act: int) -> bool:
    """Make the match that an act asked for, if it is one that can be waited for; whether it is done. True where none was
    asked for."""
    job = Job.objects.filter(key=retracing.key_of(act)).first()
    if job is None:
        return True
    return stays_held(deployment().home) <= FEW and do_now(job, steps=1)


def under_way(case: str) -> bool:
    """Whether a match of this case waits or is being made."""
    waiting = Job.objects.filter(kind=retracing.JOB, ended_at__isnull=True)
    return any(case in job.given["cases"] for job in waiting)
