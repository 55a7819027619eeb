"""Making somebody known: identity into the vault, residence as a fact, in one act. The identity is no fact and reaches
no fact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction

from sizao.desk import clock
from sizao.desk.people.entering import Entry, enter
from sizao.desk.people.who import Who
from sizao.desk.store.acts import Receipt, make, record
from sizao.desk.store.models import Act
from sizao.desk.store.rights import Actor, Purpose
from sizao.facts.kinds import DataClass, Registered
from sizao.when import Instant

PERSON = "person:"


class Resident(NamedTuple):
    """Somebody to be made known: a subject that nobody has (`new_subject` makes one), who it is, and where at home."""

    subject: str
    who: Who
    area: str
    unit: str = ""


class Registration(NamedTuple):
    """What came of it. `warnings` are codes of sentences, by subject: nothing was refused for them."""

    receipt: Receipt
    warnings: dict[str, tuple[str, ...]]


class _Chance:
    """The vault's chance is the desks'."""

    token = staticmethod(clock.token)


def new_subject() -> str:
    """A name for a person that says nothing about anybody."""
    return clock.name(PERSON)


def register(
    residents: Sequence[Resident],
    *,
    by: Actor,
    purpose: Purpose,
    key: str,
    now: Instant,
    since: Instant | None = None,
    **more: Any,
) -> Registration:
    """Make people known, resident from `since` (now, if None). The same key again does nothing twice.

    Refuses what the vault refuses (an identity that cannot be right, a subject that is taken) and what `acts.record`
    refuses; then nothing of it is kept.
    """
    facts = [
        make(
            Registered, each.subject, at=now if since is None else since, actor=by, now=now, data_class=DataClass.PUBLIC,
            area=each.area, **more,
        )
        for each in residents
    ]  # fmt: skip
    with transaction.atomic():
        warnings: dict[str, tuple[str, ...]] = {}
        if not Act.objects.filter(key=key).exists():
            entries = [Entry(subject=each.subject, who=each.who, area=each.area, unit=each.unit) for each in residents]
            warnings = dict(enter(entries, keys=settings.KEYS, chance=_Chance(), now=now))
        receipt = record(*facts, by=by, purpose=purpose, expect={}, key=key, now=now, name="register")
    return Registration(receipt, warnings)
