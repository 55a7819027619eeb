"""Duties around a trip as far as facts and rules on file carry them: deciding a request, reporting the return."""

from __future__ import annotations

from sizao.facts.kinds import FactId, RuleOnFile, TripChanged, TripDecided, TripRequested, TripReturned
from sizao.policy.book import PolicyBook
from sizao.policy.kinds import Holder
from sizao.rules.dossier import Read
from sizao.rules.owed import owed
from sizao.rules.reasons import Reason
from sizao.rules.timeline import Duty
from sizao.when import Instant

TRIP_RULE = "trip"


def trip_duties(read: Read, book: PolicyBook) -> list[Duty]:
    """For each requested trip under a trip rule made known: the unit decides; the traveller, if granted, reports the return."""
    duties: list[Duty] = []
    for trip in read.of(TripRequested):
        rules = [fact for fact in read.of(RuleOnFile) if fact.rule == TRIP_RULE and fact.at <= trip.at < fact.until]
        if not rules:
            continue
        facts = (trip.id, *(fact.id for fact in rules))
        decided = next((fact for fact in read.of(TripDecided) if fact.trip == trip.trip), None)
        reason = Reason("duty.decide-trip", (("start", trip.start),), (), facts)
        duties.append(owed("decide-trip", Holder.UNIT, read.subject, trip.at, trip.start, reason, decided))
        if decided is not None and decided.granted:
            duties.append(_return(read, trip, (*facts, decided.id)))
    return duties


def _return(read: Read, trip: TripRequested, facts: tuple[FactId, ...]) -> Duty:
    changed = [fact.end for fact in read.of(TripChanged) if fact.trip == trip.trip and fact.end is not None]
    end: Instant = changed[-1] if changed else trip.end
    back = next((fact for fact in read.of(TripReturned) if fact.trip == trip.trip), None)
    reason = Reason("duty.report-return", (("end", end),), (), facts)
    since = back.at if back is not None and back.at < end else end
    return owed("report-return", Holder.PERSON, "unit", since, None, reason, back)
