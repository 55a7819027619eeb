"""Every fact can be said, every reason shown, and what a reader may not see is said to be hidden."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizao.desk.web.parts import Event
from sizao.desk.web.telling import events_of, say_content
from sizao.desk.web.trees import SHAPES, Node, Reader, fact_shown, tag_named, tag_of, tree_of
from sizao.facts.kinds import KINDS, Fact, FactId
from sizao.rules.explain import say_clause, say_reason
from sizao.rules.reasons import Reason, Standing
from sizao.when import Instant
from sizao.words import Lang
from tests.desk.web import gallery
from tests.facts.invented import any_facts, facts_of_kind

ZH, EN = Reader(Lang.ZH, "Asia/Shanghai"), Reader(Lang.EN, "Asia/Shanghai")


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.kind)
def test_a_fact_of_any_kind_is_said_in_both_languages(kind: type[Fact]) -> None:
    @given(facts_of_kind(kind))
    @settings(max_examples=25)
    def said(fact: Fact) -> None:
        assert say_content(fact, Lang.ZH, {}).strip()
        assert say_content(fact, Lang.EN, {}).strip()

    said()


def test_names_are_those_the_reader_may_see() -> None:
    exposure = gallery.facts()[FactId("f81f3a0")]
    assert "病例 D-3" in say_content(exposure, Lang.ZH, {})
    assert "病例 甲" in say_content(exposure, Lang.ZH, {"case:D-3": "甲"})


@given(st.lists(any_facts().filter(lambda fact: 0 <= fact.at < 2**33 and 0 <= fact.recorded_at < 2**33), max_size=6))
def test_events_stand_in_the_order_of_what_was_true_and_none_is_lost(facts: list[Fact]) -> None:
    events = events_of(facts, Lang.ZH, {})
    assert sorted(event.fact for event in events) == sorted(str(fact.id) for fact in facts)
    assert [event.at for event in events] == sorted(fact.at for fact in facts)


def _walk(node: Node) -> list[Node]:
    return [node, *(deeper for part in node.parts for deeper in _walk(part))]


def _reasons(reason: Reason) -> list[Reason]:
    return [reason, *(deeper for part in reason.parts for deeper in _reasons(part))]


def test_the_tree_holds_every_step_clause_and_fact_of_the_reason() -> None:
    reason, facts = gallery.reason(), gallery.facts()
    nodes = _walk(tree_of(reason, facts, EN))
    steps = _reasons(reason)
    assert [node.text for node in nodes] == [say_reason(step, Lang.EN) for step in steps]
    assert [node.clauses for node in nodes] == [
        tuple(say_clause(one, Lang.EN) for one in step.clauses) for step in steps
    ]
    assert [[fact.id for fact in node.facts] for node in nodes] == [list(step.facts) for step in steps]


def test_a_fact_that_is_not_the_readers_to_see_says_so_and_nothing_else() -> None:
    shown = fact_shown(FactId("f0123456789"), None, ZH)
    assert shown.kind == "事实 456789（在别处或无权查看）"
    assert (shown.content, shown.when, shown.source) == ("", "", "")


def test_what_was_learnt_on_a_later_day_is_marked() -> None:
    facts = gallery.facts()
    assert fact_shown(FactId("f81f3a0"), facts[FactId("f81f3a0")], ZH).later
    assert not fact_shown(FactId("f07aa33"), facts[FactId("f07aa33")], ZH).later


def test_every_standing_has_a_shape_of_its_own_and_a_word() -> None:
    assert len(set(SHAPES.values())) == len(Standing)
    for standing in Standing:
        for lang in Lang:
            tag = tag_named(standing, lang)
            assert tag.shape
            assert tag.word
    assert tag_of(gallery.span(Standing.YELLOW, preliminary=True), Lang.ZH).word == "黄 · 初步"


def test_an_event_without_a_time_of_learning_has_no_mark() -> None:
    from sizao.desk.web.templatetags.sizao_web import learnt

    assert learnt(Event(at=Instant(0), text="x")) == ""
