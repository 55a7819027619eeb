"""Where facts are kept: what every store promises, and the one that keeps them in memory.

Facts arrive in batches. A batch is stored whole or not at all, becomes visible at one moment, and is never changed.
Storing the same batch again, or the same fact in another batch, changes nothing that can be read; the same id with
other content is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sizao.errors import FactsError
from sizao.facts.kinds import Fact, FactId, SubjectId
from sizao.facts.record import content_digest
from sizao.when import OPEN, Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchHead:
    """What whoever brings a batch says about it. With `declared_rows` or `declared_sha256` (of `batch_digest`) the
    batch is refused whole when it does not match.
    """

    batch: str
    source: str
    basis: str
    recorded_at: Instant
    keep_until: Instant = OPEN
    declared_rows: int | None = None
    declared_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A stored batch, as its manifest entry says. `rows` counts what arrived, `stored` what was new; `sha256` is
    `batch_digest`."""

    batch: str
    source: str
    basis: str
    recorded_at: Instant
    keep_until: Instant
    rows: int
    stored: int
    sha256: str


class FactStore(Protocol):
    """Anything that keeps facts: a folder for the command line, a database for the desks."""

    def append(self, facts: Sequence[Fact], head: BatchHead) -> Batch:
        """Store a batch, whole or not at all; a batch stored before is answered with its entry."""
        ...

    def facts_of(self, subject: SubjectId, known_at: Instant = OPEN) -> tuple[Fact, ...]:
        """The facts of one subject recorded by then, each once, ordered by (recorded_at, at, id). Corrections are
        not applied.
        """
        ...

    def subjects(self) -> Iterator[SubjectId]:
        """Every subject that has a fact, in order."""
        ...

    def facts(self, known_at: Instant = OPEN) -> Iterator[Fact]:
        """All facts recorded by then, each once, subject by subject, ordered as `facts_of` orders them."""
        ...

    def batches(self) -> tuple[Batch, ...]:
        """The stored batches, ordered by (recorded_at, batch)."""
        ...


def batch_digest(digests: Iterable[tuple[FactId, str]]) -> str:
    """SHA-256 (hex) over the (id, `content_digest`) of a batch's facts, in whatever order they came. Who entered them
    when does not change it, so a file that is imported again tomorrow is the same batch."""
    whole = hashlib.sha256()
    for fact_id, digest in sorted(digests):
        whole.update(f"{fact_id} {digest}\n".encode())
    return whole.hexdigest()


def digests_of(facts: Iterable[Fact]) -> list[tuple[FactId, str]]:
    """The id and content digest of each fact, in the order given."""
    return [(fact.id, content_digest(fact)) for fact in facts]


def new_digests(digests: Iterable[tuple[FactId, str]], known: Mapping[FactId, str]) -> dict[FactId, str]:
    """The ids that are new, with their digests; refuses an id that comes with two contents (F106)."""
    new: dict[FactId, str] = {}
    for fact_id, digest in digests:
        if known.get(fact_id, digest) != digest or new.setdefault(fact_id, digest) != digest:
            raise FactsError("F106", id=fact_id)
    return {fact_id: digest for fact_id, digest in new.items() if fact_id not in known}


def check_declared(head: BatchHead, rows: int, sha256: str) -> None:
    """Refuses a batch whose declared count (F107) or digest (F108) is not what arrived."""
    if head.declared_rows is not None and head.declared_rows != rows:
        raise FactsError("F107", batch=head.batch, declared=head.declared_rows, found=rows)
    if head.declared_sha256 is not None and head.declared_sha256 != sha256:
        raise FactsError("F108", batch=head.batch, declared=head.declared_sha256, found=sha256)


def earlier(one: Fact, other: Fact) -> bool:
    """True when `one` is the entry that counts of two entries of one fact: the one recorded first."""
    return (one.recorded_at, one.recorder) < (other.recorded_at, other.recorder)


def in_order(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Each fact once, by (recorded_at, at, id)."""
    first: dict[FactId, Fact] = {}
    for fact in facts:
        known = first.get(fact.id)
        if known is None or earlier(fact, known):
            first[fact.id] = fact
    return tuple(sorted(first.values(), key=lambda fact: (fact.recorded_at, fact.at, fact.id)))


class MemoryStore:
    """Facts in memory, for tests, drills and one-off questions."""

    def __init__(self) -> None:
        self._batches: dict[str, Batch] = {}
        self._digests: dict[FactId, str] = {}
        self._by_subject: dict[SubjectId, dict[FactId, Fact]] = {}

    def append(self, facts: Sequence[Fact], head: BatchHead) -> Batch:
        """See `FactStore.append`."""
        digests = digests_of(facts)
        sha256 = batch_digest(digests)
        check_declared(head, len(facts), sha256)
        if head.batch in self._batches:
            return same_batch(self._batches[head.batch], sha256)
        new = new_digests(digests, self._digests)
        self._digests.update(new)
        for fact in facts:
            own = self._by_subject.setdefault(fact.subject, {})
            if fact.id not in own or earlier(fact, own[fact.id]):
                own[fact.id] = fact
        batch = entry_of(head, rows=len(facts), stored=len(new), sha256=sha256)
        self._batches[head.batch] = batch
        return batch

    def facts_of(self, subject: SubjectId, known_at: Instant = OPEN) -> tuple[Fact, ...]:
        """See `FactStore.facts_of`."""
        own = self._by_subject.get(subject, {})
        return in_order(fact for fact in own.values() if fact.recorded_at <= known_at)

    def subjects(self) -> Iterator[SubjectId]:
        """See `FactStore.subjects`."""
        return iter(sorted(self._by_subject))

    def facts(self, known_at: Instant = OPEN) -> Iterator[Fact]:
        """See `FactStore.facts`."""
        for subject in self.subjects():
            yield from self.facts_of(subject, known_at)

    def batches(self) -> tuple[Batch, ...]:
        """See `FactStore.batches`."""
        return tuple(sorted(self._batches.values(), key=lambda batch: (batch.recorded_at, batch.batch)))


def entry_of(head: BatchHead, *, rows: int, stored: int, sha256: str) -> Batch:
    """The manifest entry of a batch that was taken in."""
    return Batch(
        batch=head.batch, source=head.source, basis=head.basis, recorded_at=head.recorded_at, keep_until=head.keep_until,
        rows=rows, stored=stored, sha256=sha256,
    )  # fmt: skip


def same_batch(known: Batch, sha256: str) -> Batch:
    """The entry of a batch that arrives again; refuses other content under its id (F110)."""
    if known.sha256 != sha256:
        raise FactsError("F110", batch=known.batch)
    return known
