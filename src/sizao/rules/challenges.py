"""A person's challenge of what was concluded or ordered: answered in time, by somebody who had no hand in it."""

from __future__ import annotations

from sizao.facts.kinds import Confirmed, Exposure, Reported, Told
from sizao.policy.kinds import Holder
from sizao.rules.dossier import Read
from sizao.rules.owed import What, owed
from sizao.rules.reasons import Reason
from sizao.rules.safeguards import safeguards
from sizao.rules.timeline import Duty, Finding
from sizao.when import HOUR_S, Instant

CHALLENGE = "challenge"
ANSWER = "challenge-answer"


def challenges(read: Read, findings: list[Finding]) -> list[Duty]:
    """One duty for each challenge, met by telling the person the answer; an answer by somebody involved is a finding
    and meets nothing."""
    duties = []
    for asked in read.of(Reported):
        if asked.what != CHALLENGE:
            continue
        guards = safeguards(read.book, read.area, read.day(asked.at))
        answers = [fact for fact in read.tellings if fact.what == ANSWER and fact.at >= asked.at]
        answers = [fact for fact in answers if fact.about in (None, asked.id)]
        involved = _involved(read)
        met = next((fact for fact in answers if fact.by not in involved), None)
        hours = (("hours", guards.challenge_s // HOUR_S),)
        reason = Reason("duty.answer-challenge", hours, guards.challenge, (asked.id,))
        due = Instant(asked.at + guards.challenge_s)
        duties.append(owed(What("answer-challenge", Holder.AREA, read.subject), asked.at, due, reason, met))
        findings += [_by_involved(fact) for fact in answers if fact.by in involved]
    return duties


def _involved(read: Read) -> frozenset[str]:
    """Everybody who confirmed, judged or ordered something about the person."""
    names = {fact.by for fact in read.of(Confirmed)} | {fact.second_by for fact in read.of(Confirmed)}
    names |= {fact.by for fact in read.of(Exposure)} | {fact.officer for fact in read.orders}
    return frozenset(name for name in names if name)


def _by_involved(answer: Told) -> Finding:
    code = "challenge-answered-by-involved"
    return Finding(code, answer.at, answer.id, Reason(f"finding.{code}", (("by", answer.by),), (), (answer.id,)))
