"""A correction changes only what rests on the fact it takes back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.facts.kinds import CodeSeen, DataClass, Exposure, Fact, FactId, How, Listed, SubjectId, Tip
from sizao.rules.conclude import conclude
from sizao.rules.dossier import Dossier
from sizao.rules.reasons import facts_of
from sizao.rules.timeline import Duty, Finding, GradeSpan, StandingSpan, Timeline, at, canonical
from tests.rules.dossiers import BOOKS, KNOWN, facts_about
from tests.rules.people import (
    LUOYANG,
    ME,
    admitted,
    confirmed,
    corrected,
    exposed,
    fact,
    matched,
    notice,
    order,
    registered,
    released,
    sampled,
    told,
)

OTHER = SubjectId("person:病例乙")
FAR_APART: list[Fact] = [
    registered(),
    matched("m", "2021-07-12 19:00", "2021-07-13 10:00"),
    confirmed("c", "m", "2021-07-13 12:00"),
    told("t1", "2021-07-13 13:00", about="m"),
    admitted("a1", "2021-07-13 15:00"),
    sampled("s1", "2021-07-16 09:00"),
    sampled("s2", "2021-07-19 09:00"),
    released("r1", "2021-07-27 00:10"),
    released("r2", "2021-07-27 00:20"),  # told twice, so that taking one back does not leave the person inside for ever
    order("o1", "2021-07-13 12:00", "2021-07-27"),
    exposed("e", "2021-09-01 19:00", "2021-09-02 10:00", case=OTHER),
    told("t2", "2021-09-02 11:00", about="e"),
    sampled("s3", "2021-09-05 09:00"),
    order("o2", "2021-09-02 12:00", "2021-09-16"),
    fact(Tip, "p", "2021-08-20 09:00", says="s", by="b"),
    fact(Listed, "l", "2021-08-21 09:00", list="l", why="w"),
    fact(CodeSeen, "k", "2021-08-22 09:00", colour="red", system="x"),
    notice("n", "2021-11-01 10:00"),
    exposed("x", "2021-08-15 19:00", "2021-08-16 10:00", how=How.TOLD, by="旅行社"),
]
"""Two courses that never meet, what belongs to each, a case long after, and four reasons to ask."""


def of(facts: list[Fact]) -> Timeline:
    """What follows in Luoyang."""
    return conclude(Dossier(ME, tuple(facts), LUOYANG), BOOKS["luoyang"], known_at=KNOWN)


MATTERS = (
    {"m", "c", "t1", "a1", "s1", "s2", "r1", "r2", "o1"},
    {"e", "t2", "s3", "o2"},
    {"p"},
    {"l"},
    {"k"},
    {"n"},
    {"x"},
    {"reg"},
)
"""What belongs together: a fact of one matter has no bearing on another."""


def behind(conclusion: GradeSpan | StandingSpan | Duty | Finding) -> set[str]:
    """The facts a conclusion rests on, and the one that met it."""
    met = {conclusion.met_by} if isinstance(conclusion, Duty) and conclusion.met_by is not None else set()
    return {*facts_of(conclusion.reason), *met}


def apart(timeline: Timeline, matter: set[str]) -> set[Any]:
    """Grades, duties and findings in which no fact of the matter has a part."""
    found: set[Any] = {one for one in timeline.grades if not behind(one) & matter}
    found |= {one for one in timeline.duties if not behind(one) & matter}
    return found | {one for one in timeline.findings if not behind(one) & matter}


@pytest.mark.parametrize("name", [one.id for one in FAR_APART])
def test_a_correction_changes_only_what_rests_on_the_fact(name: FactId) -> None:
    matter = next(group for group in MATTERS if name in group)
    before, after = of(FAR_APART), of([*FAR_APART, corrected("y", name, "2021-12-01")])
    assert apart(before, matter) == apart(after, matter)
    for span in before.standings:
        if not behind(span) & matter:
            now = at(after, span.start).standing
            assert now is not None
            assert (now.standing, now.reason) == (span.standing, span.reason)


def test_each_correction_of_the_parametrised_test_does_change_something() -> None:
    before = of(FAR_APART)
    same = [one.id for one in FAR_APART if of([*FAR_APART, corrected("y", one.id, "2021-12-01")]) == before]
    assert same == ["r2"]


@given(facts_about(least=1), st.data())
def test_a_corrected_fact_is_as_if_it_had_never_been_but_for_the_duty_to_say_so(
    facts: list[Fact], data: st.DataObject
) -> None:
    facts = [one for one in facts if one.kind != "correction"]
    if not facts:
        return
    gone = data.draw(st.sampled_from(facts))
    if _matched_again(gone, facts):
        return
    taken_back = corrected("zz", gone.id, "2022-05-01", data_class=DataClass.CONTROL)
    after, never = of([*facts, taken_back]), of([one for one in facts if one is not gone])
    assert (after.grades, after.standings, after.findings) == (never.grades, never.standings, never.findings)
    said = [duty for duty in after.duties if duty.code not in ("tell-freed", "lift-order")]
    assert said == list(never.duties)


def _matched_again(gone: Fact, facts: list[Fact]) -> bool:
    """A match that another one of the same case goes on from: its clock runs on, or matching again would start it anew."""
    matches = [one for one in facts if isinstance(one, Exposure) and one.how is How.MATCHED]
    return isinstance(gone, Exposure) and any(one is not gone and one.case == gone.case for one in matches)


def test_a_corrected_correction_restores_everything() -> None:
    wrong = corrected("y", "e", "2021-12-01")
    undone = of([*FAR_APART, wrong, corrected("yy", "y", "2021-12-02")])
    plain = of(FAR_APART)
    assert canonical(undone) == canonical(plain)


def test_everybody_held_only_by_a_withdrawn_case_is_free_and_told() -> None:
    facts: list[Fact] = [registered(), exposed("e", "2021-07-22 19:00", "2021-07-26 10:00")]
    after = of([*facts, corrected("x", "e", "2021-07-28")])
    assert (after.grades, after.standings) == (of(facts[:1]).grades, of(facts[:1]).standings)
    assert [duty.code for duty in after.duties] == ["tell-freed"]
    assert isinstance(facts[1], Exposure)
