"""`sizao policy diff`: what changes between two packs; over facts, whose standing and duties change, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click

from sizao.cli.dossiers import dossier_of
from sizao.cli.moments import DAY
from sizao.cli.output import Speaker
from sizao.cli.policy_values import as_data, lines_of
from sizao.cli.providers import now
from sizao.cli.rules import area_option, known_at_option, moment_or_now, reading_option, setup_of, zone_option
from sizao.cli.shadow import Change, changes_between
from sizao.cli.shell import EXISTING, Exit, argument, command, json_option, option
from sizao.cli.what_if import what_if
from sizao.facts.folder import FolderStore
from sizao.policy import PolicyBook, Value, ValueChange, value_diff
from sizao.rules.conclude import conclude
from sizao.tracing.setup import Setup
from sizao.when import Instant, local_day


@command("policy.diff")
@argument("before", meta="pack")
@argument("after", meta="pack")
@option("--facts", "folder", type=EXISTING, meta="folder")
@option("--on", type=DAY, meta="day")
@reading_option
@area_option
@zone_option
@known_at_option
@json_option
@click.pass_obj
def diff(
    speaker: Speaker,
    *,
    before: str,
    after: str,
    folder: Path | None,
    on: date | None,
    reading: tuple[tuple[str, str], ...],
    area: str,
    zone: str,
    known_at: str | None,
    as_json: bool,
) -> int:
    """See `cli.policy.diff` in the word catalogue."""
    known = moment_or_now(known_at, zone)
    setups = [setup_of((name,), reading, area, zone) for name in (before, after)]
    books = [what_if(setup) for setup in setups]
    values = value_diff(books[0], books[1], area=area, on=on or local_day(now(), zone))
    changes = None if folder is None else list(_changes(folder, setups[0], books, known, speaker))
    if as_json:
        told = {} if changes is None else {"subjects": [change._asdict() for change in changes]}
        speaker.json({"before": before, "after": after, "values": [_value_data(value) for value in values]} | told)
    else:
        _print_values(speaker, before, after, values)
        if changes is not None:
            _print_changes(speaker, changes)
    return Exit.OK


def _changes(folder: Path, setup: Setup, books: list[PolicyBook], known: Instant, speaker: Speaker) -> Iterator[Change]:
    store = FolderStore(folder)
    subjects = list(store.subjects())
    with speaker.working("cli.policy.diff.working") as tick:
        for number, subject in enumerate(subjects):
            tick(number, len(subjects))
            dossier = dossier_of(store, subject, setup, known)
            old, new = (conclude(dossier, book, known_at=known) for book in books)
            yield from changes_between(old, new, speaker)


def _side(value: Value | None, refused: str | None, speaker: Speaker) -> str:
    if value is None:
        return speaker.said("cli.policy.diff.none", refusal=refused or "")
    return "\n".join(lines_of(value.value, speaker))


def _print_values(speaker: Speaker, before: str, after: str, values: list[ValueChange]) -> None:
    speaker.say("cli.policy.diff.values", before=before, after=after, count=len(values))
    for value in values:
        speaker.write("")
        speaker.write(value.key + (f" ({', '.join(value.fields)})" if value.fields else ""))
        for side, one, refused in (("-", value.before, value.before_refused), ("+", value.after, value.after_refused)):
            for line in _side(one, refused, speaker).splitlines():
                speaker.write(f"{side} {line}", indent=2)


def _print_changes(speaker: Speaker, changes: list[Change]) -> None:
    speaker.head("cli.policy.diff.who", count=len({change.subject for change in changes}))
    last = ""
    for change in changes:
        if change.subject != last:
            speaker.write("")
            speaker.write(change.subject)
            last = change.subject
        for side, text, because in (
            ("-", change.before, change.before_because),
            ("+", change.after, change.after_because),
        ):
            if text is not None:
                speaker.write(f"{side} {text}", indent=2)
                for sentence in because:
                    speaker.write(sentence, indent=6)


def _value_data(change: ValueChange) -> dict[str, Any]:
    return {
        "key": change.key,
        "fields": list(change.fields),
        "before": None if change.before is None else as_data(change.before.value),
        "after": None if change.after is None else as_data(change.after.value),
        "before_refused": change.before_refused,
        "after_refused": change.after_refused,
    }
