"""`sizao verify`: whether a folder of facts, or a deployment, is whole, and whether its conclusions follow again
from its facts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sizao.cli.dossiers import differing, kept_in
from sizao.cli.output import Column, Speaker, error_as_data
from sizao.cli.reading import holds_facts, holds_stays
from sizao.cli.shell import EXISTING, Exit, argument, command, json_option, option
from sizao.cli.verify_home import verify_home
from sizao.desk.deployment import FILE
from sizao.errors import CliError, SizaoError, Where
from sizao.facts.folder import FolderStore
from sizao.facts.store import Batch
from sizao.tracing.folder import STAYS, StayFolder

SHOWN = 20


@command("verify")
@argument("folder", meta="folder", type=EXISTING, required=False)
@option("--home", type=EXISTING, meta="folder")
@option("--checkpoint", "witnessed", type=EXISTING, meta="file")
@json_option
@click.pass_obj
def verify(speaker: Speaker, *, folder: Path | None, home: Path | None, witnessed: Path | None, as_json: bool) -> int:
    """See `cli.verify` in the word catalogue."""
    if home is None and folder is not None and (folder / FILE).exists():
        home = folder
    if home is not None:
        return verify_home(speaker, home=home, witnessed=witnessed, as_json=as_json)
    if folder is None:
        raise CliError("C110", value=speaker.said("cli.meta.folder"), command="sizao verify")
    return _verify_folder(speaker, folder, as_json=as_json)


def _verify_folder(speaker: Speaker, folder: Path, *, as_json: bool) -> int:
    if not (holds_facts(folder) or holds_stays(folder)):
        raise CliError("C142", where=Where(file=str(folder)))
    store = FolderStore(folder)
    problems: list[SizaoError] = []
    batches = store.batches()
    with speaker.working("cli.verify.reading") as tick:
        for number, batch in enumerate(batches):
            tick(number, len(batches))
            problems += _check_batch(store, batch)
    problems += _check_stays(folder)
    compared = 0
    if not problems:
        compared, different = _check_conclusions(speaker, store, folder)
        problems += different
    if as_json:
        speaker.json(_as_data(batches, compared, problems, speaker))
    else:
        _print(speaker, batches, compared, problems)
    return Exit.FOUND if problems else Exit.OK


def _check_batch(store: FolderStore, batch: Batch) -> list[SizaoError]:
    try:
        store.check(batch.batch)
    except SizaoError as damaged:
        return [damaged]
    return []


def _check_stays(folder: Path) -> list[SizaoError]:
    """Every segment of the stay store whose bytes are not those its manifest names."""
    if not holds_stays(folder):
        return []
    damaged = StayFolder.open(folder).store.verify()
    return [CliError("C148", where=Where(file=str(folder / STAYS / name))) for name in damaged]


def _check_conclusions(speaker: Speaker, store: FolderStore, folder: Path) -> tuple[int, list[SizaoError]]:
    compared, problems = 0, list[SizaoError]()
    with speaker.working("cli.verify.concluding"):
        for path, kept in kept_in(folder):
            compared += len(kept.digests)
            for subject, why in differing(store, kept):
                code = {"code": "C147", "rules": "C143", "gone": "C144", "differs": "C145"}[why]
                problems.append(CliError(code, where=Where(file=str(path), key=subject), subject=subject))
    return compared, problems


def _as_data(batches: tuple[Batch, ...], compared: int, problems: list[SizaoError], speaker: Speaker) -> dict[str, Any]:
    return {
        "batches": len(batches),
        "rows": sum(batch.rows for batch in batches),
        "stored": sum(batch.stored for batch in batches),
        "conclusions": compared,
        "problems": [error_as_data(problem, speaker.lang) for problem in problems],
    }


def _print(speaker: Speaker, batches: tuple[Batch, ...], compared: int, problems: list[SizaoError]) -> None:
    names = ("batch", "source", "recorded", "rows", "stored")
    columns = [Column(f"cli.verify.{name}", number=name in ("rows", "stored")) for name in names]
    rows = [(b.batch, b.source, speaker.moment(b.recorded_at), str(b.rows), str(b.stored)) for b in batches]
    if rows:
        speaker.table(columns, rows)
    for problem in problems[:SHOWN]:
        speaker.problem(problem)
    slots = {"batches": len(batches), "facts": sum(batch.stored for batch in batches), "conclusions": compared}
    if problems:
        speaker.say("cli.verify.bad", count=len(problems), shown=min(len(problems), SHOWN))
    else:
        speaker.say("cli.verify.good", **slots)
