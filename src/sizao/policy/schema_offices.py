"""Keys of the officers' packs: reporting and travel, authority, safeguards. Types only; every value is in a pack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sizao.policy.kinds import Unit
from sizao.policy.offices import (
    ApprovalStep,
    AuthorityRule,
    BulkGuard,
    LeavingRule,
    ReturnReport,
    TravelLimit,
    TripField,
)
from sizao.policy.values import ReportDuty

_ACTS = (
    "isolate_infected", "isolate_suspected", "isolate_contact", "isolate_place", "emergency_measures", "declare_epidemic_area",
    "seal_epidemic_area", "rate_area", "give_colour", "confirm_grade", "extend_isolation", "publish_epidemic",
    "publish_places", "publish_person_data", "name_person", "approve_trip", "requisition", "disclose_health_facts",
    "refuse_travel",
)  # fmt: skip

OFFICE_KEYS: Mapping[str, tuple[Any, Unit]] = {
    "report.double": (ReportDuty, Unit.RULES),
    "report.return": (tuple[ReturnReport, ...], Unit.RULES),
    "travel.limits": (tuple[TravelLimit, ...], Unit.RULES),
    "travel.approval_chain": (tuple[ApprovalStep, ...], Unit.RULES),
    "travel.record_fields": (tuple[TripField, ...], Unit.CODES),
    "travel.request.ahead_h": (int, Unit.HOUR),
    "travel.emergency.paper_h": (int, Unit.HOUR),
    "travel.changes_reported": (bool, Unit.YES_NO),
    "travel.track_reported": (bool, Unit.YES_NO),
    "travel.return.ahead_h": (int, Unit.HOUR),
    "travel.return.negative_h": (int, Unit.HOUR),
    "travel.return.monitoring_d": (int, Unit.DAY),
    "travel.return.test_day": (int, Unit.COUNT),
    "travel.family_trips_reported": (bool, Unit.YES_NO),
    "travel.leaving": (LeavingRule, Unit.RULES),
    **{f"authority.{act}": (AuthorityRule, Unit.RULES) for act in _ACTS},
    "safeguard.preliminary_h": (int, Unit.HOUR),
    "safeguard.bulk": (BulkGuard, Unit.RULES),
    "safeguard.challenge_h": (int, Unit.HOUR),
    "safeguard.care_without_news_d": (int, Unit.DAY),
    "safeguard.dossier_facts": (int, Unit.COUNT),
    "safeguard.search_candidates": (int, Unit.COUNT),
    "safeguard.publication_d": (int, Unit.DAY),
    "safeguard.withdraw_notice_d": (int, Unit.DAY),
    "standing.required_feeds": (tuple[str, ...], Unit.CODES),
    "standing.feed_stale_h": (int, Unit.HOUR),
}
