"""The database as a `FactStore`: what commands and rooms of the kernel read, without knowing Django."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sizao.desk.store import rows
from sizao.desk.store.models import Act, SubjectRow
from sizao.errors import DeskError
from sizao.facts.kinds import Fact, SubjectId
from sizao.facts.store import Batch, BatchHead
from sizao.when import OPEN, Instant


class DeskFacts:
    """Reads as `FactStore` promises. Writing is refused (D117): only acts write here."""

    def append(self, facts: Sequence[Fact], head: BatchHead) -> Batch:
        """Refused; see `acts.record`."""
        raise DeskError("D117", batch=head.batch, facts=len(facts))

    def facts_of(self, subject: SubjectId, known_at: Instant = OPEN) -> tuple[Fact, ...]:
        """See `FactStore.facts_of`."""
        return rows.facts_of(subject, known_at)

    def subjects(self) -> Iterator[SubjectId]:
        """See `FactStore.subjects`."""
        for subject in SubjectRow.objects.order_by("subject").values_list("subject", flat=True).iterator():
            yield SubjectId(subject)

    def facts(self, known_at: Instant = OPEN) -> Iterator[Fact]:
        """See `FactStore.facts`."""
        for subject in self.subjects():
            yield from self.facts_of(subject, known_at)

    def batches(self) -> tuple[Batch, ...]:
        """Every act as a batch, in the order of acts."""
        return tuple(
            Batch(
                batch=act.key, source=act.unit, basis=act.purpose, recorded_at=Instant(act.recorded_at), keep_until=OPEN,
                rows=act.facts, stored=act.facts, sha256=act.content,
            )
            for act in Act.objects.order_by("seq").iterator()
        )  # fmt: skip
