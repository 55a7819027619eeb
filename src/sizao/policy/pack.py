"""What a pack is once read: a header, its sources, what it names as absent, and its dated entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sizao.errors import Where
from sizao.policy.kinds import Confidence, PackKind, SelectsBy
from sizao.policy.values import Citation, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One dated value of one key. `[starts, ends)`; ends None: until further notice. `abolished`: from here the key has none."""

    key: str
    unit: str
    area: str
    starts: date
    ends: date | None
    value: Any
    abolished: bool
    reading: str | None
    confidence: Confidence
    cites: tuple[Citation, ...]
    checked_on: date
    note: str | None
    template: str | None
    selects_by: SelectsBy
    where: Where

    def covers(self, day: date) -> bool:
        """True on the days of `[starts, ends)`."""
        return self.starts <= day and (self.ends is None or day < self.ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A value that was looked for and not found: what it would be, and where it was looked for."""

    key: str
    says: Text
    looked_for: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """A template another pack offers, put in force here by name."""

    pack: str
    key: str
    template: str
    starts: date
    ends: date | None
    why: Text
    where: Where


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyInfo:
    """What holds for all entries of a key: its heading, and whether days without a rule are meant."""

    says: Text
    none_in_force: bool
    where: Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """What a place runs with: its packs in order, the readings it chose, and the feeds that must be fresh."""

    packs: tuple[str, ...] = ()
    readings: tuple[tuple[str, str], ...] = ()
    feeds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A whole pack. `published_on` decides whether it was known at a moment; `digest` covers the file's bytes."""

    id: str
    version: str
    kind: PackKind
    title: Text
    disease: str | None
    area: str
    zone: str
    published_on: date
    recorded_on: date
    in_force_from: date
    in_force_until: date | None
    selects_by: SelectsBy
    overlays: tuple[str, ...]
    note: str | None
    cites: tuple[Citation, ...]
    sources: dict[str, Citation]
    absences: tuple[Absence, ...]
    adoptions: tuple[Adoption, ...]
    keys: dict[str, KeyInfo]
    entries: tuple[Entry, ...]
    deployment: Deployment
    path: Path
    digest: str

    def in_force(self, day: date) -> bool:
        """True on the days of its own period."""
        return self.in_force_from <= day and (self.in_force_until is None or day < self.in_force_until)
