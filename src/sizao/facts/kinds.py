"""The frozen kinds of fact: what someone reported, observed, told, ordered or decided.

Every fact has two times, `at` (when it was true) and `recorded_at` (when we learned it), a source, a recorder, a
legal basis and a data class. Facts are never edited: a `Correction` names the fact it takes back, and a better one is
recorded beside it. Facts of one subject are its dossier. Days known only as days are stored as the first instant of
the local day with `precision=Precision.DAY`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, NamedTuple, NewType

from sizao.when import OPEN, Instant, Precision

FactId = NewType("FactId", str)
SubjectId = NewType("SubjectId", str)
"""`kind:name`, for example `person:p1`, `unit:u7`, `area:411702`, `place:…`, `list:…`, `entry:…`, `matter:…`, `feed:tests`."""


class DataClass(StrEnum):
    """What a fact is for; retention and the purpose wall go by it."""

    HEALTH = "health"
    MOVEMENT = "movement"
    CONTROL = "control"
    WORK = "work"
    GIVEN = "given"
    PUBLIC = "public"


class CaseClass(StrEnum):
    """The class of a case notice (确诊、疑似、无症状)."""

    CONFIRMED = "confirmed"
    SUSPECTED = "suspected"
    ASYMPTOMATIC = "asymptomatic"


class How(StrEnum):
    """How an exposure became known."""

    MATCHED = "matched"
    TOLD = "told"
    JUDGED = "judged"


class Grade(StrEnum):
    """The grade of a contact (密接、次密接、一般接触者、涉疫场所暴露人员)."""

    CLOSE = "close"
    SECONDARY = "secondary"
    GENERAL = "general"
    EXPOSED_VENUE = "exposed_venue"


class Result(StrEnum):
    """A test's result; a sample without one yet is `pending`."""

    NEGATIVE = "negative"
    POSITIVE = "positive"
    INDETERMINATE = "indeterminate"
    PENDING = "pending"


class Setting(StrEnum):
    """Where a measure is carried out (集中、居家、医院、自我)."""

    CENTRAL = "central"
    HOME = "home"
    HOSPITAL = "hospital"
    SELF = "self"


class Spot(NamedTuple):
    """Where somebody sat or worked: carriage, cabin, block or ward; rows `row_lo..row_hi` (both included); the seat letter."""

    zone: str | None = None
    row_lo: int | None = None
    row_hi: int | None = None
    seat: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What all facts carry. `source` names the origin, `recorder` the person or system that entered it, `basis` the
    legal ground."""

    kind: ClassVar[str] = ""
    id: FactId
    subject: SubjectId
    at: Instant
    recorded_at: Instant
    source: str
    recorder: str
    basis: str
    data_class: DataClass
    precision: Precision = Precision.SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay(Fact):
    """A person was at a place from `at` until `end`; `stay` is the row's number in the stay store when it came from there."""

    kind: ClassVar[str] = "stay"
    place: str
    place_kind: str
    end: Instant = OPEN
    spots: tuple[Spot, ...] = ()
    stay: int | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride(Fact):
    """A person was aboard a vehicle run from boarding (`at`) until alighting (`end`). `run_basis` says how the run
    was named (`given`, `boarding-day`, `timetable`, `joined`), `flags` what was assumed. On either of two runs: two facts."""

    kind: ClassVar[str] = "ride"
    run: str
    place_kind: str
    end: Instant = OPEN
    boarded: str | None = None
    alighted: str | None = None
    spots: tuple[Spot, ...] = ()
    role: str = "passenger"
    run_basis: str = "boarding-day"
    stay: int | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom(Fact):
    """A person had a symptom (a code) from `at`."""

    kind: ClassVar[str] = "symptom"
    symptom: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Test(Fact):
    """A sample taken at `at`. A result that comes later is a second fact with the same `sample`."""

    __test__: ClassVar[bool] = False
    kind: ClassVar[str] = "test"
    sample: str
    result: Result = Result.PENDING
    resulted_at: Instant | None = None
    method: str = "pcr"
    pooled: bool = False
    specimen: str | None = None
    regular: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRefused(Fact):
    """A person refused a test at `at`; who recorded it and in whose presence."""

    __test__: ClassVar[bool] = False
    kind: ClassVar[str] = "test_refused"
    witness: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNotice(Fact):
    """A case as reported: class, onset of symptoms and first positive sampling (each may be unknown), reporting
    area.

    `window_from` and `window_until`: the infectious stretch as the notifying authority drew it, where a notice says
    only which stays or rides count and neither onset nor sampling."""

    kind: ClassVar[str] = "case_notice"
    case_class: CaseClass
    disease: str
    onset: Instant | None = None
    positive_sampled_at: Instant | None = None
    reporting_area: str
    window_from: Instant | None = None
    window_until: Instant | None = None
    reported_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure(Fact):
    """A person was exposed to a case between `first` and `last`, however it became known.

    Matched: `rule` and `rule_digest` name the contact rule, `stays` the evidence as (case stay, contact stay)
    numbers, with −1 for a case stay that a fact told (`case_told`). Told or judged: `by` and `why` say who said so
    and on what ground. For a secondary contact `via` is the close contact."""

    kind: ClassVar[str] = "exposure"
    case: SubjectId
    case_fact: FactId | None = None
    how: How
    grade: Grade
    first: Instant
    last: Instant
    minutes: int = 0
    place: str | None = None
    place_kind: str | None = None
    rule: str | None = None
    rule_digest: str | None = None
    stays: tuple[tuple[int, int], ...] = ()
    case_told: tuple[FactId, ...] = ()
    via: SubjectId | None = None
    by: str | None = None
    why: str | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed(Fact):
    """A named tracer confirmed an exposure that rested on a match alone."""

    kind: ClassVar[str] = "confirmed"
    exposure: FactId
    by: str
    second_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told(Fact):
    """Somebody was told something at `at`: what (a code), about which fact, over which channel, by whom, with what proof."""

    kind: ClassVar[str] = "told"
    what: str
    about: FactId | None = None
    channel: str
    by: str
    proof: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSeen(Fact):
    """A health code's colour as it showed elsewhere. `cause` is what was recorded with it; None means unknown, and
    stays unknown."""

    kind: ClassVar[str] = "code_seen"
    colour: str
    system: str
    cause: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRated(Fact):
    """An authority rated an area from `at` until `until`."""

    kind: ClassVar[str] = "area_rated"
    area: str
    level: str
    until: Instant = OPEN
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Fact):
    """A decision by a named officer of a body: what, from when until when, on which article, with what reasons.

    `orders` is a code: `central_isolation`, `home_isolation`, `health_monitoring`, `extension`, `area_control`, …"""

    kind: ClassVar[str] = "order"
    orders: str
    start: Instant
    until: Instant
    body: str
    officer: str
    article: str
    reasons: str
    consent_of: str | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted(Fact):
    """A person was received by a hospital, a central isolation site, or into home isolation."""

    kind: ClassVar[str] = "admitted"
    setting: Setting
    place: str
    order: FactId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Left(Fact):
    """A person left a place of care or isolation without release, or went out."""

    kind: ClassVar[str] = "left"
    place: str
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Released(Fact):
    """A person was released from a setting by a named body."""

    kind: ClassVar[str] = "released"
    setting: Setting
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported(Fact):
    """A person or an office reported something (`what`, a code) to a receiver (`unit`, `community`, `hotel`, `network`, …)."""

    kind: ClassVar[str] = "reported"
    what: str
    to: str
    receipt: str | None = None
    about: FactId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TripRequested(Fact):
    """A request to travel: where to (areas), when, why, with whom."""

    kind: ClassVar[str] = "trip_requested"
    trip: str
    start: Instant
    end: Instant
    destinations: tuple[str, ...]
    reason: str
    transport: str | None = None
    companions: tuple[SubjectId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TripDecided(Fact):
    """The decision on a trip by a named officer."""

    kind: ClassVar[str] = "trip_decided"
    trip: str
    granted: bool
    by: str
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TripChanged(Fact):
    """A change of a trip as the traveller reported it."""

    kind: ClassVar[str] = "trip_changed"
    trip: str
    destinations: tuple[str, ...] = ()
    end: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TripReturned(Fact):
    """The traveller is back."""

    kind: ClassVar[str] = "trip_returned"
    trip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveRecorded(Fact):
    """A leave register's entry: leave granted from `start` until `end`."""

    kind: ClassVar[str] = "leave_recorded"
    start: Instant
    end: Instant
    leave: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance(Fact):
    """An attendance register's entry for the local day of `at`."""

    kind: ClassVar[str] = "attendance"
    present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleOnFile(Fact):
    """A unit or area put a rule on file and made it known to its people: which (a code), how, valid until."""

    kind: ClassVar[str] = "rule_on_file"
    rule: str
    made_known: str
    until: Instant = OPEN
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered(Fact):
    """A person is registered as a resident of an area."""

    kind: ClassVar[str] = "registered"
    area: str
    until: Instant = OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSeen(Fact):
    """A feed (tests, cases, …) was complete up to `complete_to`. Subject: `feed:<name>` or the person it was checked for."""

    kind: ClassVar[str] = "feed_seen"
    feed: str
    complete_to: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Tip(Fact):
    """Something a third party said about a person; unverified, and never a ground by itself."""

    kind: ClassVar[str] = "tip"
    says: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Fact):
    """A person stands on a pushed list because of a place, an area or a journey."""

    kind: ClassVar[str] = "listed"
    list: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure(Fact):
    """Named facts were disclosed across the purpose wall: article, necessity, requester, approver, end."""

    kind: ClassVar[str] = "disclosure"
    items: tuple[FactId, ...]
    article: str
    necessity: str
    requester: str
    approver: str
    until: Instant = OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction(Fact):
    """Takes back the fact `corrects`; `replacement` names the better one, when there is one. It may itself be taken back."""

    kind: ClassVar[str] = "correction"
    corrects: FactId
    replacement: FactId | None = None
    why: str


KINDS: dict[str, type[Fact]] = {
    kind.kind: kind
    for kind in (
        Stay, Ride, Symptom, Test, TestRefused, CaseNotice, Exposure, Confirmed, Told, CodeSeen, AreaRated, Order, Admitted,
        Left, Released, Reported, TripRequested, TripDecided, TripChanged, TripReturned, LeaveRecorded, Attendance, RuleOnFile,
        Registered, FeedSeen, Tip, Listed, Disclosure, Correction,
    )
}  # fmt: skip
