"""One case, all the way: notice → window → match → exposures → conclusions, and the second ring by its own rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sizao.facts.kinds import Exposure, Fact, Grade, SubjectId
from sizao.rules.conclude import conclude
from sizao.rules.dossier import Dossier
from sizao.rules.reasons import Reason
from sizao.rules.timeline import Timeline
from sizao.tracing.compile import Compiled, compile_rules
from sizao.tracing.exposures import Meetings, exposure_facts
from sizao.tracing.ground import Ground
from sizao.tracing.notices import Question, question
from sizao.tracing.secondary import second_ring
from sizao.tracing.windows import Window
from sizao.when import DAY_S, Instant, local_day


class ContactRow(NamedTuple):
    """One contact of one case, as lists show it. `because` is the reason behind the grade."""

    person: SubjectId
    case: SubjectId
    grade: Grade
    minutes: int
    first: Instant
    last: Instant
    because: Reason
    exposure: Exposure


class Traced(NamedTuple):
    """Everything that followed from the notices."""

    windows: tuple[Window, ...]
    stays_read: int
    exposures: tuple[Exposure, ...]
    dossiers: dict[SubjectId, Dossier]
    timelines: dict[SubjectId, Timeline]
    contacts: tuple[ContactRow, ...]
    rules: Compiled


def trace(
    cases: Mapping[SubjectId, Sequence[Fact]], ground: Ground, *, known_at: Instant, secondary: bool = True
) -> Traced:
    """Exposures and conclusions of all contacts of these cases, as known at that instant.

    `cases` holds each case's facts (notice, tests, admission, stays and rides it told). Refuses a case whose window
    cannot be drawn (X101, X102), and whatever the book refuses. Nothing is stored: the caller records the exposures
    it accepts.
    """
    asking = ask(cases, ground, known_at)
    exposures = first_ring(*asking, ground, known_at=known_at)
    if secondary:
        exposures += second_ring(exposures, tuple(cases), ground, known_at)
    return _concluded(asking, exposures, cases, ground, known_at)


def first_ring(asked: Question, compiled: Compiled, ground: Ground, *, known_at: Instant) -> list[Exposure]:
    """Exposures to the cases themselves, as the engine finds them; nothing is concluded and nothing stored."""
    found = ground.engine.match(asked.cases, ground.store, compiled.rules, known_at=known_at)
    return exposure_facts(Meetings.of(found, asked, compiled, ground.people, ground.places), known_at)


def ask(cases: Mapping[SubjectId, Sequence[Fact]], ground: Ground, known_at: Instant) -> tuple[Question, Compiled]:
    """The question and the rules that answer it, over all local days the windows touch."""
    asked = question(
        cases,
        ground.store,
        ground.people,
        ground.places,
        ground.book,
        area=ground.area,
        zone=ground.zone,
        known_at=known_at,
    )
    starts = [window.interval.start for window in asked.windows] or [known_at]
    since, until = local_day(min(starts), ground.zone), local_day(Instant(known_at + DAY_S), ground.zone)
    compiled = compile_rules(ground.book, "contact.rules", area=ground.area, zone=ground.zone, since=since, until=until)
    return asked, compiled


def _concluded(
    asking: tuple[Question, Compiled],
    exposures: list[Exposure],
    cases: Mapping[SubjectId, Sequence[Fact]],
    ground: Ground,
    known_at: Instant,
) -> Traced:
    asked, compiled = asking
    dossiers = dossiers_of(exposures, cases, ground)
    timelines = {subject: conclude(dossier, ground.book, known_at=known_at) for subject, dossier in dossiers.items()}
    return Traced(
        asked.windows,
        ground.store.rows(known_at=known_at),
        tuple(exposures),
        dossiers,
        timelines,
        contact_rows(exposures, timelines),
        compiled,
    )


def dossiers_of(
    exposures: Sequence[Exposure], cases: Mapping[SubjectId, Sequence[Fact]], ground: Ground
) -> dict[SubjectId, Dossier]:
    """A dossier for every contact and every case; a secondary contact's names its close contacts upstream."""
    own: dict[SubjectId, list[Fact]] = {case: list(facts) for case, facts in cases.items()}
    vias: dict[SubjectId, set[SubjectId]] = {}
    for exposure in exposures:
        own.setdefault(exposure.subject, []).append(exposure)
        if exposure.via is not None:
            vias.setdefault(exposure.subject, set()).add(exposure.via)
    bare = {
        subject: Dossier(subject, (*ground.facts_of(subject), *facts), ground.area, zone=ground.zone)
        for subject, facts in own.items()
    }
    for subject, upstream in vias.items():
        linked = tuple(bare[via] for via in sorted(upstream) if via in bare)
        bare[subject] = bare[subject]._replace(upstream=linked)
    return bare


def contact_rows(exposures: Sequence[Exposure], timelines: Mapping[SubjectId, Timeline]) -> tuple[ContactRow, ...]:
    """One row per exposure, with the reason of its grade; gravest first within a case, then longest."""
    reasons = {
        (span.reason.facts[0], span.grade): span.reason for timeline in timelines.values() for span in timeline.grades
    }
    rows = [
        ContactRow(
            exposure.subject,
            exposure.case,
            exposure.grade,
            exposure.minutes,
            exposure.first,
            exposure.last,
            reasons.get((exposure.id, exposure.grade), Reason("exposure.over")),
            exposure,
        )
        for exposure in exposures
    ]
    order = {grade: rank for rank, grade in enumerate(Grade)}
    return tuple(sorted(rows, key=lambda row: (row.case, order[row.grade], -row.minutes, row.person)))
