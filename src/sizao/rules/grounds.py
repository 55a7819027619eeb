"""From exposures and case notices to grounds: what may give a standing, from when, until when, and why.

A ground starts when the fact it rests on was recorded (nobody is coded backwards) and ends where the rule says, whoever forgets
to lift it. A match nobody confirmed gives a preliminary ground that lapses. Something a third party told gives none at all.
"""

from __future__ import annotations

from typing import NamedTuple

from sizao.facts.kinds import CaseNotice, Confirmed, Exposure, Grade, How, Order, Released, Setting
from sizao.policy.book import PolicyBook
from sizao.policy.kinds import Ground, SelectsBy
from sizao.rules.dossier import Read
from sizao.rules.plans import COURSE_OF, EXPOSED_VENUE, CoursePlan, course_plan, infected_colours
from sizao.rules.reasons import Reason, Standing
from sizao.rules.safeguards import Safeguards
from sizao.rules.secondary import regrade
from sizao.rules.timeline import GradeSpan
from sizao.when import DAY_S, HOUR_S, OPEN, Instant, local_day

GROUND_OF = {
    Grade.CLOSE: Ground.CLOSE,
    Grade.SECONDARY: Ground.SECONDARY,
    Grade.GENERAL: Ground.GENERAL,
    Grade.EXPOSED_VENUE: Ground.GENERAL,
}

KEY_OF = {grade: COURSE_OF[ground] for grade, ground in GROUND_OF.items()} | {Grade.EXPOSED_VENUE: EXPOSED_VENUE}


class GroundSpan(NamedTuple):
    """What gives a standing in `[start, end)`."""

    start: Instant
    end: Instant
    standing: Standing
    preliminary: bool
    reason: Reason


class Course(NamedTuple):
    """A course somebody is on: the exposure, the plan, from when it binds, until when, and whether a person stands behind it."""

    exposure: Exposure
    grade: Grade
    plan: CoursePlan | None
    binds_from: Instant | None
    end: Instant
    reason: Reason


class Grounds(NamedTuple):
    """All that follows from exposures and notices before standings and duties are worked out."""

    grades: list[GradeSpan]
    spans: list[GroundSpan]
    courses: list[Course]
    unverified: list[Exposure]


def grounds_of(read: Read, book: PolicyBook, guards: Safeguards) -> Grounds:
    """Grades, grounds and courses of a person."""
    found = Grounds([], [], [], [])
    confirmed = {fact.exposure: fact for fact in reversed(read.of(Confirmed))}
    for exposure in read.of(Exposure):
        if exposure.how is How.TOLD:
            found.unverified.append(exposure)
        else:
            _from_exposure(exposure, confirmed.get(exposure.id), read, book, guards, found)
    for notice in read.of(CaseNotice):
        _from_notice(notice, read, book, guards, found)
    return found


def _from_exposure(
    exposure: Exposure, confirmed: Confirmed | None, read: Read, book: PolicyBook, guards: Safeguards, found: Grounds
) -> None:
    plan = plan_for(exposure, exposure.grade, read, book)
    why = _why_graded(exposure, confirmed)
    binds_from = confirmed.at if confirmed is not None else exposure.recorded_at if exposure.how is How.JUDGED else None
    end = plan.end if plan is not None else exposure.recorded_at
    grade, changed = exposure.grade, None
    if grade is Grade.SECONDARY:
        changed = regrade(exposure, read, book)
        why = why._replace(parts=why.parts + changed.parts)
    if exposure.how is How.MATCHED and (confirmed is None or confirmed.at > exposure.recorded_at):
        lapse = Instant(exposure.recorded_at + guards.preliminary_h * HOUR_S)
        until = min(end, lapse if confirmed is None else min(lapse, confirmed.at))
        _add(
            exposure,
            grade,
            plan,
            exposure.recorded_at,
            until,
            why._replace(code="preliminary", clauses=guards.clauses),
            found,
        )
    if binds_from is not None:
        stop = end if changed is None or changed.close_from is None else min(end, changed.close_from)
        _add(exposure, grade, plan, binds_from, stop, why, found)
        found.courses.append(Course(exposure, grade, plan, binds_from, max(end, binds_from), why))
        if changed is not None and changed.close_from is not None:
            close = plan_for(exposure, Grade.CLOSE, read, book)
            if close is not None:
                _add(exposure, Grade.CLOSE, close, max(binds_from, changed.close_from), close.end, why, found)
                found.courses.append(Course(exposure, Grade.CLOSE, close, changed.close_from, close.end, why))
    else:
        found.courses.append(Course(exposure, grade, plan, None, end, why))


def plan_for(exposure: Exposure, grade: Grade, read: Read, book: PolicyBook) -> CoursePlan | None:
    """The course of the rule that the pack's own instant selects: exposure, order or decision."""
    key, ground = KEY_OF[grade], GROUND_OF[grade]
    day0 = local_day(exposure.last, read.zone)
    plan_value = book.maybe(key, area=read.area, on=day0)
    on = day0
    if plan_value is not None and plan_value.selects_by is SelectsBy.ORDER:
        orders = read.of(Order)
        on = local_day(orders[0].at if orders else exposure.recorded_at, read.zone)
    elif plan_value is not None and plan_value.selects_by is SelectsBy.DECISION:
        on = local_day(exposure.recorded_at, read.zone)
    return course_plan(book, key, ground, read.area, on, day0, read.zone)


def _add(
    exposure: Exposure,
    grade: Grade,
    plan: CoursePlan | None,
    start: Instant,
    end: Instant,
    why: Reason,
    found: Grounds,
) -> None:
    if start >= end:
        return
    preliminary = why.code == "preliminary"
    found.grades.append(GradeSpan(start, end, grade, exposure.case, preliminary, why))
    if plan is None:
        return
    for colour in plan.colours:
        begins, ends = max(start, colour.start), min(end, colour.end)
        if begins < ends:
            reason = Reason(
                "ground", (("grade", f"grade.{grade}"), ("until", ends)), (), (), (colour.reason, plan.reason, why)
            )
            found.spans.append(GroundSpan(begins, ends, colour.standing, preliminary, reason))


def _why_graded(exposure: Exposure, confirmed: Confirmed | None) -> Reason:
    facts = (exposure.id,) if exposure.case_fact is None else (exposure.id, exposure.case_fact)
    slots = (
        ("grade", f"grade.{exposure.grade}"),
        ("case", exposure.case),
        ("minutes", exposure.minutes),
        ("first", exposure.first),
        ("last", exposure.last),
        ("rule", exposure.rule),
        ("by", exposure.by),
        ("why", exposure.why),
    )
    parts = (
        ()
        if confirmed is None
        else (Reason("confirmed-by", (("by", confirmed.by), ("on", confirmed.at)), (), (confirmed.id,)),)
    )
    return Reason(f"exposure.{exposure.how}", slots, (), facts, parts)


def _from_notice(notice: CaseNotice, read: Read, book: PolicyBook, guards: Safeguards, found: Grounds) -> None:
    """An infected person: in care until released, then the course that follows discharge. Care without news is not endless."""
    on = local_day(notice.recorded_at, read.zone)
    why = Reason(
        "case-notice", (("class", f"case_class.{notice.case_class}"), ("area", notice.reporting_area)), (), (notice.id,)
    )
    ended = [fact for fact in read.of(Released) if fact.setting is Setting.HOSPITAL and fact.at >= notice.at]
    news = max((fact.at for facts in read.by_kind.values() for fact in facts), default=notice.at)
    lapse = Instant(max(news, notice.recorded_at) + guards.care_without_news_days * DAY_S)
    end = min(ended[0].at if ended else OPEN, lapse)
    for colour in infected_colours(book, Ground(str(notice.case_class)), read.area, on):
        if notice.recorded_at < end:
            reason = Reason(
                "ground-case", (("until", end),), guards.clauses if end == lapse else (), (), (colour.reason, why)
            )
            found.spans.append(GroundSpan(notice.recorded_at, end, colour.standing, False, reason))
    if ended:
        _after_discharge(ended[0], why, read, book, found)


def _after_discharge(released: Released, why: Reason, read: Read, book: PolicyBook, found: Grounds) -> None:
    day0 = local_day(released.at, read.zone)
    plan = course_plan(book, "infected.course", Ground.DISCHARGED, read.area, day0, day0, read.zone)
    for colour in plan.colours if plan is not None else ():
        begins = max(released.at, colour.start)
        if plan is not None and begins < colour.end:
            step = Reason("discharged", (("on", released.at),), (), (released.id,))
            reason = Reason("ground-case", (("until", colour.end),), (), (), (colour.reason, plan.reason, step, why))
            found.spans.append(GroundSpan(begins, colour.end, colour.standing, False, reason))
