"""Who would be treated otherwise under other rules: both are run over the same facts, and only what differs is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sizao.cli.output import Speaker
from sizao.rules.explain import sentences
from sizao.rules.reasons import Reason
from sizao.rules.timeline import Timeline
from sizao.when import OPEN, Instant


class Held(NamedTuple):
    """One conclusion of a timeline in a form that can be compared: what it is, what it says, and from when until when."""

    kind: str
    name: tuple[str, ...]
    span: tuple[Instant, Instant]

    @property
    def group(self) -> tuple[str, tuple[str, ...]]:
        """What must be the same for a change to be one change and not two."""
        return self.kind, self.name[:1]


class Change(NamedTuple):
    """A conclusion that only one side draws: `before` and `after` in words, each with its reason; either may be absent."""

    subject: str
    kind: str
    before: str | None
    after: str | None
    before_because: tuple[str, ...]
    after_because: tuple[str, ...]


def changes_between(before: Timeline, after: Timeline, speaker: Speaker) -> list[Change]:
    """What differs between two timelines of one subject, in order of time; the same conclusion by another clause is no change."""
    old, new = dict(_held(before)), dict(_held(after))
    gone = sorted((held for held in old if held not in new), key=lambda held: (held.kind, held.span, held.name))
    come = sorted((held for held in new if held not in old), key=lambda held: (held.kind, held.span, held.name))
    found = []
    for held in gone:
        match = next((other for other in come if other.group == held.group), None)
        if match is not None:
            come.remove(match)
        found.append(_change(before.subject, (held, old[held]), (match, new[match]) if match else None, speaker))
    found += [_change(before.subject, None, (held, new[held]), speaker) for held in come]
    return found


def _held(timeline: Timeline) -> Iterator[tuple[Held, Reason]]:
    for grade in timeline.grades:
        yield Held("grade", (grade.grade, grade.case), (grade.start, grade.end)), grade.reason
    for standing in timeline.standings:
        yield Held("standing", (standing.standing,), (standing.start, standing.end)), standing.reason
    for duty in timeline.duties:
        due = OPEN if duty.due is None else duty.due
        yield Held("duty", (duty.code, duty.holder), (duty.since, due)), duty.reason
    for finding in timeline.findings:
        yield Held("finding", (finding.code, finding.about or ""), (finding.at, OPEN)), finding.reason


def _change(
    subject: str, before: tuple[Held, Reason] | None, after: tuple[Held, Reason] | None, speaker: Speaker
) -> Change:
    kind = (before or after or (Held("", (), (Instant(0), OPEN)), Reason("")))[0].kind
    told = [None if side is None else _say(side[0], side[1], speaker) for side in (before, after)]
    because = [
        () if side is None else tuple(sentences(side[1], speaker.lang, zone=speaker.zone)) for side in (before, after)
    ]
    return Change(subject, kind, told[0], told[1], because[0], because[1])


def _say(held: Held, reason: Reason, speaker: Speaker) -> str:
    if held.kind == "finding":
        return sentences(reason, speaker.lang, zone=speaker.zone)[0]
    name = speaker.said(f"{held.kind}.{held.name[0]}")
    if held.kind == "duty":
        holder = speaker.said(f"holder.{held.name[1]}")
        due = speaker.said("duty.no-hour") if held.span[1] >= OPEN else speaker.moment(held.span[1])
        return speaker.said(
            "cli.policy.diff.duty", holder=holder, what=name, since=speaker.moment(held.span[0]), due=due
        )
    start, end = (speaker.moment(moment) for moment in held.span)
    return speaker.said("cli.policy.diff.span", name=name, start=start, end=end)
