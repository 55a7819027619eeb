"""The manifest of a stays store: what happened to it, one line each, and what holds after all of it.

A line is `<first 16 hex digits of its SHA-256> <JSON>`; it counts once it is synced, so it is the commit point of everything it
names. A last line cut off by a crash never happened. Anything else that does not fit its digest is damage and is refused.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sizao import columnar
from sizao.errors import ExposureError, Where
from sizao.exposure.stays import BatchInfo
from sizao.when import Instant


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch that was stored: `seq` is the manifest line that committed it."""

    info: BatchInfo
    seq: int
    rows: int
    duplicates: int
    refused: int
    sha256: str


@dataclass(frozen=True, slots=True)
class SegmentInfo:
    """A segment file: the batches in it by `seq`, in the order of its batch column, and what is in it."""

    file: str
    seq: int
    batches: tuple[int, ...]
    rows: int
    sha256: str
    first_day: str
    last_day: str
    first_stay: int
    last_stay: int


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A person erased from all segments committed before."""

    person: int
    seq: int


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Stays that, as known from `recorded_at` on, do not hold; only in segments committed before."""

    stays: tuple[int, ...]
    recorded_at: Instant
    seq: int


@dataclass(frozen=True, slots=True)
class State:
    """What holds after the lines read so far. `persons` and `places` are how many dense numbers are committed."""

    seq: int = 0
    persons: int = 0
    places: int = 0
    batches: Mapping[int, Batch] = field(default_factory=dict)
    segments: tuple[SegmentInfo, ...] = ()
    forgotten: tuple[Forgotten, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()


def after(state: State, line: Mapping[str, Any]) -> State:
    """The state after one more line."""
    seq = int(line["seq"])
    state = replace(state, seq=seq, persons=line.get("persons", state.persons), places=line.get("places", state.places))
    match line["did"]:
        case "append":
            batch = Batch(info=BatchInfo(**line["batch"]), seq=seq, **line["counts"])
            added = (_segment(line["segment"]),) if line["segment"] else ()
            return replace(state, batches={**state.batches, seq: batch}, segments=state.segments + added)
        case "replace":
            return _replaced(state, line)
        case "drop":
            gone = set(line["batches"])
            kept = {key: batch for key, batch in state.batches.items() if key not in gone}
            return replace(state, batches=kept, segments=tuple(s for s in state.segments if not gone & set(s.batches)))
        case "forget":
            return replace(state, forgotten=(*state.forgotten, Forgotten(line["person"], seq)))
        case "forgotten":
            return replace(state, forgotten=())
        case "withdraw":
            gone_stays = Withdrawn(tuple(line["stays"]), Instant(line["recorded_at"]), seq)
            return replace(state, withdrawn=(*state.withdrawn, gone_stays))
        case "state":
            return _restored(line)
    raise KeyError(line["did"])


def _segment(written: Mapping[str, Any]) -> SegmentInfo:
    return SegmentInfo(**{**written, "batches": tuple(written["batches"])})


def _replaced(state: State, line: Mapping[str, Any]) -> State:
    """Some segments rewritten as others, in the place of the first; batches left without a segment stay known."""
    old, new = set(line["old"]), tuple(_segment(written) for written in line["new"])
    kept = [segment for segment in state.segments if segment.file not in old]
    return replace(state, segments=(*kept, *new))


def _restored(line: Mapping[str, Any]) -> State:
    batches = [Batch(**{**written, "info": BatchInfo(**written["info"])}) for written in line["batches"]]
    return State(
        seq=line["seq"],
        persons=line["persons"],
        places=line["places"],
        batches={batch.seq: batch for batch in batches},
        segments=tuple(_segment(written) for written in line["segments"]),
        withdrawn=tuple(
            Withdrawn(tuple(written["stays"]), Instant(written["recorded_at"]), written["seq"])
            for written in line["withdrawn"]
        ),
    )


class Manifest:
    """The file of lines. `read` gives the state; `write` adds a line and syncs it; `rewrite` begins anew from a state."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._length = 0
        self.state = State()

    def read(self) -> bool:
        """Take in what other processes have added; returns whether there was anything. Refuses damage (E131)."""
        content = self._path.read_bytes()
        if len(content) == self._length:
            return False
        self.state, self._length = State(), 0
        *lines, _ = content.split(b"\n")
        for number, text in enumerate(lines, start=1):
            line = _checked(text)
            if line is None:
                if number == len(lines):
                    break
                raise ExposureError("E131", where=Where(file=self._path.name, line=number))
            self.state = after(self.state, line)
            self._length += len(text) + 1
        return True

    def write(self, did: str, **what: Any) -> None:
        """Add a line, synced: from now on it holds. Whatever a crash left after the last whole line is cut off first."""
        line = {"did": did, "seq": self.state.seq + 1, **what}
        text = _signed(line)
        with self._path.open("r+b") as file:
            file.seek(self._length)
            file.write(text)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())
        self.state, self._length = after(self.state, line), self._length + len(text)

    def rewrite(self) -> None:
        """Replace all lines by one that says what holds now, so that what was erased is not told by old lines."""
        state = self.state
        line = {
            "did": "state",
            "seq": state.seq + 1,
            "persons": state.persons,
            "places": state.places,
            "batches": [_written(batch) for batch in state.batches.values()],
            "segments": [_written(segment) for segment in state.segments],
            "withdrawn": [_written(gone) for gone in state.withdrawn],
        }
        text = _signed(line)
        columnar.write_bytes(self._path, text)
        self.state, self._length = after(State(), line), len(text)


def _written(value: Any) -> dict[str, Any]:
    """A frozen value as JSON can hold it."""
    names = value.__dataclass_fields__
    found = {name: getattr(value, name) for name in names}
    return {name: _written(item) if isinstance(item, BatchInfo) else item for name, item in found.items()}


def written(value: SegmentInfo | BatchInfo) -> dict[str, Any]:
    """A segment or a batch as its manifest line holds it."""
    return _written(value)


def _signed(line: Mapping[str, Any]) -> bytes:
    text = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode()
    return hashlib.sha256(text).hexdigest()[:16].encode() + b" " + text + b"\n"


def _checked(text: bytes) -> dict[str, Any] | None:
    digest, _, body = text.partition(b" ")
    if hashlib.sha256(body).hexdigest()[:16].encode() != digest:
        return None
    return json.loads(body)  # type: ignore[no-any-return]


def visible(state: State, known_at: Instant | None) -> Iterable[Batch]:
    """The batches known at an instant; all when none is named."""
    return (batch for batch in state.batches.values() if known_at is None or batch.info.recorded_at <= known_at)
