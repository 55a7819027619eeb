"""The rules of packs as if they held on every day: for comparing editions, and for asking what an edition would have said."""

from __future__ import annotations

from sizao.policy import PolicyBook
from sizao.tracing.setup import SAFEGUARDS, Setup, open_book


def what_if_book(setup: Setup) -> PolicyBook:
    """The book of a set-up as if its rules held on every day.

    Readings that these packs do not offer are left out: they belong to another pack of a comparison.
    """
    packs = (*setup.packs, SAFEGUARDS)
    plain = PolicyBook.load(packs, zone=setup.zone, shadow=True)
    readings = {}
    for key, name in setup.readings.items():
        offered = plain.readings_of(key)
        if not offered or name in offered:
            readings[key] = name
    return PolicyBook.load(packs, readings=readings, zone=setup.zone, shadow=True)


def book_of(setup: Setup, *, what_if: bool) -> PolicyBook:
    """The book of a set-up: as in force day by day, or as if its rules held on every day."""
    return what_if_book(setup) if what_if else open_book(setup)
