"""Which of his places fall inside the case's window, under each reading and each assumed day of sampling.

A window opens so many whole local days before the day of first positive sampling. A place whose days no source gives is neither
inside nor outside for certain. "The theatre is outside" is not "the person is outside": later places count too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from sizao.facts.kinds import Fact, FactId, Stay
from sizao.replay.choices import WINDOWS, Branch, Reading, Sampled, Switches, book_of, chosen
from sizao.replay.founding import AS_OF, CASE, PERSON, of_subject
from sizao.replay.matching import window
from sizao.replay.moments import ZONE
from sizao.rules.reasons import Reason
from sizao.when import Instant, Interval, day_start, local_day, parse_day

UNDATED = "area-days-not-stated"
AREA = "area"
SPOKEN_OF = Interval(day_start(parse_day("2021-07-22"), ZONE), day_start(parse_day("2021-07-25"), ZONE))
"""From the day of the show to the night of his return: the days on which a place of his is looked for."""


class Place(StrEnum):
    """Whether a time lies in the window."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    NOT_KNOWN = "not-known"


class Shared(StrEnum):
    """What the case is known to have shared with him there; `NOT_IN_WINDOW`: the case was there, but only outside the window."""

    SAME_SESSION = "same-session"
    SAME_CITY = "same-city"
    NOT_IN_WINDOW = "not-in-window"
    NOTHING_KNOWN = "nothing-known"


class PlaceRow(NamedTuple):
    """One place of his: the fact (None for a day no source places), its days, whether in the window, what was shared there."""

    fact: FactId | None
    first_day: date
    last_day: date
    days_stated: bool
    inside: Place
    shared: Shared


class WindowRow(NamedTuple):
    """One window; `opens` is its first local day. `person_outside` only when every place of his is known to be outside."""

    reading: Reading
    sampled: Sampled
    opens: date
    places: tuple[PlaceRow, ...]
    person_outside: bool
    reason: Reason

    def place(self, fact: FactId | None) -> PlaceRow:
        """The row of that place."""
        return next(row for row in self.places if row.fact == fact)


def windows(facts: Sequence[Fact]) -> tuple[WindowRow, ...]:
    """The window of each reading and sampling day over all his places, the theatre among them (his presence is assumed)."""
    return tuple(_row(facts, reading, sampled) for reading in WINDOWS for sampled in Sampled)


def _row(facts: Sequence[Fact], reading: Reading, sampled: Sampled) -> WindowRow:
    switches = Switches(sampled=sampled, in_theatre=True, rules_on_file=True)
    taken = chosen(facts, Branch.AS_HAPPENED, switches)
    found = window(of_subject(taken, CASE), book_of(reading), AS_OF)
    theirs = [fact for fact in of_subject(taken, CASE) if isinstance(fact, Stay)]
    mine = [fact for fact in of_subject(taken, PERSON) if isinstance(fact, Stay)]
    places = [_place(stay, found.interval, theirs) for stay in mine]
    places += [_unplaced(day, found.interval) for day in _unplaced_days(mine)]
    places.sort(key=lambda row: (row.first_day, row.last_day, row.fact or ""))
    outside = not any(_counts(row) for row in places)
    return WindowRow(reading, sampled, local_day(found.interval.start, ZONE), tuple(places), outside, found.reason)


def _counts(row: PlaceRow) -> bool:
    """Whether contact there cannot be ruled out: inside or perhaps inside, and shared, or a day no source places."""
    return row.inside is not Place.OUTSIDE and (
        row.fact is None or row.shared in (Shared.SAME_SESSION, Shared.SAME_CITY)
    )


def _place(stay: Stay, span: Interval, theirs: Sequence[Stay]) -> PlaceRow:
    mine = Interval(stay.at, stay.end)
    stated = stay.place_kind != UNDATED
    inside = Place.INSIDE if span.meets(mine) else Place.OUTSIDE
    if not stated and inside is Place.INSIDE and mine.start < span.start:
        inside = Place.NOT_KNOWN
    first, last = local_day(mine.start, ZONE), local_day(Instant(mine.end - 1), ZONE)
    return PlaceRow(stay.id, first, last, stated, inside, _shared(stay, span, theirs))


def _shared(stay: Stay, span: Interval, theirs: Sequence[Stay]) -> Shared:
    """What the case's known places inside the window have in common with this one."""
    if stay.area is None:
        return Shared.NOTHING_KNOWN
    mine = Interval(stay.at, stay.end)
    here = [other for other in theirs if other.area == stay.area]
    if not here:
        return Shared.NOTHING_KNOWN
    inside = [other for other in here if span.meets(Interval(other.at, other.end))]
    both = [other for other in inside if mine.meets(Interval(max(other.at, span.start), other.end))]
    if any(other.place == stay.place and other.place_kind != AREA for other in both):
        return Shared.SAME_SESSION
    return Shared.SAME_CITY if both else Shared.NOT_IN_WINDOW


def _unplaced_days(mine: Sequence[Stay]) -> list[date]:
    """The days from the show to his return on which no source says where he was."""
    known = [Interval(stay.at, stay.end) for stay in mine if stay.place_kind == AREA]
    days, day = [], local_day(SPOKEN_OF.start, ZONE)
    while day_start(day, ZONE) < SPOKEN_OF.end:
        span = Interval(day_start(day, ZONE), day_start(day + timedelta(days=1), ZONE))
        if not any(span.meets(each) for each in known):
            days.append(day)
        day += timedelta(days=1)
    return days


def _unplaced(day: date, span: Interval) -> PlaceRow:
    start = day_start(day, ZONE)
    inside = Place.INSIDE if span.holds(start) else Place.OUTSIDE
    return PlaceRow(None, day, day, True, inside, Shared.NOTHING_KNOWN)


__all__ = ["Place", "PlaceRow", "Shared", "WindowRow", "windows"]
