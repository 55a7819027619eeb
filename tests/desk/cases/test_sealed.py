"""Very many facts as one act leave exactly what the one writer would leave, and come all at once or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from sizao.desk.cases.models import SealedRow
from sizao.desk.ledger.models import Pending
from sizao.desk.store import acts
from sizao.desk.store.acts import header_of
from sizao.desk.store.models import Act, FactRow, Job, SubjectRow
from sizao.desk.store.rights import Actor, Purpose
from sizao.desk.store.rows import facts_of
from sizao.desk.store.sealed import record_sealed, seal
from sizao.errors import DeskError
from sizao.facts.kinds import Fact
from sizao.ledger.commitments import commitment, facts_root, leaf_of_act
from sizao.when import Instant
from tests.desk.conftest import NOW
from tests.desk.store.facts_told import exposure, negative, notice, registered, tell

pytestmark = pytest.mark.django_db

Cast = dict[str, Actor]
BATCH = "batch"


def negatives(count: int, by: Actor, *, now: Instant = NOW) -> list[Fact]:
    return [
        negative(f"person:p{number % 7}", by=by, sample=f"s{number}", at=Instant(NOW - 3600 - number), now=now)
        for number in range(count)
    ]


def sealed(facts: Sequence[Fact], by: Actor, *, key: str = "k", now: Instant = NOW, **more: Any) -> acts.Receipt:
    for first in range(0, len(facts), 10):
        seal(SealedRow, BATCH, first, facts[first : first + 10])
    told = {"purpose": Purpose.TESTING} | more
    return record_sealed(SealedRow, BATCH, by=by, key=key, now=now, name="import", **told)


def left() -> dict[str, Any]:
    """What an act leaves that does not depend on chance."""
    rows = FactRow.objects.order_by("act_id", "fact_id")
    return {
        "facts": list(
            rows.values_list("fact_id", "subject", "kind", "at", "recorded_at", "data_class", "digest", "line")
        ),
        "acts": list(
            Act.objects.order_by("seq").values_list("key", "name", "actor", "unit", "purpose", "facts", "content")
        ),
        "subjects": list(SubjectRow.objects.order_by("subject").values_list("subject", "kind", "area", "version")),
        "leaves": Pending.objects.count(),
    }


def test_it_leaves_what_the_one_writer_would_leave(cast: Cast) -> None:
    facts = negatives(35, cast["lab"])
    with transaction.atomic():
        acts.record(*facts, by=cast["lab"], purpose=Purpose.TESTING, expect={}, key="k", now=NOW, name="import")
        expected = left()
        transaction.set_rollback(True)
    receipt = sealed(facts, cast["lab"])
    assert left() == expected
    assert (receipt.stored, receipt.known, receipt.repeated) == (35, 0, False)
    assert not SealedRow.objects.exists()


def test_its_leaf_commits_to_every_row(cast: Cast) -> None:
    receipt = sealed(negatives(12, cast["lab"]), cast["lab"])
    act, rows = Act.objects.get(pk=receipt.act), FactRow.objects.filter(act=receipt.act).order_by("seq")
    assert all(bytes(row.commitment) == commitment(bytes(row.salt or b""), (row.line or "").encode()) for row in rows)
    assert bytes(act.root) == facts_root([bytes(row.commitment) for row in rows])
    assert (
        bytes(act.leaf) == leaf_of_act(bytes(act.salt), header_of(act)) == bytes(Pending.objects.get(act=act.seq).leaf)
    )


def test_facts_that_were_there_are_no_part_of_it(cast: Cast) -> None:
    facts = negatives(20, cast["lab"])
    tell(*facts[:8], by=cast["lab"], purpose=Purpose.TESTING)
    later = Instant(NOW + 60)
    receipt = sealed(negatives(20, cast["lab"], now=later), cast["lab"], now=later)
    assert (receipt.stored, receipt.known) == (12, 8)
    assert len(facts_of("person:p0")) == 3


def test_everybody_it_touches_is_marked_and_a_job_concludes_them(cast: Cast) -> None:
    receipt = sealed(negatives(7, cast["lab"]), cast["lab"])
    assert set(SubjectRow.objects.values_list("stale_since", flat=True)) == {receipt.act}
    assert Job.objects.get().key == f"conclude-{receipt.act}"


def test_the_same_key_again_is_the_same_act(cast: Cast) -> None:
    facts = negatives(5, cast["lab"])
    first, again = sealed(facts, cast["lab"]), sealed(facts, cast["lab"])
    assert (again.act, again.repeated) == (first.act, True)
    after_a_crash = record_sealed(
        SealedRow, "none", by=cast["lab"], purpose=Purpose.TESTING, key="k", now=NOW, name="import"
    )
    assert after_a_crash.act == first.act
    with pytest.raises(DeskError, match="D112"):
        sealed(negatives(6, cast["lab"]), cast["lab"])


def test_whatever_burdens_somebody_or_says_whose_rules_govern_is_not_sealed(cast: Cast) -> None:
    for fact in (notice(), exposure("person:a", by=cast["tracer"]), registered("person:a")):
        with pytest.raises(DeskError, match="D118"):
            seal(SealedRow, BATCH, 0, [fact])


@pytest.mark.parametrize(
    ("who", "purpose", "code"),
    [("lab", Purpose.TRACING, "D120"), ("tracer", Purpose.TRACING, "D120"), ("traveller", Purpose.SELF, "D120")],
)
def test_who_may_not_record_it_one_by_one_may_not_in_bulk(cast: Cast, who: str, purpose: Purpose, code: str) -> None:
    with pytest.raises(DeskError, match=code):
        sealed(negatives(3, cast[who]), cast[who], purpose=purpose)


def test_people_of_another_area_are_not_written_about(cast: Cast) -> None:
    elsewhere = registered("person:p0", by=cast["far_tracer"], area="999902")
    tell(elsewhere, by=cast["far_tracer"], purpose=Purpose.TRACING)
    with pytest.raises(DeskError, match="D121"):
        sealed(negatives(3, cast["lab"]), cast["lab"])


def test_what_was_entered_at_another_moment_is_refused(cast: Cast) -> None:
    with pytest.raises(DeskError, match="D110"):
        sealed(negatives(3, cast["lab"]), cast["lab"], now=Instant(NOW + 1))


def test_a_number_sealed_twice_is_sealed_once(cast: Cast) -> None:
    facts = negatives(10, cast["lab"])
    seal(SealedRow, BATCH, 0, facts)
    seal(SealedRow, BATCH, 0, facts)
    assert SealedRow.objects.count() == 10


def test_at_whichever_statement_it_fails_nothing_is_left(cast: Cast) -> None:
    facts = negatives(12, cast["lab"])
    seal(SealedRow, BATCH, 0, facts)
    failed = 0
    for after in range(60):
        if _recorded(after, cast["lab"]):
            break
        failed += 1
        assert not FactRow.objects.exists()
        assert not Act.objects.exists()
        assert SealedRow.objects.count() == 12
    assert failed > 8
    assert FactRow.objects.count() == 12


def _recorded(after: int, by: Actor) -> bool:
    left = [after]

    def fail(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            left[0] -= 1
            if left[0] < 0:
                raise OperationalError("the disk is gone")
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(fail), transaction.atomic():
            record_sealed(SealedRow, BATCH, by=by, purpose=Purpose.TESTING, key="k", now=NOW, name="import")
    except OperationalError:
        return False
    return True
