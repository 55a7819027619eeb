"""A file's way in: nothing of it is lost, nothing of it is seen before all of it is, and all of it can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from sizao.desk.cases import imports, staging
from sizao.desk.cases.imports import Outcome, State
from sizao.desk.cases.links import standing_to
from sizao.desk.cases.matching import stays_folder
from sizao.desk.cases.models import Import, MatchRow, SavedMapping, SealedRow, StagedRow
from sizao.desk.deployment import Deployment
from sizao.desk.store import jobs, proposals
from sizao.desk.store.models import Act, FactRow, Proposal
from sizao.desk.store.rights import Actor, Purpose
from sizao.desk.store.rows import facts_of
from sizao.errors import DeskError, FactsError
from sizao.facts.corrections import standing_facts
from sizao.facts.kinds import Test
from sizao.tracing.folder import StayFolder
from sizao.when import OPEN, Instant
from tests.desk.cases import files
from tests.desk.cases.conftest import Stay
from tests.desk.cases.files import STAYS, TESTS, cases, read, said, sent, stored, text, work
from tests.desk.conftest import NOW
from tests.desk.store.facts_told import CASE, notice, tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("matched_here", "home", "users")]

Cast = dict[str, Actor]


@pytest.fixture
def users(sign_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for a job is somebody who signs in; what waits for a transaction's end need not, within a test's own."""
    monkeypatch.setattr(transaction, "on_commit", lambda call: call())
    for who in ("tracer", "other_tracer", "reviewer", "far_tracer"):
        sign_in(who)


def outcomes(one: Import) -> list[tuple[int | None, str]]:
    return list(StagedRow.objects.filter(of=one).order_by("number").values_list("row", "outcome"))


def visible(kind: str = "test") -> int:
    return FactRow.objects.filter(kind=kind).count()


# --- reading ----------------------------------------------------------------------------------------------------------


def test_tr33_every_row_is_taken_or_refused_and_says_which(cast: Cast) -> None:
    one = read(text(TESTS), cast["reviewer"])
    assert (one.state, one.mapping) == (State.READ, "tests")
    assert (one.rows, one.taken, one.refused, one.repeated, one.told, one.known) == (4, 3, 1, 1, 2, 0)
    assert outcomes(one) == [(2, Outcome.NEW), (3, Outcome.NEW), (4, Outcome.REFUSED)]
    refused = StagedRow.objects.get(of=one, outcome=Outcome.REFUSED)
    assert (refused.column, refused.value, (refused.problem or {})["code"]) == ("result", "好", "F240")


def test_a_trial_shows_nobody_anything(cast: Cast) -> None:
    read(text(TESTS), cast["reviewer"])
    assert visible() == 0
    assert Act.objects.count() == 0


def test_what_is_on_record_already_is_known(cast: Cast) -> None:
    stored(text(TESTS[:2]), cast["reviewer"])
    one = read(text(TESTS), cast["reviewer"], now=Instant(NOW + 60))
    assert outcomes(one) == [(2, Outcome.KNOWN), (3, Outcome.NEW), (4, Outcome.REFUSED)]
    assert (one.told, one.known) == (2, 1)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("lab.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "F221"), ("lab.csv", b"", "K130"), ("lab.pdf", b"%PDF", "F222")],
)
def test_tr33_a_file_that_nobody_reads_is_refused_whole_and_not_kept(
    cast: Cast, home: Deployment, name: str, content: bytes, code: str
) -> None:
    with pytest.raises((DeskError, FactsError), match=code):
        sent(content, cast["reviewer"], name=name)
    assert not Import.objects.exists()
    assert not list(home.home.rglob("*.*"))


def test_an_old_excel_file_under_another_name_is_refused_when_it_is_looked_at(cast: Cast) -> None:
    one = sent(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", cast["reviewer"], name="lab.xlsx")
    assert one.fault is not None
    assert one.fault["code"] == "F221"


def test_tr33_a_last_row_that_was_cut_off_is_refused(cast: Cast) -> None:
    whole = text(TESTS[:3]).rstrip()
    one = read(whole[: whole.rindex(b",2021") + 3], cast["reviewer"])
    assert (one.rows, one.taken, one.refused) == (2, 1, 1)
    assert StagedRow.objects.get(of=one, outcome=Outcome.REFUSED).problem["code"]  # type: ignore[index]  # a refused row has one == "F228"


@pytest.mark.parametrize(
    ("declared", "code"), [({"declared_rows": 5}, "F226"), ({"declared_sha256": "0" * 64}, "F234")]
)
def test_tr33_a_file_that_is_not_what_its_sender_declared_is_refused_whole(
    cast: Cast, declared: dict[str, Any], code: str
) -> None:
    one = read(text(TESTS), cast["reviewer"], **declared)
    assert one.state == State.REFUSED
    assert one.fault is not None
    assert (one.fault["code"], one.fault["where"]["file"]) == (code, "file.csv")
    assert not StagedRow.objects.filter(of=one).exists()


def test_a_file_that_was_refused_may_be_read_again_in_another_way(cast: Cast) -> None:
    rows = [TESTS[0], ["甲", "26/07/2021 09:00", "阴性", "S1"], ["乙", "05/07/2021 09:00", "阴性", "S2"]]
    one = read(text(rows), cast["reviewer"])
    assert one.fault is not None
    assert one.fault["code"] == "F236"
    imports.begin_reading(one, said(formats=["DD/MM/YYYY HH:mm"]), by=cast["reviewer"], now=NOW)
    work()
    one.refresh_from_db()
    assert (one.state, one.taken, one.fault) == (State.READ, 2, None)


def test_how_a_source_is_read_is_remembered(cast: Cast) -> None:
    rows = [["who", "when", "result", "sample"], *TESTS[1:3]]
    told: dict[str, Any] = {"mapping": "tests", "columns": {"sampled_at": "when"}}
    read(text(rows), cast["reviewer"], **told)
    known = SavedMapping.objects.get()
    assert (known.mapping, known.columns, known.source) == ("tests", {"sampled_at": "when"}, "县医院检验科")
    again = sent(text(rows), cast["reviewer"])
    assert again.header == known.header


def test_many_rows_are_written_down_a_chunk_at_a_time(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "CHUNK", 3)
    rows = [TESTS[0], *([f"p{n}", "2021-07-26 09:00", "阴性" if n % 4 else "好", f"S{n}"] for n in range(11))]
    one = sent(text(rows), cast["reviewer"])
    imports.begin_reading(one, said(), by=cast["reviewer"], now=NOW)
    assert work() == 4
    one.refresh_from_db()
    assert (one.rows, one.taken, one.refused) == (11, 8, 3)
    assert len(outcomes(one)) == 11


# --- storing ----------------------------------------------------------------------------------------------------------


def test_one_act_makes_the_rows_facts_and_nothing_else_is_kept(cast: Cast, home: Deployment) -> None:
    one = stored(text(TESTS), cast["reviewer"])
    assert (one.state, one.told, one.known) == (State.STORED, 2, 0)
    assert Act.objects.get(pk=one.act or 0).facts == visible() == 2
    (fact,) = facts_of("person:旅客乙")
    assert isinstance(fact, Test)
    assert (fact.recorder, fact.source, fact.basis) == (cast["reviewer"].id, "县医院检验科", "传染病防治法")
    assert [row.outcome for row in StagedRow.objects.filter(of=one)] == [Outcome.REFUSED]
    assert not list((home.home / "uploads").iterdir())


def test_the_same_file_again_has_nothing_new(cast: Cast) -> None:
    stored(text(TESTS), cast["reviewer"])
    one = read(text(TESTS), cast["reviewer"], now=Instant(NOW + 60))
    assert (one.told, one.known) == (2, 2)
    with pytest.raises(DeskError, match="K135"):
        imports.begin_storing(one, by=cast["reviewer"], now=NOW)


def test_very_many_facts_are_sealed_first_and_shown_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "CHUNK", 4)
    monkeypatch.setattr(staging, "AT_ONCE", 5)
    rows = [TESTS[0], *([f"p{n}", "2021-07-26 09:00", "阴性", f"S{n}"] for n in range(10))]
    one = read(text(rows), cast["reviewer"])
    imports.begin_storing(one, by=cast["reviewer"], now=NOW)
    seen = []
    for _ in range(4):
        jobs.work("worker", lambda: NOW, steps=1)
        seen.append((visible(), SealedRow.objects.count()))
    assert seen == [(0, 4), (0, 8), (0, 10), (10, 0)]
    one.refresh_from_db()
    assert (one.state, one.known) == (State.STORED, 0)


def test_facts_sealed_long_ago_are_sealed_anew_with_the_moment_they_are_entered(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "CHUNK", 4)
    monkeypatch.setattr(staging, "AT_ONCE", 5)
    rows = [TESTS[0], *([f"p{n}", "2021-07-26 09:00", "阴性", f"S{n}"] for n in range(10))]
    one = read(text(rows), cast["reviewer"])
    imports.begin_storing(one, by=cast["reviewer"], now=NOW)
    jobs.work("worker", lambda: NOW, steps=2)
    later = Instant(NOW + 3600)
    work(later)
    assert visible() == 10
    assert set(FactRow.objects.filter(kind="test").values_list("recorded_at", flat=True)) == {later}


def test_a_tracer_may_not_store_tests_nor_the_laboratory_of_another_unit_see_them(cast: Cast) -> None:
    one = read(text(TESTS), cast["tracer"])
    with pytest.raises(DeskError, match="D120"):
        imports.begin_storing(one, by=cast["tracer"], now=NOW)
    with pytest.raises(DeskError, match="K133"):
        imports.of_unit(cast["reviewer"], one.pk)


def test_a_line_list_of_a_few_cases_is_recorded_and_matched(evening: Stay, cast: Cast) -> None:
    rows = [files.HEADER_OF_CASES, ["case", "confirmed", "2021-07-27 10:00", "covid19", "2021-07-25", "999901"]]
    stored(text(rows), cast["reviewer"])
    assert visible("case_notice") == 1
    assert {fact.subject for fact in standing_to([CASE])[CASE]} == {"person:spouse", "person:clerk"}
    assert MatchRow.objects.get().why == "notice"


def test_a_line_list_that_a_tracer_brings_is_recorded_and_not_matched(evening: Stay, cast: Cast) -> None:
    rows = [files.HEADER_OF_CASES, ["case", "confirmed", "2021-07-27 10:00", "covid19", "2021-07-25", "999901"]]
    stored(text(rows), cast["tracer"])
    assert visible("case_notice") == 1
    assert standing_to([CASE])[CASE] == []
    assert not MatchRow.objects.exists()


def test_tr04_a_line_list_of_more_people_than_one_may_burden_waits_for_two_units(cast: Cast) -> None:
    one = stored(text(cases(51)), cast["tracer"])
    assert (one.state, one.burdens, visible("case_notice")) == (State.WAITING, 51, 0)
    held = Proposal.objects.get(pk=one.proposal or 0)
    proposals.approve(held, by=cast["reviewer"], agrees=True, reasons="compared with the network's list", now=NOW)
    imports.settle_proposal(one)
    assert one.state == State.WAITING
    proposals.approve(held, by=cast["officer"], agrees=True, reasons="compared with the network's list", now=NOW)
    imports.settle_proposal(one)
    assert (one.state, visible("case_notice")) == (State.STORED, 51)


def test_tr04_one_no_and_nothing_of_it_is_recorded(cast: Cast) -> None:
    one = stored(text(cases(51)), cast["tracer"])
    held = Proposal.objects.get(pk=one.proposal or 0)
    proposals.approve(held, by=cast["officer"], agrees=False, reasons="nobody reported these cases", now=NOW)
    imports.settle_proposal(one)
    assert (one.state, visible("case_notice")) == (State.DISCARDED, 0)


# --- stays ------------------------------------------------------------------------------------------------------------


def stays_of(home: Deployment) -> StayFolder:
    return StayFolder.open(stays_folder(home.home))


def test_stays_go_to_the_stay_store_with_basis_and_keep_until(cast: Cast, home: Deployment) -> None:
    until = Instant(NOW + 86400)
    one = stored(text(STAYS), cast["tracer"], keep_until=until)
    assert (one.rows, one.taken, one.refused, one.told, one.of_stays) == (3, 2, 1, 2, True)
    (batch,) = stays_of(home).store.batches()
    assert (batch.rows, batch.info.basis, batch.info.keep_until, batch.info.recorded_at) == (
        2,
        "传染病防治法",
        until,
        NOW,
    )
    assert Act.objects.get(pk=one.act or 0).facts == 1
    assert StagedRow.objects.get(of=one).problem["code"]  # type: ignore[index]  # a refused row has one == "E108"


def test_stays_that_come_in_match_the_cases_there_are(cast: Cast, home: Deployment) -> None:
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    stored(text(STAYS), cast["tracer"])
    assert {fact.subject for fact in standing_to([CASE])[CASE]} == {"person:guest"}


def test_stays_taken_back_free_whoever_was_held_by_them(cast: Cast, home: Deployment) -> None:
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    one = stored(text(STAYS), cast["tracer"])
    later = Instant(NOW + 60)
    imports.begin_undoing(one, by=cast["tracer"], why="the hotel sent another house's list", now=later)
    work(later)
    one.refresh_from_db()
    assert one.state == State.UNDONE
    assert stays_of(home).store.rows(known_at=later) == 0
    assert stays_of(home).store.rows(known_at=NOW) == 2
    assert standing_to([CASE])[CASE] == []


def test_stays_without_a_day_to_keep_them_until_are_kept_until_somebody_says(cast: Cast, home: Deployment) -> None:
    stored(text(STAYS), cast["tracer"])
    assert stays_of(home).store.batches()[0].info.keep_until == OPEN


# --- taking back ------------------------------------------------------------------------------------------------------


def test_all_of_an_import_is_taken_back_by_corrections_with_the_reason(cast: Cast) -> None:
    one = stored(text(TESTS), cast["reviewer"])
    later = Instant(NOW + 60)
    imports.begin_undoing(one, by=cast["reviewer"], why="wrong laboratory", now=later)
    work(later)
    one.refresh_from_db()
    assert (one.state, one.undone_by, visible("correction")) == (State.UNDONE, cast["reviewer"].id, 2)
    assert visible() == 2
    (standing,) = standing_facts(facts_of("person:旅客乙"), OPEN)
    assert (standing.kind, standing.why) == ("correction", "wrong laboratory")  # type: ignore[attr-defined]  # a correction has one
    assert Act.objects.get(pk=one.undone_act or 0).name == "undo-import"


def test_very_many_are_taken_back_at_once_too(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "CHUNK", 4)
    monkeypatch.setattr(staging, "AT_ONCE", 5)
    rows = [TESTS[0], *([f"p{n}", "2021-07-26 09:00", "阴性", f"S{n}"] for n in range(10))]
    one = stored(text(rows), cast["reviewer"])
    later = Instant(NOW + 3600)
    imports.begin_undoing(one, by=cast["reviewer"], why="wrong laboratory", now=later)
    work(later)
    one.refresh_from_db()
    assert (one.state, visible("correction")) == (State.UNDONE, 10)
    assert all(not isinstance(fact, Test) for fact in standing_facts(facts_of("person:p3"), OPEN))


def test_cases_of_an_import_that_was_taken_back_have_no_contacts_any_more(evening: Stay, cast: Cast) -> None:
    rows = [files.HEADER_OF_CASES, ["case", "confirmed", "2021-07-27 10:00", "covid19", "2021-07-25", "999901"]]
    one = stored(text(rows), cast["reviewer"])
    later = Instant(NOW + 60)
    imports.begin_undoing(one, by=cast["reviewer"], why="another town's case", now=later)
    work(later)
    assert standing_to([CASE])[CASE] == []


def test_what_was_not_stored_cannot_be_taken_back_and_what_was_stored_not_discarded(cast: Cast) -> None:
    one = read(text(TESTS), cast["reviewer"])
    with pytest.raises(DeskError, match="K134"):
        imports.begin_undoing(one, by=cast["reviewer"], why="for a reason", now=NOW)
    imports.begin_storing(one, by=cast["reviewer"], now=NOW)
    work()
    one.refresh_from_db()
    with pytest.raises(DeskError, match="K134"):
        imports.discard(one)


def test_what_is_not_wanted_is_gone_with_its_file(cast: Cast, home: Deployment) -> None:
    one = read(text(TESTS), cast["reviewer"])
    imports.discard(one)
    assert one.state == State.DISCARDED
    assert not list(Path(home.home / "uploads").iterdir())
    assert visible() == 0


def test_a_step_that_comes_too_late_does_nothing(cast: Cast) -> None:
    one = read(text(TESTS), cast["reviewer"])
    imports.begin_storing(one, by=cast["reviewer"], now=NOW)
    work()
    done = staging.step({"of": one.pk, "state": "storing"}, {}, NOW)
    assert not done.more
    assert visible() == 2
