"""Who must act now: the open duties of many timelines, by holder and kind, the most pressing first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sizao.rules.timeline import Duty, State, Timeline
from sizao.when import OPEN, Instant


class Acting(NamedTuple):
    """One line of the list: a holder, what is owed, how often, how often overdue, and the next hour by which
    something is due.
    """

    holder: str
    duty: str
    open: int
    overdue: int
    next_due: Instant | None
    oldest_overdue: Instant | None


def who_must_act(timelines: Iterable[Timeline], now: Instant) -> tuple[Acting, ...]:
    """Open duties (due or overdue at `now`) counted by holder and code; holders with overdue duties come first."""
    found: dict[tuple[str, str], list[tuple[Duty, State]]] = {}
    for timeline in timelines:
        for duty in timeline.duties:
            state = duty.state(now)
            if state in (State.DUE, State.OVERDUE):
                found.setdefault((duty.holder, duty.code), []).append((duty, state))
    lines = [_line(holder, code, duties) for (holder, code), duties in found.items()]
    return tuple(sorted(lines, key=_urgency))


def _line(holder: str, code: str, duties: list[tuple[Duty, State]]) -> Acting:
    overdue = [duty.due for duty, state in duties if state is State.OVERDUE and duty.due is not None]
    ahead = [duty.due for duty, state in duties if state is State.DUE and duty.due is not None]
    return Acting(holder, code, len(duties), len(overdue), min(ahead, default=None), min(overdue, default=None))


def _urgency(line: Acting) -> tuple[bool, Instant, Instant, str, str]:
    return line.overdue == 0, line.oldest_overdue or OPEN, line.next_due or OPEN, line.holder, line.duty
