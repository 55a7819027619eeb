"""The purpose wall: what of a person's dossier a unit, employer or discipline office may conclude from.

Facts of health and movement held for epidemic control stay behind it. What passes: leave, attendance, what the traveller gave, public
facts, single facts under a recorded disclosure while it is in force, and that a person is absent on a health order until a day.
"""

from __future__ import annotations

from sizao.facts.corrections import standing_facts
from sizao.facts.kinds import DataClass, Disclosure, Fact, FactId, LeaveRecorded, Order
from sizao.rules.dossier import Dossier
from sizao.when import OPEN, Instant

MAY_PASS = frozenset({DataClass.WORK, DataClass.GIVEN, DataClass.PUBLIC})

CONFINING = frozenset({"central_isolation", "home_isolation", "extension", "area_control"})

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
    absences = [_absence(fact) for fact in known if isinstance(fact, Order) and fact.orders in CONFINING]
    return dossier._replace(facts=(*passing, *absences), upstream=())


def _absence(order: Order) -> LeaveRecorded:
    """ "Absent on a health order until D", and nothing else of the order: not which, not why, not by whom."""
    return LeaveRecorded(
        id=FactId(f"{HEALTH_ORDER}:{order.start}"),
        subject=order.subject,
        at=order.start,
        recorded_at=order.recorded_at,
        source=HEALTH_ORDER,
        recorder=HEALTH_ORDER,
        basis=HEALTH_ORDER,
        data_class=DataClass.WORK,
        start=order.start,
        end=order.until if order.until < OPEN else OPEN,
        leave=HEALTH_ORDER,
    )
