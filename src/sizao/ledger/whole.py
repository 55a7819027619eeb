"""A copy of the whole log as a file of lines, for whoever wants to check all of it without asking anybody.

    {"format": "sizao-log/1"}
    {"leaf": "5f3c…"}             a leaf's data: the salted commitment to an act, or what its row gives today
    {"checkpoint": "sizao/…"}     a signed note, where the log was as long as it says

The file is read once, from its first line to its last, and never held in memory. A log whose past was rewritten breaks
at the first checkpoint that was signed before it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sizao.errors import LedgerError, Where
from sizao.ledger.checkpoint import Checkpoint, Holds, Read, enough_witnesses, read_note
from sizao.ledger.plain import bytes_of, document, only, text_of
from sizao.ledger.tree import Frontier, leaf_hash

FORMAT = "sizao-log/1"
CHUNK = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What a copy proves: `leaves` of the log under so many checkpoints, the last of which is `last`; `loose` leaves
    came after it, and nothing is proved of them."""

    leaves: int
    checkpoints: int
    last: Read
    loose: int


def log_lines(steps: Iterable[bytes | str]) -> Iterator[str]:
    """The lines of a copy, without line breaks: out of leaves' data and, each after its last leaf, the notes."""
    yield json.dumps({"format": FORMAT})
    for step in steps:
        yield json.dumps({"leaf": step.hex()} if isinstance(step, bytes) else {"checkpoint": step}, ensure_ascii=False)


def is_log(line: str) -> bool:
    """Whether a file that begins with this line says that it is a copy of a log."""
    try:
        return document(line).get("format") == FORMAT
    except LedgerError:
        return False


def check_log(
    lines: Iterable[str], trusted: Mapping[str, bytes], holds: Holds, *, witnesses: int = 0, tick: int = CHUNK
) -> Whole:
    """Check a copy against trusted public keys, by name; at least so many witnesses must have signed its last
    checkpoint.

    Refuses a line that cannot be read (L120), notes as `read_note` does, a leaf that was edited or moved (L130) or
    taken out or added (L131), naming the leaves among which it stands, checkpoints of more than one log (L125), and
    a copy that no checkpoint vouches for (L132). `tick` leaves are hashed at a time.
    """
    frontier, waiting = Frontier(), list[bytes]()
    last: Read | None = None
    count = 0
    for number, step in _steps(lines):
        if isinstance(step, bytes):
            waiting.append(leaf_hash(step))
            if len(waiting) < tick:
                continue
        frontier, waiting = frontier.appended(waiting)[0], []
        if isinstance(step, str):
            read = _read(step, trusted, holds, number)
            _fits(frontier, read.checkpoint, last.checkpoint if last else None, number)
            last, count = read, count + 1
    frontier = frontier.appended(waiting)[0]
    if last is None:
        raise LedgerError("L132", leaves=frontier.size)
    enough_witnesses(last, trusted, witnesses)
    size = last.checkpoint.size
    return Whole(leaves=size, checkpoints=count, last=last, loose=frontier.size - size)


def _read(note: str, trusted: Mapping[str, bytes], holds: Holds, line: int) -> Read:
    try:
        return read_note(note, trusted, holds)
    except LedgerError as refused:
        raise LedgerError(refused.code, where=Where(line=line), **refused.slots) from refused


def _fits(frontier: Frontier, said: Checkpoint, before: Checkpoint | None, line: int) -> None:
    """Refuses a checkpoint that is not of the leaves before it; up to the one before it they are known to be as signed."""
    first, at = before.size if before else 0, Where(line=line)
    if before and before.origin != said.origin:
        raise LedgerError("L125", where=at, old=before.origin, new=said.origin)
    if frontier.size != said.size:
        raise LedgerError("L131", where=at, first=first, size=said.size, leaves=frontier.size)
    if frontier.root() != said.root:
        raise LedgerError("L130", where=at, first=first, last=said.size - 1)


def _steps(lines: Iterable[str]) -> Iterator[tuple[int, bytes | str]]:
    """The leaves and notes of a copy, each with the number of its line."""
    for number, line in enumerate(lines, start=1):
        try:
            step = _step(document(line), first=number == 1)
        except LedgerError as broken:
            raise LedgerError("L120", where=Where(line=number), part=broken.slots["part"]) from broken
        if step is not None:
            yield number, step


def _step(told: dict[str, Any], *, first: bool) -> bytes | str | None:
    if first:
        if told != {"format": FORMAT}:
            raise LedgerError("L120", part="format")
        return None
    if "leaf" in told:
        return bytes_of(only(told, ("leaf",), ""), "leaf", "leaf")
    return text_of(only(told, ("checkpoint",), ""), "checkpoint", "checkpoint")
