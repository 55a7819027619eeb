"""From exposures to grades and courses.

A match nobody confirmed is preliminary and lapses; a confirmation or a judgement by a named person binds, until the
rule ends it. What a third party told gives nothing until a named tracer confirms it. Nothing in here burdens anybody
without a named person but the preliminary grade.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from sizao.facts.kinds import Confirmed, Correction, Exposure, FactId, Grade, How, Released, Setting
from sizao.policy.book import PolicyBook
from sizao.policy.kinds import CareKind, PlaceKind
from sizao.rules.dossier import Read
from sizao.rules.grounds import Course, Grounds, GroundSpan, Match, cut_by_care
from sizao.rules.plans import CoursePlan, Days, contact_plan
from sizao.rules.reasons import Clause, Reason, Slots, Standing, clause_of
from sizao.rules.safeguards import Safeguards, safeguards
from sizao.rules.secondary import Regrade, regrade
from sizao.rules.timeline import Finding, GradeSpan
from sizao.when import OPEN, Instant, local_day

CONFINES = frozenset({"central_isolation", "home_isolation", "health_monitoring"})
IMMUNE = "immune"
NONE: tuple[Confirmed, ...] = ()

make = tuple.__new__
"""Builds a NamedTuple without its Python constructor, which takes twice as long: every contact needs some thirty of
them."""

# Members of an enumeration cost a descriptor call each time they are named through it; these are named for every contact.
MATCHED, TOLD, JUDGED = How.MATCHED, How.TOLD, How.JUDGED
CENTRAL, SECONDARY = Setting.CENTRAL, Grade.SECONDARY
GRADE_SLOT: dict[Grade, tuple[str, str]] = {grade: ("grade", f"grade.{grade}") for grade in Grade}
WHY_CODE = {how: f"exposure.{how}" for how in How}


class Judgement(NamedTuple):
    """Whether an investigator may judge people to be contacts, and the clause that says so."""

    allowed: bool
    clauses: tuple[Clause, ...]


@lru_cache(maxsize=4096)
def judgement(book: PolicyBook, area: str, on: date) -> Judgement:
    """Refused only where a rule on file says no; where none says anything the judgement stands on the person who made
    it."""
    value = book.maybe("contact.expert_judgement", area=area, on=on)
    return Judgement(True, ()) if value is None else Judgement(bool(value.value), (clause_of(value),))


class ContactRules(NamedTuple):
    """All that the packs say of a contact of one grade on these days: the course, the guard rails, what an investigator
    may judge."""

    plan: CoursePlan | None
    guards: Safeguards
    judged: Judgement


class _Seen(NamedTuple):
    """One exposure with what it needs: who reads it, its rules and the days that select them, who confirmed it, and why
    it is a grade."""

    read: Read
    found: Grounds
    exposure: Exposure
    days: Days
    rules: ContactRules
    confirmed: Sequence[Confirmed]
    why: Reason


class _Hold(NamedTuple):
    """A grade held in `[start, end)` under a plan; `eased_at`: when central isolation ended early."""

    grade: Grade
    plan: CoursePlan
    start: Instant
    end: Instant
    eased_at: Instant | None
    preliminary: bool
    why: Reason


@lru_cache(maxsize=65536)
def contact_rules(book: PolicyBook, grade: Grade, area: str, zone: str, days: Days) -> ContactRules:
    """Worked out once for everybody with the same days."""
    return ContactRules(
        contact_plan(book, grade, area, zone, days),
        safeguards(book, area, days.decision),
        judgement(book, area, days.decision),
    )


def contact_grounds(read: Read, found: Grounds) -> None:
    """Grades, courses and grounds of a person as a contact; `found.cares` must be there already."""
    exposures = read.of(Exposure)
    if not exposures:
        return
    confirmed = _confirmations(read)
    for exposure in exposures:
        named = confirmed.get(exposure.id, NONE)
        if exposure.how is TOLD:
            found.unverified.append(exposure)
        if exposure.how is not TOLD or named:
            _grade(_seen(read, found, exposure, named))


def _confirmations(read: Read) -> dict[FactId, list[Confirmed]]:
    """By exposure, first recorded first; a confirmation by nobody is none. That of an exposure taken back counts for
    the one named in its place."""
    by_exposure: dict[FactId, list[Confirmed]] = {}
    for fact in read.of(Confirmed):
        if fact.by:
            by_exposure.setdefault(fact.exposure, []).append(fact)
    if Correction in read.by_kind:
        for old, new in read.successors().items():
            if old in by_exposure:
                by_exposure.setdefault(new, []).extend(by_exposure[old])
    for facts in by_exposure.values():
        if len(facts) > 1:
            facts.sort(key=_AS_RECORDED)
    return by_exposure


_AS_RECORDED = attrgetter("recorded_at", "at", "id")


def _seen(read: Read, found: Grounds, exposure: Exposure, confirmed: Sequence[Confirmed]) -> _Seen:
    zone = read.zone
    recorded = local_day(exposure.recorded_at, zone)
    exposed = local_day(exposed_until(exposure), zone)
    days = make(Days, (exposed, _ordered(read, exposure) or recorded, recorded))
    rules = contact_rules(read.book, exposure.grade, read.area, zone, days)
    return make(_Seen, (read, found, exposure, days, rules, confirmed, _why(read, exposure, rules)))


def exposed_until(exposure: Exposure) -> Instant:
    """The last exposure; one that was still going on when recorded counts until then."""
    return exposure.last if exposure.last < OPEN else exposure.recorded_at


def _ordered(read: Read, exposure: Exposure) -> date | None:
    for order in read.orders:
        if order.at >= exposure.first and order.orders in CONFINES:
            return local_day(order.at, read.zone)
    return None


def _grade(seen: _Seen) -> None:
    exposure, rules = seen.exposure, seen.rules
    binds, judged_at = _named(seen)
    if exposure.how is JUDGED and (binds is None or not rules.judged.allowed):
        _finding(seen, "judged-without-name" if binds is None else "judgement-not-allowed", seen.why)
        return
    plan = rules.plan
    if plan is None or (exposure.flags and IMMUNE in exposure.flags and plan.phases[0].care is CareKind.EXCLUSION):
        _without_course(seen, "no-course-on-file" if plan is None else "immune")
        return
    if exposure.how is MATCHED and exposure.recorded_at < plan.end:
        _preliminary(seen, plan, binds)
    if binds is not None:
        _bind(seen, plan, binds, judged_at)


def _named(seen: _Seen) -> tuple[Instant | None, Instant]:
    """From when a named person stands behind the grade, and when that person decided; nobody is bound before it was
    recorded."""
    exposure = seen.exposure
    recorded = exposure.recorded_at
    if exposure.how is JUDGED and exposure.by:
        return recorded, recorded
    if not seen.confirmed:
        return None, recorded
    first = seen.confirmed[0]
    return Instant(max(first.recorded_at, recorded)), Instant(max(first.at, recorded))


def _preliminary(seen: _Seen, plan: CoursePlan, binds: Instant | None) -> None:
    exposure, guards = seen.exposure, seen.rules.guards
    start = exposure.recorded_at
    since = start if Correction not in seen.read.by_kind else first_matched(seen.read, exposure)
    due = Instant(since + guards.preliminary_s)
    until = min(plan.end, due) if binds is None else min(plan.end, due, binds)
    if seen.found.cares:
        until = cut_by_care(seen.found.cares, start, until)
    confirmed = seen.confirmed[0] if seen.confirmed else None
    why = make(Reason, ("preliminary", seen.why.slots, guards.preliminary, seen.why.facts, (seen.why,)))
    seen.found.matches.append(make(Match, (exposure, exposure.grade, start, until, due, confirmed, why)))
    if start < until:
        _hold(seen, make(_Hold, (exposure.grade, plan, start, until, None, True, why)))


def first_matched(read: Read, exposure: Exposure) -> Instant:
    """When the match this one goes on from was first made: matching again does not start the clock again.

    A match of the same case that was taken back counts when the new one was recorded before it would have lapsed.
    """
    since = exposure.recorded_at
    earlier = [
        one.fact.recorded_at
        for one in read.withdrawn()
        if isinstance(one.fact, Exposure) and one.fact.how is How.MATCHED and one.fact.case == exposure.case
    ]
    for recorded in sorted(earlier, reverse=True):
        if recorded < since <= recorded + safeguards(read.book, read.area, read.day(recorded)).preliminary_s:
            since = recorded
    return since


def _bind(seen: _Seen, plan: CoursePlan, binds: Instant, judged_at: Instant) -> None:
    grade, why = seen.exposure.grade, _confirmed_why(seen)
    changed = regrade(seen.read, seen.exposure, seen.days) if grade is SECONDARY else None
    stop, missing = plan.end, False
    if changed is not None:
        why = why._replace(parts=(*why.parts, changed.part))
        stop, missing = min(stop, _regraded(seen, changed, binds, why)), changed.missing
    _course(seen, make(_Hold, (grade, plan, binds, stop, None, False, why)), judged_at, missing)


def _regraded(seen: _Seen, changed: Regrade, binds: Instant, why: Reason) -> Instant:
    """Adds the close contact's grade from a positive first test on; gives when it takes over from the secondary one (or
    never)."""
    close = contact_rules(seen.read.book, Grade.CLOSE, seen.read.area, seen.read.zone, seen.days).plan
    if changed.close_from is None or close is None:
        return OPEN
    start = max(binds, changed.close_from)
    affirmed = next((fact for fact in seen.confirmed if fact.recorded_at >= start), None)
    due = Instant(start + seen.rules.guards.preliminary_s)
    takes_over = OPEN if affirmed is None else affirmed.recorded_at
    until = cut_by_care(seen.found.cares, start, Instant(min(close.end, due, takes_over)))
    doubt = Reason("regrade-preliminary", changed.part.slots, seen.rules.guards.preliminary, why.facts, (why,))
    if start < close.end:
        seen.found.matches.append(Match(seen.exposure, Grade.CLOSE, start, until, due, affirmed, doubt))
    if start < until:
        _hold(seen, _Hold(Grade.CLOSE, close, start, until, None, True, doubt))
    if affirmed is not None:
        step = _named_step(affirmed)
        by_name = why._replace(parts=(*why.parts, step)) if step not in why.parts else why
        _course(seen, _Hold(Grade.CLOSE, close, takes_over, close.end, None, False, by_name), affirmed.at, False)
    return takes_over


def _course(seen: _Seen, hold: _Hold, judged_at: Instant, missing: bool) -> None:
    """A course that binds: cut where he becomes a case or a body releases him early."""
    start, end, eased = hold.start, hold.end, None
    if seen.found.cares:
        end = cut_by_care(seen.found.cares, start, end)
    for released in seen.read.releases:
        if start <= released.at < end:
            if released.setting is CENTRAL and released.at < hold.plan.central_end:
                eased = released.at if eased is None else eased
            if _ends_course(seen.read, released, hold.plan):
                end = released.at
    if start >= end:
        return
    plan, grade = hold.plan, hold.grade
    course = (seen.exposure, grade, plan, start, end, judged_at, eased, missing, hold.why)
    seen.found.courses.append(make(Course, course))
    _hold(seen, make(_Hold, (grade, plan, start, end, eased, False, hold.why)))


def _ends_course(read: Read, released: Released, plan: CoursePlan) -> bool:
    """An early release from the last setting of the course, by a named body, ends all of it."""
    if released.setting is Setting.CENTRAL:
        return plan.central_end == plan.end
    if released.setting is Setting.HOSPITAL:
        return False
    return released.at >= plan.central_end or all(fact.setting is not Setting.CENTRAL for fact in read.admissions)


def _hold(seen: _Seen, hold: _Hold) -> None:
    """The grade, and the ground of each colour on file while it is held; without a colour rule on file the ground has
    no colour."""
    grade, plan, start, end, eased, preliminary, why = hold
    seen.found.grades.append(make(GradeSpan, (start, end, grade, seen.exposure.case, preliminary, why)))
    spans, named, route = seen.found.spans, GRADE_SLOT[grade], seen.rules.guards.route
    if not plan.coded:
        reason = Reason("ground-uncoded", (named, ("until", end)), (), (), (plan.reason, why, route))
        spans.append(GroundSpan(start, end, Standing.UNKNOWN, preliminary, reason))
        return
    limit = plan.colours_until if end == plan.end else end
    for colour_start, colour_end, standing, central, colour in plan.colours:
        begins, ends = colour_start, colour_end
        if eased is not None and central:
            ends = min(ends, eased)
        elif eased is not None and begins == plan.central_end:
            begins = eased
        if begins < start:
            begins = start
        if ends > limit:
            ends = limit
        if begins < ends:
            reason = make(Reason, ("ground", (named, ("until", ends)), (), (), (colour, plan.reason, why, route)))
            spans.append(make(GroundSpan, (begins, ends, standing, preliminary, reason)))


def _without_course(seen: _Seen, code: str) -> None:
    """A grade for which no rule on file says what follows asks nothing of anybody; it is stated for as long as a match
    would be."""
    start = seen.exposure.recorded_at
    end = Instant(start + seen.rules.guards.preliminary_s)
    named = bool(seen.confirmed) or seen.exposure.how is How.JUDGED
    why = _confirmed_why(seen)
    seen.found.grades.append(GradeSpan(start, end, seen.exposure.grade, seen.exposure.case, not named, why))
    _finding(seen, code, why)


def _finding(seen: _Seen, code: str, why: Reason) -> None:
    exposure = seen.exposure
    slots = (("grade", f"grade.{exposure.grade}"), ("case", exposure.case))
    reason = Reason(f"finding.{code}", slots, (), (exposure.id,), (why,))
    seen.found.findings.append(Finding(code, exposure.recorded_at, exposure.id, reason))


def _why(read: Read, exposure: Exposure, rules: ContactRules) -> Reason:
    facts = (exposure.id,) if exposure.case_fact is None else (exposure.id, exposure.case_fact)
    kind = exposure.place_kind
    slots: Slots = (
        GRADE_SLOT[exposure.grade],
        ("case", exposure.case),
        ("minutes", exposure.minutes),
        ("first", exposure.first),
        ("last", exposure.last),
        ("place", "place.not-stated" if kind is None else f"policy.place_kind.{kind}"),
        ("rule", exposure.rule),
        ("by", exposure.by),
        ("why", exposure.why),
    )
    clauses: tuple[Clause, ...] = ()
    parts: tuple[Reason, ...] = ()
    if exposure.how is not MATCHED:
        clauses, parts = rules.judged.clauses, _site_reset(read, exposure)
    return make(Reason, (WHY_CODE[exposure.how], slots, clauses, facts, parts))


def _confirmed_why(seen: _Seen) -> Reason:
    if not seen.confirmed:
        return seen.why
    code, slots, clauses, facts, parts = seen.why
    return make(Reason, (code, slots, clauses, facts, (*parts, _named_step(seen.confirmed[0]))))


def _named_step(confirmed: Confirmed) -> Reason:
    return make(Reason, ("confirmed-by", (("by", confirmed.by), ("on", confirmed.at)), (), (confirmed.id,), ()))


def _site_reset(read: Read, exposure: Exposure) -> tuple[Reason, ...]:
    """Transmission inside an isolation site is judged as an exposure until the last positive person was moved out; the
    clock starts there."""
    if exposure.place_kind != PlaceKind.ISOLATION_SITE:
        return ()
    value = read.book.maybe("course.site_reset", area=read.area, on=read.day(exposure.recorded_at))
    if value is None or not value.value:
        return ()
    return (Reason("site-reset", (("last", exposure.last),), (clause_of(value),)),)
