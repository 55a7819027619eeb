"""After a re-match the standing matched exposures are exactly those of a fresh run."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sizao.facts.corrections import standing_facts
from sizao.facts.kinds import Correction, Exposure, Fact, FactId, Grade, How, SubjectId
from sizao.tracing.rematch import rematch
from sizao.when import Instant
from tests.tracing.people import CASE, fact, moment


def exposure(name: str, how: How = How.MATCHED) -> Exposure:
    first, last = moment("2021-07-22T18:00"), moment("2021-07-22T19:00")
    about = {"case": CASE, "how": how, "grade": Grade.CLOSE, "first": first, "last": last}
    found: Exposure = fact(Exposure, name, "2021-07-26T10:00", subject=SubjectId(f"person:{name}"), **about)
    return found


START = moment("2021-07-27T00:00")


def after(known: list[Fact], fresh: list[Exposure], step: int) -> list[Fact]:
    now = Instant(START + step * 3600)
    return [*known, *rematch(known, fresh, now=now, recorder="test", why=f"step {step}").facts]


def matched(known: list[Fact], step: int) -> set[FactId]:
    now = Instant(START + step * 3600)
    return {each.id for each in standing_facts(known, now) if isinstance(each, Exposure) and each.how is How.MATCHED}


@given(st.lists(st.sets(st.sampled_from("abcdef")), min_size=1, max_size=8))
def test_any_sequence_of_matches_leaves_exactly_the_last_one_standing(runs: list[set[str]]) -> None:
    known: list[Fact] = []
    for step, names in enumerate(runs):
        known = after(known, [exposure(name) for name in sorted(names)], step)
        assert matched(known, step) == names


def test_a_match_that_did_not_change_records_nothing() -> None:
    known = after([], [exposure("a")], 0)
    changes = rematch(known, [exposure("a")], now=Instant(START + 7200), recorder="test", why="again")
    assert changes.facts == ()


def test_what_people_judged_or_told_is_never_taken_back_by_a_match() -> None:
    judged, told = exposure("j", How.JUDGED), exposure("t", How.TOLD)
    changes = rematch([judged, told], [], now=START, recorder="test", why="nothing found")
    assert changes.facts == ()


def test_a_withdrawal_names_the_exposure_and_why() -> None:
    known = after([], [exposure("a")], 0)
    changes = rematch(known, [], now=Instant(START + 7200), recorder="流调员甲", why="发病日期更正")
    assert [(each.corrects, each.why, each.recorder) for each in changes.withdrawn] == [
        ("a", "发病日期更正", "流调员甲")
    ]
    assert isinstance(changes.withdrawn[0], Correction)
