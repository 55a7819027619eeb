"""How a duty is made from the fact that meets it."""

from __future__ import annotations

from sizao.facts.kinds import Fact
from sizao.rules.reasons import Reason
from sizao.rules.timeline import Duty, State
from sizao.when import OPEN, Instant


def owed(
    code: str,
    holder: str,
    owed_to: str,
    since: Instant,
    due: Instant | None,
    reason: Reason,
    met: Fact | None,
    void_at: Instant | None = None,
) -> Duty:
    """The duty; met by `met` (before `since` counts as at once), or void from `void_at` when it was never met.

    Only a person's own duty ends by becoming void; what an office left undone stays undone.
    """
    if met is not None:
        return Duty(code, holder, owed_to, since, due, max(met.at, since), met.id, None, None, reason)
    if void_at is not None and void_at < OPEN:
        return Duty(code, holder, owed_to, since, due, None, None, void_at, State.VOID, reason)
    return Duty(code, holder, owed_to, since, due, None, None, None, None, reason)
