"""The desks' one clock and one source of chance: everything below is given the moment, the salt and the id.

A demonstration or a drill runs at another time than ours; how far away is fixed when its home folder is made, so that every
process of one deployment tells the same time.
"""

from __future__ import annotations

import secrets
import time

from django.conf import settings

from sizao.when import Instant


def now() -> Instant:
    """This moment of the deployment, in whole seconds UTC."""
    return Instant(int(time.time()) + settings.SIZAO.clock_shift_s)


def token(length: int) -> bytes:
    """So many fresh random bytes."""
    return secrets.token_bytes(length)


def name(prefix: str) -> str:
    """A name nobody else has: the prefix, and 80 bits of chance."""
    return f"{prefix}{secrets.token_hex(10)}"
