"""Invented dossiers for properties: facts of every kind a person's timeline rests on, in July to September 2021."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sizao.facts.kinds import (
    Admitted,
    Attendance,
    CaseClass,
    CaseNotice,
    CodeSeen,
    Confirmed,
    Correction,
    DataClass,
    Disclosure,
    Exposure,
    Fact,
    FactId,
    FeedSeen,
    Grade,
    How,
    LeaveRecorded,
    Left,
    Listed,
    Order,
    Registered,
    Released,
    Reported,
    Result,
    RuleOnFile,
    Setting,
    SubjectId,
    Symptom,
    Test,
    TestRefused,
    Tip,
    Told,
    TripChanged,
    TripDecided,
    TripRequested,
    TripReturned,
)
from sizao.policy.book import PolicyBook
from sizao.when import DAY_S, HOUR_S, OPEN, Instant
from tests.rules.people import CASE, LUOYANG, ME, TRACER, when

START = when("2021-07-10")
KNOWN = when("2022-06-01")
BOOKS = {
    "luoyang": PolicyBook.load(("cn-covid19-8", "henan-2021-07", "officials-cn", "authority-cn", "safeguards")),
    "demo": PolicyBook.load(("demo-county",)),
    "bare": PolicyBook.load(("cn-covid19-8", "safeguards")),
}
AREAS = {"luoyang": LUOYANG, "demo": "999901", "bare": "411702"}
CASES = (CASE, SubjectId("person:病例乙"))

moments = st.integers(0, 60 * 24).map(lambda hours: Instant(START + hours * HOUR_S))
delays = st.sampled_from((0, 0, 0, HOUR_S, 5 * HOUR_S, 2 * DAY_S, 20 * DAY_S))
names = st.sampled_from([FactId(f"f{number}") for number in range(14)])
settings_ = st.sampled_from(list(Setting))


def _of(kind: type[Fact], data_class: DataClass, **fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"kind": st.just(kind), "data_class": st.just(data_class), **fields})


@st.composite
def _exposures(draw: st.DrawFn) -> dict[str, Any]:
    last = draw(moments)
    how = draw(st.sampled_from(list(How)))
    grade = draw(st.sampled_from((Grade.CLOSE, Grade.CLOSE, Grade.SECONDARY, Grade.GENERAL, Grade.EXPOSED_VENUE)))
    return {
        "kind": Exposure, "data_class": DataClass.HEALTH, "case": draw(st.sampled_from(CASES)), "how": how, "grade": grade,
        "first": Instant(last - draw(st.integers(0, 48)) * HOUR_S), "last": last, "at": last,
        "by": None if how is How.MATCHED else draw(st.sampled_from((TRACER, TRACER, ""))),
        "via": SubjectId("person:密接") if grade is Grade.SECONDARY else None,
        "place_kind": draw(st.sampled_from((None, "theatre", "isolation_site"))),
    }  # fmt: skip


@st.composite
def _spans(draw: st.DrawFn, /, kind: type[Fact], data_class: DataClass, **fields: Any) -> dict[str, Any]:
    start = draw(moments)
    until = draw(st.sampled_from((Instant(start + draw(st.integers(1, 40)) * DAY_S), OPEN)))
    end = {"until": until} if kind is Order else {"end": until}
    drawn = {name: draw(value) if isinstance(value, st.SearchStrategy) else value for name, value in fields.items()}
    return {"kind": kind, "data_class": data_class, "start": start, "at": start, **end, **drawn}


def _rows() -> st.SearchStrategy[dict[str, Any]]:
    health, control, work, given = DataClass.HEALTH, DataClass.CONTROL, DataClass.WORK, DataClass.GIVEN
    colours = st.sampled_from(("red", "yellow", "green", "金"))
    orders = st.sampled_from(("central_isolation", "home_isolation", "health_monitoring", "extension", "别的"))
    whats = st.sampled_from(
        (
            "code",
            "contact",
            "verified",
            "case_reported",
            "request_received",
            "person_located",
            "explanation",
            "challenge",
            "轶事",
        )
    )
    tellings = st.sampled_from(("contact", "code", "discharge", "freed", "explain-absence", "challenge-answer"))
    return st.one_of(
        _exposures(), _exposures(), _exposures(),
        _of(Confirmed, health, exposure=names, by=st.sampled_from((TRACER, TRACER, ""))),
        _of(Told, health, what=tellings, about=st.none() | names, channel=st.just("phone"), by=st.just("复核员己")),
        _of(Test, health, sample=st.sampled_from("abcdef"), result=st.sampled_from(list(Result)), pooled=st.booleans()),
        _of(TestRefused, health, witness=st.just("见证人丁")),
        _of(CaseNotice, health, case_class=st.sampled_from(list(CaseClass)), disease=st.sampled_from(("covid19", "measles")),
            reporting_area=st.sampled_from((LUOYANG, "2102")), reported_by=st.none() | st.just("hospital 1")),
        _of(Admitted, health, setting=settings_, place=st.just("site:1")),
        _of(Left, health, place=st.just("site:1")),
        _of(Released, health, setting=settings_, by=st.just("area")),
        _of(Symptom, health, symptom=st.sampled_from(("fever", "rash"))),
        _of(CodeSeen, health, colour=colours, system=st.just("province"), cause=st.none() | st.just("匹配")),
        _of(Listed, control, list=st.just("l"), why=st.just("w")),
        _of(Tip, health, says=st.just("s"), by=st.just("b")),
        _of(Reported, given, what=whats, to=st.sampled_from(("unit", "community", "network")), about=st.none() | names),
        _of(Registered, given, area=st.just(LUOYANG), until=st.just(OPEN) | moments),
        _of(FeedSeen, DataClass.PUBLIC, feed=st.sampled_from(("tests", "cases", "exposures")), complete_to=moments),
        _of(Attendance, work, present=st.booleans()),
        _of(RuleOnFile, work, rule=st.sampled_from(("leave", "report-code", "trip")), made_known=st.sampled_from(("signed", ""))),
        _of(TripDecided, work, trip=st.just("t"), granted=st.booleans(), by=st.just("干部丙"), reasons=st.just("r")),
        _of(TripChanged, given, trip=st.just("t"), end=st.none() | moments),
        _of(TripReturned, given, trip=st.just("t")),
        _of(Disclosure, control, items=st.lists(names, max_size=3).map(tuple), article=st.just("a"), necessity=st.just("n"),
            requester=st.just("r"), approver=st.just("p")),
        _of(Correction, health, corrects=names, replacement=st.none() | names, why=st.just("w")),
        _spans(Order, control, orders=orders, body=st.sampled_from(("cdc", "county_government", "")), officer="戊", article="40",
               reasons="r"),
        _spans(LeaveRecorded, work, leave="ordinary"),
        _spans(TripRequested, given, trip="t", destinations=("44",), reason="出差"),
    )  # fmt: skip


@st.composite
def facts_about(draw: st.DrawFn, least: int = 0) -> list[Fact]:
    """Up to fourteen facts about one person; some name each other."""
    facts: list[Fact] = []
    for number, row in enumerate(draw(st.lists(_rows(), min_size=least, max_size=14))):
        kind = row.pop("kind")
        moment = row.pop("at", None)
        moment = draw(moments) if moment is None else moment
        if kind is Test and row["result"] is not Result.PENDING:
            row["resulted_at"] = Instant(moment + 6 * HOUR_S)
        facts.append(
            kind(
                id=FactId(f"f{number}"), subject=ME, at=moment, recorded_at=Instant(moment + draw(delays)), source="test",
                recorder="test", basis="test", **row,
            )
        )  # fmt: skip
    return facts
