"""`sizao policy check`: every problem of rule packs, with file and line."""

from __future__ import annotations

from pathlib import Path

import click

from sizao.cli.output import Speaker, error_as_data
from sizao.cli.shell import EXISTING, Exit, argument, command, json_option
from sizao.policy import check
from sizao.policy.shelf import SHIPPED


@command("policy.check")
@argument("paths", meta="path", nargs=-1, type=EXISTING)
@json_option
@click.pass_obj
def check_packs(speaker: Speaker, *, paths: tuple[Path, ...], as_json: bool) -> int:
    """See `cli.policy.check` in the word catalogue."""
    given = paths or (SHIPPED,)
    files = sum(len(list(path.glob("*.yaml"))) if path.is_dir() else 1 for path in given)
    problems = check(given)
    if as_json:
        told = [error_as_data(problem, speaker.lang) for problem in problems]
        speaker.json({"packs": files, "problems": told})
    elif problems:
        for problem in problems:
            speaker.problem(problem)
        speaker.say("cli.policy.check.bad", count=len(problems))
    else:
        speaker.say("cli.policy.check.good", count=files)
    return Exit.FOUND if problems else Exit.OK
