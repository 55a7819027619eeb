"""The log of reads: a page that shows somebody's data writes one row first, or does not show it."""

from __future__ import annotations

from collections.abc import Iterable

from sizao.desk.access import alerts
from sizao.desk.access.models import ReadRow
from sizao.desk.store.rights import Actor, Purpose
from sizao.when import Instant


def log(
    actor: Actor,
    subjects: Iterable[str],
    *,
    purpose: Purpose,
    fields: Iterable[str],
    page: str,
    now: Instant,
    case: str = "",
) -> None:
    """One row per subject about to be shown. Raises whatever the database raises, and `alerts.Throttled` where the
    reader has opened too many people who are not the own work: then nothing may be shown."""
    told = ",".join(sorted(fields))[:200]
    shown = list(dict.fromkeys(subjects))
    others = alerts.outside(actor, shown)
    alerts.allow(actor, others, page, now)
    ReadRow.objects.bulk_create(
        [
            ReadRow(
                at=now, actor=actor.id, unit=actor.unit, subject=subject, case=case, purpose=str(purpose), fields=told, page=page,
                outside=subject in others,
            )
            for subject in shown
        ]
    )  # fmt: skip


def of_subject(subject: str, *, limit: int = 200) -> list[ReadRow]:
    """Who read this person's data, the latest first."""
    return list(ReadRow.objects.filter(subject=subject).order_by("-at", "-pk")[:limit])
