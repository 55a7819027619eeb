"""An exposure or a case that was taken back: whoever was held only by it is free at once, is told so, and the order is
lifted.

Grades, grounds and courses need nothing from here: they are worked out from the facts that stand, as if the other one
had never been.
"""

from __future__ import annotations

from sizao.facts.kinds import CaseNotice, Confirmed, Exposure, How
from sizao.policy.kinds import Holder
from sizao.rules.courses import CONFINES, exposed_until
from sizao.rules.dossier import Read, Withdrawn
from sizao.rules.grounds import Grounds
from sizao.rules.owed import What, owed
from sizao.rules.plans import Days, contact_plan
from sizao.rules.reasons import Reason
from sizao.rules.safeguards import safeguards
from sizao.rules.timeline import Duty
from sizao.when import Instant

FREED = "freed"


def freed_duties(read: Read, found: Grounds) -> list[Duty]:
    """To tell whoever is free because of a correction, and to lift the orders that rested on it."""
    duties: list[Duty] = []
    for taken_back in read.withdrawn():
        since = taken_back.by.recorded_at
        if _held_until(read, taken_back) > since and not _still_held(found, since):
            duties += _free(read, taken_back, since)
    return duties


def _held_until(read: Read, taken_back: Withdrawn) -> Instant:
    """Until when the fact would have held the person; a fact that never held anybody gives the beginning of time."""
    fact = taken_back.fact
    if isinstance(fact, CaseNotice):
        return Instant(
            fact.recorded_at + safeguards(read.book, read.area, read.day(fact.recorded_at)).care_without_news_s
        )
    if not isinstance(fact, Exposure) or fact.how is How.TOLD:
        return Instant(0)
    recorded = read.day(fact.recorded_at)
    days = Days(read.day(exposed_until(fact)), recorded, recorded)
    plan = contact_plan(read.book, fact.grade, read.area, read.zone, days)
    if plan is None:
        return Instant(0)
    if fact.how is How.JUDGED or any(each.exposure == fact.id for each in read.of(Confirmed)):
        return plan.end
    return Instant(min(plan.end, fact.recorded_at + safeguards(read.book, read.area, recorded).preliminary_s))


def _still_held(found: Grounds, moment: Instant) -> bool:
    grades = any(span.start <= moment < span.end for span in found.grades)
    return grades or any(care.start <= moment < care.end for care in found.cares)


def _free(read: Read, taken_back: Withdrawn, since: Instant) -> list[Duty]:
    facts = (taken_back.fact.id, taken_back.by.id)
    told = next((fact for fact in read.tellings if fact.what == FREED and fact.at >= since), None)
    tell = Reason("duty.tell-freed", (("why", taken_back.by.why),), (), facts)
    duties = [owed(What("tell-freed", Holder.TRACING_TEAM, read.subject), since, None, tell, told)]
    for order in read.orders:
        if order.orders in CONFINES and order.start <= since < order.until:
            lifted = next((fact for fact in read.releases if fact.at >= since), None)
            slots = (("orders", f"order.{order.orders}"), ("until", order.until), ("why", taken_back.by.why))
            lift = Reason("duty.lift-order", slots, (), (order.id, *facts))
            duties.append(owed(What("lift-order", Holder.AREA, read.subject), since, None, lift, lifted))
    return duties
