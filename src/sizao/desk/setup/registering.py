"""Units, places and the list of areas, each change an act and so a leaf of the ledger. Only the system
administrator."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import transaction

from sizao.desk.people.areas import Named, TakenIn, take_in
from sizao.desk.people.models import Place
from sizao.desk.people.registries import NewPlace, NewUnit, end_unit, put_places, put_unit
from sizao.desk.store.acts import Receipt, record_setup
from sizao.desk.store.models import Act
from sizao.desk.store.rights import Actor, Role
from sizao.errors import DeskError
from sizao.policy.kinds import PlaceKind
from sizao.when import Instant


def put_unit_in(unit: NewUnit, *, valid_from: date, by: Actor, key: str, now: Instant) -> Receipt:
    """Put a unit in, or change what is on record of one. Refuses as `people.registries.put_unit` does, and A140."""
    return _recorded("unit-put-in", asdict(unit) | {"from": valid_from}, lambda: put_unit(unit, valid_from=valid_from),
                     by=by, key=key, now=now)  # fmt: skip


def end_a_unit(code: str, *, on: date, by: Actor, key: str, now: Instant) -> Receipt:
    """A unit is no more from a day on. Refuses an unknown one (D526), and A140."""
    return _recorded("unit-ended", {"code": code, "on": on}, lambda: end_unit(code, on=on), by=by, key=key, now=now)


def put_place_in(place: NewPlace, *, by: Actor, key: str, now: Instant) -> Receipt:
    """Put a place in, or change what is on record of one. Refuses A140, and a code under which somebody's home is on
    record (A170): homes are entered where people are."""
    if Place.objects.filter(code=place.code, kind=PlaceKind.DWELLING).exists() or place.kind == PlaceKind.DWELLING:
        raise DeskError("A170", place=place.code)
    return _recorded("place-put-in", asdict(place), lambda: put_places([place]), by=by, key=key, now=now)


def take_areas_in(
    lines: Iterable[Named], *, valid_from: date, by: Actor, key: str, now: Instant
) -> tuple[TakenIn, Receipt]:
    """Bring the areas to a list of codes from a day on. Refuses as `people.areas.take_in` does, and A140."""
    listed = tuple(lines)
    came_to: list[TakenIn] = []
    said = {"from": valid_from, "codes": [line.code for line in listed]}
    receipt = _recorded("areas-taken-in", said, lambda: came_to.append(take_in(listed, valid_from=valid_from)),
                        by=by, key=key, now=now)  # fmt: skip
    return came_to[0] if came_to else TakenIn(0, 0, 0, len(listed)), receipt


def _recorded(name: str, said: dict[str, Any], change: Any, *, by: Actor, key: str, now: Instant) -> Receipt:
    """The change and its act together, or neither; the same key again changes nothing."""
    if not by.has(Role.SYSTEM_ADMIN):
        raise DeskError("A140")
    told = {slot: value.isoformat() if isinstance(value, date) else value for slot, value in said.items()}
    with transaction.atomic():
        if not Act.objects.filter(key=key).exists():
            change()
        return record_setup(name, told, by=by, key=key, now=now)
