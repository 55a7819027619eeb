"""The purpose wall: what of a person's dossier a unit, employer or discipline office may conclude from.

Facts of health and movement held for epidemic control stay behind it. What passes: leave, attendance, what the
traveller gave, public facts, single facts under a recorded disclosure while it is in force, and that a person is absent
on a health order until a day. A unit's side concludes duties between the person, the unit and the community, and
nothing else: no standing, no grade.
"""

from __future__ import annotations

from sizao.facts.corrections import standing_facts
from sizao.facts.kinds import DataClass, Disclosure, Fact, FactId, LeaveRecorded, Order, Released, Setting
from sizao.rules.dossier import Dossier, View
from sizao.when import Instant

MAY_PASS = frozenset({DataClass.WORK, DataClass.GIVEN, DataClass.PUBLIC})

_AT_HOME = (Setting.HOME, Setting.SELF)
ENDED_BY = {
    "central_isolation": (Setting.CENTRAL,),
    "home_isolation": _AT_HOME,
    "health_monitoring": _AT_HOME,
    "extension": (Setting.CENTRAL, *_AT_HOME),
    "area_control": (),
}
"""Orders that keep somebody from work, and the releases that end them early."""

HEALTH_ORDER = "health-order"


def for_unit(dossier: Dossier, known_at: Instant) -> Dossier:
    """The dossier as a unit may read it; upstream dossiers never pass. Withdrawing a disclosure takes its items back."""
    known = standing_facts(dossier.facts, known_at)
    disclosed = {
        item
        for fact in known
        if isinstance(fact, Disclosure) and fact.at <= known_at < fact.until
        for item in fact.items
    }
    passing: list[Fact] = [fact for fact in known if fact.data_class in MAY_PASS or fact.id in disclosed]
    return dossier._replace(facts=(*passing, *_absences(known)), upstream=(), view=View.UNIT)


def _absences(known: list[Fact]) -> list[LeaveRecorded]:
    """ "Absent on a health order until D", and nothing else of the orders: not which, not why, not by whom, not how
    many."""
    orders = [fact for fact in known if isinstance(fact, Order) and fact.orders in ENDED_BY]
    merged: list[tuple[Instant, Instant, Order]] = []
    for order in sorted(orders, key=lambda fact: (fact.start, fact.id)):
        until = _until(order, known)
        if merged and order.start <= merged[-1][1]:
            start, end, first = merged[-1]
            earlier = min(first, order, key=lambda fact: fact.recorded_at)
            merged[-1] = (start, max(end, until), earlier)
        else:
            merged.append((order.start, until, order))
    return [_absence(start, end, order) for start, end, order in merged]


def _until(order: Order, known: list[Fact]) -> Instant:
    """The order's end, or the release that came before it."""
    settings = ENDED_BY[order.orders]
    released = [
        fact.at
        for fact in known
        if isinstance(fact, Released) and fact.setting in settings and order.start <= fact.at < order.until
    ]
    return min([order.until, *released])


def _absence(start: Instant, end: Instant, order: Order) -> LeaveRecorded:
    return LeaveRecorded(
        id=FactId(f"{HEALTH_ORDER}:{start}"),
        subject=order.subject,
        at=start,
        recorded_at=order.recorded_at,
        source=HEALTH_ORDER,
        recorder=HEALTH_ORDER,
        basis=HEALTH_ORDER,
        data_class=DataClass.WORK,
        start=start,
        end=end,
        leave=HEALTH_ORDER,
    )
