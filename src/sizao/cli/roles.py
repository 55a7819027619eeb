"""`sizao roles`: what each role of a PostgreSQL server may do, as statements to read and to carry out."""

from __future__ import annotations

from pathlib import Path

import click

from sizao.cli.homes import desk
from sizao.cli.output import Speaker
from sizao.cli.shell import EXISTING, Exit, command, option


@command("roles")
@option("--home", type=EXISTING, required=True, meta="folder")
@option("--sql", "as_sql", is_flag=True, required=True)
@option("--owner", default="sizao_owner", show_default=True, meta="text")
@option("--app", default="sizao_app", show_default=True, meta="text")
@option("--discipline", default="sizao_discipline", show_default=True, meta="text")
@click.pass_obj
def roles(speaker: Speaker, *, home: Path, as_sql: bool, owner: str, app: str, discipline: str) -> int:
    """See `cli.roles` in the word catalogue."""
    del speaker, as_sql
    statements = desk(home.resolve(), "store.roles").statements(owner=owner, app=app, discipline=discipline)
    print("\n".join(f"{statement};" for statement in statements))
    return Exit.OK
