"""From case notices to care and what follows it.

A case is what a medical institution reported: a positive result alone is no ground, it starts the hospital's clocks and
leaves the standing unknown. Care ends by discharge, by the rule's own days where it counts from the first positive
sample, the rash or the onset, or when there has been no news of it for so long that the record must have been
forgotten.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from sizao.facts.kinds import (
    Admitted,
    CaseClass,
    CaseNotice,
    Fact,
    Order,
    Released,
    Result,
    Setting,
    Symptom,
    Test,
)
from sizao.policy.book import PolicyBook
from sizao.policy.kinds import CountsFrom, Ground
from sizao.rules.colours import care_colour
from sizao.rules.dossier import Read
from sizao.rules.grounds import Care, FollowUp, Grounds, GroundSpan, Plain
from sizao.rules.plans import Counted, CoursePlan, Days, infected_counts_from, infected_plan
from sizao.rules.reasons import Reason, Standing
from sizao.rules.safeguards import Safeguards, safeguards
from sizao.rules.samples import known_at, settled, shows_infection
from sizao.rules.timeline import Finding
from sizao.when import OPEN, Instant

RASH = "rash"
NEWS = (CaseNotice, Admitted, Symptom, Order)
"""What is news of somebody's care; a negative mass test of a forgotten patient is none."""


def infected_grounds(read: Read, found: Grounds) -> None:
    """Care, what follows discharge, and what a positive result without a notice leaves open."""
    for notice in read.of(CaseNotice):
        if notice.disease in diseases(read.book):
            _care(read, notice, found)
        else:
            slots = (("disease", notice.disease), ("class", f"case_class.{notice.case_class}"))
            reason = Reason("finding.other-disease", slots, (), (notice.id,))
            found.findings.append(Finding("other-disease", notice.recorded_at, notice.id, reason))
    for care in found.cares:
        if care.discharged is not None and care.notice.case_class is not CaseClass.SUSPECTED:
            _follow_up(read, care, care.discharged, found)
    _positive_without_notice(read, found)


@lru_cache(maxsize=256)
def diseases(book: PolicyBook) -> frozenset[str]:
    """The diseases the book's rules are about; rules of one disease say nothing of another."""
    return frozenset(pack.disease for pack in book.packs if pack.disease is not None)


def _care(read: Read, notice: CaseNotice, found: Grounds) -> None:
    on = read.day(notice.recorded_at)
    guards = safeguards(read.book, read.area, on)
    plan = _dated_plan(read, notice, on)
    slots = (("class", f"case_class.{notice.case_class}"), ("area", notice.reporting_area))
    why = Reason("case-notice", slots, (), (notice.id,))
    discharged = _discharge(read, notice)
    lapse = Instant(_last_news(read, notice) + guards.care_without_news_s)
    end = lapse if plan is None else plan.end
    ended = discharged is not None and discharged.at < end
    if ended and discharged is not None:
        end = discharged.at
    elif plan is None:
        why = why._replace(parts=(Reason("care-without-news", (("until", lapse),), guards.care),))
    start = notice.recorded_at
    found.cares.append(Care(notice, start, Instant(max(end, start)), discharged if ended else None, why))
    _colour_care(read, found.cares[-1], plan, found)


def _dated_plan(read: Read, notice: CaseNotice, on: date) -> CoursePlan | None:
    """The plan where the rule gives the whole course its days: at home, counted from the first positive sample, rash or
    onset."""
    days = Days(on, on, on)
    moment = _counted_from(read, notice, infected_counts_from(read.book, read.area, days))
    if moment is None or any(fact.setting is Setting.HOSPITAL and fact.at >= notice.at for fact in read.admissions):
        return None
    plan = infected_plan(
        read.book, Ground(str(notice.case_class)), read.area, read.zone, Counted(days, read.day(moment))
    )
    return plan if plan is not None and plan.end < OPEN else None


def _counted_from(read: Read, notice: CaseNotice, counts_from: CountsFrom | None) -> Instant | None:
    """The moment a dated course counts from; None where it counts from discharge or the moment is not known."""
    if counts_from is CountsFrom.FIRST_POSITIVE:
        positive = [test.at for test in read.positives if shows_infection(test)]
        return notice.positive_sampled_at if notice.positive_sampled_at is not None else min(positive, default=None)
    if counts_from is CountsFrom.RASH_ONSET:
        rash = [fact.at for fact in read.of(Symptom) if fact.symptom == RASH]
        return min(rash, default=notice.onset)
    return notice.onset if counts_from is CountsFrom.SYMPTOM_ONSET else None


def _discharge(read: Read, notice: CaseNotice) -> Released | None:
    """The release that ended the care: from hospital, or from where the person was received after the notice."""
    setting = Setting.HOSPITAL
    steps: list[Fact] = [*read.admissions, *read.releases]
    for fact in sorted(steps, key=lambda step: (step.at, isinstance(step, Admitted), step.id)):
        if isinstance(fact, Admitted) and fact.at >= notice.at:
            setting = fact.setting
        elif isinstance(fact, Released) and fact.at >= notice.at and fact.setting in (setting, Setting.HOSPITAL):
            return fact
    return None


def _last_news(read: Read, notice: CaseNotice) -> Instant:
    news = [notice.recorded_at]
    news += [fact.recorded_at for kind in NEWS for fact in read.of(kind)]
    news += [test.recorded_at for test in read.positives]
    return max(news)


def _colour_care(read: Read, care: Care, plan: CoursePlan | None, found: Grounds) -> None:
    if care.start >= care.end:
        return
    on = read.day(care.start)
    if plan is not None:
        _colour_plan(read, plan, care, found)
        return
    colour = care_colour(read.book, Ground(str(care.notice.case_class)), read.area, on)
    standing, step = colour if colour is not None else (Standing.UNKNOWN, None)
    guards = safeguards(read.book, read.area, on)
    parts = (care.reason, guards.route) if step is None else (step, care.reason, guards.route)
    code = "ground-case" if step is not None else "ground-case-uncoded"
    reason = Reason(code, (("until", care.end),), (), (), parts)
    found.spans.append(GroundSpan(care.start, care.end, standing, False, reason))


def _colour_plan(read: Read, plan: CoursePlan, held: Care | FollowUp, found: Grounds) -> None:
    """The colours of a dated course while it is held; unknown where no colour rule is on file."""
    guards = safeguards(read.book, read.area, read.day(held.start))
    parts = (plan.reason, held.reason, guards.route)
    if not plan.coded:
        reason = Reason("ground-case-uncoded", (("until", held.end),), (), (), parts)
        found.spans.append(GroundSpan(held.start, held.end, Standing.UNKNOWN, False, reason))
    limit = plan.colours_until if held.end == plan.end else held.end
    for colour in plan.colours:
        begins, ends = max(held.start, colour.start), min(limit, colour.end)
        if begins < ends:
            reason = Reason("ground-case", (("until", ends),), (), (), (colour.reason, *parts))
            found.spans.append(GroundSpan(begins, ends, colour.standing, False, reason))


def _follow_up(read: Read, care: Care, released: Released, found: Grounds) -> None:
    """What the rule asks for after discharge, once per discharge, until the person is a case again or a body ends it."""
    on = read.day(released.at)
    days = Days(on, on, on)
    if any(other.released.id == released.id for other in found.follow_ups):
        return
    if infected_counts_from(read.book, read.area, days) is not CountsFrom.DISCHARGE:
        return
    plan = infected_plan(read.book, Ground.DISCHARGED, read.area, read.zone, Counted(days, on))
    if plan is None or plan.end >= OPEN:
        return
    step = Reason("discharged", (("on", released.at),), (), (released.id,), (care.reason,))
    begins = Instant(max(released.at, care.start))
    stops = [other.start for other in found.cares if begins < other.start]
    stops += [fact.at for fact in read.releases if begins < fact.at and fact.setting is not Setting.HOSPITAL]
    end = Instant(min([plan.end, *stops]))
    if begins < end:
        found.follow_ups.append(FollowUp(released, plan, begins, end, step))
        _colour_plan(read, plan, found.follow_ups[-1], found)


def _positive_without_notice(read: Read, found: Grounds) -> None:
    """A positive result that no notice answers: neither a ground nor a green; unknown until it is settled."""
    if not read.positives:
        return
    tests = settled(read.tests)
    for test in tests:
        if shows_infection(test):
            start = known_at(test)
            if not any(care.start <= start < care.end for care in found.cares):
                _open_question(read, test, tests, found)


def _open_question(read: Read, test: Test, tests: list[Test], found: Grounds) -> None:
    """Until the notice, a later negative sample of the person's own, or as long as care may go without news."""
    start = known_at(test)
    guards: Safeguards = safeguards(read.book, read.area, read.day(start))
    ends = [Instant(start + guards.care_without_news_s)]
    ends += [care.start for care in found.cares if care.start >= start]
    ends += [
        known_at(other)
        for other in tests
        if other.at > test.at and other.result is Result.NEGATIVE and not other.pooled
    ]
    end = Instant(max(start, min(ends)))
    if start < end:
        reason = Reason("standing.positive-without-notice", (("on", test.at),), guards.care, (test.id,))
        found.unsettled.append(Plain(start, end, Standing.UNKNOWN, reason))
