"""The registry of areas: what a division code meant on a day, and how a new list of codes is taken in.

The list is a folder of CSV files as the open china-division data set lays them out: `provinces`, `cities`, `areas`, `streets` and
any number of `villages…`, each with `code`, `name` and the code of what holds it; a column `name_en` may be added. What a new
list names otherwise, or no longer has under a parent it does have children of, ends on the day it comes into force.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet

from sizao.desk.people.models import Area
from sizao.errors import DeskError, Where

EXAMPLE = Path(__file__).resolve().parent / "example_county"
"""A county that does not exist, 999901, with a few townships and villages."""

CHUNK = 500

LEVELS = {2: "province", 4: "city", 6: "county", 9: "township", 12: "village"}
"""The level of a code by its length."""

_FILES = {
    "provinces": "",
    "cities": "provinceCode",
    "areas": "cityCode",
    "streets": "areaCode",
    "villages": "streetCode",
}
"""Each file of a list, and its column that names the parent."""


class Named(NamedTuple):
    """One line of a list of codes."""

    code: str
    name_zh: str
    name_en: str
    parent: str

    @property
    def level(self) -> str:
        """province, city, county, township or village."""
        return LEVELS[len(self.code)]


class TakenIn(NamedTuple):
    """What a new list did: codes that are new, that changed their name or parent, that ended, that stayed as they were."""

    new: int
    changed: int
    ended: int
    same: int


def level_term(level: str) -> str:
    """The code of a level's name in both languages."""
    return f"people.area_level.{level}"


def area_at(code: str, on: date) -> Area | None:
    """What a code meant on a day; None when it meant nothing then."""
    return _in_force(on).filter(code=code).first()


def areas_under(parent: str, on: date) -> tuple[Area, ...]:
    """The areas directly below one on a day, by code; of "" the provinces."""
    return tuple(_in_force(on).filter(parent=parent).order_by("code"))


def chain_at(code: str, on: date) -> tuple[Area, ...]:
    """The area and all that hold it on a day, narrowest first; empty when the code meant nothing then."""
    found: list[Area] = []
    area = area_at(code, on)
    while area is not None and area not in found:
        found.append(area)
        area = area_at(area.parent, on) if area.parent else None
    return tuple(found)


def read_list(folder: Path) -> tuple[Named, ...]:
    """Every line of a list of codes, by code. Refuses a file without its columns (D521), a code that is none of its file's level
    or comes twice (D522), and a parent that is not on the list (D523)."""
    found: dict[str, Named] = {}
    for kind, column in _FILES.items():
        for path in sorted(folder.glob(f"{kind}*.csv")):
            for row, line in _lines(path, column):
                if len(line.code) != _length(kind) or not line.code.isdigit() or line.code in found:
                    raise DeskError("D522", where=Where(file=path.name, row=row), value=line.code)
                if line.parent and line.parent not in found:
                    raise DeskError("D523", where=Where(file=path.name, row=row), value=line.code, parent=line.parent)
                found[line.code] = line
    return tuple(found[code] for code in sorted(found))


@transaction.atomic
def take_in(lines: Iterable[Named], *, valid_from: date) -> TakenIn:
    """Bring the registry to a list of codes from a day on. Taking in the same list again changes nothing.

    Refuses a day on which a code that would change already means something from a later day (D524): the past of the registry is
    not rewritten.
    """
    listed = {line.code: line for line in lines}
    known = {area.code: area for area in Area.objects.filter(valid_until__isnull=True)}
    same = {code for code, line in listed.items() if code in known and _of(known[code]) == line}
    changed = {code for code in listed if code in known} - same
    ended = _ended(known, listed)
    added = [line for code, line in sorted(listed.items()) if code not in same]
    _refuse_rewriting([*(line.code for line in added), *ended], valid_from)
    closing = sorted(changed | ended)
    for start in range(0, len(closing), CHUNK):
        codes = closing[start : start + CHUNK]
        Area.objects.filter(code__in=codes, valid_until__isnull=True).update(valid_until=valid_from)
    Area.objects.bulk_create([_row(line, valid_from) for line in added], batch_size=CHUNK)
    return TakenIn(len(added) - len(changed), len(changed), len(ended), len(same))


def _ended(known: dict[str, Area], listed: dict[str, Named]) -> set[str]:
    """Codes that are gone: missing below a parent whose children the list names, or below one that is gone. A list of one city
    says nothing about another."""
    told_of = {line.parent for line in listed.values() if line.parent}
    gone: set[str] = set()
    for code in sorted(known, key=lambda code: (len(code), code)):
        if code not in listed and (known[code].parent in told_of or known[code].parent in gone):
            gone.add(code)
    return gone


def _refuse_rewriting(codes: Sequence[str], day: date) -> None:
    later = Q(valid_from__gte=day) | Q(valid_until__gt=day)
    for start in range(0, len(codes), CHUNK):
        row = Area.objects.filter(later, code__in=codes[start : start + CHUNK]).order_by("code", "valid_from").first()
        if row is not None:
            since = row.valid_from if row.valid_until is None else row.valid_until
            raise DeskError("D524", value=row.code, since=since.isoformat(), day=day.isoformat())


def _in_force(on: date) -> QuerySet[Area]:
    return Area.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=on), valid_from__lte=on)


def _of(area: Area) -> Named:
    return Named(area.code, area.name_zh, area.name_en, area.parent)


def _row(line: Named, valid_from: date) -> Area:
    return Area(
        code=line.code,
        name_zh=line.name_zh,
        name_en=line.name_en,
        level=line.level,
        parent=line.parent,
        valid_from=valid_from,
    )


def _length(kind: str) -> int:
    return tuple(LEVELS)[tuple(_FILES).index(kind)]


def _lines(path: Path, parent: str) -> Iterator[tuple[int, Named]]:
    """The lines of a file with their row as a person counts them."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        for column in filter(None, ("code", "name", parent)):
            if column not in (reader.fieldnames or ()):
                raise DeskError("D521", where=Where(file=path.name, column=column))
        for row in reader:
            told = {name: (value or "").strip() for name, value in row.items() if name}
            line = Named(told["code"], told["name"], told.get("name_en", ""), told[parent] if parent else "")
            yield reader.line_num, line
