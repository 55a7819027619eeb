"""Why somebody is not a contact of a case: the closest miss, with the two stays and the rule it rests on."""

from __future__ import annotations

from typing import Any, NamedTuple

from sizao.cli.opening import Asked, opened
from sizao.cli.output import Speaker
from sizao.errors import CliError, Where
from sizao.exposure.why_not import Miss, WhyNot, why_not
from sizao.facts.kinds import SubjectId
from sizao.policy import PolicyBook
from sizao.rules.explain import say_clause
from sizao.rules.reasons import Clause
from sizao.tracing.trace import ask
from sizao.when import Interval, iso


class Answer(NamedTuple):
    """The answer for one pair: the miss, its place by name, the clause that came closest, and the case's window."""

    person: str
    case: str
    miss: WhyNot
    place: str | None
    clause: Clause | None
    window: Interval

    @property
    def is_contact(self) -> bool:
        """True when there is nothing to explain away."""
        return self.miss.miss is Miss.NONE


def explain(person: str, case: str, asked: Asked, book: PolicyBook, speaker: Speaker) -> Answer:
    """Why `person` is not a contact of `case`; refuses a case that is none (C154)."""
    with opened(asked, book, speaker) as (cases, ground, _read):
        subject = _named(case, tuple(cases))
        if subject is None:
            raise CliError("C154", where=Where(file=str(asked.notices)), value=case)
        put, compiled = ask({subject: cases[subject]}, ground, asked.known_at)
        who = person if person.startswith("person:") else f"person:{person}"
        number = int(ground.people.ids([who])[0])
        found = why_not(put.cases, 0, number, ground.store, compiled.rules, known_at=asked.known_at)
        place = None if found.place is None or found.place < 0 else ground.places.names([found.place])[0]
        clause = None if found.rule is None else compiled.clauses[found.rule]
        return Answer(who, subject, found, place, clause, put.windows[0].interval)


def _named(case: str, cases: tuple[SubjectId, ...]) -> SubjectId | None:
    return next((known for known in cases if known in (case, f"person:{case}")), None)


def tell(answer: Answer, speaker: Speaker) -> None:
    """The answer in sentences: the miss first, then place, window, rule and stays."""
    speaker.say("cli.why_not.head", person=answer.person, case=answer.case)
    speaker.write(_sentence(answer, speaker))
    start, end = (speaker.moment(moment) for moment in answer.window)
    speaker.say("cli.why_not.window", start=start, end=end)
    if answer.place is not None:
        speaker.say("cli.why_not.place", place=answer.place)
    if answer.clause is not None:
        speaker.say("cli.why_not.rule", clause=say_clause(answer.clause, speaker.lang))
    if answer.miss.stay is not None:
        speaker.say("cli.why_not.stays", case_stay=answer.miss.case_stay, stay=answer.miss.stay)


def _sentence(answer: Answer, speaker: Speaker) -> str:
    return speaker.said(str(answer.miss.miss), **answer.miss.slots)


def as_data(answer: Answer, speaker: Speaker) -> dict[str, Any]:
    """The answer as JSON holds it."""
    clause = answer.clause
    return {
        "person": answer.person,
        "case": answer.case,
        "contact": answer.is_contact,
        "why_not": answer.miss.miss.value,
        "says": _sentence(answer, speaker),
        "place": answer.place,
        "window": {"from": iso(answer.window.start), "until": iso(answer.window.end)},
        "rule": None if clause is None else clause._asdict() | {"valid_from": clause.valid_from.isoformat()},
        "stays": [answer.miss.case_stay, answer.miss.stay],
        **{name: int(value) for name, value in answer.miss.slots.items()},
    }
