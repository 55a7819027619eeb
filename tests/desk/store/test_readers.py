"""What pages are given: as much as the reader may see, true to the facts, and a forged row is named."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from sizao.desk.store import guards, readers
from sizao.desk.store.models import TimelineRow
from sizao.desk.store.rights import Actor, Purpose, covers, machine
from sizao.desk.store.sight import Sight
from sizao.errors import DeskError
from sizao.facts.kinds import How
from sizao.when import HOUR_S, Instant
from tests.desk.conftest import CAST, COUNTY, NOW
from tests.desk.store.facts_told import CASE, confirmed, exposure, feed, notice, rated, registered, tell

pytestmark = pytest.mark.django_db

Cast = dict[str, Actor]
MATCHER = machine("match", COUNTY)


@pytest.fixture
def contact(cast: Cast) -> str:
    tell(registered("person:a"), by=cast["clerk"], purpose=Purpose.COUNTER)
    tell(notice(), by=cast["doctor"], purpose=Purpose.CARE)
    tell(exposure("person:a", by=MATCHER, how=How.MATCHED), by=MATCHER, purpose=Purpose.TRACING)
    return "person:a"


def test_a_page_says_what_follows_and_from_which_facts(contact: str, cast: Cast) -> None:
    page = readers.subject_page(contact, actor=cast["tracer"], now=NOW)
    assert page.moment.standing is not None
    assert page.moment.standing.preliminary
    assert page.whole
    assert {fact.kind for fact in page.facts.values()} == {"registered", "exposure"}
    assert set(page.acts) == {fact.id for fact in page.dossier.facts}


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("tracer", Sight.MASKED), ("follower", Sight.MASKED), ("clerk", Sight.NAMED), ("employer", Sight.UNIT),
        ("far_tracer", None), ("inspector", None), ("system", None), ("security", None), ("auditor", None), ("traveller", None),
    ],
)  # fmt: skip
def test_everybody_sees_as_much_as_his_work_needs(contact: str, cast: Cast, who: str, seen: Sight | None) -> None:
    if seen is None:
        with pytest.raises(DeskError) as caught:
            readers.subject_page(contact, actor=cast[who], now=NOW)
        assert caught.value.code == "D161"
    else:
        assert readers.subject_page(contact, actor=cast[who], now=NOW).seen is seen


def test_a_unit_sees_nothing_of_health_or_movement(contact: str, cast: Cast) -> None:
    page = readers.subject_page(contact, actor=cast["employer"], now=NOW)
    assert page.timeline.standings == ()
    assert page.timeline.grades == ()
    assert all(fact.data_class in ("work", "given", "public") for fact in page.dossier.facts)


def test_as_known_earlier_shows_only_what_was_known(contact: str, cast: Cast) -> None:
    later = Instant(NOW + HOUR_S)
    matched = readers.subject_page(contact, actor=cast["tracer"], now=NOW).dossier.facts[-1]
    tell(confirmed(matched, by=cast["tracer"], now=later), by=cast["tracer"], purpose=Purpose.TRACING, now=later)
    before = readers.subject_page(contact, actor=cast["tracer"], now=later, known_at=NOW)
    after = readers.subject_page(contact, actor=cast["tracer"], now=later)
    assert before.moment.standing is not None
    assert after.moment.standing is not None
    assert before.moment.standing.preliminary
    assert not after.moment.standing.preliminary


def test_a_row_somebody_forged_is_named(contact: str, cast: Cast) -> None:
    TimelineRow.objects.filter(pk=contact).update(body="[]", digest="0" * 64)
    assert not readers.subject_page(contact, actor=cast["tracer"], now=NOW).whole


def test_a_resident_is_green_while_the_feeds_are_fresh_and_unknown_when_one_is_not(cast: Cast) -> None:
    tell(registered("person:a"), by=cast["clerk"], purpose=Purpose.COUNTER)
    assert standing_of("person:a", cast, NOW) == "unknown"
    tell(
        *[feed(name, by=cast["officer"]) for name in ("tests", "cases", "exposures")],
        by=cast["officer"],
        purpose=Purpose.COMMAND,
    )
    assert standing_of("person:a", cast, NOW) == "green"
    assert standing_of("person:a", cast, Instant(NOW + 25 * HOUR_S)) == "unknown"
    assert TimelineRow.objects.get(pk="person:a").version == 1


def test_rating_an_area_touches_one_timeline_and_everybody_who_lives_there_reads_it(cast: Cast) -> None:
    tell(*[registered(f"person:{n}") for n in range(20)], by=cast["clerk"], purpose=Purpose.COUNTER)
    rows = {row.subject: row.digest for row in TimelineRow.objects.all()}
    tell(rated("999901", "high", by=cast["officer"]), by=cast["officer"], purpose=Purpose.COMMAND)
    assert {row.subject: row.digest for row in TimelineRow.objects.filter(kind="person")} == rows
    page = readers.subject_page("person:7", actor=cast["clerk"], now=NOW)
    assert [(area, span.level) for area, span in page.levels] == [("999901", "high")]


@pytest.mark.parametrize(
    ("area", "codes"),
    [
        ("411702", ("410000", "411700", "411702")), ("411700", ("410000", "411700")),
        ("411702001003", ("410000", "411700", "411702", "411702001", "411702001003")),
    ],
)  # fmt: skip
def test_an_area_lies_in_all_that_hold_it(area: str, codes: tuple[str, ...]) -> None:
    assert readers.holders_of(area) == codes


def standing_of(subject: str, cast: Cast, now: Instant) -> str:
    standing = readers.subject_page(subject, actor=cast["clerk"], now=now).moment.standing
    assert standing is not None
    return str(standing.standing)


def test_nobody_nothing_is_known_of_has_a_page(cast: Cast) -> None:
    with pytest.raises(DeskError) as caught:
        readers.subject_page("person:nobody", actor=cast["tracer"], now=NOW)
    assert caught.value.code == "D160"


def test_a_list_holds_the_actors_area_and_nothing_else(contact: str, cast: Cast) -> None:
    assert [row.subject for row in readers.contacts(cast["tracer"], now=NOW)] == [contact]
    assert list(readers.contacts(cast["far_tracer"], now=NOW)) == []
    for who in ("employer", "inspector", "system", "auditor", "traveller"):
        with pytest.raises(DeskError):
            readers.contacts(cast[who], now=NOW)
    assert [row.subject for row in readers.cases(cast["tracer"])] == [CASE]


def test_a_list_is_served_by_an_index(contact: str, cast: Cast) -> None:
    if connection.vendor == "postgresql":
        # A table this small is read whole unless that is forbidden; what must be shown is that an index can serve the list.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert readers.screen(readers.contacts(cast["tracer"], now=NOW, grades=["close"])).rows
    asked = readers.contacts(cast["tracer"], now=NOW, grades=["close"]).filter(next_due_at__isnull=False)
    plan = asked.order_by("next_due_at", "subject").explain()
    assert "timeline_" in plan
    assert "SCAN desk_store_timelinerow" not in plan
    assert "Seq Scan" not in plan


class Paging(TestCase):
    """Screens put together are the whole list, in order, each row once."""

    @given(st.lists(st.one_of(st.none(), st.integers(0, 5)), max_size=23), st.integers(1, 7))
    @settings(max_examples=30)
    def test_screens_are_the_list(self, dues: list[int | None], size: int) -> None:
        with connection.cursor() as cursor:
            for statement in guards.drop(connection.vendor):
                cursor.execute(statement)
        for number, due in enumerate(dues):
            TimelineRow.objects.create(
                subject=f"person:{number:02}", kind="person", area=COUNTY, version=1, known_at=0, rules="", code="", digest="",
                body="", read_at=0, grade="close", next_due_at=due,
            )  # fmt: skip
        found, after = [], None
        for _ in range(len(dues) + 1):
            screen = readers.screen(readers.contacts(CAST["tracer"], now=NOW), after=after, size=size)
            found += [row.subject for row in screen.rows]
            after = screen.after
            if after is None:
                break
        rows = [(due is None, due or 0, f"person:{number:02}") for number, due in enumerate(dues)]
        assert found == [name for _, _, name in sorted(rows)]


@pytest.mark.parametrize(
    ("area", "other", "holds"),
    [
        ("411700", "411702", True), ("410000", "411702", True), ("411702", "411700", False), ("411702", "411702001", True),
        ("411702001", "411702001200", True), ("411702001", "411702002", False), ("999901", "999902", False),
    ],
)  # fmt: skip
def test_areas_nest_by_their_digits(area: str, other: str, holds: bool) -> None:
    assert covers(area, other) is holds
