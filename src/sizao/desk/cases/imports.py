"""A file's way in: looked at, read row by row, stored by one act, taken back by another. Each state allows the next and no
other.

uploaded → reading → read → storing → stored → undoing → undone
              ↘ refused       ↘ waiting (two approvers) ↗
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import transaction

from sizao.desk.cases import reading, uploads
from sizao.desk.cases.models import Import, SavedMapping, StagedRow
from sizao.desk.cases.tracing import plain_error
from sizao.desk.store import jobs, proposals
from sizao.desk.store.models import Act, Job, Proposal
from sizao.desk.store.rights import Actor, Purpose, may_record
from sizao.errors import DeskError, SizaoError
from sizao.when import Instant

JOB = "import"


class State(StrEnum):
    """Where a file is on its way."""

    UPLOADED = "uploaded"
    READING = "reading"
    READ = "read"
    STORING = "storing"
    WAITING = "waiting"
    STORED = "stored"
    REFUSED = "refused"
    DISCARDED = "discarded"
    UNDOING = "undoing"
    UNDONE = "undone"


class Outcome(StrEnum):
    """What became of a row: refused, or a fact that is new, or one that was on record already."""

    NEW = "new"
    KNOWN = "known"
    REFUSED = "refused"


AT_WORK = (State.READING, State.STORING, State.UNDOING)
DONE_WITH = (State.STORED, State.REFUSED, State.DISCARDED, State.UNDONE)

PURPOSES = (Purpose.CARE, Purpose.TESTING, Purpose.TRACING, Purpose.FOLLOW_UP, Purpose.COMMAND)
"""In this order: a hospital or the CDC records as such, whatever else it may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a person says about a file before it is read."""

    mapping: str
    source: str
    basis: str
    columns: Mapping[str, str] = field(default_factory=dict)
    formats: Sequence[str] = ()
    defaults: Mapping[str, str] = field(default_factory=dict)
    reading: Mapping[str, Any] = field(default_factory=dict)
    keep_until: Instant | None = None
    declared_rows: int | None = None
    declared_sha256: str = ""


def upload(name: str, parts: Iterable[bytes], *, source: str, by: Actor, token: str, key: str, now: Instant) -> Import:
    """Keep a file and look at it. The same key is the same upload. Refuses what `uploads.keep` refuses; what cannot be
    read is kept as refused, with its reason."""
    known = Import.objects.filter(key=key).first()
    if known is not None:
        return known
    kept = uploads.keep(name, parts, token=token)
    one = Import(
        key=key, by=by.id, unit=by.unit, purpose="", created_at=now, state=State.UPLOADED, file=name[:200], path=str(kept.path),
        size=kept.size, sha256=kept.sha256, source=source, basis="",
    )  # fmt: skip
    _look(one)
    one.save(force_insert=True)
    return one


def _look(one: Import) -> None:
    try:
        one.look = dict(uploads.look_at(one))
        one.header = uploads.header_of(one.look["columns"])
        one.state, one.fault = State.UPLOADED, None
    except SizaoError as refused:
        one.look, one.fault = {}, plain_error(refused)


def of_unit(actor: Actor, pk: int) -> Import:
    """An import of the actor's own unit; refuses any other (K133)."""
    found = Import.objects.filter(pk=pk, unit=actor.unit).first()
    if found is None:
        raise DeskError("K133", number=pk)
    return found


def look_again(one: Import, how: Mapping[str, Any]) -> None:
    """Look at the file once more, read in another way (another sheet, encoding, header row)."""
    _allowed(one, State.UPLOADED, State.READ)
    one.reading = dict(how)
    _look(one)
    one.save()


def begin_reading(one: Import, said: Said, *, by: Actor, now: Instant) -> Job:
    """Have the file read as was said, anew where it was read before. What was said is remembered for its source and header."""
    _allowed(one, State.UPLOADED, State.READ, State.REFUSED)
    uploads.path_of(one)
    with transaction.atomic():
        StagedRow.objects.filter(of=one).delete()
        for name in ("mapping", "source", "basis", "keep_until", "declared_rows", "declared_sha256"):
            setattr(one, name, getattr(said, name))
        one.columns, one.formats, one.defaults = dict(said.columns), list(said.formats), dict(said.defaults)
        one.reading, one.by = dict(said.reading), by.id
        one.state, one.fault, one.rows, one.taken, one.refused = State.READING, None, 0, 0, 0
        one.told, one.known, one.repeated, one.burdens = 0, 0, 0, 0
        one.save()
        _remember(one, by, now)
        return _ask(one, State.READING, by, now)


def _remember(one: Import, by: Actor, now: Instant) -> None:
    told = {
        "mapping": one.mapping, "columns": one.columns, "formats": one.formats, "defaults": one.defaults, "basis": one.basis,
        "by": by.id, "at": now,
    }  # fmt: skip
    SavedMapping.objects.update_or_create(source=one.source, header=one.header, defaults=told)


def begin_storing(one: Import, *, by: Actor, now: Instant) -> Job:
    """Have what was read stored, as this actor's act. Refuses while it is not read (K134), when nothing in it is new
    (K135), and what the actor may not record (D120)."""
    _allowed(one, State.READ)
    if not one.told - one.known:
        raise DeskError("K135")
    with transaction.atomic():
        one.purpose = str(purpose_of(by, kinds_of(one)))
        one.state, one.by, one.sealed_at = State.STORING, by.id, None
        one.save()
        return _ask(one, State.STORING, by, now)


def kinds_of(one: Import) -> frozenset[str]:
    """The kinds of fact that storing it would record; stays go on record as a report of their batch."""
    if one.of_stays:
        return frozenset({"reported", "stay"})
    lines = StagedRow.objects.filter(of=one).exclude(kind="").values_list("kind", flat=True)
    return frozenset(lines.order_by().distinct())


def purpose_of(actor: Actor, kinds: Iterable[str]) -> Purpose:
    """The purpose for which this actor may record all these kinds; refuses where there is none (D120)."""
    wanted = sorted(kinds)
    for purpose in PURPOSES:
        if all(may_record(actor, purpose, kind) for kind in wanted):
            return purpose
    never = [kind for kind in wanted if not any(may_record(actor, purpose, kind) for purpose in PURPOSES)]
    raise DeskError("D120", kind=f"fact.{(never or wanted)[0]}", purpose=f"purpose.{Purpose.TRACING}")


def discard(one: Import) -> None:
    """Nothing of it is wanted: the rows and the file go."""
    _allowed(one, State.UPLOADED, State.READ, State.REFUSED)
    finish(one, State.DISCARDED)


def begin_undoing(one: Import, *, by: Actor, why: str, now: Instant) -> Job:
    """Have all of it taken back by corrections, as this actor's act, with a reason."""
    _allowed(one, State.STORED)
    purpose_of(by, ("correction",))
    with transaction.atomic():
        one.state, one.undone_by, one.undone_why = State.UNDOING, by.id, why
        one.save()
        return _ask(one, State.UNDOING, by, now)


def finish(one: Import, state: State) -> None:
    """The way ends here: the rows that were taken are facts by now, or are not wanted, and the file is not kept. What was
    refused stays on view, so that its sender can be told."""
    path = one.path
    with transaction.atomic():
        StagedRow.objects.filter(of=one).exclude(outcome=Outcome.REFUSED).delete()
        one.state, one.path, one.look = state, "", {}
        one.save()
    # Only once the act stands: a crash before that must find the file.
    transaction.on_commit(lambda: uploads.remove(path))
    reading.forget(one)


def settle_proposal(one: Import) -> None:
    """What the approvers came to: stored under their act, or nothing of it."""
    if one.state != State.WAITING:
        return
    held = Proposal.objects.filter(pk=one.proposal or 0).get()
    if held.settled_at is None:
        return
    if held.outcome == proposals.APPROVED:
        one.act, one.ended_at = Act.objects.get(key=f"proposal-{held.pk}").seq, held.settled_at
        finish(one, State.STORED)
    else:
        finish(one, State.DISCARDED)


def job_of(one: Import) -> Job | None:
    """The job that was begun last for a file."""
    return Job.objects.filter(key__startswith=f"import-{one.pk}-").order_by("-pk").first()


def after_failure(one: Import) -> None:
    """Where the job gave up, the file is back where it was before, with the reason."""
    job = job_of(one) if one.state in AT_WORK else None
    if job is None or job.outcome != jobs.FAILED:
        return
    back = {State.READING: State.REFUSED, State.STORING: State.READ, State.UNDOING: State.STORED}
    one.state, one.fault = back[State(one.state)], dict(job.says)
    one.save()


def _allowed(one: Import, *states: State) -> None:
    if one.state not in states:
        raise DeskError("K134", state=f"cases.import.{one.state}")


def _ask(one: Import, state: State, by: Actor, now: Instant) -> Job:
    """Each begun step is a job of its own; beginning the same step anew, after a change, is another."""
    begun = Job.objects.filter(key__startswith=f"import-{one.pk}-").count()
    return jobs.ask(JOB, key=f"import-{one.pk}-{begun}", given={"of": one.pk, "state": str(state)}, by=by.id, now=now)
