"""Instants, half-open intervals and local days, also where clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sizao.errors import WhenError
from sizao.when import (
    DAY_S,
    HOUR_S,
    OPEN,
    Instant,
    Interval,
    day_span,
    day_start,
    days_after,
    instant_of,
    iso,
    local,
    local_day,
    parse_day,
    parse_instant,
    zone,
)

CN = "Asia/Shanghai"
# Whole and broken hours from UTC, changes at midnight, at two, by half an hour, and a day that never was.
ZONES = (
    CN,
    "UTC",
    "America/New_York",
    "America/Havana",
    "America/Sao_Paulo",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
)
instants = st.integers(0, 2_208_988_800).map(Instant)  # 1970 to 2040
zones = st.sampled_from(ZONES)
days = st.dates(date(1991, 1, 1), date(2039, 12, 31))
ends = st.one_of(st.integers(-50, 50).map(Instant), st.just(OPEN))


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    start = Instant(draw(st.integers(-50, 50)))
    return Interval(start, draw(ends.filter(lambda end: end > start)))


def _seconds(interval: Interval) -> set[int]:
    """The slow, obvious meaning of an interval: its seconds, as far as the tests look."""
    return set(range(interval.start, min(interval.end, 60)))


# --- intervals --------------------------------------------------------------------------------------------------------


def test_an_interval_holds_its_start_and_not_its_end() -> None:
    interval = Interval(Instant(10), Instant(20))
    assert [interval.holds(Instant(moment)) for moment in (9, 10, 19, 20)] == [False, True, True, False]


def test_intervals_that_touch_do_not_meet() -> None:
    first, second = Interval(Instant(0), Instant(10)), Interval(Instant(10), Instant(20))
    assert not first.meets(second)
    assert not second.meets(first)
    assert first.overlap_s(second) == 0


def test_what_has_not_ended_meets_everything_later() -> None:
    open_ended = Interval(Instant(5), OPEN)
    assert open_ended.meets(Interval(Instant(10**12), Instant(10**12 + 1)))
    assert open_ended.holds(Instant(10**15))


@given(intervals(), intervals())
def test_meeting_and_overlap_are_those_of_the_shared_seconds(first: Interval, second: Interval) -> None:
    shared = _seconds(first) & _seconds(second)
    assert first.meets(second) == second.meets(first) == bool(shared)
    assert first.overlap_s(second) == second.overlap_s(first)
    if first.end < OPEN or second.end < OPEN:
        assert first.overlap_s(second) == len(shared)


@given(intervals(), st.integers(-60, 60).map(Instant))
def test_an_interval_holds_exactly_its_seconds(interval: Interval, moment: Instant) -> None:
    assert interval.holds(moment) == (moment in range(interval.start, interval.end))


# --- local days -------------------------------------------------------------------------------------------------------


def test_the_small_hours_belong_to_the_local_day_and_not_to_the_day_of_utc() -> None:
    home = parse_instant("2021-07-25T02:00:00+08:00")
    assert local_day(home, CN) == date(2021, 7, 25)
    assert local_day(home, "UTC") == date(2021, 7, 24)


def test_the_last_second_of_a_day_is_that_day_s() -> None:
    midnight = day_start(date(2021, 7, 26), CN)
    assert local_day(Instant(midnight - 1), CN) == date(2021, 7, 25)
    assert local_day(midnight, CN) == date(2021, 7, 26)


@pytest.mark.parametrize(
    ("zone_name", "day", "hours"),
    [
        (CN, date(2021, 7, 26), 24),
        ("America/New_York", date(2021, 3, 14), 23),
        ("America/New_York", date(2021, 11, 7), 25),
        ("Australia/Lord_Howe", date(2021, 4, 4), 24.5),
        ("America/Sao_Paulo", date(2018, 11, 4), 23),
        ("America/Havana", date(2021, 11, 7), 25),
        ("Pacific/Apia", date(2011, 12, 30), 0),
    ],
)
def test_a_day_is_as_long_as_the_clocks_make_it(zone_name: str, day: date, hours: float) -> None:
    span = day_span(day, zone_name)
    assert span.end - span.start == hours * HOUR_S


def test_a_day_without_midnight_begins_at_its_first_instant() -> None:
    # In São Paulo clocks went from 00:00 to 01:00 on 4 November 2018.
    start = day_start(date(2018, 11, 4), "America/Sao_Paulo")
    assert local(start, "America/Sao_Paulo").hour == 1
    assert local_day(start, "America/Sao_Paulo") == date(2018, 11, 4)
    assert local_day(Instant(start - 1), "America/Sao_Paulo") == date(2018, 11, 3)


def test_a_day_whose_midnight_comes_twice_begins_at_the_first() -> None:
    # In Havana clocks went from 01:00 back to 00:00 on 7 November 2021.
    start = day_start(date(2021, 11, 7), "America/Havana")
    assert local_day(Instant(start - 1), "America/Havana") == date(2021, 11, 6)
    assert local(Instant(start + HOUR_S), "America/Havana").hour == 0


@given(instants, zones)
@example(parse_instant("2021-07-25T16:00:00Z"), CN)
@example(parse_instant("2021-07-25T18:15:00Z"), "Asia/Kathmandu")
@example(parse_instant("2011-12-30T10:00:00Z"), "Pacific/Apia")
def test_a_local_day_is_what_the_wall_calendar_shows(moment: Instant, zone_name: str) -> None:
    assert local_day(moment, zone_name) == datetime.fromtimestamp(moment, ZoneInfo(zone_name)).date()


@given(instants, zones)
def test_every_instant_lies_in_the_span_of_its_own_day(moment: Instant, zone_name: str) -> None:
    assert day_span(local_day(moment, zone_name), zone_name).holds(moment)


@given(days, zones)
def test_days_follow_each_other_without_gap_or_overlap(day: date, zone_name: str) -> None:
    assert day_span(day, zone_name).end == day_span(day + timedelta(days=1), zone_name).start


@given(instants, st.integers(-400, 400), zones)
def test_days_after_counts_calendar_days_and_not_blocks_of_24_hours(
    moment: Instant, count: int, zone_name: str
) -> None:
    wanted = local_day(moment, zone_name) + timedelta(days=count)
    assert days_after(moment, count, zone_name) == day_start(wanted, zone_name)


def test_fourteen_days_across_a_change_of_clocks_end_at_local_midnight() -> None:
    noon = parse_instant("2021-10-30T12:00:00-04:00")
    end = days_after(noon, 14, "America/New_York")
    assert local(end, "America/New_York").isoformat() == "2021-11-13T00:00:00-05:00"


def test_a_day_where_no_clock_changes_is_86400_seconds() -> None:
    assert days_after(Instant(0), 1, "UTC") == DAY_S
    assert days_after(Instant(0), -1, "UTC") == -DAY_S


# --- reading and writing ----------------------------------------------------------------------------------------------


@given(instants)
def test_what_is_written_is_read_back(moment: Instant) -> None:
    assert parse_instant(iso(moment)) == moment


@given(instants, zones)
def test_the_same_moment_is_read_from_any_zone_s_writing(moment: Instant, zone_name: str) -> None:
    assert parse_instant(local(moment, zone_name).isoformat()) == moment


def test_what_has_not_ended_is_written_as_a_word() -> None:
    assert iso(OPEN) == "open"


@pytest.mark.parametrize("moment", [datetime(2021, 7, 26, 0, 0, 0, 999_999, UTC), datetime(2021, 7, 26, tzinfo=UTC)])
def test_fractions_of_a_second_are_cut_and_not_rounded(moment: datetime) -> None:
    assert iso(instant_of(moment)) == "2021-07-26T00:00:00Z"


def test_fractions_are_cut_towards_the_past_before_1970_too() -> None:
    assert instant_of(datetime(1969, 12, 31, 23, 59, 59, 500_000, UTC)) == -1


@pytest.mark.parametrize("text", ["2021-07-26T12:00:00", "2021-07-26", "2021-07-26 12:00"])
def test_a_time_without_its_offset_is_refused_and_not_guessed(text: str) -> None:
    with pytest.raises(WhenError, match="T102"):
        parse_instant(text)


@pytest.mark.parametrize("text", ["", "yesterday", "2021-02-30T00:00:00Z", "26/07/2021 12:00", "1627272000"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(WhenError, match="T103") as caught:
        parse_instant(text)
    assert caught.value.slots == {"value": text}


def test_a_day_is_read_as_written() -> None:
    assert parse_day("2024-02-29") == date(2024, 2, 29)


@pytest.mark.parametrize(
    "text",
    [
        "2021-2-3",
        "20210203",
        "2023-02-29",
        "2021-07-26T00:00",
        " 2021-07-26",
        "2021-07-26\n",
        "２０２１-07-26x",
        "03/04/2021",
    ],
)
def test_what_is_no_day_is_refused_and_not_guessed(text: str) -> None:
    with pytest.raises(WhenError, match="T104"):
        parse_day(text)


@pytest.mark.parametrize("name", ["Asia/Beijing", "Mars/Olympus", "", "../etc/passwd", "/etc/localtime"])
def test_a_zone_that_does_not_exist_is_refused_by_name(name: str) -> None:
    with pytest.raises(WhenError, match="T101") as caught:
        zone(name)
    assert caught.value.slots == {"value": name}
