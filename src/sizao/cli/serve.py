"""`sizao serve` and `sizao worker`: the desks of a deployment in the browser, and what works behind them."""

from __future__ import annotations

import json
import os
import shutil
import socket
from pathlib import Path
from typing import Any

import click

from sizao.cli.homes import desk
from sizao.cli.output import Column, Speaker
from sizao.cli.providers import now, token, worker_name
from sizao.cli.shell import PAIR, Exit, command, one_of, option
from sizao.desk.demo.home import COMPLETE, LOG_INS, create_home
from sizao.desk.deployment import Deployment, Mode, create, load
from sizao.errors import CliError

HOME = Path("sizao-home")
DEMO_HOME = Path("sizao-demo")
PORT = 8000

Periods = tuple[tuple[str, str], ...]


@command("serve")
@option("--home", type=click.Path(file_okay=False, path_type=Path), meta="folder")
@option("--host", default="127.0.0.1", meta="text", show_default=True)
@option("--port", type=click.IntRange(1, 65535), default=PORT, meta="number", show_default=True)
@option("--processes", type=click.IntRange(1, 64), default=1, meta="number", show_default=True)
@option("--create", "create_as", type=one_of(Mode.LOCAL, Mode.SERVICE, Mode.DRILL), meta="mode")
@option("--area", meta="area")
@option("--pack", "packs", multiple=True, meta="pack")
@option("--keep", "periods", type=PAIR, multiple=True, meta="pair")
@option("--demo", is_flag=True)
@click.pass_obj
def serve(
    speaker: Speaker, /, *, home: Path | None, host: str, port: int, processes: int, demo: bool, **given: Any
) -> int:
    """See `cli.serve` in the word catalogue."""
    folder = (home or (DEMO_HOME if demo else HOME)).resolve()
    if given["create_as"] is not None:
        return _create(speaker, folder, **given)
    _free(host, port)
    if demo:
        _demonstration(speaker, folder)
    deployment = load(folder)
    serving = desk(folder, "serving")
    serving.prepare()
    speaker.say("cli.serve.ready", url=f"http://{'localhost' if host == '127.0.0.1' else host}:{port}/")
    if deployment.mode is Mode.DEMO:
        _log_ins(speaker, folder)
    serving.serve(f"{host}:{port}", processes=processes, own_worker=deployment.mode is not Mode.SERVICE)
    return Exit.OK


def _free(host: str, port: int) -> None:
    """Refuses a port somebody listens on already (C155), before anything takes long."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as taken:
            raise CliError("C155", port=port) from taken


def _create(
    speaker: Speaker, folder: Path, *, create_as: str, area: str | None, packs: tuple[str, ...], periods: Periods
) -> int:
    """Make a deployment and say so; nothing is served yet, so that its keys can be put away first."""
    if area is None or not packs:
        raise CliError("C156")
    made = Deployment(
        home=folder, mode=Mode(create_as), area=area, zone="Asia/Shanghai", packs=packs, keeping=_keeping(periods)
    )
    create(made, token=token)
    speaker.say("cli.serve.created", home=str(folder))
    return Exit.OK


def _keeping(periods: Periods) -> dict[str, int]:
    for name, days in periods:
        if not (days.isascii() and days.isdigit() and int(days)):
            raise CliError("C157", name=name, value=days)
    return {name: int(days) for name, days in periods}


def _demonstration(speaker: Speaker, folder: Path) -> None:
    """Build the demonstration where there is none; one that was broken off is begun again."""
    done = folder / COMPLETE
    if done.exists():
        return
    speaker.say("cli.serve.building-once")
    if folder.exists():
        shutil.rmtree(folder)
    create_home(folder, token, now())
    with speaker.working("cli.serve.building") as tick:
        desk(folder, "demo.build").build(tick)
    done.write_text("", "utf-8")


def _log_ins(speaker: Speaker, folder: Path) -> None:
    """Who can sign in, how, and what for; the file is written when the demonstration is built."""
    told = json.loads((folder / LOG_INS).read_text("utf-8"))
    columns = [Column(f"cli.serve.{name}") for name in ("log-in", "who", "try")]
    rows = [(each["username"], each[f"name_{speaker.lang}"], each[f"does_{speaker.lang}"]) for each in told["log_ins"]]
    speaker.table(columns, rows)
    speaker.say("cli.serve.phrase", phrase=told["pass_phrase"])


@command("worker")
@option("--home", type=click.Path(file_okay=False, exists=True, path_type=Path), required=True, meta="folder")
@click.pass_obj
def worker(speaker: Speaker, *, home: Path) -> int:
    """See `cli.worker` in the word catalogue."""
    del speaker
    desk(home.resolve(), "serving").work(worker_name(socket.gethostname(), os.getpid()))
    return Exit.OK
