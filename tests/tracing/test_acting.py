"""The list of who must act counts what is open, and says what is overdue first."""

from __future__ import annotations

from sizao.facts.kinds import FactId, SubjectId
from sizao.rules.reasons import Reason
from sizao.rules.timeline import Duty, State, Timeline
from sizao.tracing.acting import who_must_act
from sizao.when import Instant

NOW = Instant(1000)


def duty(code: str, holder: str, due: int | None, met_at: int | None = None, since: int = 0) -> Duty:
    met = None if met_at is None else Instant(met_at)
    named = None if met_at is None else FactId("f")
    return Duty(
        code,
        holder,
        "person:a",
        Instant(since),
        None if due is None else Instant(due),
        met,
        named,
        None,
        None,
        Reason("x"),
    )


def timeline(*duties: Duty) -> Timeline:
    return Timeline(SubjectId("person:a"), NOW, "", (), (), duties, ())


def test_met_and_future_duties_are_not_open() -> None:
    lines = who_must_act([timeline(duty("test", "site", 2000, met_at=10), duty("test", "site", 3000, since=2000))], NOW)
    assert lines == ()


def test_overdue_duties_come_first_and_name_the_oldest() -> None:
    lines = who_must_act(
        [timeline(duty("tell", "team", None), duty("test", "site", 900), duty("test", "site", 1500))], NOW
    )
    assert [(line.holder, line.open, line.overdue, line.next_due, line.oldest_overdue) for line in lines] == [
        ("site", 2, 1, 1500, 900),
        ("team", 1, 0, None, None),
    ]


def test_a_duty_due_exactly_now_is_open_but_not_overdue() -> None:
    (line,) = who_must_act([timeline(duty("test", "site", 1000))], NOW)
    assert (line.open, line.overdue) == (1, 0)
    assert duty("test", "site", 1000).state(NOW) is State.DUE
