"""`sizao verify --home` and `sizao rebuild`: whether a deployment is what its ledger and its facts say, and drawing
it anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sizao.cli.homes import desk
from sizao.cli.output import Speaker, error_as_data
from sizao.cli.shell import EXISTING, Exit, command, json_option, option
from sizao.errors import SizaoError
from sizao.when import Instant

SHOWN = 20


def verify_home(speaker: Speaker, *, home: Path, witnessed: Path | None, as_json: bool) -> int:
    """Verify a deployment, and say what was found; FOUND where anything was."""
    verifying = desk(home.resolve(), "store.verifying")
    note = None if witnessed is None else witnessed.read_text("utf-8")
    with speaker.working("cli.verify.deployment") as tick:
        found = verifying.verify(tick, witnessed=note)
    counts = {name: value for name, value in found._asdict().items() if name != "problems"}
    return _tell(speaker, "cli.verify.looked", counts, list(found.problems), as_json=as_json)


def _tell(speaker: Speaker, code: str, counts: dict[str, Any], problems: list[SizaoError], *, as_json: bool) -> int:
    if as_json:
        speaker.json(counts | {"problems": [error_as_data(problem, speaker.lang) for problem in problems]})
    else:
        for problem in problems[:SHOWN]:
            speaker.problem(problem)
        speaker.say(code, **counts)
        if problems:
            speaker.say("cli.verify.bad", count=len(problems), shown=min(len(problems), SHOWN))
        else:
            speaker.say("cli.verify.whole")
    return Exit.FOUND if problems else Exit.OK


@command("rebuild")
@option("--home", type=EXISTING, required=True, meta="folder")
@json_option
@click.pass_obj
def rebuild(speaker: Speaker, *, home: Path, as_json: bool) -> int:
    """See `cli.rebuild` in the word catalogue."""
    rebuilding = desk(home.resolve(), "store.rebuilding")
    clock = desk(home.resolve(), "clock")
    with speaker.working("cli.rebuild.drawing") as tick:
        found = rebuilding.rebuild(Instant(clock.now()), tick)
    counts = {"drawn": found.drawn, "waiting": found.waiting}
    return _tell(speaker, "cli.rebuild.done", counts, list(found.problems), as_json=as_json)
