"""What a value of a pack is made of. A pack's numbers live here as frozen, typed values; no code holds one of its own.

Days of a course are numbered from the moment it `counts_from`: the local day that holds this moment is day 0, so a phase of
14 days covers days 1 to 14 and ends as day 14 ends (see the packs' `course.exposure_day_number`). `test_days` are numbered
within their own phase, from 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sizao.policy.kinds import (
    AreaUnit,
    CareKind,
    Colour,
    Confidence,
    ContactGrade,
    CountsFrom,
    Cumulative,
    EndsWhen,
    Event,
    Ground,
    Holder,
    IfPositive,
    Level,
    LimitCheck,
    MissingResults,
    Phase,
    PlaceKind,
    ReportTo,
    Same,
    Sample,
    Scene,
    SelectsBy,
    Setting,
    Within,
)


class Citation(NamedTuple):
    """Where a value stands written. `link` is an address, or the path of a statute text, or None for a paper source."""

    id: str
    title: str
    article: str | None
    link: str | None
    read_on: date


class Value(NamedTuple):
    """One value in force, with everything a reason has to name.

    `[valid_from, valid_until)` are the local days on which it is the value in force in the area asked about; `area` is the
    area it is written for, which may be wider. `also` are further sources of the same fact.
    """

    key: str
    value: Any
    unit: str
    pack: str
    version: str
    valid_from: date
    valid_until: date | None
    area: str
    reading: str | None
    confidence: Confidence
    cite: Citation
    checked_on: date
    selects_by: SelectsBy
    also: tuple[Citation, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRule:
    """What a meeting in such a place makes of the other person; the gravest rule that fits wins.

    `rows`: greatest row distance, None where rows do not matter; on an ordinary train a row is a bay. `minutes`: least time
    together, 0 when any shared moment counts; `cumulative`: minutes of several meetings add up. `lag_min`: arriving up to so
    many minutes after the case left still counts. Crew who serve a zone are recorded as stays in the zones they served.
    """

    place: tuple[PlaceKind, ...]
    grade: ContactGrade
    same: Same
    rows: int | None = None
    minutes: int = 0
    cumulative: bool = False
    lag_min: int = 0
    scene: Scene
    cite: Citation
    confidence: Confidence
    also: tuple[Citation, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePhase:
    """One stretch of a course. `days` None: until `ends_when` is met. `test_days` count within the phase, from 1."""

    setting: Setting
    kind: CareKind
    days: int | None
    test_days: tuple[int, ...] = ()
    sample: Sample | None = None
    double_test: bool = False
    tests_required: int | None = None
    ends_when: EndsWhen | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What a class of people must go through, phase after phase."""

    counts_from: CountsFrom
    phases: tuple[CoursePhase, ...]

    @property
    def days(self) -> int | None:
        """All days together, None when a phase has no fixed length."""
        lengths = [phase.days for phase in self.phases]
        return None if None in lengths else sum(length or 0 for length in lengths)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondaryRelease:
    """When a secondary contact is free: the close contact's first tests negative and the own tests negative, on that day."""

    first_tests: int
    on_day: int
    if_positive: IfPositive
    missing_results: MissingResults


@dataclass(frozen=True, slots=True, kw_only=True)
class Discharge:
    """What lets an infected person leave: negative tests (or Ct at least so much) apart or on given days, days without fever."""

    tests: int
    apart_h: int | None = None
    ct_at_least: int | None = None
    fever_free_days: int | None = None
    on_days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """So many hours from one event to another, and who owes it. `hours` 0 means at once."""

    hours: int
    holder: Holder
    starts: Event
    met_by: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRange:
    """Least and greatest days, with the middle where a source gives it."""

    least: int
    most: int
    typical: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanionRule:
    """A big-data companion: same grid square, minutes together, and hours of stay in a number of days."""

    grid_m: int
    minutes: int
    stay_h: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRule:
    """When a level is to be proposed; the authority decides. None: this condition does not matter."""

    level: Level
    new_case_within_days: int | None = None
    no_new_case_for_days: int | None = None
    cumulative: Cumulative = Cumulative.ANY
    cumulative_cases: int | None = None
    cluster: bool | None = None
    where: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Downgrade:
    """After so many days without a new infection a level falls to another; `after`: when it had itself fallen from that level."""

    level: Level
    to: Level
    days_without_new: int
    after: Level | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneRelease:
    """All of these at once lift a zone. None: not asked."""

    days_without_new: int | None = None
    last_contact_days: int | None = None
    all_negative_within_days: int | None = None
    when_all_released: tuple[Level, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneRule:
    """A zone of control: when to draw it, what holds inside, and what lifts it."""

    zone: Level
    draw: Text
    regime: Text
    window_days_before: int | None = None
    release: ZoneRelease | None = None
    test_days: tuple[int, ...] = ()
    cite: Citation
    confidence: Confidence
    also: tuple[Citation, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prohibition:
    """One item of the nine prohibitions; `check` where software can check an order against it."""

    item: int
    says: Text
    check: LimitCheck | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ColourRule:
    """A ground and a phase of its course give a colour, on days `from_day` to `to_day` (both counted, None: no bound)."""

    ground: Ground
    phase: Phase
    colour: Colour
    from_day: int | None = None
    to_day: int | None = None
    needs_negative: bool = False
    cite: Citation
    confidence: Confidence
    also: tuple[Citation, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDuty:
    """To whom a person reports and how soon."""

    to: tuple[ReportTo, ...]
    within: Within | None = None
    hours: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaUnits:
    """What levels are given to."""

    units: tuple[AreaUnit, ...] = field(default=())
