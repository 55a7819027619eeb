"""The infectious window of a case: from so many whole local days before onset or first positive sampling until
isolation.

The number of days, what it counts from, and the last-negative-test rule come from the packs; where sources disagree
the reading must have been chosen by name, or the book refuses.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sizao.errors import TracingError
from sizao.facts.kinds import Admitted, CaseClass, CaseNotice, Fact, Result, SubjectId, Test
from sizao.policy.book import PolicyBook
from sizao.policy.kinds import Anchor
from sizao.rules.reasons import Clause, Reason, clause_of
from sizao.when import Instant, Interval, days_after, local_day


class Window(NamedTuple):
    """The infectious window of one case, the notice it rests on, and why it lies where it lies."""

    case: SubjectId
    notice: CaseNotice
    interval: Interval
    reason: Reason


def window_of(facts: Sequence[Fact], book: PolicyBook, *, area: str, zone: str, known_at: Instant) -> Window:
    """The window of one case from its standing facts (notices, tests, admissions).

    Refuses a case without a notice (X102) or with neither onset nor positive sampling nor a window its notice drew
    (X101). Of several notices the one whose window opens first counts. The window ends when the case was received in
    care or isolation, or else at `known_at`.
    """
    notices = [fact for fact in facts if isinstance(fact, CaseNotice)]
    if not notices:
        raise TracingError("X102", facts=len(facts))
    opened = [_opening(notice, facts, book, area, zone) for notice in notices]
    start, notice, reason = min(opened, key=lambda found: (found[0], found[1].id))
    admitted = sorted((fact.at, fact.id) for fact in facts if isinstance(fact, Admitted) and fact.at > start)
    end = min(admitted[0][0] if admitted else known_at, known_at, _closing(notice, book, area, zone, known_at))
    if admitted and admitted[0][0] == end:
        reason = reason._replace(
            parts=(*reason.parts, Reason("window.isolated", (("on", end),), (), (admitted[0][1],)))
        )
    return Window(notice.subject, notice, Interval(start, Instant(max(end, start))), reason)


def anchor_of(notice: CaseNotice, anchor: Anchor) -> Instant:
    """Onset, or the first positive sampling where there are no symptoms or no onset is known; refuses neither (X101)."""
    by_sampling = anchor is Anchor.ONSET_OR_SAMPLE and notice.case_class is CaseClass.ASYMPTOMATIC
    moment = notice.positive_sampled_at if by_sampling else notice.onset
    if moment is None and anchor is Anchor.ONSET_OR_SAMPLE:
        moment = notice.onset if by_sampling else notice.positive_sampled_at
    if moment is None:
        raise TracingError("X101", case=notice.subject, notice=notice.id)
    return moment


def _opening(
    notice: CaseNotice, facts: Sequence[Fact], book: PolicyBook, area: str, zone: str
) -> tuple[Instant, CaseNotice, Reason]:
    on = local_day(notice.at, zone)
    if notice.window_from is not None and notice.onset is None and notice.positive_sampled_at is None:
        slots = (("opens", notice.window_from), ("closes", notice.window_until), ("by", notice.reporting_area))
        return notice.window_from, notice, Reason("window.given", slots, (), (notice.id,))
    named = book.find("case.window.anchor", area=area, on=on)
    moment = anchor_of(notice, named.value)
    days = book.find("case.window.days_before", area=area, on=on)
    start = days_after(moment, -days.value, zone)
    about = (("days", days.value), ("anchor", moment), ("opens", start))
    reason = Reason("window", about, (clause_of(days), clause_of(named)), (notice.id,))
    last = _last_negative(notice, facts, book, area, on)
    if last is None:
        return start, notice, reason
    negative, clause = last
    step = Reason("window.last-negative", (("on", negative.at),), (clause,), (negative.id,))
    return negative.at, notice, reason._replace(parts=(step,), slots=(*about[:2], ("opens", negative.at)))


def _last_negative(
    notice: CaseNotice, facts: Sequence[Fact], book: PolicyBook, area: str, on: date
) -> tuple[Test, Clause] | None:
    """The last regular negative test before the first positive, where the rule in force counts from it."""
    value = book.maybe("case.window.from_last_negative", area=area, on=on)
    if value is None or not value.value or notice.positive_sampled_at is None:
        return None
    before = [
        fact
        for fact in facts
        if isinstance(fact, Test)
        and fact.regular
        and fact.result is Result.NEGATIVE
        and fact.at < notice.positive_sampled_at
    ]
    return (max(before, key=lambda test: (test.at, test.id)), clause_of(value)) if before else None


def _closing(notice: CaseNotice, book: PolicyBook, area: str, zone: str, known_at: Instant) -> Instant:
    """Where the notice drew the end itself, or a rule ends infectiousness so many days after the anchor (measles)."""
    if notice.window_until is not None and notice.onset is None and notice.positive_sampled_at is None:
        return notice.window_until
    on = local_day(notice.at, zone)
    value = book.maybe("case.window.days_after", area=area, on=on)
    if value is None:
        return known_at
    named = book.find("case.window.anchor", area=area, on=on)
    return days_after(anchor_of(notice, named.value), value.value + 1, zone)
