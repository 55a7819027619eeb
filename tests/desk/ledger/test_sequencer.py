"""The sequencer: every act gets one place, keeps it, and can be proved under a signed root by whoever has only the
public key."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sizao.desk.ledger import sequencer, signing
from sizao.desk.ledger.models import Checkpoint, Head, Leaf, Node, Pending
from sizao.desk.store import proofs
from sizao.desk.store.models import Act, FactRow
from sizao.desk.store.rights import Actor, Purpose
from sizao.errors import DeskError, LedgerError
from sizao.ledger import bundle as bundles
from sizao.ledger.signing import holds
from sizao.ledger.tree import leaf_hash, root_of
from sizao.when import Instant
from tests.desk.conftest import NOW
from tests.desk.store.facts_told import registered, tell

pytestmark = pytest.mark.django_db

Cast = dict[str, Actor]


def trusted() -> dict[str, bytes]:
    return {signing.origin(): signing.public_key()}


def wait_with(leaves: list[bytes]) -> None:
    first = (Pending.objects.order_by("-act").values_list("act", flat=True).first() or Leaf.objects.count()) + 1
    Pending.objects.bulk_create([Pending(act=first + place, leaf=leaf) for place, leaf in enumerate(leaves)])


def test_leaves_enter_in_the_order_of_acts_and_wait_no_longer(cast: Cast) -> None:
    for number in range(3):
        tell(registered(f"person:{number}"), by=cast["clerk"], purpose=Purpose.COUNTER)
    assert sequencer.integrate(NOW) == 3
    assert not Pending.objects.exists()
    acts = list(Act.objects.order_by("seq").values_list("seq", flat=True))
    assert list(Leaf.objects.order_by("index").values_list("act", flat=True)) == acts
    assert Head.objects.get().size == 3
    assert sequencer.integrate(NOW) == 0


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6), st.integers(1, 25))
@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_the_leaves_come_the_root_is_that_of_all_of_them(batches: list[int], limit: int) -> None:
    with transaction.atomic():
        told: list[bytes] = []
        for size in batches:
            leaves = [bytes([len(told) % 256, place]) + b"x" * 30 for place in range(size)]
            wait_with(leaves)
            told += leaves
            sequencer.integrate(NOW, limit)
        while sequencer.integrate(NOW, limit):
            pass
        made = sequencer.checkpoint(NOW)
        assert made is not None
        assert bytes(made.root) == root_of([leaf_hash(leaf) for leaf in told])
        assert Node.objects.count() == sum(len(told) >> level for level in range(1, 12))
        transaction.set_rollback(True)


def test_what_has_a_place_keeps_it_even_when_an_earlier_act_comes_late() -> None:
    Pending.objects.create(act=5, leaf=b"5" * 32)
    sequencer.integrate(NOW)
    Pending.objects.create(act=4, leaf=b"4" * 32)
    sequencer.integrate(NOW)
    assert list(Leaf.objects.order_by("index").values_list("index", "act")) == [(0, 5), (1, 4)]


def test_a_checkpoint_is_signed_when_the_log_grew_and_not_more_often_than_it_may() -> None:
    assert sequencer.checkpoint(NOW) is None
    wait_with([b"a" * 32])
    sequencer.integrate(NOW)
    assert sequencer.checkpoint(NOW) is not None
    assert sequencer.checkpoint(NOW) is None
    wait_with([b"b" * 32])
    sequencer.integrate(NOW)
    assert sequencer.checkpoint(Instant(NOW + 1)) is None
    assert sequencer.checkpoint(Instant(NOW + sequencer.SIGN_EVERY_S)) is not None
    assert list(Checkpoint.objects.order_by("size").values_list("size", flat=True)) == [1, 2]


def test_a_note_is_ours_only_with_our_key_our_columns_and_our_hour() -> None:
    wait_with([b"a" * 32])
    row = sequencer.caught_up(NOW)
    assert row is not None
    assert signing.signed_by_us(row)
    assert signing.opened(row.note) == (1, bytes(row.root))
    forged = signing.note_of(1, bytes(row.root), NOW, seed=b"another key of thirty-two bytes!")
    for changed in (
        Checkpoint(size=2, root=row.root, at=row.at, note=row.note),
        Checkpoint(size=1, root=b"0" * 32, at=row.at, note=row.note),
        Checkpoint(size=1, root=row.root, at=row.at + 1, note=row.note),
        Checkpoint(size=1, root=row.root, at=row.at, note=forged),
        Checkpoint(size=1, root=row.root, at=row.at, note="nothing"),
    ):
        assert not signing.signed_by_us(changed)
    assert signing.opened(forged) is None


def test_an_act_and_a_fact_of_it_are_proved_with_nothing_but_the_public_key(cast: Cast) -> None:
    tell(registered("person:z"), by=cast["clerk"], purpose=Purpose.COUNTER)
    receipt = tell(*(registered(f"person:{n}") for n in range(7)), by=cast["clerk"], purpose=Purpose.COUNTER)
    with pytest.raises(DeskError, match="U118"):
        proofs.proof_of_act(receipt.act)
    sequencer.caught_up(NOW)
    for row in FactRow.objects.filter(act=receipt.act):
        taken_along = json.loads(json.dumps(proofs.proof_of_fact(row.fact_id).plain(), ensure_ascii=False))
        proved = bundles.verify(bundles.bundle_of(taken_along), trusted(), holds)
        assert (proved.line, proved.erased, proved.index) == (row.line, False, 1)
        assert proved.header.actor == cast["clerk"].id


def test_an_older_proof_still_holds_and_the_newer_log_begins_with_the_older(cast: Cast) -> None:
    first = tell(registered("person:a"), by=cast["clerk"], purpose=Purpose.COUNTER)
    sequencer.caught_up(NOW)
    for number in range(5):
        tell(registered(f"person:{number}"), by=cast["clerk"], purpose=Purpose.COUNTER)
    sequencer.caught_up(NOW)
    assert bundles.verify(proofs.proof_of_act(first.act, size=1), trusted(), holds).checkpoint.size == 1
    assert bundles.verify(proofs.proof_of_act(first.act), trusted(), holds).checkpoint.size == 6
    older, newer, proof = proofs.growth(1, 6)
    bundles.grew(older, newer, proof, trusted(), holds)
    with pytest.raises(LedgerError):
        bundles.grew(newer, older, proof, trusted(), holds)


def test_tr_22_after_an_erasure_the_proof_shows_that_something_stood_there_and_not_what(cast: Cast) -> None:
    receipt = tell(registered("person:a"), registered("person:b"), by=cast["clerk"], purpose=Purpose.COUNTER)
    sequencer.caught_up(NOW)
    row = FactRow.objects.get(subject="person:a")
    line = row.line
    FactRow.objects.filter(pk=row.pk).update(line=None, salt=None)
    proved = bundles.verify(proofs.proof_of_act(receipt.act, row.fact_id), trusted(), holds)
    assert (proved.line, proved.erased) == (None, True)
    assert line is not None
    assert str(line) not in json.dumps(proofs.proof_of_act(receipt.act, row.fact_id).plain())


def test_what_is_not_there_is_refused_by_name(cast: Cast) -> None:
    one = tell(registered("person:a"), by=cast["clerk"], purpose=Purpose.COUNTER)
    sequencer.caught_up(NOW)
    for code, ask in (
        ("U151", lambda: proofs.proof_of_act(999)),
        ("U150", lambda: proofs.proof_of_act(one.act, size=7)),
        ("U155", lambda: proofs.proof_of_act(one.act, "f0")),
        ("U156", lambda: proofs.proof_of_fact("f0")),
        ("U150", lambda: proofs.growth(1, 9)),
    ):
        with pytest.raises(DeskError) as caught:
            ask()
        assert caught.value.code == code


def test_the_database_itself_keeps_what_stands_in_the_log(cast: Cast) -> None:
    for number in range(2):
        tell(registered(f"person:{number}"), by=cast["clerk"], purpose=Purpose.COUNTER)
    sequencer.caught_up(NOW)
    for table in ("leaf", "node", "checkpoint"):
        for statement in (
            f"DELETE FROM desk_ledger_{table}",
            f"UPDATE desk_ledger_{table} SET {'hash' if table == 'node' else 'leaf' if table == 'leaf' else 'note'} = NULL",
        ):
            with pytest.raises(Exception, match="sizao: what stands in the log"), transaction.atomic():
                connection.cursor().execute(statement)


def test_a_drill_says_in_its_logs_name_that_it_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from sizao.desk.deployment import Mode

    assert signing.origin() == "sizao/999901"
    monkeypatch.setattr(settings, "SIZAO", replace(settings.SIZAO, mode=Mode.DRILL))
    assert signing.origin() == "sizao/drill/999901"
