"""Facts of an invented outbreak as the cast would enter them: short ways for tests to say who reported what."""

from __future__ import annotations

from itertools import count
from typing import Any

from sizao.desk.store.acts import Receipt, make, record
from sizao.desk.store.rights import Actor, Purpose
from sizao.facts.kinds import (
    AreaRated,
    CaseClass,
    CaseNotice,
    Confirmed,
    DataClass,
    Exposure,
    Fact,
    FeedSeen,
    Grade,
    How,
    Registered,
    Result,
    Test,
)
from sizao.when import DAY_S, HOUR_S, Instant
from tests.desk.conftest import CAST, COUNTY, NOW

CASE = "person:case"
_keys = count()


def tell(*facts: Fact, by: Actor, purpose: Purpose, now: Instant = NOW, **more: Any) -> Receipt:
    """Record facts under a key nobody else uses."""
    told = {"expect": {}, "key": f"test-{next(_keys)}"} | more
    return record(*facts, by=by, purpose=purpose, now=now, **told)


def registered(subject: str, *, by: Actor = CAST["clerk"], now: Instant = NOW, area: str = COUNTY) -> Fact:
    """A resident of the county."""
    return make(Registered, subject, at=now - 400 * DAY_S, actor=by, now=now, data_class=DataClass.PUBLIC, area=area)


def notice(subject: str = CASE, *, by: Actor = CAST["doctor"], now: Instant = NOW) -> Fact:
    """A confirmed case with onset two days ago."""
    told: dict[str, Any] = {"case_class": CaseClass.CONFIRMED, "disease": "covid19", "reporting_area": COUNTY}
    told |= {"onset": Instant(now - 2 * DAY_S), "positive_sampled_at": Instant(now - DAY_S)}
    return make(CaseNotice, subject, at=now - HOUR_S, actor=by, now=now, data_class=DataClass.HEALTH, **told)


def exposure(
    subject: str, *, by: Actor, case: str = CASE, how: How = How.JUDGED, grade: Grade = Grade.CLOSE, now: Instant = NOW
) -> Exposure:
    """An hour with the case, two days ago."""
    first = Instant(now - 2 * DAY_S)
    told: dict[str, Any] = {"case": case, "how": how, "grade": grade, "first": first, "last": Instant(first + HOUR_S)}
    if how is How.MATCHED:
        told |= {
            "rule": "close",
            "rule_digest": "0" * 64,
            "stays": ((1, 2),),
            "minutes": 60,
            "place_kind": "restaurant",
        }
    else:
        told |= {"by": by.id, "why": "sat at the same table"}
    fact = make(Exposure, subject, at=first, actor=by, now=now, data_class=DataClass.HEALTH, **told)
    assert isinstance(fact, Exposure)
    return fact


def confirmed(exposed: Fact, *, by: Actor, now: Instant = NOW) -> Fact:
    """A tracer stands behind a match."""
    told = {"exposure": exposed.id, "by": by.id}
    return make(Confirmed, exposed.subject, at=now, actor=by, now=now, data_class=DataClass.HEALTH, **told)


def negative(subject: str, *, by: Actor, sample: str, at: Instant, now: Instant = NOW) -> Fact:
    """A negative single test."""
    told: dict[str, Any] = {"sample": sample, "result": Result.NEGATIVE, "resulted_at": Instant(at + 6 * HOUR_S)}
    return make(Test, subject, at=at, actor=by, now=now, data_class=DataClass.HEALTH, **told)


def feed(name: str, *, by: Actor, now: Instant = NOW) -> Fact:
    """A feed that was complete when it was looked at."""
    told: dict[str, Any] = {"feed": name, "complete_to": now}
    return make(FeedSeen, f"feed:{name}", at=now, actor=by, now=now, data_class=DataClass.PUBLIC, **told)


def rated(area: str, level: str, *, by: Actor, now: Instant = NOW) -> Fact:
    """An authority rated an area."""
    told: dict[str, Any] = {"area": area, "level": level, "by": by.unit}
    return make(AreaRated, f"area:{area}", at=now, actor=by, now=now, data_class=DataClass.PUBLIC, **told)
