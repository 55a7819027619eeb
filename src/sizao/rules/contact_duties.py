"""Duties that follow from a contact's grade: confirming, telling, isolating, testing, releasing, and offering
prophylaxis.

A person's own duty starts when the person was told; an office's duty starts with the event its rule names. Where the
rule gives no hour, a duty has no due time and is never called overdue.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sizao.facts.kinds import (
    Admitted,
    Confirmed,
    Exposure,
    Fact,
    FactId,
    Grade,
    How,
    Left,
    Order,
    Released,
    Reported,
    Setting,
    Told,
)
from sizao.policy.book import PolicyBook
from sizao.policy.kinds import CareKind, Event, Holder
from sizao.rules.deadlines import deadline_for
from sizao.rules.dossier import Read
from sizao.rules.grounds import Course, Grounds, Match
from sizao.rules.owed import Ended, What, owed
from sizao.rules.reasons import Clause, Reason, clause_of
from sizao.rules.sampling_duties import Held, release_duties, test_duties
from sizao.rules.timeline import Duty, State
from sizao.when import DAY_S, HOUR_S, Instant

DEADLINE_OF = {Grade.CLOSE: "deadline.close_to_central", Grade.SECONDARY: "deadline.secondary_to_central"}
GRAVITY = {Grade.CLOSE: 3, Grade.SECONDARY: 2, Grade.EXPOSED_VENUE: 1, Grade.GENERAL: 0}
CENTRAL = (Setting.CENTRAL, Setting.HOSPITAL)
ANYWHERE = (Setting.CENTRAL, Setting.HOSPITAL, Setting.HOME)
STAY = {
    CareKind.ISOLATION: "stay-in-isolation",
    CareKind.HOME_ISOLATION: "stay-in-isolation",
    CareKind.EXCLUSION: "stay-away",
    CareKind.HEALTH_MONITORING: "stay-monitored",
}
CONTACT = "contact"

make = tuple.__new__


def contact_duties(read: Read, found: Grounds) -> list[Duty]:
    """All duties of all courses; where courses overlap, tests and releases are owed under the gravest, then longest one
    only."""
    duties: list[Duty] = []
    bound = {(course.exposure.id, course.grade) for course in found.courses}
    for match in found.matches:
        duties.append(_confirm(read, match))
        if (match.exposure.id, match.grade) not in bound and match.since < match.until:
            duties.append(_tell(read, match.exposure, match.grade, match.since, match.until))
    for course in found.courses:
        _of_course(read, course, found, duties)
    return duties


def _confirm(read: Read, match: Match) -> Duty:
    """A named tracer confirms, or an investigator judges the same contact himself; taking the exposure back also ends
    it."""
    code = "confirm-match" if match.grade is match.exposure.grade else "confirm-regrade"
    hours = (match.due - match.since) // HOUR_S
    reason = Reason(f"duty.{code}", (("hours", hours), ("due", match.due)), match.reason.clauses, (match.exposure.id,))
    met: Fact | None = match.confirmed if match.confirmed is not None else _judged_too(read, match)
    duty = owed(What(code, Holder.TRACING_TEAM, read.subject), match.since, match.due, reason, met)
    return (
        duty
        if met is None
        else duty._replace(met_at=max(match.since, met.at if isinstance(met, Confirmed) else met.recorded_at))
    )


def _judged_too(read: Read, match: Match) -> Exposure | None:
    for fact in read.of(Exposure):
        same = fact.how is How.JUDGED and fact.case == match.exposure.case and fact.by
        if same and GRAVITY[fact.grade] >= GRAVITY[match.grade] and fact.recorded_at >= match.since:
            return fact
    return None


def _tell(read: Read, exposure: Exposure, grade: Grade, since: Instant, lapse: Instant | None) -> Duty:
    """The person is told of the grade and why, at once; a grade that lapsed unconfirmed need not be told any more."""
    reason = Reason("duty.tell-contact", (("grade", f"grade.{grade}"),), (), (exposure.id,))
    ended = None if lapse is None else Ended(lapse, State.VOID)
    what = make(What, ("tell-contact", Holder.TRACING_TEAM, read.subject))
    return owed(what, since, None, reason, _told(read, exposure, grade, since), ended=ended)


def _told(read: Read, exposure: Exposure, grade: Grade, since: Instant) -> Told | None:
    """Telling that is about this exposure, or about none in particular once it was known; a new grade must be told
    anew."""
    for fact in read.of(Told):
        if fact.what != CONTACT or (grade is not exposure.grade and fact.at < since):
            continue
        if fact.about == exposure.id or (fact.about is None and fact.recorded_at >= exposure.recorded_at):
            return fact
    return None


def _of_course(read: Read, course: Course, found: Grounds, duties: list[Duty]) -> None:
    exposure, plan, start = course.exposure, course.plan, course.start
    since = start
    for match in found.matches:
        if match.exposure is exposure and match.grade is course.grade and match.since < since:
            since = match.since
    duties.append(_tell(read, exposure, course.grade, since, None))
    others = _governed_by_others(course, found.courses)
    held = make(Held, (plan, start, course.end, course.eased_at, (exposure.id,), others))
    if not others or held.governs(start):
        _isolate(read, course, duties)
    told = _told(read, exposure, course.grade, since)
    if told is not None:
        _stay(read, course, told, duties)
    duties += test_duties(read, held, "test-contact")
    duties += release_duties(read, held)
    for offer in prophylaxis(read.book, read.area, read.day(exposure.first)):
        _offer(read, course, offer, duties)


def _governed_by_others(course: Course, courses: list[Course]) -> tuple[tuple[Instant, Instant], ...]:
    if len(courses) == 1:
        return ()
    rank = _rank(course)
    return tuple((other.start, other.end) for other in courses if _rank(other) > rank)


def _rank(course: Course) -> tuple[int, int, str]:
    return GRAVITY[course.grade], course.end, course.exposure.id


def _isolate(read: Read, course: Course, duties: list[Duty]) -> None:
    """So many hours from the judgement, where the rule names them and central isolation is not over by then."""
    if course.grade not in DEADLINE_OF or course.start >= course.plan.central_end:
        return
    rule = deadline_for(read.book, DEADLINE_OF[course.grade], read.area, read.day(course.judged_at))
    if rule is None or rule.starts is not Event.CONTACT_JUDGED:
        return
    since = course.judged_at
    facts = _rests_on(course)
    reason = make(Reason, (rule.reason.code, rule.reason.slots, rule.reason.clauses, facts, ()))
    met = received(read, _accepted(read, course), since)
    due = Instant(since + rule.seconds)
    ended = Ended(course.end, State.VOID) if met is None and course.end < due else None
    what = make(What, ("isolate-contact", rule.holder, read.subject))
    duties.append(owed(what, since, due, reason, met, ended=ended))


def _rests_on(course: Course) -> tuple[FactId, ...]:
    """The exposure and, where one confirmed it, the confirmation."""
    last = course.reason.parts[-1] if course.reason.parts else None
    return (
        (course.exposure.id, *last.facts) if last is not None and last.code == "confirmed-by" else (course.exposure.id,)
    )


def _accepted(read: Read, course: Course) -> tuple[Setting, ...]:
    """Central isolation or hospital; at home where a named officer ordered the milder measure."""
    for order in read.of(Order):
        if order.orders == "home_isolation" and order.officer and order.until > course.start:
            return ANYWHERE
    return CENTRAL


def received(read: Read, settings: tuple[Setting, ...], since: Instant) -> Admitted | None:
    """The reception that had the person in such a place at `since`, or else the first one after it."""
    for fact in read.of(Admitted):
        if fact.setting in settings and (fact.at >= since or not _gone(read, fact, since)):
            return fact
    return None


def _gone(read: Read, admitted: Admitted, by: Instant) -> bool:
    """True when the person was released from there, or had left, by then."""
    released = any(fact.setting is admitted.setting and admitted.at <= fact.at <= by for fact in read.of(Released))
    return released or any(fact.place == admitted.place and admitted.at <= fact.at <= by for fact in read.of(Left))


def _stay(read: Read, course: Course, told: Told, duties: list[Duty]) -> None:
    """The person's own duty, from when he was told; after leaving without release it is owed anew. It ends with the
    course."""
    since = told.at if told.at > course.start else course.start
    phase = course.plan.phase_at(since)
    code = STAY.get(phase.written.kind)
    if code is None or since >= course.end:
        return
    order = next((fact for fact in read.of(Order) if fact.start >= course.exposure.first), None)
    facts = (course.exposure.id, told.id) if order is None else (course.exposure.id, told.id, order.id)
    reason = Reason(f"duty.{code}", (("until", course.end),), (course.plan.clause,), facts, (phase.reason,))
    ended = Ended(course.end, State.VOID)
    what = What(code, Holder.PERSON, read.subject)
    duties.append(owed(what, since, None, reason, received(read, ANYWHERE, since), ended=ended))
    for left in read.of(Left):
        if since <= left.at < course.end:
            again = reason._replace(facts=(*facts, left.id))
            back = next((fact for fact in read.of(Admitted) if fact.at >= left.at), None)
            duties.append(owed(what, left.at, None, again, back, ended=ended))


class Offer(NamedTuple):
    """Something that helps when given within so long after the first exposure."""

    what: str
    seconds: int
    clause: Clause


@lru_cache(maxsize=4096)
def prophylaxis(book: PolicyBook, area: str, on: date) -> tuple[Offer, ...]:
    """What is on file for contacts of that day: a vaccine within hours, immunoglobulin within days."""
    keys = (
        ("pep-vaccine", "contact.pep_vaccine_h", HOUR_S),
        ("pep-immunoglobulin", "contact.pep_immunoglobulin_d", DAY_S),
    )
    found = []
    for what, key, unit_s in keys:
        value = book.maybe(key, area=area, on=on)
        if value is not None:
            found.append(Offer(what, value.value * unit_s, clause_of(value)))
    return tuple(found)


def _offer(read: Read, course: Course, offer: Offer, duties: list[Duty]) -> None:
    """Offered while it helps; met by telling the person, or by the report that it was given. Too late to help is not
    owed."""
    due = Instant(course.exposure.first + offer.seconds)
    if due <= course.start:
        return
    answers: list[Fact] = [fact for fact in read.of(Told) if fact.what == offer.what]
    answers += [fact for fact in read.of(Reported) if fact.what == offer.what]
    met = min(
        (fact for fact in answers if fact.at >= course.exposure.first),
        key=lambda fact: (fact.at, fact.id),
        default=None,
    )
    reason = Reason(
        "duty.offer", (("what", f"duty.offer-{offer.what}"), ("due", due)), (offer.clause,), (course.exposure.id,)
    )
    duties.append(owed(What(f"offer-{offer.what}", Holder.CDC, read.subject), course.start, due, reason, met))
