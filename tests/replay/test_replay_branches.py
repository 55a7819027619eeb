"""What comes out of each branch: who is told when, which duties follow, what a unit can prove, and nothing that was typed in."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from sizao.facts.kinds import Confirmed, Exposure, FactId, Grade, How, Order, Test, Told
from sizao.replay import Branch, Cell, Reading, Sampled, Switches, founding_facts, run
from sizao.replay.choices import all_switches
from sizao.replay.founding import COMPANY_SAYS, Provenance, provenance
from sizao.replay.moments import Hours, span_of
from sizao.replay.questions import code_cause, unit_view
from sizao.replay.tables import Before, RuleKind, Seen
from sizao.rules.timeline import State
from sizao.when import parse_instant

REPLAY = run()
SIZAO = (Branch.DECLARED, Branch.UNDECLARED, Branch.ITINERARY)


def cell(branch: Branch, reading: Reading, *, theatre: bool = True, rules: bool = True) -> Cell:
    switches = Switches(sampled=Sampled.JULY_26, in_theatre=theatre, rules_on_file=rules)
    return REPLAY.cell(branch, reading, switches)


def codes(of: Cell) -> set[str]:
    return {row.code for row in of.rows}


# --- as it happened ---------------------------------------------------------------------------------------------------


def test_every_branch_is_concluded_under_every_reading_and_switch() -> None:
    wanted = set(product(Branch, Reading, all_switches()))
    assert {(each.branch, each.reading, each.switches) for each in REPLAY.cells} == wanted
    assert len(REPLAY.cells) == len(wanted)


def test_one_branch_alone_is_what_it_is_among_all() -> None:
    for branch in Branch:
        assert run(branch).cells == tuple(each for each in REPLAY.cells if each.branch is branch)


@pytest.mark.parametrize("reading", [Reading.TWO_DAYS, Reading.FOUR_DAYS])
def test_as_it_happened_no_reading_of_the_window_found_him(reading: Reading) -> None:
    found = cell(Branch.AS_HAPPENED, reading)
    assert found.timeline.grades == ()
    assert found.asked.at is None
    assert found.contact.at is None


@pytest.mark.parametrize("reading", list(Reading))
def test_the_tour_company_is_verified_and_is_no_ground_and_orders_nothing(reading: Reading) -> None:
    found = cell(Branch.AS_HAPPENED, reading, theatre=False)
    verify = found.duty("verify-told")
    assert verify is not None
    assert (verify.holder, verify.due, verify.reason.facts) == ("tracing_team", None, (COMPANY_SAYS,))
    assert verify.since == span_of(parse_instant("2021-07-28T12:00:00+08:00"))
    assert found.timeline.grades == ()
    assert {span.standing for span in found.timeline.standings} == {"unknown"}
    assert "stay-in-isolation" not in codes(found)
    assert found.ordered is False


def test_what_was_advised_never_counts_as_being_told_by_an_office() -> None:
    found = cell(Branch.AS_HAPPENED, Reading.JUDGEMENT)
    told = found.duty("tell-contact")
    assert told is not None
    assert told.met is None
    assert "stay-in-isolation" not in codes(found)


def test_as_it_happened_the_judgement_binds_offices_before_it_binds_him() -> None:
    found = cell(Branch.AS_HAPPENED, Reading.JUDGEMENT)
    isolate = found.duty("isolate-contact")
    assert isolate is not None
    assert (isolate.holder, isolate.rule.kind) == ("area", RuleKind.CLAUSE)
    assert isolate.due is not None
    assert isolate.overdue_since == isolate.due
    assert (isolate.due.first - isolate.since.first, isolate.due.last - isolate.since.last) == (12 * 3600, 12 * 3600)


# --- the reporting and leave rules ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("branch", "reading"), list(product(Branch, Reading)))
def test_without_a_rule_on_file_there_is_no_duty_and_the_answer_says_so(branch: Branch, reading: Reading) -> None:
    found = cell(branch, reading, rules=False)
    gone = {"report-code-community", "report-code-unit", "ask-explanation", "explain-absence", "decide-trip"}
    assert codes(found) & gone == set()
    assert {(each.code, each.about) for each in found.findings} == {
        ("no-rule-on-file", "n06-yellow-code"),
        ("no-rule-on-file", "a07-absent"),
    }


def test_the_duty_to_report_the_code_has_no_hour_so_it_is_never_called_overdue() -> None:
    for code in ("report-code-community", "report-code-unit"):
        row = cell(Branch.AS_HAPPENED, Reading.TWO_DAYS).duty(code)
        assert row is not None
        assert (row.holder, row.rule.kind, row.rule.facts) == ("person", RuleKind.MADE_KNOWN, ("a05-report-rule",))
        assert (row.due, row.overdue_since, row.met, row.states) == (None, None, None, (State.DUE, State.DUE))
        assert row.told == span_of(parse_instant("2021-07-23T00:00:00+08:00"))


def test_only_the_absence_is_provable_without_health_facts_and_only_with_the_leave_rule_on_file() -> None:
    for row in REPLAY.provable:
        assert row.absence is row.leave_rule
        assert row.unreported_code is (row.report_rule and row.disclosed)
    closed = unit_view(founding_facts(), leave_rule=True, report_rule=True, disclosed=False)
    assert [finding.code for finding in closed.findings] == ["absence-without-leave"]
    assert {duty.code for duty in closed.duties} == {"ask-explanation"}
    assert closed.grades == ()


def test_the_unit_sees_no_health_duty_and_the_code_only_by_a_disclosure() -> None:
    for found in REPLAY.cells:
        for row in found.rows:
            if row.code.startswith("report-code-"):
                assert row.unit_sees is Seen.DISCLOSED
            if row.code in {"isolate-contact", "tell-contact", "test-contact", "verify-told", "assist_locate"}:
                assert row.unit_sees is Seen.NO
            if row.code in {"ask-explanation", "explain-absence", "decide-trip", "report-return"}:
                assert row.unit_sees is Seen.YES


def test_nothing_recorded_by_23_july_supports_the_theatre_as_ground_of_the_code() -> None:
    cause = code_cause(founding_facts())
    assert cause.known_at == parse_instant("2021-07-23T23:59:59+08:00")
    assert cause.cause == "cause.unknown"
    assert cause.grounds == ()
    assert cause.known == ("n01-leave",)


def test_a_cause_that_was_recorded_would_be_said() -> None:
    facts = [
        replace(fact, cause="stay in a listed area") if fact.id == "n06-yellow-code" else fact  # type: ignore[call-arg]
        for fact in founding_facts()
    ]
    assert code_cause(facts).cause == "stay in a listed area"


# --- how much earlier -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("branch", "reading", "theatre", "asked", "contact"),
    [
        (Branch.DECLARED, Reading.TWO_DAYS, True, Hours(34, 61), None),
        (Branch.DECLARED, Reading.TWO_DAYS, False, Hours(34, 61), None),
        (Branch.DECLARED, Reading.FOUR_DAYS, True, Hours(34, 61), Hours(12, 37)),
        (Branch.DECLARED, Reading.JUDGEMENT, True, Hours(34, 61), Hours(-12, 13)),
        (Branch.UNDECLARED, Reading.TWO_DAYS, True, Hours(-14, 13), None),
        (Branch.UNDECLARED, Reading.FOUR_DAYS, True, Hours(-12, 13), Hours(-12, 13)),
        (Branch.UNDECLARED, Reading.JUDGEMENT, True, Hours(-12, 13), Hours(-12, 13)),
        (Branch.UNDECLARED, Reading.FOUR_DAYS, False, None, None),
        (Branch.UNDECLARED, Reading.JUDGEMENT, False, None, None),
        (Branch.ITINERARY, Reading.TWO_DAYS, True, Hours(34, 61), None),
        (Branch.ITINERARY, Reading.FOUR_DAYS, True, Hours(34, 61), Hours(34, 61)),
        (Branch.ITINERARY, Reading.JUDGEMENT, True, Hours(34, 61), Hours(-12, 13)),
    ],
)
def test_each_branch_says_by_how_many_hours_he_would_have_been_told_earlier(
    branch: Branch, reading: Reading, theatre: bool, asked: Hours | None, contact: Hours | None
) -> None:
    found = cell(branch, reading, theatre=theatre)
    assert (found.asked.earlier, found.contact.earlier) == (asked, contact)


def test_with_the_destination_declared_he_is_told_before_the_train_left_and_undeclared_not() -> None:
    for reading in Reading:
        assert cell(Branch.DECLARED, reading).asked.before_train is Before.YES
        assert cell(Branch.ITINERARY, reading).asked.before_train is Before.YES
        assert cell(Branch.UNDECLARED, reading).asked.before_train is Before.NO
        assert cell(Branch.AS_HAPPENED, reading).asked.before_train is Before.NO


def test_an_undeclared_drive_is_found_by_nobody_before_the_named_list() -> None:
    for reading in Reading:
        found = cell(Branch.UNDECLARED, reading)
        assert found.asked.at is not None
        assert found.asked.at.first == parse_instant("2021-07-28T00:00:00+08:00")
        absent = cell(Branch.UNDECLARED, reading, theatre=False)
        assert codes(absent) & {"assist_locate", "confirm-match", "tell-contact"} == set()


def test_a_list_alone_is_a_duty_to_enquire_and_gives_no_grade_or_colour() -> None:
    found = cell(Branch.DECLARED, Reading.TWO_DAYS)
    assert {"assist_locate", "assist_feedback"} <= codes(found)
    assert found.timeline.grades == ()
    assert {span.standing for span in found.timeline.standings} == {"unknown", "green"}


def test_expert_judgement_is_recorded_as_such_and_makes_a_close_contact() -> None:
    found = cell(Branch.DECLARED, Reading.JUDGEMENT)
    (judged,) = (fact for fact in found.facts if isinstance(fact, Exposure) and fact.how is How.JUDGED)
    assert judged.by
    assert judged.why
    assert judged.case_fact == "r05-audience-judged"
    assert "high-risk-read-as-close" in judged.flags
    assert {span.grade for span in found.timeline.grades} == {Grade.CLOSE}
    assert {"isolate-contact", "stay-in-isolation", "test-contact", "release-contact"} <= codes(found)


def test_a_match_is_preliminary_until_a_named_tracer_confirms_it() -> None:
    found = cell(Branch.ITINERARY, Reading.FOUR_DAYS)
    confirm = found.duty("confirm-match")
    assert confirm is not None
    assert (confirm.rule.kind, confirm.states) == (RuleKind.SIZAO, (State.MET, State.MET))
    assert [span.preliminary for span in found.timeline.grades] == [True, False]
    assert {span.grade for span in found.timeline.grades} == {Grade.GENERAL}
    assert any(isinstance(fact, Confirmed) and fact.by for fact in found.facts)


# --- nothing typed in -------------------------------------------------------------------------------------------------


def test_what_the_replay_adds_is_marked_as_assumed_and_supposes_no_test_result() -> None:
    named = {fact.id for fact in founding_facts()}
    for found in REPLAY.cells:
        added = [fact for fact in found.facts if fact.id not in named]
        assert {provenance(fact) for fact in added} <= {Provenance.ASSUMED}
        assert {fact.result for fact in added if isinstance(fact, Test)} <= {"pending"}
        if found.branch is Branch.AS_HAPPENED:
            assert {fact.id for fact in added} <= {FactId("j01-judged")}


@pytest.mark.parametrize("branch", SIZAO)
def test_with_sizao_no_office_is_overdue_and_no_order_lacks_a_ground(branch: Branch) -> None:
    for reading, switches in product(Reading, all_switches()):
        found = REPLAY.cell(branch, reading, switches)
        offices = [row for row in found.rows if row.holder != "person"]
        assert [(row.code, row.states) for row in offices if State.OVERDUE in row.states] == []
        assert {each.code for each in found.findings} <= {"absence-without-leave", "no-rule-on-file"}
        assert all(order.officer for order in found.facts if isinstance(order, Order))


def test_nobody_is_told_before_the_office_that_tells_could_know() -> None:
    for found in REPLAY.cells:
        by_id = {fact.id: fact for fact in found.facts}
        for fact in found.facts:
            if isinstance(fact, Told) and fact.about is not None and fact.about in by_id:
                assert fact.recorded_at >= by_id[fact.about].recorded_at or fact.source == "assumed"


def test_bounds_are_ordered_and_a_duty_that_hours_decide_says_so() -> None:
    for found in REPLAY.cells:
        for row in found.rows:
            # Control is owed only of somebody a grade binds, and a match binds when it is confirmed: at once, or hours after.
            assert row.certain or (row.code, found.reading) == ("assist_control", Reading.FOUR_DAYS)
            for span in (row.since, row.told, row.due, row.met, row.overdue_since):
                assert span is None or span.first <= span.last
