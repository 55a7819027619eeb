"""The registries of units and places: the offices that owe duties, and the venues that stays name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Q

from sizao.desk.people.models import Place, Unit
from sizao.errors import DeskError

_USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_LENGTH = 18


class UnitKind(StrEnum):
    """What a unit is."""

    EMPLOYER = "employer"
    AGENCY = "agency"
    HOSPITAL = "hospital"
    CDC = "cdc"
    COMMUNITY = "community"
    COMMAND = "command"
    SCHOOL = "school"
    SITE = "site"
    LAB = "lab"

    @property
    def term(self) -> str:
        """The code of its name in both languages."""
        return f"people.unit_kind.{self}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUnit:
    """A unit to be put in. `uscc` is its unified social credit code (GB 32100), "" when it has none; `parent` the code of the
    unit it is a part of."""

    code: str
    name_zh: str
    name_en: str = ""
    kind: UnitKind
    area: str
    uscc: str = ""
    parent: str | None = None


def uscc_valid(code: str) -> bool:
    """True when the eighteenth character fits the first seventeen (GB 32100: weights 3^i modulo 31)."""
    if len(code) != _USCC_LENGTH or any(character not in _USCC_CHARACTERS for character in code):
        return False
    total = sum(_USCC_CHARACTERS.index(character) * pow(3, place, 31) for place, character in enumerate(code[:-1]))
    return _USCC_CHARACTERS[-total % 31] == code[-1]


def put_unit(unit: NewUnit, *, valid_from: date) -> Unit:
    """Put a unit in, or change what is on record of one; `valid_from` counts for a new one.

    Refuses a credit code that cannot be right (D525), a parent that is unknown (D526) or would be its own part (D527).
    """
    if unit.uscc and not uscc_valid(unit.uscc):
        raise DeskError("D525", value=unit.uscc)
    _refuse_ring(unit.code, unit.parent)
    told = {
        "name_zh": unit.name_zh, "name_en": unit.name_en, "kind": unit.kind, "area": unit.area, "uscc": unit.uscc,
        "parent_id": unit.parent,
    }  # fmt: skip
    row, _ = Unit.objects.update_or_create(
        code=unit.code, defaults=told, create_defaults={**told, "valid_from": valid_from}
    )
    return row


def end_unit(code: str, *, on: date) -> None:
    """A unit is no more from a day on. Refuses an unknown unit (D526)."""
    if not Unit.objects.filter(code=code).update(valid_until=on):
        raise DeskError("D526", value=code)


def units_in(area: str, on: date, *, kinds: Sequence[UnitKind] = ()) -> tuple[Unit, ...]:
    """The units of an area and of all below it that existed on a day, by code."""
    rows = Unit.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=on), valid_from__lte=on)
    rows = rows.filter(area__startswith=area)
    return tuple((rows.filter(kind__in=kinds) if kinds else rows).order_by("code"))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPlace:
    """A place to be put in; `kind` is a kind of place that contact rules speak of."""

    code: str
    name_zh: str
    name_en: str = ""
    kind: str
    area: str
    address: str = ""


def put_places(places: Sequence[NewPlace]) -> None:
    """Put places in, or change what is on record of them; of a code that comes twice the last counts."""
    rows = [
        Place(
            code=place.code, name_zh=place.name_zh, name_en=place.name_en, kind=place.kind, area=place.area,
            address=place.address,
        )
        for place in {place.code: place for place in places}.values()
    ]  # fmt: skip
    fields = ["name_zh", "name_en", "kind", "area", "address"]
    Place.objects.bulk_create(rows, batch_size=500, update_conflicts=True, unique_fields=["code"], update_fields=fields)


def _refuse_ring(code: str, parent: str | None) -> None:
    above = parent
    while above is not None:
        if above == code:
            raise DeskError("D527", value=code)
        found = Unit.objects.filter(code=above).values_list("parent_id", flat=True)
        if not found:
            raise DeskError("D526", value=above)
        above = found[0]
