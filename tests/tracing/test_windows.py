"""The infectious window: whole local days before onset or sampling, by the rule and reading in force."""

from __future__ import annotations

import pytest

from sizao.errors import TracingError
from sizao.facts.kinds import Admitted, CaseClass, Result, Setting, Test
from sizao.policy.book import PolicyBook
from sizao.policy.refusals import ContestedRule
from sizao.tracing.windows import Window, window_of
from sizao.when import iso
from tests.tracing.people import AREA, ZONE, book, fact, moment, notice


def drawn(*facts: object, rules: PolicyBook | None = None, known: str = "2021-08-01T00:00") -> Window:
    return window_of(facts, rules or book(), area=AREA, zone=ZONE, known_at=moment(known))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reading", "sampled", "opens"),
    [
        ("two-days", "2021-07-26T09:00", "2021-07-24T00:00"),
        ("two-days", "2021-07-25T09:00", "2021-07-23T00:00"),
        ("four-days", "2021-07-26T09:00", "2021-07-22T00:00"),
        ("four-days", "2021-07-25T09:00", "2021-07-21T00:00"),
    ],
)
def test_an_asymptomatic_case_counts_whole_local_days_before_the_first_positive_sampling(
    reading: str, sampled: str, opens: str
) -> None:
    window = drawn(notice("2021-07-26T18:00", positive_sampled_at=moment(sampled)), rules=book(window=reading))
    assert iso(window.interval.start) == iso(moment(opens))
    assert window.reason.clauses[0].reading == reading


def test_a_contested_window_is_never_read_by_silent_default() -> None:
    rules = PolicyBook.load(["cn-covid19-8", "safeguards"])
    with pytest.raises(ContestedRule):
        drawn(notice("2021-07-26T18:00", positive_sampled_at=moment("2021-07-26T09:00")), rules=rules)


def test_a_confirmed_case_counts_from_onset_even_when_sampled_earlier() -> None:
    told = notice(
        "2021-07-26T18:00",
        case_class=CaseClass.CONFIRMED,
        onset=moment("2021-07-26T00:00"),
        positive_sampled_at=moment("2021-07-25T09:00"),
    )
    assert iso(drawn(told).interval.start) == iso(moment("2021-07-22T00:00"))


def test_a_confirmed_case_without_a_known_onset_counts_from_the_sampling() -> None:
    told = notice("2021-07-26T18:00", case_class=CaseClass.CONFIRMED, positive_sampled_at=moment("2021-07-25T09:00"))
    assert iso(drawn(told).interval.start) == iso(moment("2021-07-21T00:00"))


def test_neither_onset_nor_sampling_is_refused_rather_than_guessed() -> None:
    with pytest.raises(TracingError, match="X101"):
        drawn(notice("2021-07-26T18:00"))


def test_a_notice_that_drew_the_window_itself_is_taken_at_its_word() -> None:
    given = {"window_from": moment("2020-01-18T10:55"), "window_until": moment("2020-01-18T12:34")}
    window = drawn(notice("2020-01-29T19:32", **given), known="2020-02-01T00:00")
    assert (window.interval.start, window.interval.end) == (given["window_from"], given["window_until"])
    assert window.reason.code == "window.given"


def test_facts_without_a_notice_are_no_case() -> None:
    with pytest.raises(TracingError, match="X102"):
        drawn()


def test_the_window_ends_when_the_case_was_received_in_care() -> None:
    told = notice("2021-07-26T18:00", positive_sampled_at=moment("2021-07-26T09:00"))
    care = fact(Admitted, "care", "2021-07-26T20:00", setting=Setting.HOSPITAL, place="place:hospital")
    window = drawn(told, care)
    assert window.interval.end == moment("2021-07-26T20:00")
    assert window.reason.parts[-1].facts == ("care",)


def test_without_isolation_the_window_ends_with_what_is_known() -> None:
    told = notice("2021-07-26T18:00", positive_sampled_at=moment("2021-07-26T09:00"))
    assert drawn(told, known="2021-07-28T00:00").interval.end == moment("2021-07-28T00:00")


def test_under_the_ninth_edition_a_regularly_tested_case_counts_from_the_last_negative_test() -> None:
    told = notice("2022-07-10T18:00", positive_sampled_at=moment("2022-07-10T09:00"))
    tests = [
        fact(Test, f"t{day}", f"2022-07-{day:02d}T09:00", sample=f"s{day}", result=Result.NEGATIVE, regular=True)
        for day in (3, 6, 9)
    ]
    rules = book("cn-covid19-9")
    assert drawn(told, *tests, rules=rules, known="2022-07-11T00:00").interval.start == moment("2022-07-09T09:00")
    assert drawn(told, rules=rules, known="2022-07-11T00:00").interval.start == moment("2022-07-08T00:00")


def test_of_several_notices_the_one_that_opens_the_window_first_counts_in_any_order() -> None:
    first = notice("2021-07-26T18:00", positive_sampled_at=moment("2021-07-26T09:00"))
    later = notice("2021-07-28T18:00", case_class=CaseClass.CONFIRMED, onset=moment("2021-07-24T00:00"))
    assert drawn(first, later) == drawn(later, first)
    assert iso(drawn(first, later).interval.start) == iso(moment("2021-07-20T00:00"))
