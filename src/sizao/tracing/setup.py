"""What a trace is set up with: which packs, which readings, whose area, which clock zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sizao.policy.book import PolicyBook
from sizao.when import Instant

SAFEGUARDS = "safeguards"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Packs by name (the safeguards pack is always added), readings of contested values, the area whose rules
    govern, its zone.
    """

    packs: tuple[str, ...]
    readings: Mapping[str, str] = field(default_factory=dict)
    area: str
    zone: str = "Asia/Shanghai"
    folder: Path | None = None


def open_book(setup: Setup, *, known_at: Instant | None = None) -> PolicyBook:
    """The rule book of a set-up. `known_at` leaves out packs recorded later; None takes all (what was true, as known
    today).
    """
    packs = setup.packs if SAFEGUARDS in setup.packs else (*setup.packs, SAFEGUARDS)
    return PolicyBook.load(packs, readings=setup.readings, folder=setup.folder, known_at=known_at, zone=setup.zone)
