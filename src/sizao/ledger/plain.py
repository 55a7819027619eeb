"""JSON of strangers, read without taking anything on trust: a part is of its kind and spelled in the one way."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from sizao.errors import LedgerError

LONGEST = 40
"""So much of a stranger's name is shown."""
_HEX = re.compile(r"(?:[0-9a-f]{2})*\Z", re.ASCII)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_number(name: str) -> Any:
    raise ValueError(name)


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_number)


def document(text: str) -> dict[str, Any]:
    """The JSON object of a text; refuses what is none, and a name that stands twice in it (L120)."""
    try:
        found = _DECODER.decode(text)
    except (ValueError, RecursionError) as broken:
        raise LedgerError("L120", part="JSON") from broken
    if not isinstance(found, dict):
        raise LedgerError("L120", part="JSON")
    return found


def only(data: Any, names: Iterable[str], part: str) -> dict[str, Any]:
    """An object that holds nothing but these names; refuses any other (L120): what is not checked must not be read as
    if it were."""
    if not isinstance(data, dict):
        raise LedgerError("L120", part=part)
    for name in data:
        if name not in names:
            # A stranger's name goes to a terminal: never with what a terminal would obey.
            shown = name if name.isprintable() else ascii(name)
            raise LedgerError("L120", part=f"{part}.{shown[:LONGEST]}".lstrip("."))
    return data


def text_of(data: dict[str, Any], name: str, part: str) -> str:
    """A text (L120)."""
    found = data.get(name)
    if not isinstance(found, str) or any("\ud800" <= each <= "\udfff" for each in found):
        raise LedgerError("L120", part=part)
    return found


def number_of(data: dict[str, Any], name: str, part: str) -> int:
    """A whole number from 0 up (L120)."""
    found = data.get(name)
    # A bool is an int to Python, not to us.
    if type(found) is not int or found < 0:
        raise LedgerError("L120", part=part)
    return found


def bytes_of(data: dict[str, Any], name: str, part: str, *, length: int | None = None) -> bytes:
    """Bytes in small hexadecimal letters, so many where `length` says so (L120)."""
    return _bytes(data.get(name), part, length)


def hashes_of(data: dict[str, Any], name: str, part: str, length: int) -> tuple[bytes, ...]:
    """A list of hashes of that length (L120)."""
    found = data.get(name)
    if not isinstance(found, list):
        raise LedgerError("L120", part=part)
    return tuple(_bytes(step, part, length) for step in found)


def _bytes(found: Any, part: str, length: int | None) -> bytes:
    if not isinstance(found, str) or not _HEX.match(found):
        raise LedgerError("L120", part=part)
    raw = bytes.fromhex(found)
    if length is not None and len(raw) != length:
        raise LedgerError("L120", part=part)
    return raw
