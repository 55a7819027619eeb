"""The code of the term that says a word of the packs in both languages (`words/said/policy.yaml`)."""

from __future__ import annotations

import re
from enum import StrEnum

from sizao.policy import kinds, offices

VOCABULARIES: tuple[type[StrEnum], ...] = tuple(
    kind
    for room in (kinds, offices)
    for kind in vars(room).values()
    if isinstance(kind, type) and issubclass(kind, StrEnum) and kind is not StrEnum and kind.__module__ == room.__name__
)


def term(word: StrEnum) -> str:
    """`policy.place_kind.dwelling` for `PlaceKind.DWELLING`; what `words.say` takes."""
    kind = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(word).__name__).lower()
    return f"policy.{kind}.{word}"
