"""What changes between two editions, value by value."""

from __future__ import annotations

from datetime import date

from sizao.policy import PolicyBook, value_diff

ON = date(2021, 7, 26)


def _shadow(pack: str, reading: str = "two-days") -> PolicyBook:
    return PolicyBook.load([pack], shadow=True, readings={"case.window.days_before": reading})


def test_two_editions_differ_exactly_where_the_ninth_changed_the_eighth() -> None:
    changes = {
        change.key: change
        for change in value_diff(_shadow("cn-covid19-8"), _shadow("cn-covid19-9"), area="411702", on=ON)
    }
    assert changes["close.course"].fields == (
        "phases.0.days", "phases.0.test_days", "phases.0.sample", "phases.0.double_test",
        "phases.1.days", "phases.1.test_days", "phases.1.sample",
    )  # fmt: skip
    assert changes["secondary.course"].fields == ("phases.0.setting", "phases.0.kind", "phases.0.sample")
    assert (changes["general.course"].after, changes["general.course"].after_refused) == (None, "P204")
    assert "case.window.days_before" not in changes
    assert not [key for key in changes if key.startswith("deadline.") and key != "deadline.close_to_central"]


def test_under_the_four_day_reading_the_window_changes_too() -> None:
    changes = value_diff(_shadow("cn-covid19-8", "four-days"), _shadow("cn-covid19-9"), area="411702", on=ON)
    (window,) = (change for change in changes if change.key == "case.window.days_before")
    assert window.before is not None
    assert window.after is not None
    assert (window.before.value, window.after.value) == (4, 2)


def test_a_contested_side_is_shown_as_contested_not_as_a_value() -> None:
    unread = PolicyBook.load(["cn-covid19-8"], shadow=True)
    changes = value_diff(unread, _shadow("cn-covid19-9"), area="411702", on=ON, keys=["case.window.days_before"])
    assert [(change.before, change.before_refused) for change in changes] == [(None, "P203")]


def test_a_book_does_not_differ_from_itself() -> None:
    book = PolicyBook.load(["demo-county"])
    assert value_diff(book, book, area="999901", on=ON) == []
