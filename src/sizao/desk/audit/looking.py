"""What auditors look at: acts, checkpoints, who read how much, what is kept. Never whom it was about: no subject
leaves this file."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from sizao.desk.access.models import Alert, ReadRow, User
from sizao.desk.ledger.models import Checkpoint, Leaf
from sizao.desk.ledger.signing import public_key, signed_by_us
from sizao.desk.store.models import Act, FactRow, Job
from sizao.when import DAY_S, Instant

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ActLine:
    """An act in the list: `leaf` is its place in the log, None while it waits; `kinds` what kinds of fact it holds."""

    act: Act
    who: str
    leaf: int | None
    erased: int = 0
    kinds: Sequence[tuple[str, str, int, int]] = ()
    """(kind, data class, how many, of which erased)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How much somebody read in a stretch of time: pages with people, people, those outside the own work, alerts
    raised."""

    actor: str
    who: str
    unit: str
    reads: int
    people: int
    outside: int
    alerts: int


def acts(*, after: int | None = None, **filters: str) -> tuple[list[ActLine], int | None]:
    """One screen of acts, the latest first, and where the next begins."""
    asked = Act.objects.order_by("-seq")
    for name, value in filters.items():
        if value:
            asked = asked.filter(**{name: value})
    if after is not None:
        asked = asked.filter(seq__lt=after)
    found = list(asked[: PAGE + 1])
    shown = found[:PAGE]
    numbers = [act.seq for act in shown]
    places = dict(Leaf.objects.filter(act__in=numbers).values_list("act", "index"))
    erased = _erased(numbers)
    names = names_of({act.actor for act in shown})
    lines = [
        ActLine(act=act, who=names.get(act.actor, act.actor), leaf=places.get(act.seq), erased=erased.get(act.seq, 0))
        for act in shown
    ]
    return lines, shown[-1].seq if len(found) > PAGE else None


def _erased(numbers: Sequence[int]) -> Mapping[int, int]:
    rows = FactRow.objects.filter(act__in=numbers, line__isnull=True).values_list("act_id").annotate(Count("pk"))
    return dict(rows.order_by())


def act(number: int) -> ActLine | None:
    """One act with its facts counted by kind and class; None where there is none of that number."""
    held = Act.objects.filter(seq=number).first()
    if held is None:
        return None
    rows = FactRow.objects.filter(act=held).values_list("kind", "data_class").order_by("kind", "data_class")
    counted = rows.annotate(many=Count("pk"), gone=Count("pk", filter=Q(line__isnull=True)))
    place = Leaf.objects.filter(act=number).values_list("index", flat=True).first()
    kinds = [(kind, data_class, many, gone) for kind, data_class, many, gone in counted]
    who = names_of({held.actor}).get(held.actor, held.actor)
    return ActLine(act=held, who=who, leaf=place, erased=sum(each[3] for each in kinds), kinds=kinds)


def names_of(actors: set[str]) -> Mapping[str, str]:
    """The names of those who work here; residents and software keep their number."""
    numbers = [int(actor.partition(":")[2]) for actor in actors if actor.startswith("user:") and actor[5:].isdigit()]
    staff = User.objects.filter(pk__in=numbers, person="")
    return {f"user:{user.pk}": user.username for user in staff}


def checkpoints(limit: int = PAGE) -> list[tuple[Checkpoint, bool]]:
    """The latest checkpoints, each with whether its signature is ours and good."""
    return [(row, signed_by_us(row)) for row in Checkpoint.objects.order_by("-size")[:limit]]


def log_steps() -> Iterator[bytes | str]:
    """The whole log for a copy: leaves' data, and each checkpoint's note after its last leaf."""
    notes = dict(Checkpoint.objects.values_list("size", "note"))
    for act_leaf, index in Leaf.objects.order_by("index").values_list("leaf", "index").iterator(chunk_size=2000):
        yield bytes(act_leaf)
        if index + 1 in notes:
            yield notes[index + 1]


def readers(since: Instant, now: Instant) -> list[Reader]:
    """Who read how much since then, most people outside the own work first."""
    rows = ReadRow.objects.filter(at__gt=since, at__lte=now).values("actor", "unit").order_by()
    counted = rows.annotate(
        reads=Count("pk"), people=Count("subject", distinct=True), outside=Count("subject", distinct=True, filter=Q(outside=True))
    )  # fmt: skip
    alerts = dict(Alert.objects.filter(at__gt=since).values_list("actor").annotate(Count("pk")).order_by())
    names = names_of({row["actor"] for row in counted})
    found = [
        Reader(
            actor=row["actor"], who=names.get(row["actor"], row["actor"]), unit=row["unit"], reads=row["reads"],
            people=row["people"], outside=row["outside"], alerts=alerts.get(row["actor"], 0),
        )
        for row in counted
    ]  # fmt: skip
    return sorted(found, key=lambda each: (-each.outside, -each.people, each.actor))


def reading_of(actor: str, since: Instant, now: Instant, zone_offset: int) -> list[Mapping[str, Any]]:
    """What somebody read since then, by local day, page and purpose: how often and how many people, never whom."""
    rows: QuerySet[ReadRow, Mapping[str, Any]] = ReadRow.objects.filter(actor=actor, at__gt=since, at__lte=now).values(
        "at", "page", "purpose", "subject", "outside"
    )
    days: dict[tuple[int, str, str], list[tuple[str, bool]]] = {}
    for row in rows.order_by("-at")[:20_000]:
        day = (row["at"] + zone_offset) // DAY_S * DAY_S - zone_offset
        days.setdefault((day, row["page"], row["purpose"]), []).append((row["subject"], row["outside"]))
    return [
        {
            "day": day, "page": page, "purpose": purpose, "reads": len(found), "people": len({subject for subject, _ in found}),
            "outside": len({subject for subject, outside in found if outside}),
        }
        for (day, page, purpose), found in sorted(days.items(), reverse=True)
    ]  # fmt: skip


def public_key_text() -> str:
    """The log's public key as `sizao ledger verify --key NAME=…` takes it."""
    return base64.b64encode(public_key()).decode()


def latest_job(kind: str) -> Job | None:
    """The latest job of a kind."""
    return Job.objects.filter(kind=kind).order_by("-pk").first()
