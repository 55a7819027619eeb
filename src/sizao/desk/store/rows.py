"""Facts as rows and back."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence

from django.conf import settings

from sizao.desk.store.models import Act, FactRow, SubjectRow
from sizao.facts.kinds import Fact, FactId, Registered, SubjectId
from sizao.facts.record import content_digest, fact_from_json, line_and_digest
from sizao.ledger.commitments import commitment
from sizao.when import OPEN, Instant

KNOWN = 800
"""How many ids one question names: SQLite takes some thousands of values in a statement, and no more."""


def row_of(fact: Fact, act: Act, salt: bytes) -> FactRow:
    """The row of a fact, with the commitment that stands for it in the ledger."""
    line, digest = line_and_digest(fact)
    digest = keyed(digest)
    return FactRow(
        fact_id=fact.id, subject=fact.subject, kind=fact.kind, at=fact.at, recorded_at=fact.recorded_at,
        data_class=fact.data_class, digest=digest, act=act, line=line, salt=salt, commitment=commitment(salt, line.encode()),
    )  # fmt: skip


def keyed(digest: str) -> str:
    """A content digest under the deployment's secret, in hex. It outlives an erasure, so nobody may find out by guessing at
    contents what it was made of."""
    return hmac.digest(settings.KEYS.search, digest.encode(), "sha256").hex()


def digest_of(fact: Fact) -> str:
    """The digest of a fact's content as its row keeps it."""
    return keyed(content_digest(fact))


def fact_of(row: FactRow) -> Fact | None:
    """The fact of a row; None where it was erased."""
    return None if row.line is None else fact_from_json(row.line)


def facts_of(subject: str, known_at: Instant = OPEN) -> tuple[Fact, ...]:
    """The facts of a subject recorded by then, ordered by (recorded_at, at, id); erased ones are not among them."""
    rows = FactRow.objects.filter(subject=subject, recorded_at__lte=known_at, line__isnull=False)
    lines = rows.order_by("recorded_at", "at", "fact_id").values_list("line", flat=True)
    return tuple([fact_from_json(line) for line in lines if line is not None])


def facts_of_many(subjects: Sequence[str]) -> dict[str, list[Fact]]:
    """The facts of many subjects, each in the order of `facts_of`."""
    found: dict[str, list[Fact]] = {subject: [] for subject in subjects}
    for some in chunks(subjects, KNOWN):
        rows = FactRow.objects.filter(subject__in=some, line__isnull=False)
        for subject, line in rows.order_by("recorded_at", "at", "fact_id").values_list("subject", "line"):
            if line is not None:
                found[subject].append(fact_from_json(line))
    return found


def facts_named(ids: Iterable[str]) -> dict[FactId, Fact]:
    """Facts by their ids; an id that is not known or was erased is left out."""
    found: dict[FactId, Fact] = {}
    for some in chunks(sorted(set(ids)), KNOWN):
        for line in FactRow.objects.filter(fact_id__in=some, line__isnull=False).values_list("line", flat=True):
            if line is not None:
                fact = fact_from_json(line)
                found[fact.id] = fact
    return found


def digests_of(ids: Iterable[str]) -> dict[str, str]:
    """The content digest of each fact that is stored already."""
    found: dict[str, str] = {}
    for some in chunks(sorted(set(ids)), KNOWN):
        found |= dict(FactRow.objects.filter(fact_id__in=some).values_list("fact_id", "digest"))
    return found


def areas_of(facts: Sequence[Fact], otherwise: str) -> dict[str, str]:
    """The area whose rules govern each subject: where it is registered by these facts, else as stored, else the deployment's.

    An area governs itself.
    """
    subjects = sorted({fact.subject for fact in facts})
    found: dict[str, str] = dict.fromkeys(subjects, otherwise)
    for some in chunks(subjects, KNOWN):
        found |= dict(SubjectRow.objects.filter(subject__in=some).values_list("subject", "area"))
    for fact in facts:
        if isinstance(fact, Registered):
            found[fact.subject] = fact.area
    for subject in subjects:
        kind, _, name = subject.partition(":")
        if kind == "area":
            found[subject] = name
    return found


def chunks(values: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    """The values, so many at a time."""
    return (values[at : at + size] for at in range(0, len(values), size))


def kind_of(subject: SubjectId | str) -> str:
    """What a subject is, by its name."""
    return subject.partition(":")[0]
