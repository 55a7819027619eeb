"""What the job of an import does, in steps that may each be done twice: a process that is killed leaves all or nothing
visible, and the next one goes on where it was.

Reading writes the rows down, so many a step, where nobody but this desk sees them. Storing makes them facts by one act:
few at once and concluded at once, very many sealed first (see `store.sealed`), and where more people would be burdened
than one may, by a proposal. Stays go to the stay store as one batch, which is there whole or not at all, and on record as
the report of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction

from sizao.desk.cases import imports
from sizao.desk.cases.actors import actor_of
from sizao.desk.cases.imports import Outcome, State
from sizao.desk.cases.matching import stays_folder
from sizao.desk.cases.models import Import, SealedRow, StagedRow
from sizao.desk.cases.reading import Read, Told, batch_of, entered, late_refusals, read
from sizao.desk.cases.retracing import all_cases, ask_to_retrace, cases_of_act
from sizao.desk.cases.tracing import plain_error
from sizao.desk.store import acts, proposals
from sizao.desk.store.acts import Receipt
from sizao.desk.store.book import deployment, guard
from sizao.desk.store.jobs import Progress
from sizao.desk.store.models import FactRow
from sizao.desk.store.rights import Actor, Purpose, burdens
from sizao.desk.store.rows import digests_of
from sizao.desk.store.sealed import record_sealed, seal
from sizao.errors import SizaoError
from sizao.facts.intake.mapping import Refusal
from sizao.facts.kinds import Correction, DataClass, Fact, Reported
from sizao.facts.record import fact_from_json, line_and_digest
from sizao.tracing.taking import add_stays, known_stays, withdraw_stays
from sizao.when import Instant

CHUNK = 1000
"""Rows written down in one step."""
AT_ONCE = 2000
"""So many facts one act records and concludes by itself; more are sealed first."""
SEALED_S = 600
"""Facts sealed longer ago are sealed anew: they carry the moment at which they are entered."""

STORED, WITHDRAWN = "stays-stored", "stays-withdrawn"
"""What is reported of a batch of stays."""


def step(given: Mapping[str, Any], checkpoint: Mapping[str, Any], now: Instant) -> Progress:
    """One step of an import's job."""
    one = Import.objects.get(pk=given["of"])
    if one.state != given["state"]:
        return Progress(checkpoint, one.told, one.told, more=False)  # done before, or no longer wanted
    return _STEPS[State(one.state)](one, checkpoint, now)


# --- reading ----------------------------------------------------------------------------------------------------------


def _read_step(one: Import, checkpoint: Mapping[str, Any], _now: Instant) -> Progress:
    try:
        found = read(one)
    except SizaoError as refused:
        return _refused_whole(one, refused)
    rows, at = _count(found), int(checkpoint.get("at", 0))
    some = list(_rows(one, found, at, at + CHUNK))
    StagedRow.objects.bulk_create(some, ignore_conflicts=True, batch_size=400)
    at += CHUNK
    if at < rows:
        return Progress({"at": at}, at, rows, more=True)
    _finish_reading(one, found)
    return Progress({"at": rows}, rows, rows, more=False)


def _refused_whole(one: Import, error: SizaoError) -> Progress:
    one.state, one.fault = State.REFUSED, plain_error(error) | {"where": _where(error)}
    one.save()
    return Progress({}, 0, 0, more=False)


def _where(error: SizaoError) -> dict[str, Any]:
    place = error.where
    named = {"file": place.file, "line": place.line, "row": place.row, "column": place.column, "key": place.key}
    return {name: value for name, value in named.items() if value is not None}


def _count(found: Read) -> int:
    return len(found.told) + len(found.refusals)


def _rows(one: Import, found: Read, first: int, until: int) -> Iterator[StagedRow]:
    """The rows numbered from `first`: facts in the order of the file, then what was refused."""
    told = found.told[first:until]
    known = digests_of(each.fact.id for each in told)
    for number, each in enumerate(told, start=first):
        yield _taken(one, number, each, known=each.fact.id in known)
    facts = len(found.told)
    for number in range(max(first, facts), min(until, _count(found))):
        yield _refused(one, number, found.refusals[number - facts])


def _taken(one: Import, number: int, each: Told, *, known: bool) -> StagedRow:
    fact, outcome = each.fact, Outcome.KNOWN if known else Outcome.NEW
    return StagedRow(
        of=one, number=number, row=each.row, outcome=outcome, fact_id=fact.id, subject=fact.subject, kind=fact.kind,
        line=line_and_digest(fact)[0],
    )  # fmt: skip


def _refused(one: Import, number: int, refusal: Refusal) -> StagedRow:
    return StagedRow(
        of=one, number=number, row=refusal.row, outcome=Outcome.REFUSED, column=refusal.column[:120], value=refusal.value[:200],
        problem=plain_error(refusal.error),
    )  # fmt: skip


def _finish_reading(one: Import, found: Read) -> None:
    """The sums: every row of the file is taken or refused."""
    imported, staged = found.imported, StagedRow.objects.filter(of=one)
    one.rows, one.taken, one.refused, one.repeated = imported.rows, found.taken, len(found.refusals), imported.joined
    one.notes, one.of_stays, one.mapping = dict(imported.notes), imported.stays is not None, imported.mapping
    if imported.stays is not None:
        one.told = len(imported.stays) - found.refused_stays
        one.known = int(known_stays(stays_folder(deployment().home), imported.stays).sum())
    else:
        one.told, one.known = len(found.told), staged.filter(outcome=Outcome.KNOWN).count()
        new = set(staged.filter(outcome=Outcome.NEW).values_list("fact_id", flat=True))
        one.burdens = len({each.fact.subject for each in found.told if each.fact.id in new and burdens(each.fact)})
    one.state = State.READ
    one.save()


# --- storing ----------------------------------------------------------------------------------------------------------


def _store_step(one: Import, checkpoint: Mapping[str, Any], now: Instant) -> Progress:
    by = actor_of(one.by, now)
    if one.of_stays:
        return _store_stays(one, by, now)
    if one.burdens > guard("safeguard.bulk", deployment().area, now).above_persons:
        return _put_forward(one, by, now)
    if one.burdens or one.told <= AT_ONCE:
        facts = [entered(fact, by.id, now) for fact in _facts(one)]
        with transaction.atomic():
            receipt = acts.record(*facts, **_told(one, by), expect={}, now=now)
            return _stored(one, receipt, by, now)
    at = _sealing_since(one, checkpoint, now)
    if at < one.told:
        some = [entered(fact, by.id, Instant(one.sealed_at or 0)) for fact in _facts(one, at, at + CHUNK)]
        seal(SealedRow, one.key, at, some)
        return Progress({"at": at + CHUNK}, min(at + CHUNK, one.told), one.told, more=True)
    with transaction.atomic():
        receipt = record_sealed(SealedRow, one.key, **_told(one, by), now=Instant(one.sealed_at or 0))
        return _stored(one, receipt, by, now)


def _facts(one: Import, first: int = 0, until: int | None = None) -> list[Fact]:
    """The facts of an import in the order of its rows; those numbered from `first`."""
    rows = StagedRow.objects.filter(of=one, number__gte=first).exclude(outcome=Outcome.REFUSED)
    rows = rows if until is None else rows.filter(number__lt=until)
    return [fact_from_json(line) for line in rows.order_by("number").values_list("line", flat=True)]


def _told(one: Import, by: Actor) -> dict[str, Any]:
    return {"by": by, "purpose": Purpose(one.purpose), "key": f"import-{one.key}", "name": "import"}


def _sealing_since(one: Import, checkpoint: Mapping[str, Any], now: Instant) -> int:
    """Where sealing goes on: from the beginning where it has not begun, or began so long ago that its moment is no longer
    now."""
    if one.sealed_at is not None and now - one.sealed_at <= SEALED_S:
        return int(checkpoint.get("at", 0))
    with transaction.atomic():
        SealedRow.objects.filter(batch=one.key).delete()
        one.sealed_at = now
        one.save(update_fields=["sealed_at"])
    return 0


def _stored(one: Import, receipt: Receipt, by: Actor, now: Instant) -> Progress:
    """The end of storing, in the act's own transaction."""
    if not receipt.repeated:
        one.known = receipt.known
    one.act, one.ended_at = receipt.act, now
    imports.finish(one, State.STORED)
    ask_to_retrace(cases_of_act(receipt.act), why="import", by=by.id, act=receipt.act, now=now)
    return Progress({}, one.told, one.told, more=False)


def _put_forward(one: Import, by: Actor, now: Instant) -> Progress:
    """More people than one may burden: two approvers of different units see whom, and decide."""
    new = set(StagedRow.objects.filter(of=one, outcome=Outcome.NEW).values_list("fact_id", flat=True))
    facts = [entered(fact, by.id, now) for fact in _facts(one) if fact.id in new]
    with transaction.atomic():
        held = proposals.propose(facts, **_told(one, by), now=now)
        one.proposal, one.state = held.pk, State.WAITING
        one.save()
    return Progress({}, one.told, one.told, more=False)


def _store_stays(one: Import, by: Actor, now: Instant) -> Progress:
    """The batch first: it is there whole or not at all, and whoever goes on after a crash finds it. Then the report of it."""
    found, folder = read(one), stays_folder(deployment().home)
    columns = found.imported.stays
    assert columns is not None
    receipt = add_stays(folder, columns, batch_of(one, now))
    extra = [] if receipt is None else late_refusals(columns, receipt.refused)
    known = {refusal.row for refusal in found.refusals}
    extra = [refusal for refusal in extra if refusal.row not in known]
    with transaction.atomic():
        if extra:
            _refuse_late(one, found, extra)
        fact = acts.make(
            Reported, f"import:{one.key}", at=now, actor=by, now=now, data_class=DataClass.CONTROL, source=one.source,
            basis=one.basis, what=STORED, to="stay-store", receipt=f"{one.told} {one.sha256}",
        )  # fmt: skip
        told = acts.record(fact, **_told(one, by), expect={}, now=now)
        one.act, one.ended_at = told.act, now
        imports.finish(one, State.STORED)
        ask_to_retrace(all_cases(), why="stays", by=by.id, act=told.act, now=now)
    return Progress({}, one.told, one.told, more=False)


def _refuse_late(one: Import, found: Read, extra: Sequence[Refusal]) -> None:
    """What only the stays on record contradict is refused as well, and counted as such."""
    first = len(found.told) + len(found.refusals)
    rows = [_refused(one, number, refusal) for number, refusal in enumerate(extra, start=first)]
    StagedRow.objects.bulk_create(rows, ignore_conflicts=True)
    one.taken, one.refused, one.told = one.taken - len(extra), one.refused + len(extra), one.told - len(extra)


# --- taking back ------------------------------------------------------------------------------------------------------


def _undo_step(one: Import, checkpoint: Mapping[str, Any], now: Instant) -> Progress:
    by = actor_of(one.undone_by, now)
    if one.of_stays:
        return _undo_stays(one, by, now)
    rows = _to_undo(one)
    if rows.count() <= AT_ONCE:
        facts = [_taken_back(one, row, by, now) for row in rows.order_by("seq")]
        with transaction.atomic():
            receipt = acts.record(*facts, **_undone(by, one), expect={}, now=now)
            return _end_undoing(one, receipt, by, now)
    return _undo_many(one, checkpoint, by, now)


def _to_undo(one: Import) -> Any:
    """What the import's act put on record and is still there."""
    return FactRow.objects.filter(act=one.act, line__isnull=False)


def _undo_many(one: Import, checkpoint: Mapping[str, Any], by: Actor, now: Instant) -> Progress:
    at, total = _sealing_since(one, checkpoint, now), _to_undo(one).count()
    after = int(checkpoint.get("after", 0)) if at else 0
    if at < total:
        rows = list(_to_undo(one).filter(seq__gt=after).order_by("seq")[:CHUNK])
        seal(SealedRow, one.key, at, [_taken_back(one, row, by, Instant(one.sealed_at or 0)) for row in rows])
        return Progress({"at": at + len(rows), "after": rows[-1].seq}, at + len(rows), total, more=True)
    with transaction.atomic():
        receipt = record_sealed(SealedRow, one.key, **_undone(by, one), now=Instant(one.sealed_at or 0))
        return _end_undoing(one, receipt, by, now)


def _undone(by: Actor, one: Import) -> dict[str, Any]:
    purpose = imports.purpose_of(by, ("correction",))
    return {"by": by, "purpose": purpose, "key": f"undo-import-{one.key}", "name": "undo-import"}


def _taken_back(one: Import, row: FactRow, by: Actor, now: Instant) -> Fact:
    return acts.make(
        Correction, row.subject, at=now, actor=by, now=now, data_class=DataClass(row.data_class), corrects=row.fact_id,
        why=one.undone_why,
    )  # fmt: skip


def _undo_stays(one: Import, by: Actor, now: Instant) -> Progress:
    count = withdraw_stays(stays_folder(deployment().home), batch_of(one, now).batch_id, recorded_at=now)
    fact = acts.make(
        Reported, f"import:{one.key}", at=now, actor=by, now=now, data_class=DataClass.CONTROL, what=WITHDRAWN, to="stay-store",
        receipt=str(count),
    )  # fmt: skip
    purpose = imports.purpose_of(by, ("reported",))
    with transaction.atomic():
        receipt = acts.record(fact, **_undone(by, one) | {"purpose": purpose}, expect={}, now=now)
        return _end_undoing(one, receipt, by, now)


def _end_undoing(one: Import, receipt: Receipt, by: Actor, now: Instant) -> Progress:
    one.undone_act, one.undone_at = receipt.act, now
    imports.finish(one, State.UNDONE)
    cases = all_cases() if one.of_stays else cases_of_act(receipt.act)
    ask_to_retrace(cases, why="undo", by=by.id, act=receipt.act, now=now)
    return Progress({}, one.told, one.told, more=False)


_STEPS: Mapping[State, Callable[[Import, Mapping[str, Any], Instant], Progress]] = {
    State.READING: _read_step, State.STORING: _store_step, State.UNDOING: _undo_step,
}  # fmt: skip
