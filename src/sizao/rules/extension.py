"""After the last day of a course: an exit test the person refused, and an extension by a named officer within the rule's maximum.

A restriction ends on its date whatever the authority left undone. Only a refusal by the person leaves the standing unknown, and only
an order of extension, with a body, an officer, an article and reasons, prolongs it.
"""

from __future__ import annotations

from typing import NamedTuple

from sizao.facts.kinds import Order, Result, Test, TestRefused
from sizao.policy.book import PolicyBook
from sizao.rules.dossier import Read
from sizao.rules.grounds import Course, GroundSpan
from sizao.rules.limits import longest_extension
from sizao.rules.reasons import Reason, Standing
from sizao.rules.standing import Plain
from sizao.rules.timeline import Finding
from sizao.when import DAY_S, OPEN, Instant, local_day

EXTENSION = "extension"


class Extended(NamedTuple):
    """Grounds that an extension adds, stretches left unknown by a refusal, and findings about extensions."""

    spans: list[GroundSpan]
    unsettled: list[Plain]
    findings: list[Finding]


def extensions(read: Read, courses: list[Course], book: PolicyBook) -> Extended:
    """What refusals and orders of extension do to the courses that bind the person."""
    result = Extended([], [], [])
    refused = read.of(TestRefused)
    orders = [order for order in read.of(Order) if order.orders == EXTENSION]
    if not refused and not orders:
        return result
    for course in courses:
        if course.binds_from is None or course.plan is None or course.end >= OPEN:
            continue
        refusal = _refusal_of_exit_test(refused, course)
        if refusal is not None:
            result.unsettled.append(_unknown_after(read, course, refusal))
        for order in orders:
            if order.start <= course.end < order.until:
                _extend(read, course, order, refusal, book, result)
    return result


def _refusal_of_exit_test(refused: list[TestRefused], course: Course) -> TestRefused | None:
    if course.plan is None or not course.plan.tests:
        return None
    opens = course.plan.tests[-1].opens
    return next((fact for fact in refused if opens <= fact.at < course.end), None)


def _unknown_after(read: Read, course: Course, refusal: TestRefused) -> Plain:
    """Unknown until the person gives a negative sample; it turns nobody away and is no colour."""
    negative = [test for test in read.of(Test) if test.at >= refusal.at and test.result is Result.NEGATIVE]
    until = min((test.resulted_at or test.recorded_at for test in negative), default=OPEN)
    return Plain(course.end, Instant(max(until, course.end)), Standing.UNKNOWN, _refused(refusal))


def _refused(refusal: TestRefused) -> Reason:
    return Reason("standing.exit-test-refused", (("on", refusal.at), ("witness", refusal.witness)), (), (refusal.id,))


def _extend(
    read: Read, course: Course, order: Order, refusal: TestRefused | None, book: PolicyBook, result: Extended
) -> None:
    limit = longest_extension(book, read.area, local_day(order.at, read.zone))
    slots = (("until", order.until), ("officer", order.officer), ("body", order.body), ("article", order.article))
    if refusal is None or limit is None:
        code = "extension-without-refusal" if refusal is None else "extension-without-rule"
        result.findings.append(Finding(code, order.at, order.id, Reason(f"finding.{code}", slots, (), (order.id,))))
        return
    last = Instant(course.end + limit.days * DAY_S)
    until = min(order.until, last)
    why = Reason(
        "extended", (*slots, ("most", limit.days)), (limit.clause,), (order.id,), (_refused(refusal), course.reason)
    )
    colours = course.plan.colours if course.plan is not None else ()
    if colours:
        standing = colours[-1].standing
        result.spans.append(GroundSpan(course.end, until, standing, False, why))
    if order.until > last:
        over = Reason("finding.extension-too-long", (*slots, ("most", limit.days)), (limit.clause,), (order.id,))
        result.findings.append(Finding("extension-too-long", order.at, order.id, over))
