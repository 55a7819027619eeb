"""`sizao import`: files into a folder; every row is stored, or refused with row, column, value and what to do."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from sizao.cli.export import write_csv
from sizao.cli.moments import MOMENT, ZONE, read_moment
from sizao.cli.output import Column, Speaker
from sizao.cli.providers import now
from sizao.cli.reading import How, read_file
from sizao.cli.reading_lists import CONTACTS, LINE_LIST, as_list, read_pair
from sizao.cli.shell import EXISTING, FOLDER, PAIR, WHOLE, WRITABLE, Exit, argument, command, json_option, option
from sizao.errors import CliError, ExposureError
from sizao.exposure.stays import BatchInfo, Receipt
from sizao.facts.folder import FolderStore
from sizao.facts.intake.importing import Imported, ImportOptions
from sizao.facts.intake.mapping import Given, Refusal
from sizao.facts.intake.tables import ReadOptions
from sizao.facts.intake.ways import list_options
from sizao.facts.kinds import DataClass
from sizao.facts.stay_columns import StayColumns
from sizao.tracing.taking import add_stays
from sizao.when import OPEN, Instant
from sizao.words.catalogue import DEFAULT_ZONE, terms

RECORDER = "sizao import"
NOT_STATED = "not-stated"
SHOWN = 20

HEADINGS = ("row", "column", "value", "says", "do")


@command("import")
@argument("files", meta="file", nargs=-1, required=True, type=EXISTING)
@option("--to", "folder", type=FOLDER, meta="folder")
@option("--trial", is_flag=True)
@option("--as", "mapping", meta="mapping")
@option("--column", "columns", multiple=True, type=PAIR, meta="pair")
@option("--default", "defaults", multiple=True, type=PAIR, meta="pair")
@option("--dates", multiple=True, meta="format")
@option("--zone", type=ZONE, default=DEFAULT_ZONE, show_default=True, meta="zone")
@option("--encoding", meta="name")
@option("--delimiter", meta="text")
@option("--sheet", meta="name")
@option("--header-row", type=WHOLE, default=1, show_default=True, meta="number")
@option("--prefix", meta="text")
@option("--source", meta="text")
@option("--basis", default=NOT_STATED, show_default=True, meta="text")
@option("--keep-until", type=MOMENT, meta="moment")
@option("--declared-rows", type=WHOLE, meta="number")
@option("--sha256", meta="text")
@option("--refusals", "refusals_to", type=WRITABLE, meta="file")
@json_option
@click.pass_obj
def import_file(
    speaker: Speaker, /, *, files: tuple[Path, ...], folder: Path | None, trial: bool, as_json: bool,
    refusals_to: Path | None, **asked: Any,
) -> int:  # fmt: skip
    """See `cli.import` in the word catalogue."""
    if (folder is None) is not trial:
        raise CliError("C123" if folder is None else "C124")
    if len(files) > 1 and (asked["declared_rows"] is not None or asked["sha256"] is not None):
        raise CliError("C125")
    moment = now()
    with speaker.working("cli.import.reading"):
        done, together = _take_in_all([(path, how_of(path, asked, moment)) for path in files], folder)
    if as_json:
        speaker.json(_as_data(done, together, speaker))
    else:
        for imported in done:
            _print(imported, speaker, trial=trial, alone=together is None)
        if together is not None:
            speaker.head("cli.import.together")
            _print_summary(together, speaker)
    if refusals_to is not None:
        _write_refusals(refusals_to, done, speaker)
    return Exit.FOUND if any(imported.refused for imported in done) else Exit.OK


def how_of(path: Path, asked: dict[str, Any], moment: Instant) -> How:
    """How the options say that a file is to be read."""
    for_all, for_column = date_formats(asked["dates"])
    keep, defaults = asked["keep_until"], dict(asked["defaults"])
    if asked["prefix"] is not None:
        defaults["prefix"] = asked["prefix"]
    given = Given(
        recorded_at=moment, source=asked["source"] or path.name, recorder=RECORDER, basis=asked["basis"],
        zone=asked["zone"], formats=for_all, column_formats=for_column, defaults=defaults,
    )  # fmt: skip
    reading = ReadOptions(
        encoding=asked["encoding"], delimiter=asked["delimiter"], sheet=asked["sheet"], header_row=asked["header_row"],
        declared_rows=asked["declared_rows"],
    )  # fmt: skip
    options = ImportOptions(
        reading=reading, columns=dict(asked["columns"]), declared_sha256=asked["sha256"],
        keep_until=OPEN if keep is None else read_moment(keep, asked["zone"]),
    )  # fmt: skip
    return How(given=given, mapping=asked["mapping"], options=options)


def date_formats(written: Sequence[str]) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Formats for every date column, and those for one column alone (`onset=DD.MM.YYYY`)."""
    plain: list[str] = []
    named: dict[str, tuple[str, ...]] = {}
    for text in written:
        name, mark, form = text.partition("=")
        if mark:
            named[name.strip()] = (*named.get(name.strip(), ()), form.strip())
        else:
            plain.append(text)
    return tuple(plain), named


def _take_in_all(
    files: Sequence[tuple[Path, How]], folder: Path | None
) -> tuple[list[Imported], dict[str, Any] | None]:
    """Each file by itself; but a line list and a contact list given together are one outbreak, with one summary."""
    if len(files) == 2:
        lists = [as_list(path, how.mapping, how.options) for path, how in files]
        order = sorted((one for one in lists if one is not None), key=lambda one: one.by.name != LINE_LIST)
        if [one.by.name for one in order] == [LINE_LIST, CONTACTS]:
            how = files[0][1]
            store = None if folder is None else FolderStore(folder)
            told = list_options(how.given, how.options.columns)
            return read_pair((order[0], order[1]), store, told, how.options)
    return [_take_in(path, folder, how) for path, how in files], None


def _take_in(path: Path, folder: Path | None, how: How) -> Imported:
    imported = read_file(path, None if folder is None else FolderStore(folder), how)
    if folder is not None and imported.stays is not None and len(imported.stays):
        batch = BatchInfo(
            batch_id=_batch_name(imported, how), source=how.given.source, basis=how.given.basis,
            keep_until=how.options.keep_until, recorded_at=how.given.recorded_at, data_class=DataClass.MOVEMENT,
        )  # fmt: skip
        imported = _stored(imported, imported.stays, add_stays(folder, imported.stays, batch))
    return imported


def _stored(imported: Imported, columns: StayColumns, receipt: Receipt | None) -> Imported:
    """The answer after the stay store has spoken: a batch it knew repeats everything, a row it refuses is refused."""
    if receipt is None:
        return replace(imported, joined=imported.stored)
    late = [Refusal(int(columns.file_row[row.row]), "", "", ExposureError(row.code)) for row in receipt.refused]
    return replace(
        imported, refusals=[*imported.refusals, *late], refused=imported.refused + len(late),
        stored=imported.stored - len(late), joined=min(imported.stored - len(late), imported.joined + receipt.duplicates),
    )  # fmt: skip


def _batch_name(imported: Imported, how: How) -> str:
    """The same file read the same way is the same batch."""
    read = (imported.sha256, imported.mapping, repr(how.options), how.given.source, how.given.basis, how.given.zone,
            how.given.formats, sorted(how.given.column_formats.items()), sorted(how.given.defaults.items()))  # fmt: skip
    return f"{imported.mapping}-{hashlib.sha256(repr(read).encode()).hexdigest()[:32]}"


def _as_data(done: Sequence[Imported], together: dict[str, Any] | None, speaker: Speaker) -> dict[str, Any]:
    """One file as itself; several as their sum, with each of them."""
    each = [imported.as_data(speaker.lang) for imported in done]
    if len(each) == 1:
        return each[0]
    refusals = [{"file": one["file"]} | refusal for one in each for refusal in one["refusals"]]
    sums = {name: sum(one[name] for one in each) for name in ("rows", "stored", "refused", "joined")}
    return {**sums, "refusals": refusals, "files": each, **({} if together is None else {"summary": together})}


def _print(imported: Imported, speaker: Speaker, *, trial: bool, alone: bool) -> None:
    encoding = imported.encoding or speaker.said("nothing")
    speaker.say("cli.import.read", file=imported.file, mapping=imported.mapping, encoding=encoding)
    counts = {"rows": imported.rows, "stored": imported.stored, "joined": imported.joined, "refused": imported.refused}
    speaker.say("cli.import.trial_sum" if trial else "cli.import.sum", **counts)
    for name, forms in imported.dates.items():
        speaker.say("cli.import.dates_read", column=name, forms=", ".join(forms))
    for code, times in imported.notes.items():
        speaker.say("cli.import.note", note=_note(code, speaker), times=times)
    if alone:
        _print_summary(dict(imported.summary or {}), speaker)
    print_refusals(imported, speaker, SHOWN)


def _note(code: str, speaker: Speaker) -> str:
    # A note may quote one cell; counted over all rows there is no one value to quote.
    return speaker.said(code, value="…") if code in terms() else code


def _print_summary(summary: dict[str, Any], speaker: Speaker) -> None:
    told = [(_named(name, speaker), _plain(value)) for name, value in summary.items() if name != "series"]
    speaker.pairs([(name, value) for name, value in told if value])


def _named(name: str, speaker: Speaker) -> str:
    code = f"cli.summary.{name}"
    return speaker.said(code) if code in terms() else name


def _plain(value: Any) -> str:
    """A number, a day, or a few of them with their names; what is long (a curve's series) is for `--json`."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(part)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(str(part) for part in value) if all(isinstance(part, str) for part in value) else ""
    return f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def print_refusals(imported: Imported, speaker: Speaker, most: int) -> None:
    """The refused rows as a table, and how many more there are."""
    refused = [refusal.as_data(speaker.lang) for refusal in imported.refusals]
    if refused:
        rows = [tuple(str(refusal[name]) for name in HEADINGS) for refusal in refused[:most]]
        speaker.write("")
        speaker.table([Column(f"cli.import.{name}", number=name == "row") for name in HEADINGS], rows)
    if len(refused) > most:
        speaker.say("cli.import.more_refusals", count=len(refused) - most)


def _write_refusals(path: Path, done: Sequence[Imported], speaker: Speaker) -> None:
    headings = [speaker.said(f"cli.import.{name}") for name in ("file", *HEADINGS)]
    rows = (
        (imported.file, *(str(refusal.as_data(speaker.lang)[name]) for name in HEADINGS))
        for imported in done
        for refusal in imported.refusals
    )
    write_csv(path, headings, rows)
    speaker.note("cli.written", file=str(path))
