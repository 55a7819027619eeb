"""`sizao demo`: a generated county with planted exposures, traced from end to end, and checked against what was planted."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import click

from sizao.cli.contacts import acting_of, print_acting
from sizao.cli.dossiers import keep_trace
from sizao.cli.output import Column, Speaker
from sizao.cli.shell import FOLDER, WHOLE, Exit, command, json_option, option
from sizao.drills.county import DAYS, KNOWN_AT, County, planted_county
from sizao.drills.demo import AREA, PACKS, Held, held, run, setup, stage
from sizao.errors import CliError
from sizao.facts.kinds import Grade
from sizao.policy import PolicyBook
from sizao.tracing.trace import Traced
from sizao.when import local_day

LEAST_PERSONS = 5_000
"""Fewer people than this leave no town around the planted ones."""
MOST_SHOWN = 20


@command("demo")
@option("--persons", type=WHOLE, default=100_000, show_default=True, meta="number")
@option("--seed", type=WHOLE, default=20210720, show_default=True, meta="number")
@option("--to", "folder", type=FOLDER, meta="folder")
@json_option
@click.pass_obj
def demo(speaker: Speaker, *, persons: int, seed: int, folder: Path | None, as_json: bool) -> int:
    """See `cli.demo` in the word catalogue."""
    if persons < LEAST_PERSONS:
        raise CliError("C122", value=persons, least=LEAST_PERSONS)
    with speaker.working("cli.demo.planting", persons=f"{persons:,}"):
        county = planted_county(seed, persons=persons)
    with tempfile.TemporaryDirectory(prefix="sizao-demo-") as place:
        with speaker.working("cli.demo.storing") as tick:
            ground = stage(county, Path(place), tick)
        began = time.perf_counter()
        with speaker.working("cli.demo.tracing"):
            traced = run(county, ground)
        seconds = time.perf_counter() - began
    verdict = held(county, traced, window_days(ground.book, county))
    if folder is not None:
        keep_trace(folder, county.case_facts(), traced, setup(), ground.book, known_at=KNOWN_AT)
    if as_json:
        speaker.json(_as_data(county, traced, verdict, seconds))
    else:
        _print(speaker, county, traced, verdict, seconds)
        if folder is not None:
            person = traced.contacts[0].person
            speaker.say("cli.demo.kept", folder=str(folder), person=person, pack=PACKS[0], area=AREA)
    return Exit.OK if verdict.right else Exit.FOUND


def window_days(book: PolicyBook, county: County) -> int:
    """How many days before onset the rules of the county count."""
    on = local_day(county.cases[0].care_at, book.zone)
    return int(book.find("case.window.days_before", area=AREA, on=on).value)


def _print(speaker: Speaker, county: County, traced: Traced, verdict: Held, seconds: float) -> None:
    counts = {"persons": f"{county.persons:,}", "stays": f"{traced.stays_read:,}", "cases": len(county.cases)}
    speaker.say("cli.demo.county", days=DAYS, **counts)
    found = Counter(row.grade for row in traced.contacts)
    grades = [f"{speaker.said(f'grade.{grade}')} {found[grade]}" for grade in Grade if found[grade]]
    wrong = {"missing": len(verdict.missing), "extra": len(verdict.extra), "differing": len(verdict.differing)}
    code = "cli.demo.right" if verdict.right else "cli.demo.wrong"
    speaker.say(
        code, planted=verdict.planted, found=verdict.found, grades=speaker.said("cli.list").join(grades), **wrong
    )
    if verdict.right:
        speaker.say("cli.demo.near", count=len(county.misses))
    else:
        _print_wrong(speaker, county, verdict)
    speaker.say("cli.demo.seconds", seconds=f"{seconds:.1f}")
    speaker.head("cli.trace.acting", now=speaker.moment(KNOWN_AT))
    print_acting(acting_of(traced, KNOWN_AT), speaker)


def _print_wrong(speaker: Speaker, county: County, verdict: Held) -> None:
    """The first lines that are not as planted: what was planted, and what was found."""
    pairs: list[tuple[Any, Any]] = [(each, None) for each in verdict.missing]
    pairs += [(None, row) for row in verdict.extra]
    pairs += list(verdict.differing)
    nothing = speaker.said("nothing")
    rows = []
    for planted, row in pairs[:MOST_SHOWN]:
        person = county.person_name(planted.person) if planted else row.person
        told = [
            f"{speaker.said(f'grade.{grade}')}, {minutes} min" if grade is not None else nothing
            for grade, minutes in (
                (planted.grade, planted.overlap_s // 60) if planted else (None, 0),
                (row.grade, row.minutes) if row else (None, 0),
            )
        ]
        rows.append((person, *told))
    speaker.table([Column("cli.trace.person"), Column("cli.demo.planted"), Column("cli.demo.found")], rows)


def _as_data(county: County, traced: Traced, verdict: Held, seconds: float) -> dict[str, Any]:
    return {
        "persons": county.persons,
        "cases": len(county.cases),
        "stays_read": traced.stays_read,
        "planted": verdict.planted,
        "found": verdict.found,
        "missing": [county.person_name(line.person) for line in verdict.missing],
        "extra": [row.person for row in verdict.extra],
        "differing": [row.person for _, row in verdict.differing],
        "near_misses": len(county.misses),
        "acting": [line._asdict() for line in acting_of(traced, KNOWN_AT)],
        "seconds": round(seconds, 3),
    }


__all__ = ["demo", "window_days"]
