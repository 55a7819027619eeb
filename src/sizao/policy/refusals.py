"""What the policy room refuses, by name. Codes P1xx refuse a pack, P2xx refuse an answer, P3xx are failed policy cases."""

from __future__ import annotations

from difflib import get_close_matches

from sizao.errors import PolicyError


class PackError(PolicyError):
    """A pack that must not be loaded; `where` names its file and line."""


class NoRuleInForce(PolicyError):
    """No loaded pack has a value for this key in this area on this day (P201), or a later rule abolished it (P202)."""


class ContestedRule(PolicyError):
    """The sources disagree and no reading was chosen (P203); the slot `readings` names them."""


class AbsentRule(PolicyError):
    """A pack in force says that this value was looked for and not found (P204). It is never guessed."""


class UnknownKey(PolicyError):
    """No pack may hold such a key (P205)."""


def nearest(word: str, allowed: list[str] | tuple[str, ...]) -> str:
    """The names most like `word`, or all of them when none is alike, for a did-you-mean."""
    close = get_close_matches(word, list(allowed), n=3, cutoff=0.6)
    return ", ".join(close or sorted(allowed))
