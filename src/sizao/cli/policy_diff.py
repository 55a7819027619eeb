"""`sizao policy diff`: what changes between two packs; over facts, whose standing and duties change, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import click

from sizao.cli.dossiers import dossier_of
from sizao.cli.moments import DAY
from sizao.cli.output import Speaker
from sizao.cli.policy_values import as_data, lines_of
from sizao.cli.providers import now
from sizao.cli.reading import open_facts
from sizao.cli.rules import area_option, known_at_option, moment_or_now, reading_option, setup_of, zone_option
from sizao.cli.shadow import Change, changes_between
from sizao.cli.shell import EXISTING, Exit, argument, command, json_option, option
from sizao.cli.what_if import what_if_book
from sizao.facts.store import BatchHead, FactStore, MemoryStore
from sizao.policy import PolicyBook, Value, ValueChange, value_diff
from sizao.replay import Sampled, Switches, founding_facts, run
from sizao.replay.choices import chosen
from sizao.replay.founding import AS_OF, HOME_AREA, PERSON
from sizao.rules.conclude import conclude
from sizao.tracing.setup import Setup
from sizao.when import Instant, local_day


class Ground(NamedTuple):
    """Facts over which two editions are compared, and what to call them (None: the folder that was given)."""

    branch: str | None
    reading: str | None
    store: FactStore
    area: str
    known_at: Instant


@command("policy.diff")
@argument("before", meta="pack")
@argument("after", meta="pack")
@option("--facts", "folder", type=EXISTING, meta="folder")
@option("--replay", is_flag=True)
@option("--on", type=DAY, meta="day")
@reading_option
@area_option
@zone_option
@known_at_option
@json_option
@click.pass_obj
def diff(
    speaker: Speaker,
    /,
    *,
    before: str,
    after: str,
    folder: Path | None,
    replay: bool,
    on: date | None,
    as_json: bool,
    **given: Any,
) -> int:
    """See `cli.policy.diff` in the word catalogue."""
    zone, area = given["zone"], given["area"]
    speaker = speaker.in_zone(zone)
    known = moment_or_now(given["known_at"], zone)
    books = [what_if_book(setup_of((name,), given["reading"], area, zone)) for name in (before, after)]
    values = value_diff(books[0], books[1], area=area, on=on or local_day(now(), zone))
    grounds = [] if folder is None else [Ground(None, None, open_facts(folder), area, known)]
    grounds += _replayed() if replay else []
    changes = [(ground, list(_changes(ground, books, zone, speaker))) for ground in grounds]
    if as_json:
        speaker.json(
            {"before": before, "after": after, "values": [_value_data(value) for value in values]} | _told(changes)
        )
    else:
        _print_values(speaker, before, after, values)
        for branch, readings, found in _merged(changes):
            _print_ground(speaker, branch, readings, found)
    return Exit.OK


def _told(changes: Sequence[tuple[Ground, list[Change]]]) -> dict[str, Any]:
    """The folder's changes as `subjects`, those of the replay branch by branch as `replay`."""
    told: dict[str, Any] = {}
    for ground, found in changes:
        each = [change._asdict() for change in found]
        if ground.branch is None:
            told["subjects"] = each
        else:
            one = {"branch": ground.branch, "reading": ground.reading, "subjects": each}
            told.setdefault("replay", []).append(one)
    return told


def _replayed() -> list[Ground]:
    """The replay's facts, branch by branch and reading by reading, under its first suppositions."""
    switches = Switches(sampled=Sampled.JULY_25, in_theatre=True, rules_on_file=True)
    found = []
    for cell in run().cells:
        if cell.switches == switches:
            others = [fact for fact in chosen(founding_facts(), cell.branch, switches) if fact.subject != PERSON]
            store = MemoryStore()
            head = BatchHead(batch="replay", source="replay", basis="public-record", recorded_at=AS_OF)
            store.append([*others, *cell.facts], head)
            found.append(Ground(cell.branch, cell.reading, store, HOME_AREA, AS_OF))
    return found


def _changes(ground: Ground, books: Sequence[PolicyBook], zone: str, speaker: Speaker) -> Iterator[Change]:
    subjects = list(ground.store.subjects())
    setup = Setup(packs=(), area=ground.area, zone=zone)
    with speaker.working("cli.policy.diff.working") as tick:
        for number, subject in enumerate(subjects):
            tick(number, len(subjects))
            dossier = dossier_of(ground.store, subject, setup, ground.known_at)
            old, new = (conclude(dossier, book, known_at=ground.known_at) for book in books)
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


def _merged(
    changes: Sequence[tuple[Ground, list[Change]]],
) -> list[tuple[str | None, list[str], list[Change]]]:
    """What several readings of one branch share is told once."""
    found: dict[tuple[str | None, tuple[Change, ...]], list[str]] = {}
    for ground, each in changes:
        found.setdefault((ground.branch, tuple(each)), []).append(ground.reading or "")
    return [(branch, readings, list(each)) for (branch, each), readings in found.items()]


def _print_ground(speaker: Speaker, branch: str | None, readings: list[str], changes: list[Change]) -> None:
    if branch is not None:
        named = speaker.said("cli.list").join(speaker.said(f"replay.reading.{reading}") for reading in readings)
        speaker.head("cli.policy.diff.replay_head", branch=speaker.said(f"replay.branch.{branch}"), reading=named)
    speaker.write("")
    speaker.say("cli.policy.diff.who", count=len({change.subject for change in changes}))
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
