"""`sizao trace`: from case notices to everyone who was exposed, what follows for each, and who must act."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from sizao.cli.contacts import Files, acting_of, as_data, print_acting, print_contacts, summary, write_files
from sizao.cli.dossiers import keep_trace
from sizao.cli.import_file import print_refusals
from sizao.cli.opening import asked_of, opened
from sizao.cli.output import Speaker
from sizao.cli.rules import rules_options
from sizao.cli.shell import EXISTING, FOLDER, WRITABLE, Exit, Read, argument, command, json_option, option
from sizao.cli.what_if import book_of
from sizao.errors import CliError, Where
from sizao.facts.intake.importing import Imported
from sizao.tracing.trace import Traced
from sizao.tracing.trace import trace as trace_cases
from sizao.when import Instant

SHOWN = 40


def _rows(text: str, where: Where) -> int | None:
    if text == "all":
        return None
    if not text.isascii() or not text.isdigit():
        raise CliError("C105", where=where, value=text)
    return int(text)


@command("trace")
@argument("notices", meta="path", type=EXISTING)
@argument("stays", meta="path", type=EXISTING, required=False)
@rules_options
@option("--what-if", is_flag=True)
@option("--as", "mapping", meta="mapping")
@option("--stays-as", meta="mapping")
@option("--dates", multiple=True, meta="format")
@option("--disease", meta="name")
@option("--no-secondary", is_flag=True)
@option("--to", "folder", type=FOLDER, meta="folder")
@option("--csv", "csv_to", type=WRITABLE, meta="file")
@option("--xlsx", "xlsx_to", type=WRITABLE, meta="file")
@option("--ics", "ics_to", type=WRITABLE, meta="file")
@option("--rows", type=Read("number", _rows), default=str(SHOWN), show_default=True, meta="number")
@json_option
@click.pass_obj
def trace(speaker: Speaker, /, *, as_json: bool, folder: Path | None, rows: int | None, **given: Any) -> int:
    """See `cli.trace` in the word catalogue."""
    asked, speaker = asked_of(given), speaker.in_zone(given["zone"])
    book = book_of(asked.setup, what_if=given["what_if"])
    began = time.perf_counter()
    with opened(asked, book, speaker) as (cases, ground, read):
        with speaker.working("cli.trace.tracing"):
            traced = trace_cases(cases, ground, known_at=asked.known_at, secondary=not given["no_secondary"])
        seconds = time.perf_counter() - began
    if not traced.rules.rules.rules:
        raise CliError("C150", packs=", ".join(pack.id for pack in book.packs), area=asked.setup.area)
    if folder is not None:
        keep_trace(folder, cases, traced, asked.setup, book, known_at=asked.known_at)
    files = Files(given["csv_to"], given["xlsx_to"], given["ics_to"])
    if as_json:
        refused = [{"file": one.file} | each.as_data(speaker.lang) for one in read for each in one.refusals]
        speaker.json(as_data(traced, seconds, speaker) | {"refused": len(refused), "refusals": refused})
    else:
        _print(speaker, traced, read, seconds=seconds, rows=rows, now=asked.known_at)
    write_files(traced, files, asked.known_at, speaker)
    return Exit.FOUND if any(one.refused for one in read) else Exit.OK


def _print(
    speaker: Speaker, traced: Traced, read: list[Imported], *, seconds: float, rows: int | None, now: Instant
) -> None:
    for imported in read:
        counts = {"rows": imported.rows, "stored": imported.stored, "refused": imported.refused}
        speaker.say("cli.trace.file", file=imported.file, mapping=imported.mapping, **counts)
        print_refusals(imported, speaker, SHOWN)
    summary(traced, seconds, speaker)
    print_contacts(traced.contacts, len(traced.contacts) if rows is None else rows, speaker)
    acting = acting_of(traced, now)
    if acting:
        speaker.head("cli.trace.acting", now=speaker.moment(now))
        print_acting(acting, speaker)
