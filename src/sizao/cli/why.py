"""`sizao why`: what follows for somebody, and because of which facts under which clause; or why somebody is not a contact."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sizao.cli import why_not
from sizao.cli.conclusions import Conclusion, as_data, conclusions_at, tell
from sizao.cli.dossiers import dossier_of, facts_by_id
from sizao.cli.opening import asked_of, setup_asked
from sizao.cli.output import Speaker
from sizao.cli.reading import open_facts
from sizao.cli.rules import at_option, moment_or_now, rules_options
from sizao.cli.shell import EXISTING, Exit, argument, command, json_option, option
from sizao.cli.what_if import book_of
from sizao.errors import CliError, Where
from sizao.facts.kinds import SubjectId
from sizao.facts.store import FactStore
from sizao.rules.conclude import conclude
from sizao.rules.timeline import next_change_at
from sizao.when import Instant, iso


@command("why")
@argument("about", meta="subject")
@option("--facts", "facts", type=EXISTING, required=True, meta="path")
@option("--not", "case", meta="subject")
@option("--stays", type=EXISTING, meta="path")
@rules_options
@option("--what-if", is_flag=True)
@at_option
@json_option
@click.pass_obj
def why(speaker: Speaker, /, *, about: str, facts: Path, case: str | None, as_json: bool, **given: Any) -> int:
    """See `cli.why` in the word catalogue."""
    speaker = speaker.in_zone(given["zone"])
    if case is not None:
        return _why_not(speaker, about, case, given | {"notices": facts}, as_json=as_json)
    if given["stays"] is not None:
        raise CliError("C128")
    setup = setup_asked(given)
    known, now = moment_or_now(given["known_at"], setup.zone), moment_or_now(given["at"], setup.zone)
    store = open_facts(facts)
    name, number = split(about)
    subject = find_subject(store, name, facts)
    dossier = dossier_of(store, subject, setup, known)
    timeline = conclude(dossier, book_of(setup, what_if=given["what_if"]), known_at=known)
    found = conclusions_at(timeline, now, speaker)
    chosen = found if number is None else [_numbered(found, number, about)]
    named = facts_by_id(store, dossier, known)
    changes = next_change_at(timeline, now)
    if as_json:
        told = {"conclusions": [as_data(one, named, speaker) for one in chosen]}
        speaker.json(_answer(subject, now, known, changes) | told)
        return Exit.OK
    speaker.say("cli.why.head", subject=subject, now=speaker.moment(now))
    for one in chosen:
        tell(one, named, speaker)
    if not chosen:
        speaker.say("cli.why.nothing")
    if changes is not None:
        speaker.write("")
        speaker.say("cli.why.next", moment=speaker.moment(changes))
    return Exit.OK


def _why_not(speaker: Speaker, person: str, case: str, given: dict[str, Any], *, as_json: bool) -> int:
    asked = asked_of({"mapping": None, "stays_as": None, "dates": (), "disease": None} | given)
    answer = why_not.explain(person, case, asked, book_of(asked.setup, what_if=given["what_if"]), speaker)
    if as_json:
        speaker.json(why_not.as_data(answer, speaker))
    else:
        why_not.tell(answer, speaker)
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
