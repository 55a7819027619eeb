"""Two identities side by side: what agrees, what is close, what differs, what one of them does not say."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from rapidfuzz.distance import OSA

from sizao.desk.people.normal import document_forms, name_key, normal_phone, tidy_text
from sizao.desk.people.readings import readings
from sizao.desk.people.who import Sex, Who


class Comparison(NamedTuple):
    """Names of fields (`name`, `document`, `phone`, `born`, `sex`, `address`), each in exactly one of the four.

    Close are names with a reading in common, and document numbers with one character wrong or two neighbours swapped.
    """

    same: tuple[str, ...] = ()
    close: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    def plain(self) -> dict[str, list[str]]:
        """The same as JSON-able data."""
        return {group: list(names) for group, names in self._asdict().items()}


def field_term(field: str) -> str:
    """The code of a field's name in both languages."""
    return f"people.field.{field}"


SAME, CLOSE, DIFFERS, MISSING = Comparison._fields


def compare(one: Who, other: Who) -> Comparison:
    """Sets two identities side by side; which comes first makes no difference."""
    verdicts = {field: verdict(one, other) for field, verdict in _VERDICTS.items()}
    return Comparison(**{
        group: tuple(field for field, found in verdicts.items() if found == group) for group in Comparison._fields
    })  # fmt: skip


def same_reading(one: str, other: str) -> bool:
    """True when two names may be read alike: 张伟 and 张玮, 单某 and Shan Mou."""
    return not set(readings(one).joined).isdisjoint(readings(other).joined)


def _name(one: Who, other: Who) -> str:
    if not (one.name and other.name):
        return MISSING
    if name_key(one.name) == name_key(other.name):
        return SAME
    return CLOSE if same_reading(one.name, other.name) else DIFFERS


def _document(one: Who, other: Who) -> str:
    mine, theirs = document_forms(one.document), document_forms(other.document)
    if not (mine and theirs):
        return MISSING
    if not set(mine).isdisjoint(theirs):
        return SAME
    return CLOSE if OSA.distance(mine[-1], theirs[-1]) == 1 else DIFFERS


def _plainly(value: Callable[[Who], object]) -> Callable[[Who, Who], str]:
    def verdict(one: Who, other: Who) -> str:
        mine, theirs = value(one), value(other)
        if mine in ("", None, Sex.UNKNOWN) or theirs in ("", None, Sex.UNKNOWN):
            return MISSING
        return SAME if mine == theirs else DIFFERS

    return verdict


_VERDICTS: dict[str, Callable[[Who, Who], str]] = {
    "name": _name,
    "document": _document,
    "phone": _plainly(lambda who: normal_phone(who.phone)),
    "born": _plainly(lambda who: who.born),
    "sex": _plainly(lambda who: who.sex),
    "address": _plainly(lambda who: "".join(tidy_text(who.address).split())),
}

FIELDS = tuple(_VERDICTS)
"""The names of the fields, in the order in which they are shown."""
