"""What officers' packs are made of: reports and trips, authority and routes, and Sizao's own guard rails."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sizao.policy.kinds import Confidence, ReportTo, Within
from sizao.policy.values import Citation, Text


class TripField(StrEnum):
    """What the record of a trip holds at least."""

    APPLICANT = "applicant"
    UNIT = "unit"
    POST_LEVEL = "post_level"
    REASON = "reason"
    DESTINATIONS = "destinations"
    PLACES_PASSED = "places_passed"
    TRANSPORT = "transport"
    COMPANIONS = "companions"
    START_AND_END = "start_and_end"
    APPROVALS = "approvals"
    RISK_LEVELS = "risk_levels"
    CHANGES = "changes"
    PRE_RETURN_REPORT = "pre_return_report"
    RETURN_REPORT = "return_report"
    FAMILY_TRIPS = "family_trips"
    QUARANTINE_LINK = "quarantine_link"


class PostLevel(StrEnum):
    """Whose trip it is, as approval chains tell posts apart."""

    STUDENT = "student"
    STAFF = "staff"
    MIDDLE = "middle"
    DEPUTY_HEAD = "deputy_head"
    HEAD = "head"


class Body(StrEnum):
    """Who decides, consents, receives a report, or lifts."""

    MEDICAL_INSTITUTION = "medical_institution"
    CDC = "cdc"
    INVESTIGATOR = "investigator"
    COUNTY_GOVERNMENT = "county_government"
    HIGHER_GOVERNMENT = "higher_government"
    PROVINCE_GOVERNMENT = "province_government"
    STATE_COUNCIL = "state_council"
    COUNTY_COMMAND = "county_command"
    CITY_COMMAND = "city_command"
    NATIONAL_HEALTH = "national_health"
    PROVINCE_HEALTH = "province_health"
    COUNTY_HEALTH = "county_health"
    POLICE = "police"
    DECIDING_BODY = "deciding_body"
    COURT = "court"
    REVIEW_ORGAN = "review_organ"
    DIRECT_SUPERIOR = "direct_superior"
    UNIT_HEAD = "unit_head"
    SUPERVISING_DEPARTMENT = "supervising_department"
    CLASS_TEACHER = "class_teacher"
    SCHOOL = "school"
    CITY_DUTY_OFFICES = "city_duty_offices"
    NOBODY = "nobody"


class RouteKind(StrEnum):
    """How a person may object."""

    CHALLENGE = "challenge"
    ADMINISTRATIVE_REVIEW = "administrative_review"
    LITIGATION = "litigation"
    RECODE = "recode"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnReport:
    """Who must report, about which stay, to whom, and when."""

    who: Text
    stayed: Text
    since: date | None = None
    to: tuple[ReportTo, ...]
    within: Within | None = None
    hours_before: int | None = None
    cite: Citation
    confidence: Confidence
    also: tuple[Citation, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelLimit:
    """A limit on trips, for whom and where to."""

    who: Text
    says: Text
    cite: Citation
    confidence: Confidence
    also: tuple[Citation, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalStep:
    """Whose trip is decided by whom; `told` learns of it."""

    level: PostLevel
    decides: Body
    told: Body | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingRule:
    """What it takes to leave a place."""

    green: bool
    negative_h: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A person's way to object: of what kind, to whom, within how long of learning of the act."""

    kind: RouteKind
    to: Body
    within_days: int | None = None
    within_months: int | None = None
    answered_h: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityRule:
    """Who may decide an act, with whose consent, how long it may last, who lifts it, and what the person has against it.

    `max_key` names the value that bounds the act's length in the protocol in force. `reported_to` learns of the act at once;
    with `lapses_if_refused` a refusal by the higher body ends it at once.
    """

    decides: Body
    consent: Body | None = None
    reported_to: Body | None = None
    lapses_if_refused: bool = False
    proposes: Body | None = None
    max_key: str | None = None
    max_says: Text | None = None
    lifted_by: Body | None = None
    enforced_with: Body | None = None
    owed: Text | None = None
    routes: tuple[Route, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkGuard:
    """Above so many people a preliminary standing needs so many approvers, each of another unit."""

    above_persons: int
    approvers: int
