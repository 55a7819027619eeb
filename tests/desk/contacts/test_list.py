"""The worklist: everybody the reader may see and the filters leave, next due first, once each; whatever the size, by an index."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from sizao.desk.access.models import ReadRow
from sizao.desk.contacts.listing import NOBODY, OWN, Filters, asked_for, page_asked
from sizao.desk.contacts.models import SavedFilter
from sizao.desk.store import readers
from sizao.desk.store.models import Act, Assignment, TimelineRow
from sizao.desk.store.rights import covers
from sizao.facts.kinds import Exposure
from sizao.when import DAY_S, HOUR_S, Instant
from tests.desk.conftest import CAST, COUNTY, NOW, OTHER
from tests.desk.contacts.people import NAME, PERSON, SignIn, enter, hand_to_team, match_many, text_of

everything = pytest.mark.django_db(databases="__all__")

TRACER = CAST["tracer"]
AREAS = (COUNTY, f"{COUNTY}001", f"{COUNTY}002", OTHER)
TEAMS = ("", TRACER.unit, "community-east", "community-west")
GRADES = ("", "close", "secondary", "general")


def row_of(number: int, told: dict[str, Any]) -> TimelineRow:
    """A timeline as a list reads it; nobody here is yellow or red, for nothing gives cause to it."""
    return TimelineRow(
        subject=f"person:{number:03d}", kind="person", area=told["area"], version=1, known_at=0, rules="", code="", digest="",
        body="", read_at=NOW, standing=told["standing"], preliminary=told["preliminary"], grade=told["grade"], case=told["case"],
        next_due_at=told["due"],
    )  # fmt: skip


ROWS = st.lists(
    st.fixed_dictionaries({
        "area": st.sampled_from(AREAS), "standing": st.sampled_from(("green", "unknown")), "preliminary": st.booleans(),
        "grade": st.sampled_from(GRADES), "case": st.sampled_from(("", "person:c1", "person:c2")),
        "due": st.none() | st.sampled_from([NOW - HOUR_S, NOW, NOW + 1, NOW + HOUR_S]) | st.integers(NOW - DAY_S, NOW + DAY_S),
        "team": st.sampled_from(TEAMS),
    }),
    max_size=30,
)  # fmt: skip
ASKED = st.fixed_dictionaries({
    "grade": st.lists(st.sampled_from(GRADES[1:]), unique=True, max_size=2),
    "standing": st.lists(st.sampled_from(("green", "unknown")), unique=True, max_size=2), "overdue": st.booleans(),
    "waiting": st.booleans(), "team": st.sampled_from(("", OWN, NOBODY, "community-east")),
    "area": st.sampled_from(("", COUNTY, f"{COUNTY}001", OTHER)), "case": st.sampled_from(("", "person:c1")),
})  # fmt: skip


def slowly(rows: Sequence[dict[str, Any]], asked: dict[str, Any]) -> list[str]:
    """The same list, obviously."""
    found = []
    for number, row in enumerate(rows):
        team, wanted = row["team"], asked["team"]
        mine = {OWN: team == TRACER.unit, NOBODY: not team, "": True}.get(wanted, team == wanted)
        if (
            row["grade"] and covers(COUNTY, row["area"]) and mine
            and (not asked["grade"] or row["grade"] in asked["grade"])
            and (not asked["standing"] or row["standing"] in asked["standing"])
            and (not asked["overdue"] or (row["due"] is not None and row["due"] < NOW))
            and (not asked["waiting"] or row["preliminary"])
            and (not asked["area"] or covers(asked["area"], row["area"]))
            and (not asked["case"] or row["case"] == asked["case"])
        ):  # fmt: skip
            found.append((row["due"] is None, row["due"] or 0, f"person:{number:03d}"))
    return [subject for _, _, subject in sorted(found)]


class TestPaging(TestCase):
    """Against a walk over all rows."""

    databases = "__all__"

    @settings(max_examples=60)
    @given(rows=ROWS, asked=ASKED, size=st.integers(1, 7))
    def test_the_pages_are_the_filtered_rows_in_order_and_each_once(
        self, rows: list[dict[str, Any]], asked: dict[str, Any], size: int
    ) -> None:
        TimelineRow.objects.bulk_create([row_of(number, told) for number, told in enumerate(rows)])
        act = Act.objects.create(
            key="a",
            name="assign",
            actor="",
            unit="",
            purpose="",
            recorded_at=0,
            facts=0,
            content="",
            root=b"",
            salt=b"",
            leaf=b"",
        )
        Assignment.objects.bulk_create(
            Assignment(subject=f"person:{number:03d}", desk="contacts", team=told["team"], since=0, act=act)
            for number, told in enumerate(rows)
            if told["team"]
        )
        found: list[str] = []
        after: str | None = None
        while True:
            screen = readers.screen(asked_for(asked, TRACER, NOW), after=after, size=size)
            found += [row.subject for row in screen.rows]
            assert page_asked(screen.after or "") == screen.after
            if screen.after is None:
                break
            after = screen.after
        assert found == slowly(rows, asked)
        assert readers.count(asked_for(asked, TRACER, NOW)) == (len(found), False)


# --- the page -----------------------------------------------------------------------------------------------------------


@everything
def test_the_pages_a_browser_walks_are_the_whole_list(case: str, sign_in: SignIn) -> None:
    subjects = sorted(fact.subject for fact in match_many(120))
    browser, found, url = enter(sign_in, "tracer"), list[str](), reverse("contacts:home")
    while url:
        page = browser.get(url).content.decode()
        found += re.findall(r'<a href="/contacts/person/(person:m\d+)/"', page)
        onward = re.search(r'href="(\?[^"]*)" rel="next"', page)
        url = reverse("contacts:home") + onward[1].replace("&amp;", "&") if onward else ""
    assert sorted(found) == subjects
    assert len(set(found)) == len(found)


@everything
@pytest.mark.parametrize("after", ["nonsense", "12|", "|", "x|person:a", "9" * 40 + "|person:a", "'; drop table|x"])
def test_an_address_that_says_no_page_shows_the_first(matched: Exposure, sign_in: SignIn, after: str) -> None:
    answer = enter(sign_in, "tracer").get(reverse("contacts:home"), {"after": after})
    assert answer.status_code == 200
    assert f"/contacts/person/{PERSON}/" in answer.content.decode()


@everything
def test_a_name_is_shown_to_the_team_alone_and_the_showing_is_written_down(matched: Exposure, sign_in: SignIn) -> None:
    hand_to_team(PERSON)
    url = reverse("contacts:home")
    assert NAME in text_of(enter(sign_in, "follower").get(url))
    assert NAME not in text_of(enter(sign_in, "officer").get(url))
    assert [(row.actor, row.subject) for row in ReadRow.objects.filter(page="contacts:list")] == [
        (CAST["follower"].id, PERSON)
    ]


@everything
def test_nothing_is_shown_where_the_showing_cannot_be_written_down(
    matched: Exposure, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_to_team(PERSON)
    browser = enter(sign_in, "follower")
    browser.raise_request_exception = False

    def broken(*_given: Any, **_more: Any) -> None:
        raise OSError("the log of reads is full")

    monkeypatch.setattr("sizao.desk.access.reads.log", broken)
    for url in (reverse("contacts:home"), reverse("contacts:person", args=[PERSON]), reverse("contacts:round")):
        answer = browser.get(url)
        assert answer.status_code == 500
        assert NAME not in answer.content.decode()


@everything
@pytest.mark.parametrize("who", ["far_tracer", "employer", "inspector", "system", "security", "auditor", "traveller"])
def test_no_outsider_sees_the_list(matched: Exposure, sign_in: SignIn, who: str) -> None:
    answer = enter(sign_in, who).get(reverse("contacts:home"))
    assert answer.status_code == (200 if who == "far_tracer" else 403)
    assert PERSON not in answer.content.decode()


@everything
def test_a_row_that_is_behind_is_drawn_again_before_it_is_shown(
    matched: Exposure, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = enter(sign_in, "tracer")
    assert "preliminary" in text_of(browser.get(reverse("contacts:home")))
    monkeypatch.setattr("sizao.desk.clock.now", lambda: Instant(NOW + 25 * HOUR_S))
    assert "· preliminary" not in text_of(browser.get(reverse("contacts:home")))


@everything
def test_every_figure_opens_to_its_rows(case: str, sign_in: SignIn) -> None:
    match_many(3)
    browser = enter(sign_in, "tracer")
    page = browser.get(reverse("contacts:home")).content.decode()
    figures = re.findall(r'<a href="(\?(?:overdue|waiting|team)=[^"]+)">(\d+)', page)
    assert [number for _, number in figures] == ["0", "3", "0"]
    for query, number in figures:
        rows = browser.get(reverse("contacts:home") + query).content.decode()
        assert rows.count("<tr data-row>") == int(number)


@everything
def test_a_filter_that_is_on_can_be_taken_away_alone(matched: Exposure, sign_in: SignIn) -> None:
    asked = {"grade": ["close", "general"], "overdue": "on"}
    page = enter(sign_in, "tracer").get(reverse("contacts:home"), asked).content.decode()
    tags = re.findall(r'moj-filter__tag" href="(\?[^"]*)"', page)
    assert sorted(tag.replace("&amp;", "&") for tag in tags) == sorted(
        ["?grade=general&overdue=on", "?grade=close&overdue=on", "?grade=close&grade=general"]
    )


# --- kept filters -------------------------------------------------------------------------------------------------------


@everything
def test_a_filter_is_kept_for_oneself_under_a_name(matched: Exposure, sign_in: SignIn) -> None:
    browser, url = enter(sign_in, "tracer"), reverse("contacts:save")
    answer = browser.post(url, {"name": "  我的逾期 ", "query": "overdue=on&after=12|person:a&team=own"})
    assert answer["Location"].endswith("?overdue=on&team=own")
    browser.post(url, {"name": "我的逾期", "query": "overdue=on"})
    (kept,) = SavedFilter.objects.all()
    assert (kept.actor, kept.name, kept.query) == (TRACER.id, "我的逾期", "overdue=on")
    assert "我的逾期" in text_of(browser.get(reverse("contacts:home")))
    assert "我的逾期" not in text_of(enter(sign_in, "other_tracer").get(reverse("contacts:home")))


@everything
def test_nobody_takes_away_somebody_elses_filter(matched: Exposure, sign_in: SignIn) -> None:
    enter(sign_in, "tracer").post(reverse("contacts:save"), {"name": "甲", "query": "overdue=on"})
    kept = SavedFilter.objects.get()
    enter(sign_in, "other_tracer").post(reverse("contacts:drop", args=[kept.pk]))
    assert SavedFilter.objects.exists()
    enter(sign_in, "tracer").post(reverse("contacts:drop", args=[kept.pk]))
    assert not SavedFilter.objects.exists()


@everything
@pytest.mark.parametrize(
    "told", [{"name": "", "query": ""}, {"name": "x" * 41, "query": ""}, {"name": "x", "query": "y" * 401}]
)
def test_a_filter_without_a_fit_name_is_refused(case: str, sign_in: SignIn, told: dict[str, str]) -> None:
    assert enter(sign_in, "tracer").post(reverse("contacts:save"), told).status_code == 403
    assert not SavedFilter.objects.exists()


# --- by an index --------------------------------------------------------------------------------------------------------

FILTERED: tuple[dict[str, Any], ...] = (
    {}, {"grade": ["close"]}, {"overdue": True}, {"case": "person:c1"}, {"area": f"{COUNTY}001"}, {"waiting": True},
    {"standing": ["unknown"]}, {"team": OWN},
)  # fmt: skip


@everything
@pytest.mark.parametrize("asked", FILTERED, ids=lambda asked: ",".join(asked) or "everything")
def test_a_thousand_rows_are_read_by_an_index_and_sorted_by_it(asked: dict[str, Any]) -> None:
    told = {
        "area": f"{COUNTY}001",
        "standing": "unknown",
        "preliminary": True,
        "grade": "close",
        "case": "person:c1",
        "due": NOW,
    }
    TimelineRow.objects.bulk_create(row_of(number, told | {"due": NOW + number}) for number in range(1000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as asked_for_rows:
        readers.screen(asked_for(asked, TRACER, NOW))
    for query in asked_for_rows.captured_queries:
        assert whole_scans(query["sql"]) == []


def whole_scans(sql: str) -> list[str]:
    """The steps of a plan that read every row of the timelines."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            steps = [str(row[-1]) for row in cursor.fetchall()]
            return [step for step in steps if re.fullmatch(r"SCAN desk_store_timelinerow", step)]
        # So few rows are read fastest as they lie: the question is whether an index could serve.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}")
        return [str(row[0]) for row in cursor.fetchall() if "Seq Scan on desk_store_timelinerow" in str(row[0])]


@everything
def test_a_scan_of_all_rows_would_be_noticed() -> None:
    sql = "SELECT * FROM desk_store_timelinerow WHERE body = 'x'"
    assert len(whole_scans(sql)) == 1


def test_a_case_is_found_with_or_without_its_kind(db: None) -> None:
    for told in ("person:c1", "c1"):
        form = Filters(RequestFactory().get("/", {"case": told}).GET, actor=TRACER, now=NOW)
        assert form.is_valid()
        assert form.cleaned_data["case"] == "person:c1"
