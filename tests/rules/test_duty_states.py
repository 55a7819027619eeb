"""The states of a duty, against a slow and obvious restatement, and test days against a restatement day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from sizao.facts.kinds import FactId, Test
from sizao.rules.reasons import Reason
from sizao.rules.timeline import Duty, State
from sizao.when import Instant, local_day
from tests.rules.people import concluded, duties, exposed, fact, sampled, when

times = st.integers(0, 12).map(Instant)
ends = st.sampled_from((State.VOID, State.WAIVED))


@st.composite
def some_duties(draw: st.DrawFn) -> Duty:
    """A duty that was met, ended, or neither; met at its beginning at the earliest, as all are made."""
    since = draw(times)
    due = draw(st.none() | times)
    met = draw(st.none() | st.integers(since, 15).map(Instant))
    ended = None if met is not None else draw(st.none() | times)
    as_ = None if ended is None else draw(ends)
    return Duty("c", "h", "o", since, due, met, None if met is None else FactId("f"), ended, as_, Reason("r"))


def slow_state(duty: Duty, now: int) -> State:
    """Second by second from the beginning: what happened at each instant decides, the last word wins."""
    state = State.PENDING
    for second in range(now + 1):
        if second == duty.since:
            state = State.DUE
        if second < duty.since:
            continue
        if duty.due is not None and second > duty.due and state is State.DUE:
            state = State.OVERDUE
        if duty.ended_at is not None and second >= duty.ended_at and state in (State.DUE, State.OVERDUE):
            assert duty.ended_as is not None
            state = duty.ended_as
        if duty.met_at is not None and second == duty.met_at:
            state = State.MET if duty.due is None or second <= duty.due else State.MET_LATE
    return state


@given(some_duties(), st.integers(0, 20))
def test_the_state_is_that_of_the_slow_restatement(duty: Duty, now: int) -> None:
    assert duty.state(Instant(now)) is slow_state(duty, now)


@given(some_duties())
def test_a_state_changes_only_at_the_instants_a_duty_names(duty: Duty) -> None:
    changes = set(duty.changes())
    for now in range(1, 22):
        if duty.state(Instant(now)) is not duty.state(Instant(now - 1)):
            assert now in changes


@given(some_duties(), st.integers(0, 20))
def test_overdue_since_is_the_hour_it_was_due(duty: Duty, now: int) -> None:
    overdue = duty.state(Instant(now)) is State.OVERDUE
    assert duty.overdue_since(Instant(now)) == (duty.due if overdue else None)


# --- test days --------------------------------------------------------------------------------------------------------------

TEST_DAYS = (1, 4, 7, 14, 16, 21)
"""The eighth edition's: four of central isolation, the last one double, and days 2 and 7 of the monitoring that follows."""


def slow_tests(recorded: Instant, samples: list[Test]) -> list[State]:
    """What is owed on each test day that was not over when the course began, at the end of all days."""
    day0 = local_day(when("2021-07-22 19:00"), "Asia/Shanghai")
    owed = []
    for place, number in enumerate(TEST_DAYS):
        day = day0 + timedelta(days=number)
        last_of_phase = number in (14, 21)
        following = day + timedelta(days=1) if last_of_phase else day0 + timedelta(days=TEST_DAYS[place + 1])
        if local_day(recorded, "Asia/Shanghai") > day:
            continue
        mine = sorted((one.at, one.sample) for one in samples if not one.pooled)
        taken = [(at, name) for at, name in mine if day <= local_day(at, "Asia/Shanghai") < following]
        needed = 2 if number == 14 else 1
        seen: set[str] = set()
        reached = None
        for at, name in taken:
            seen.add(name)
            if len(seen) >= needed and reached is None:
                reached = at
        if reached is None:
            owed.append(State.OVERDUE)
        else:
            owed.append(State.MET if local_day(max(reached, recorded), "Asia/Shanghai") == day else State.MET_LATE)
    return owed


@given(
    st.integers(0, 24 * 23).map(lambda hour: Instant(when("2021-07-22 20:00") + hour * 3600)),
    st.lists(st.tuples(st.integers(0, 24 * 24), st.sampled_from("abc"), st.booleans()), max_size=8),
)
def test_test_days_are_owed_and_met_as_in_the_slow_restatement(
    recorded: Instant, written: list[tuple[int, str, bool]]
) -> None:
    start = when("2021-07-22 00:00")
    samples = [
        fact(
            Test,
            f"t{number}",
            "2021-07-22",
            sample=name,
            pooled=pooled,
            at=Instant(start + hour * 3600),
            recorded_at=start,
        )
        for number, (hour, name, pooled) in enumerate(written)
    ]
    if recorded >= when("2021-08-13"):
        return
    exposure = replace(exposed("e", "2021-07-22 19:00", "2021-07-22 20:00"), recorded_at=recorded)
    timeline = concluded(exposure, *samples)
    assert [duty.state(when("2022-01-01")) for duty in duties(timeline, "test-contact")] == slow_tests(
        recorded, samples
    )


def test_the_restatement_can_tell_met_from_late() -> None:
    late = sampled("s", "2021-07-30 09:00")
    assert slow_tests(when("2021-07-22 20:00"), [late]) == [
        State.OVERDUE, State.OVERDUE, State.MET_LATE, State.OVERDUE, State.OVERDUE, State.OVERDUE,
    ]  # fmt: skip
