"""`sizao why`: what follows for somebody, and because of which facts under which clause; or why somebody is not a contact."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sizao.cli.conclusions import Conclusion, as_data, conclusions_at, tell
from sizao.cli.dossiers import dossier_of, facts_by_id
from sizao.cli.output import Speaker
from sizao.cli.rules import at_option, moment_or_now, rules_options, setup_of
from sizao.cli.shell import EXISTING, Exit, argument, command, json_option, option
from sizao.errors import CliError, Where
from sizao.facts.folder import FolderStore
from sizao.facts.kinds import SubjectId
from sizao.facts.store import FactStore
from sizao.rules.conclude import conclude
from sizao.rules.timeline import next_change_at
from sizao.tracing.setup import open_book
from sizao.when import Instant, iso


@command("why")
@argument("about", meta="subject")
@option("--facts", "folder", type=EXISTING, required=True, meta="folder")
@rules_options
@at_option
@json_option
@click.pass_obj
def why(
    speaker: Speaker,
    *,
    about: str,
    folder: Path,
    packs: tuple[str, ...],
    reading: tuple[tuple[str, str], ...],
    area: str,
    zone: str,
    known_at: str | None,
    at: str | None,
    as_json: bool,
) -> int:
    """See `cli.why` in the word catalogue."""
    setup = setup_of(packs, reading, area, zone)
    known, now = moment_or_now(known_at, zone), moment_or_now(at, zone)
    store = FolderStore(folder)
    name, number = split(about)
    subject = find_subject(store, name, folder)
    dossier = dossier_of(store, subject, setup, known)
    timeline = conclude(dossier, open_book(setup), known_at=known)
    found = conclusions_at(timeline, now, speaker)
    chosen = found if number is None else [_numbered(found, number, about)]
    facts = facts_by_id(store, dossier, known)
    if as_json:
        speaker.json(_answer(subject, now, known, next_change_at(timeline, now)) | {
            "conclusions": [as_data(one, facts, speaker) for one in chosen],
        })  # fmt: skip
        return Exit.OK
    speaker.say("cli.why.head", subject=subject, now=speaker.moment(now))
    for one in chosen:
        tell(one, facts, speaker)
    if not chosen:
        speaker.say("cli.why.nothing")
    changes = next_change_at(timeline, now)
    if changes is not None:
        speaker.write("")
        speaker.say("cli.why.next", moment=speaker.moment(changes))
    return Exit.OK


def split(about: str) -> tuple[str, int | None]:
    """The subject and the number of one conclusion: `person:p1#2`."""
    name, mark, number = about.rpartition("#")
    return (name, int(number)) if mark and number.isdigit() else (about, None)


def find_subject(store: FactStore, name: str, folder: Path) -> SubjectId:
    """The subject of that name, with or without its kind before it; refuses one the folder knows nothing of (C146)."""
    for subject in (name, f"person:{name}"):
        if store.facts_of(SubjectId(subject)):
            return SubjectId(subject)
    raise CliError("C146", where=Where(file=str(folder)), value=name)


def _numbered(found: list[Conclusion], number: int, about: str) -> Conclusion:
    if not 1 <= number <= len(found):
        raise CliError("C121", value=about, count=len(found))
    return found[number - 1]


def _answer(subject: str, now: Instant, known: Instant, changes: Instant | None) -> dict[str, Any]:
    return {
        "subject": subject,
        "at": iso(now),
        "known_at": iso(known),
        "next_change_at": None if changes is None else iso(changes),
    }
