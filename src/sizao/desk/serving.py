"""Serving a deployment: its tables made ready, its pages and its worker started, and both ended together.

By default one process serves the pages with a few threads, and a child does the jobs, integrates the ledger and
sends what waits. In service mode `sizao worker` runs by itself, as often as one likes.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from gunicorn.app.base import BaseApplication

from sizao.desk import clock
from sizao.desk.ledger import sequencer
from sizao.desk.routing import READS
from sizao.desk.store import channels, concluding, jobs, keeping, outbox, proposals

IDLE_S = 0.5
THREADS = 8
PATIENCE_S = 10
STEPS = 20
"""Steps of jobs a round does at the most, so that notices and the ledger never wait long."""

log = logging.getLogger("sizao.worker")


def prepare() -> None:
    """Bring the tables to this version and lay the static files out; safe to do at every start. Refuses to start while a class of
    data has no period of keeping (U130)."""
    keeping.refuse_unset()
    for name in settings.DATABASES:
        call_command("migrate", database=name, verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    if READS in settings.DATABASES:
        (settings.HOME / "reads.sqlite3").chmod(0o600)


class Server(BaseApplication):
    """The pages, behind gunicorn: one process with threads, or several where a PostgreSQL server keeps the facts."""

    def __init__(self, bind: str, *, processes: int, threads: int = THREADS) -> None:
        self._options = {"bind": bind, "workers": processes, "threads": threads, "worker_class": "gthread", "timeout": 60,
                         "preload_app": False, "accesslog": None, "errorlog": "-", "loglevel": "warning"}  # fmt: skip
        super().__init__()

    def load_config(self) -> None:
        """Gunicorn's call."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Gunicorn's call."""
        return get_wsgi_application()


def serve(bind: str, *, processes: int = 1, own_worker: bool = True) -> None:
    """Serve until told to stop; the worker, where it is ours, ends with us."""
    child = subprocess.Popen(worker_command(), env=os.environ) if own_worker else None  # noqa: S603 - our own command
    try:
        Server(bind, processes=processes).run()
    finally:
        if child is not None:
            _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Ask a worker to go, and make it go when it does not: whatever it was at is whole or undone, and is taken up again."""
    child.send_signal(signal.SIGTERM)
    try:
        child.wait(timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def worker_command() -> list[str]:
    """How a worker of this deployment is started."""
    return [sys.executable, "-m", "sizao", "worker", "--home", str(settings.HOME)]


def work(name: str, *, clock_now: Callable[[], Any] = clock.now, stop: threading.Event | None = None) -> None:
    """Do what waits, until told to stop (SIGTERM, SIGINT): ledger, jobs, what is behind, notices, what lapses."""
    ended = stop or threading.Event()
    if stop is None:
        _on_signals(ended)
    parent = os.getppid()
    while not ended.is_set() and os.getppid() == parent:
        if not round_of_work(name, clock_now):
            ended.wait(IDLE_S)
    jobs.release(name, clock_now())


def round_of_work(name: str, clock_now: Callable[[], Any]) -> bool:
    """One round of everything a worker does; returns whether there was anything to do. A failure is told, and ends no
    round."""
    chores: tuple[Callable[[], object], ...] = (
        lambda: sequencer.integrate(clock_now()), lambda: sequencer.checkpoint(clock_now()),
        lambda: jobs.work(name, clock_now, steps=STEPS), lambda: concluding.catch_up(clock_now()),
        lambda: outbox.send_waiting(channels.known(), clock_now()), lambda: proposals.lapse(clock_now()),
        lambda: keeping.ask_daily(clock_now()),
    )  # fmt: skip
    busy = False
    for chore in chores:
        close_old_connections()
        try:
            busy = bool(chore()) or busy
        except Exception:  # a worker that died of one bad row would leave everything else undone
            log.exception("a chore failed; it is tried again")
            time.sleep(IDLE_S)
    return busy


def _on_signals(ended: threading.Event) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
