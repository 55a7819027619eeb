"""Very many facts as one act, without holding the database for the time it takes to write them down one by one.

The facts are sealed first, in short chunks that nobody sees: each as the row it will be, with its salt and commitment. Then one
short transaction makes all of them visible at once: the act, its leaf, and every row by one statement. Only facts that burden
nobody may come this way; whatever makes somebody a contact or a case goes through `acts.record` or `proposals`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import connection, models, transaction

from sizao.desk.clock import token
from sizao.desk.ledger.pending import enqueue
from sizao.desk.store import jobs
from sizao.desk.store.acts import SALT, Receipt, header_of
from sizao.desk.store.book import deployment
from sizao.desk.store.models import SUBJECT, Act, SubjectRow
from sizao.desk.store.rights import Actor, Purpose, burdens, may_record, reaches
from sizao.desk.store.rows import kind_of, row_of
from sizao.errors import DeskError
from sizao.facts.kinds import Fact
from sizao.ledger.commitments import facts_root, leaf_of_act
from sizao.when import Instant

APART = frozenset({"registered", "area_rated"})
"""Kinds that say whose rules govern somebody, or whom: few at a time, and by `acts.record`."""

COLUMNS = ("fact_id", "subject", "kind", "at", "recorded_at", "data_class", "digest", "line", "salt", "commitment")
"""What a sealed fact and its row have in common."""


class Sealed(models.Model):
    """A fact as the row it will be. An app that takes in very many has a table of its own with these columns."""

    batch = models.CharField(max_length=64)
    number = models.IntegerField()
    fact_id = models.CharField(max_length=80)
    subject = models.CharField(max_length=SUBJECT)
    subject_kind = models.CharField(max_length=12)
    kind = models.CharField(max_length=24)
    at = models.BigIntegerField()
    recorded_at = models.BigIntegerField()
    data_class = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    line = models.TextField()
    salt = models.BinaryField(max_length=32)
    commitment = models.BinaryField(max_length=32)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "number"], name="%(class)s_number"),
            models.UniqueConstraint(fields=["batch", "fact_id"], name="%(class)s_fact"),
        ]


def seal(table: type[Sealed], batch: str, first: int, facts: Sequence[Fact]) -> None:
    """Seal some facts of a batch, numbered from `first`; a number sealed before is sealed anew. No fact may come twice.

    Refuses what burdens somebody or says whose rules govern (D118).
    """
    for fact in facts:
        if burdens(fact) or fact.kind in APART:
            raise DeskError("D118", kind=f"fact.{fact.kind}")
    rows = [_row(table, batch, number, fact) for number, fact in enumerate(facts, start=first)]
    with transaction.atomic():
        _of(table, batch).filter(number__gte=first, number__lt=first + len(rows)).delete()
        table._default_manager.bulk_create(rows, batch_size=400)


def _of(table: type[Sealed], batch: str) -> models.QuerySet[Sealed]:
    return table._default_manager.filter(batch=batch)


def _row(table: type[Sealed], batch: str, number: int, fact: Fact) -> Sealed:
    row = row_of(fact, Act(), token(SALT))
    told = {name: getattr(row, name) for name in COLUMNS}
    return table(batch=batch, number=number, subject_kind=kind_of(fact.subject), **told)


def record_sealed(
    table: type[Sealed], batch: str, *, by: Actor, purpose: Purpose, key: str, now: Instant, name: str
) -> Receipt:
    """Make all that was sealed of a batch one act. Facts must have been entered at `now` (D110); those that are stored already
    are not stored again. Refuses as `acts.record` does: kind and purpose (D120), area (D121), an id with two contents (D111), a
    key that was used for something else (D112). Nobody is concluded here: a job does, and readers conclude what they show.
    """
    with transaction.atomic():
        content, total = _content(table, batch)
        earlier = Act.objects.filter(key=key).first()
        if earlier is not None:
            if earlier.content != content and total:
                raise DeskError("D112")
            return _receipt(earlier, total, repeated=True)
        _may(table, batch, by, purpose, now)
        _lock(table, batch)
        _drop_known(table, batch)
        act = _act(table, batch, by=by, purpose=purpose, key=key, now=now, name=name, content=content)
        _show(table, batch, act)
        _of(table, batch).delete()
        jobs.ask("conclude", key=f"conclude-{act.seq}", given={}, by=by.id, now=now)
    return _receipt(act, total)


def _receipt(act: Act, total: int, *, repeated: bool = False) -> Receipt:
    known = max(0, total - act.facts)
    return Receipt(
        act=act.seq, leaf=bytes(act.leaf), recorded_at=Instant(act.recorded_at), stored=act.facts, known=known, subjects=(),
        repeated=repeated,
    )  # fmt: skip


def _content(table: type[Sealed], batch: str) -> tuple[str, int]:
    """As `acts.content_of`: over the contents of all the facts, known ones too; and how many there are."""
    digests = list(_of(table, batch).order_by("digest").values_list("digest", flat=True))
    return hashlib.sha256("".join(digests).encode()).hexdigest(), len(digests)


def _may(table: type[Sealed], batch: str, by: Actor, purpose: Purpose, now: Instant) -> None:
    rows = _of(table, batch)
    other = rows.exclude(recorded_at=now).values_list("kind", flat=True).first()
    if other is not None:
        raise DeskError("D110", kind=f"fact.{other}")
    for kind in sorted(rows.order_by().values_list("kind", flat=True).distinct()):
        if not may_record(by, purpose, kind):
            raise DeskError("D120", kind=f"fact.{kind}", purpose=f"purpose.{purpose}")
    asked = (
        "SELECT DISTINCT coalesce(s.area, %s) FROM {table} r "
        "LEFT JOIN desk_store_subjectrow s ON s.subject = r.subject WHERE r.batch = %s"
    )
    for (area,) in _ask(table, asked, deployment().area, batch):
        if not reaches(by, area):
            raise DeskError("D121", area=area)


def _lock(table: type[Sealed], batch: str) -> None:
    """The subjects' rows, made where there are none, and held in order, as every act holds them."""
    _ask(
        table,
        "INSERT INTO desk_store_subjectrow (subject, kind, area, version) "
        "SELECT DISTINCT subject, subject_kind, %s, 0 FROM {table} WHERE batch = %s ON CONFLICT (subject) DO NOTHING",
        deployment().area, batch,
    )  # fmt: skip
    if connection.features.has_select_for_update:
        named = _of(table, batch).order_by().values("subject")
        list(SubjectRow.objects.select_for_update().filter(subject__in=named).order_by("subject").values_list("pk"))


def _drop_known(table: type[Sealed], batch: str) -> None:
    """Facts that are stored already are no part of this act."""
    met = "FROM desk_store_factrow f JOIN {table} r ON r.fact_id = f.fact_id WHERE r.batch = %s"
    other = _ask(table, f"SELECT f.fact_id {met} AND f.digest <> r.digest", batch)
    if other:
        raise DeskError("D111", id=other[0][0])
    _ask(table, f"DELETE FROM {{table}} WHERE batch = %s AND fact_id IN (SELECT f.fact_id {met})", batch, batch)  # noqa: S608


def _act(
    table: type[Sealed], batch: str, *, by: Actor, purpose: Purpose, key: str, now: Instant, name: str, content: str
) -> Act:
    commitments = list(_of(table, batch).order_by("number").values_list("commitment", flat=True))
    salt = token(SALT)
    act = Act(
        key=key, name=name, actor=by.id, unit=by.unit, purpose=str(purpose), recorded_at=now, facts=len(commitments),
        content=content, salt=salt, root=facts_root([bytes(each) for each in commitments]),
    )  # fmt: skip
    act.leaf = leaf_of_act(salt, header_of(act))
    act.save(force_insert=True)
    enqueue(act.seq, bytes(act.leaf))
    return act


def _show(table: type[Sealed], batch: str, act: Act) -> None:
    """Every row at once, and the marks of what is behind: the subjects, and the secondary contacts through them."""
    _ask(
        table,
        f"INSERT INTO desk_store_factrow ({', '.join(COLUMNS)}, act_id) "  # noqa: S608 - all of it is ours
        f"SELECT {', '.join(COLUMNS)}, %s FROM {{table}} WHERE batch = %s ORDER BY number",
        act.seq, batch,
    )  # fmt: skip
    touched = "(SELECT subject FROM {table} WHERE batch = %s)"
    _ask(
        table,
        f"UPDATE desk_store_subjectrow SET version = version + 1, stale_since = %s WHERE subject IN {touched}",  # noqa: S608
        act.seq, batch,
    )  # fmt: skip
    _ask(
        table,
        "UPDATE desk_store_subjectrow SET stale_since = 0 WHERE stale_since IS NULL AND subject IN "  # noqa: S608 - as above
        f"(SELECT u.subject FROM desk_store_upstream u WHERE u.via IN {touched})",
        batch,
    )


def _ask(table: type[Sealed], text: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows a statement over the table gives; none where it gives none."""
    with connection.cursor() as cursor:
        cursor.execute(text.replace("{table}", table._meta.db_table), values)
        return list(cursor.fetchall()) if cursor.description else []


__all__ = ["Sealed", "record_sealed", "seal"]
