"""What is only a reason to ask: tips, lists, colours seen elsewhere, exposures a third party told of. Never a ground by itself."""

from __future__ import annotations

from sizao.facts.kinds import CodeSeen, Confirmed, Exposure, Fact, How, Listed, Reported, Tip
from sizao.policy.book import PolicyBook
from sizao.policy.kinds import Holder
from sizao.rules.deadlines import deadline_for
from sizao.rules.dossier import Read
from sizao.rules.owed import owed
from sizao.rules.reasons import Reason
from sizao.rules.timeline import Duty
from sizao.when import Instant, local_day

ANSWERED = "verified"

LIST_DEADLINES = ("deadline.assist_locate", "deadline.assist_control", "deadline.assist_feedback")


def enquiries(read: Read, unverified: list[Exposure], book: PolicyBook) -> list[Duty]:
    """A duty to verify for each, held by the tracing team; a pushed list also starts the clocks of inter-area requests."""
    duties = [_verify("verify-told", fact, read) for fact in unverified]
    duties += [_verify("verify-tip", fact, read) for fact in read.of(Tip)]
    duties += [_verify("verify-code-seen", fact, read) for fact in read.of(CodeSeen)]
    for listed in read.of(Listed):
        duties += _list_duties(listed, read, book)
    return duties


def _verify(code: str, fact: Exposure | Tip | CodeSeen, read: Read) -> Duty:
    """Met when the tracing team records what it found, or when the health side confirms or judges the exposure itself.

    What the health side had settled before the message came meets the duty at once.
    """
    said = Reason(f"duty.{code}", _slots(fact), (), (fact.id,))
    answers: list[Fact] = [
        answer for answer in read.of(Reported) if answer.what == ANSWERED and answer.about == fact.id
    ]
    if isinstance(fact, Exposure):
        answers += [other for other in read.of(Exposure) if other.how is How.JUDGED and other.case == fact.case]
        answers += [other for other in read.of(Confirmed) if _confirms_same_case(other, fact, read)]
    met = min(answers, key=lambda answer: (answer.recorded_at, answer.id), default=None)
    duty = owed(code, Holder.TRACING_TEAM, read.subject, fact.recorded_at, None, said, met)
    return duty if met is None else duty._replace(met_at=max(met.recorded_at, fact.recorded_at))


def _confirms_same_case(confirmed: Confirmed, told: Exposure, read: Read) -> bool:
    return any(other.id == confirmed.exposure and other.case == told.case for other in read.of(Exposure))


def _slots(fact: Exposure | Tip | CodeSeen) -> tuple[tuple[str, str | int | None], ...]:
    if isinstance(fact, Exposure):
        return (("by", fact.by), ("why", fact.why))
    if isinstance(fact, Tip):
        return (("by", fact.by), ("says", fact.says))
    cause = "cause.unknown" if fact.cause is None else fact.cause
    return (("colour", f"standing.{fact.colour}"), ("system", fact.system), ("cause", cause))


def _list_duties(listed: Listed, read: Read, book: PolicyBook) -> list[Duty]:
    duties = []
    for key in LIST_DEADLINES:
        rule = deadline_for(book, key, read.area, local_day(listed.recorded_at, read.zone))
        if rule is None:
            continue
        met = _first_report(read, str(rule.met_by), listed.recorded_at)
        reason = rule.reason._replace(facts=(listed.id,), slots=(*rule.reason.slots, ("list", listed.list)))
        due = Instant(listed.recorded_at + rule.seconds)
        duties.append(owed(rule.name, rule.holder, read.subject, listed.recorded_at, due, reason, met))
    return duties or [_enquire(listed, read)]


def _enquire(listed: Listed, read: Read) -> Duty:
    met = _first_report(read, ANSWERED, listed.recorded_at)
    reason = Reason("duty.enquire-listed", (("list", listed.list), ("why", listed.why)), (), (listed.id,))
    return owed("enquire-listed", Holder.COMMUNITY, read.subject, listed.recorded_at, None, reason, met)


def _first_report(read: Read, what: str, since: Instant) -> Reported | None:
    return next((fact for fact in read.of(Reported) if fact.what == what and fact.at >= since), None)
