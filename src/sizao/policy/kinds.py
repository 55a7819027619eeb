"""The field's closed vocabularies, as packs write them. Each member has its term in `words/said/policy.yaml`."""

from __future__ import annotations

from enum import StrEnum


class PackKind(StrEnum):
    """What a pack is for."""

    PROTOCOL = "protocol"
    OVERLAY = "overlay"
    OFFICIALS = "officials"
    AUTHORITY = "authority"
    SAFEGUARDS = "safeguards"
    DEPLOYMENT = "deployment"


class SelectsBy(StrEnum):
    """Which instant selects the dated value."""

    EXPOSURE = "exposure"
    ORDER = "order"
    DECISION = "decision"


class Confidence(StrEnum):
    """How well a value is supported: several sources, one, a statute text, an inference, or sources that disagree."""

    SEVERAL = "V"
    ONE = "1"
    STATUTE = "L"
    INFERRED = "INF"
    CONTESTED = "contested"


class Unit(StrEnum):
    """What a value counts or is."""

    DAY = "d"
    HOUR = "h"
    MINUTE = "min"
    COUNT = "count"
    PERSON = "persons"
    YES_NO = "yes/no"
    CODE = "code"
    CODES = "codes"
    COURSE = "course"
    RULES = "rules"
    DEADLINE = "deadline"
    RANGE = "range"
    RATE = "per_10000"


class PlaceKind(StrEnum):
    """What a place is, as far as contact rules tell places apart. A vehicle run is a place."""

    DWELLING = "dwelling"
    OFFICE = "office"
    WORKSHOP = "workshop"
    MEETING_ROOM = "meeting_room"
    CLASSROOM = "classroom"
    DORMITORY = "dormitory"
    WARD = "ward"
    CLINIC = "clinic"
    RESTAURANT = "restaurant"
    ENTERTAINMENT = "entertainment"
    THEATRE = "theatre"
    SHOP = "shop"
    MARKET = "market"
    TRANSIT = "transit"
    STATION = "station"
    HOTEL = "hotel"
    ISOLATION_SITE = "isolation_site"
    OUTDOOR = "outdoor"
    SIGHT = "sight"
    AIRCRAFT = "aircraft"
    TRAIN_SEALED = "train_sealed"
    TRAIN_SEALED_SOFT_SLEEPER = "train_sealed_soft_sleeper"
    TRAIN_ORDINARY = "train_ordinary"
    BUS_SEALED = "bus_sealed"
    BUS_VENTILATED = "bus_ventilated"
    SHIP = "ship"
    CAR = "car"
    METRO = "metro"
    TAXI = "taxi"
    CARE_HOME = "care_home"
    DETENTION = "detention"
    WORSHIP = "worship"
    GYM = "gym"
    CONSTRUCTION_SITE = "construction_site"
    COLD_STORAGE = "cold_storage"
    OTHER = "other"


class ContactGrade(StrEnum):
    """What a contact rule makes of a meeting. Ordered from the gravest."""

    CLOSE = "close"
    SECONDARY = "secondary"
    EXPOSED_VENUE = "exposed_venue"
    GENERAL = "general"


class Same(StrEnum):
    """What two people must share: the zone (carriage, cabin, compartment, table, block) or the whole place."""

    ZONE = "zone"
    PLACE = "place"


class Scene(StrEnum):
    """The scene of contact a rule or an investigator names."""

    COHABITING = "cohabiting"
    CARE = "care"
    VISITING = "visiting"
    AEROSOL_PROCEDURE = "aerosol_procedure"
    SAME_ROOM = "same_room"
    MEAL_OR_ENTERTAINMENT = "meal_or_entertainment"
    SAME_VEHICLE = "same_vehicle"
    CONTAMINATED_ENVIRONMENT = "contaminated_environment"
    EXPERT_JUDGEMENT = "expert_judgement"
    SHARED_TRANSPORT = "shared_transport"
    SHARED_PLACE = "shared_place"
    VENUE_EXPOSURE = "venue_exposure"
    AIRBORNE = "airborne"


class CountsFrom(StrEnum):
    """The moment a course's day 0 is taken from."""

    LAST_EXPOSURE = "last_exposure"
    ENTRY = "entry"
    LEAVING_AREA = "leaving_area"
    DISCHARGE = "discharge"
    FIRST_POSITIVE = "first_positive"
    RASH_ONSET = "rash_onset"
    SYMPTOM_ONSET = "symptom_onset"


class Setting(StrEnum):
    """Where a phase of a course is spent."""

    CENTRAL = "central"
    HOME = "home"
    HOSPITAL = "hospital"
    SELF = "self"
    HOME_OR_CENTRAL = "home_or_central"


class CareKind(StrEnum):
    """What a phase asks of the person."""

    ISOLATION = "isolation"
    HOME_ISOLATION = "home_isolation"
    HEALTH_MONITORING = "health_monitoring"
    SELF_MONITORING = "self_monitoring"
    TREATMENT = "treatment"
    EXCLUSION = "exclusion"


class Sample(StrEnum):
    """How a test sample is taken."""

    NASOPHARYNGEAL = "nasopharyngeal"
    OROPHARYNGEAL = "oropharyngeal"


class EndsWhen(StrEnum):
    """What ends a phase besides its days."""

    DISCHARGE_CRITERIA = "discharge_criteria"
    NEGATIVE_LAST_TEST = "negative_last_test"
    CT_TWICE = "ct_twice"


class IfPositive(StrEnum):
    """What becomes of a secondary contact whose close contact tests positive in the first tests."""

    REGRADE_CLOSE = "regrade_close"


class MissingResults(StrEnum):
    """What becomes of a secondary contact when the close contact's first results are missing on the last day."""

    END = "end"


class Holder(StrEnum):
    """Who owes a duty."""

    HOSPITAL = "hospital"
    CDC = "cdc"
    COUNTY_HEALTH = "county_health"
    TRACING_TEAM = "tracing_team"
    AREA = "area"
    COMMUNITY = "community"
    UNIT = "unit"
    PERSON = "person"
    SITE = "site"
    COMMAND = "command"
    DISCIPLINE = "discipline"


class Event(StrEnum):
    """What starts or meets a deadline."""

    CASE_DIAGNOSED = "case_diagnosed"
    CASE_REPORTED = "case_reported"
    REPORT_RECEIVED = "report_received"
    REPORT_CONFIRMED = "report_confirmed"
    EVENT_FOUND = "event_found"
    EVENT_REPORTED = "event_reported"
    GOVERNMENT_TOLD = "government_told"
    HIGHER_GOVERNMENT_TOLD = "higher_government_told"
    CASE_ADMITTED = "case_admitted"
    TRACK_SURVEYED = "track_surveyed"
    INVESTIGATION_FILED = "investigation_filed"
    CONTACT_JUDGED = "contact_judged"
    CONTACT_ISOLATED = "contact_isolated"
    REQUEST_RECEIVED = "request_received"
    PERSON_LOCATED = "person_located"
    PERSON_CONTROLLED = "person_controlled"
    FEEDBACK_SENT = "feedback_sent"
    SAMPLE_TAKEN = "sample_taken"
    RESULT_GIVEN = "result_given"
    CONDITION_MET = "condition_met"
    CODE_TURNED = "code_turned"


class Ground(StrEnum):
    """Why a standing may be other than green."""

    CONFIRMED = "confirmed"
    SUSPECTED = "suspected"
    ASYMPTOMATIC = "asymptomatic"
    CLOSE = "close"
    SECONDARY = "secondary"
    GENERAL = "general"
    COMPANION = "companion"
    AREA_HIGH_STAY = "area_high_stay"
    AREA_MEDIUM_STAY = "area_medium_stay"
    SYMPTOM = "symptom"
    INBOUND = "inbound"
    DISCHARGED = "discharged"
    ARRIVAL = "arrival"


class Phase(StrEnum):
    """Where a person stands in the course that goes with the ground."""

    ANY = "any"
    HOSPITAL = "hospital"
    CENTRAL = "central"
    HOME = "home"
    MONITORING = "monitoring"


class Colour(StrEnum):
    """A colour a rule may give. Green and unknown are never given by a ground."""

    RED = "red"
    YELLOW = "yellow"


class Level(StrEnum):
    """Risk level of an area, or zone of control."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    SEALED = "sealed"
    CONTROLLED = "controlled"
    PRECAUTION = "precaution"


class AreaUnit(StrEnum):
    """What a risk level is given to."""

    STREET = "street"
    COUNTY = "county"
    COMPOUND = "compound"
    BUILDING = "building"


class Cumulative(StrEnum):
    """How the cumulative number of cases compares with the pack's number."""

    ANY = "any"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"


class Anchor(StrEnum):
    """What the infectious window is counted from."""

    ONSET_OR_SAMPLE = "onset_or_sample"
    RASH = "rash"
    ONSET = "onset"


class LimitCheck(StrEnum):
    """A prohibition that software can check on an order."""

    AREA_WIDER_THAN_RULE = "area_wider_than_rule"
    LOW_RISK_CONFINED = "low_risk_confined"
    AREA_LONGER_THAN_RULE = "area_longer_than_rule"
    PERSONS_WIDER_THAN_RULE = "persons_wider_than_rule"
    PERSON_LONGER_THAN_RULE = "person_longer_than_rule"


class ReportTo(StrEnum):
    """To whom a person reports."""

    COMMUNITY = "community"
    UNIT = "unit"
    HOTEL = "hotel"
    SCHOOL = "school"


class Within(StrEnum):
    """How soon, where the source gives no number of hours."""

    AT_ONCE = "at_once"
    FIRST_ON_RETURN = "first_on_return"
    BEFORE_RETURN = "before_return"
