"""Limits on authority: orders, extensions, ratings; who decided; what the prohibitions of 2022 add."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sizao.facts.kinds import AreaRated, Grade, Order, Reported, Setting, SubjectId, TestRefused
from sizao.policy.book import PolicyBook
from sizao.rules.conclude import conclude
from sizao.rules.dossier import Dossier
from sizao.rules.reasons import clauses_of
from sizao.rules.timeline import Timeline, at
from sizao.when import OPEN
from tests.rules.people import (
    LUOYANG,
    ZHUMADIAN,
    book,
    concluded,
    confirmed,
    corrected,
    duties,
    exposed,
    fact,
    findings,
    matched,
    notice,
    order,
    registered,
    released,
    sampled,
    standing,
    told,
    when,
)

E = exposed("e", "2021-07-22 19:00", "2021-07-22 21:00")
NINTH = ("cn-covid19-9", "authority-cn", "safeguards")


def cited(timeline: Timeline, code: str) -> list[str]:
    """`key` or `key article` of every clause behind the one finding of that code."""
    (finding,) = [finding for finding in timeline.findings if finding.code == code]
    return [f"{clause.key} {clause.article}" for clause in clauses_of(finding.reason)]


# --- orders on people ---------------------------------------------------------------------------------------------------


def test_an_order_as_long_as_the_rule_is_no_finding_and_a_second_longer_is_one() -> None:
    assert findings(concluded(E, order("o", "2021-07-23 12:00", "2021-08-13"))) == []
    assert findings(concluded(E, order("o", "2021-07-23 12:00", "2021-08-13 00:01"))) == ["order-longer-than-rule"]


def test_an_order_without_end_is_longer_than_any_rule() -> None:
    endless = replace(order("o", "2021-07-23 12:00", "2021-08-13"), until=OPEN)
    assert findings(concluded(E, endless)) == ["order-longer-than-rule"]


def test_the_prohibitions_are_cited_only_while_they_are_in_force() -> None:
    rules = book("cn-covid19-8", "cn-covid19-9", "authority-cn", "safeguards")
    long_ago = concluded(E, order("o", "2021-07-23 12:00", "2021-09-01"), rules=rules)
    assert not any(line.startswith("limits.nine") for line in cited(long_ago, "order-longer-than-rule"))
    later = exposed("e", "2022-08-01 12:00", "2022-08-02 09:00")
    now = concluded(later, order("o", "2022-08-02 12:00", "2022-09-01"), rules=rules)
    assert "limits.nine_prohibitions 第5项" in cited(now, "order-longer-than-rule")
    nobody = concluded(order("o", "2022-08-02 12:00", "2022-09-01"), rules=rules)
    assert cited(nobody, "order-without-ground") == ["limits.nine_prohibitions 第4项"]


def test_confining_somebody_from_a_low_risk_area_is_the_second_prohibition() -> None:
    rating = fact(AreaRated, "a", "2022-08-01", area="4404", level="low", by="city")
    confine = order("o", "2022-08-02 12:00", "2022-08-09", area="4404")
    timeline = concluded(rating, confine, rules=book(*NINTH))
    assert cited(timeline, "order-without-ground") == ["limits.nine_prohibitions 第2项"]


def test_home_isolation_in_the_monitoring_phase_is_stricter_than_the_rule() -> None:
    assert findings(concluded(E, order("o", "2021-08-07", "2021-08-13", "home_isolation"))) == ["order-wider-than-rule"]
    assert findings(concluded(E, order("o", "2021-08-07", "2021-08-13", "health_monitoring"))) == []
    assert findings(concluded(E, order("o", "2021-08-01", "2021-08-13", "home_isolation"))) == []


def test_an_early_release_does_not_make_the_order_too_long() -> None:
    timeline = concluded(
        E, order("o", "2021-07-23 12:00", "2021-08-06"), released("r", "2021-08-01 12:00", Setting.CENTRAL)
    )
    assert findings(timeline) == []


def test_an_order_on_a_match_may_last_as_long_as_the_match_and_longer_once_confirmed() -> None:
    match = matched("m", "2021-07-22 19:00", "2021-07-22 21:00")
    short, long = order("o", "2021-07-22 22:00", "2021-07-23 21:00"), order("o", "2021-07-22 22:00", "2021-08-06")
    assert findings(concluded(match, short)) == []
    assert findings(concluded(match, long)) == ["order-longer-than-rule"]
    assert findings(concluded(match, long, confirmed("c", "m", "2021-07-23 09:00"))) == []


def test_orders_for_an_infected_person_are_no_matter_of_contacts() -> None:
    assert findings(concluded(notice("n", "2021-07-26"), order("o", "2021-07-26 12:00", "2021-10-01"))) == []


@pytest.mark.parametrize("missing", ["body", "officer", "article", "reasons"])
def test_an_order_lacking_a_name_an_article_or_reasons_is_incomplete(missing: str) -> None:
    assert findings(concluded(E, order("o", "2021-07-23 12:00", "2021-08-06", **{missing: ""}))) == ["order-incomplete"]


def test_a_body_the_law_does_not_name_is_said_and_a_name_the_law_does_not_know_is_not_judged() -> None:
    by = order("o", "2021-07-23 12:00", "2021-08-06", body="county_government")
    assert findings(concluded(E, by)) == ["order-by-other-body"]
    assert findings(concluded(E, order("o", "2021-07-23 12:00", "2021-08-06", body="某县疾控中心"))) == []


def test_nothing_that_is_found_lifts_or_lengthens_anything() -> None:
    with_order = concluded(registered(), E, order("o", "2021-07-23 12:00", "2022-08-13"))
    without = concluded(registered(), E)
    assert (with_order.grades, with_order.standings) == (without.grades, without.standings)


# --- extensions ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def extensible(tmp_path_factory: pytest.TempPathFactory) -> PolicyBook:
    """The shipped packs and a made-up one that says who may extend an isolation, and by how much: another secondary course."""
    folder = tmp_path_factory.mktemp("packs")
    (folder / "extension.yaml").write_text(
        """pack: extension
version: "1"
kind: authority
title: {zh: 延长（虚构）, en: extensions (made up)}
disease: null
area: CN
published_on: 2021-01-01
recorded_on: 2021-01-01
in_force: {from: 2021-01-01}
cite: made-up
selects_by: decision
sources:
  made-up: {title: 虚构, link: docs/rules.md, read_on: 2021-01-01}
values:
  authority.extend_isolation:
    unit: rules
    says: {zh: 延长, en: extend}
    values:
      - {value: {decides: cdc, max_key: secondary.course}, cite: made-up, confidence: "1", checked_on: 2021-01-01}
""",
        "utf-8",
    )
    packs = ("cn-covid19-8", "henan-2021-07", "authority-cn", "safeguards", "extension")
    return PolicyBook.load(packs, folder=folder)


REFUSED = fact(TestRefused, "r", "2021-08-12 09:00", witness="见证人丁")


def extend(until: str, **values: str) -> Order:
    """An order of extension the evening before the last day ends."""
    return order("x", "2021-08-12 18:00", until, "extension", **values)


def test_a_refused_exit_test_leaves_the_standing_unknown_until_a_sample_is_given() -> None:
    timeline = concluded(registered(), E, REFUSED)
    assert standing(timeline, "2021-08-12 23:59") == "yellow"
    assert standing(timeline, "2021-08-13") == "unknown"
    given = concluded(registered(), E, REFUSED, sampled("t", "2021-08-15 09:00", recorded="2021-08-16 09:00"))
    assert standing(given, "2021-08-15 08:59") == "unknown"
    assert standing(given, "2021-08-15 09:00") == "green"
    at_once = concluded(registered(), E, REFUSED, sampled("t", "2021-08-12 11:00"))
    assert standing(at_once, "2021-08-13") == "green"


def test_an_exit_test_the_authority_missed_ends_all_the_same() -> None:
    timeline = concluded(registered(), E)
    assert standing(timeline, "2021-08-13") == "green"


def test_without_a_rule_no_officer_extends_anything() -> None:
    timeline = concluded(registered(), E, REFUSED, extend("2021-08-15"))
    assert findings(timeline) == ["extension-without-rule"]
    assert standing(timeline, "2021-08-14") == "unknown"


def test_a_named_officer_extends_within_the_maximum(extensible: PolicyBook) -> None:
    timeline = concluded(registered(), E, REFUSED, extend("2021-08-15"), rules=extensible)
    assert findings(timeline) == []
    assert standing(timeline, "2021-08-14 23:59") == "yellow"
    assert standing(timeline, "2021-08-15") == "unknown"


def test_an_extension_beyond_the_maximum_has_no_effect_for_the_rest(extensible: PolicyBook) -> None:
    timeline = concluded(registered(), E, REFUSED, extend("2021-08-30"), rules=extensible)
    assert findings(timeline) == ["extension-too-long"]
    assert standing(timeline, "2021-08-19 23:59") == "yellow"
    assert standing(timeline, "2021-08-20") == "unknown"


def test_without_a_refusal_nothing_is_extended(extensible: PolicyBook) -> None:
    timeline = concluded(registered(), E, extend("2021-08-15"), rules=extensible)
    assert findings(timeline) == ["extension-without-cause"]
    assert standing(timeline, "2021-08-13") == "green"


def test_an_extension_by_nobody_in_particular_has_no_effect(extensible: PolicyBook) -> None:
    timeline = concluded(registered(), E, REFUSED, extend("2021-08-15", officer=""), rules=extensible)
    assert findings(timeline) == ["order-incomplete"]
    assert standing(timeline, "2021-08-14") == "unknown"


def test_central_isolation_is_extended_when_the_test_before_leaving_it_was_refused(extensible: PolicyBook) -> None:
    refused = fact(TestRefused, "r", "2021-08-05 09:00", witness="见证人丁")
    prolong = order("x", "2021-08-05 18:00", "2021-08-08", "extension")
    timeline = concluded(registered(), E, refused, prolong, rules=extensible)
    assert findings(timeline) == []
    assert [standing(timeline, day) for day in ("2021-08-07 23:59", "2021-08-08", "2021-08-13")] == [
        "red", "yellow", "green",
    ]  # fmt: skip


def test_missing_first_results_of_the_close_contact_allow_an_extension(extensible: PolicyBook) -> None:
    mine = exposed("s", "2021-07-22 19:00", "2021-07-23 10:00", grade=Grade.SECONDARY, via=SubjectId("person:密接"))
    prolong = order("x", "2021-07-29 18:00", "2021-08-02", "extension")
    timeline = concluded(registered(), mine, prolong, rules=extensible)
    assert findings(timeline) == []
    assert standing(timeline, "2021-08-01") == "red"
    assert standing(timeline, "2021-08-02") == "green"


def test_an_extension_recorded_late_does_not_reach_back(extensible: PolicyBook) -> None:
    late = order("x", "2021-08-12 18:00", "2021-08-15", "extension", recorded="2021-08-14 09:00")
    timeline = concluded(registered(), E, REFUSED, late, rules=extensible)
    assert standing(timeline, "2021-08-14 08:59") == "unknown"
    assert standing(timeline, "2021-08-14 09:00") == "yellow"


# --- withdrawn, challenged ----------------------------------------------------------------------------------------------


def test_whoever_is_held_by_something_else_is_not_called_free() -> None:
    other = exposed("f", "2021-07-22 12:00", "2021-07-22 21:00", case=SubjectId("person:病例乙"))
    timeline = concluded(E, other, corrected("x", "e", "2021-07-25"))
    assert duties(timeline, "tell-freed") == []


def test_what_had_lapsed_or_ended_before_frees_nobody() -> None:
    match = matched("m", "2021-07-22 19:00", "2021-07-22 21:00")
    assert duties(concluded(match, corrected("x", "m", "2021-07-25")), "tell-freed") == []
    assert duties(concluded(E, corrected("x", "e", "2021-09-25")), "tell-freed") == []
    assert len(duties(concluded(match, corrected("x", "m", "2021-07-23")), "tell-freed")) == 1


def test_matching_again_frees_nobody() -> None:
    match = matched("m", "2021-07-22 19:00", "2021-07-22 21:00")
    again = matched("n", "2021-07-22 19:05", "2021-07-23 09:00")
    assert duties(concluded(match, again, corrected("x", "m", "2021-07-23 09:00")), "tell-freed") == []


def test_whoever_had_a_hand_in_it_does_not_answer_the_challenge() -> None:
    asked = fact(Reported, "q", "2021-07-24 09:00", what="challenge", to="area")
    own = told("a1", "2021-07-24 12:00", "challenge-answer", about="q")
    other = told("a2", "2021-07-24 15:00", "challenge-answer", about="q", by="复核员己")
    timeline = concluded(E, asked, own, other)
    assert findings(timeline) == ["challenge-answered-by-involved"]
    (answer,) = duties(timeline, "answer-challenge")
    assert (answer.due, answer.met_by) == (when("2021-07-25 09:00"), "a2")


# --- areas --------------------------------------------------------------------------------------------------------------


def area(*facts: object, rules: PolicyBook | None = None, known: str = "2023-01-01") -> Timeline:
    """The timeline of the area itself."""
    dossier = Dossier(SubjectId(f"area:{LUOYANG}"), tuple(facts), LUOYANG)  # type: ignore[arg-type]
    return conclude(dossier, rules if rules is not None else book(), known_at=when(known))


def rated(name: str, start: str, until: str, level: str = "medium") -> AreaRated:
    """A rating by the city."""
    made: AreaRated = fact(AreaRated, name, start, area=LUOYANG, level=level, until=when(until), by="city")
    return made


def test_levels_follow_each_other_and_the_next_one_ends_the_last() -> None:
    timeline = area(rated("a", "2021-08-01", "2021-09-01"), rated("b", "2021-08-10", "2021-08-20", "low"))
    spans = [(span.level, span.start, span.end) for span in timeline.levels]
    assert spans == [
        ("medium", when("2021-08-01"), when("2021-08-10")),
        ("low", when("2021-08-10"), when("2021-08-20")),
    ]
    assert at(timeline, when("2021-08-25")).levels == ()


def test_a_level_is_supported_so_many_days_after_the_last_case_and_each_case_in_time_renews_it() -> None:
    level = rated("a", "2021-08-01", "2021-09-05")
    (finding,) = area(notice("c", "2021-08-01"), level).findings
    assert (finding.code, finding.at) == ("area-longer-than-rule", when("2021-08-16"))
    renewed = area(notice("c", "2021-08-01"), notice("d", "2021-08-14"), level)
    assert [finding.at for finding in renewed.findings] == [when("2021-08-29")]
    too_late = area(notice("c", "2021-08-01"), notice("d", "2021-08-20"), level)
    assert [finding.at for finding in too_late.findings] == [when("2021-08-16")]


def test_before_the_limit_is_reached_nothing_is_said() -> None:
    level = rated("a", "2021-08-01", "2021-09-05")
    assert area(notice("c", "2021-08-01"), level, known="2021-08-15 23:59").findings == ()
    assert area(notice("c", "2021-08-01"), rated("a", "2021-08-01", "2021-08-15")).findings == ()


def test_a_level_that_fell_from_another_has_its_own_days() -> None:
    rules = book(*NINTH)
    fell = area(rated("a", "2022-08-01", "2022-08-08", "high"), rated("b", "2022-08-08", "2022-08-20"), rules=rules)
    (finding,) = fell.findings
    assert (finding.about, finding.at) == ("b", when("2022-08-12"))
    assert cited(fell, "area-longer-than-rule")[-1] == "limits.nine_prohibitions 第3项"
    straight = area(rated("b", "2022-08-08", "2022-08-20"), rules=rules)
    assert [finding.at for finding in straight.findings] == [when("2022-08-16")]


def test_zones_are_held_to_their_own_release_rule() -> None:
    timeline = area(rated("a", "2021-12-02", "2022-01-10", "sealed"))
    assert [finding.at for finding in timeline.findings] == [when("2021-12-17")]


def test_control_over_an_area_without_a_level_is_a_finding() -> None:
    control = order("o", "2021-08-02", "2021-08-20", "area_control")
    assert findings(area(control)) == ["area-order-without-level"]
    assert findings(area(control, rated("a", "2021-08-01", "2021-08-20", "low"))) == ["area-order-without-level"]
    assert findings(area(control, rated("a", "2021-08-01", "2021-08-15"))) == ["area-order-longer-than-level"]
    joined = (rated("a", "2021-08-01", "2021-08-10", "high"), rated("b", "2021-08-10", "2021-08-25"))
    assert "area-order-longer-than-level" not in findings(area(control, *joined, known="2021-08-11"))


def test_a_person_is_judged_by_the_rules_of_the_dossiers_own_area() -> None:
    assert findings(concluded(order("o", "2021-07-23", "2021-08-06"), area=ZHUMADIAN)) == ["order-without-ground"]
