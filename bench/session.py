"""Talking to a worker: one order at a time, each with its limit of time; a worker that does not answer in time is ended."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

Report = dict[str, Any]
ROOT = Path(__file__).resolve().parent.parent


class Stopped(Exception):
    """The limit of time passed, or the process ended; the text says which."""


class Session:
    """A worker process. After `Stopped` it is gone; a new session starts another."""

    def __init__(self) -> None:
        roots = [str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.worker"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, roots))},
        )  # fmt: skip
        self._pending = b""

    @classmethod
    def over(cls, maker: str, city: Path, folder: Path) -> Session:
        """A worker with an engine over a city. Raises Stopped when the engine's library is not there."""
        session = cls()
        told = session.tell({"do": "begin", "maker": maker, "city": str(city), "folder": str(folder)}, limit_s=60)
        if told:
            session.end()
            raise Stopped(str(told.get("failed") or told.get("unable")))
        return session

    def __enter__(self) -> Session:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self.end()

    def tell(self, order: Report, *, limit_s: float) -> Report:
        """The worker's report on an order. Raises Stopped."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError as gone:
            self.end()
            raise Stopped("the process ended") from gone
        report: Report = json.loads(self._line(time.monotonic() + limit_s, limit_s))
        return report

    def _line(self, until: float, limit_s: float) -> bytes:
        assert self._process.stdout is not None
        out = self._process.stdout.fileno()
        while b"\n" not in self._pending:
            ready, _, _ = select.select([out], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                self.end()
                raise Stopped(f"stopped after {limit_s:.0f} s")
            piece = os.read(out, 1 << 16)
            if not piece:
                self.end()
                raise Stopped("the process ended")
            self._pending += piece
        line, _, self._pending = self._pending.partition(b"\n")
        return line

    def end(self) -> None:
        """End the worker."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def forget_files(folder: Path) -> None:
    """Ask the kernel to drop an engine's files from memory, so that the next opening is a cold one."""
    if not hasattr(os, "posix_fadvise"):
        return
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
