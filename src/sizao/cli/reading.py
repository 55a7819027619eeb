"""Files and folders as facts and stays: what the commands read before they ask anything of the rooms below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sizao.errors import CliError, Where
from sizao.facts.corrections import standing_facts
from sizao.facts.folder import FolderStore
from sizao.facts.intake.importing import Imported, ImportOptions, import_file
from sizao.facts.intake.mapping import Given
from sizao.facts.kinds import CaseClass, CaseNotice, DataClass, Fact, Ride, Stay, SubjectId
from sizao.facts.record import named
from sizao.facts.store import FactStore, MemoryStore
from sizao.tracing.folder import STAYS
from sizao.when import Instant, Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How a file is to be read: its mapping (None: by its header), what it is told about itself, and options."""

    given: Given
    mapping: str | None = None
    options: ImportOptions = field(default_factory=ImportOptions)


def read_file(path: Path, store: FactStore | None, how: How) -> Imported:
    """The file, stored where a store is given; every kind of file there is may be asked for or recognised."""
    return import_file(path, store, how.given, mapping=how.mapping, options=how.options)


def holds_facts(folder: Path) -> bool:
    """Whether a folder is a folder of facts."""
    return (folder / "manifest").is_dir()


def holds_stays(folder: Path) -> bool:
    """Whether a folder holds a store of stays."""
    return (folder / STAYS).is_dir()


# --- cases ---------------------------------------------------------------------------------------------------------------


def cases_of(store: FactStore, known_at: Instant) -> dict[SubjectId, tuple[Fact, ...]]:
    """The facts of everybody a case notice stands about."""
    found = {}
    for subject in store.subjects():
        facts = store.facts_of(subject, known_at)
        if any(isinstance(fact, CaseNotice) for fact in standing_facts(facts, known_at)):
            found[subject] = facts
    return found


def told_cases(facts: Iterable[Fact], *, area: str, disease: str) -> dict[SubjectId, tuple[Fact, ...]]:
    """The cases a file of notices tells, each with its facts.

    Who is told only by rides or stays gets a notice whose window is drawn by them: from the first boarding to the last
    alighting, since it was published for these rides.
    """
    by_subject: dict[SubjectId, list[Fact]] = {}
    for fact in facts:
        by_subject.setdefault(fact.subject, []).append(fact)
    for own in by_subject.values():
        if not any(isinstance(fact, CaseNotice) for fact in own):
            own += _drawn_notice(own, area, disease)
    return {subject: tuple(own) for subject, own in by_subject.items() if _is_case(own)}


def _is_case(own: Sequence[Fact]) -> bool:
    return any(isinstance(fact, CaseNotice) for fact in own)


def _drawn_notice(own: Sequence[Fact], area: str, disease: str) -> Iterator[Fact]:
    moves = [fact for fact in own if isinstance(fact, Stay | Ride)]
    if not moves:
        return
    first = moves[0]
    span = Interval(min(fact.at for fact in moves), max(fact.end for fact in moves))
    yield named(
        CaseNotice, subject=first.subject, at=span.start, recorded_at=first.recorded_at, source=first.source,
        recorder=first.recorder, basis=first.basis, data_class=DataClass.HEALTH, case_class=CaseClass.CONFIRMED,
        disease=disease, reporting_area=area, window_from=span.start, window_until=span.end,
    )  # fmt: skip


def facts_of_file(path: Path, how: How) -> tuple[Imported, list[Fact]]:
    """A file read into memory: what became of it, and its facts."""
    store = MemoryStore()
    imported = read_file(path, store, how)
    return imported, list(store.facts())


def open_facts(folder: Path) -> FolderStore:
    """The facts of a folder; refuses a folder that has none (C142)."""
    if not holds_facts(folder):
        raise CliError("C142", where=Where(file=str(folder)))
    return FolderStore(folder)
