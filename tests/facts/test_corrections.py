"""Which facts stand, beside a slow reference that says it in one sentence."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from sizao.facts.corrections import standing_facts
from sizao.facts.kinds import Correction, Fact
from sizao.when import Instant
from tests.facts.invented import correction, told


def slow(facts: list[Fact], known_at: int) -> set[str]:
    """A fact stands when no correction that itself stands names it. Only for corrections that form no ring."""
    visible = {fact.id: fact for fact in facts if fact.recorded_at <= known_at}

    def stands(fact: Fact) -> bool:
        return not any(isinstance(c, Correction) and c.corrects == fact.id and stands(c) for c in visible.values())

    return {fact.id for fact in visible.values() if stands(fact)}


@st.composite
def histories(draw: st.DrawFn) -> list[Fact]:
    """Facts f0… and corrections c0…, each naming a fact or an earlier correction; recorded at times of their own."""
    count = draw(st.integers(1, 5))
    facts: list[Fact] = [told(f"f{i}", draw(st.integers(0, 9))) for i in range(count)]
    for i in range(draw(st.integers(0, 8))):
        target = draw(st.sampled_from([f.id for f in facts] + ["absent"]))
        facts.append(correction(f"c{i}", target, draw(st.integers(0, 9))))
    return facts


@given(histories(), st.integers(-1, 10), st.randoms(use_true_random=False))
def test_standing_facts_are_those_of_the_slow_reference_in_any_order(
    facts: list[Fact], known_at: int, chance: random.Random
) -> None:
    shuffled = [*facts, *chance.sample(facts, len(facts) // 2)]
    chance.shuffle(shuffled)
    standing = standing_facts(shuffled, Instant(known_at))
    assert {fact.id for fact in standing} == slow(facts, known_at)
    assert len(standing) == len({fact.id for fact in standing})


def test_a_correction_that_is_taken_back_takes_nothing_back_also_when_both_came_at_once() -> None:
    facts = [told("f", 1), correction("c", "f", 2), correction("d", "c", 2)]
    assert [fact.id for fact in standing_facts(facts, Instant(2))] == ["f", "d"]
    assert [fact.id for fact in standing_facts(facts[:2], Instant(2))] == ["c"]


def test_a_correction_counts_only_from_when_it_was_recorded() -> None:
    facts = [told("f", 1), correction("c", "f", 5)]
    assert [fact.id for fact in standing_facts(facts, Instant(4))] == ["f"]
    assert [fact.id for fact in standing_facts(facts, Instant(5))] == ["c"]


def test_nothing_recorded_later_is_seen() -> None:
    assert standing_facts([told("f", 5)], Instant(4)) == []


def test_of_a_fact_entered_twice_the_earliest_entry_counts() -> None:
    (standing,) = standing_facts([told("f", 5), told("f", 3), told("f", 4)], Instant(9))
    assert standing.recorded_at == 3


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), min_size=1, max_size=6), st.randoms(use_true_random=False)
)
def test_corrections_in_a_ring_are_decided_the_same_in_any_order(
    edges: list[tuple[int, int]], chance: random.Random
) -> None:
    facts: list[Fact] = [correction(f"c{i}", f"c{target}", at) for i, (target, at) in enumerate(edges)]
    shuffled = chance.sample(facts, len(facts))
    assert {f.id for f in standing_facts(facts, Instant(9))} == {f.id for f in standing_facts(shuffled, Instant(9))}
