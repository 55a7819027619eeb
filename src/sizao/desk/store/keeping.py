"""Keeping and ending: every class of data has a purpose, a period and a way of deletion; what is due goes, and is
shown to be gone.

Periods are the deployment's own (`keeping` in deployment.json, in days): no number here, and a class without one
stops the start. An event's closure, ordered by a named officer before two observers, makes everything due; a hold,
with its assessment, keeps what it names. Orders, observers, holds and destructions are facts of the register of
keeping, and so leaves of the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from sizao.desk.people import vault
from sizao.desk.people.models import Person
from sizao.desk.store import erasing, jobs
from sizao.desk.store.acts import Receipt, make, record
from sizao.desk.store.book import deployment
from sizao.desk.store.models import FactRow, Job, Notice, Proposal
from sizao.desk.store.rights import Actor, Purpose
from sizao.desk.store.rows import facts_of
from sizao.errors import DeskError
from sizao.facts.corrections import standing_facts
from sizao.facts.kinds import Correction, DataClass, Fact, FactId, Order, Told
from sizao.when import DAY_S, OPEN, Instant, local_day

CLOSURE = f"{erasing.KEEPING}closure"
HOLD = f"{erasing.KEEPING}hold:"
ERASURE = f"{erasing.KEEPING}erasure:"
EVERYTHING = "all"
OBSERVERS = 2
JOB = "destroy"
"""The kind of job that destroys what is due."""
LIMIT = 1000
"""So many rows one act destroys."""
ENDS_WITH_EVENT = frozenset({
    DataClass.HEALTH, DataClass.MOVEMENT, DataClass.CONTROL, DataClass.GIVEN, "identity", "notices", "proposals",
})  # fmt: skip
"""What was obtained for the response, and is destroyed when it ends. Registers of work, what was public, and the log
of who read what keep their own periods."""
SHORTEST = 10
"""An assessment or reason shorter than this is none."""


class Kind(NamedTuple):
    """A class of data that are no facts: how many rows are older than an instant, and how to destroy some of them."""

    due: Callable[[Instant], int]
    destroy: Callable[[Instant, int, Instant], int]


class Hold(NamedTuple):
    """Something is kept beyond its period: a data class, a subject or everything; since when, by whom, on what
    assessment."""

    id: FactId
    scope: str
    since: Instant
    by: str
    assessment: str


class Overview(NamedTuple):
    """How one class stands: its period in days (None: not set), rows kept, rows due, and rows overdue by more than a
    day."""

    name: str
    days: int | None
    kept: int
    due: int
    overdue: int


_OTHERS: dict[str, Kind] = {}


def also(name: str, kind: Kind) -> None:
    """Make known a class of data that another app keeps."""
    _OTHERS[name] = kind


def names() -> tuple[str, ...]:
    """Every class of data of this deployment."""
    return (*DataClass, *_OTHERS)


def without_period() -> list[str]:
    """The classes that nobody set a period for."""
    return [name for name in names() if deployment().keeping.get(name, 0) < 1]


def refuse_unset() -> None:
    """Refuses to go on while a class has no period (U130)."""
    missing = without_period()
    if missing:
        raise DeskError("U130", classes=", ".join(missing))


def before(name: str, now: Instant) -> Instant:
    """What was recorded before this is due: by the class's period, or by an event's closure, whichever is later."""
    days = deployment().keeping.get(name, 0)
    by_period = Instant(now - days * DAY_S) if days > 0 else Instant(0)
    closed = closure() if name in ENDS_WITH_EVENT else None
    return by_period if closed is None else Instant(max(by_period, closed.at))


def overview(now: Instant) -> list[Overview]:
    """Every class as it stands."""
    found = []
    for name in names():
        limit = before(name, now)
        kept = FactRow.objects.filter(data_class=name, line__isnull=False).count() if name in set(DataClass) else -1
        due, late = (_due(name, moment, now) for moment in (limit, Instant(limit - DAY_S)))
        found.append(Overview(name, deployment().keeping.get(name), kept, due, late))
    return found


def _due(name: str, limit: Instant, now: Instant) -> int:
    return _due_facts(name, limit, now).count() if name in set(DataClass) else _OTHERS[name].due(limit)


def _due_facts(name: str, limit: Instant, now: Instant) -> QuerySet[FactRow]:
    found = erasing.erasable(now).filter(data_class=name, recorded_at__lt=limit)
    for hold in holds():
        if hold.scope in (EVERYTHING, name):
            return found.none()
        found = found.exclude(subject=hold.scope)
    return found


def destroy_due(now: Instant, limit: int = LIMIT) -> Mapping[str, int]:
    """Destroy what is due, so many rows of each class at the most; returns how many of which. Holds keep what they
    name."""
    gone: dict[str, int] = {}
    closed = closure()
    scopes = {hold.scope for hold in holds()}
    for name in names():
        if scopes & {EVERYTHING, name}:
            continue
        until = before(name, now)
        ground = erasing.BY_PERIOD if closed is None or name not in ENDS_WITH_EVENT else closed.id
        if name in set(DataClass):
            count = erasing.erase(list(_due_facts(name, until, now).order_by("seq")[:limit]), ground=ground, now=now)
        else:
            count = _destroy_others(name, until, limit, ground, now)
        if count:
            gone[name] = count
    return gone


def ask_daily(now: Instant) -> None:
    """Ask for the day's destruction, once a day."""
    day = local_day(now, deployment().zone).isoformat()
    if not Job.objects.filter(key=f"{JOB}-{day}").exists():
        jobs.ask(JOB, key=f"{JOB}-{day}", given={}, by=erasing.keeper().id, now=now)


def _destroy_others(name: str, until: Instant, limit: int, ground: str, now: Instant) -> int:
    with transaction.atomic():
        count = _OTHERS[name].destroy(until, limit, now)
        if count:
            erasing.note({name: count}, ground=ground, now=now)
    return count


# --- decisions about keeping ------------------------------------------------------------------------------------------


def _order(subject: str, what: str, *, by: Actor, article: str, reasons: str, now: Instant) -> Fact:
    if len(reasons.strip()) < SHORTEST or not article.strip():
        raise DeskError("U131")
    said = {
        "orders": what,
        "start": now,
        "until": OPEN,
        "body": by.unit,
        "officer": by.id,
        "article": article,
        "reasons": reasons,
    }
    return make(Order, subject, at=now, actor=by, now=now, data_class=DataClass.PUBLIC, **said)


def close_event(*, by: Actor, article: str, reasons: str, observers: Sequence[str], key: str, now: Instant) -> Receipt:
    """Order the destruction that follows the end of an event, before two named observers (else U132); article and
    reasons are needed (U131). The order is an act of the ledger; `destroy_due` carries it out."""
    seen = {name.strip() for name in observers if name.strip()}
    if len(seen) < OBSERVERS or by.id in seen:
        raise DeskError("U132", count=OBSERVERS)
    order = _order(CLOSURE, "event_closure", by=by, article=article, reasons=reasons, now=now)
    told = [
        make(
            Told, CLOSURE, at=now, actor=by, now=now, data_class=DataClass.PUBLIC, what="observe", about=order.id,
            channel="in_person", by=by.id, proof=name,
        )
        for name in sorted(seen)
    ]  # fmt: skip
    return record(order, *told, by=by, purpose=Purpose.COMMAND, expect={}, key=key, now=now, name="close_event")


def closure() -> Order | None:
    """The latest closure that stands."""
    found = [fact for fact in standing_facts(facts_of(CLOSURE), OPEN) if isinstance(fact, Order)]
    return max(found, key=lambda fact: (fact.at, fact.id), default=None)


def observers() -> list[str]:
    """Who observed the latest closure that stands."""
    closed = closure()
    told = [fact for fact in standing_facts(facts_of(CLOSURE), OPEN) if isinstance(fact, Told)]
    return sorted(fact.proof or "" for fact in told if closed is not None and fact.about == closed.id)


def hold(scope: str, *, by: Actor, article: str, assessment: str, key: str, now: Instant) -> Receipt:
    """Keep a data class, a subject or `all` beyond its period; the assessment of legality, necessity and security is
    cited (U131)."""
    order = _order(f"{HOLD}{scope}", "hold", by=by, article=article, reasons=assessment, now=now)
    return record(order, by=by, purpose=Purpose.COMMAND, expect={}, key=key, now=now, name="hold")


def lift(held: FactId, *, by: Actor, why: str, key: str, now: Instant) -> Receipt:
    """End a hold; refuses one that is not in force (U136)."""
    found = next((hold for hold in holds() if hold.id == held), None)
    if found is None:
        raise DeskError("U136", id=held)
    subject = f"{HOLD}{found.scope}"
    fact = make(Correction, subject, at=now, actor=by, now=now, data_class=DataClass.PUBLIC, corrects=held, why=why)
    return record(fact, by=by, purpose=Purpose.COMMAND, expect={}, key=key, now=now, name="lift_hold")


def holds() -> list[Hold]:
    """The holds in force, oldest first."""
    subjects = FactRow.objects.filter(subject__startswith=HOLD).order_by("subject").values_list("subject", flat=True)
    found = [
        Hold(fact.id, subject.removeprefix(HOLD), fact.at, fact.officer, fact.reasons)
        for subject in dict.fromkeys(subjects)
        for fact in standing_facts(facts_of(subject), OPEN)
        if isinstance(fact, Order)
    ]
    return sorted(found, key=lambda each: (each.since, each.id))


def erase_person(subject: str, *, by: Actor, article: str, reasons: str, key: str, now: Instant) -> int:
    """Erase one person: every fact, and the identity with its key; returns how many facts. The ledger stays valid.

    Refuses while a restriction rests on the facts (U134) and while a hold names them (U135); article and reasons are
    needed (U131).
    """
    if {hold.scope for hold in holds()} & {EVERYTHING, subject}:
        raise DeskError("U135", subject=subject)
    with transaction.atomic():
        order = _order(f"{ERASURE}{subject}", "erasure", by=by, article=article, reasons=reasons, now=now)
        receipt = record(order, by=by, purpose=Purpose.COMMAND, expect={}, key=key, now=now, name="erase_person")
        rows = list(FactRow.objects.filter(subject=subject, line__isnull=False))
        if not receipt.repeated and erasing.erasable(now).filter(subject=subject).count() != len(rows):
            raise DeskError("U134", subject=subject)
        count = erasing.erase(rows, ground=order.id, now=now)
        if Person.objects.filter(subject=subject, erased_at__isnull=True).exists():
            vault.erase_row(subject, now)
    return count


# --- what is kept beside facts ----------------------------------------------------------------------------------------


def _identities(until: Instant) -> QuerySet[Person]:
    """People of whom no fact is left: nobody needs to know who they were."""
    known = FactRow.objects.filter(line__isnull=False).values("subject")
    found = Person.objects.filter(erased_at__isnull=True, created_at__lt=until).exclude(subject__in=known)
    for each in holds():
        found = found.exclude(subject=each.scope)
    return found


def _end_identities(until: Instant, limit: int, now: Instant) -> int:
    subjects = list(_identities(until).order_by("subject").values_list("subject", flat=True)[:limit])
    for subject in subjects:
        vault.erase_row(subject, now)
    return len(subjects)


def _notices(until: Instant) -> QuerySet[Notice]:
    return Notice.objects.filter(next_try_at__isnull=True, created_at__lt=until)


def _jobs(until: Instant) -> QuerySet[Job]:
    return Job.objects.filter(ended_at__isnull=False, ended_at__lt=until)


def _proposals(until: Instant) -> QuerySet[Proposal]:
    return Proposal.objects.filter(settled_at__isnull=False, settled_at__lt=until).exclude(lines="[]")


def _delete(rows: Callable[[Instant], QuerySet[Notice] | QuerySet[Job]]) -> Callable[[Instant, int, Instant], int]:
    def destroy(until: Instant, limit: int, _now: Instant) -> int:
        keys = list(rows(until).order_by("pk").values_list("pk", flat=True)[:limit])
        rows(until).filter(pk__in=keys).delete()
        return len(keys)

    return destroy


def _empty_proposals(until: Instant, limit: int, _now: Instant) -> int:
    keys = list(_proposals(until).order_by("pk").values_list("pk", flat=True)[:limit])
    return Proposal.objects.filter(pk__in=keys).update(lines="[]")


also("identity", Kind(lambda until: _identities(until).count(), _end_identities))
also("notices", Kind(lambda until: _notices(until).count(), _delete(_notices)))
also("jobs", Kind(lambda until: _jobs(until).count(), _delete(_jobs)))
also("proposals", Kind(lambda until: _proposals(until).count(), _empty_proposals))
