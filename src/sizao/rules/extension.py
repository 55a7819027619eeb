"""After the last day of a phase: an exit test the person refused, and an extension by a named officer within the rule's
maximum.

A restriction ends on its date whatever the authority left undone. Only a refusal by the person leaves the standing
unknown, and only an order of extension, with a body, an officer, an article and reasons, prolongs it, where a rule on
file says by how much it may. It may also where a secondary contact's first results of the close contact are missing.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sizao.facts.kinds import Order, TestRefused
from sizao.policy.book import PolicyBook
from sizao.policy.values import Course as WrittenCourse
from sizao.rules.dossier import Read
from sizao.rules.grounds import Course, Grounds, GroundSpan, Plain
from sizao.rules.plans import TestDay
from sizao.rules.reasons import Clause, Reason, Slots, Standing, clause_of
from sizao.rules.timeline import Finding
from sizao.when import DAY_S, OPEN, Instant

EXTENSION = "extension"


class ExtensionLimit(NamedTuple):
    """How long an extension may be, and the clauses that say so."""

    days: int
    clauses: tuple[Clause, ...]


class _Exit(NamedTuple):
    """The end of a phase that asks for a test before it, and the person's refusal of that test, if any."""

    at: Instant
    refusal: TestRefused | None


@lru_cache(maxsize=4096)
def longest_extension(book: PolicyBook, area: str, on: date) -> ExtensionLimit | None:
    """The most days an isolation may be extended; None when no rule on file allows an extension at all.

    The rule names the value that bounds it: a number of days, or a course, whose days are then the most.
    """
    value = book.maybe("authority.extend_isolation", area=area, on=on)
    bound = None if value is None or value.value.max_key is None else book.maybe(value.value.max_key, area=area, on=on)
    if value is None or bound is None:
        return None
    days = bound.value.days if isinstance(bound.value, WrittenCourse) else bound.value
    return ExtensionLimit(days, (clause_of(value), clause_of(bound))) if isinstance(days, int) else None


def extensions(read: Read, found: Grounds) -> None:
    """What refusals and orders of extension do to the courses that bind the person."""
    refused = read.of(TestRefused)
    orders = [order for order in read.orders if order.orders == EXTENSION]
    if not refused and not orders:
        return
    for course in found.courses:
        if course.end >= OPEN:
            continue
        exits = _exits(course, refused)
        for one in exits:
            _unknown_after(read, one, course.end, found)
        for order in orders:
            # The exit it prolongs; an order that prolongs none of this course is no matter of it.
            prolonged = [one for one in exits if order.start <= one.at < order.until]
            if prolonged:
                _extend(read, course, order, prolonged[0], found)


def _exits(course: Course, refused: list[TestRefused]) -> list[_Exit]:
    """Every exit of the course while it ran: of phases with a last test, and its own end."""
    last_tests: dict[Instant, TestDay] = {
        day.exit_at: day for day in course.plan.tests if day.exit_at is not None and day.exit_at <= course.end
    }
    found = []
    for moment in sorted({*last_tests, course.end}):
        day = last_tests.get(moment)
        refusal = None
        if day is not None:
            refusal = next((fact for fact in refused if day.opens <= fact.at < moment), None)
        found.append(_Exit(moment, refusal))
    return found


def _unknown_after(read: Read, one: _Exit, course_end: Instant, found: Grounds) -> None:
    """Unknown until the person gives a sample; it turns nobody away and is no colour. The result's delay is not his.

    A test refused before an earlier phase ended leaves nothing open once the whole course has ended.
    """
    if one.refusal is None:
        return
    refusal = one.refusal
    given = [test.at for test in read.tests if test.at >= refusal.at]
    until = Instant(max(min([*given, course_end if one.at < course_end else OPEN]), one.at))
    if one.at < until:
        found.unsettled.append(Plain(one.at, until, Standing.UNKNOWN, _refused(refusal)))


def _refused(refusal: TestRefused) -> Reason:
    return Reason("standing.exit-test-refused", (("on", refusal.at), ("witness", refusal.witness)), (), (refusal.id,))


def _extend(read: Read, course: Course, order: Order, prolonged: _Exit, found: Grounds) -> None:
    limit = longest_extension(read.book, read.area, read.day(order.at))
    slots: Slots = (
        ("until", order.until),
        ("officer", order.officer),
        ("body", order.body),
        ("article", order.article),
    )
    named = order.body and order.officer and order.article and order.reasons
    if (prolonged.refusal is None and not course.results_missing) or limit is None or not named:
        code = "extension-without-rule" if limit is None else "extension-without-cause" if named else "order-incomplete"
        slots = (*slots, ("orders", f"order.{order.orders}"))
        found.findings.append(Finding(code, order.at, order.id, Reason(f"finding.{code}", slots, (), (order.id,))))
        return
    last = Instant(prolonged.at + limit.days * DAY_S)
    until = min(order.until, last)
    cause = () if prolonged.refusal is None else (_refused(prolonged.refusal),)
    why = Reason("extended", (*slots, ("most", limit.days)), limit.clauses, (order.id,), (*cause, course.reason))
    standing = _colour_before(course, prolonged.at)
    start = Instant(max(prolonged.at, order.recorded_at))
    if start < until:
        found.spans.append(GroundSpan(start, until, standing, False, why))
    if order.until > last:
        over = Reason("finding.extension-too-long", (*slots, ("most", limit.days)), limit.clauses, (order.id,))
        found.findings.append(Finding("extension-too-long", order.at, order.id, over))


def _colour_before(course: Course, moment: Instant) -> Standing:
    """The colour that the extension prolongs; unknown where none is on file."""
    for colour in course.plan.colours:
        if colour.start < moment <= colour.end:
            return colour.standing
    return Standing.UNKNOWN
