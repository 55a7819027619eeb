"""Who follows somebody up at a desk: a team, or one person, since when. Handing over is an act, and a leaf of the ledger.

The act says which desk, which team and how many people; whom, it commits to under the deployment's secret, so that nothing of a
person stays in it when the person's data ends.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db import transaction

from sizao.desk.store.acts import Receipt, record_words
from sizao.desk.store.models import Assignment, SubjectRow
from sizao.desk.store.rights import Actor, Purpose, Role, reaches
from sizao.desk.store.rows import KNOWN, chunks
from sizao.errors import DeskError
from sizao.when import Instant

ASSIGNS = (Role.TRACER, Role.CDC, Role.COUNTY, Role.COMMAND, Role.HOSPITAL)
"""Who hands people over. A team that follows up takes what it is given: by its own hand it would open names to itself."""

LARGEST = 1000
"""So many people one act hands over."""

NOBODY = ""
"""The team of whoever has none; to assign to it is to give back."""


def may_assign(actor: Actor) -> bool:
    """Whether the actor's roles hand people over."""
    return actor.has(*ASSIGNS)


def teams_of(subjects: Sequence[str], desk: str) -> dict[str, str]:
    """The team of each of these subjects at a desk; who has none is left out."""
    found: dict[str, str] = {}
    for some in chunks(sorted(set(subjects)), KNOWN):
        held = Assignment.objects.filter(subject__in=some, desk=desk, until__isnull=True)
        found |= dict(held.values_list("subject", "team"))
    return found


def assign(
    subjects: Sequence[str], *, desk: str, team: str, by: Actor, purpose: Purpose, key: str, now: Instant,
    seen: Mapping[str, str] | None = None,
) -> Receipt:  # fmt: skip
    """Hand these people to a team (or to nobody) at a desk, as one act; who is there already stays.

    Refuses whoever hands nobody over (N101), nobody or too many (N102), a subject without facts (D160), one of an area not the
    actor's (D121), and one whose team is no longer the one in `seen` (N103). The same key again changes nothing.
    """
    if not may_assign(by):
        raise DeskError("N101")
    people = sorted(set(subjects))
    if not 0 < len(people) <= LARGEST:
        raise DeskError("N102", count=len(people), most=LARGEST)
    with transaction.atomic():
        _lock(people, by)
        receipt = record_words("assign", _said(people, desk, team), by=by, purpose=purpose, key=key, now=now)
        if receipt.repeated:
            return receipt
        held = teams_of(people, desk)
        _as_seen(held, people, seen or {})
        _hand_over([one for one in people if held.get(one, NOBODY) != team], desk, team, receipt.act, now)
    return receipt


def digest_of(people: Sequence[str]) -> str:
    """What an act of handing over says instead of names: a keyed hash of the sorted subjects, in hex."""
    told = "\n".join(sorted(people))
    return hmac.new(settings.KEYS.search, f"assigned|{told}".encode(), hashlib.sha256).hexdigest()


def _said(people: Sequence[str], desk: str, team: str) -> dict[str, object]:
    return {"desk": desk, "team": team, "people": len(people), "whom": digest_of(people)}


def _lock(people: Sequence[str], by: Actor) -> None:
    """Hold the subjects' rows in order, as every act does, and see that each is there and within reach."""
    areas: dict[str, str] = {}
    for some in chunks(people, KNOWN):
        rows = SubjectRow.objects.select_for_update().filter(subject__in=some).order_by("subject")
        areas |= dict(rows.values_list("subject", "area"))
    for subject in people:
        if subject not in areas:
            raise DeskError("D160", subject=subject)
        if not reaches(by, areas[subject]):
            raise DeskError("D121", area=areas[subject])


def _as_seen(held: Mapping[str, str], people: Sequence[str], seen: Mapping[str, str]) -> None:
    for subject in people:
        if subject in seen and held.get(subject, NOBODY) != seen[subject]:
            raise DeskError("N103", subject=subject, team=held.get(subject, NOBODY))


def _hand_over(people: Sequence[str], desk: str, team: str, act: int, now: Instant) -> None:
    for some in chunks(people, KNOWN):
        Assignment.objects.filter(subject__in=some, desk=desk, until__isnull=True).update(until=now)
    if team != NOBODY:
        rows = [Assignment(subject=subject, desk=desk, team=team, since=now, act_id=act) for subject in people]
        Assignment.objects.bulk_create(rows, batch_size=400)
