"""What the home city's match gives once it knows the case's places and his own: by the engines' definition and the pack's rules.

Only places that a contact rule speaks of can match. A city is none: that two people were in the same city is a reason to ask.
"""

from __future__ import annotations

from collections.abc import Sequence

from sizao.exposure.cases import Spot
from sizao.exposure.place_kinds import PlaceKind, kind_code
from sizao.exposure.reference import CaseStayClipped, judge, meetings
from sizao.exposure.reference import Stay as StayRow
from sizao.facts.kinds import DataClass, Exposure, Fact, FactId, Grade, How, Stay
from sizao.policy.book import PolicyBook
from sizao.replay.founding import CASE, HOME_AREA, PERSON
from sizao.replay.moments import ZONE
from sizao.tracing.compile import compile_rules
from sizao.tracing.windows import Window, window_of
from sizao.when import DAY_S, Instant, local_day

MATCH = FactId("m01-match")
SOURCE = "assumed"
UNKNOWN = -1
KINDS = frozenset(str(kind) for kind in PlaceKind)


def window(case: Sequence[Fact], book: PolicyBook, known_at: Instant) -> Window:
    """The case's infectious window under the book's reading."""
    return window_of(list(case), book, area=HOME_AREA, zone=ZONE, known_at=known_at)


def match(case: Sequence[Fact], own: Sequence[Fact], book: PolicyBook, *, known_at: Instant) -> Exposure | None:
    """The exposure of the person to the case, recorded at `known_at`, or None: outside the window, or at no place of a rule."""
    found = window(case, book, known_at)
    places = sorted({fact.place for fact in (*case, *own) if isinstance(fact, Stay) and fact.place_kind in KINDS})
    ids = {place: number for number, place in enumerate(places)}
    theirs = [
        CaseStayClipped(
            0, 0, index, ids[stay.place], max(stay.at, found.interval.start), min(stay.end, found.interval.end),
            (Spot(UNKNOWN, UNKNOWN, UNKNOWN),), 0,
        )
        for index, stay in enumerate(_stays(case))
    ]  # fmt: skip
    mine = [
        StayRow(
            index, 1, ids[stay.place], kind_code(PlaceKind(stay.place_kind)), stay.at, stay.end, UNKNOWN, UNKNOWN, UNKNOWN, 0
        )
        for index, stay in enumerate(_stays(own))
    ]  # fmt: skip
    met = meetings([stay for stay in theirs if stay.start_s < stay.end_s], mine, 0).get((0, 1))
    return None if met is None else _exposure(met, found, _stays(own), book, known_at)


def _stays(facts: Sequence[Fact]) -> list[Stay]:
    return [fact for fact in facts if isinstance(fact, Stay) and fact.place_kind in KINDS]


def _exposure(met: list, found: Window, own: list[Stay], book: PolicyBook, known_at: Instant) -> Exposure | None:  # type: ignore[type-arg]
    since, until = local_day(found.interval.start, ZONE), local_day(Instant(known_at + DAY_S), ZONE)
    compiled = compile_rules(book, "contact.rules", area=HOME_AREA, zone=ZONE, since=since, until=until)
    judged = judge((0, 1), met, compiled.rules)
    if judged is None:
        return None
    _, _, _, rule, overlap_s, first_s, last_s, _, _ = judged.row
    place = own[judged.evidence[0][3]]
    return Exposure(
        id=MATCH, subject=PERSON, at=Instant(first_s), recorded_at=known_at, source=SOURCE, recorder="match",
        basis="epidemic-tracing", data_class=DataClass.HEALTH, case=CASE, case_fact=found.notice.id, how=How.MATCHED,
        grade=Grade(compiled.rules[rule].grade), first=Instant(first_s), last=Instant(last_s), minutes=overlap_s // 60,
        place=place.place, place_kind=place.place_kind, rule=compiled.rules[rule].rule_id, rule_digest=compiled.rules.digest,
    )  # fmt: skip
