"""A traveller of an invented outbreak, in every standing there is; short ways for the tests of these desks to get there."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from sizao.desk import clock
from sizao.desk.people.entering import Entry, enter
from sizao.desk.people.who import DocumentKind
from sizao.desk.people.who import Who as Identified
from sizao.desk.store.acts import Receipt, make
from sizao.desk.store.rights import Actor, Purpose, machine
from sizao.facts.kinds import DataClass, Exposure, Fact, FeedSeen, Grade, How, Order, Told
from sizao.when import DAY_S, HOUR_S, Instant
from tests.desk.conftest import CAST, COUNTY, NOW
from tests.desk.store.facts_told import CASE, confirmed, exposure, notice, registered, tell

ME = "person:traveller"
"""The subject of the cast's traveller."""

FEEDS = ("tests", "cases", "exposures")
MATCHER = machine("match", COUNTY)
SECRET = "张三其名与病例甲同桌"
"""Words that somebody wrote about others, and that must reach no page of the traveller."""


def fresh(subject: str = ME, *, now: Instant = NOW, by: Actor | None = None) -> list[Fact]:
    """Every feed the example county asks for has reported."""
    lab = by or CAST["lab"]
    told: dict[str, Any] = {"actor": lab, "now": now, "data_class": DataClass.HEALTH, "complete_to": now}
    return [make(FeedSeen, subject, at=now, feed=feed, **told) for feed in FEEDS]


def resident(subject: str = ME, *, now: Instant = NOW) -> None:
    """Registered, with all data fresh: green."""
    tell(registered(subject, by=CAST["clerk"], now=now), by=CAST["clerk"], purpose=Purpose.COUNTER, now=now)
    tell(*fresh(subject, now=now), by=CAST["lab"], purpose=Purpose.TESTING, now=now)


def infected(case: str = CASE, *, now: Instant = NOW) -> None:
    """A case that a hospital reported."""
    tell(notice(case, now=now), by=CAST["doctor"], purpose=Purpose.CARE, now=now)


def matched(subject: str = ME, *, case: str = CASE, now: Instant = NOW) -> Exposure:
    """A match that nobody confirmed yet: preliminary."""
    found = exposure(subject, by=MATCHER, case=case, how=How.MATCHED, now=now)
    tell(found, by=MATCHER, purpose=Purpose.TRACING, now=now)
    return found


def judged(subject: str = ME, *, case: str = CASE, now: Instant = NOW, by: str = "tracer") -> Exposure:
    """A judgement by a named tracer, with words that name others."""
    actor, first = CAST[by], Instant(now - 2 * DAY_S)
    told: dict[str, Any] = {
        "case": case,
        "how": How.JUDGED,
        "grade": Grade.CLOSE,
        "first": first,
        "last": Instant(first + HOUR_S),
    }
    told |= {"by": actor.id, "why": SECRET, "place_kind": "theatre", "place": "place:theatre-1"}
    fact = make(Exposure, subject, at=first, actor=actor, now=now, data_class=DataClass.HEALTH, **told)
    tell(fact, by=actor, purpose=Purpose.TRACING, now=now)
    assert isinstance(fact, Exposure)
    return fact


def confirm(found: Fact, *, by: str = "tracer", now: Instant = NOW) -> Receipt:
    """A named tracer stands behind a match."""
    return tell(confirmed(found, by=CAST[by], now=now), by=CAST[by], purpose=Purpose.TRACING, now=now)


def told_of(found: Fact, *, now: Instant = NOW, by: str = "tracer") -> Fact:
    """The traveller was told of it by telephone."""
    actor = CAST[by]
    told = {"what": "contact", "about": found.id, "channel": "phone", "by": actor.id, "proof": "N7"}
    fact = make(Told, found.subject, at=now, actor=actor, now=now, data_class=DataClass.CONTROL, **told)
    tell(fact, by=actor, purpose=Purpose.TRACING, now=now)
    return fact


def ordered(subject: str = ME, *, now: Instant = NOW, by: str = "officer") -> Order:
    """An officer ordered central isolation for a fortnight."""
    actor = CAST[by]
    told: dict[str, Any] = {
        "orders": "central_isolation",
        "start": now,
        "until": Instant(now + 14 * DAY_S),
        "body": "command",
        "officer": actor.id,
        "article": "第四十条",
        "reasons": "依照流行病学调查结果",
    }
    fact = make(Order, subject, at=now, actor=actor, now=now, data_class=DataClass.CONTROL, **told)
    tell(fact, by=actor, purpose=Purpose.COMMAND, now=now)
    assert isinstance(fact, Order)
    return fact


def known(subject: str = ME, *, name: str = "旅客甲", area: str = COUNTY, **more: Any) -> None:
    """Somebody on the register, with a passport and a telephone unless told otherwise."""
    told: dict[str, Any] = {
        "document_kind": DocumentKind.PASSPORT,
        "document": "E12345678",
        "phone": "13800000001",
    } | more
    enter(
        [Entry(subject=subject, who=Identified(name=name, **told), area=area)],
        keys=settings.KEYS,
        chance=clock,
        now=NOW,
    )


def key_of(page: bytes) -> str:
    """The hidden key of the first form on a page."""
    text = page.decode()
    start = text.index('name="key"')
    tag = text[text.rindex("<input", 0, start) : text.index(">", start)]
    return tag.partition('value="')[2].partition('"')[0]
