"""Invented people, keys and chance for the tests of this room. No number here belongs to anybody."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from sizao.desk.people.entering import Entry, enter
from sizao.desk.people.who import DocumentKind, Who
from sizao.facts.ids import check_character
from sizao.policy.book import PolicyBook
from sizao.when import Instant, parse_instant

NOW = parse_instant("2021-07-28T12:00:00+08:00")
LATER = Instant(NOW + 3600)
COUNTY = "999901"
LIMIT: int = (
    PolicyBook.load(("safeguards",)).find("safeguard.search_candidates", area=COUNTY, on=date(2021, 7, 28)).value
)
"""As the guard rails set it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestKeys:
    """Two keys anybody can read."""

    __test__ = False
    master: bytes = b"m" * 32
    search: bytes = b"s" * 32


@dataclass(frozen=True, slots=True)
class Dice:
    """Random bytes that are the same in every run."""

    source: random.Random = field(default_factory=lambda: random.Random(7))

    def token(self, length: int, /) -> bytes:
        """The next bytes."""
        return self.source.randbytes(length)


KEYS = TestKeys()


def citizen_id(area: str = "411702", born: str = "18880203", number: int = 1) -> str:
    """A number that checks out and has no living holder; odd numbers are men's."""
    first = f"{area}{born}{number:03d}"
    return first + check_character(first)


def person(
    name: str = "旅客甲", *, document: str = "", phone: str = "", address: str = "", born: date | None = None
) -> Who:
    """Somebody; a document number is a citizen's."""
    kind = DocumentKind.CITIZEN_ID if document else DocumentKind.NONE
    return Who(name=name, document_kind=kind, document=document, phone=phone, address=address, born=born)


def put_in(people: dict[str, Who], *, area: str = COUNTY, keys: TestKeys = KEYS) -> None:
    """Enters people under their subjects."""
    entries = [Entry(subject=subject, who=who, area=area) for subject, who in people.items()]
    enter(entries, keys=keys, chance=Dice(), now=NOW)


@contextmanager
def rolled_back() -> Iterator[None]:
    """What happens inside leaves no trace: one example of a property does not see the one before."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
