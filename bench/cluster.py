"""A PostgreSQL server of our own for one run: started on a private socket, stopped and removed. Or none."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

URL = "SIZAO_BENCH_POSTGRES"
"""The environment variable that tells the engines where the server is."""

SCHEMA = "sizao_bench"
"""Everything of ours in somebody's database; dropped at the end."""

_SETTINGS = {
    "listen_addresses": "''", "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
    "wal_level": "minimal", "max_wal_senders": "0", "max_wal_size": "16GB", "maintenance_work_mem": "1GB",
    "work_mem": "256MB", "autovacuum": "off", "jit": "off",
}  # fmt: skip


@contextmanager
def server() -> Iterator[str | None]:
    """The address of a running server: the one of SIZAO_TEST_POSTGRES_URL, or one started for this run; None where neither is."""
    told = os.environ.get("SIZAO_TEST_POSTGRES_URL")
    binaries = _binaries()
    if told:
        try:
            yield told
        finally:
            with psycopg.connect(told, autocommit=True) as db:
                db.execute(f"drop schema if exists {SCHEMA} cascade")
    elif binaries is None:
        yield None
    else:
        with _started(binaries) as url:
            yield url


def _binaries() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return packaged[-1].parent if packaged else None


@contextmanager
def _started(binaries: Path) -> Iterator[str | None]:
    """PostgreSQL refuses to run as root, so root lends it to the user `postgres`; without such a user there is no server."""
    folder = Path(tempfile.mkdtemp(prefix="sizao-bench-"))
    prefix: list[str] = []
    if os.geteuid() == 0:
        try:
            shutil.chown(folder, "postgres")
        except LookupError:
            folder.rmdir()
            yield None
            return
        prefix = ["runuser", "-u", "postgres", "--"]

    def run(program: str, *arguments: str) -> None:
        command = [*prefix, str(binaries / program), *arguments]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    settings = _SETTINGS | {
        "shared_buffers": f"{max(1, min(4, memory_gb // 4))}GB",
        "unix_socket_directories": str(folder),
    }
    data = str(folder / "data")
    try:
        run("initdb", "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C")
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        run("pg_ctl", "-D", data, "-l", str(folder / "log"), "-w", "-t", "60", "-o", options, "start")
        yield f"host={folder} user=bench dbname=postgres"
    finally:
        command = [*prefix, str(binaries / "pg_ctl"), "-D", data, "-m", "immediate", "stop"]
        subprocess.run(command, check=False, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        shutil.rmtree(folder, ignore_errors=True)
