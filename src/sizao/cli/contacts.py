"""What a trace found, as tables, JSON, files and calendar entries; the same for `trace` and `demo`."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sizao.cli.conclusions import duty_text
from sizao.cli.export import Cell, Due, write_csv, write_ics, write_xlsx
from sizao.cli.output import Column, Speaker
from sizao.facts.kinds import Grade
from sizao.rules.explain import say_clause, sentences
from sizao.rules.reasons import Reason, clauses_of
from sizao.rules.timeline import Duty, State
from sizao.tracing.acting import Acting, who_must_act
from sizao.tracing.compile import Compiled
from sizao.tracing.trace import ContactRow, Traced
from sizao.when import Instant, iso, local

COLUMNS = ("person", "case", "grade", "minutes", "first", "last", "because")
ON_SCREEN = ("person", "case", "grade", "minutes", "first", "last", "place")


class Files(NamedTuple):
    """The files an answer is written to besides the screen."""

    csv: Path | None = None
    xlsx: Path | None = None
    ics: Path | None = None


def because(reason: Reason, speaker: Speaker) -> str:
    """Why, in sentences, with the clauses and their pack versions."""
    told = sentences(reason, speaker.lang, zone=speaker.zone)
    told += [say_clause(clause, speaker.lang) for clause in clauses_of(reason)]
    return _joined(told, speaker)


def why_contact(row: ContactRow, rules: Compiled, speaker: Speaker) -> str:
    """How they met and by which rule that counts, then everything the grade rests on."""
    clause = rules.clause_of(row.exposure.rule or "")
    told = [met(row, speaker), *([] if clause is None else [say_clause(clause, speaker.lang)])]
    told += sentences(row.because, speaker.lang, zone=speaker.zone)
    told += [say_clause(clause, speaker.lang) for clause in clauses_of(row.because)]
    return _joined(told, speaker)


def _joined(told: Sequence[str], speaker: Speaker) -> str:
    return speaker.said("cli.parts").join(dict.fromkeys(told))


def met(row: ContactRow, speaker: Speaker) -> str:
    """Where and how long they were together, and the rule that counts it."""
    exposure = row.exposure
    return speaker.said(
        "because.exposure.matched",
        case=row.case,
        place=f"policy.place_kind.{exposure.place_kind}",
        minutes=row.minutes,
        first=row.first,
        last=row.last,
        rule=exposure.rule,
        grade=f"grade.{row.grade}",
    )


def as_data(traced: Traced, seconds: float, speaker: Speaker) -> dict[str, Any]:
    """The answer as JSON: counts, every contact with its reason and evidence, and how long it took."""
    return {
        "cases": len(traced.windows),
        "stays_read": traced.stays_read,
        "contacts": [_contact(row, traced.rules, speaker) for row in traced.contacts],
        "seconds": round(seconds, 3),
    }


def _contact(row: ContactRow, rules: Compiled, speaker: Speaker) -> dict[str, Any]:
    exposure = row.exposure
    return {
        "person": row.person,
        "case": row.case,
        "grade": row.grade,
        "minutes": row.minutes,
        "first": iso(row.first),
        "last": iso(row.last),
        "because": why_contact(row, rules, speaker),
        "evidence": {
            "place": exposure.place,
            "rule": exposure.rule,
            "via": exposure.via,
            "stays": [list(pair) for pair in exposure.stays],
            "flags": list(exposure.flags),
        },
    }


def summary(traced: Traced, seconds: float, speaker: Speaker) -> None:
    """How many cases, stays and contacts by grade, and how long it took."""
    found = Counter(row.grade for row in traced.contacts)
    grades = [f"{speaker.said(f'grade.{grade}')} {found[grade]}" for grade in Grade if found[grade]]
    speaker.say(
        "cli.trace.sum",
        cases=len(traced.windows),
        stays=f"{traced.stays_read:,}",
        contacts=len(traced.contacts),
        grades=speaker.said("cli.list").join(grades) or speaker.said("nothing"),
        seconds=f"{seconds:.1f}",
    )


def print_contacts(rows: Sequence[ContactRow], most: int, speaker: Speaker) -> None:
    """The first `most` contacts as a table, and how many are not shown."""
    columns = [Column(f"cli.trace.{name}", number=name == "minutes") for name in ON_SCREEN]
    if rows:
        speaker.table(columns, [_cells(row, speaker) for row in rows[:most]])
    if len(rows) > most:
        speaker.say("cli.trace.more_rows", count=len(rows) - most)


def _cells(row: ContactRow, speaker: Speaker) -> tuple[str, ...]:
    return (
        row.person, row.case, speaker.said(f"grade.{row.grade}"), str(row.minutes), speaker.moment(row.first),
        speaker.moment(row.last), row.exposure.place or speaker.said("nothing"),
    )  # fmt: skip


def print_acting(lines: Sequence[Acting], speaker: Speaker) -> None:
    """Who must act: holder, duty, how many are open, how many overdue, and by when the next is due."""
    names = ("holder", "duty", "open", "overdue", "next_due")
    columns = [Column(f"cli.acting.{name}", number=name in ("open", "overdue")) for name in names]
    rows = [
        (
            speaker.said(f"holder.{line.holder}"),
            speaker.said(f"duty.{line.duty}"),
            str(line.open),
            str(line.overdue),
            _by_when(line, speaker),
        )
        for line in lines
    ]
    speaker.table(columns, rows)


def _by_when(line: Acting, speaker: Speaker) -> str:
    if line.next_due is not None:
        return speaker.moment(line.next_due)
    if line.oldest_overdue is not None:
        return speaker.said("cli.acting.was_due", moment=speaker.moment(line.oldest_overdue))
    return speaker.said("duty.no-hour")


def acting_of(traced: Traced, now: Instant) -> tuple[Acting, ...]:
    """The open duties of everybody in a trace."""
    return who_must_act(traced.timelines.values(), now)


def write_files(traced: Traced, files: Files, now: Instant, speaker: Speaker) -> None:
    """Write the contacts and the calendar of open duties where they were asked for, and say so."""
    headings = [speaker.said(f"cli.trace.{name}") for name in (*COLUMNS, "evidence")]
    if files.csv is not None:
        write_csv(files.csv, headings, _file_rows(traced, speaker))
        speaker.note("cli.written", file=str(files.csv))
    if files.xlsx is not None:
        write_xlsx(files.xlsx, headings, _file_rows(traced, speaker))
        speaker.note("cli.written", file=str(files.xlsx))
    if files.ics is not None:
        name = speaker.said("cli.trace.calendar")
        write_ics(files.ics, _dues(traced, now, speaker), written_at=now, name=name)
        speaker.note("cli.written", file=str(files.ics))


def _file_rows(traced: Traced, speaker: Speaker) -> Iterator[Sequence[Cell]]:
    for row in traced.contacts:
        first, last = (local(moment, speaker.zone).strftime("%Y-%m-%d %H:%M:%S") for moment in (row.first, row.last))
        grade, why = speaker.said(f"grade.{row.grade}"), why_contact(row, traced.rules, speaker)
        exposure = row.exposure
        evidence = " ".join([exposure.rule or "", exposure.place or "", *(f"{a}/{b}" for a, b in exposure.stays)])
        yield row.person, row.case, grade, row.minutes, first, last, why, evidence


def _dues(traced: Traced, now: Instant, speaker: Speaker) -> Iterator[Due]:
    """Open duties with an hour; the same duty keeps its name, so that a calendar updates it instead of doubling it."""
    for subject, timeline in traced.timelines.items():
        for duty in timeline.duties:
            state = duty.state(now)
            if duty.due is not None and state in (State.DUE, State.OVERDUE, State.PENDING):
                text = duty_text(duty, state, speaker)
                yield Due(_uid(subject, duty), duty.since, duty.due, f"{subject} {text}", because(duty.reason, speaker))


def _uid(subject: str, duty: Duty) -> str:
    name = "|".join((subject, duty.code, duty.holder, str(duty.since)))
    return f"{hashlib.blake2b(name.encode(), digest_size=16).hexdigest()}@sizao"
