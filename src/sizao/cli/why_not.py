"""Why somebody is not a contact of a case: the closest miss, with the two stays and the rule it rests on."""

from __future__ import annotations

from typing import Any

from sizao.cli.opening import Asked, opened
from sizao.cli.output import Speaker
from sizao.errors import CliError, Where
from sizao.facts.kinds import SubjectId
from sizao.policy import PolicyBook
from sizao.rules.explain import say_clause
from sizao.tracing.why_not import Answer, why_not
from sizao.when import iso


def explain(person: str, case: str, asked: Asked, book: PolicyBook, speaker: Speaker) -> Answer:
    """Why `person` is not a contact of `case`; refuses a case that is none (C154)."""
    with opened(asked, book, speaker) as (cases, ground, _read):
        subject = _named(case, tuple(cases))
        if subject is None:
            raise CliError("C154", where=Where(file=str(asked.notices)), value=case)
        who = SubjectId(person if person.startswith("person:") else f"person:{person}")
        return why_not(who, subject, cases[subject], ground, known_at=asked.known_at)


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
