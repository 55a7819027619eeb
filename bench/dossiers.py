"""How many dossiers one core concludes in a second, in a stated mix, and whether twice as many take twice as long.

The mix stands in `MIX`: close contacts, secondary contacts with their close contact upstream, general contacts, travellers and
cases; 12 facts each, about 8 duties on average (counted and reported with the result). Sentences are not rendered: they are made
when somebody reads.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from statistics import mean, median
from typing import Any

from sizao.facts.kinds import (
    Admitted,
    Attendance,
    CaseClass,
    CaseNotice,
    CodeSeen,
    Confirmed,
    DataClass,
    Exposure,
    Fact,
    FactId,
    FeedSeen,
    Grade,
    How,
    LeaveRecorded,
    Order,
    Registered,
    Released,
    Reported,
    Result,
    RuleOnFile,
    Setting,
    Stay,
    SubjectId,
    Symptom,
    Test,
    Told,
    TripDecided,
    TripRequested,
    TripReturned,
)
from sizao.policy.book import PolicyBook
from sizao.rules.conclude import conclude
from sizao.rules.dossier import Dossier
from sizao.when import DAY_S, HOUR_S, Instant

AREA = "999901"
FIRST = Instant(1_627_056_000)
"""24 July 2021, local midnight: the day of the earliest exposures."""

SPREAD_DAYS = 20
KNOWN_AT = Instant(FIRST + 45 * DAY_S)
COUNTS = (5_000, 10_000, 20_000, 40_000)
RUNS = 3

Make = Callable[..., Fact]


class _Writer:
    """Writes the facts of one person; `day` 0 is the day of the exposure, hours count from its local midnight."""

    def __init__(self, person: str, day0: Instant) -> None:
        self.subject, self._day0 = SubjectId(person), day0
        self.facts: list[Fact] = []

    def at(self, day: int, hour: float = 9) -> Instant:
        return Instant(int(self._day0 + day * DAY_S + hour * HOUR_S))

    def write(self, kind: Make, day: int, hour: float = 9, **fields: Any) -> FactId:
        name = FactId(f"{self.subject}-{len(self.facts)}")
        common: dict[str, Any] = {
            "subject": self.subject, "at": self.at(day, hour), "recorded_at": self.at(day, hour + 1), "source": "bench",
            "recorder": "bench", "basis": "bench", "data_class": DataClass.HEALTH,
        }  # fmt: skip
        self.facts.append(kind(id=name, **(common | fields)))
        return name

    def contact(self, grade: Grade, via: str | None = None) -> None:
        """Matched, confirmed, told: what every contact's dossier begins with."""
        self.write(Registered, -400, area=AREA)
        exposed = self.write(
            Exposure, 0, 12, recorded_at=self.at(1, 8), case=SubjectId("person:case"), how=How.MATCHED, grade=grade,
            first=self.at(0, 12), last=self.at(0, 13), minutes=60, rule="close", stays=((1, 2),),
            via=None if via is None else SubjectId(via),
        )  # fmt: skip
        self.write(Confirmed, 1, 10, exposure=exposed, by="tracer 7")
        self.write(Told, 1, 11, what="contact", about=exposed, channel="phone", by="tracer 7", proof="call 12")

    def isolated(self, grade: str, days: int) -> None:
        """An order, and the reception."""
        order = self.write(
            Order, 1, 11.5, orders="central_isolation", start=self.at(1, 11.5), until=self.at(days), body="county command",
            officer="officer 3", article="39", reasons=grade,
        )  # fmt: skip
        self.write(Admitted, 1, 15, setting=Setting.CENTRAL, place="site:1", order=order)

    def tests(self, *days: int, result: Result = Result.NEGATIVE) -> None:
        """A test on each of these days."""
        for day in days:
            self.write(Test, day, 10, sample=f"{self.subject}-{day}", result=result, resulted_at=self.at(day, 16))


def close(writer: _Writer) -> None:
    writer.contact(Grade.CLOSE)
    writer.isolated("close", 15)
    writer.tests(1, 4, 7, 14, 16)
    writer.write(Released, 15, 9, setting=Setting.CENTRAL, by="site 1")


def secondary(writer: _Writer) -> None:
    writer.contact(Grade.SECONDARY, via="person:upstream")
    writer.isolated("secondary", 8)
    writer.tests(1, 4, 7)
    writer.write(Released, 8, 9, setting=Setting.CENTRAL, by="site 1")
    writer.write(Stay, -1, 18, place="dwelling:9", place_kind="dwelling", end=writer.at(0, 7))
    writer.write(FeedSeen, 9, 8, feed="tests", complete_to=writer.at(9, 8))


def general(writer: _Writer) -> None:
    writer.contact(Grade.GENERAL)
    writer.tests(1, 3, 5)
    writer.write(CodeSeen, 1, 7, colour="yellow", system="province")
    writer.write(
        Told, 1, 7.5, what="code", about=FactId(f"{writer.subject}-7"), channel="app", by="system", proof="receipt"
    )
    writer.write(Reported, 1, 12, what="code", to="community", receipt="r1")
    writer.write(Reported, 1, 12.5, what="code", to="unit", receipt="r2")
    writer.write(FeedSeen, 9, 8, feed="tests", complete_to=writer.at(9, 8))


def traveller(writer: _Writer) -> None:
    writer.write(Registered, -400, area=AREA)
    writer.write(RuleOnFile, -30, rule="leave", made_known="notice board")
    writer.write(LeaveRecorded, -6, start=writer.at(-6), end=writer.at(0), leave="ordinary")
    writer.write(
        TripRequested, -8, trip="t", start=writer.at(-6), end=writer.at(0), destinations=("320100",), reason="family"
    )
    writer.write(TripDecided, -7, trip="t", granted=True, by="head of unit", reasons="no risk area")
    writer.write(CodeSeen, -1, 7, colour="yellow", system="province")
    writer.write(
        Told, -1, 7.5, what="code", about=FactId(f"{writer.subject}-5"), channel="app", by="system", proof="receipt"
    )
    writer.write(Reported, -1, 9, what="code", to="community", receipt="r1")
    writer.write(Reported, -1, 9.5, what="code", to="unit", receipt="r2")
    writer.write(TripReturned, 0, 8, trip="t")
    writer.write(Attendance, 1, 8, present=True)
    writer.write(Test, 1, 10, sample=f"{writer.subject}-t", result=Result.NEGATIVE, resulted_at=writer.at(1, 16))


def case(writer: _Writer) -> None:
    writer.write(Registered, -400, area=AREA)
    writer.write(Symptom, -1, 8, symptom="fever")
    writer.tests(0, result=Result.POSITIVE)
    writer.write(
        CaseNotice, 0, 17, case_class=CaseClass.CONFIRMED, disease="covid19", onset=writer.at(-1, 8),
        positive_sampled_at=writer.at(0, 10), reporting_area=AREA,
    )  # fmt: skip
    for hour, event in enumerate(("case_reported", "report_received", "report_confirmed", "track_surveyed")):
        writer.write(Reported, 0, 18 + hour / 2, what=event, to="network")
    writer.write(Admitted, 0, 21, setting=Setting.HOSPITAL, place="ward:1")
    writer.tests(12, 13)
    writer.write(Released, 14, 9, setting=Setting.HOSPITAL, by="hospital 1")


MIX: tuple[tuple[Callable[[_Writer], None], int], ...] = (
    (close, 45), (secondary, 20), (general, 15), (traveller, 15), (case, 5),
)  # fmt: skip
"""Shares of a hundred."""


def dossiers(count: int) -> list[Dossier]:
    """So many dossiers in the mix of `MIX`, exposures spread over `SPREAD_DAYS` days; the same every time."""
    pattern = [build for build, share in MIX for _ in range(share)]
    made = []
    for number in range(count):
        build = pattern[number * 37 % 100]
        day0 = Instant(FIRST + number * 7 % SPREAD_DAYS * DAY_S)
        writer = _Writer(f"person:d{number}", day0)
        build(writer)
        upstream = (_upstream(day0),) if build is secondary else ()
        made.append(Dossier(writer.subject, tuple(writer.facts), AREA, upstream))
    return made


def _upstream(day0: Instant) -> Dossier:
    writer = _Writer("person:upstream", Instant(day0 - DAY_S))
    close(writer)
    return Dossier(writer.subject, tuple(writer.facts), AREA)


def book() -> PolicyBook:
    """The rules of the made-up county."""
    return PolicyBook.load(("demo-county",))


def measure(size: str) -> list[dict[str, Any]]:
    """One row: the rate at the largest number, with what was in a dossier and the rate at each number."""
    rules = book()
    counts = COUNTS if size != "XS" else (50, 100)
    rates: dict[int, float] = {}
    made: list[Dossier] = []
    seconds: list[float] = []
    for count in counts:
        made = dossiers(count)
        seconds = [_timed(partial(_conclude_all, made, rules)) for _ in range(RUNS)]
        rates[count] = count / median(seconds)
    facts = mean(len(dossier.facts) for dossier in made[:1000])
    duties = mean(len(conclude(dossier, rules, known_at=KNOWN_AT).duties) for dossier in made[:1000])
    told = ", ".join(f"{count:,}: {rate:,.0f}/s" for count, rate in rates.items())
    return [
        {
            "work": "dossiers", "median_s": median(seconds), "min_s": min(seconds), "runs": RUNS,
            "value": rates[counts[-1]], "unit": "dossiers/s on one core",
            "note": f"{facts:.1f} facts and {duties:.1f} duties each; {told}",
        }
    ]  # fmt: skip


def _conclude_all(made: list[Dossier], rules: PolicyBook) -> None:
    for dossier in made:
        conclude(dossier, rules, known_at=KNOWN_AT)


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
