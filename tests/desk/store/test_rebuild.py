"""What was concluded can be dropped and drawn again to the same bytes; whatever was not the same is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sizao.desk.store import rebuilding
from sizao.desk.store.models import DutyRow, SubjectRow, TimelineRow, Transition, Upstream
from sizao.desk.store.rights import Actor, Purpose
from sizao.facts.kinds import Grade, SubjectId
from sizao.when import HOUR_S, Instant
from tests.desk.conftest import NOW
from tests.desk.store.facts_told import exposure, negative, notice, registered, tell

pytestmark = pytest.mark.django_db

Cast = dict[str, Actor]


@pytest.fixture
def county(cast: Cast) -> None:
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    for number in range(5):
        tell(registered(f"person:{number}"), by=cast["clerk"], purpose=Purpose.COUNTER)
    tell(exposure("person:0", by=cast["tracer"]), by=cast["tracer"], purpose=Purpose.TRACING)
    second = replace(exposure("person:1", by=cast["tracer"], grade=Grade.SECONDARY), via=SubjectId("person:0"))
    tell(second, by=cast["tracer"], purpose=Purpose.TRACING)
    tell(
        negative("person:0", by=cast["lab"], sample="s", at=Instant(NOW - HOUR_S)),
        by=cast["lab"],
        purpose=Purpose.TESTING,
    )


def kept() -> dict[str, object]:
    rows = {row.subject: (row.digest, row.body, row.known_at, row.version) for row in TimelineRow.objects.all()}
    duties = set(DutyRow.objects.values_list("subject", "number", "code", "since", "due", "met_at", "ended_at"))
    return {"rows": rows, "duties": duties, "links": set(Upstream.objects.values_list("subject", "via"))}


def rebuilt(at: int = NOW) -> tuple[int, set[str]]:
    result = rebuilding.rebuild(Instant(at), lambda _done, _total: None)
    return result.drawn, {problem.code for problem in result.problems}


@pytest.mark.usefixtures("county")
def test_dropped_and_drawn_again_a_week_later_it_is_the_same_bytes() -> None:
    before, moves = kept(), Transition.objects.count()
    assert rebuilt(NOW + 7 * 24 * HOUR_S) == (6, set())
    assert kept() == before
    assert Transition.objects.count() >= moves


@pytest.mark.usefixtures("county")
def test_what_was_forged_is_named_and_drawn_from_the_facts() -> None:
    before = kept()
    TimelineRow.objects.filter(pk="person:0").update(body="[]", grade="")
    DutyRow.objects.filter(subject="person:0").delete()
    TimelineRow.objects.create(
        subject="person:nobody", kind="person", area="999901", version=1, known_at=0, rules="", code="", digest="", body="",
        read_at=0,
    )  # fmt: skip
    assert rebuilt() == (6, {"U120", "U122", "U123"})
    assert kept() == before
    assert rebuilt() == (6, set())


@pytest.mark.usefixtures("county")
def test_what_waits_to_be_drawn_is_no_forgery(cast: Cast) -> None:
    SubjectRow.objects.filter(pk="person:0").update(stale_since=3)
    result = rebuilding.rebuild(NOW, lambda _done, _total: None)
    assert (result.waiting, result.problems) == (1, ())
    assert not SubjectRow.objects.filter(stale_since__isnull=False).exists()


@pytest.mark.usefixtures("county")
def test_its_progress_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "CHUNK", 4)
    told: list[tuple[int, int]] = []
    rebuilding.rebuild(NOW, lambda done, total: told.append((done, total)))
    assert told == [(4, 6), (6, 6)]
