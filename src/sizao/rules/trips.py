"""Duties around a trip as far as facts and rules on file carry them: deciding a request, reporting the return."""

from __future__ import annotations

from sizao.facts.kinds import FactId, RuleOnFile, TripChanged, TripDecided, TripRequested, TripReturned
from sizao.policy.book import PolicyBook
from sizao.policy.kinds import Holder
from sizao.rules.dossier import Read
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
        met = (None, None) if decided is None else (decided.at, decided.id)
        reason = Reason("duty.decide-trip", (("start", trip.start),), (), facts)
        duties.append(Duty("decide-trip", str(Holder.UNIT), read.subject, trip.at, trip.start, *met, None, None, reason))
        if decided is not None and decided.granted:
            duties.append(_return(read, trip, (*facts, decided.id)))
    return duties


def _return(read: Read, trip: TripRequested, facts: tuple[FactId, ...]) -> Duty:
    changed = [fact.end for fact in read.of(TripChanged) if fact.trip == trip.trip and fact.end is not None]
    end: Instant = changed[-1] if changed else trip.end
    back = next((fact for fact in read.of(TripReturned) if fact.trip == trip.trip), None)
    met = (None, None) if back is None else (back.at, back.id)
    reason = Reason("duty.report-return", (("end", end),), (), facts)
    since = back.at if back is not None and back.at < end else end
    return Duty("report-return", str(Holder.PERSON), "unit", since, None, *met, None, None, reason)
