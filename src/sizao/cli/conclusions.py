"""The conclusions about one subject, numbered, so that each can be asked about; and how they are told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sizao.cli.output import Speaker
from sizao.facts.kinds import Fact, FactId
from sizao.rules.explain import sentences, tree
from sizao.rules.reasons import Reason, Standing, clauses_of, facts_of
from sizao.rules.timeline import Moment, State, Timeline, at
from sizao.when import OPEN, Instant, iso

SHAPES = {Standing.GREEN: "●", Standing.YELLOW: "▲", Standing.RED: "■", Standing.UNKNOWN: "◇"}
"""Word and shape together: a standing must be readable without colour."""


class Conclusion(NamedTuple):
    """One conclusion: its number within the subject, what kind it is, in words, from when, until when, and its reason."""

    number: int
    kind: str
    text: str
    start: Instant
    end: Instant
    reason: Reason
    data: dict[str, Any]


def conclusions_at(timeline: Timeline, now: Instant, speaker: Speaker) -> list[Conclusion]:
    """What holds at `now`, standing first, then grades, duties and findings, numbered from 1 in that order."""
    moment = at(timeline, now)
    found = [*_standing(moment, speaker), *_grades(moment, speaker), *_duties(moment, speaker)]
    found += list(_findings(moment, speaker))
    return [one._replace(number=number) for number, one in enumerate(found, start=1)]


def _standing(moment: Moment, speaker: Speaker) -> Iterator[Conclusion]:
    span = moment.standing
    if span is not None:
        name = f"{speaker.said(f'standing.{span.standing}')} {SHAPES[span.standing]}"
        text = speaker.said("cli.why.standing", standing=name) + _preliminary(span.preliminary, speaker)
        data = {"standing": span.standing, "preliminary": span.preliminary}
        yield Conclusion(0, "standing", text, span.start, span.end, span.reason, data)


def _grades(moment: Moment, speaker: Speaker) -> Iterator[Conclusion]:
    for span in moment.grades:
        grade = speaker.said(f"grade.{span.grade}")
        text = speaker.said("cli.why.grade", grade=grade, case=span.case) + _preliminary(span.preliminary, speaker)
        data = {"grade": span.grade, "case": span.case, "preliminary": span.preliminary}
        yield Conclusion(0, "grade", text, span.start, span.end, span.reason, data)


def _duties(moment: Moment, speaker: Speaker) -> Iterator[Conclusion]:
    for duty, state in moment.duties:
        data = {
            "duty": duty.code, "holder": duty.holder, "owed_to": duty.owed_to, "state": state,
            "due": None if duty.due is None else iso(duty.due),
        }  # fmt: skip
        end = duty.due if duty.due is not None else OPEN
        yield Conclusion(0, "duty", duty_text(duty, state, speaker), duty.since, end, duty.reason, data)


def duty_text(duty: Any, state: State, speaker: Speaker) -> str:
    """Who owes what, by when, and where it stands."""
    due = speaker.said("duty.no-hour") if duty.due is None else speaker.moment(duty.due)
    what, holder = speaker.said(f"duty.{duty.code}"), speaker.said(f"holder.{duty.holder}")
    return speaker.said("duty.line", holder=holder, what=what, due=due, state=speaker.said(f"state.{state}"))


def _findings(moment: Moment, speaker: Speaker) -> Iterator[Conclusion]:
    for finding in moment.findings:
        text = sentences(finding.reason, speaker.lang, zone=speaker.zone)[0]
        data = {"finding": finding.code, "about": finding.about}
        yield Conclusion(0, "finding", text, finding.at, OPEN, finding.reason, data)


def _preliminary(preliminary: bool, speaker: Speaker) -> str:
    return speaker.said("cli.why.preliminary") if preliminary else ""


def tell(one: Conclusion, facts: Mapping[FactId, Fact], speaker: Speaker) -> None:
    """The conclusion, then its reason as a tree: each clause with pack and version, each fact with its two times and source."""
    speaker.write("")
    speaker.write(f"#{one.number} {one.text}")
    if told := _span(one, speaker):
        speaker.write(told, indent=3)
    speaker.write(speaker.said("cli.why.because"), indent=3)
    marks = {"reason": "", "clause": "§ ", "fact": "· "}
    for line in tree(one.reason, facts, speaker.lang, zone=speaker.zone):
        speaker.write(f"{marks[line.kind]}{line.text}", indent=5 + 2 * line.depth)


def _span(one: Conclusion, speaker: Speaker) -> str:
    """From when until when; nothing for what always holds, as a standing does before any fact."""
    start, end = speaker.moment(one.start), speaker.moment(one.end)
    if one.start <= 0:
        return "" if one.end >= OPEN else speaker.said("cli.why.until", end=end)
    return (
        speaker.said("cli.why.from", start=start)
        if one.end >= OPEN
        else speaker.said("cli.why.span", start=start, end=end)
    )


def as_data(one: Conclusion, facts: Mapping[FactId, Fact], speaker: Speaker) -> dict[str, Any]:
    """The conclusion as JSON holds it: sentences, the tree, and what it rests on by name."""
    rules = [clause._asdict() | {"valid_from": clause.valid_from.isoformat()} for clause in clauses_of(one.reason)]
    lines = tree(one.reason, facts, speaker.lang, zone=speaker.zone)
    return {
        "number": one.number,
        "kind": one.kind,
        "says": one.text,
        **one.data,
        "from": iso(one.start),
        "until": iso(one.end),
        "because": sentences(one.reason, speaker.lang, zone=speaker.zone),
        "tree": [line._asdict() for line in lines],
        "clauses": rules,
        "facts": list(facts_of(one.reason)),
    }
