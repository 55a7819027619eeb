"""Duties that follow from a contact's grade: confirming, telling, isolating, testing, releasing, and offering
prophylaxis.

A person's own duty starts when the person was told; an office's duty starts with the event its rule names. Where the
rule gives no hour, a duty has no due time and is never called overdue.
"""

from __future__ import annotations

from sizao.facts.kinds import (
    Admitted,
    Exposure,
    Fact,
    FactId,
    Grade,
    How,
    Left,
    Reported,
    Setting,
    Told,
)
from sizao.policy.kinds import CareKind, Event, Holder
from sizao.rules.deadlines import deadline_for
from sizao.rules.dossier import Read
from sizao.rules.grounds import Course, Grounds, Match
from sizao.rules.owed import Ended, What, owed
from sizao.rules.prophylaxis import Offer
from sizao.rules.reasons import Reason
from sizao.rules.sampling_duties import Held, release_duties, test_duties
from sizao.rules.timeline import Duty, State
from sizao.when import HOUR_S, Instant, local_day

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

# Members of an enumeration cost a descriptor call each time they are named through it; these are named for every contact.
PERSON, TRACERS, VOID = Holder.PERSON, Holder.TRACING_TEAM, State.VOID
JUDGED, CONTACT_JUDGED = How.JUDGED, Event.CONTACT_JUDGED
TELL = {grade: (("grade", f"grade.{grade}"),) for grade in Grade}


def contact_duties(read: Read, found: Grounds) -> list[Duty]:
    """All duties of all courses; where courses overlap, tests and releases are owed under the gravest, then longest one
    only."""
    duties: list[Duty] = []
    courses = found.courses
    for match in found.matches:
        exposure, grade, since, until, _, _, _ = match
        duties.append(_confirm(read, match))
        for course in courses:
            if course[0] is exposure and course[1] is grade:
                break
        else:
            if since < until:
                told = _told(read, exposure, grade, since)
                duties.append(_tell(read, match, since, told, Ended(until, VOID)))
    for course in courses:
        _of_course(read, course, found, duties)
    return duties


def _confirm(read: Read, match: Match) -> Duty:
    """A named tracer confirms, or an investigator judges the same contact himself; taking the exposure back also ends
    it."""
    exposure, grade, since, _, due, confirmed, (_, _, clauses, _, _) = match
    code = "confirm-match" if grade is exposure.grade else "confirm-regrade"
    slots = (("hours", (due - since) // HOUR_S), ("due", due))
    reason = make(Reason, (DUTY[code], slots, clauses, (exposure.id,), ()))
    what = make(What, (code, TRACERS, read.subject))
    if confirmed is not None:
        return owed(what, since, due, reason, confirmed)
    judged = _judged_too(read, match)
    if judged is None:
        return owed(what, since, due, reason, None)
    # An exposure is dated by the contact itself; that it was judged is known since it was recorded.
    return owed(what, since, due, reason, judged)._replace(met_at=max(since, judged.recorded_at))


DUTY = {code: f"duty.{code}" for code in ("confirm-match", "confirm-regrade", *STAY.values())}


def _judged_too(read: Read, match: Match) -> Exposure | None:
    for fact in read.of(Exposure):
        same = fact.how is JUDGED and fact.case == match.exposure.case and fact.by
        if same and GRAVITY[fact.grade] >= GRAVITY[match.grade] and fact.recorded_at >= match.since:
            return fact
    return None


def _tell(read: Read, held: Match | Course, since: Instant, told: Told | None, ended: Ended | None) -> Duty:
    """The person is told of the grade and why, at once; a grade that lapsed unconfirmed need not be told any more."""
    reason = make(Reason, ("duty.tell-contact", TELL[held.grade], (), (held.exposure.id,), ()))
    return owed(make(What, ("tell-contact", TRACERS, read.subject)), since, None, reason, told, ended=ended)


def _told(read: Read, exposure: Exposure, grade: Grade, since: Instant) -> Told | None:
    """Telling that is about this exposure, or about none in particular once it was known; a new grade must be told
    anew."""
    for fact in read.tellings:
        if fact.what != CONTACT or (grade is not exposure.grade and fact.at < since):
            continue
        about = fact.about
        if about == exposure.id or (about is None and fact.recorded_at >= exposure.recorded_at):
            return fact
    return None


def _of_course(read: Read, course: Course, found: Grounds, duties: list[Duty]) -> None:
    exposure, grade, plan, start, end, _, eased, _, _ = course
    since = start
    for matched, matched_grade, matched_since, *_ in found.matches:
        if matched is exposure and matched_grade is grade and matched_since < since:
            since = matched_since
    told = _told(read, exposure, grade, since)
    duties.append(_tell(read, course, since, told, None))
    others = () if len(found.courses) == 1 else _governed_by_others(course, found.courses)
    held = make(Held, (plan, start, end, eased, (exposure.id,), others))
    if start < plan.central_end and (not others or held.governs(start)):
        _isolate(read, course, duties)
    if told is not None and told.at < end:
        _stay(read, course, told, duties)
    duties += test_duties(read, held, "test-contact")
    duties += release_duties(read, held)
    for offer in plan.offers:
        _offer(read, course, offer, duties)


def _governed_by_others(course: Course, courses: list[Course]) -> tuple[tuple[Instant, Instant], ...]:
    rank = _rank(course)
    return tuple((other.start, other.end) for other in courses if _rank(other) > rank)


def _rank(course: Course) -> tuple[int, int, str]:
    return GRAVITY[course.grade], course.end, course.exposure.id


def _isolate(read: Read, course: Course, duties: list[Duty]) -> None:
    """So many hours from the judgement, where the rule names them and central isolation is not over by then."""
    key = DEADLINE_OF.get(course.grade)
    rule = None if key is None else deadline_for(read.book, key, read.area, local_day(course.judged_at, read.zone))
    if rule is None or rule.starts is not CONTACT_JUDGED:
        return
    since = course.judged_at
    code, slots, clauses, _, _ = rule.reason
    reason = make(Reason, (code, slots, clauses, _rests_on(course), ()))
    met = received(read, _accepted(read, course), since)
    due = Instant(since + rule.seconds)
    ended = Ended(course.end, VOID) if met is None and course.end < due else None
    duties.append(
        owed(make(What, ("isolate-contact", rule.holder, read.subject)), since, due, reason, met, ended=ended)
    )


def _rests_on(course: Course) -> tuple[FactId, ...]:
    """The exposure and, where one confirmed it, the confirmation."""
    parts = course.reason.parts
    if parts and parts[-1].code == "confirmed-by":
        return (course.exposure.id, *parts[-1].facts)
    return (course.exposure.id,)


def _accepted(read: Read, course: Course) -> tuple[Setting, ...]:
    """Central isolation or hospital; at home where a named officer ordered the milder measure."""
    for order in read.orders:
        if order.orders == "home_isolation" and order.officer and order.until > course.start:
            return ANYWHERE
    return CENTRAL


def received(read: Read, settings: tuple[Setting, ...], since: Instant) -> Admitted | None:
    """The reception that had the person in such a place at `since`, or else the first one after it."""
    for fact in read.admissions:
        if fact.setting in settings and (fact.at >= since or not _gone(read, fact, since)):
            return fact
    return None


def _gone(read: Read, admitted: Admitted, by: Instant) -> bool:
    """True when the person was released from there, or had left, by then."""
    for released in read.releases:
        if released.setting is admitted.setting and admitted.at <= released.at <= by:
            return True
    return any(left.place == admitted.place and admitted.at <= left.at <= by for left in read.of(Left))


def _stay(read: Read, course: Course, told: Told, duties: list[Duty]) -> None:
    """The person's own duty, from when he was told; after leaving without release it is owed anew. It ends with the
    course."""
    exposure, plan, end = course.exposure, course.plan, course.end
    since = told.at if told.at > course.start else course.start
    phase = plan.phase_at(since)
    code = STAY.get(phase.written.kind)
    if code is None:
        return
    facts: tuple[FactId, ...] = (exposure.id, told.id)
    for order in read.orders:
        if order.start >= exposure.first:
            facts = (exposure.id, told.id, order.id)
            break
    reason = make(Reason, (DUTY[code], (("until", end),), (plan.clause,), facts, (phase.reason,)))
    what, ended = make(What, (code, PERSON, read.subject)), make(Ended, (end, VOID))
    duties.append(owed(what, since, None, reason, received(read, ANYWHERE, since), ended=ended))
    for left in read.of(Left):
        if since <= left.at < end:
            again = reason._replace(facts=(*facts, left.id))
            back = next((fact for fact in read.admissions if fact.at >= left.at), None)
            duties.append(owed(what, left.at, None, again, back, ended=ended))


def _offer(read: Read, course: Course, offer: Offer, duties: list[Duty]) -> None:
    """Prophylaxis while it helps. Met by telling the person, or by the report that it was given; too late to help is
    not owed."""
    exposure = course.exposure
    due = Instant(exposure.first + offer.seconds)
    if due <= course.start:
        return
    answers: list[Fact] = [fact for fact in read.tellings if fact.what == offer.what]
    answers += [fact for fact in read.of(Reported) if fact.what == offer.what]
    answers = [fact for fact in answers if fact.at >= exposure.first]
    met = min(answers, key=lambda fact: (fact.at, fact.id), default=None)
    slots = (("what", f"duty.offer-{offer.what}"), ("due", due))
    reason = Reason("duty.offer", slots, (offer.clause,), (exposure.id,))
    duties.append(owed(What(f"offer-{offer.what}", Holder.CDC, read.subject), course.start, due, reason, met))
