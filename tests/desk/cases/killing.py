"""A worker that takes a file in, killed at a moment nobody chose, and what everybody else must see: all of it or nothing.

One process sets Django up over a home folder of its own and then waits; for each attempt it forks, and the fork kills itself with
SIGKILL, before the statement or after the time it was told. So a thousand kills cost a thousand forks and not a thousand starts.
"""

from __future__ import annotations

import json
import os
import random
import secrets
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sizao.desk.deployment import Deployment, Mode, create

ROOT = Path(__file__).resolve().parents[3]
ROWS = 2_000
REPEATED, REFUSED = 40, 25

WORKER = """
    import os, signal, sys, threading
    sys.path[:0] = {path!r}
    os.environ["SIZAO_HOME"] = {home!r}
    os.environ["DJANGO_SETTINGS_MODULE"] = "sizao.desk.settings"
    import django
    django.setup()
    from django.core.management import call_command
    from django.db import connection, connections
    from sizao.desk.access.models import Grant, User
    from sizao.desk.cases import imports, staging
    from sizao.desk.cases.imports import Said, State
    from sizao.desk.cases.models import Import
    from sizao.desk.store import jobs
    from sizao.when import Instant

    NOW = 1_627_387_200
    staging.CHUNK = 400

    def prepare():
        for name in connections:
            call_command("migrate", database=name, verbosity=0, interactive=False)
        user = User.objects.create("reviewer", pk=5, unit="cdc", name_zh="审核员", name_en="reviewer")
        Grant.objects.create(user=user, role="cdc", area="999901", since=0, by="test")
        connections.close_all()

    def take_in(name, now):
        by = User.objects.get(pk=5).actor(Instant(NOW))
        content = open(name, "rb").read()
        one = imports.upload("lab.csv", [content], source="县医院", by=by, token=name.rpartition("/")[2], key=name[-60:], now=NOW)
        while one.state not in (State.STORED, State.REFUSED):
            if one.state == State.UPLOADED:
                imports.begin_reading(one, Said(mapping="", source="县医院", basis="法"), by=by, now=Instant(now))
            if one.state == State.READ:
                imports.begin_storing(one, by=by, now=Instant(now))
            jobs.work("worker", lambda: Instant(now), steps=1)
            one.refresh_from_db()

    def dies(statements, seconds):
        left = [statements]
        def counted(execute, sql, params, many, context):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(sql, params, many, context)
        if seconds:
            threading.Timer(seconds, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
        return connection.execute_wrapper(counted)

    prepare()
    print("ready", flush=True)
    for line in sys.stdin:
        name, at_once, now, statements, seconds = line.split()
        child = os.fork()
        if not child:
            staging.AT_ONCE = int(at_once)
            with dies(int(statements), float(seconds)):
                take_in(name, int(now))
            os._exit(0)
        print(os.waitpid(child, 0)[1], flush=True)
"""


@dataclass(frozen=True, slots=True)
class Worker:
    """The waiting process, over its home folder."""

    home: Path
    process: subprocess.Popen[str]

    def attempt(self, file: Path, *, at_once: int, now: int, statements: int = -1, seconds: float = 0) -> bool:
        """Take the file in, unless killed before so many statements or after so long; whether it came to its end."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{file} {at_once} {now} {statements} {seconds}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline()) == 0

    def ask(self, question: str, *values: object) -> list[tuple[object, ...]]:
        """What anybody else reads in the database."""
        with sqlite3.connect(self.home / "desk.sqlite3") as database:
            return list(database.execute(question, values))

    def count(self, question: str, *values: object) -> int:
        """One number of it."""
        return int(str(self.ask(question, *values)[0][0]))


@contextmanager
def worker(folder: Path) -> Iterator[Worker]:
    """A worker over a new home folder, with its tables made."""
    home = folder / "home"
    create(
        Deployment(home=home, mode=Mode.LOCAL, area="999901", zone="Asia/Shanghai", packs=("demo-county",)),
        token=secrets.token_bytes,
    )
    program = textwrap.dedent(WORKER).format(path=[str(ROOT / "src"), str(ROOT)], home=str(home))
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PATH": os.environ["PATH"]},
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield Worker(home, process)
        finally:
            process.kill()


def lab_file(folder: Path, number: int) -> Path:
    """A laboratory's file: so many rows, some of which repeat another and some of which nobody can read."""
    lines = ["person,sampled_at,result,sample"]
    for row in range(ROWS - REPEATED - REFUSED):
        lines.append(f"p{number}-{row % 700},2021-07-26 09:00,阴性,S{number}-{row}")
    lines += lines[1 : 1 + REPEATED]
    lines += [f"p{number}-{row},2021-07-26 09:00,好,T{row}" for row in range(REFUSED)]
    path = folder / f"lab-{number}.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def kill_through(work: Worker, folder: Path, chance: random.Random, *, number: int, kills: int, now: int) -> int:
    """Take one file in while being killed up to so many times, then to its end; after every kill all or nothing of it is seen.

    Returns how often it was killed. `now` moves on with every attempt, so that a dead worker's lease has run out.
    """
    file, at_once, killed, done = lab_file(folder, number), chance.choice((500, 5_000)), 0, False
    told = ROWS - REPEATED - REFUSED
    before = work.count("SELECT count(*) FROM desk_store_factrow")
    while not done:
        now += 100
        by_time = chance.random() < 0.5
        if killed == kills:
            how: dict[str, float] = {}
        elif by_time:
            how = {"seconds": round(chance.uniform(0.005, 4), 3)}
        else:
            how = {"statements": chance.randrange(1, 300)}
        done = work.attempt(file, at_once=at_once, now=now, **how)  # type: ignore[arg-type]  # an int or a float, by its name
        killed += not done
        seen = work.count("SELECT count(*) FROM desk_store_factrow") - before
        acts = work.count("SELECT count(*) FROM desk_store_act WHERE key LIKE ?", f"import-%lab-{number}.csv")
        assert (seen, acts) in ((0, 0), (told, 1)), f"half of it is seen: {seen} facts, {acts} acts"
        assert seen == told or not done
    check(work, number, told)
    return killed


def check(work: Worker, number: int, told: int) -> None:
    """At the end the counts are exact, the act commits to all of it, and nothing lies about."""
    ((state, rows, taken, refused, repeated, facts, act),) = work.ask(
        "SELECT state, rows, taken, refused, repeated, told, act FROM desk_cases_import WHERE key LIKE ?",
        f"%lab-{number}.csv",
    )
    assert (state, rows, taken, refused, repeated, facts) == ("stored", ROWS, ROWS - REFUSED, REFUSED, REPEATED, told)
    assert work.count("SELECT count(*) FROM desk_store_factrow WHERE act_id = ?", act) == told
    assert work.count("SELECT facts FROM desk_store_act WHERE seq = ?", act) == told
    assert work.count("SELECT count(*) FROM desk_ledger_pending WHERE act = ?", act) == 1
    assert work.count("SELECT count(*) FROM desk_cases_stagedrow WHERE outcome <> 'refused'") == 0
    assert work.count("SELECT count(*) FROM desk_cases_sealedrow") == 0
    assert list((work.home / "uploads").iterdir()) == []
    assert json.loads(str(work.ask("PRAGMA integrity_check")[0][0]).replace("ok", "true"))
