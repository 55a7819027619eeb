"""The keyed hashes under which a person is found: HMAC-SHA256 of what is asked for, under the deployment's search key.

Numbers and names can be enumerated, so a plain hash of one hides nothing; without the key these tell nothing, and of two
deployments nobody can tell that they hold the same person.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from sizao.desk.people.normal import document_forms, name_key, normal_phone
from sizao.desk.people.readings import readings
from sizao.desk.people.who import Who


class KeyKind(StrEnum):
    """What a search key is of. `BORN` is a reading together with the date of birth: it stays short in a city where one reading
    belongs to thousands."""

    DOCUMENT = "document"
    PHONE = "phone"
    BORN = "born"
    NAME = "name"
    PINYIN = "pinyin"
    INITIALS = "initials"

    @property
    def found(self) -> str:
        """The code that says a person was found this way."""
        return f"people.found.{self}"


class Sought(NamedTuple):
    """Values of one kind: whoever has any of them is meant."""

    kind: KeyKind
    values: tuple[str, ...]


def keyed(key: bytes, kind: KeyKind, value: str) -> bytes:
    """The 32 bytes stored for a value. The kind is part of it: a phone number never meets a document number."""
    return hmac.digest(key, f"{kind}\0{value}".encode(), "sha256")


def born_values(spelled: Iterable[str], born: date | None) -> tuple[str, ...]:
    """Readings joined with a date of birth; none without one."""
    return () if born is None else tuple(f"{reading}\0{born.isoformat()}" for reading in spelled)


def values_of(who: Who) -> tuple[Sought, ...]:
    """Everything an identity can be found by, strongest first; kinds without a value are left out."""
    spelled = readings(who.name)
    phone, name = normal_phone(who.phone), name_key(who.name)
    every = (
        Sought(KeyKind.DOCUMENT, document_forms(who.document)),
        Sought(KeyKind.PHONE, (phone,) if phone else ()),
        Sought(KeyKind.BORN, born_values(spelled.joined, who.born)),
        Sought(KeyKind.NAME, (name,) if name else ()),
        Sought(KeyKind.PINYIN, spelled.joined + spelled.words),
        Sought(KeyKind.INITIALS, spelled.initials),
    )
    return tuple(sought for sought in every if sought.values)


def keys_of(who: Who, key: bytes) -> frozenset[tuple[KeyKind, bytes]]:
    """The search keys of an identity."""
    return frozenset((kind, keyed(key, kind, value)) for kind, values in values_of(who) for value in values)
