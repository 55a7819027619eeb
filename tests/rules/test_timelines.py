"""What must hold of every timeline, whatever the facts: no gap, a cause, an end to every restriction, a person behind it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.facts.kinds import CaseNotice, Confirmed, Exposure, Fact, How, Order
from sizao.rules.conclude import conclude
from sizao.rules.dossier import Dossier
from sizao.rules.explain import say_duty, sentences, tree
from sizao.rules.reasons import Reason, Standing, clauses_of, facts_of
from sizao.rules.timeline import State, Timeline, at, next_change_at
from sizao.when import HOUR_S, OPEN, Instant
from sizao.words import Lang
from tests.rules.dossiers import AREAS, BOOKS, KNOWN, facts_about, moments
from tests.rules.people import LUOYANG, ME, concluded, reasons

RESTRICTIVE = (Standing.RED, Standing.YELLOW)
books = st.sampled_from(sorted(BOOKS))


def timeline_of(facts: list[Fact], name: str) -> Timeline:
    """What follows under one of the books."""
    return conclude(Dossier(ME, tuple(facts), AREAS[name]), BOOKS[name], known_at=KNOWN)


@given(facts_about(), books)
def test_the_standing_is_known_at_every_instant_and_once(facts: list[Fact], name: str) -> None:
    spans = timeline_of(facts, name).standings
    assert (spans[0].start, spans[-1].end) == (0, OPEN)
    assert all(one.end == other.start for one, other in pairwise(spans))
    assert all(span.start < span.end for span in spans)


@given(facts_about(), books)
def test_grades_duties_and_findings_stand_in_order_of_time(facts: list[Fact], name: str) -> None:
    timeline = timeline_of(facts, name)
    assert [duty.since for duty in timeline.duties] == sorted(duty.since for duty in timeline.duties)
    assert [span.start for span in timeline.grades] == sorted(span.start for span in timeline.grades)
    assert [finding.at for finding in timeline.findings] == sorted(finding.at for finding in timeline.findings)


@given(facts_about(), books)
def test_every_restriction_ends_and_names_a_fact_and_a_rule(facts: list[Fact], name: str) -> None:
    timeline = timeline_of(facts, name)
    known = {fact.id for fact in facts}
    for span in timeline.standings:
        if span.standing in RESTRICTIVE:
            assert span.end < OPEN
            assert set(facts_of(span.reason)) & known
            assert any(clause.key == "standing.colours" for clause in clauses_of(span.reason)) or _extended(span.reason)
    assert all(span.end < OPEN for span in timeline.grades)


def _extended(reason: Reason) -> bool:
    return any(part.code == "extended" for part in reason.parts)


@given(facts_about(), books)
def test_nothing_is_concluded_without_a_fact_or_a_rule_behind_it(facts: list[Fact], name: str) -> None:
    known = {fact.id for fact in facts}
    timeline = timeline_of(facts, name)
    for reason in reasons(timeline):
        assert set(facts_of(reason)) <= known
        assert facts_of(reason) or clauses_of(reason) or reason.code == "standing.not-registered"
    for duty in timeline.duties:
        assert set(facts_of(duty.reason)) <= known
        assert facts_of(duty.reason), duty.code


@given(facts_about(), books)
def test_only_a_named_person_burdens_but_for_the_preliminary_grade(facts: list[Fact], name: str) -> None:
    """A colour that is not preliminary rests on a confirmation or judgement by name, on a notice, or on an order."""
    by_id = {fact.id: fact for fact in facts}
    for span in timeline_of(facts, name).standings:
        if span.standing in RESTRICTIVE:
            behind = [by_id[fact] for fact in facts_of(span.reason)]
            assert span.preliminary or any(_person_stands_behind(fact) for fact in behind)


def _person_stands_behind(fact: Fact) -> bool:
    if isinstance(fact, Exposure):
        return fact.how is How.JUDGED and bool(fact.by)
    if isinstance(fact, Confirmed):
        return bool(fact.by)
    return isinstance(fact, CaseNotice) or (isinstance(fact, Order) and bool(fact.officer))


@given(facts_about(), books)
def test_a_preliminary_standing_lasts_no_longer_than_the_guard_rail(facts: list[Fact], name: str) -> None:
    for span in timeline_of(facts, name).grades:
        if span.preliminary:
            assert span.end - span.start <= 24 * HOUR_S


@given(facts_about(), books)
def test_nobody_is_coloured_or_graded_before_the_fact_was_recorded(facts: list[Fact], name: str) -> None:
    by_id = {fact.id: fact for fact in facts}
    timeline = timeline_of(facts, name)
    for grade in timeline.grades:
        assert grade.start >= by_id[grade.reason.facts[0]].recorded_at
    for span in timeline.standings:
        if span.standing in RESTRICTIVE:
            # Discharge relieves and may be told of later; everything else counts from when it was known.
            grounds = [by_id[fact] for fact in facts_of(span.reason) if isinstance(by_id[fact], Exposure | CaseNotice)]
            assert all(span.end > fact.recorded_at for fact in grounds)
            assert any(span.start >= fact.recorded_at for fact in grounds)


@given(facts_about(), books, moments)
def test_nothing_changes_before_the_next_change(facts: list[Fact], name: str, now: Instant) -> None:
    timeline = timeline_of(facts, name)
    change = next_change_at(timeline, now)
    assert at(timeline, now).next_change_at == change
    last = change - 1 if change is not None else KNOWN * 2
    assert change is None or change > now
    seen, later = at(timeline, now), at(timeline, Instant(max(now, last)))
    assert seen._replace(now=Instant(0), next_change_at=None) == later._replace(now=Instant(0), next_change_at=None)


@given(facts_about(), books, moments)
def test_at_reads_what_the_spans_say(facts: list[Fact], name: str, now: Instant) -> None:
    timeline = timeline_of(facts, name)
    moment = at(timeline, now)
    assert [span for span in timeline.standings if span.start <= now < span.end] == [moment.standing]
    assert [span for span in timeline.grades if span.start <= now < span.end] == list(moment.grades)
    assert {duty for duty, _ in moment.duties} == {duty for duty in timeline.duties if duty.since <= now}
    assert all(state is not State.PENDING for _, state in moment.duties)


@given(facts_about(), books)
def test_everything_can_be_said_in_both_languages(facts: list[Fact], name: str) -> None:
    timeline = timeline_of(facts, name)
    by_id = {fact.id: fact for fact in facts}
    for lang in Lang:
        for reason in reasons(timeline):
            assert all(line.strip() for line in sentences(reason, lang))
            assert all(line.text for line in tree(reason, by_id, lang))
        for duty in timeline.duties:
            assert say_duty(duty, duty.state(KNOWN), lang)


def test_a_person_nobody_knows_anything_of_is_unknown_for_ever() -> None:
    timeline = concluded()
    assert [(span.standing, span.start, span.end) for span in timeline.standings] == [(Standing.UNKNOWN, 0, OPEN)]


def test_everything_ever_known_can_be_asked_for() -> None:
    timeline = conclude(Dossier(ME, (), LUOYANG), BOOKS["luoyang"], known_at=OPEN)
    assert timeline.known_at == OPEN


@pytest.mark.parametrize(("facts", "refused"), [(2000, False), (2001, True)])
def test_a_dossier_holds_at_most_so_many_facts(facts: int, refused: bool, too_many: Callable[[int], Any]) -> None:
    if refused:
        with pytest.raises(Exception, match="R101"):
            too_many(facts)
    else:
        assert too_many(facts).standings


@pytest.fixture
def too_many() -> Callable[[int], Timeline]:
    """A dossier of so many tests."""
    from tests.rules.people import sampled

    def make(count: int) -> Timeline:
        return concluded(*(sampled(f"t{number}", "2021-07-29 09:00") for number in range(count)))

    return make
