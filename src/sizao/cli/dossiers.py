"""Dossiers out of a folder of facts, and the conclusions kept beside them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sizao import __version__
from sizao.cli.what_if import book_of
from sizao.errors import CliError, Where
from sizao.facts.corrections import standing_facts
from sizao.facts.folder import FolderStore
from sizao.facts.kinds import Exposure, Fact, FactId, SubjectId
from sizao.facts.store import BatchHead, FactStore, batch_digest, digests_of
from sizao.policy import PolicyBook
from sizao.rules.conclude import conclude
from sizao.rules.dossier import Dossier
from sizao.rules.timeline import Timeline, digest
from sizao.tracing.setup import Setup
from sizao.tracing.trace import Traced
from sizao.when import Instant

KEPT = "conclusions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Conclusions kept beside the facts they rest on: the rules they were drawn under, and one digest per subject."""

    packs: tuple[str, ...]
    readings: Mapping[str, str]
    area: str
    zone: str
    known_at: Instant
    rules: str
    code: str
    what_if: bool
    digests: Mapping[str, str]

    def setup(self) -> Setup:
        """The set-up that draws them again."""
        return Setup(packs=self.packs, readings=self.readings, area=self.area, zone=self.zone)


def dossier_of(store: FactStore, subject: SubjectId, setup: Setup, known_at: Instant) -> Dossier:
    """The subject's facts known by then, with those of the close contacts it depends on."""
    facts = store.facts_of(subject, known_at)
    links = {
        fact.via for fact in standing_facts(facts, known_at) if isinstance(fact, Exposure) and fact.via is not None
    }
    upstream = tuple(
        Dossier(via, store.facts_of(via, known_at), setup.area, zone=setup.zone) for via in sorted(links - {subject})
    )
    return Dossier(subject, facts, setup.area, upstream, setup.zone)


def conclude_store(
    store: FactStore, setup: Setup, book: PolicyBook, known_at: Instant
) -> Iterator[tuple[Dossier, Timeline]]:
    """Every subject of the store with what follows for it, in the order of subjects."""
    for subject in store.subjects():
        dossier = dossier_of(store, subject, setup, known_at)
        if dossier.facts:
            yield dossier, conclude(dossier, book, known_at=known_at)


def keep(folder: Path, setup: Setup, book: PolicyBook, timelines: Iterable[Timeline], known_at: Instant) -> Path:
    """Write the digests of conclusions beside the facts; a file is named by its content and never changed."""
    digests = {timeline.subject: digest(timeline) for timeline in timelines}
    packs = tuple(f"{pack.id}@{pack.version}" for pack in book.packs)
    kept = Kept(
        packs=packs, readings=dict(setup.readings), area=setup.area, zone=setup.zone, known_at=known_at,
        rules=book.digest, code=__version__, what_if=book.shadow, digests=dict(sorted(digests.items())),
    )  # fmt: skip
    text = json.dumps(asdict(kept), ensure_ascii=False, sort_keys=True, indent=1)
    place = folder / KEPT / f"{hashlib.sha256(text.encode()).hexdigest()[:24]}.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_suffix(".tmp")
    draft.write_text(text, "utf-8")
    draft.replace(place)
    return place


def keep_trace(
    folder: Path,
    cases: Mapping[SubjectId, Iterable[Fact]],
    traced: Traced,
    setup: Setup,
    book: PolicyBook,
    *,
    known_at: Instant,
) -> None:
    """Record a trace's cases and exposures as one batch of the folder, and keep the digests of what follows from them."""
    facts = [*(fact for told in cases.values() for fact in told), *traced.exposures]
    name = "trace-" + batch_digest(digests_of(facts))[:24]
    head = BatchHead(batch=name, source="trace", basis="epidemic-tracing", recorded_at=known_at)
    store = FolderStore(folder)
    store.append(facts, head)
    keep(folder, setup, book, [line for _, line in conclude_store(store, setup, book, known_at)], known_at)


def kept_in(folder: Path) -> Iterator[tuple[Path, Kept]]:
    """Every file of conclusions kept beside the facts; refuses one that cannot be read (C140)."""
    for path in sorted((folder / KEPT).glob("*.json")):
        try:
            data: dict[str, Any] = json.loads(path.read_text("utf-8"))
            kept = Kept(**(data | {"packs": tuple(data["packs"])}))
        except (ValueError, KeyError, TypeError) as broken:
            raise CliError("C140", where=Where(file=str(path))) from broken
        if path.stem != hashlib.sha256(path.read_bytes()).hexdigest()[:24]:
            raise CliError("C141", where=Where(file=str(path)))
        yield path, kept


def differing(store: FactStore, kept: Kept) -> list[tuple[str, str]]:
    """(subject, what is wrong) for every kept conclusion a fresh one does not repeat: `code`, `rules`, `gone`, `differs`."""
    if kept.code != __version__:
        return [("*", "code")]
    setup = kept.setup()
    book = book_of(setup, what_if=kept.what_if)
    if book.digest != kept.rules:
        return [("*", "rules")]
    found: list[tuple[str, str]] = []
    for subject, written in kept.digests.items():
        dossier = dossier_of(store, SubjectId(subject), setup, kept.known_at)
        if not dossier.facts:
            found.append((subject, "gone"))
        elif digest(conclude(dossier, book, known_at=kept.known_at)) != written:
            found.append((subject, "differs"))
    return found


def facts_by_id(store: FactStore, dossier: Dossier, known_at: Instant) -> dict[FactId, Fact]:
    """Every fact a conclusion about a dossier can name: its own, its upstream's, and those of the cases it was exposed to."""
    found: dict[FactId, Fact] = {}
    for one in (dossier, *dossier.upstream):
        cases = {fact.case for fact in one.facts if isinstance(fact, Exposure)}
        for facts in (one.facts, *(store.facts_of(case, known_at) for case in sorted(cases))):
            found |= {fact.id: fact for fact in facts}
    return found
