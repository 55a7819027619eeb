"""The one writer. Whatever changes in a deployment changes by an act of this file, and every act is a leaf of the
ledger.

`record` does all of it in one transaction: right and purpose, the versions the actor had read, the facts, the leaf,
the marks of what is behind; up to `concluding.INLINE` subjects are concluded at once, the rest by a job, and readers
conclude what they show.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from sizao.desk.clock import token
from sizao.desk.ledger.pending import enqueue
from sizao.desk.store import concluding, jobs
from sizao.desk.store.book import deployment, guard
from sizao.desk.store.models import Act, FactRow, SetupRow, SubjectRow, Upstream
from sizao.desk.store.rights import Actor, Purpose, Role, burdens, check
from sizao.desk.store.rows import KNOWN, areas_of, chunks, digest_of, digests_of, facts_named, keyed, kind_of, row_of
from sizao.errors import DeskError
from sizao.facts.kinds import Confirmed, DataClass, Exposure, Fact, FactId, How, SubjectId
from sizao.facts.record import named
from sizao.ledger.commitments import ActHeader, commitment, facts_root, leaf_of_act
from sizao.when import Instant

SALT = 32

Versions = Mapping[str, int]

After = Callable[[int, Sequence[Fact], Actor, Instant], None]
"""What is done once an act stored facts, in its own transaction: it asks for a job, and no more."""

_AFTER: list[tuple[frozenset[str], After]] = []


def after(kinds: Iterable[str], call: After) -> None:
    """Have `call` done whenever an act stored facts of one of these kinds; an app says so when it is ready. It is given
    the act, the facts of these kinds, the actor and the moment."""
    _AFTER.append((frozenset(kinds), call))


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What an act came to. `stored` facts are new, `known` were there before: together they are all that was given."""

    act: int
    leaf: bytes
    recorded_at: Instant
    stored: int
    known: int
    subjects: tuple[str, ...]
    repeated: bool = False


def make(
    kind: type[Fact], subject: str, *, at: int, actor: Actor, now: Instant, data_class: DataClass, **fields: Any
) -> Fact:
    """A fact entered by an actor now. Its id is that of its content under the deployment's secret: the same report has
    the same id however often it is entered, and says nothing to whoever only guesses."""
    told = {"source": actor.unit, "basis": "epidemic-control"} | fields
    entered = {"recorder": actor.id, "recorded_at": now, "data_class": data_class}
    return named(kind, salt=settings.KEYS.search, subject=SubjectId(subject), at=Instant(at), **entered, **told)


def record(
    *facts: Fact, by: Actor, purpose: Purpose, expect: Versions, key: str, now: Instant, name: str = "record"
) -> Receipt:
    """Store facts as one act. Facts must have been entered by the actor now (D110).

    The same `key` again with the same facts gives the first receipt; with others it is refused (D112). A subject of
    `expect` that somebody changed since refuses the act (D113). Rights refuse as `rights.check` says; an act that
    burdens more people than the guard allows needs a proposal (D114); a case must have been reported by another
    party before anybody is its contact (D115).
    """
    _entered_now(facts, by, now)
    return _record(facts, by=by, purpose=purpose, expect=expect, key=key, now=now, name=name, approved=False)


def record_approved(
    facts: Sequence[Fact], *, by: Actor, purpose: Purpose, key: str, now: Instant, name: str
) -> Receipt:
    """As `record`, for a proposal that its approvers agreed to (see `proposals`): the guard on numbers was theirs."""
    return _record(facts, by=by, purpose=purpose, expect={}, key=key, now=now, name=name, approved=True)


def _record(
    facts: Sequence[Fact], *, by: Actor, purpose: Purpose, expect: Versions, key: str, now: Instant, name: str,
    approved: bool,
) -> Receipt:  # fmt: skip
    content = content_of(facts)
    with transaction.atomic():
        earlier = Act.objects.filter(key=key).first()
        if earlier is not None:
            return _again(earlier, content, facts)
        areas = areas_of(facts, deployment().area)
        check(by, purpose, facts, areas)
        if not approved:
            few_enough(facts, now)
        return _store(
            facts, by=by, purpose=purpose, expect=expect, key=key, now=now, name=name, content=content, areas=areas
        )


SETS_UP = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.MACHINE)


def record_setup(name: str, content: Mapping[str, Any], *, by: Actor, key: str, now: Instant) -> Receipt:
    """Put on record that something was set up: an act without facts, whose leaf commits to `content` (plain JSON,
    kept). Call it in the transaction that changes the registry. Refuses whoever sets nothing up (D161); the key is
    as for `record`."""
    if not by.has(*SETS_UP):
        raise DeskError("D161")
    return record_words(name, content, by=by, purpose=Purpose.SETUP, key=key, now=now)


def record_words(
    name: str, content: Mapping[str, Any], *, by: Actor, purpose: Purpose, key: str, now: Instant
) -> Receipt:
    """An act without facts, for whoever has seen to the rights of it: its leaf commits to `content` (plain JSON, kept),
    which names nobody that facts are about. Call it in the transaction that changes what it says; the key is as for
    `record`."""
    line = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = keyed(hashlib.sha256(line.encode()).hexdigest())
    with transaction.atomic():
        earlier = Act.objects.filter(key=key).first()
        if earlier is not None:
            return _again(earlier, digest, ())
        act, _ = _act((), by=by, purpose=purpose, key=key, now=now, name=name, content=digest)
        row = SetupRow(line=line, salt=token(SALT))
        act.root = setup_root(row)
        act.leaf = leaf_of_act(bytes(act.salt), header_of(act))
        act.save(force_insert=True)
        row.act = act
        row.save(force_insert=True)
        enqueue(act.seq, bytes(act.leaf))
    return Receipt(act=act.seq, leaf=bytes(act.leaf), recorded_at=now, stored=0, known=0, subjects=())


def setup_root(row: SetupRow) -> bytes:
    """The root of an act that set something up, as its row says it now."""
    return facts_root([commitment(bytes(row.salt), row.line.encode())])


def content_of(facts: Iterable[Fact]) -> str:
    """SHA-256 (hex) over the contents of an act's facts, in whatever order."""
    whole = hashlib.sha256()
    for digest in sorted(digest_of(fact) for fact in facts):
        whole.update(digest.encode())
    return whole.hexdigest()


def _entered_now(facts: Iterable[Fact], by: Actor, now: Instant) -> None:
    for fact in facts:
        if fact.recorded_at != now or fact.recorder != by.id:
            raise DeskError("D110", kind=f"fact.{fact.kind}")


def _again(earlier: Act, content: str, facts: Sequence[Fact]) -> Receipt:
    if earlier.content != content:
        raise DeskError("D112")
    subjects = tuple(sorted({fact.subject for fact in facts}))
    return Receipt(
        act=earlier.seq, leaf=bytes(earlier.leaf), recorded_at=Instant(earlier.recorded_at), stored=earlier.facts,
        known=len(facts) - earlier.facts, subjects=subjects, repeated=True,
    )  # fmt: skip


def few_enough(facts: Iterable[Fact], now: Instant) -> None:
    """Refuses an act that burdens more people than one may at once (D114)."""
    people = {fact.subject for fact in facts if burdens(fact)}
    above = guard("safeguard.bulk", deployment().area, now).above_persons
    if len(people) > above:
        raise DeskError("D114", count=len(people), most=above)


def _store(
    facts: Sequence[Fact], *, by: Actor, purpose: Purpose, expect: Versions, key: str, now: Instant, name: str, content: str,
    areas: Mapping[str, str],
) -> Receipt:  # fmt: skip
    subjects = sorted(areas)
    _lock(subjects, areas, expect)
    fresh = _unknown(facts)
    _have_cases(fresh, by)
    act, rows = _act(fresh, by=by, purpose=purpose, key=key, now=now, name=name, content=content)
    act.save(force_insert=True)
    FactRow.objects.bulk_create(rows, batch_size=400)
    enqueue(act.seq, bytes(act.leaf))
    touched = sorted({fact.subject for fact in fresh})
    _mark(touched, areas, act.seq)
    _conclude([*touched, *_dependents(touched)], by, now, act.seq)
    for kinds, call in _AFTER:
        if concerned := [fact for fact in fresh if fact.kind in kinds]:
            call(act.seq, concerned, by, now)
    return Receipt(
        act=act.seq, leaf=bytes(act.leaf), recorded_at=now, stored=len(rows), known=len(facts) - len(rows),
        subjects=tuple(touched),
    )  # fmt: skip


def _lock(subjects: Sequence[str], areas: Mapping[str, str], expect: Versions) -> None:
    """Take the rows of the subjects, in order, so that two acts on the same people come one after the other; compare
    versions."""
    rows = [SubjectRow(subject=subject, kind=kind_of(subject), area=areas[subject]) for subject in subjects]
    SubjectRow.objects.bulk_create(rows, ignore_conflicts=True, batch_size=400)
    versions: dict[str, int] = {}
    for some in chunks(sorted({*subjects, *expect}), KNOWN):
        locked = SubjectRow.objects.select_for_update().filter(subject__in=some).order_by("subject")
        versions |= dict(locked.values_list("subject", "version"))
    for subject, version in expect.items():
        if versions.get(subject, 0) != version:
            raise DeskError("D113", subject=subject)


def _unknown(facts: Sequence[Fact]) -> list[Fact]:
    """The facts that are not stored yet, each once; refuses an id that is known with other content (D111)."""
    known = digests_of(fact.id for fact in facts)
    fresh: dict[FactId, Fact] = {}
    for fact in facts:
        digest = digest_of(fact)
        if known.get(fact.id, digest) != digest or (fact.id in fresh and digest_of(fresh[fact.id]) != digest):
            raise DeskError("D111", id=fact.id)
        if fact.id not in known:
            fresh.setdefault(fact.id, fact)
    return list(fresh.values())


def _have_cases(facts: Sequence[Fact], by: Actor) -> None:
    """Nobody is, or is confirmed as, a contact of a case that nobody else reported (D115); a confirmation names an
    exposure there is (D116)."""
    cases = {fact.case for fact in facts if isinstance(fact, Exposure) and fact.how is not How.TOLD}
    confirmed = [fact for fact in facts if isinstance(fact, Confirmed)]
    known = facts_named(fact.exposure for fact in confirmed)
    for fact in confirmed:
        exposure = known.get(fact.exposure)
        if exposure is None or exposure.subject != fact.subject or not isinstance(exposure, Exposure):
            raise DeskError("D116", exposure=fact.exposure)
        if exposure.how is not How.TOLD:
            cases.add(exposure.case)
    for case in sorted(cases):
        notices = FactRow.objects.filter(subject=case, kind="case_notice", line__isnull=False)
        if not notices.exclude(act__actor=by.id).exists():
            raise DeskError("D115", case=case)


def _act(
    facts: Sequence[Fact], *, by: Actor, purpose: Purpose, key: str, now: Instant, name: str, content: str
) -> tuple[Act, list[FactRow]]:
    salts = token(SALT * (len(facts) + 1))
    salt = salts[:SALT]
    act = Act(
        key=key, name=name, actor=by.id, unit=by.unit, purpose=str(purpose), recorded_at=now, facts=len(facts), content=content,
        salt=salt,
    )  # fmt: skip
    rows = [row_of(fact, act, salts[SALT * (at + 1) : SALT * (at + 2)]) for at, fact in enumerate(facts)]
    act.root = facts_root([bytes(row.commitment) for row in rows])
    act.leaf = leaf_of_act(salt, header_of(act))
    return act, rows


def header_of(act: Act) -> ActHeader:
    """What the ledger's leaf of an act commits to."""
    return ActHeader(
        name=act.name, actor=act.actor, unit=act.unit, purpose=act.purpose, key=act.key, content=act.content,
        recorded_at=Instant(act.recorded_at), facts=act.facts, root=bytes(act.root),
    )  # fmt: skip


def _mark(subjects: Sequence[str], areas: Mapping[str, str], act: int) -> None:
    for some in chunks(subjects, KNOWN):
        rows = SubjectRow.objects.filter(subject__in=some)
        rows.update(version=F("version") + 1, stale_since=act)
        for subject, area in rows.values_list("subject", "area"):
            if area != areas[subject]:
                SubjectRow.objects.filter(subject=subject).update(area=areas[subject])


def _dependents(subjects: Sequence[str]) -> list[str]:
    """Secondary contacts through these people: what is recorded of a close contact changes what follows for them."""
    found: set[str] = set()
    for some in chunks(subjects, KNOWN):
        found |= set(Upstream.objects.filter(via__in=some).values_list("subject", flat=True))
    found -= set(subjects)
    for some in chunks(sorted(found), KNOWN):
        SubjectRow.objects.filter(subject__in=some, stale_since__isnull=True).update(stale_since=0)
    return sorted(found)


def _conclude(subjects: Sequence[str], by: Actor, now: Instant, act: int) -> None:
    concluding.refresh(subjects[: concluding.INLINE], now)
    if len(subjects) > concluding.INLINE:
        jobs.ask("conclude", key=f"conclude-{act}", given={}, by=by.id, now=now)


__all__ = [
    "Actor",
    "Purpose",
    "Receipt",
    "Role",
    "make",
    "record",
    "record_approved",
    "record_setup",
    "record_words",
    "setup_root",
]
