"""What a trace reads, opened: cases and stays out of files or folders, the same for `trace` and `why --not`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sizao.cli.import_file import date_formats
from sizao.cli.output import Speaker
from sizao.cli.reading import (
    How,
    cases_of,
    facts_of_file,
    holds_facts,
    holds_stays,
    open_facts,
    read_file,
    told_cases,
)
from sizao.cli.rules import moment_or_now, setup_of
from sizao.errors import CliError, Where
from sizao.exposure.embedded import Embedded
from sizao.exposure.stays import BatchInfo
from sizao.facts.folder import FolderStore
from sizao.facts.intake.importing import Imported
from sizao.facts.intake.mapping import Given
from sizao.facts.kinds import DataClass, Fact, SubjectId
from sizao.facts.rides import claims_of
from sizao.policy import PolicyBook
from sizao.tracing.folder import StayFolder
from sizao.tracing.ground import Ground
from sizao.tracing.setup import Setup
from sizao.tracing.taking import add_stays
from sizao.when import OPEN, Instant

RECORDER = "sizao trace"

Cases = Mapping[SubjectId, tuple[Fact, ...]]


class Asked(NamedTuple):
    """What is to be traced: the files or folders, how to read them, and as known when."""

    notices: Path
    stays: Path
    how: How
    stays_as: str | None
    setup: Setup
    known_at: Instant
    disease: str


def setup_asked(given: Mapping[str, Any]) -> Setup:
    """The set-up of a command that judges; refuses one without any pack (C126)."""
    if not given["packs"]:
        raise CliError("C126")
    return setup_of(given["packs"], given["reading"], given["area"], given["zone"])


def asked_of(given: Mapping[str, Any]) -> Asked:
    """What the options of a command ask to be traced."""
    setup = setup_asked(given)
    known_at = moment_or_now(given["known_at"], given["zone"])
    for_all, for_column = date_formats(given["dates"])
    disease = given["disease"] or ""
    facts = Given(
        recorded_at=known_at, source=given["notices"].name, recorder=RECORDER, basis="epidemic-tracing",
        zone=given["zone"], formats=for_all, column_formats=for_column,
        defaults={"area": given["area"], **({"disease": disease} if disease else {})},
    )  # fmt: skip
    how = How(given=facts, mapping=given["mapping"])
    stays = given["stays"] or given["notices"]
    return Asked(given["notices"], stays, how, given["stays_as"], setup, known_at, disease or "not-stated")


@contextmanager
def opened(asked: Asked, book: PolicyBook, speaker: Speaker) -> Iterator[tuple[Cases, Ground, list[Imported]]]:
    """The cases, everything their trace reads, and what became of the files; a file's stays live in a folder of their own."""
    read: list[Imported] = []
    with tempfile.TemporaryDirectory(prefix="sizao-trace-") as place:
        with speaker.working("cli.trace.opening", file=asked.notices.name):
            cases = _cases(asked, read)
        if not cases:
            raise CliError("C151", where=Where(file=str(asked.notices)))
        with speaker.working("cli.trace.opening", file=asked.stays.name):
            folder = _stays(asked, cases, Path(place), read)
        facts = FolderStore(asked.stays) if asked.stays.is_dir() and holds_facts(asked.stays) else None
        known = {} if facts is None else {"facts_of": lambda subject: _others(facts, cases, subject)}
        ground = Ground(
            store=folder.store, people=folder.people, places=folder.places, book=book, engine=Embedded(),
            area=asked.setup.area, zone=asked.setup.zone, **known,
        )  # fmt: skip
        yield cases, ground, read


def _others(facts: FolderStore, cases: Cases, subject: SubjectId) -> tuple[Fact, ...]:
    """What the folder knows of somebody, beside the facts that came with a case."""
    own = {fact.id for fact in cases.get(subject, ())}
    return tuple(fact for fact in facts.facts_of(subject) if fact.id not in own)


def _cases(asked: Asked, read: list[Imported]) -> Cases:
    if asked.notices.is_dir():
        return cases_of(open_facts(asked.notices), asked.known_at)
    imported, facts = facts_of_file(asked.notices, asked.how)
    read.append(imported)
    return told_cases(facts, area=asked.setup.area, disease=asked.disease)


def _stays(asked: Asked, cases: Cases, place: Path, read: list[Imported]) -> StayFolder:
    if asked.stays.is_dir():
        if not holds_stays(asked.stays):
            raise CliError("C152", where=Where(file=str(asked.stays)))
        return StayFolder.open(asked.stays)
    imported = read_file(asked.stays, None, _how_of_stays(asked, (fact for own in cases.values() for fact in own)))
    read.append(imported)
    if imported.stays is None:
        raise CliError("C153", where=Where(file=str(asked.stays)), mapping=imported.mapping)
    given = asked.how.given
    batch = BatchInfo(
        batch_id="trace", source=asked.stays.name, basis=given.basis, keep_until=OPEN, recorded_at=asked.known_at,
        data_class=DataClass.MOVEMENT,
    )  # fmt: skip
    add_stays(place, imported.stays, batch)
    return StayFolder.open(place)


def _how_of_stays(asked: Asked, told: Iterable[Fact]) -> How:
    given = asked.how.given
    beside = claims_of(told, given.zone)
    own = Given(
        recorded_at=given.recorded_at, source=asked.stays.name, recorder=RECORDER, basis=given.basis, zone=given.zone,
        formats=given.formats, column_formats=given.column_formats, beside=beside,
    )  # fmt: skip
    return How(given=own, mapping=asked.stays_as)
