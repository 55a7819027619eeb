"""The kinds of place a contact rule can speak of, each with the small number stays carry.

A kind belongs to the place, not to the stay. Codes are stored in files: a code is never reused and never changes its meaning.
"""

from __future__ import annotations

from enum import StrEnum


class PlaceKind(StrEnum):
    """A kind of place; vehicles are kinds of their own because seats decide there."""

    OTHER = "other"
    DWELLING = "dwelling"
    OFFICE = "office"
    WORKSHOP = "workshop"
    MEETING_ROOM = "meeting_room"
    CLASSROOM = "classroom"
    DORMITORY = "dormitory"
    WARD = "ward"
    CLINIC = "clinic"
    RESTAURANT = "restaurant"
    ENTERTAINMENT = "entertainment"
    THEATRE = "theatre"
    SHOP = "shop"
    MARKET = "market"
    TRANSIT = "transit"
    STATION = "station"
    HOTEL = "hotel"
    ISOLATION_SITE = "isolation_site"
    OUTDOOR = "outdoor"
    SIGHT = "sight"
    AIRCRAFT = "aircraft"
    TRAIN_SEALED = "train_sealed"
    TRAIN_SEALED_SOFT_SLEEPER = "train_sealed_soft_sleeper"
    TRAIN_ORDINARY = "train_ordinary"
    BUS_SEALED = "bus_sealed"
    BUS_VENTILATED = "bus_ventilated"
    SHIP = "ship"
    CAR = "car"
    METRO = "metro"
    TAXI = "taxi"
    CARE_HOME = "care_home"
    DETENTION = "detention"
    WORSHIP = "worship"
    GYM = "gym"
    CONSTRUCTION_SITE = "construction_site"
    COLD_STORAGE = "cold_storage"


KIND_CODES: dict[PlaceKind, int] = {kind: code for code, kind in enumerate(PlaceKind)}
"""The code stays carry. Only ever append to `PlaceKind`: the codes are in files."""

_KINDS = tuple(PlaceKind)
KIND_COUNT = len(_KINDS)


def kind_code(kind: PlaceKind) -> int:
    """The code of a kind."""
    return KIND_CODES[kind]


def kind_of(code: int) -> PlaceKind | None:
    """The kind of a code, or None when no kind has it."""
    return _KINDS[code] if 0 <= code < KIND_COUNT else None
