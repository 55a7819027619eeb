"""Who was exposed to a case, whatever else they are: all exposures that name it, found by an index over the facts' own text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection

from sizao.desk.store.models import FactRow
from sizao.desk.store.rows import KNOWN, chunks
from sizao.facts.corrections import standing_facts
from sizao.facts.kinds import Confirmed, Correction, Exposure, Fact, FactId
from sizao.facts.record import fact_from_json
from sizao.when import OPEN, Instant

INDEX = "cases_exposure_case"


def case_expression(vendor: str) -> str:
    """The case that an exposure's line names, as the database reads it: the index and the question must say it alike."""
    return "json_extract(line, '$.case')" if vendor == "sqlite" else "(line::json ->> 'case')"


def exposures_to(cases: Iterable[str]) -> dict[str, list[Exposure]]:
    """Every exposure that names one of these cases, standing or not, in the order recorded."""
    found: dict[str, list[Exposure]] = {case: [] for case in cases}
    told = case_expression(connection.vendor)
    for some in chunks(sorted(found), KNOWN):
        holes = ", ".join(["%s"] * len(some))
        # The kind stands in the text, not among the values: only so can the planner use the index over exposures alone.
        asked = f"SELECT line FROM desk_store_factrow WHERE kind = 'exposure' AND {told} IN ({holes}) ORDER BY seq"  # noqa: S608 - ours
        with connection.cursor() as cursor:
            cursor.execute(asked, list(some))
            for (line,) in cursor.fetchall():
                fact = fact_from_json(line)
                assert isinstance(fact, Exposure)
                found[fact.case].append(fact)
    return found


def corrections_of(subjects: Sequence[str]) -> list[Correction]:
    """Every correction recorded about these people, in the order recorded."""
    found: list[Correction] = []
    for some in chunks(sorted(set(subjects)), KNOWN):
        rows = FactRow.objects.filter(subject__in=some, kind=Correction.kind, line__isnull=False).order_by("seq")
        for line in rows.values_list("line", flat=True):
            fact = fact_from_json(line or "")
            assert isinstance(fact, Correction)
            found.append(fact)
    return found


def confirmations(subjects: Sequence[str], known_at: Instant = OPEN) -> list[Confirmed]:
    """Every standing confirmation of these people's exposures, in the order recorded."""
    found: list[Fact] = []
    for some in chunks(sorted(set(subjects)), KNOWN):
        rows = FactRow.objects.filter(subject__in=some, kind__in=(Confirmed.kind, Correction.kind), line__isnull=False)
        found += [fact_from_json(line or "") for line in rows.order_by("seq").values_list("line", flat=True)]
    return [fact for fact in standing_facts(found, known_at) if isinstance(fact, Confirmed)]


def with_corrections(exposures: Sequence[Exposure]) -> list[Fact]:
    """These exposures, and whatever was corrected about the same people."""
    return [*exposures, *corrections_of([fact.subject for fact in exposures])]


def standing(exposures: Sequence[Exposure], known_at: Instant = OPEN) -> list[Exposure]:
    """Those of these exposures that stand as known then."""
    stand = standing_facts(with_corrections(exposures), known_at)
    return [fact for fact in stand if isinstance(fact, Exposure)]


def standing_to(cases: Iterable[str], known_at: Instant = OPEN) -> Mapping[str, list[Exposure]]:
    """The standing exposures to each of these cases as known then."""
    found = exposures_to(cases)
    stand = {fact.id for fact in standing([fact for facts in found.values() for fact in facts], known_at)}
    return {case: [fact for fact in facts if fact.id in stand] for case, facts in found.items()}


def taken_back_by(exposures: Sequence[Exposure], known_at: Instant = OPEN) -> dict[FactId, Correction]:
    """For each of these exposures that was taken back: by which standing correction."""
    stand = standing_facts(with_corrections(exposures), known_at)
    ids = {fact.id for fact in exposures}
    return {fact.corrects: fact for fact in stand if isinstance(fact, Correction) and fact.corrects in ids}
