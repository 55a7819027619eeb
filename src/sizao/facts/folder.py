"""Facts in a folder: one data file per batch, and one manifest entry whose appearance is the batch's commit.

facts/ data/<batch>.ndjson | .parquet     canonical lines, sorted by subject; many lines as Parquet
manifest/<batch>.json              rows, digest, file and its sha256, source, basis, recorded_at, keep_until lock
held while somebody writes

A data file is written under a temporary name, synced and renamed; then the manifest entry likewise. Whatever is cut
off before that last rename was never there: the next writer sweeps it away. Readers look only at what the manifest
names.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO

from sizao.columnar import TEMPORARY, read_parquet, sync_folder, table_of, write_parquet, write_whole
from sizao.errors import FactsError, Where
from sizao.facts.kinds import Fact, FactId, SubjectId
from sizao.facts.record import canonical, digest_of_plain, fact_from_json, line_and_digest
from sizao.facts.store import (
    Batch,
    BatchHead,
    batch_digest,
    check_declared,
    digests_of,
    entry_of,
    in_order,
    new_digests,
    same_batch,
)
from sizao.when import OPEN, Instant

try:
    import fcntl
except ImportError:  # pragma: no cover - only where the system has no such lock
    fcntl = None  # type: ignore[assignment]

PARQUET_FROM = 10_000
"""A batch of at least so many facts is kept as Parquet."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")

Step = Callable[[str], None]


def _go_on(step: str) -> None:
    """What a store does between two steps of a write: nothing. Tests fail or stop here."""


class _Segment:
    """The lines of one batch, sorted by subject, and where each subject's lines lie."""

    __slots__ = ("digests", "lines", "spans")

    def __init__(self, subjects: Sequence[str], lines: Sequence[str], digests: dict[FactId, str]) -> None:
        self.lines, self.digests = lines, digests
        self.spans: dict[SubjectId, tuple[int, int]] = {}
        start = 0
        for place in range(1, len(subjects) + 1):
            if place == len(subjects) or subjects[place] != subjects[start]:
                self.spans[SubjectId(subjects[start])] = (start, place)
                start = place

    def facts_of(self, subject: SubjectId, file: str) -> Iterator[Fact]:
        lo, hi = self.spans.get(subject, (0, 0))
        for place in range(lo, hi):
            yield fact_from_json(self.lines[place], Where(file=file, line=place + 1))


class FolderStore:
    """See `FactStore`. One writer at a time (F111); readers need no lock and see a batch once it is committed.

    `before` is told each step of a write before it is taken; it exists so that tests can stop a write at every point.
    """

    def __init__(self, root: Path | str, *, before: Step = _go_on, parquet_from: int = PARQUET_FROM) -> None:
        self.root = Path(root)
        self._before = before
        self._parquet_from = parquet_from
        self._entries: dict[str, tuple[Batch, str | None, str]] = {}
        self._segments: dict[str, _Segment] = {}

    # --- reading -------------------------------------------------------------------------------------------------------

    def batches(self) -> tuple[Batch, ...]:
        """See `FactStore.batches`."""
        self._look()
        found = (entry[0] for entry in self._entries.values())
        return tuple(sorted(found, key=lambda batch: (batch.recorded_at, batch.batch)))

    def facts_of(self, subject: SubjectId, known_at: Instant = OPEN) -> tuple[Fact, ...]:
        """See `FactStore.facts_of`. Refuses a damaged batch (F109)."""
        self._look()
        return self._facts_of(subject, known_at)

    def subjects(self) -> Iterator[SubjectId]:
        """See `FactStore.subjects`."""
        self._look()
        return iter(sorted({subject for batch in self._entries for subject in self._segment(batch).spans}))

    def facts(self, known_at: Instant = OPEN) -> Iterator[Fact]:
        """See `FactStore.facts`."""
        for subject in self.subjects():
            yield from self._facts_of(subject, known_at)

    def check(self, batch: str) -> None:
        """Read a stored batch again from its file, fact by fact. Refuses one whose file is damaged or absent, or
        whose facts are not those its manifest entry was written for (F109), and a line that is no fact.
        """
        self._look()
        entry, file, _ = self._entries[batch]
        segment = self._read(batch)
        facts = [
            fact_from_json(line, Where(file=file, line=number)) for number, line in enumerate(segment.lines, start=1)
        ]
        found = batch_digest(digests_of(facts))
        if found != entry.sha256 or len(facts) != entry.rows:
            raise FactsError("F109", where=Where(file=file), batch=batch, declared=entry.sha256, found=found)

    def _facts_of(self, subject: SubjectId, known_at: Instant) -> tuple[Fact, ...]:
        found = (
            fact
            for batch, (_, file, _) in self._entries.items()
            if file is not None
            for fact in self._segment(batch).facts_of(subject, file)
        )
        return in_order(fact for fact in found if fact.recorded_at <= known_at)

    def _look(self) -> None:
        """Take note of batches that were committed or dropped since the last look."""
        folder = self.root / "manifest"
        there = {path.stem: path for path in folder.glob("*.json")} if folder.is_dir() else {}
        for gone in self._entries.keys() - there.keys():
            del self._entries[gone]
            self._segments.pop(gone, None)
        for name in sorted(there.keys() - self._entries.keys()):
            written = json.loads(there[name].read_bytes())
            file, sha256 = written.pop("file"), written.pop("file_sha256")
            self._entries[name] = (Batch(**written), file, sha256)

    def _segment(self, batch: str) -> _Segment:
        if batch not in self._segments:
            self._segments[batch] = self._read(batch)
        return self._segments[batch]

    def _read(self, batch: str) -> _Segment:
        _, file, sha256 = self._entries[batch]
        if file is None:
            return _Segment((), (), {})
        path = self.root / "data" / file
        found = _file_sha256(path) if path.exists() else "absent"
        if found != sha256:
            raise FactsError("F109", where=Where(file=str(path)), batch=batch, declared=sha256, found=found)
        if path.suffix == ".parquet":
            table = read_parquet(path, ("subject", "id", "digest", "line"))
            subjects, ids, digests, lines = (column.to_pylist() for column in table.columns)
            return _Segment(subjects, lines, dict(zip(ids, digests, strict=True)))
        # Only the line feed ends a line: a text may hold other characters that Python would split at.
        lines = path.read_text("utf-8").removesuffix("\n").split("\n")
        data = [json.loads(line) for line in lines]
        return _Segment([item["subject"] for item in data], lines, {item["id"]: digest_of_plain(item) for item in data})

    # --- writing -------------------------------------------------------------------------------------------------------

    def append(self, facts: Sequence[Fact], head: BatchHead) -> Batch:
        """See `FactStore.append`. Refuses a declared count (F107) or digest (F108) that does not match, an id that
        has other content (F106), a batch id that has (F110) or that names no file (F112), and a second writer
        (F111).
        """
        if not _NAME.match(head.batch):
            raise FactsError("F112", batch=head.batch)
        lines, digests = _spelled(facts)
        sha256 = batch_digest(digests)
        check_declared(head, len(facts), sha256)
        with self._writing():
            self._look()
            if head.batch in self._entries:
                return same_batch(self._entries[head.batch][0], sha256)
            self._sweep()
            new = new_digests(digests, self._known())
            entry = entry_of(head, rows=len(facts), stored=len(new), sha256=sha256)
            file, file_sha256 = self._write_data(head.batch, facts, lines, digests)
            body = asdict(entry) | {"file": file, "file_sha256": file_sha256}
            self._write_file(self.root / "manifest" / f"{head.batch}.json", canonical(body))
        return entry

    def drop_expired(self, now: Instant) -> tuple[Batch, ...]:
        """Drop, whole, every batch whose `keep_until` has come, and say which."""
        with self._writing():
            self._look()
            ended = [entry[0] for entry in self._entries.values() if entry[0].keep_until <= now]
            for batch in ended:
                self._before("drop")
                (self.root / "manifest" / f"{batch.batch}.json").unlink()
            sync_folder(self.root / "manifest")
            self._look()
            self._sweep()
        return tuple(sorted(ended, key=lambda batch: (batch.recorded_at, batch.batch)))

    def _known(self) -> dict[FactId, str]:
        known: dict[FactId, str] = {}
        for batch in self._entries:
            known.update(self._segment(batch).digests)
        return known

    def _write_data(
        self, batch: str, facts: Sequence[Fact], lines: Sequence[str], digests: Sequence[tuple[FactId, str]]
    ) -> tuple[str | None, str]:
        if not facts:
            return None, ""
        rows = sorted(
            (fact.subject, line, fact_id, digest)
            for fact, line, (fact_id, digest) in zip(facts, lines, digests, strict=True)
        )
        if len(rows) < self._parquet_from:
            path = self.root / "data" / f"{batch}.ndjson"
            self._write_file(path, "".join(f"{line}\n" for _, line, _, _ in rows).encode())
        else:
            path = self.root / "data" / f"{batch}.parquet"
            subjects, lines, ids, each = zip(*rows, strict=True)
            self._before("write data")
            write_parquet(table_of({"subject": subjects, "line": lines, "id": ids, "digest": each}), path)
            self._before("written data")
        return path.name, _file_sha256(path)

    def _write_file(self, path: Path, content: bytes) -> None:
        def fill(out: IO[bytes]) -> None:
            half = len(content) // 2
            out.write(content[:half])
            out.flush()
            self._before(f"half of {path.parent.name}")
            out.write(content[half:])

        self._before(f"write {path.parent.name}")
        write_whole(path, fill)
        self._before(f"written {path.parent.name}")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        for name in ("data", "manifest"):
            (self.root / name).mkdir(parents=True, exist_ok=True)
        with (self.root / "lock").open("a") as lock:
            if fcntl is not None:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError as held:
                    raise FactsError("F111", where=Where(file=str(self.root))) from held
            yield

    def _sweep(self) -> None:
        """Remove what no manifest entry names: the remains of writes that were cut off."""
        named = {entry[1] for entry in self._entries.values()}
        for path in (self.root / "data").iterdir():
            if path.name not in named:
                path.unlink()
        for path in (self.root / "manifest").glob(f"*{TEMPORARY}"):
            path.unlink()


def _spelled(facts: Sequence[Fact]) -> tuple[list[str], list[tuple[FactId, str]]]:
    """The lines and the (id, content digest) of facts."""
    both = [line_and_digest(fact) for fact in facts]
    return [line for line, _ in both], [(fact.id, digest) for fact, (_, digest) in zip(facts, both, strict=True)]


def _file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
