"""A file that was sent in: kept under a name of its own until it is read, looked at once, and gone when it is done with."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sizao.desk.cases.models import Import, SavedMapping
from sizao.desk.store.book import deployment
from sizao.errors import DeskError, FactsError, Where
from sizao.facts.intake.importing import ImportOptions, recognise
from sizao.facts.intake.tables import READERS, ReadOptions, Table, read_table
from sizao.facts.intake.ways import WAYS

FOLDER = "uploads"
MOST_BYTES = 256 << 20
"""A larger file is refused whole: it is cut in two by its sender, or goes through the command line."""
SHOWN = 3
OLD = ".xls"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file as it lies in the home folder."""

    path: Path
    size: int
    sha256: str


def keep(name: str, parts: Iterable[bytes], *, token: str) -> Kept:
    """Keep what was sent, synced, under the token. Refuses a kind of file nobody reads (F222), `.xls` (F221), what is empty
    (K130) and what is too large (K131); then nothing is kept."""
    suffix = Path(name).suffix.lower()
    if suffix == OLD:
        raise FactsError("F221", where=Where(file=name))
    if suffix not in READERS:
        raise FactsError("F222", where=Where(file=name), kinds=", ".join(sorted(READERS)))
    folder = deployment().home / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{token}{suffix}"
    try:
        return _written(path, parts, name)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _written(path: Path, parts: Iterable[bytes], name: str) -> Kept:
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        for part in parts:
            size += len(part)
            if size > MOST_BYTES:
                raise DeskError("K131", where=Where(file=name), most=MOST_BYTES >> 20)
            digest.update(part)
            file.write(part)
        file.flush()
        os.fsync(file.fileno())
    if not size:
        raise DeskError("K130", where=Where(file=name))
    path.chmod(0o600)
    return Kept(path=path, size=size, sha256=digest.hexdigest())


def path_of(one: Import) -> Path:
    """Where the file of an import lies; refuses one whose file is gone (K132)."""
    path = Path(one.path)
    if not one.path or not path.is_file():
        raise DeskError("K132", where=Where(file=one.file))
    return path


def remove(path: str) -> None:
    """The file is not needed any more."""
    if path:
        Path(path).unlink(missing_ok=True)


# --- a first look -----------------------------------------------------------------------------------------------------


def look_at(one: Import) -> Mapping[str, Any]:
    """What the file's header and first rows are, which kinds of list they fit and how well, best first. Refuses what no
    reader takes (F220-F236), with the file's own name."""
    table = table_of(one)
    fits = {way.name: way.fits(table, {}) for way in WAYS}
    best = sorted((name for name, fit in fits.items() if fit), key=lambda name: (-fits[name], name))
    return {
        "columns": list(table.columns), "rows": table.total, "encoding": table.encoding or "", "form": table.form,
        "first": [list(row) for row in table.rows[:SHOWN]], "fits": best, "recognised": _recognised(table),
    }  # fmt: skip


def table_of(one: Import) -> Table:
    """The file as a table, read as was said."""
    try:
        return read_table(path_of(one), ReadOptions(**one.reading))
    except FactsError as refused:
        raise named(refused, one) from refused


def named(error: FactsError, one: Import) -> FactsError:
    """The error under the name the sender knows the file by."""
    place = error.where
    where = Where(file=one.file, line=place.line, row=place.row, column=place.column, key=place.key)
    return FactsError(error.code, where=where, **error.slots)


def _recognised(table: Table) -> str:
    """The one kind of list that the header is, "" where it is none, or several alike."""
    try:
        return recognise(table, None, ImportOptions())[1].name
    except FactsError:
        return ""


def header_of(columns: Iterable[str]) -> str:
    """A header's fingerprint: files with the same columns in the same order have the same."""
    return hashlib.sha256("\x1f".join(columns).encode()).hexdigest()


def reading_of(options: ReadOptions) -> dict[str, Any]:
    """How a file is to be read, as a row keeps it; what is not said is left out."""
    return {name: value for name, value in asdict(options).items() if value not in (None, "")}


def remembered(source: str, header: str) -> SavedMapping | None:
    """How a file of this header was last read: from the same source if there is one, else the latest from any."""
    known = SavedMapping.objects.filter(header=header)
    return known.filter(source=source).first() or known.order_by("-at", "-pk").first()
