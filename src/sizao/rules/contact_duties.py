"""Duties that follow from a contact's grade: confirming, telling, isolating, testing, releasing.

A person's own duty starts when the person was told; an office's duty starts with the event its rule names. Where the rule gives no
hour, a duty has no due time and is never called overdue.
"""

from __future__ import annotations

from sizao.facts.kinds import Admitted, Confirmed, FactId, Grade, How, Order, Released, Setting, Test, Told
from sizao.policy.book import PolicyBook
from sizao.policy.kinds import Event, Holder
from sizao.policy.kinds import Setting as CourseSetting
from sizao.rules.deadlines import deadline_for
from sizao.rules.dossier import Read
from sizao.rules.grounds import Course
from sizao.rules.plans import PhasePlan, TestDay
from sizao.rules.reasons import Reason
from sizao.rules.safeguards import Safeguards
from sizao.rules.timeline import Duty, State
from sizao.when import HOUR_S, OPEN, Instant, local_day

ISOLATING = (Setting.CENTRAL, Setting.HOME)
DEADLINE_OF = {Grade.CLOSE: "deadline.close_to_central", Grade.SECONDARY: "deadline.secondary_to_central"}


def contact_duties(read: Read, courses: list[Course], book: PolicyBook, guards: Safeguards) -> list[Duty]:
    """All duties of all courses; those of one grade follow the course with the latest end, so that none is owed twice."""
    duties: list[Duty] = []
    leading: dict[Grade, Course] = {}
    for course in courses:
        if course.exposure.how is How.MATCHED and course.grade is course.exposure.grade:
            duties.append(_confirm(read, course, guards))
        if course.binds_from is None:
            continue
        known = leading.get(course.grade)
        if known is None or (course.end, course.exposure.id) > (known.end, known.exposure.id):
            leading[course.grade] = course
    for course in leading.values():
        duties += _of_course(read, course, book)
    return duties


def _confirm(read: Read, course: Course, guards: Safeguards) -> Duty:
    exposure = course.exposure
    due = Instant(exposure.recorded_at + guards.preliminary_h * HOUR_S)
    met = next((fact for fact in read.of(Confirmed) if fact.exposure == exposure.id), None)
    reason = Reason("duty.confirm-match", (("hours", guards.preliminary_h),), guards.clauses, (exposure.id,))
    return _duty("confirm-match", Holder.TRACING_TEAM, read.subject, exposure.recorded_at, due, met, reason)


def _of_course(read: Read, course: Course, book: PolicyBook) -> list[Duty]:
    binds, exposure = course.binds_from, course.exposure
    assert binds is not None
    told = next((fact for fact in read.of(Told) if fact.what == "contact" and fact.at >= exposure.first), None)
    tell = Reason("duty.tell-contact", (("grade", f"grade.{course.grade}"),), (), (exposure.id,), (course.reason,))
    duties = [_duty("tell-contact", Holder.TRACING_TEAM, read.subject, binds, None, told, tell)]
    if course.plan is None:
        return duties
    admitted = next((fact for fact in read.of(Admitted) if fact.setting in ISOLATING and fact.at >= exposure.first), None)
    if course.grade in DEADLINE_OF:
        duties += _isolation(read, course, book, told, admitted)
    tests = read.of(Test)
    for test_day in course.plan.tests:
        if test_day.until > binds:
            duties.append(_test(read, test_day, tests))
    if course.end < OPEN:
        duties.append(_release(read, course))
    return duties


def _isolation(read: Read, course: Course, book: PolicyBook, told: Told | None, admitted: Admitted | None) -> list[Duty]:
    binds, plan = course.binds_from, course.plan
    assert binds is not None and plan is not None
    duties: list[Duty] = []
    rule = deadline_for(book, DEADLINE_OF[course.grade], read.area, local_day(binds, read.zone))
    if rule is not None and rule.starts is Event.CONTACT_JUDGED:
        due = Instant(binds + rule.seconds)
        duties.append(_duty("isolate-contact", rule.holder, read.subject, binds, due, admitted, rule.reason))
    order = next((fact for fact in read.of(Order) if fact.start >= course.exposure.first), None)
    since = told.at if told is not None else None
    if since is not None and since < course.end:
        phase = plan.phases[0].reason
        because = (told.id,) if order is None or told is None else (told.id, order.id)
        reason = Reason("duty.stay-in-isolation", (("until", course.end),), (plan.clause,), because, (phase,))
        duties.append(_duty("stay-in-isolation", Holder.PERSON, read.subject, since, None, admitted, reason, course.end))
    return duties


def _test(read: Read, test_day: TestDay, tests: list[Test]) -> Duty:
    """Met by a sample on the day; met late by one before the next test is due. A missed one stays overdue: the office owed it."""
    met = next((test for test in tests if test_day.opens <= test.at < test_day.until), None)
    holder = Holder.SITE if test_day.setting is CourseSetting.CENTRAL else Holder.COMMUNITY
    return _duty("test-contact", holder, read.subject, test_day.opens, Instant(test_day.closes - 1), met, test_day.reason)


def _release(read: Read, course: Course) -> Duty:
    plan = course.plan
    assert plan is not None
    last: PhasePlan = plan.phases[-1]
    released = next((fact for fact in read.of(Released) if fact.setting is not Setting.HOSPITAL and fact.at >= last.start), None)
    reason = Reason("duty.release", (("until", course.end),), (plan.clause,), (course.exposure.id,), (plan.reason,))
    return _duty("release-contact", Holder.AREA, read.subject, last.start, course.end, released, reason)


def _duty(
    code: str,
    holder: Holder,
    owed_to: str,
    since: Instant,
    due: Instant | None,
    met: Confirmed | Told | Admitted | Released | Test | None,
    reason: Reason,
    ends: Instant | None = None,
) -> Duty:
    met_at: Instant | None = None
    met_by: FactId | None = None
    if met is not None:
        met_at, met_by = Instant(max(met.at, since)), met.id
    ended = ends if ends is not None and ends < OPEN and met is None else None
    return Duty(code, str(holder), owed_to, since, due, met_at, met_by, ended, None if ended is None else State.VOID, reason)
