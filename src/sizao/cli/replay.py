"""`sizao replay`: the founding notice, duty by duty, in four branches and under three ways of judging."""

from __future__ import annotations

import click

from sizao.cli.output import Column, Speaker
from sizao.cli.shell import Exit, argument, command, json_option, one_of, option
from sizao.replay import Branch, Reading, Replay, run
from sizao.replay.plain import plain
from sizao.replay.show import cell_table, facts_table, head, tables
from sizao.replay.wording import Table


@command("replay")
@argument("branch", meta="branch", required=False, type=one_of(*Branch))
@option("--reading", type=one_of(*Reading), meta="reading")
@option("--facts", is_flag=True)
@json_option
@click.pass_obj
def replay(speaker: Speaker, *, branch: str | None, reading: str | None, facts: bool, as_json: bool) -> int:
    """See `cli.replay` in the word catalogue."""
    with speaker.working("cli.replay.working"):
        answer = run(branch)
    if reading is not None:
        answer = answer._replace(cells=tuple(cell for cell in answer.cells if cell.reading == reading))
    if as_json:
        speaker.json(plain(answer))
        return Exit.OK
    title, *about = head(answer, speaker.lang)
    speaker.title(title)
    for line in about:
        speaker.write(line)
    for table in _asked(answer, speaker, facts=facts, every_cell=reading is not None):
        _print(table, speaker)
    return Exit.OK


def _asked(answer: Replay, speaker: Speaker, *, facts: bool, every_cell: bool) -> list[Table]:
    """The facts first when they are asked for; under one reading alone, each of its cells in full."""
    shown = [facts_table(answer, speaker.lang)] if facts else []
    if every_cell:
        return [*shown, *(cell_table(cell, speaker.lang) for cell in answer.cells)]
    return [*shown, *tables(answer, speaker.lang)]


def _print(table: Table, speaker: Speaker) -> None:
    speaker.write("")
    speaker.title(table.title)
    if table.rows:
        speaker.table([Column(name) for name in table.columns], table.rows)
    for note in table.notes:
        speaker.write(note)
