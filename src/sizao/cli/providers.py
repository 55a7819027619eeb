"""The clock and chance of the command line: what the rooms below are given, because they may not take it."""

from __future__ import annotations

import secrets
import time

from sizao.when import Instant


def now() -> Instant:
    """This moment, from the machine's clock."""
    return Instant(int(time.time()))


def salt() -> bytes:
    """Thirty-two fresh random bytes."""
    return secrets.token_bytes(32)


def batch_id(moment: Instant) -> str:
    """An id for a batch that no other batch has: the moment it came, and chance."""
    return f"{moment}-{secrets.token_hex(6)}"


def token(length: int) -> bytes:
    """So many fresh random bytes."""
    return secrets.token_bytes(length)


def worker_name(host: str, process: int) -> str:
    """A name no other worker has: where it runs, and chance."""
    return f"{host[:12]}-{process}-{secrets.token_hex(4)}"
