"""Files and folders as facts and stays: what the commands read before they ask anything of the rooms below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sizao.errors import CliError, Where
from sizao.exposure.stays import BatchInfo, Receipt
from sizao.facts.corrections import standing_facts
from sizao.facts.folder import FolderStore
from sizao.facts.intake.importing import Imported, ImportOptions, import_file
from sizao.facts.intake.mapping import Given, person
from sizao.facts.kinds import CaseClass, CaseNotice, DataClass, Fact, Ride, Stay, SubjectId
from sizao.facts.record import named
from sizao.facts.runs import RideClaim
from sizao.facts.stay_columns import StayColumns
from sizao.facts.store import FactStore, MemoryStore
from sizao.tracing.folder import STAYS, NamedStays, StayFolder
from sizao.when import OPEN, Instant, Interval, local_day, parse_day


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


# --- stays ---------------------------------------------------------------------------------------------------------------


def named_stays(columns: StayColumns) -> NamedStays:
    """The columns as the stay folder takes them; people by the names that facts call them by."""
    persons = [str(person(name)) for name in columns.persons]
    open_end = columns.end_s >= OPEN
    return NamedStays(
        person=_spread(persons, columns.person),
        place=_spread(columns.places, columns.place),
        kind=_spread([columns.kinds[place] for place in range(len(columns.places))], columns.place),
        start_s=columns.start_s,
        end_s=np.where(open_end, 0, columns.end_s),
        zone=columns.zone.astype(np.int32),
        row=columns.row_number.astype(np.int16),
        seat=columns.seat.astype(np.int16),
        open_end=open_end,
    )


def _spread(names: Sequence[str], index: NDArray[np.int64]) -> list[str]:
    return [names[number] for number in index.tolist()]


def add_stays(folder: Path, columns: StayColumns, batch: BatchInfo) -> Receipt | None:
    """Store the stays of a file; None when this batch is in the folder already."""
    stays = StayFolder.open(folder)
    if any(known.info.batch_id == batch.batch_id for known in stays.store.batches()):
        return None
    return stays.add(named_stays(columns), batch=batch)


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


def claims_of(facts: Iterable[Fact], zone: str) -> tuple[RideClaim, ...]:
    """What the cases' own rides say towards the naming of runs in a manifest."""
    claims = []
    for fact in facts:
        if isinstance(fact, Ride) and fact.run.count(":") == 2:
            vehicle, number, day = fact.run.split(":")
            service_day = parse_day(day) if fact.run_basis != "boarding-day" else None
            boarding = local_day(fact.at, zone)
            claims.append(RideClaim(vehicle, number, fact.boarded, boarding, fact.at, fact.end, service_day))
    return tuple(claims)


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
