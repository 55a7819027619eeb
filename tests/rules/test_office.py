"""Between a person, the unit and the community: reporting a colour, absence, relaying, trips; always by a rule on file."""

from __future__ import annotations

from typing import Any

import pytest

from sizao.facts.kinds import (
    Attendance,
    CodeSeen,
    DataClass,
    Fact,
    LeaveRecorded,
    Reported,
    Result,
    RuleOnFile,
    TripChanged,
    TripDecided,
    TripRequested,
    TripReturned,
)
from sizao.rules.reasons import facts_of
from sizao.rules.timeline import State, Timeline
from sizao.when import OPEN
from tests.rules.people import ZHUMADIAN, book, concluded, duties, fact, findings, sampled, states, told, when

RULES = ("officials-cn", "safeguards")
SEEN = fact(CodeSeen, "s", "2021-07-29 09:00", colour="yellow", system="province")
SHOWN = told("t", "2021-07-29 09:05", "code", about="s")


def on_file(rule: str, **values: Any) -> RuleOnFile:
    """A rule the unit made known at the start of the year."""
    made: RuleOnFile = fact(
        RuleOnFile, f"rule-{rule}", "2021-01-01", rule=rule, **({"made_known": "signed-for"} | values)
    )
    return made


def office(*facts: Fact, area: str = ZHUMADIAN, known: str = "2023-01-01") -> Timeline:
    """What follows where the officials' pack is the only one."""
    return concluded(*facts, rules=book(*RULES), area=area, known=known)


# --- a colour seen ------------------------------------------------------------------------------------------------------


def test_a_colour_is_reported_from_when_it_was_shown_to_each_receiver_the_rule_names() -> None:
    timeline = office(SEEN, SHOWN, on_file("report-code"))
    assert {duty.code for duty in timeline.duties} >= {"report-code-community", "report-code-unit"}
    (unit,) = duties(timeline, "report-code-unit")
    assert (unit.since, unit.due, unit.owed_to) == (when("2021-07-29 09:05"), None, "unit")
    assert {"s", "t", "rule-report-code"} == set(facts_of(unit.reason))


def test_where_the_rule_gives_no_hour_a_report_is_never_called_overdue() -> None:
    timeline = office(SEEN, SHOWN, on_file("report-code"))
    assert states(timeline, "report-code-unit", "2022-12-31") == [State.DUE]


def test_a_report_before_the_colour_was_shown_meets_nothing() -> None:
    early = fact(Reported, "r", "2021-07-29 08:00", what="code", to="unit")
    late = fact(Reported, "r2", "2021-07-29 10:00", what="code", to="unit")
    assert states(office(SEEN, SHOWN, on_file("report-code"), early), "report-code-unit", "2021-07-30") == [State.DUE]
    assert states(office(SEEN, SHOWN, on_file("report-code"), late), "report-code-unit", "2021-07-30") == [State.MET]


def test_without_a_rule_there_is_no_duty_and_the_screen_says_so() -> None:
    timeline = office(SEEN, SHOWN)
    assert findings(timeline) == ["no-rule-on-file"]
    assert [duty.code for duty in timeline.duties if duty.holder == "person"] == []


@pytest.mark.parametrize("values", [{"made_known": ""}, {"until": when("2021-07-29")}])
def test_a_rule_that_nobody_was_told_of_or_that_has_ended_is_not_on_file(values: dict[str, Any]) -> None:
    assert findings(office(SEEN, SHOWN, on_file("report-code", **values))) == ["no-rule-on-file"]


def test_without_proof_that_it_was_seen_no_duty_begins() -> None:
    assert findings(office(SEEN, on_file("report-code"))) == ["not-told"]


def test_what_the_unit_made_known_adds_itself_to_what_the_area_asks() -> None:
    timeline = office(SEEN, SHOWN, on_file("report-code"), area="430802")
    assert [duty.code for duty in timeline.duties if duty.holder == "person"] == [
        "report-code-community",
        "report-code-unit",
    ]


# --- absence ------------------------------------------------------------------------------------------------------------

AWAY = fact(Attendance, "a", "2021-07-27 08:00", present=False, data_class=DataClass.WORK)


def test_an_absence_without_leave_asks_and_accuses_nobody() -> None:
    timeline = office(AWAY, on_file("leave"))
    assert findings(timeline) == ["absence-without-leave"]
    assert [duty.code for duty in timeline.duties] == ["ask-explanation"]


@pytest.mark.parametrize(
    "excuse",
    [
        fact(LeaveRecorded, "l", "2021-07-01", start=when("2021-07-25"), end=when("2021-07-28"), leave="ordinary"),
        fact(Attendance, "p", "2021-07-27 10:00", present=True),
    ],
    ids=["leave", "came later"],
)
def test_leave_or_coming_later_the_same_day_excuses(excuse: Fact) -> None:
    timeline = office(AWAY, on_file("leave"), excuse)
    assert (timeline.duties, timeline.findings) == ((), ())


def test_leave_that_ends_as_the_day_begins_does_not_cover_it() -> None:
    leave = fact(LeaveRecorded, "l", "2021-07-01", start=when("2021-07-11"), end=when("2021-07-27"), leave="ordinary")
    assert findings(office(AWAY, on_file("leave"), leave)) == ["absence-without-leave"]


def test_an_explanation_answers_the_absence_it_is_about() -> None:
    other = fact(Attendance, "b", "2021-07-28 08:00", present=False)
    asked = [told(f"q{one}", "2021-07-29 09:00", "explain-absence", about=one) for one in "ab"]
    said = fact(Reported, "e", "2021-07-29 12:00", what="explanation", to="unit", about="a")
    timeline = office(AWAY, other, on_file("leave"), *asked, said)
    assert [duty.met_by for duty in duties(timeline, "explain-absence")] == ["e", None]


# --- relaying -----------------------------------------------------------------------------------------------------------


def test_a_unit_relays_what_concerns_epidemic_control_where_a_rule_says_so_and_nothing_else() -> None:
    report = fact(Reported, "r", "2021-08-05 09:00", what="code", to="unit")
    private = fact(Reported, "p", "2021-08-05 09:00", what="explanation", to="unit")
    assert duties(office(report, private), "relay-report")[0].reason.facts == ("r",)
    assert len(duties(office(report, private), "relay-report")) == 1
    assert duties(office(report, area="410302"), "relay-report") == []
    both = office(report, fact(Reported, "c", "2021-08-05 12:00", what="code", to="community"))
    assert states(both, "relay-report", "2021-08-06") == [State.MET]


# --- trips --------------------------------------------------------------------------------------------------------------

XIANGXIANG = "430381"


def trip(**values: Any) -> TripRequested:
    """Five days away, asked for five days ahead."""
    given: dict[str, Any] = {
        "trip": "t", "start": when("2022-03-20"), "end": when("2022-03-25 12:00"), "destinations": ("44",), "reason": "出差",
    }  # fmt: skip
    made: TripRequested = fact(TripRequested, "q", "2022-03-15", **(given | values))
    return made


GRANTED = fact(TripDecided, "d", "2022-03-16", trip="t", granted=True, by="干部丙", reasons="同意")
BACK = fact(TripReturned, "b", "2022-03-25 12:00", trip="t")


def test_a_trip_is_decided_before_it_begins_where_a_rule_is_on_file() -> None:
    assert office(trip()).duties == ()
    timeline = office(trip(), on_file("trip"))
    (decide,) = duties(timeline, "decide-trip")
    assert (decide.since, decide.due, decide.holder) == (when("2022-03-15"), when("2022-03-20"), "unit")


def test_a_trip_that_was_refused_asks_for_no_return() -> None:
    refused = fact(TripDecided, "d", "2022-03-16", trip="t", granted=False, by="干部丙", reasons="高风险")
    assert [duty.code for duty in office(trip(), refused, on_file("trip")).duties] == ["decide-trip"]


def test_the_return_is_owed_from_the_end_as_last_changed() -> None:
    changed = fact(TripChanged, "c", "2022-03-22", trip="t", end=when("2022-03-27"))
    timeline = office(trip(), GRANTED, changed, on_file("trip"))
    assert duties(timeline, "report-return")[0].since == when("2022-03-27")


def test_a_trip_without_an_end_owes_its_return_only_once_there_is_one() -> None:
    endless = trip(end=OPEN)
    assert [duty.code for duty in office(endless, GRANTED, area=XIANGXIANG).duties] == ["decide-trip"]
    back = office(endless, GRANTED, BACK, area=XIANGXIANG)
    assert states(back, "report-return", "2022-03-26") == [State.MET]
    assert duties(back, "report-before-return") == []


def test_a_pack_of_the_area_asks_for_a_report_before_the_return_by_its_own_day() -> None:
    timeline = office(trip(), GRANTED, BACK, area=XIANGXIANG)
    (before,) = duties(timeline, "report-before-return")
    assert before.due == when("2022-03-24 12:00")
    assert states(timeline, "report-return", "2022-03-26") == [State.MET]
    early = trip(start=when("2022-03-01"), end=when("2022-03-05"))
    old = office(fact(TripRequested, "q", "2022-02-20", **_fields(early)), GRANTED, area=XIANGXIANG)
    assert old.duties == ()


def _fields(asked: TripRequested) -> dict[str, Any]:
    return {name: getattr(asked, name) for name in ("trip", "start", "end", "destinations", "reason")}


def test_templates_bind_only_who_adopted_them() -> None:
    rules = book("demo-county")
    facts = (trip(start=when("2022-03-17")), GRANTED, BACK)
    timeline = concluded(*facts, rules=rules, area="999901")
    assert states(timeline, "request-trip", "2022-03-17") == [State.MET_LATE]
    assert {duty.owed_to for duty in duties(timeline, "report-return")} == {"community", "unit"}


def test_coming_back_later_than_granted_without_saying_so_is_a_finding() -> None:
    rules = book("demo-county")
    late = fact(TripReturned, "b", "2022-03-27 12:00", trip="t")
    changed = fact(TripChanged, "c", "2022-03-24", trip="t", end=when("2022-03-27 12:00"))
    assert findings(concluded(trip(), GRANTED, late, rules=rules, area="999901")) == ["change-not-reported"]
    assert findings(concluded(trip(), GRANTED, late, changed, rules=rules, area="999901")) == []


def test_a_negative_test_on_return_is_owed_where_and_while_the_rule_holds() -> None:
    asked = fact(
        TripRequested, "q", "2021-08-14", **_fields(trip(start=when("2021-08-15"), end=when("2021-08-20 12:00")))
    )
    granted = fact(TripDecided, "d", "2021-08-14", trip="t", granted=True, by="干部丙", reasons="同意")
    fresh, stale = sampled("n", "2021-08-19 09:00"), sampled("n", "2021-08-18 11:00")
    positive = sampled("n", "2021-08-19 09:00", Result.POSITIVE)
    zhengzhou = "410102"
    for test, state in ((fresh, State.MET), (stale, State.OVERDUE), (positive, State.OVERDUE)):
        timeline = office(asked, granted, test, area=zhengzhou)
        assert states(timeline, "test-before-return", "2021-08-21") == [state]
    assert duties(office(asked, granted, fresh, area=ZHUMADIAN), "test-before-return") == []
