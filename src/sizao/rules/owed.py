"""How a duty is made from the fact that meets it."""

from __future__ import annotations

from typing import NamedTuple

from sizao.facts.kinds import Fact
from sizao.rules.reasons import Reason
from sizao.rules.timeline import Duty, State
from sizao.when import Instant

make = tuple.__new__


class What(NamedTuple):
    """Which duty, who owes it, and to whom."""

    code: str
    holder: str
    owed_to: str


class Ended(NamedTuple):
    """When and how a duty that was never met came to an end; an office's does not end by time alone."""

    at: Instant
    as_: State


def owed(
    what: What, since: Instant, due: Instant | None, reason: Reason, met: Fact | None, *, ended: Ended | None = None
) -> Duty:
    """The duty; met by `met` (before `since` counts as at once), or ended when it was never met."""
    code, holder, owed_to = what
    if met is not None:
        met_at = met.at if met.at > since else since
        return make(Duty, (code, holder, owed_to, since, due, met_at, met.id, None, None, reason))
    if ended is not None:
        return make(Duty, (code, holder, owed_to, since, due, None, None, ended.at, ended.as_, reason))
    return make(Duty, (code, holder, owed_to, since, due, None, None, None, None, reason))
