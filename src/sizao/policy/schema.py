"""Every key a pack may hold, with the type and unit of its value. A key that is not here is refused, with a did-you-mean.

Officers' keys (`travel.*`, `authority.*`, `safeguard.*`, …) are registered in `schema_offices`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sizao.policy.kinds import Anchor, AreaUnit, Unit
from sizao.policy.schema_offices import OFFICE_KEYS
from sizao.policy.values import (
    ColourRule,
    CompanionRule,
    ContactRule,
    Course,
    DayRange,
    Deadline,
    Discharge,
    Downgrade,
    LevelRule,
    Prohibition,
    ReportDuty,
    SecondaryRelease,
    ZoneRule,
)


@dataclass(frozen=True, slots=True)
class KeyType:
    """What a key's value is: `type` as a type hint the reader understands, and its one unit."""

    type: Any
    unit: Unit


_DEADLINES = (
    "hospital_report", "cdc_review", "institution_to_county_health", "health_to_government", "government_upward",
    "infected_transfer", "core_track", "individual_survey", "close_to_central", "secondary_to_central",
    "assist_locate", "assist_control", "assist_feedback", "check_in_place", "sample_in_place", "result_in_place",
    "single_tube_result", "pooled_result",
)  # fmt: skip

_COURSES = (
    "close", "secondary", "general", "exposed_venue", "infected", "infected_after", "inbound",
    "area_high_leaver", "area_medium_leaver", "area_low_leaver", "site_staff",
)  # fmt: skip

KEYS: Mapping[str, KeyType] = {
    "case.window.days_before": KeyType(int, Unit.DAY),
    "case.window.days_after": KeyType(int, Unit.DAY),
    "case.window.anchor": KeyType(Anchor, Unit.CODE),
    "case.window.from_last_negative": KeyType(bool, Unit.YES_NO),
    "case.history.days": KeyType(int, Unit.DAY),
    "case.incubation": KeyType(DayRange, Unit.RANGE),
    "contact.determined": KeyType(bool, Unit.YES_NO),
    "contact.rules": KeyType(tuple[ContactRule, ...], Unit.RULES),
    "contact.expert_judgement": KeyType(bool, Unit.YES_NO),
    "contact.companion": KeyType(CompanionRule, Unit.RULES),
    "contact.pep_vaccine_h": KeyType(int, Unit.HOUR),
    "contact.pep_immunoglobulin_d": KeyType(int, Unit.DAY),
    "secondary.determined": KeyType(bool, Unit.YES_NO),
    "secondary.needs_higher_risk": KeyType(bool, Unit.YES_NO),
    "secondary.rules": KeyType(tuple[ContactRule, ...], Unit.RULES),
    "secondary.release": KeyType(SecondaryRelease, Unit.RULES),
    "third_ring.determined": KeyType(bool, Unit.YES_NO),
    "course.exposure_day_number": KeyType(int, Unit.COUNT),
    "course.site_reset": KeyType(bool, Unit.YES_NO),
    "report.no_extra_review": KeyType(bool, Unit.YES_NO),
    "discharge": KeyType(Discharge, Unit.RULES),
    "test.positive_below_ct": KeyType(int, Unit.COUNT),
    "test.pool.single_only": KeyType(bool, Unit.YES_NO),
    "area.rating.units": KeyType(tuple[AreaUnit, ...], Unit.CODES),
    "area.rating.cluster_cases": KeyType(int, Unit.COUNT),
    "area.rating.levels": KeyType(tuple[LevelRule, ...], Unit.RULES),
    "area.rating.downgrade": KeyType(tuple[Downgrade, ...], Unit.RULES),
    "area.zones": KeyType(tuple[ZoneRule, ...], Unit.RULES),
    "limits.nine_prohibitions": KeyType(tuple[Prohibition, ...], Unit.RULES),
    "standing.colours": KeyType(tuple[ColourRule, ...], Unit.RULES),
    "standing.recode.overdue_h": KeyType(int, Unit.HOUR),
    "standing.report_duty": KeyType(ReportDuty, Unit.RULES),
    **{f"deadline.{name}": KeyType(Deadline, Unit.DEADLINE) for name in _DEADLINES},
    **{f"{name}.course": KeyType(Course, Unit.COURSE) for name in _COURSES},
    **{name: KeyType(kind, unit) for name, (kind, unit) in OFFICE_KEYS.items()},
}
