"""A demonstration county: ordinary residents, a few cases, and planted meetings whose outcome is known because they were planted.

Cases stay only at places of their own, at outdoor places (no contact rule speaks of them) and, outside every infectious window,
among the crowd. Everybody else at a case's own place was put there by a scene, with the grade the scene gives. So the list of
expected contacts is complete by construction: a tracer that finds more or fewer people is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, NamedTuple

import numpy as np

from sizao.drills.scenes import CASES, NONE, SCENES, Part, Scene
from sizao.drills.town import HUB, OUTDOOR, SHOP, Ints, StayBlock, Town, TownPlan, build_town, stays
from sizao.exposure.place_kinds import PlaceKind, kind_code
from sizao.facts.kinds import Admitted, CaseClass, CaseNotice, DataClass, Fact, FactId, Grade, Setting, SubjectId
from sizao.when import DAY_S, HOUR_S, Instant, Interval

START = Instant(1_626_019_200)
"""The first local midnight: 12 July 2021 in Asia/Shanghai."""

DAYS = 14
KNOWN_AT = Instant(START + DAYS * DAY_S + 12 * HOUR_S)
AREA = "999901"
_NIGHT = (22.0, 31.0)
_OUTDOORS = (18.25, 18.75)
_ERRAND = (13.75, 14.1)
_AFTERNOON = (14.5, 17.0)
_BEFORE_WINDOWS = 5


class CastStay(NamedTuple):
    """A planted stay. `zone` 0: the place has none, -1: not known; `row` -1: none or not known."""

    person: int
    place: int
    kind: PlaceKind
    start_s: int
    end_s: int
    zone: int = 0
    row: int = NONE


class PlantedCase(NamedTuple):
    """A case: `anchor` is the first moment of the day of onset, or of positive sampling; `care_at` when it was taken in."""

    person: int
    anchor: Instant
    asymptomatic: bool
    care_at: Instant


class Meeting(NamedTuple):
    """Two planted stays at one place: what they make of the second person, and whom through (`via` None: the case itself)."""

    case: int
    via: int | None
    own: CastStay
    other: CastStay
    grade: Grade
    why: str


class Expected(NamedTuple):
    """What a tracer must find: whole seconds together, first and last moment, where, and which planting it was."""

    person: int
    case: int
    grade: Grade
    via: int | None
    overlap_s: int
    first: Instant
    last: Instant
    place: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class County:
    """The county. Ordinary residents are persons `0..town.plan.persons`, the cast come after them; so do their places."""

    town: Town
    rng_seed: int
    cast: tuple[CastStay, ...]
    cast_kinds: tuple[PlaceKind, ...]
    persons: int
    cases: tuple[PlantedCase, ...]
    meetings: tuple[Meeting, ...]
    misses: tuple[tuple[int, str], ...]
    """Who came near a case and is no contact, and why not; with a lag, those who came soon after are."""

    @property
    def places(self) -> int:
        """The number of places, the cast's included."""
        return self.town.places + len(self.cast_kinds)

    def person_name(self, person: int) -> str:
        """The subject a person is."""
        return f"person:r{person + 1:06d}"

    def place_name(self, place: int) -> str:
        """What a file calls a place."""
        own = place - self.town.places
        return self.town.place_name(place) if own < 0 else f"{self.cast_kinds[own]}:c{own + 1}"

    def ordinary_stays(self) -> Iterator[StayBlock]:
        """The stays of everybody outside the cast, day by day: no zone, no row."""
        return stays(self.town, np.random.default_rng([self.rng_seed, 2]))

    def place_kind(self) -> Ints:
        """Each place's kind code, int16, the cast's places included."""
        own = np.array([kind_code(kind) for kind in self.cast_kinds], dtype=np.int16)
        return np.concatenate((self.town.place_kind(), own))

    def expected(self, window_days: int, *, lag_s: int = 0) -> tuple[Expected, ...]:
        """The contacts under a window of so many whole days before the anchor, by person. With a lag, arrivals less than that
        after the case left count too."""
        first_ring = _judged(
            (met, self._window(met.case, window_days), lag_s) for met in self.meetings if met.via is None
        )
        met_at = {found.person: found.first for found in first_ring if found.grade is Grade.CLOSE}
        second_ring = _judged(
            (met, Interval(met_at[met.via], KNOWN_AT), 0) for met in self.meetings if met.via in met_at
        )
        return tuple(sorted(first_ring + second_ring))

    def case_facts(self) -> dict[SubjectId, tuple[Fact, ...]]:
        """What was reported of each case: the notice with its day of onset or of positive sampling, and the admission."""
        return {
            SubjectId(self.person_name(case.person)): _facts(self.person_name(case.person), case) for case in self.cases
        }

    def _window(self, case: int, window_days: int) -> Interval:
        planted = self.cases[case]
        return Interval(Instant(planted.anchor - window_days * DAY_S), planted.care_at)


def planted_county(seed: int, *, persons: int = 100_000) -> County:
    """The demonstration county: `persons` residents, 14 days. The same seed gives the same county."""
    stage = _Stage(np.random.default_rng([seed, 0]))
    for number, part in enumerate(CASES):
        stage.enter_case(number, part)
    for scene in SCENES:
        stage.play(scene)
    ordinary = persons - stage.size
    town = build_town(TownPlan(persons=ordinary, start_s=START, days=DAYS), np.random.default_rng([seed, 1]))
    stage.mingle(town)
    return stage.county(town, seed)


def _facts(name: str, case: PlantedCase) -> tuple[Fact, ...]:
    common: dict[str, Any] = {
        "subject": SubjectId(name), "at": case.care_at, "recorded_at": case.care_at, "source": "drill", "recorder": "drill",
        "basis": "drill", "data_class": DataClass.HEALTH,
    }  # fmt: skip
    notice = CaseNotice(
        id=FactId(f"notice-{name}"), disease="covid19", reporting_area=AREA,
        case_class=CaseClass.ASYMPTOMATIC if case.asymptomatic else CaseClass.CONFIRMED,
        onset=None if case.asymptomatic else case.anchor, positive_sampled_at=case.anchor if case.asymptomatic else None,
        **common,
    )  # fmt: skip
    return notice, Admitted(id=FactId(f"admitted-{name}"), setting=Setting.HOSPITAL, place="ward:1", **common)


def _judged(candidates: Iterable[tuple[Meeting, Interval, int]]) -> list[Expected]:
    """One line per person: the meetings that count inside the window, added up."""
    found: dict[int, Expected] = {}
    for met, window, lag_s in candidates:
        start, end = max(met.own.start_s, window.start), min(met.own.end_s, window.end)
        began = max(start, met.other.start_s)
        overlap = min(end, met.other.end_s) - began
        lagged = overlap <= 0 <= met.other.start_s - end < lag_s
        if start >= end or (overlap <= 0 and not lagged):
            continue
        last = Instant(began + max(0, overlap))
        line = Expected(
            met.other.person, met.case, met.grade, met.via, max(0, overlap), Instant(began), last, met.own.place, met.why
        )  # fmt: skip
        earlier = found.get(line.person)
        found[line.person] = line if earlier is None else _added(earlier, line)
    return list(found.values())


def _added(one: Expected, other: Expected) -> Expected:
    return one._replace(
        overlap_s=one.overlap_s + other.overlap_s, first=min(one.first, other.first), last=max(one.last, other.last)
    )


class _Stage:
    """Where the cast is put together. Cast persons and places are numbered from 0 here and moved behind the town's at the end."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self._people, self.kinds = count(), list[PlaceKind]()
        self.size = 0
        self.stays: dict[int, list[CastStay]] = {}
        self.cases: list[PlantedCase] = []
        self.meetings: list[Meeting] = []
        self.misses: list[tuple[int, str]] = []
        self.abroad: list[tuple[int, int]] = []

    # --- people, places, stays ---------------------------------------------------------------------------------------

    def _person(self) -> int:
        self.size += 1
        person = next(self._people)
        self.stays[person] = []
        return person

    def _place(self, kind: PlaceKind) -> int:
        self.kinds.append(kind)
        return len(self.kinds) - 1

    def _stay(self, person: int, place: int, day: int, hours: tuple[float, float], *spot: int) -> CastStay:
        start, end = (int(START + day * DAY_S + hour * HOUR_S) for hour in hours)
        stay = CastStay(person, place, self.kinds[place], start, end, *spot)
        self.stays[person].append(stay)
        return stay

    def _free(self, person: int, day: int, hours: tuple[float, float]) -> bool:
        start, end = (START + day * DAY_S + hour * HOUR_S for hour in hours)
        return all(stay.end_s <= start or end <= stay.start_s for stay in self.stays[person])

    # --- scenes ------------------------------------------------------------------------------------------------------

    def enter_case(self, number: int, part: Part) -> None:
        """The case, its dwelling and those who live in it; one of them works with three people the day before the anchor."""
        person, home = self._person(), self._place(PlaceKind.DWELLING)
        anchor, care_at = (
            Instant(int(START + day * DAY_S + hour * HOUR_S))
            for day, hour in ((part.onset_day, 0), (part.care_day, part.care_h))
        )
        self.cases.append(PlantedCase(person, anchor, part.asymptomatic, care_at))
        away = [(s.day * 24 + s.from_h, s.day * 24 + s.to_h) for s in SCENES if s.case == number]
        members = [self._person() for _ in range(part.household)]
        for day in range(DAYS):
            theirs = [self._stay(member, home, day, _NIGHT) for member in members]
            night = (day * 24 + _NIGHT[0], day * 24 + _NIGHT[1])
            if day < part.care_day and all(end <= night[0] or night[1] <= start for start, end in away):
                own = self._stay(person, home, day, _NIGHT)
                self._meet(number, None, own, theirs, (Grade.CLOSE, "household"))
        for member in members[:1]:
            self._ring(number, member, part.onset_day - 2, (3, PlaceKind.OFFICE))

    def play(self, scene: Scene) -> None:
        """The case's stay at a place of its own, and the groups around it."""
        case, place = self.cases[scene.case], self._place(scene.kind)
        own = self._stay(case.person, place, scene.day, (scene.from_h, scene.to_h), scene.zone, scene.row)
        for group in scene.groups:
            there = [self._person() for _ in range(group.size)]
            hours = (group.from_h, group.to_h)
            theirs = [self._stay(person, place, scene.day, hours, group.zone, group.row) for person in there]
            grade = group.grade
            if grade is None:
                self.misses += [(person, group.why) for person in there]
                late = own.zone == group.zone and own.end_s <= theirs[0].start_s
                grade = _LATE.get(scene.kind, Grade.CLOSE) if late else None
            if grade is not None:
                self._meet(scene.case, None, own, theirs, (grade, group.why))
            for person in there:
                self._at_home(scene.case, person, group.family, grade)
                self.abroad += [(person, later) for later in range(scene.day + 1, DAYS)]
            if group.ring:
                self._ring(scene.case, there[0], scene.day, (group.ring, group.ring_at))

    def _at_home(self, case: int, person: int, family: int, grade: Grade | None) -> None:
        """Nights in an own dwelling, with the family."""
        home = self._place(PlaceKind.DWELLING)
        members = [self._person() for _ in range(family)]
        for night in range(DAYS):
            theirs = [self._stay(member, home, night, _NIGHT) for member in members]
            if self._free(person, night, _NIGHT):
                own = self._stay(person, home, night, _NIGHT)
                if grade is Grade.CLOSE:
                    self._meet(case, person, own, theirs, (Grade.SECONDARY, "family of a close contact"))

    def _ring(self, case: int, person: int, day: int, ring: tuple[int, PlaceKind]) -> None:
        """Colleagues of the day after, who count, and of the day before, who do not unless the contact was earlier still."""
        size, kind = ring
        place = self._place(kind)
        for on, people in ((day - 1, 2), (day + 1, size)):
            others = [self._person() for _ in range(people)]
            theirs = [self._stay(other, place, on, _AFTERNOON) for other in others]
            own = self._stay(person, place, on, (_AFTERNOON[0] - 0.5, _AFTERNOON[1] - 0.25))
            self._meet(case, person, own, theirs, (Grade.SECONDARY, "colleague of a close contact"))

    def _meet(
        self, case: int, via: int | None, own: CastStay, theirs: Iterable[CastStay], what: tuple[Grade, str]
    ) -> None:
        grade, why = what
        self.meetings += [Meeting(case, via, own, other, grade, why) for other in theirs]

    # --- among the others --------------------------------------------------------------------------------------------

    def mingle(self, town: Town) -> None:
        """Cases outdoors in their windows and at the largest hub before them; close contacts on errands among the crowd."""
        self.town_stays: list[CastStay] = []
        hub, outdoor, shop = (int(town.kind_first[kind]) for kind in (HUB, OUTDOOR, SHOP))
        for case in self.cases:
            anchor, care = ((moment - START) // DAY_S for moment in (case.anchor, case.care_at))
            for day in range(anchor - _BEFORE_WINDOWS + 1, care):
                self._among(case.person, outdoor + int(self.rng.integers(20)), PlaceKind.OUTDOOR, day, _OUTDOORS)
            self._among(case.person, hub, PlaceKind.STATION, anchor - _BEFORE_WINDOWS, (12.0, 13.0))
        for person, day in self.abroad:
            to_hub = self.rng.random() < 0.5
            place = hub if to_hub else shop + int(self.rng.integers(50))
            self._among(person, place, PlaceKind.STATION if to_hub else PlaceKind.SHOP, day, _ERRAND)

    def _among(self, person: int, place: int, kind: PlaceKind, day: int, hours: tuple[float, float]) -> None:
        if self._free(person, day, hours):
            start, end = (int(START + day * DAY_S + hour * HOUR_S) for hour in hours)
            self.town_stays.append(CastStay(person, place, kind, start, end))

    def county(self, town: Town, seed: int) -> County:
        """Everything, with cast persons and places numbered behind the town's."""
        people, places = town.plan.persons, town.places

        def moved(stay: CastStay) -> CastStay:
            return stay._replace(person=people + stay.person, place=places + stay.place)

        own = [moved(stay) for person in sorted(self.stays) for stay in self.stays[person]]
        own += [stay._replace(person=people + stay.person) for stay in self.town_stays]
        return County(
            town=town,
            rng_seed=seed,
            cast=tuple(sorted(own, key=lambda stay: (stay.person, stay.start_s))),
            cast_kinds=tuple(self.kinds),
            persons=people + self.size,
            cases=tuple(case._replace(person=people + case.person) for case in self.cases),
            meetings=tuple(
                met._replace(
                    via=None if met.via is None else people + met.via, own=moved(met.own), other=moved(met.other)
                )
                for met in self.meetings
            ),
            misses=tuple((people + person, why) for person, why in self.misses),
        )


_LATE = dict.fromkeys((PlaceKind.SHOP, PlaceKind.MARKET, PlaceKind.STATION, PlaceKind.THEATRE), Grade.GENERAL)
"""What an arrival after the case would be at such a place under a rule with a lag; elsewhere a close contact."""
