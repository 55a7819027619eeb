"""What is only a reason to ask: tips, lists, colours seen elsewhere, exposures a third party told of. Never a ground by
itself."""

from __future__ import annotations

from sizao.facts.kinds import CodeSeen, Confirmed, Exposure, Fact, How, Listed, Reported, Tip
from sizao.policy.kinds import Holder
from sizao.rules.deadlines import DeadlineRule, deadline_for
from sizao.rules.dossier import Read
from sizao.rules.grounds import Grounds
from sizao.rules.owed import What, owed
from sizao.rules.reasons import Reason, Slots
from sizao.rules.timeline import Duty
from sizao.when import Instant

ANSWERED = "verified"
ASKS = frozenset({"red", "yellow"})
"""Colours seen elsewhere that ask for their cause; a green one says nothing."""

ASKING = frozenset({CodeSeen, Listed, Tip})
"""Kinds of fact that only ask."""

LIST_DEADLINES = ("deadline.assist_locate", "deadline.assist_control", "deadline.assist_feedback")
CONTROL = "deadline.assist_control"
"""Owed only for whom a ground holds: being on a list puts nobody under control."""


def enquiries(read: Read, found: Grounds) -> list[Duty]:
    """A duty to verify for each, held by the tracing team; a pushed list also starts the clocks of inter-area requests."""
    duties = [_verify("verify-told", fact, read) for fact in found.unverified]
    duties += [_verify("verify-tip", fact, read) for fact in read.of(Tip)]
    duties += [_verify("verify-code-seen", fact, read) for fact in read.of(CodeSeen) if fact.colour in ASKS]
    for listed in read.of(Listed):
        duties += _list_duties(listed, read, found)
    return duties


def _verify(code: str, fact: Exposure | Tip | CodeSeen, read: Read) -> Duty:
    """Met when the tracing team records what it found, or when the health side confirms or judges the exposure itself."""
    cause_known = isinstance(fact, CodeSeen) and fact.cause is not None
    said = Reason(f"duty.{code}-cause" if cause_known else f"duty.{code}", _slots(fact), (), (fact.id,))
    answers: list[Fact] = [
        answer for answer in read.of(Reported) if answer.what == ANSWERED and answer.about == fact.id
    ]
    if isinstance(fact, Exposure):
        answers += [other for other in read.of(Exposure) if other.how is How.JUDGED and other.case == fact.case]
        answers += [other for other in read.of(Confirmed) if _confirms_same_case(other, fact, read)]
    later = [answer for answer in answers if answer.recorded_at >= fact.recorded_at]
    met = min(later, key=lambda answer: (answer.recorded_at, answer.id), default=None)
    duty = owed(What(code, Holder.TRACING_TEAM, read.subject), fact.recorded_at, None, said, met)
    return duty if met is None else duty._replace(met_at=met.recorded_at)


def _confirms_same_case(confirmed: Confirmed, told: Exposure, read: Read) -> bool:
    return any(other.id == confirmed.exposure and other.case == told.case for other in read.of(Exposure))


def _slots(fact: Exposure | Tip | CodeSeen) -> Slots:
    if isinstance(fact, Exposure):
        return (("by", fact.by), ("why", fact.why))
    if isinstance(fact, Tip):
        return (("by", fact.by), ("says", fact.says))
    cause = "cause.unknown" if fact.cause is None else fact.cause
    return (("colour", f"standing.{fact.colour}"), ("system", fact.system), ("cause", cause))


def _list_duties(listed: Listed, read: Read, found: Grounds) -> list[Duty]:
    duties = []
    for key in LIST_DEADLINES:
        rule = deadline_for(read.book, key, read.area, read.day(listed.recorded_at))
        if rule is not None and (key != CONTROL or _held(found, Instant(listed.recorded_at + rule.seconds))):
            duties.append(_on_list(listed, rule, read))
    return duties or [_enquire(listed, read)]


def _held(found: Grounds, by: Instant) -> bool:
    """True when a course binds the person, or he is in care, at that time."""
    return any(course.start <= by < course.end for course in found.courses) or any(
        care.start <= by < care.end for care in found.cares
    )


def _on_list(listed: Listed, rule: DeadlineRule, read: Read) -> Duty:
    met = _answer(read, str(rule.met_by), listed)
    reason = rule.reason._replace(facts=(listed.id,), slots=(*rule.reason.slots, ("list", listed.list)))
    due = Instant(listed.recorded_at + rule.seconds)
    return owed(What(rule.name, rule.holder, read.subject), listed.recorded_at, due, reason, met)


def _enquire(listed: Listed, read: Read) -> Duty:
    reason = Reason("duty.enquire-listed", (("list", listed.list), ("why", listed.why)), (), (listed.id,))
    what = What("enquire-listed", Holder.COMMUNITY, read.subject)
    return owed(what, listed.recorded_at, None, reason, _answer(read, ANSWERED, listed))


def _answer(read: Read, what: str, listed: Listed) -> Reported | None:
    """The first report about this entry, or about none in particular, since it was listed."""
    for fact in read.of(Reported):
        if fact.what == what and fact.at >= listed.recorded_at and fact.about in (None, listed.id):
            return fact
    return None
