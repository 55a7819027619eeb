"""What a session remembers of how somebody came in: when the second factor was proved, and when who it is was last
checked."""

from __future__ import annotations

from django.contrib.sessions.backends.base import SessionBase

from sizao.when import Instant

FACTOR_AT = "sizao_factor_at"
CHECKED_AT = "sizao_checked_at"


def note_checked(session: SessionBase, now: Instant, *, factor: bool) -> None:
    """Remember that who this is was checked now; `factor` if by a second factor."""
    session[CHECKED_AT] = now
    if factor:
        session[FACTOR_AT] = now


def has_factor(session: SessionBase) -> bool:
    """Whether a second factor was proved in this session."""
    return FACTOR_AT in session


def checked_since(session: SessionBase, moment: Instant) -> bool:
    """Whether who this is was checked at `moment` or later."""
    return int(session.get(CHECKED_AT, -1)) >= moment
