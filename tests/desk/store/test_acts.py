"""The one writer: whole or not at all, once, by whoever may, about whom he works for, and never over somebody else's change."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models import ProtectedError

from sizao.desk.ledger.models import Pending
from sizao.desk.store import concluding, rows
from sizao.desk.store.models import Act, DutyRow, FactRow, SubjectRow, TimelineRow, Transition
from sizao.desk.store.rights import Actor, Purpose, Role, machine
from sizao.errors import DeskError
from sizao.facts.kinds import Fact, Grade, How
from sizao.ledger.commitments import commitment, facts_root, leaf_of_act
from sizao.when import HOUR_S, Instant
from tests.desk.conftest import COUNTY, NOW
from tests.desk.store.facts_told import CASE, confirmed, exposure, negative, notice, registered, tell

pytestmark = pytest.mark.django_db

Cast = dict[str, Actor]
MATCHER = machine("match", COUNTY)


def refused(code: str, *facts: Fact, by: Actor, purpose: Purpose, **more: Any) -> DeskError:
    with pytest.raises(DeskError) as caught:
        tell(*facts, by=by, purpose=purpose, **more)
    assert caught.value.code == code
    return caught.value


def test_an_act_stores_its_facts_leaves_a_leaf_and_says_so(cast: Cast) -> None:
    receipt = tell(registered("person:a"), registered("person:b"), by=cast["clerk"], purpose=Purpose.COUNTER)
    assert (receipt.stored, receipt.known) == (2, 0)
    act = Act.objects.get(pk=receipt.act)
    assert bytes(Pending.objects.get(pk=act.seq).leaf) == receipt.leaf == bytes(act.leaf)
    assert [fact.subject for fact in rows.facts_of("person:a")] == ["person:a"]
    assert SubjectRow.objects.get(pk="person:a").version == 1


def test_the_leaf_commits_to_every_fact_of_the_act(cast: Cast) -> None:
    from sizao.desk.store.acts import header_of

    receipt = tell(registered("person:a"), registered("person:b"), by=cast["clerk"], purpose=Purpose.COUNTER)
    act = Act.objects.get(pk=receipt.act)
    told = [commitment(bytes(row.salt or b""), (row.line or "").encode()) for row in act.rows.order_by("seq")]
    assert facts_root(told) == bytes(act.root)
    assert leaf_of_act(bytes(act.salt), header_of(act)) == receipt.leaf


def test_the_same_key_again_is_the_same_act(cast: Cast) -> None:
    first = tell(registered("person:a"), by=cast["clerk"], purpose=Purpose.COUNTER, key="once")
    later = Instant(NOW + 60)
    again = tell(registered("person:a"), by=cast["clerk"], purpose=Purpose.COUNTER, key="once")
    assert again.repeated
    assert again.act == first.act
    assert FactRow.objects.count() == 1
    refused("D112", registered("person:b", now=later), by=cast["clerk"], purpose=Purpose.COUNTER, key="once", now=later)


def test_a_report_told_twice_is_one_fact_and_counted_as_known(cast: Cast) -> None:
    sample = negative("person:a", by=cast["lab"], sample="s1", at=Instant(NOW - HOUR_S))
    tell(sample, by=cast["lab"], purpose=Purpose.TESTING)
    again = tell(sample, by=cast["lab"], purpose=Purpose.TESTING)
    assert (again.stored, again.known) == (0, 1)
    assert SubjectRow.objects.get(pk="person:a").version == 1


def test_an_update_somebody_else_made_first_is_not_lost(cast: Cast) -> None:
    tell(registered("person:a"), by=cast["clerk"], purpose=Purpose.COUNTER)
    seen = {"person:a": SubjectRow.objects.get(pk="person:a").version}
    sampled = Instant(NOW - HOUR_S)
    tell(negative("person:a", by=cast["lab"], sample="s1", at=sampled), by=cast["lab"], purpose=Purpose.TESTING)
    other = negative("person:a", by=cast["lab"], sample="s2", at=sampled)
    refused("D113", other, by=cast["lab"], purpose=Purpose.TESTING, expect=seen)
    assert FactRow.objects.filter(kind="test").count() == 1


def test_a_refused_act_leaves_nothing_at_all(cast: Cast) -> None:
    good, bad = registered("person:a", by=cast["clerk"]), notice(by=cast["clerk"])
    refused("D120", good, bad, by=cast["clerk"], purpose=Purpose.COUNTER)
    assert not FactRow.objects.exists()
    assert not Act.objects.exists()
    assert not Pending.objects.exists()
    assert not SubjectRow.objects.exists()


@pytest.mark.parametrize(
    "who", ["employer", "inspector", "system", "security", "auditor", "traveller", "follower", "lab"]
)
def test_who_does_not_report_cases_cannot(cast: Cast, who: str) -> None:
    for purpose in Purpose:
        with pytest.raises(DeskError) as caught:
            tell(notice(by=cast[who]), by=cast[who], purpose=purpose)
        assert caught.value.code in {"D120", "D122"}
    assert not FactRow.objects.exists()


def test_another_county_is_out_of_reach(cast: Cast) -> None:
    tell(registered("person:a"), by=cast["clerk"], purpose=Purpose.COUNTER)
    refused("D121", notice("person:a", by=cast["far_tracer"]), by=cast["far_tracer"], purpose=Purpose.TRACING)


def test_a_resident_records_of_himself_alone(cast: Cast) -> None:
    from sizao.desk.store.acts import make
    from sizao.facts.kinds import DataClass, Symptom

    me = cast["traveller"]

    def felt(subject: str) -> Fact:
        return make(Symptom, subject, at=NOW, actor=me, now=NOW, data_class=DataClass.GIVEN, symptom="cough")

    assert tell(felt("person:traveller"), by=me, purpose=Purpose.SELF).stored == 1
    refused("D122", felt("person:somebody"), by=me, purpose=Purpose.SELF)


def test_nobody_is_a_contact_of_a_case_that_only_he_who_matches_reported(cast: Cast) -> None:
    tracer = cast["tracer"]
    refused("D115", exposure("person:a", by=tracer), by=tracer, purpose=Purpose.TRACING)
    tell(notice(by=tracer), by=tracer, purpose=Purpose.TRACING)
    refused("D115", exposure("person:a", by=tracer), by=tracer, purpose=Purpose.TRACING)
    tell(notice(by=cast["doctor"]), by=cast["doctor"], purpose=Purpose.CARE)
    assert tell(exposure("person:a", by=tracer), by=tracer, purpose=Purpose.TRACING).stored == 1


def test_software_matches_and_never_judges(cast: Cast) -> None:
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    matched = exposure("person:a", by=MATCHER, how=How.MATCHED)
    assert tell(matched, by=MATCHER, purpose=Purpose.TRACING).stored == 1
    refused("D123", exposure("person:b", by=MATCHER), by=MATCHER, purpose=Purpose.TRACING)
    refused("D120", confirmed(matched, by=MATCHER), by=MATCHER, purpose=Purpose.TRACING)


def test_a_match_is_preliminary_with_its_cause_until_somebody_confirms(cast: Cast) -> None:
    tell(registered("person:a"), by=cast["clerk"], purpose=Purpose.COUNTER)
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    matched = exposure("person:a", by=MATCHER, how=How.MATCHED)
    tell(matched, by=MATCHER, purpose=Purpose.TRACING)
    row = TimelineRow.objects.get(pk="person:a")
    assert (row.standing, row.preliminary, row.cause, row.grade) == ("red", True, matched.id, "close")
    assert row.standing_until == NOW + 24 * HOUR_S
    tell(confirmed(matched, by=cast["tracer"]), by=cast["tracer"], purpose=Purpose.TRACING)
    row.refresh_from_db()
    assert not row.preliminary
    assert row.standing_until > NOW + 24 * HOUR_S
    assert {duty.code for duty in DutyRow.objects.filter(subject="person:a")} >= {"tell-contact", "isolate-contact"}


def test_a_preliminary_standing_ends_without_anybody_acting(cast: Cast) -> None:
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    tell(exposure("person:a", by=MATCHER, how=How.MATCHED), by=MATCHER, purpose=Purpose.TRACING)
    after = Instant(NOW + 24 * HOUR_S)
    assert concluding.behind(after, 10) == ["person:a", CASE] or "person:a" in concluding.behind(after, 10)
    concluding.catch_up(after)
    row = TimelineRow.objects.get(pk="person:a")
    assert (row.standing, row.cause) == ("unknown", "")


def test_a_change_of_standing_is_dated_when_it_became_true(cast: Cast) -> None:
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    tell(exposure("person:a", by=MATCHER, how=How.MATCHED), by=MATCHER, purpose=Purpose.TRACING)
    much_later = Instant(NOW + 72 * HOUR_S)
    concluding.refresh(["person:a"], much_later)
    moves = [
        (move.at, move.before, move.after) for move in Transition.objects.filter(subject="person:a").order_by("at")
    ]
    assert moves == [(NOW, "unknown", "red"), (NOW + 24 * HOUR_S, "red", "unknown")]


def test_more_people_than_the_guard_allows_need_a_proposal(cast: Cast) -> None:
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    many = [exposure(f"person:{n}", by=cast["tracer"]) for n in range(51)]
    refusal = refused("D114", *many, by=cast["tracer"], purpose=Purpose.TRACING)
    assert refusal.slots == {"count": 51, "most": 50}
    assert tell(*many[:50], by=cast["tracer"], purpose=Purpose.TRACING).stored == 50


def test_a_secondary_contact_is_behind_when_its_close_contact_changes(cast: Cast) -> None:
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    close = exposure("person:close", by=cast["tracer"])
    tell(close, by=cast["tracer"], purpose=Purpose.TRACING)
    from dataclasses import replace

    second = replace(exposure("person:second", by=cast["tracer"], grade=Grade.SECONDARY), via=close.subject)
    tell(second, by=cast["tracer"], purpose=Purpose.TRACING)
    before = TimelineRow.objects.get(pk="person:second").digest
    sampled = Instant(NOW - HOUR_S)
    tell(negative("person:close", by=cast["lab"], sample="c1", at=sampled), by=cast["lab"], purpose=Purpose.TESTING)
    assert TimelineRow.objects.get(pk="person:second").digest != before
    assert SubjectRow.objects.get(pk="person:second").stale_since is None


def test_the_database_itself_keeps_facts_and_acts(cast: Cast) -> None:
    receipt = tell(registered("person:a"), by=cast["clerk"], purpose=Purpose.COUNTER)
    for change in (
        lambda: FactRow.objects.filter(subject="person:a").update(line="{}"),
        lambda: FactRow.objects.filter(subject="person:a").update(recorded_at=1),
        lambda: FactRow.objects.filter(subject="person:a").delete(),
        lambda: Act.objects.filter(pk=receipt.act).update(actor="user:99"),
        lambda: Act.objects.filter(pk=receipt.act).delete(),
    ):
        with pytest.raises((DatabaseError, ProtectedError)) as caught, transaction.atomic():
            change()
        assert "sizao:" in str(caught.value) or "protected" in str(caught.value).lower()
    assert FactRow.objects.filter(subject="person:a").update(line=None, salt=None) == 1


def test_the_order_in_which_people_report_does_not_matter(cast: Cast) -> None:
    def told(order: list[int]) -> str:
        with transaction.atomic():
            tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
            steps = [
                (registered("person:a"), cast["clerk"], Purpose.COUNTER),
                (exposure("person:a", by=cast["tracer"]), cast["tracer"], Purpose.TRACING),
                (negative("person:a", by=cast["lab"], sample="s", at=Instant(NOW - 60)), cast["lab"], Purpose.TESTING),
            ]
            for step in order:
                fact, by, purpose = steps[step]
                tell(fact, by=by, purpose=purpose)
            body = TimelineRow.objects.get(pk="person:a").body
            transaction.set_rollback(True)
        return body

    assert len({told(order) for order in ([0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0])}) == 1


def test_a_timeline_row_is_json_of_what_follows(cast: Cast) -> None:
    tell(registered("person:a"), by=cast["clerk"], purpose=Purpose.COUNTER)
    row = TimelineRow.objects.get(pk="person:a")
    assert json.loads(row.body)[0] == "person:a"
    assert row.known_at == NOW


def test_roles_that_exclude_each_other_are_refused() -> None:
    from sizao.desk.store.rights import check_roles

    for pair in (
        {Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN},
        {Role.INSPECTOR, Role.DISCIPLINE},
        {Role.SECURITY_ADMIN, Role.TRACER},
    ):
        with pytest.raises(DeskError):
            check_roles(pair)
    check_roles({Role.TRACER, Role.FOLLOW_UP})
