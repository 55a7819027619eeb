"""Unusual reading is noticed while it happens: it is counted before a page is shown, refused above a number, and
somebody else is called to look at it (TR-17).

Own work does not count: oneself, people assigned to the own unit, people about whom one has recorded something.
"""

from __future__ import annotations

from collections.abc import Sequence

from sizao.desk.access.models import Alert, Grant, ReadRow
from sizao.desk.store.channels import known
from sizao.desk.store.models import Assignment, FactRow
from sizao.desk.store.outbox import post
from sizao.desk.store.rights import Actor, Role
from sizao.desk.store.rows import KNOWN, chunks
from sizao.errors import DeskError
from sizao.when import HOUR_S, Instant

MOST_OUTSIDE = 60
"""So many people outside the own work may be opened in an hour; the next one is refused, and an alert raised."""

WINDOW_S = HOUR_S
UNUSUAL_READS, LOCKED_OUT = "unusual-reads", "locked-out"
MAIL, CONSOLE = "mail", "console"
WATCHERS = (Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


class Throttled(DeskError):
    """Too many people outside the own work were opened (A130). Nothing more is shown for a while."""

    def __init__(self, actor: Actor, alert: Alert) -> None:
        super().__init__("A130", count=alert.count, most=MOST_OUTSIDE)
        self.actor, self.alert = actor, alert


def outside(actor: Actor, subjects: Sequence[str]) -> frozenset[str]:
    """Those of the subjects that are not the actor's own work."""
    if actor.has(Role.MACHINE):
        return frozenset()
    found = {subject for subject in subjects if subject != actor.person}
    for some in chunks(sorted(found), KNOWN):
        own = Assignment.objects.filter(subject__in=some, team__in=(actor.unit, actor.id), until__isnull=True)
        found -= set(own.values_list("subject", flat=True))
    for some in chunks(sorted(found), KNOWN):
        found -= set(FactRow.objects.filter(subject__in=some, act__actor=actor.id).values_list("subject", flat=True))
    return frozenset(found)


def allow(actor: Actor, subjects: frozenset[str], page: str, now: Instant) -> None:
    """Refuses (`Throttled`) to show these people outside the own work where, with those of the hour before, they are
    more than `MOST_OUTSIDE`; the alert is raised first. Opening somebody again does not count again."""
    if not subjects:
        return
    rows = ReadRow.objects.filter(actor=actor.id, at__gt=now - WINDOW_S, outside=True)
    count = len(subjects | set(rows.values_list("subject", flat=True)))
    if count > MOST_OUTSIDE:
        raise Throttled(actor, _raise(UNUSUAL_READS, actor.id, now, unit=actor.unit, count=count, page=page))


def see_to_it(refused: Throttled, now: Instant) -> None:
    """Raise the alert again where what the page had begun was undone, and the alert with it."""
    alert = refused.alert
    if not Alert.objects.filter(pk=alert.pk).exists():
        _raise(alert.kind, alert.actor, now, unit=alert.unit, count=alert.count, page=alert.page)


def locked_out(name: str, now: Instant) -> None:
    """Somebody tried a name too often. The name is on the alert as it was typed, cut short: it may have been a
    password."""
    _raise(LOCKED_OUT, name[:3] + "…", now, unit="", count=1, page="sign-in")


def _raise(kind: str, actor: str, now: Instant, *, unit: str, count: int, page: str) -> Alert:
    open_one = Alert.objects.filter(kind=kind, actor=actor, at__gt=now - WINDOW_S, seen_at__isnull=True).first()
    if open_one is not None:
        open_one.count, open_one.refused = max(count, open_one.count), open_one.refused + 1
        open_one.save(update_fields=["count", "refused"])
        return open_one
    alert = Alert.objects.create(kind=kind, at=now, actor=actor, unit=unit, count=count, refused=1, page=page)
    if kind == UNUSUAL_READS:
        _call(alert, now)
    return alert


def _call(alert: Alert, now: Instant) -> None:
    """Tell everybody who watches, by mail where there is any."""
    channel = MAIL if MAIL in known() else CONSOLE
    held = Grant.objects.filter(role__in=WATCHERS, since__lte=now, until__isnull=True, user__is_active=True)
    for user in sorted(set(held.values_list("user_id", flat=True))):
        slots = {"actor": alert.actor, "count": alert.count, "page": alert.page}
        post(to=f"user:{user}", code=f"alert-{alert.kind}", slots=slots, channel=channel, about=f"alert:{alert.pk}",
             key=f"alert-{alert.pk}-{user}", now=now)  # fmt: skip


def unseen() -> list[Alert]:
    """Alerts nobody has looked at, the oldest first."""
    return list(Alert.objects.filter(seen_at__isnull=True).order_by("at", "pk"))


def settle(alert: int, finding: str, *, by: Actor, now: Instant) -> None:
    """Somebody looked at it: what was found. Refuses whoever does not watch or is meant by it (A131), and one looked at
    already (A132)."""
    row = Alert.objects.filter(pk=alert).first()
    if row is None or not by.has(*WATCHERS) or row.actor == by.id:
        raise DeskError("A131")
    if not finding.strip():
        raise DeskError("D154")
    settled = Alert.objects.filter(pk=alert, seen_at__isnull=True)
    if not settled.update(seen_at=now, seen_by=by.id, finding=finding.strip()):
        raise DeskError("A132")
