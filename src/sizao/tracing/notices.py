"""From the facts of cases to the question an engine answers: windows, and the stays and rides a notice told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sizao.exposure.cases import Cases, CaseStay, Spot
from sizao.exposure.names import NameTable
from sizao.exposure.store import StayStore
from sizao.facts.corrections import standing_facts
from sizao.facts.kinds import Fact, Ride, Stay, SubjectId
from sizao.facts.kinds import Spot as FactSpot
from sizao.facts.seats import zone_code
from sizao.policy.book import PolicyBook
from sizao.tracing.windows import Window, window_of
from sizao.when import Instant

UNKNOWN = -1


class Question(NamedTuple):
    """Cases in the order of `windows`; `told[i]` is the fact behind row i of the explicit case stays, None for a
    stored stay.
    """

    cases: Cases
    windows: tuple[Window, ...]
    told: tuple[Stay | Ride | None, ...]


def question(
    facts: Mapping[SubjectId, Sequence[Fact]],
    store: StayStore,
    people: NameTable,
    places: NameTable,
    book: PolicyBook,
    *,
    area: str,
    zone: str,
    known_at: Instant,
) -> Question:
    """Everything an engine must know of these cases. A case's own stays in the store count beside those its notice
    told.
    """
    windows: list[Window] = []
    told: list[Stay | Ride | None] = []
    rows: list[CaseStay] = []
    persons = people.ids(list(facts))
    for index, all_facts in enumerate(facts.values()):
        standing = standing_facts(list(all_facts), known_at)
        windows.append(window_of(standing, book, area=area, zone=zone, known_at=known_at))
        own = [fact for fact in standing if isinstance(fact, Stay | Ride)]
        if own:
            stored = stored_rows(index, int(persons[index]), store, known_at)
            rows += [*_rows(index, own, places), *stored]
            told += [*own, *([None] * len(stored))]
    intervals = [window.interval for window in windows]
    cases = Cases.of(persons, [span.start for span in intervals], [span.end for span in intervals], rows)
    return Question(cases, tuple(windows), tuple(told))


def _rows(index: int, own: Iterable[Stay | Ride], places: NameTable) -> list[CaseStay]:
    rows = []
    for fact in own:
        name = fact.run if isinstance(fact, Ride) else fact.place
        place = int(places.ids([name])[0])
        rows.append(CaseStay(index, UNKNOWN, place, fact.at, fact.end, tuple(_spot(spot) for spot in fact.spots)))
    return rows


def _spot(spot: FactSpot) -> Spot:
    zone = UNKNOWN if spot.zone is None else zone_code(spot.zone)
    row_lo = UNKNOWN if spot.row_lo is None else spot.row_lo
    return Spot(zone, row_lo, row_lo if spot.row_hi is None else spot.row_hi)


def stored_rows(index: int, person: int, store: StayStore, known_at: Instant) -> list[CaseStay]:
    """The case's own stays in the store, with their ids, so that evidence names them."""
    if person < 0:
        return []
    table = store.itinerary(person, known_at=known_at)
    columns = [table[name].to_numpy() for name in ("stay", "place", "start_s", "end_s", "zone", "row")]
    return [
        CaseStay(index, int(stay), int(place), int(start), int(end), (Spot(int(zone), int(row), int(row)),))
        for stay, place, start, end, zone, row in zip(*columns, strict=True)
    ]
