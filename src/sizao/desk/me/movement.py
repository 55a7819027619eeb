"""Where a person was and means to go: stays, rides and trips, as the person tells them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from sizao.desk.me.models import Statement
from sizao.desk.me.reports import COMMUNITY, GIVEN
from sizao.desk.me.saying import Said, Who, fact, reported, state
from sizao.desk.store.readers import SubjectPage
from sizao.errors import DeskError
from sizao.facts.corrections import standing_facts
from sizao.facts.kinds import DataClass, Fact, Stay, TripChanged, TripDecided, TripRequested, TripReturned
from sizao.facts.rides import Provenance, ReadRide, RideRow, read_rides, ride_facts
from sizao.facts.trips import TripText
from sizao.when import OPEN, Instant

TOLD = "told:"
"""Begins the name of a place that somebody told in words; a tracer finds out which place it is."""
BASIS = "epidemic-control"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A stay as the form gives it."""

    name: str
    kind: str
    start: Instant
    end: Instant
    note: str = ""


def stay(who: Who, place: Place, *, key: str, now: Instant) -> Statement:
    """Record where the person was."""

    def facts(_number: str) -> Sequence[Fact]:
        told: dict[str, Any] = {"place": f"{TOLD}{place.name}", "place_kind": place.kind, "end": place.end}
        return [fact(Stay, who, at=place.start, now=now, data_class=DataClass.MOVEMENT, **told)]

    words = {"place": place.name, "kind": place.kind, "start": place.start, "end": place.end, "note": place.note}
    return state(who, Said(what="stay", to=(COMMUNITY,), told=words), facts, key=key, now=now)


def read_ride(text: TripText, carriage: str, seat: str, zone: str) -> ReadRide:
    """The ride of a form's cells. Refuses, as an import does, a number, day or hour that cannot be read, and names the cell."""
    found = read_rides([RideRow(1, text, carriage, seat)], zone=zone)
    for refused in found.refused:
        raise refused.error
    return found.read[0]


def ride(who: Who, taken: ReadRide, words: dict[str, str], *, key: str, now: Instant) -> Statement:
    """Record what the person rode in: on either of two runs where the day it began is not certain."""

    def facts(_number: str) -> Sequence[Fact]:
        given = Provenance(now, who.source, who.actor.id, BASIS, settings.KEYS.search)
        return ride_facts(taken, who.subject, given)

    return state(who, Said(what="ride", to=(COMMUNITY,), told=words), facts, key=key, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A trip as the form gives it."""

    destinations: tuple[str, ...]
    start: Instant
    end: Instant
    reason: str
    transport: str = ""


def ask_trip(who: Who, asked: Asked, *, key: str, now: Instant) -> Statement:
    """Ask to travel. The unit decides; what the traveller gave it is its own to know."""

    def facts(number: str) -> Sequence[Fact]:
        told: dict[str, Any] = {
            "trip": f"trip:{number}", "start": asked.start, "end": asked.end, "destinations": asked.destinations,
            "reason": asked.reason, "transport": asked.transport or None,
        }  # fmt: skip
        return [fact(TripRequested, who, at=who.said_at(now), now=now, data_class=GIVEN, **told)]

    words = {
        "destinations": list(asked.destinations), "start": asked.start, "end": asked.end, "words": asked.reason,
        "transport": asked.transport,
    }  # fmt: skip
    return state(who, Said(what="trip", to=("unit",), told=words), facts, key=key, now=now)


def change_trip(
    who: Who, trip: str, destinations: tuple[str, ...], end: Instant | None, *, key: str, now: Instant
) -> Statement:
    """Say that a trip goes elsewhere, or ends at another time."""

    def facts(_number: str) -> Sequence[Fact]:
        told: dict[str, Any] = {"trip": trip, "destinations": destinations, "end": end}
        return [fact(TripChanged, who, at=who.said_at(now), now=now, data_class=GIVEN, **told)]

    words = {"trip": trip, "destinations": list(destinations), "end": end}
    return state(who, Said(what="trip-change", to=("unit",), told=words), facts, key=key, now=now)


def return_from(who: Who, trip: str, at: Instant, *, key: str, now: Instant) -> Statement:
    """Say that the traveller is back: the unit's register learns it, and the community is told."""

    def facts(number: str) -> Sequence[Fact]:
        back = fact(TripReturned, who, at=at, now=now, data_class=GIVEN, trip=trip)
        told = reported(who, "return", (COMMUNITY,), number=number, now=now, classes={COMMUNITY: GIVEN})
        return [back, *told]

    return state(
        who, Said(what="trip-return", to=("unit", COMMUNITY), told={"trip": trip, "at": at}), facts, key=key, now=now
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """A trip as far as it has come."""

    trip: str
    asked: TripRequested
    end: Instant
    decided: TripDecided | None
    back: TripReturned | None

    @property
    def open(self) -> bool:
        """Still to come or under way, and not refused."""
        return self.back is None and (self.decided is None or self.decided.granted)


def trips_of(page: SubjectPage) -> list[Trip]:
    """The person's trips, the latest request first."""
    facts = standing_facts(list(page.dossier.facts), OPEN)
    found = []
    for asked in (one for one in facts if isinstance(one, TripRequested)):
        same = [one for one in facts if getattr(one, "trip", None) == asked.trip]
        ends = [one.end for one in same if isinstance(one, TripChanged) and one.end is not None]
        found.append(
            Trip(
                trip=asked.trip, asked=asked, end=ends[-1] if ends else asked.end,
                decided=next((one for one in same if isinstance(one, TripDecided)), None),
                back=next((one for one in same if isinstance(one, TripReturned)), None),
            )
        )  # fmt: skip
    return sorted(found, key=lambda trip: (-trip.asked.recorded_at, trip.trip))


def open_trip(page: SubjectPage, trip: str) -> Trip:
    """One of the person's trips that is not over; refuses any other (M105)."""
    for one in trips_of(page):
        if one.trip == trip and one.open:
            return one
    raise DeskError("M105", trip=trip)
