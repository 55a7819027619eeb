"""The shape of a pack as written. A field `from_` is written `from`; a field of type `Node` is read later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sizao.policy.kinds import Confidence, PackKind, SelectsBy, Unit
from sizao.policy.nodes import Node
from sizao.policy.values import Citation, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodForm:
    """Local days `[from, until)`; without `until`: until further notice."""

    from_: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceForm:
    """A source as listed once at the head of a pack, cited below by its id, or as `id#article`."""

    title: str
    article: str | None = None
    link: str | None = None
    read_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsentForm:
    """A value that was looked for and not found."""

    key: str
    says: Text
    looked_for: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptForm:
    """A template put in force by name."""

    pack: str
    key: str
    template: str
    from_: date
    until: date | None = None
    why: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupForm:
    """All dated values of one key."""

    unit: Unit
    says: Text
    values: tuple[Node, ...]
    none_in_force: bool = False
    selects_by: SelectsBy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryForm:
    """One dated value. `from` and `until` default to the pack's own period, `area` to the pack's own area."""

    from_: date | None = None
    until: date | None = None
    area: str | None = None
    reading: str | None = None
    value: Node | None = None
    abolished: bool = False
    cite: Citation
    confidence: Confidence
    checked_on: date
    note: str | None = None
    template: str | None = None
    also: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PackForm:
    """A whole pack file."""

    pack: str
    version: str
    kind: PackKind
    title: Text
    disease: str | None
    area: str
    zone: str = "Asia/Shanghai"
    published_on: date
    recorded_on: date
    in_force: PeriodForm
    cite: Node
    selects_by: SelectsBy
    overlays: tuple[str, ...] = ()
    note: str | None = None
    packs: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    readings: Node | None = None
    sources: Node
    absent: tuple[Node, ...] = ()
    adopts: tuple[Node, ...] = ()
    values: Node | None = None
