"""The same facts give the same replay: in any order, twice, on another clock zone; and the moments' bounds are honest."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.replay import Branch, founding_facts, run
from sizao.replay.moments import Bound, Hours, Span, earlier_by, end_of, span_of
from sizao.replay.plain import canonical
from sizao.when import HOUR_S, Instant, parse_instant
from tests import house

WHOLE = canonical(run())
PROGRAM = (
    "import hashlib; from sizao.replay import run; from sizao.replay.plain import canonical; "
    "print(hashlib.sha256(canonical(run())).hexdigest())"
)


@pytest.mark.parametrize("seed", range(3))
def test_facts_in_any_order_give_the_same_bytes(seed: int) -> None:
    facts = list(founding_facts())
    random.Random(seed).shuffle(facts)
    assert canonical(run(facts=facts)) == WHOLE


def test_a_second_run_gives_the_same_bytes() -> None:
    assert canonical(run()) == WHOLE


@pytest.mark.parametrize(("zone", "locale"), [("America/New_York", "C"), ("Pacific/Apia", "zh_CN.UTF-8")])
def test_another_zone_and_locale_give_the_same_bytes(zone: str, locale: str) -> None:
    env = {**os.environ, "TZ": zone, "LC_ALL": locale, "PYTHONPATH": str(house.ROOT / "src"), "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, env=env)
    assert done.stdout.strip() == hashlib.sha256(WHOLE).hexdigest()


def test_leaving_out_a_fact_changes_the_answer() -> None:
    facts = [fact for fact in founding_facts() if fact.id != "b05-destination-met-announcement"]
    assert canonical(run(Branch.DECLARED, facts=facts)) != canonical(run(Branch.DECLARED))


def test_a_midnight_is_its_whole_day_a_full_hour_its_hour_and_anything_else_itself() -> None:
    day, noon = parse_instant("2021-07-26T00:00:00+08:00"), parse_instant("2021-07-28T12:00:00+08:00")
    assert span_of(day) == Span(day, Instant(day + 24 * HOUR_S - 1))
    assert span_of(noon) == Span(noon, Instant(noon + HOUR_S - 1))
    assert span_of(Instant(noon + 61)).exact


moments = st.integers(min_value=1_600_000_000, max_value=1_650_000_000).map(Instant)


@given(moments)
def test_both_ends_of_a_moment_lie_in_its_span(moment: Instant) -> None:
    span = span_of(moment)
    assert end_of(moment, Bound.EARLIEST) == span.first <= span.last == end_of(moment, Bound.LATEST)
    assert span.first == moment


@given(moments, st.integers(0, 90_000), moments, st.integers(0, 90_000))
def test_no_pair_of_moments_lies_outside_the_hours_given(one: Instant, wide: int, other: Instant, broad: int) -> None:
    baseline, told = Span(one, Instant(one + wide)), Span(other, Instant(other + broad))
    found = earlier_by(baseline, told)
    for before in baseline:
        for after in told:
            assert found.least * HOUR_S <= before - after <= found.most * HOUR_S
    assert found.least <= found.most
    assert isinstance(found, Hours)
