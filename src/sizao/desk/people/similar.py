"""The warning on entry: whom the person that is about to be put in may already be, and what speaks for it and against it.

A telephone alone is no ground (families share one), nor is a name alone. Whoever was said to be not the same is not shown again.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from sizao.desk.people import vault
from sizao.desk.people.likeness import Comparison, compare
from sizao.desk.people.merging import heads, members_of, not_same_between
from sizao.desk.people.search import TooMany, look_up
from sizao.desk.people.search_keys import KeyKind, values_of
from sizao.desk.people.who import Keys, Who, tidy

ASKED = (KeyKind.DOCUMENT, KeyKind.PHONE, KeyKind.BORN, KeyKind.NAME, KeyKind.PINYIN)
"""The ways of looking for somebody similar, most telling first."""


class Ground(StrEnum):
    """Why two records may be one person, strongest first."""

    DOCUMENT = "document"
    PHONE_AND_READING = "phone_and_reading"
    DOCUMENT_ALMOST = "document_almost"
    READING_AND_BORN = "reading_and_born"
    NAME_AND_ADDRESS = "name_and_address"

    @property
    def term(self) -> str:
        """The code of the sentence that says it."""
        return f"people.similar.{self}"


class Similar(NamedTuple):
    """A record that may be the same person: on which grounds, strongest first, and the two side by side."""

    subject: str
    grounds: tuple[Ground, ...]
    compared: Comparison


class Alike(NamedTuple):
    """The records that may be the same, likeliest first. `left_out`: ways of looking that met too many to be opened."""

    similar: tuple[Similar, ...]
    left_out: tuple[KeyKind, ...] = ()


_HOLDS: dict[Ground, Callable[[Comparison], bool]] = {
    Ground.DOCUMENT: lambda two: "document" in two.same,
    Ground.PHONE_AND_READING: lambda two: "phone" in two.same and _sounds_alike(two),
    Ground.DOCUMENT_ALMOST: lambda two: "document" in two.close and _sounds_alike(two),
    Ground.READING_AND_BORN: lambda two: "born" in two.same and _sounds_alike(two),
    Ground.NAME_AND_ADDRESS: lambda two: {"name", "address"} <= set(two.same) and "born" not in two.differs,
}


def similar(who: Who, keys: Keys, limit_candidates: int, *, subject: str | None = None) -> Alike | TooMany:
    """Whom `who` may already be. With `subject`, the record `who` is of, that person and those said to be another are left out.

    `limit_candidates` is `safeguard.search_candidates`. Refuses (as a value) when every way of looking met too many.
    """
    tidied = tidy(who)
    asked = [sought for sought in values_of(tidied) if sought.kind in ASKED]
    met = look_up(asked, keys, limit_candidates)
    if met.left_out and not met.ways:
        return TooMany(limit_candidates, met.left_out)
    own = members_of(subject) if subject is not None else ()
    stand_for = heads(set(met.ways) - set(own))
    best: dict[str, Similar] = {}
    for each, other in vault.open_many(stand_for, keys).items():
        if other is None:
            continue
        one = _similar(stand_for[each], compare(tidied, other))
        known = best.get(one.subject)
        if one.grounds and (known is None or _place(one) < _place(known)):
            best[one.subject] = one
    kept = [one for one in best.values() if not own or not_same_between(own, members_of(one.subject)) is None]
    return Alike(tuple(sorted(kept, key=_place)), met.left_out)


def explain(one: str, other: str, keys: Keys) -> Similar:
    """Two records side by side, with the grounds on which they may be one; for the page that asks whether to merge them.

    Refuses an unknown (D501) or erased (D505) record and one that does not open (D504).
    """
    return _similar(other, compare(vault.who_is(one, keys), vault.who_is(other, keys)))


def _similar(subject: str, compared: Comparison) -> Similar:
    return Similar(subject, tuple(ground for ground, holds in _HOLDS.items() if holds(compared)), compared)


def _sounds_alike(two: Comparison) -> bool:
    return "name" in two.same or "name" in two.close


_ORDER = {ground: place for place, ground in enumerate(Ground)}


def _place(one: Similar) -> tuple[int, int, int, str]:
    strongest = min((_ORDER[ground] for ground in one.grounds), default=len(_ORDER))
    return (strongest, len(one.compared.differs), -len(one.compared.same), one.subject)
