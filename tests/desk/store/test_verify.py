"""TR-20: whoever changes, deletes or reorders anything behind the program's back is found, and what he changed is
named."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from sizao.desk.ledger import guards as log_guards
from sizao.desk.ledger import sequencer
from sizao.desk.ledger.models import Checkpoint, Leaf, Node
from sizao.desk.store import guards, verifying
from sizao.desk.store.models import Act, DutyRow, FactRow, SubjectRow, TimelineRow, Upstream
from sizao.desk.store.rights import Actor, Purpose
from sizao.when import HOUR_S, Instant
from tests.desk.conftest import NOW
from tests.desk.store.facts_told import exposure, negative, notice, registered, tell

pytestmark = pytest.mark.django_db

Cast = dict[str, Actor]


@pytest.fixture
def county(cast: Cast, now: Instant) -> None:
    """A dozen acts about a handful of people, in the log and signed; the guards are taken down as a superuser would."""
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    for number in range(4):
        tell(registered(f"person:{number}"), by=cast["clerk"], purpose=Purpose.COUNTER)
    tell(
        exposure("person:0", by=cast["tracer"]),
        exposure("person:1", by=cast["tracer"]),
        by=cast["tracer"],
        purpose=Purpose.TRACING,
    )
    sequencer.integrate(NOW)
    sequencer.checkpoint(NOW)
    for number in range(4):
        sample = negative(f"person:{number}", by=cast["lab"], sample=f"s{number}", at=Instant(NOW - HOUR_S))
        tell(sample, by=cast["lab"], purpose=Purpose.TESTING)
    sequencer.integrate(NOW)
    sequencer.checkpoint(Instant(NOW + 60))
    with connection.cursor() as cursor:
        for statement in (*guards.drop(connection.vendor), *log_guards.drop(connection.vendor)):
            cursor.execute(statement)


def found(witnessed: str | None = None) -> dict[str, str]:
    """The codes of a verification, each with its place."""
    return {
        problem.code: str(problem.where.key)
        for problem in verifying.verify(lambda _d, _t: None, witnessed=witnessed).problems
    }


@pytest.mark.usefixtures("county")
def test_what_nobody_touched_is_whole() -> None:
    result = verifying.verify(lambda _d, _t: None)
    assert result.problems == ()
    assert (result.acts, result.facts, result.leaves, result.checkpoints, result.subjects) == (10, 11, 10, 2, 5)
    assert (result.behind, result.waiting) == (0, 0)


def fact(subject: str, kind: str) -> FactRow:
    return FactRow.objects.get(subject=subject, kind=kind)


def edit(model: type, pk: object, **values: object) -> None:
    assert model.objects.filter(pk=pk).update(**values) == 1  # type: ignore[attr-defined]  # every one is a model


def act(number: int = 2) -> int:
    """The number of the so-manyeth act; PostgreSQL goes on counting from one test to the next."""
    seq: int = Act.objects.order_by("seq").values_list("seq", flat=True)[number - 1]
    return seq


def swap_acts() -> None:
    one, other = FactRow.objects.filter(subject__in=("person:0", "person:1"), kind="exposure").order_by("seq")
    edit(FactRow, one.pk, seq=0)
    edit(FactRow, other.pk, seq=one.seq)
    edit(FactRow, 0, seq=other.seq)


def swap_leaves() -> None:
    one, other = Leaf.objects.get(pk=2), Leaf.objects.get(pk=3)
    acts = (one.act, other.act)
    edit(Leaf, 2, act=-1)
    edit(Leaf, 3, act=acts[0], leaf=one.leaf)
    edit(Leaf, 2, act=acts[1], leaf=other.leaf)


def delete(model: type, **chosen: object) -> None:
    rows = model.objects.filter(**chosen)  # type: ignore[attr-defined]  # every one is a model
    assert rows._raw_delete(rows.db) > 0


def delete_act() -> None:
    seq = act()
    delete(FactRow, act_id=seq)
    delete(Act, seq=seq)


CHANGES: dict[str, tuple[Callable[[], object], str]] = {
    "the text of a fact": (lambda: edit(FactRow, fact("person:0", "test").pk, line="{}"), "U101"),
    "the salt of a fact": (lambda: edit(FactRow, fact("person:0", "test").pk, salt=b"0" * 32), "U101"),
    "whom a fact is about": (lambda: edit(FactRow, fact("person:0", "test").pk, subject="person:3"), "U102"),
    "when a fact was recorded": (lambda: edit(FactRow, fact("person:0", "test").pk, recorded_at=NOW - 9), "U102"),
    "the data class of a fact": (lambda: edit(FactRow, fact("person:0", "test").pk, data_class="public"), "U102"),
    "the digest of a fact": (lambda: edit(FactRow, fact("person:0", "test").pk, digest="0" * 64), "U102"),
    "a fact deleted": (lambda: delete(FactRow, subject="person:0", kind="test"), "U103"),
    "a fact moved to another act": (lambda: edit(FactRow, fact("person:0", "test").pk, act_id=act(1)), "U103"),
    "two facts exchanged": (swap_acts, "U104"),
    "who acted": (lambda: edit(Act, act(), actor="user:99"), "U105"),
    "for which purpose": (lambda: edit(Act, act(), purpose="audit"), "U105"),
    "when it was done": (lambda: edit(Act, act(), recorded_at=NOW - 9), "U105"),
    "of which unit": (lambda: edit(Act, act(), unit="other"), "U105"),
    "the key of an act": (lambda: edit(Act, act(), key="other"), "U105"),
    "what an act said it held": (lambda: edit(Act, act(), content="0" * 64), "U105"),
    "how an act is called": (lambda: edit(Act, act(), name="other"), "U105"),
    "an act deleted": (delete_act, "U107"),
    "an act without its facts": (lambda: delete(Act, seq=act()), "U114"),
    "a leaf deleted": (lambda: delete(Leaf, index=9), "U106"),
    "a leaf deleted in the middle": (lambda: delete(Leaf, index=4), "U109"),
    "a leaf changed": (lambda: edit(Leaf, 4, leaf=b"0" * 32), "U108"),
    "two leaves exchanged": (swap_leaves, "U112"),
    "a subtree changed": (lambda: edit(Node, Node.objects.get(level=2, index=0).pk, hash=b"0" * 32), "U112"),
    "a root changed": (lambda: edit(Checkpoint, 6, root=b"0" * 32), "U110"),
    "the hour of a checkpoint": (lambda: edit(Checkpoint, 6, at=NOW - 9), "U111"),
    "a checkpoint's note": (lambda: edit(Checkpoint, 6, note=Checkpoint.objects.get(pk=10).note), "U111"),
    "a fact erased on nobody's order": (
        lambda: edit(FactRow, fact("person:0", "test").pk, line=None, salt=None),
        "U115",
    ),
    "a colour": (lambda: edit(TimelineRow, "person:2", standing="red", standing_until=NOW + 9, cause="x"), "U120"),
    "a colour taken away": (lambda: edit(TimelineRow, "person:0", standing="green"), "U120"),
    "a timeline": (lambda: edit(TimelineRow, "person:0", body="[]"), "U120"),
    "a next hour": (lambda: edit(TimelineRow, "person:0", next_due_at=None), "U120"),
    "a timeline deleted": (lambda: delete(TimelineRow, subject="person:0"), "U121"),
    "a timeline of nobody": (
        lambda: TimelineRow.objects.create(
            subject="person:9",
            kind="person",
            area="999901",
            version=1,
            known_at=0,
            rules="",
            code="",
            digest="",
            body="",
            read_at=0,
        ),
        "U122",
    ),
    "a duty taken away": (lambda: delete(DutyRow, subject="person:0", number=0), "U123"),
    "a duty met": (lambda: edit(DutyRow, DutyRow.objects.filter(subject="person:0")[0].pk, met_at=NOW), "U123"),
    "another version of the rules": (lambda: edit(TimelineRow, "person:0", rules="0" * 64), "U124"),
    "whose rules govern": (lambda: edit(SubjectRow, "person:0", area="999902"), "U125"),
    "how often somebody changed": (lambda: edit(SubjectRow, "person:0", version=9), "U125"),
    "a link": (lambda: Upstream.objects.create(subject="person:2", via="person:0"), "U126"),
    "a subject deleted": (lambda: delete(SubjectRow, subject="person:0"), "U127"),
}


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize("what", CHANGES)
def test_tr_20_a_change_behind_the_program_is_found_and_named(what: str) -> None:
    change, code = CHANGES[what]
    connection.check_constraints()
    with transaction.atomic():
        if connection.vendor == "sqlite":
            connection.cursor().execute("PRAGMA defer_foreign_keys = ON")
        change()
        assert code in found(), f"{what}: {found()}"
        transaction.set_rollback(True)


@pytest.mark.usefixtures("county")
def test_tr_20_whoever_rewrites_the_whole_log_is_found_by_the_signature() -> None:
    """He changes an act with its leaf and every hash above it, and writes the root into the checkpoint: but he has
    not the key."""
    from sizao.desk.store.acts import header_of
    from sizao.ledger.commitments import leaf_of_act
    from sizao.ledger.tree import Frontier, leaf_hash

    held = Act.objects.get(pk=act())
    held.actor = "user:99"
    leaf = leaf_of_act(bytes(held.salt), header_of(held))
    edit(Act, held.pk, actor="user:99", leaf=leaf)
    edit(Leaf, Leaf.objects.get(act=held.pk).pk, leaf=leaf)
    leaves = [leaf_hash(bytes(row.leaf)) for row in Leaf.objects.order_by("index")]
    for level, index, value in Frontier().appended(leaves)[1]:
        Node.objects.filter(level=level, index=index).update(hash=value)
    assert set(found()) == {"U110"}
    for size in (6, 10):
        edit(Checkpoint, size, root=Frontier().appended(leaves[:size])[0].root())
    assert set(found()) == {"U111"}


@pytest.mark.usefixtures("county")
def test_tr_20_an_end_cut_off_is_found_by_a_checkpoint_kept_outside() -> None:
    kept = Checkpoint.objects.get(pk=10).note
    assert found(kept) == {}
    last = Leaf.objects.get(pk=9)
    delete(FactRow, act_id=last.act)
    delete(Act, seq=last.act)
    delete(Leaf, index=9)
    delete(Node, level=1, index=4)
    delete(Checkpoint, size=10)
    assert "U117" in found(kept)


@pytest.mark.usefixtures("county")
def test_a_row_that_waits_to_be_drawn_again_is_compared_with_what_it_was_drawn_from(cast: Cast) -> None:
    tell(
        negative("person:0", by=cast["lab"], sample="later", at=Instant(NOW - 60)),
        by=cast["lab"],
        purpose=Purpose.TESTING,
    )
    drawn = TimelineRow.objects.get(pk="person:0")
    later = negative("person:0", by=cast["lab"], sample="latest", at=Instant(NOW - 30))
    tell(later, by=cast["lab"], purpose=Purpose.TESTING)
    for name in ("version", "known_at", "digest", "body"):
        edit(TimelineRow, "person:0", **{name: getattr(drawn, name)})
    edit(SubjectRow, "person:0", stale_since=11)
    assert found() == {}
    edit(TimelineRow, "person:0", standing="green")
    assert set(found()) == {"U120"}
