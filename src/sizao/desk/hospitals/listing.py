"""Who lies here or was reported, next due first; and the clocks of reporting and review, the oldest hour first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from sizao.desk.store import readers
from sizao.desk.store.models import Assignment, DutyRow, FactRow, TimelineRow
from sizao.desk.store.rights import Actor
from sizao.policy.kinds import Holder
from sizao.rules.timeline import State
from sizao.when import HOUR_S, Instant

DESK = "hospitals"
CLOCKS = ("hospital_report", "cdc_review", "infected_transfer")
SHOWN = 50
LATELY_S = 24 * HOUR_S
"""A clock that was met stays in sight for so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One running or lately stopped clock of one patient."""

    subject: str
    code: str
    holder: str
    since: Instant
    due: Instant | None
    met_at: Instant | None
    state: State


def patients(actor: Actor, *, now: Instant, overdue: bool = False, ours: bool = False) -> QuerySet[TimelineRow]:
    """People within the actor's areas of whom a case notice or a reception is on record; `ours` those who are assigned to the
    actor's own hospital. Rows are read by `readers.screen`."""
    rows = TimelineRow.objects.filter(readers.within(actor), kind="person")
    ill = FactRow.objects.filter(kind__in=("case_notice", "admitted"), line__isnull=False)
    rows = rows.filter(subject__in=ill.values("subject"))
    if overdue:
        rows = rows.filter(next_due_at__lt=now)
    if ours:
        held = Assignment.objects.filter(desk=DESK, team__in=(actor.unit, actor.id), until__isnull=True)
        rows = rows.filter(subject__in=held.values("subject"))
    return rows


def clocks(actor: Actor, now: Instant) -> Sequence[Clock]:
    """The clocks of a case within the actor's areas: those that run, the oldest hour first, then those stopped within a day."""
    running = (
        readers.open_duties(actor, now=now, holders=HOLDERS)
        .filter(code__in=CLOCKS)
        .order_by("due", "subject", "number")
    )
    lately = DutyRow.objects.filter(readers.within(actor), code__in=CLOCKS, met_at__gt=now - LATELY_S, met_at__lte=now)
    rows = [*running[:SHOWN], *lately.order_by("-met_at", "subject")[:SHOWN]]
    return [_clock(row, now) for row in rows]


HOLDERS = (str(Holder.HOSPITAL), str(Holder.CDC), str(Holder.COUNTY_HEALTH))


def _clock(row: DutyRow, now: Instant) -> Clock:
    met = None if row.met_at is None else Instant(row.met_at)
    due = None if row.due is None else Instant(row.due)
    if met is not None:
        state = State.MET if due is None or met <= due else State.MET_LATE
    else:
        state = State.OVERDUE if due is not None and now > due else State.DUE
    return Clock(
        subject=row.subject,
        code=row.code,
        holder=row.holder,
        since=Instant(row.since),
        due=due,
        met_at=met,
        state=state,
    )
