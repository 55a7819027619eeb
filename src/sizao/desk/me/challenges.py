"""A challenge (纠错): who had a hand in what is challenged, what is open, what was answered.

Nothing here closes a challenge: it is met by an answer of somebody who was not involved, and until then it is overdue
for as long as it is overdue.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sizao.desk.me.models import Answer, Statement
from sizao.desk.store.readers import SubjectPage
from sizao.facts.kinds import Confirmed, Exposure, Fact, FactId, Order
from sizao.rules.challenges import CHALLENGE
from sizao.rules.timeline import Duty, State
from sizao.when import Instant

ANSWER_DUTY = "answer-challenge"
WRONG = ("not-there", "not-me", "time", "place", "result", "ended", "order", "other")
"""What may be wrong, as a person would say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A challenge with its clock. `statement` is None where it came in by another way than these pages."""

    fact: FactId
    at: Instant
    duty: Duty
    state: State
    statement: Statement | None
    answer: Answer | None

    @property
    def open(self) -> bool:
        """Not answered by anybody who may."""
        return self.state in (State.PENDING, State.DUE, State.OVERDUE)


def challenges_of(page: SubjectPage) -> list[Challenge]:
    """The person's challenges, open ones first, then the latest."""
    statements = {one.fact: one for one in Statement.objects.filter(subject=page.subject, what=CHALLENGE)}
    answers = {one.fact: one for one in Answer.objects.filter(subject=page.subject)}
    found = []
    for duty, state in page.moment.duties:
        if duty.code == ANSWER_DUTY:
            asked = duty.reason.facts[0]
            told = statements.get(asked)
            found.append(
                Challenge(fact=asked, at=duty.since, duty=duty, state=state, statement=told, answer=answers.get(asked))
            )
    return sorted(found, key=lambda one: (not one.open, -one.at, one.fact))


def involved(facts: Iterable[Fact]) -> frozenset[str]:
    """Everybody who had a hand in what was concluded or ordered: who confirmed, judged or ordered it, by name, and
    who entered it."""
    names: set[str] = set()
    for fact in facts:
        match fact:
            case Confirmed():
                names |= {fact.by, fact.second_by or "", fact.recorder}
            case Exposure():
                names |= {fact.by or "", fact.recorder}
            case Order():
                names |= {fact.officer, fact.recorder}
    return frozenset(name for name in names if name)


def had_a_hand(page: SubjectPage, names: Sequence[str]) -> bool:
    """Whether one of these names of a person (the actor's id, the log-in, the name) stands in what is challenged."""
    return not involved(page.dossier.facts).isdisjoint(names)
