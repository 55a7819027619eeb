"""One writer at a time: a lock on a file, held by the process and released with it, also when it is killed."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sizao.errors import ExposureError, Where

try:
    fcntl: Any = importlib.import_module("fcntl")
except ImportError:  # no such locks on this system; one writer is then the operator's care
    fcntl = None


@contextmanager
def try_locked(path: Path) -> Iterator[bool]:
    """Hold the lock if nobody else does; tells whether it is held."""
    with path.open("r+b") as file:
        if fcntl is None:
            yield True
            return
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        try:
            yield True
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock, or refuse because another process writes (E135)."""
    with try_locked(path) as mine:
        if not mine:
            raise ExposureError("E135", where=Where(file=str(path.parent)))
        yield
