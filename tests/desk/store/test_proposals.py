"""More people than one may burden alone: two approvers of different units, with reasons, in time; time itself approves
nothing."""

from __future__ import annotations

import pytest

from sizao.desk.store import proposals
from sizao.desk.store.models import FactRow, Proposal, TimelineRow
from sizao.desk.store.rights import Actor, Purpose, machine
from sizao.errors import DeskError
from sizao.facts.kinds import How
from sizao.when import HOUR_S, Instant
from tests.desk.conftest import COUNTY, NOW
from tests.desk.store.facts_told import exposure, notice, tell

pytestmark = pytest.mark.django_db

Cast = dict[str, Actor]
WHY = "the session list was checked by two of us"
MATCHER = machine("match", COUNTY)


@pytest.fixture
def put_forward(cast: Cast) -> Proposal:
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    many = [exposure(f"person:{n:03}", by=MATCHER, how=How.MATCHED) for n in range(60)]
    return proposals.propose(many, by=MATCHER, purpose=Purpose.TRACING, key="p", now=NOW, name="match")


def decide(proposal: Proposal, by: Actor, *, agrees: bool = True, reasons: str = WHY, now: Instant = NOW) -> object:
    return proposals.approve(proposal, by=by, agrees=agrees, reasons=reasons, now=now)


def code_of(proposal: Proposal, by: Actor, **more: object) -> str:
    with pytest.raises(DeskError) as caught:
        decide(proposal, by, **more)  # type: ignore[arg-type]  # the tests' own keywords
    return caught.value.code


def test_nothing_counts_before_two_units_agreed(put_forward: Proposal, cast: Cast) -> None:
    assert put_forward.subjects == 60
    assert not FactRow.objects.filter(kind="exposure").exists()
    assert decide(put_forward, cast["tracer"]) is None
    assert not FactRow.objects.filter(kind="exposure").exists()
    receipt = decide(put_forward, cast["officer"])
    assert receipt is not None
    assert FactRow.objects.filter(kind="exposure").count() == 60
    assert TimelineRow.objects.filter(standing="red", preliminary=True).count() == 60


def test_two_of_one_unit_are_one_voice(put_forward: Proposal, cast: Cast) -> None:
    decide(put_forward, cast["tracer"])
    assert code_of(put_forward, cast["other_tracer"]) == "D151"


def test_the_proposer_does_not_approve(cast: Cast) -> None:
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    mine = [exposure(f"person:{n:03}", by=cast["tracer"]) for n in range(60)]
    proposal = proposals.propose(mine, by=cast["tracer"], purpose=Purpose.TRACING, key="p", now=NOW, name="judge")
    assert code_of(proposal, cast["tracer"]) == "D150"
    assert code_of(proposal, cast["other_tracer"]) == "D151"


@pytest.mark.parametrize(
    "who", ["doctor", "follower", "clerk", "employer", "inspector", "system", "auditor", "traveller"]
)
def test_who_is_no_approver_does_not_decide(put_forward: Proposal, cast: Cast, who: str) -> None:
    assert code_of(put_forward, cast[who]) == "D152"


def test_a_decision_without_reasons_is_none(put_forward: Proposal, cast: Cast) -> None:
    assert code_of(put_forward, cast["tracer"], reasons="  ok   ") == "D154"


def test_one_no_ends_it(put_forward: Proposal, cast: Cast) -> None:
    decide(put_forward, cast["tracer"], agrees=False)
    assert code_of(put_forward, cast["officer"]) == "D153"
    assert not FactRow.objects.filter(kind="exposure").exists()


def test_time_approves_nothing(put_forward: Proposal, cast: Cast) -> None:
    decide(put_forward, cast["tracer"])
    late = Instant(NOW + 24 * HOUR_S)
    assert proposals.lapse(late) == 1
    put_forward.refresh_from_db()
    assert put_forward.outcome == "lapsed"
    assert code_of(put_forward, cast["officer"], now=late) == "D153"
    assert not FactRow.objects.filter(kind="exposure").exists()


def test_each_sees_what_he_could_decide(put_forward: Proposal, cast: Cast) -> None:
    assert proposals.waiting(NOW, by=cast["tracer"]) == [put_forward]
    assert proposals.waiting(NOW, by=cast["employer"]) == []
    decide(put_forward, cast["tracer"])
    assert proposals.waiting(NOW, by=cast["tracer"]) == []
