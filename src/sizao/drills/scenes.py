"""The demonstration county's planted meetings, scene by scene: where a case was, who else was there, and what that makes of them.

Hours count from the local midnight of the scene's day and may run past 24. Grades are those of the eighth edition's contact
rules (`cn-covid19-8`); a group without a grade is a near miss that must not be found. Everybody here is invented.
"""

from __future__ import annotations

from typing import NamedTuple

from sizao.exposure.place_kinds import PlaceKind as At
from sizao.facts.kinds import Grade

NONE = -1


class Group(NamedTuple):
    """`size` people at the scene for `[from_h, to_h)`, in zone and row. Each of them goes home to `family` people, and the
    first spends an afternoon at `ring_at` with `ring` people. `why` names the group in the list of expected contacts."""

    why: str
    size: int
    grade: Grade | None
    from_h: float
    to_h: float
    zone: int = 0
    row: int = NONE
    family: int = 0
    ring: int = 0
    ring_at: At = At.OFFICE


class Scene(NamedTuple):
    """Case `case` was at a place of this kind on `day`, for `[from_h, to_h)`, in zone and row, with these groups."""

    case: int
    kind: At
    day: int
    from_h: float
    to_h: float
    groups: tuple[Group, ...]
    zone: int = 0
    row: int = NONE


class Part(NamedTuple):
    """A case: local day of onset, or of positive sampling when without symptoms; taken into care on that day at that hour; how
    many people live in the same dwelling."""

    onset_day: int
    asymptomatic: bool
    care_day: int
    care_h: float
    household: int


CLOSE, GENERAL, MISS = Grade.CLOSE, Grade.GENERAL, None

CASES = (
    Part(10, False, 12, 14.0, 3),
    Part(11, True, 12, 9.0, 2),
    Part(11, False, 12, 20.0, 1),
    Part(10, False, 12, 10.0, 4),
    Part(9, False, 11, 16.0, 0),
    Part(12, False, 13, 12.0, 2),
    Part(12, True, 13, 15.0, 3),
    Part(11, False, 12, 18.0, 2),
)

SCENES = (
    Scene(0, At.OFFICE, 9, 9.0, 12.0, (
        Group("office", 9, CLOSE, 8.5, 11.5, family=2),
        Group("office, ten minutes", 2, CLOSE, 11.0, 11.25, ring=4),
        Group("office, came as the case left", 3, MISS, 12.0, 17.0),
    )),
    Scene(0, At.OFFICE, 7, 9.0, 12.0, (Group("office, three days before onset", 4, CLOSE, 9.0, 12.0, family=1),)),
    Scene(0, At.OFFICE, 4, 9.0, 17.0, (Group("office, before every window", 6, MISS, 9.0, 17.0, family=1),)),
    Scene(0, At.RESTAURANT, 9, 12.25, 13.5, (
        Group("same table", 3, CLOSE, 12.5, 13.25, zone=4, family=2),
        Group("other table", 12, GENERAL, 12.0, 13.0, zone=7),
        Group("same table, after them", 3, MISS, 13.75, 14.5, zone=4),
    ), zone=4),
    Scene(0, At.MARKET, 10, 17.0, 17.75, (
        Group("market", 40, GENERAL, 16.5, 17.5),
        Group("market, the day before", 15, MISS, -7.0, -6.0),
    )),
    Scene(1, At.TRAIN_SEALED, 10, 8.0, 13.5, (
        Group("same carriage", 30, CLOSE, 7.5, 14.0, zone=5, row=8, family=1),
        Group("same carriage, one stop", 6, CLOSE, 10.0, 10.75, zone=5, row=2),
        Group("other carriage", 25, GENERAL, 9.0, 14.0, zone=6, row=3),
        Group("carriage unknown", 4, GENERAL, 9.0, 14.0, zone=NONE),
        Group("boarded as the case alighted", 8, MISS, 13.5, 16.0, zone=5, row=8),
        Group("alighted as the case boarded", 5, MISS, 5.0, 8.0, zone=5, row=8),
    ), zone=5, row=7),
    Scene(1, At.STATION, 10, 7.25, 7.9, (Group("waiting hall", 30, GENERAL, 7.0, 7.75),)),
    Scene(2, At.AIRCRAFT, 10, 19.25, 21.75, (
        Group("same row", 4, CLOSE, 19.0, 22.0, zone=1, row=18, family=2),
        Group("three rows ahead", 5, CLOSE, 19.0, 22.0, zone=1, row=15),
        Group("three rows behind", 5, CLOSE, 19.0, 22.0, zone=1, row=21, ring=3, ring_at=At.WORKSHOP),
        Group("four rows ahead", 5, GENERAL, 19.0, 22.0, zone=1, row=14),
        Group("far back", 40, GENERAL, 19.0, 22.0, zone=1, row=30),
        Group("row unknown", 3, GENERAL, 19.0, 22.0, zone=1),
    ), zone=1, row=18),
    Scene(3, At.WORKSHOP, 9, 22.0, 30.0, (
        Group("night shift across midnight", 7, CLOSE, 22.0, 30.0, family=2),
        Group("came after midnight", 3, CLOSE, 24.5, 30.0),
        Group("day shift", 8, MISS, 30.0, 38.0, family=1),
        Group("evening shift", 5, MISS, 14.0, 22.0),
    )),
    Scene(3, At.BUS_VENTILATED, 9, 21.0, 21.5, (
        Group("bus, three rows", 4, CLOSE, 20.75, 21.25, row=8),
        Group("bus, four rows", 6, GENERAL, 20.75, 21.25, row=9),
    ), row=5),
    Scene(4, At.ENTERTAINMENT, 8, 20.0, 23.0, (
        Group("same private room", 5, CLOSE, 20.5, 23.5, zone=3, family=1, ring=5, ring_at=At.MEETING_ROOM),
        Group("other private room", 18, GENERAL, 19.0, 22.0, zone=8),
    ), zone=3),
    Scene(4, At.ENTERTAINMENT, 6, 20.0, 23.0, (
        Group("same private room, three days before onset", 3, CLOSE, 20.0, 23.0, zone=2, family=1),
    ), zone=2),
    Scene(4, At.HOTEL, 8, 23.5, 33.0, (
        Group("same guest room", 1, CLOSE, 23.5, 33.0, zone=1204, family=2),
        Group("other guest room", 10, GENERAL, 22.0, 34.0, zone=1205),
    ), zone=1204),
    Scene(5, At.DWELLING, 9, 14.0, 86.0, (
        Group("host of a stay of three days", 3, CLOSE, 12.0, 100.0),
        Group("visitor on another day", 2, CLOSE, 58.0, 60.0, family=2),
        Group("visitor before", 2, MISS, 8.0, 12.0),
    )),
    Scene(5, At.SHIP, 12, 16.0, 20.0, (
        Group("same cabin", 3, CLOSE, 16.0, 20.0, zone=12, family=1),
        Group("other cabin", 9, GENERAL, 16.0, 20.0, zone=13),
    ), zone=12),
    Scene(6, At.THEATRE, 11, 19.5, 21.5, (
        Group("audience", 60, GENERAL, 19.25, 21.75, zone=1, row=5),
        Group("next show", 40, MISS, 21.5, 23.5, zone=1, row=5),
    ), zone=1, row=5),
    Scene(6, At.SHOP, 12, 10.0, 10.5, (
        Group("shop", 8, GENERAL, 10.25, 11.0),
        Group("shop, within half an hour", 6, MISS, 10.75, 11.25),
    )),
    Scene(6, At.CLINIC, 12, 14.0, 15.0, (
        Group("same consulting room", 2, CLOSE, 14.0, 15.5, zone=3, family=1),
        Group("other room of the clinic", 9, GENERAL, 14.0, 15.5, zone=4),
    ), zone=3),
    Scene(7, At.CLASSROOM, 10, 8.0, 11.5, (
        Group("class", 12, CLOSE, 8.0, 11.5, family=1),
        Group("class of the afternoon", 12, MISS, 14.0, 17.0),
    )),
    Scene(7, At.TRAIN_SEALED_SOFT_SLEEPER, 11, 20.0, 32.0, (
        Group("same compartment", 3, CLOSE, 21.0, 31.0, zone=907, family=1),
        Group("other compartment", 20, GENERAL, 20.0, 32.0, zone=908),
    ), zone=907),
)  # fmt: skip
