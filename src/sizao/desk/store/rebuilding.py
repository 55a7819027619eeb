"""Drop what was concluded and draw it again from the facts: the same bytes, or what differed is named.

A chunk of subjects at a time and each in one transaction, so that nobody meets an empty list meanwhile, and a run
that was broken off is simply begun again. Transitions stay: they say what was shown, and when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.db import transaction

from sizao.desk.store import agreeing, concluding
from sizao.desk.store.models import DutyRow, SubjectRow, TimelineRow, Upstream
from sizao.errors import SizaoError
from sizao.when import Instant

CHUNK = 200


class Rebuilt(NamedTuple):
    """What a rebuild came to: how many were drawn, how many of them had been waiting for it, and what was not the
    same."""

    drawn: int
    waiting: int
    problems: tuple[SizaoError, ...]


def rebuild(now: Instant, tick: Callable[[int, int], object]) -> Rebuilt:
    """Draw every timeline, duty and link again; `tick(done, total)` hears how far it is. Rows of subjects without
    facts go."""
    total, drawn, waiting = SubjectRow.objects.count(), 0, 0
    problems = list(agreeing.strays())
    _drop_strays()
    for subjects in _chunks():
        with transaction.atomic():
            rows = SubjectRow.objects.select_for_update().filter(subject__in=subjects, stale_since__isnull=False)
            waiting += len(rows)
            problems += agreeing.differing(subjects)
            _drop(subjects)
            drawn += concluding.refresh(subjects, now)
        tick(drawn, total)
    return Rebuilt(drawn, waiting, tuple(problems))


def _chunks() -> Iterator[list[str]]:
    after = ""
    while True:
        rows = SubjectRow.objects.filter(subject__gt=after).order_by("subject")
        subjects = list(rows.values_list("subject", flat=True)[:CHUNK])
        if not subjects:
            return
        yield subjects
        after = subjects[-1]


def _drop(subjects: list[str]) -> None:
    for model in (TimelineRow, DutyRow, Upstream):
        model.objects.filter(subject__in=subjects).delete()


def _drop_strays() -> None:
    known = SubjectRow.objects.values("subject")
    for model in (TimelineRow, DutyRow, Upstream):
        model.objects.exclude(subject__in=known).delete()
