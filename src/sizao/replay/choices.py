"""What the replay may suppose: branches, readings and switches, and which facts of the file each of them takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from sizao.facts.kinds import Fact, FactId
from sizao.policy.book import PolicyBook
from sizao.replay.founding import branches_of
from sizao.tracing.setup import Setup, open_book

PACKS = ("cn-covid19-8", "henan-2021-07", "officials-cn")
WINDOW_KEY = "case.window.days_before"


class Branch(StrEnum):
    """As it happened; with Sizao and the destination declared; with Sizao and an undeclared drive; the labelled hypothetical."""

    AS_HAPPENED = "as-happened"
    DECLARED = "declared"
    UNDECLARED = "undeclared"
    ITINERARY = "itinerary"


class Reading(StrEnum):
    """How a contact is told: by a window of two or of four days before sampling, or by the authority's expert judgement."""

    TWO_DAYS = "two-days"
    FOUR_DAYS = "four-days"
    JUDGEMENT = "judgement"


WINDOWS = (Reading.TWO_DAYS, Reading.FOUR_DAYS)


class Sampled(StrEnum):
    """The assumed day of first positive sampling."""

    JULY_25 = "25-july"
    JULY_26 = "26-july"


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """What no source says, assumed one way or the other: sampling day, presence in the theatre, rules on file."""

    sampled: Sampled
    in_theatre: bool
    rules_on_file: bool


def all_switches() -> Iterator[Switches]:
    """Every combination, in a fixed order."""
    for sampled, in_theatre, on_file in product(Sampled, (True, False), (True, False)):
        yield Switches(sampled=sampled, in_theatre=in_theatre, rules_on_file=on_file)


IN_THEATRE = frozenset({FactId("a03-in-the-theatre"), FactId("b06-audience-list-arrives")})
ON_FILE = frozenset({FactId("a04-leave-rule"), FactId("a05-report-rule"), FactId("b02-trip-rule")})
SAMPLED = {FactId("a01-sampled-25"): Sampled.JULY_25, FactId("a02-sampled-26"): Sampled.JULY_26}


def chosen(facts: Iterable[Fact], branch: Branch, switches: Switches) -> tuple[Fact, ...]:
    """The facts of that branch under those switches, ordered by id. The disclosure is left in; `unit_side` takes it or not."""
    return tuple(sorted((fact for fact in facts if _taken(fact, branch, switches)), key=lambda fact: fact.id))


def _taken(fact: Fact, branch: Branch, switches: Switches) -> bool:
    branches = branches_of(fact)
    if branches is not None and branch not in branches:
        return False
    if fact.id in IN_THEATRE and not switches.in_theatre:
        return False
    if fact.id in ON_FILE and not switches.rules_on_file:
        return False
    return SAMPLED.get(fact.id, switches.sampled) is switches.sampled


def book_of(reading: Reading) -> PolicyBook:
    """The rules in force, read that way. Under the judgement no window is drawn, so no reading is chosen for it."""
    readings = {WINDOW_KEY: str(reading)} if reading in WINDOWS else {}
    return open_book(Setup(packs=PACKS, readings=readings, area="41"))
