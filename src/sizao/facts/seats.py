"""Where somebody sat, as notices and tickets spell it: `05车12A号`, `加1号车厢`, `24-30排`, `15号中铺`, `无座`, `随车保洁员/无`.

What a cell says becomes spots, a role and a class; what it leaves open stays open and is noted; what cannot be read
is given back as unread, and the ride is kept with the seat unknown. Nothing is guessed:

- A seat that is only a number (`0096号`) names no row, because hard-seat carriages number their seats in different ways.
- A hard sleeper's number is one side of a bay, so bay = ⌈number / 2⌉ is its row. A soft sleeper's compartment holds four numbers
and is a zone of its own, `18-9`: the transport rules take the compartment, not the carriage. Which of the two a bare `33号下铺`
is follows from its number where the number can be only one of them (`_sleeper`); otherwise both readings are kept as spots.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from functools import lru_cache
from typing import NamedTuple

from sizao.facts.kinds import Spot

UNKNOWN = -1
"""The code of a zone, row or seat that is not known."""

EXTRA_CARRIAGE = 1000
LETTERED_CARRIAGE = 2000
COMPARTMENT = 10_000
OTHER_ZONE = 2**30
HIGHEST_HARD_BERTH = 22
COMPARTMENTS = 9
"""A soft-sleeper carriage has nine compartments of four."""
LONGEST_RANGE = 40
"""A range of carriages or rows longer than this is no seat but a mistake."""


class Note(NamedTuple):
    """Something a reader of the seat must know: a code of `words/said/facts.yaml` and the text it speaks of."""

    code: str
    value: str


class Seat(NamedTuple):
    """What the cells say. `unread` are (column, text) that could not be read; `berth_unsure` marks a sleeper of
    either class.
    """

    spots: tuple[Spot, ...] = ()
    role: str = "passenger"
    travel_class: str | None = None
    notes: tuple[Note, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    berth_unsure: bool = False


class _Place(NamedTuple):
    """One seat within a carriage; `compartment` for soft sleepers."""

    row_lo: int | None = None
    row_hi: int | None = None
    seat: str | None = None
    compartment: int | None = None
    zone: str | None = None


class _Found:
    """What has been read so far."""

    __slots__ = ("classes", "crew", "notes", "places", "unread", "unsure", "zones")

    def __init__(self) -> None:
        self.zones: list[str] = []
        self.places: list[_Place] = []
        self.notes: list[Note] = []
        self.unread: list[tuple[str, str]] = []
        self.classes: list[str] = []
        self.crew = self.unsure = False

    def note(self, code: str, value: str) -> None:
        self.notes.append(Note(code, value))


_CREW = re.compile(r"(随车)?(保洁员|列车员|乘务员|乘警|列车长|机长|空乘|空姐|船员|司机|乘务人员|工作人员)")
_CLASSES = (
    ("软卧", "soft_sleeper"), ("硬卧", "hard_sleeper"), ("软座", "soft_seat"), ("硬座", "hard_seat"), ("商务座", "business_seat"),
    ("特等座", "premium_seat"), ("一等座", "first_seat"), ("二等座", "second_seat"), ("头等舱", "first_cabin"),
    ("公务舱", "business_cabin"), ("商务舱", "business_cabin"), ("超级经济舱", "premium_economy_cabin"),
    ("经济舱", "economy_cabin"), ("一等舱", "first_cabin"), ("二等舱", "second_cabin"), ("三等舱", "third_cabin"),
)  # fmt: skip
_NOTHING = frozenset({"", "无", "未知", "不详", "不明", "-", "--", "/", "N/A", "NA", "NULL", "NONE"})
_STANDING = frozenset({"无座", "站票", "无座位", "无座票"})
_ARRIVAL_UNKNOWN = re.compile(r"抵达时间(不详|未知)/?")
_SPLIT = re.compile(r"[,;/、&]|和|与|及")
_ZONE = re.compile(r"(?P<extra>加)?(?P<letter>[A-Z])?0*(?P<number>\d{1,3})(号?车厢?|号车|号|厢)?\Z")
_ZONES = re.compile(r"0*(\d{1,3})(?:号?车?厢?)[-~至到]0*(\d{1,3})(?:号?车厢?|号|厢)?\Z")
_ROWS = re.compile(r"第?0*(\d{1,3})排?(?:[-~至到]第?0*(\d{1,3}))?排\Z")
_LETTERED = re.compile(r"0*(\d{1,3})(?:排|号)?([A-Z])(?:号?座?位?|号座)?\Z")
_LETTER_FIRST = re.compile(r"([A-Z])0*(\d{1,2})([A-Z])?(?:号?座?位?)?\Z")
_ROW_NUMBER = re.compile(r"0*(\d{1,3})排0*(\d{1,3})(?:号?座?位?)?\Z")
_NUMBERED = re.compile(r"0*(\d{1,4})(?:号?座?位?|号座)?\Z")
_BERTH = re.compile(r"0*(\d{1,3})号?([上中下])铺?\Z")
_TIER = re.compile(r"([上中下])铺\Z")
_IN_CARRIAGE = re.compile(r"(?P<carriage>加?[A-Z]?\d{1,3}号?车厢?)(?P<rest>.+)\Z")
_REMARK = re.compile(r"\(([^()]*)\)")
_LABEL = re.compile(r"^(座位号|座位|座次|座号|席位|座|SEAT|NO\.?|CARRIAGE|COACH|CAR)+[::]?|^[::]+")


@lru_cache(maxsize=65536)
def normal(text: str) -> str:
    """The one width, case and spelling in which seats and numbers are compared: NFKC, upper case, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split()).replace("车箱", "车厢")


@lru_cache(maxsize=65536)
def read_seat(carriage: str = "", seat: str = "", vehicle: str = "train") -> Seat:
    """What a carriage cell and a seat cell say; `vehicle` (`train`, `flight`, `ship`, …) decides what bare numbers
    mean."""
    found = _Found()
    _read_carriage(normal(carriage), found)
    _read_seat_cell(normal(seat), found, vehicle)
    if found.crew and not found.places and not found.zones:
        found.note("seat.crew_whole_vehicle", seat or carriage)
    return Seat(
        spots=_spots(found),
        role="crew" if found.crew else "passenger",
        travel_class=found.classes[0] if found.classes else None,
        notes=tuple(found.notes),
        unread=tuple(found.unread),
        berth_unsure=found.unsure,
    )


def _spots(found: _Found) -> tuple[Spot, ...]:
    zones: list[str | None] = [*dict.fromkeys(found.zones)] or [None]
    spots = []
    for zone in zones:
        for place in found.places or [_Place()]:
            here = place.zone or zone
            if place.compartment is not None and here is not None:
                here = f"{here}-{place.compartment}"
            spots.append(Spot(here, place.row_lo, place.row_hi, place.seat))
    return tuple(spot for spot in dict.fromkeys(spots) if spot != Spot())


def _take_words(text: str, found: _Found) -> str:
    """Take out what speaks of people, classes and times, and leave what names a place."""
    for word, code in _CLASSES:
        if word in text:
            found.classes.append(code)
            text = text.replace(word, "")
    if _CREW.search(text):
        found.crew = True
        text = _CREW.sub("", text)
    if _ARRIVAL_UNKNOWN.search(text):
        found.note("seat.arrival_unknown", text)
        text = _ARRIVAL_UNKNOWN.sub("", text)
    return text


def _read_carriage(text: str, found: _Found) -> None:
    rest = _take_words(text, found)
    if rest.startswith("未知乘客"):
        found.note("seat.unnamed_passenger", text)
        return
    if _STANDING & {rest}:
        found.note("seat.standing", text)
        return
    parts = [_LABEL.sub("", part) for part in _SPLIT.split(rest)]
    for part in parts:
        if part in _NOTHING or part in ("车厢", "座车厢", "号车厢"):
            continue
        if zones := _zones(part):
            found.zones += zones
        elif rows := _rows(part):
            found.places.append(rows)
        elif (within := _IN_CARRIAGE.match(part)) and (place := _place(within["rest"], found, "train")):
            found.places += [one._replace(zone=_zones(within["carriage"])[0]) for one in place]
        else:
            found.unread.append(("carriage", part))


def _zones(part: str) -> list[str]:
    if span := _ZONES.match(part):
        lo, hi = int(span[1]), int(span[2])
        return [str(number) for number in range(lo, hi + 1)] if lo <= hi <= lo + LONGEST_RANGE else []
    if one := _ZONE.match(part):
        return [f"{one['extra'] or ''}{one['letter'] or ''}{int(one['number'])}"]
    return []


def _rows(part: str) -> _Place | None:
    span = _ROWS.match(part)
    if span is None:
        return None
    lo, hi = int(span[1]), int(span[2] or span[1])
    return _Place(lo, hi) if lo <= hi <= lo + LONGEST_RANGE else None


def _read_seat_cell(text: str, found: _Found, vehicle: str) -> None:
    for remark in _REMARK.findall(text):
        found.note("seat.remark", remark)
    text = _take_words(_REMARK.sub("", text), found)
    if "中铺" in text:
        found.classes.append("hard_sleeper")  # soft sleepers have no middle berth
    if "连接处" in text:
        found.note("seat.between_carriages", text)
        return
    number = ""
    for part in (_LABEL.sub("", piece) for piece in _SPLIT.split(text)):
        if part in _NOTHING or part in ("号", "座", "座位", "号座", "铺"):
            continue
        if part in _STANDING:
            found.note("seat.standing", part)
            continue
        if (tier := _TIER.match(part)) and number:
            part = f"{number}号{tier[1]}铺"
        if within := _IN_CARRIAGE.match(part):
            places = [
                one._replace(zone=_zones(within["carriage"])[0]) for one in _place(within["rest"], found, vehicle) or ()
            ]
        else:
            places = _place(part, found, vehicle) or []
        number = berth[1] if (berth := _BERTH.match(part)) else ""
        found.places += places
        if not places:
            _not_read(part, found)


def _not_read(part: str, found: _Found) -> None:
    """A part without a number speaks of something else than a seat; one with a number might have been one."""
    if found.places and not any(sign.isdigit() for sign in part):
        found.note("seat.remark", part)
    else:
        found.unread.append(("seat", part))


def _place(part: str, found: _Found, vehicle: str) -> list[_Place] | None:
    if match := _LETTERED.match(part):
        return [_Place(int(match[1]), int(match[1]), match[2])]
    if rows := _rows(part):
        return [rows]
    if match := _ROW_NUMBER.match(part):
        return [_Place(int(match[1]), int(match[1]), str(int(match[2])))]
    if match := _BERTH.match(part):
        return _sleeper(int(match[1]), match[2], part, found)
    if match := _LETTER_FIRST.match(part):
        found.note("seat.letter_first", part)
        return [_Place(int(match[2]), int(match[2]), match[3] or match[1])]
    if match := _NUMBERED.match(part):
        found.note("seat.number_only", part)
        if vehicle == "flight" and int(match[1]) <= 99 and part.isdigit():
            return [_Place(int(match[1]), int(match[1]))]
        return [_Place(seat=str(int(match[1])))]
    return None


def _sleeper(number: int, tier: str, part: str, found: _Found) -> list[_Place]:
    """Hard sleepers have three tiers and numbers up to 22; soft ones two tiers, odd numbers below and even ones above."""
    soft = _Place(seat=f"{number}{tier}", compartment=(number - 1) // 4 + 1)
    bay = (number + 1) // 2
    hard = _Place(bay, bay, f"{number}{tier}")
    can_be_soft = tier != "中" and (number % 2 == 1) == (tier == "下")
    can_be_hard = number <= HIGHEST_HARD_BERTH
    if "soft_sleeper" in found.classes:
        return [soft]
    if "hard_sleeper" in found.classes or (can_be_hard and not can_be_soft):
        return [hard]
    if can_be_soft and not can_be_hard:
        found.note("seat.soft_by_number", part)
        return [soft]
    found.unsure = True
    found.note("seat.berth_of_either_class", part)
    return [hard, soft]


def with_compartments(spots: tuple[Spot, ...]) -> tuple[Spot, ...]:
    """The same spots, and for a carriage without any seat all its soft-sleeper compartments too: nothing says that
    the carriage was not one, and whoever sat in it may have sat in any of them.
    """
    more = [
        Spot(f"{spot.zone}-{number}")
        for spot in spots
        if spot.zone is not None and "-" not in spot.zone and spot == Spot(spot.zone)
        for number in range(1, COMPARTMENTS + 1)
    ]
    return tuple(dict.fromkeys((*spots, *more)))


# --- codes for the engine ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=65536)
def zone_code(zone: str | None) -> int:
    """The number a zone has in the stays' columns (fits 32 bits): a carriage, cabin or block `8` is 8; `加1` 1001;
    `A2` 2102; compartment 9 of carriage 18, `18-9`, is 90018. Any other name has a number from 2^30 up, from its
    CRC-32. None and blank: -1.
    """
    text = normal(zone) if zone is not None else ""
    if not text:
        return UNKNOWN
    whole, _, part = text.partition("-")
    if part.isdecimal() and 1 <= int(part) <= 99 and 0 <= (base := _carriage_code(whole)) < COMPARTMENT:
        return int(part) * COMPARTMENT + base
    base = _carriage_code(text)
    return base if base >= 0 else OTHER_ZONE + zlib.crc32(text.encode()) % OTHER_ZONE


def _carriage_code(text: str) -> int:
    match = re.fullmatch(r"(加|[A-Z])?(\d{1,4})", text)
    if match is None:
        return UNKNOWN
    prefix, number = match[1], int(match[2])
    if prefix is None:
        return number if number < EXTRA_CARRIAGE else UNKNOWN
    if number > 99:
        return UNKNOWN
    return EXTRA_CARRIAGE + number if prefix == "加" else LETTERED_CARRIAGE + (ord(prefix) - 64) * 100 + number


def row_code(row: int | None) -> int:
    """The number of a row, 16 bits; -1 when it is unknown or no possible row."""
    return row if row is not None and 0 < row < 2**15 else UNKNOWN


_TIERS = {"下": 1, "中": 2, "上": 3}


@lru_cache(maxsize=65536)
def seat_code(seat: str | None) -> int:
    """The number of a seat, 16 bits: letters A-Z are 1-26; numbers n ≤ 9999 are 100 + n; berths n下, n中, n上 are
    20000 + 4n + 1, 2, 3. Anything else: -1."""
    text = normal(seat) if seat is not None else ""
    if len(text) == 1 and "A" <= text <= "Z":
        return ord(text) - 64
    if text.isdecimal() and 0 < int(text) <= 9999:
        return 100 + int(text)
    if text[:-1].isdecimal() and text[-1] in _TIERS and int(text[:-1]) <= 999:
        return 20_000 + 4 * int(text[:-1]) + _TIERS[text[-1]]
    return UNKNOWN
