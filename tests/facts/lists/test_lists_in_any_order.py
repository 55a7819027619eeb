"""The order of rows, and rows that come twice, change neither facts nor numbers; and no date is ever turned round."""

from __future__ import annotations

import statistics
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.facts.lists import MAPPINGS, ListRead, read_outbreak
from sizao.facts.lists.numbers import components, graph, spread
from sizao.words import Lang, say_error
from tests.facts.lists.told import rows_of, told

DAYS = st.dates(date(2021, 7, 1), date(2021, 8, 30))
BLANKS = st.sampled_from(["", "NA", "不详"])
ISO = DAYS.map(date.isoformat)
MIXED = st.one_of(
    ISO,
    BLANKS,
    DAYS.map(lambda day: day.strftime("%d.%m.%Y")),
    DAYS.map(lambda day: day.strftime("%m.%d.%Y")),
    st.just("soon"),
)
IDS = st.sampled_from(["c1", "c2", "c3", "c4", " c4", "", "不详"])
LISTS = {
    "linelist": (
        ("id", "age", "sex", "dt_onset", "dt_report", "outcome", "姓名"),
        st.tuples(IDS, st.sampled_from(["3", "4.5", "x", ""]), st.sampled_from("FM男?"), MIXED, MIXED,
        st.sampled_from(["Dead", ""]), st.just("甲")),
    ),
    "contacts": (
        ("from", "to", "exposure", "last_contact", "diff_dt_onset"),
        st.tuples(IDS, IDS, st.sampled_from(["meal", ""]), MIXED, st.sampled_from(["3", "", "x"])),
    ),
    "sormas-cases": (
        ("externalID", "disease", "person.firstName", "reportDate", "symptoms.onsetDate"),
        st.tuples(st.sampled_from(["", "", "e1"]), st.sampled_from(["MEASLES", ""]), st.sampled_from("甲乙"), MIXED, MIXED),
    ),
    "sormas-contacts": (
        ("reportDateTime", "caseIdExternalSystem", "person.firstName", "lastContactDate"),
        st.tuples(MIXED, st.sampled_from(["C1", "c1 ", "Unknown"]), st.sampled_from("甲乙"), MIXED),
    ),
    "godata-followups": (
        ("uuid", "contact_id", "followup_status", "date_of_followup", "performed"),
        st.tuples(st.sampled_from(["", "u1", "u2"]), IDS, st.sampled_from(["SEEN_OK", "MISSED", "PHONED"]), MIXED,
        st.sampled_from(["TRUE", "", "?"])),
    ),
    "curve": (("date", "cases", "deaths"), st.tuples(MIXED, st.sampled_from(["0", "3", "", "x"]), st.just("1"))),
}  # fmt: skip


def _refused(found: ListRead) -> set[tuple[str, str, str]]:
    return {(one.column, one.value, one.error.code) for one in found.refusals}


@pytest.mark.parametrize("name", LISTS)
@given(data=st.data())
def test_any_order_and_repetition_of_rows_gives_the_same_facts_and_numbers(name: str, data: st.DataObject) -> None:
    columns, row = LISTS[name]
    rows = data.draw(st.lists(row, min_size=1, max_size=8))
    again = data.draw(st.permutations(rows + data.draw(st.lists(st.sampled_from(rows), max_size=4))))
    first = MAPPINGS[name].read(rows_of(columns, rows), told())
    other = MAPPINGS[name].read(rows_of(columns, again), told())
    assert (other.facts, other.summary) == (first.facts, first.summary)
    assert _refused(other) == _refused(first)
    for found, total in ((first, len(rows)), (other, len(again))):
        assert found.rows == total == found.stored + found.refused
        assert 0 <= found.joined <= found.stored
    for refusal in first.refusals:
        assert refusal.error.where.row == refusal.row
        for lang in Lang:
            says, do = say_error(refusal.error, lang)
            assert says
            assert do


@given(
    cases=st.lists(LISTS["linelist"][1], max_size=6), links=st.lists(LISTS["contacts"][1], max_size=6), data=st.data()
)
def test_both_lists_of_an_outbreak_in_any_order_give_one_summary(
    cases: list[tuple[str, ...]], links: list[tuple[str, ...]], data: st.DataObject
) -> None:
    def both(one: list[tuple[str, ...]], other: list[tuple[str, ...]]) -> object:
        read = read_outbreak(rows_of(LISTS["linelist"][0], one), rows_of(LISTS["contacts"][0], other), told())
        return read.summary, read.linelist.facts, read.contacts.facts

    assert both(data.draw(st.permutations(cases)), data.draw(st.permutations(links))) == both(cases, links)


@given(
    days=st.lists(DAYS, min_size=1, max_size=6), form=st.sampled_from(["%d.%m.%Y", "%m.%d.%Y", "%d/%m/%Y", "%m/%d/%Y"])
)
def test_a_file_in_one_order_never_gives_another_day(days: list[date], form: str) -> None:
    """Whatever the order, a system's default included: a date is the one that was written, or is refused."""
    rows = [(f"u{place}", "MEASLES", "甲", day.strftime(form)) for place, day in enumerate(days)]
    table = rows_of(("uuid", "disease", "person.firstName", "reportDate"), rows)
    found = MAPPINGS["sormas-cases"].read(table, told())
    meant = {f"person:u{place}": day for place, day in enumerate(days)}
    borne_out = any(day.day > 12 for day in days)
    taken = {fact.subject for fact in found.facts}
    right = {name for name in taken if _day_of(found, name) == meant[name]}
    assert taken == right
    assert found.refused == 0 or not borne_out or form.startswith("%m")


def _day_of(found: ListRead, subject: str) -> date:
    (fact,) = (fact for fact in found.facts if fact.subject == subject)
    return date.fromordinal(date(1970, 1, 1).toordinal() + (fact.at + 8 * 3600) // 86400)


# --- the numbers against obvious ones ---------------------------------------------------------------------------------

LINKS = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")).filter(lambda pair: pair[0] != pair[1]),
    max_size=12,
)


@given(links=LINKS)
def test_components_are_those_a_walk_finds(links: list[tuple[str, str]]) -> None:
    left, sizes = {one for pair in links for one in pair}, []
    while left:
        group, edge = set[str](), {min(left)}
        while edge:
            group |= edge
            edge = {b for a, b in [*links, *((b, a) for a, b in links)] if a in group} - group
        sizes.append(len(group))
        left -= group
    assert components(links) == sorted(sizes, reverse=True)
    found = graph(links)
    assert (found["components"], found["largest_component"]) == (len(sizes), max(sizes, default=0))
    assert found["in_degree"]["n"] == found["ids_in_contacts"]


@given(values=st.lists(st.integers(-50, 500).map(float), min_size=2, max_size=30))
def test_spread_is_what_the_textbook_says(values: list[float]) -> None:
    found = spread(values)
    assert found["mean"] == pytest.approx(statistics.fmean(values), abs=1e-6)
    assert found["sd"] == pytest.approx(statistics.stdev(values), abs=1e-6)
    assert (found["n"], found["median"]) == (len(values), statistics.median(values))
