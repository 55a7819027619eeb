"""Packs become engine rows: every row knows its clause, and a rule change cuts the period at local midnight."""

from __future__ import annotations

from datetime import date

from sizao.exposure.place_kinds import PlaceKind
from sizao.tracing.compile import compile_rules
from sizao.when import OPEN, day_start
from tests.tracing.people import AREA, ZONE, book


def rules_of(*packs: str, since: date = date(2021, 7, 1), until: date = date(2021, 8, 1)):  # type: ignore[no-untyped-def]
    return compile_rules(book(*packs), "contact.rules", area=AREA, zone=ZONE, since=since, until=until)


def test_every_row_names_the_clause_it_stands_for() -> None:
    compiled = rules_of()
    assert len(compiled.rules) == len(compiled.clauses) == len(compiled.scenes) > 0
    assert all(clause.pack == "cn-covid19-8" and clause.title for clause in compiled.clauses)
    assert len({(rule.rule_id, rule.place_kind, rule.from_s) for rule in compiled.rules.rules}) == len(compiled.rules)


def test_the_transport_rules_of_the_eighth_edition_are_rows() -> None:
    compiled = rules_of()
    close = {rule.place_kind: rule for rule in compiled.rules.rules if rule.grade == "close"}
    assert close[PlaceKind.AIRCRAFT].row_distance == 3
    assert not close[PlaceKind.AIRCRAFT].same_zone
    assert close[PlaceKind.TRAIN_SEALED].same_zone
    assert close[PlaceKind.TRAIN_SEALED].row_distance == -1
    assert PlaceKind.THEATRE not in close


def test_a_graver_grade_has_a_lower_order() -> None:
    orders = {rule.grade: rule.order for rule in rules_of().rules.rules}
    assert orders["close"] < orders["general"]


def test_a_window_across_a_change_of_edition_has_each_day_under_its_own_rule() -> None:
    compiled = rules_of("cn-covid19-8", "cn-covid19-9", since=date(2022, 6, 20), until=date(2022, 7, 5))
    change = day_start(date(2022, 6, 28), ZONE)
    of_bus = sorted(
        (rule.from_s, rule.until_s, rule.rule_id)
        for rule in compiled.rules.rules
        if rule.place_kind is PlaceKind.DWELLING
    )
    assert [row[:2] for row in of_bus] == [(0, change), (change, OPEN)]
    assert of_bus[0][2].startswith("cn-covid19-8@")
    assert of_bus[1][2].startswith("cn-covid19-9@")


def test_a_day_on_which_only_another_key_changes_cuts_no_period() -> None:
    compiled = rules_of(since=date(2022, 2, 1), until=date(2022, 4, 1))
    assert {(rule.from_s, rule.until_s) for rule in compiled.rules.rules} == {(0, OPEN)}


def test_where_no_rule_is_in_force_there_are_no_rows() -> None:
    assert len(rules_of(since=date(2019, 1, 1), until=date(2019, 2, 1)).rules) == 0
