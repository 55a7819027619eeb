"""A file as facts or stays, read anew by every process that needs it and the same each time."""

from __future__ import annotations

import tempfile
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from sizao.desk.cases.models import Import
from sizao.desk.cases.uploads import named, path_of
from sizao.desk.store.book import deployment
from sizao.desk.store.models import FactRow
from sizao.errors import ExposureError, FactsError
from sizao.exposure.stays import BatchInfo, RefusedRow
from sizao.facts.intake.importing import Imported, ImportOptions, import_file
from sizao.facts.intake.mapping import Given, Refusal
from sizao.facts.intake.tables import ReadOptions
from sizao.facts.kinds import DataClass, Fact, Ride
from sizao.facts.record import fact_from_json
from sizao.facts.rides import claims_of
from sizao.facts.stay_columns import StayColumns
from sizao.facts.store import MemoryStore
from sizao.tracing.taking import add_stays
from sizao.when import OPEN, Instant

LAST = 2
"""So many files a process keeps as it last read them, so that the next step need not begin anew."""


class Told(NamedTuple):
    """A fact and the first row that told it, where that is known."""

    row: int | None
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a file tells: facts in the order of their rows, each once, or stays; and why other rows tell nothing. Rows are
    either `taken` or among the `refusals`, and there are `imported.rows` of them."""

    imported: Imported
    told: Sequence[Told]
    taken: int
    refusals: Sequence[Refusal]
    refused_stays: int = 0


_KEPT: OrderedDict[tuple[str, str], Read] = OrderedDict()


def read(one: Import) -> Read:
    """The file of an import as it was said to be read. Refuses it whole as `import_file` does."""
    told = (one.mapping, one.columns, one.formats, one.defaults, one.reading, one.source, one.basis, one.by)
    key = (one.key, repr((*told, one.declared_rows, one.declared_sha256)))
    if key not in _KEPT:
        _KEPT[key] = _read(one)
        while len(_KEPT) > LAST:
            _KEPT.popitem(last=False)
    return _KEPT[key]


def forget(one: Import) -> None:
    """What is done with is not kept in memory either."""
    for key in [key for key in _KEPT if key[0] == one.key]:
        del _KEPT[key]


def _read(one: Import) -> Read:
    store = MemoryStore()
    reading = ReadOptions(**one.reading | {"declared_rows": one.declared_rows})
    options = ImportOptions(
        reading=reading, columns=one.columns, declared_sha256=one.declared_sha256 or None,
        keep_until=OPEN if one.keep_until is None else Instant(one.keep_until),
    )  # fmt: skip
    try:
        imported = import_file(path_of(one), store, given_of(one), mapping=one.mapping or None, options=options)
    except FactsError as refused:
        raise named(refused, one) from refused
    told = [Told(imported.row_of.get(fact.id), fact) for fact in store.facts()]
    ordered = sorted(told, key=lambda each: (each.row is None, each.row or 0, each.fact.id))
    late, stays = _tried(imported.stays, one)
    refusals = sorted([*imported.refusals, *late], key=lambda refusal: refusal.row)
    return Read(
        imported=replace(imported, file=one.file, batch=None),
        told=ordered,
        taken=imported.stored - len(late),
        refusals=refusals,
        refused_stays=stays,
    )


def _tried(columns: StayColumns | None, one: Import) -> tuple[list[Refusal], int]:
    """What a stay store refuses of these stays: found out by an empty one, which is thrown away. The rows, and how many
    stays."""
    if columns is None or not len(columns):
        return [], 0
    with tempfile.TemporaryDirectory(prefix="sizao-trial-") as place:
        receipt = add_stays(Path(place), columns, batch_of(one, Instant(one.created_at)))
    assert receipt is not None
    return late_refusals(columns, receipt.refused), len(receipt.refused)


def late_refusals(columns: StayColumns, refused: Iterable[RefusedRow]) -> list[Refusal]:
    """Rows of the file that the stay store refused, each once: a ticket may stand for two stays."""
    rows = {int(columns.file_row[row.row]): row.code for row in refused}
    return [Refusal(row, "", "", ExposureError(code)) for row, code in sorted(rows.items())]


def batch_of(one: Import, now: Instant) -> BatchInfo:
    """The batch an import's stays are, under a name that the same import always has."""
    keep = OPEN if one.keep_until is None else Instant(one.keep_until)
    return BatchInfo(
        batch_id=f"import-{one.key}", source=one.source, basis=one.basis, keep_until=keep, recorded_at=now,
        data_class=DataClass.MOVEMENT,
    )  # fmt: skip


def given_of(one: Import) -> Given:
    """What the readers are told. Facts get the ids that the same report has however it is entered; when they were entered
    is put in when they are."""
    formats = tuple(one.formats)
    plain = tuple(form for form in formats if "=" not in form)
    by_column: dict[str, tuple[str, ...]] = {}
    for form in formats:
        name, mark, text = form.partition("=")
        if mark:
            by_column[name.strip()] = (*by_column.get(name.strip(), ()), text.strip())
    return Given(
        recorded_at=Instant(one.created_at), source=one.source, recorder=one.by, basis=one.basis, zone=deployment().zone,
        formats=plain, column_formats=by_column, beside=claims_of(_rides(one), deployment().zone), salt=settings.KEYS.search,
        defaults=one.defaults,
    )  # fmt: skip


def _rides(one: Import) -> list[Fact]:
    """The rides that were on record when the file came: they help to tell on which day's run somebody sat. Later ones do
    not count, so that whoever reads the file again, after a crash, reads the same."""
    rows = FactRow.objects.filter(kind=Ride.kind, recorded_at__lt=one.created_at, line__isnull=False).order_by("seq")
    return [fact_from_json(line or "") for line in rows.values_list("line", flat=True)]


def entered(fact: Fact, by: str, now: Instant) -> Fact:
    """The fact as entered by somebody at a moment; its id stays, for that is of what it says."""
    return replace(fact, recorder=by, recorded_at=now)
