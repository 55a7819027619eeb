"""`sizao token`: a token of the API for a user, shown once."""

from __future__ import annotations

from pathlib import Path

import click

from sizao.cli.homes import desk
from sizao.cli.output import Speaker
from sizao.cli.shell import EXISTING, Exit, command, option
from sizao.errors import DeskError
from sizao.when import DAY_S, Instant

DAYS = 90


@command("token")
@option("--home", type=EXISTING, required=True, meta="folder")
@option("--user", "username", required=True, meta="text")
@option("--scope", "scopes", multiple=True, required=True, meta="text")
@option("--name", default="", meta="text")
@option("--days", type=click.IntRange(1), default=DAYS, meta="number", show_default=True)
@click.pass_obj
def token(speaker: Speaker, *, home: Path, username: str, scopes: tuple[str, ...], name: str, days: int) -> int:
    """See `cli.token` in the word catalogue."""
    tokens = desk(home.resolve(), "api.tokens")
    models = desk(home.resolve(), "access.models")
    now = Instant(desk(home.resolve(), "clock").now())
    user = models.User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise DeskError("U158", user=username)
    ends = Instant(now + days * DAY_S)
    _, text = tokens.issue(user, name=name or username, scopes=scopes, expires_at=ends, by="command-line", now=now)
    speaker.note("cli.token.once", ends=speaker.moment(ends))
    print(text)
    return Exit.OK
