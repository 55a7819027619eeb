"""Erasing facts: the line and the salt go, the commitment stays, and the erasure is itself on record with the rows
it took.

What follows is drawn again at once. Nothing is erased that a restriction in force rests on: whoever is held has a
right to the reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

from django.db import transaction
from django.db.models import Q, QuerySet

from sizao.desk.store import concluding
from sizao.desk.store.acts import make, record
from sizao.desk.store.book import deployment
from sizao.desk.store.models import FactRow, SubjectRow, TimelineRow, Upstream
from sizao.desk.store.rights import Actor, Purpose, machine
from sizao.desk.store.rows import KNOWN, chunks, fact_of
from sizao.facts.kinds import DataClass, Told
from sizao.when import Instant, local_day

KEEPING = "keeping:"
"""Subjects of this prefix are the register of keeping and ending itself; nothing of it is erased."""
DESTROYED = "destroyed"
BY_PERIOD = "period"
RESTRICTED = ("yellow", "red")


_FOLLOWERS: list[Callable[[Sequence[FactRow]], None]] = []


def also_end(follower: Callable[[Sequence[FactRow]], None]) -> None:
    """Make known what an app keeps beside facts: it ends with the facts it belongs to, in the same transaction."""
    _FOLLOWERS.append(follower)


def erasable(now: Instant) -> QuerySet[FactRow]:
    """Facts that may be erased at `now`, if a ground calls for it: of nobody who is restricted, of no close contact
    whom somebody restricted depends on, and of nobody whose rows are behind."""
    held = TimelineRow.objects.filter(Q(standing__in=RESTRICTED) | Q(next_change_at__lte=now))
    behind = SubjectRow.objects.filter(stale_since__isnull=False)
    vias = Upstream.objects.filter(Q(subject__in=held.values("subject")) | Q(subject__in=behind.values("subject")))
    found = FactRow.objects.filter(line__isnull=False).exclude(subject__startswith=KEEPING)
    found = found.exclude(subject__in=held.values("subject")).exclude(subject__in=behind.values("subject"))
    return found.exclude(subject__in=vias.values("via"))


def erase(rows: Sequence[FactRow], *, ground: str, now: Instant) -> int:
    """Erase these facts in one act that says how many of which class, on what ground, and which rows; returns how
    many."""
    if not rows:
        return 0
    classes: dict[str, int] = {}
    for row in rows:
        classes[row.data_class] = classes.get(row.data_class, 0) + 1
    seqs = sorted(row.seq for row in rows)
    with transaction.atomic():
        note(classes, ground=ground, now=now, rows=ranges_of(seqs))
        for some in chunks([str(seq) for seq in seqs], KNOWN):
            FactRow.objects.filter(seq__in=[int(seq) for seq in some]).update(line=None, salt=None)
        for follower in _FOLLOWERS:
            follower(rows)
        _redraw(sorted({row.subject for row in rows}), now)
    return len(rows)


def note(classes: Mapping[str, int], *, ground: str, now: Instant, rows: str = "") -> None:
    """Put on record that so many rows of these classes were destroyed now, and on what ground."""
    by = keeper()
    told = {"classes": dict(sorted(classes.items())), "ground": ground, "rows": rows}
    proof = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    month = local_day(now, deployment().zone).isoformat()[:7]
    written = {"what": DESTROYED, "channel": "keeping", "by": by.id, "proof": proof}
    fact = make(Told, f"{KEEPING}{month}", at=now, actor=by, now=now, data_class=DataClass.PUBLIC, **written)
    record(fact, by=by, purpose=Purpose.FOLLOW_UP, expect={}, key=f"destroy-{fact.id}", now=now, name="destroy")


def keeper() -> Actor:
    """The software that destroys what is due."""
    return machine("keeping", deployment().area)


def _redraw(subjects: Sequence[str], now: Instant) -> None:
    found = set(subjects)
    for some in chunks(subjects, KNOWN):
        found |= set(Upstream.objects.filter(via__in=some).values_list("subject", flat=True))
    concluding.refresh(sorted(found), now)


def destructions() -> list[tuple[Instant, Mapping[str, int], str, str]]:
    """Everything that was ever destroyed: when, how many of which class, on what ground, which rows. The latest
    first."""
    found = []
    for row in FactRow.objects.filter(subject__startswith=KEEPING, kind="told").order_by("-recorded_at", "-seq"):
        fact = fact_of(row)
        if isinstance(fact, Told) and fact.what == DESTROYED and fact.proof:
            told = json.loads(fact.proof)
            found.append((fact.recorded_at, told["classes"], told["ground"], told["rows"]))
    return found


def ranges_of(numbers: Iterable[int]) -> str:
    """Ascending numbers as ranges: `1-3,7`."""
    listed = list(numbers)
    if not listed:
        return ""
    starts = [listed[0], *(b for a, b in pairwise(listed) if b != a + 1)]
    ends = [*(a for a, b in pairwise(listed) if b != a + 1), listed[-1]]
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in zip(starts, ends, strict=True))


def numbers_of(ranges: str) -> set[int]:
    """The numbers that ranges stand for."""
    found: set[int] = set()
    for part in filter(None, ranges.split(",")):
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return found
