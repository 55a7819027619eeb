"""From a notice to everybody exposed: what the match records, what it takes back, and whose word it needs."""

from __future__ import annotations

import pytest

from sizao.desk.cases.links import standing_to
from sizao.desk.cases.matching import stays_folder
from sizao.desk.cases.models import MatchRow
from sizao.desk.cases.tracing import ask, trace_case, vouched_for
from sizao.desk.deployment import Deployment
from sizao.desk.store import proposals
from sizao.desk.store.acts import make
from sizao.desk.store.models import Act, FactRow, Proposal, TimelineRow
from sizao.desk.store.rights import Actor, Purpose
from sizao.errors import DeskError
from sizao.facts.kinds import CaseClass, CaseNotice, Correction, DataClass, Grade
from sizao.tracing.folder import StayFolder
from sizao.when import DAY_S, HOUR_S, Instant
from tests.desk.cases.conftest import EVENING, HOME, Stay, crowd
from tests.desk.conftest import NOW
from tests.desk.store.facts_told import CASE, notice, registered, tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("matched_here")]

Cast = dict[str, Actor]


def trace(actor: Actor, *, now: Instant = NOW, why: str = "notice") -> MatchRow:
    return trace_case(CASE, now=now, actor=actor, why=why)


def contacts(known_at: Instant = NOW) -> dict[str, str]:
    return {fact.subject: str(fact.grade) for fact in standing_to([CASE], known_at)[CASE]}


def test_a_notice_of_a_hospital_is_matched_and_its_contacts_are_on_record(evening: Stay, cast: Cast) -> None:
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    row = trace(cast["doctor"])
    assert contacts() == {"person:spouse": Grade.CLOSE, "person:clerk": Grade.GENERAL}
    assert (row.added, row.withdrawn, row.found, row.stays_read) == (2, 0, 2, 5)
    assert row.act is not None
    assert Act.objects.get(pk=row.act).actor == "machine:match"


def test_the_contacts_are_concluded_in_the_same_act(evening: Stay, cast: Cast) -> None:
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    trace(cast["doctor"])
    row = TimelineRow.objects.get(subject="person:spouse")
    assert (row.standing, row.preliminary, row.grade, row.case) == ("red", True, Grade.CLOSE, CASE)


def test_matching_again_changes_nothing(evening: Stay, cast: Cast) -> None:
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    trace(cast["doctor"])
    before = FactRow.objects.count()
    row = trace(cast["doctor"], now=Instant(NOW + 60))
    assert (row.added, row.withdrawn, row.restored, row.act) == (0, 0, 0, None)
    assert FactRow.objects.count() == before


# --- whose word it needs ----------------------------------------------------------------------------------------------


def test_a_case_that_one_tracer_alone_told_of_is_not_matched(evening: Stay, cast: Cast) -> None:
    tell(notice(by=cast["tracer"]), by=cast["tracer"], purpose=Purpose.TRACING)
    assert not vouched_for(CASE)
    for who in ("tracer", "other_tracer"):
        with pytest.raises(DeskError, match="K102"):
            trace(cast[who])
    with pytest.raises(DeskError, match="K102"):
        ask(CASE, by=cast["tracer"], key="k", now=NOW)
    assert contacts() == {}


def test_it_is_matched_once_somebody_else_asked_for_it_on_record(evening: Stay, cast: Cast) -> None:
    tell(notice(by=cast["tracer"]), by=cast["tracer"], purpose=Purpose.TRACING)
    ask(CASE, by=cast["other_tracer"], key="k", now=NOW)
    assert vouched_for(CASE)
    assert trace(cast["other_tracer"]).added == 2


def test_a_case_nobody_reported_cannot_be_asked_for(evening: Stay, cast: Cast) -> None:
    with pytest.raises(DeskError, match="K101"):
        ask(CASE, by=cast["tracer"], key="k", now=NOW)


def test_a_tracer_of_another_area_cannot_ask_for_it(evening: Stay, cast: Cast) -> None:
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    with pytest.raises(DeskError, match="D121"):
        ask(CASE, by=cast["far_tracer"], key="k", now=NOW)


# --- many people (TR-04) ----------------------------------------------------------------------------------------------


def test_tr04_more_people_than_one_may_burden_wait_for_two_units(stayed: Stay, cast: Cast) -> None:
    stayed((*EVENING, *crowd(51)))
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    row = trace(cast["doctor"])
    assert contacts() == {}
    proposal = Proposal.objects.get(pk=row.proposal or 0)
    assert (proposal.subjects, proposal.actor) == (53, "machine:match")
    assert proposals.approve(proposal, by=cast["tracer"], agrees=True, reasons="the list was checked", now=NOW) is None
    receipt = proposals.approve(proposal, by=cast["officer"], agrees=True, reasons="the list was checked", now=NOW)
    assert receipt is not None
    assert len(contacts()) == 53


def test_just_as_many_as_one_may_burden_are_recorded_at_once(stayed: Stay, cast: Cast) -> None:
    stayed((*EVENING, *crowd(48)))
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    row = trace(cast["doctor"])
    assert (row.added, row.proposal) == (50, None)


def test_a_later_match_stands_in_the_place_of_what_nobody_decided(stayed: Stay, cast: Cast) -> None:
    stayed((*EVENING, *crowd(51)))
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    first = trace(cast["doctor"])
    assert trace(cast["doctor"], now=Instant(NOW + 60)).proposal == first.proposal
    stayed(crowd(60), "more", NOW)
    second = trace(cast["doctor"], now=Instant(NOW + 120))
    assert second.proposal != first.proposal
    assert [one.pk for one in Proposal.objects.filter(settled_at__isnull=True)] == [second.proposal]


# --- when the case or the stays change --------------------------------------------------------------------------------


def test_a_case_taken_back_frees_everybody_held_by_it(evening: Stay, cast: Cast) -> None:
    told = notice()
    tell(told, by=cast["doctor"], purpose=Purpose.CARE)
    trace(cast["doctor"])
    later = Instant(NOW + HOUR_S)
    back = make(
        Correction, CASE, at=later, actor=cast["doctor"], now=later, data_class=DataClass.HEALTH, corrects=told.id,
        why="not a case",
    )  # fmt: skip
    tell(back, by=cast["doctor"], purpose=Purpose.CARE, now=later)
    row = trace(cast["doctor"], now=later, why="notice")
    assert (row.withdrawn, row.found) == (2, 0)
    assert contacts(later) == {}
    assert len(contacts(NOW)) == 2
    assert TimelineRow.objects.get(subject="person:spouse").grade == ""


def test_stays_that_come_later_bring_their_contacts(evening: Stay, cast: Cast) -> None:
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    trace(cast["doctor"])
    later = Instant(NOW + HOUR_S)
    evening((("person:late", HOME, "dwelling", 50, 48),), "late", later)
    assert trace(cast["doctor"], now=later, why="stays").added == 1
    assert contacts(later)["person:late"] == Grade.CLOSE
    assert "person:late" not in contacts(NOW)


def test_what_a_person_took_back_the_matcher_does_not_bring_in_again(evening: Stay, cast: Cast) -> None:
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    trace(cast["doctor"])
    (spouse,) = [fact for fact in standing_to([CASE])[CASE] if fact.subject == "person:spouse"]
    back = make(
        Correction, spouse.subject, at=NOW, actor=cast["tracer"], now=NOW, data_class=DataClass.HEALTH, corrects=spouse.id,
        why="was away on that day",
    )  # fmt: skip
    tell(back, by=cast["tracer"], purpose=Purpose.TRACING)
    row = trace(cast["doctor"], now=Instant(NOW + 60))
    assert (row.added, row.restored, row.withdrawn) == (0, 0, 0)
    assert "person:spouse" not in contacts(Instant(NOW + 60))


def test_an_exposure_outlives_the_stays_it_rests_on(stayed: Stay, home: Deployment, cast: Cast) -> None:
    stayed(EVENING, "evening", Instant(NOW - DAY_S), Instant(NOW + DAY_S))
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    trace(cast["doctor"])
    later = Instant(NOW + 2 * DAY_S)
    StayFolder.open(stays_folder(home.home)).store.drop_expired(later)
    row = trace(cast["doctor"], now=later)
    assert (row.withdrawn, row.kept, row.found) == (0, 2, 0)
    assert len(contacts(later)) == 2


def test_people_of_other_areas_are_counted_and_left_to_their_own_area(evening: Stay, cast: Cast) -> None:
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    home_of = registered("person:clerk", by=cast["far_tracer"], area="999902")
    tell(home_of, by=cast["far_tracer"], purpose=Purpose.TRACING)
    row = trace(cast["doctor"])
    assert (row.added, row.elsewhere) == (1, 1)
    assert "person:clerk" not in contacts()


def test_a_case_whose_window_cannot_be_drawn_says_so_on_its_row(evening: Stay, cast: Cast) -> None:
    bare = make(
        CaseNotice, CASE, at=NOW, actor=cast["doctor"], now=NOW, data_class=DataClass.HEALTH, case_class=CaseClass.CONFIRMED,
        disease="covid19", reporting_area="999901",
    )  # fmt: skip
    tell(bare, by=cast["doctor"], purpose=Purpose.CARE)
    row = trace(cast["doctor"])
    assert row.refused is not None
    assert row.refused["code"] == "X101"
    assert contacts() == {}
