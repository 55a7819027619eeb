"""Duties that follow from a contact's grade: confirming, telling, isolating, testing, releasing.

A person's own duty starts when the person was told; an office's duty starts with the event its rule names. Where the rule gives no
hour, a duty has no due time and is never called overdue.
"""

from __future__ import annotations

from sizao.facts.kinds import Admitted, Confirmed, Grade, How, Order, Released, Setting, Test, Told
from sizao.policy.book import PolicyBook
from sizao.policy.kinds import Event, Holder
from sizao.policy.kinds import Setting as CourseSetting
from sizao.rules.deadlines import deadline_for
from sizao.rules.dossier import Read
from sizao.rules.grounds import Course
from sizao.rules.owed import owed
from sizao.rules.plans import CoursePlan, TestDay
from sizao.rules.reasons import Reason
from sizao.rules.safeguards import Safeguards
from sizao.rules.timeline import Duty
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
    return owed("confirm-match", Holder.TRACING_TEAM, read.subject, exposure.recorded_at, due, reason, met)


def _of_course(read: Read, course: Course, book: PolicyBook) -> list[Duty]:
    binds, exposure, plan = course.binds_from, course.exposure, course.plan
    if binds is None:
        return []
    told = next((fact for fact in read.of(Told) if fact.what == "contact" and fact.at >= exposure.first), None)
    tell = Reason("duty.tell-contact", (("grade", f"grade.{course.grade}"),), (), (exposure.id,), (course.reason,))
    duties = [owed("tell-contact", Holder.TRACING_TEAM, read.subject, binds, None, tell, told)]
    if plan is None:
        return duties
    admitted = next(
        (fact for fact in read.of(Admitted) if fact.setting in ISOLATING and fact.at >= exposure.first), None
    )
    if course.grade in DEADLINE_OF:
        rule = deadline_for(book, DEADLINE_OF[course.grade], read.area, local_day(binds, read.zone))
        if rule is not None and rule.starts is Event.CONTACT_JUDGED:
            due = Instant(binds + rule.seconds)
            duties.append(owed("isolate-contact", rule.holder, read.subject, binds, due, rule.reason, admitted))
        if told is not None and told.at < course.end:
            duties.append(_stay(read, course, plan, told, admitted))
    tests = read.of(Test)
    for test_day in plan.tests:
        if test_day.until > binds:
            duties.append(_test(read, test_day, tests, binds))
    if course.end < OPEN:
        duties.append(_release(read, course, plan))
    return duties


def _stay(read: Read, course: Course, plan: CoursePlan, told: Told, admitted: Admitted | None) -> Duty:
    order = next((fact for fact in read.of(Order) if fact.start >= course.exposure.first), None)
    because = (told.id,) if order is None else (told.id, order.id)
    reason = Reason(
        "duty.stay-in-isolation", (("until", course.end),), (plan.clause,), because, (plan.phases[0].reason,)
    )
    return owed("stay-in-isolation", Holder.PERSON, read.subject, told.at, None, reason, admitted, course.end)


def _test(read: Read, test_day: TestDay, tests: list[Test], binds: Instant) -> Duty:
    """Met by a sample on the day; met late by one before the next test is due. A missed one stays overdue: the office owed it.

    A test whose day was over before the grade bound is owed from then, until the next one is due.
    """
    met = None
    for test in tests:
        if test_day.opens <= test.at < test_day.until:
            met = test
            break
    holder = Holder.SITE if test_day.setting is CourseSetting.CENTRAL else Holder.COMMUNITY
    since = max(test_day.opens, binds)
    due = Instant((test_day.closes if since < test_day.closes else test_day.until) - 1)
    return owed("test-contact", holder, read.subject, since, due, test_day.reason, met)


def _release(read: Read, course: Course, plan: CoursePlan) -> Duty:
    since = plan.phases[-1].start
    released = next(
        (fact for fact in read.of(Released) if fact.setting is not Setting.HOSPITAL and fact.at >= since), None
    )
    reason = Reason("duty.release", (("until", course.end),), (plan.clause,), (course.exposure.id,), (plan.reason,))
    return owed("release-contact", Holder.AREA, read.subject, since, course.end, reason, released)
