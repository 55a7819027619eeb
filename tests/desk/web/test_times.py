"""How moments are said."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizao.desk.web.times import learnt_later, say_ago, say_between, say_due, say_span
from sizao.when import DAY_S, HOUR_S, OPEN, Instant, parse_instant
from sizao.words import Lang

ZONE = "Asia/Shanghai"
MOMENTS = st.integers(0, 2**33).map(Instant)


def at(text: str) -> Instant:
    return parse_instant(f"{text}+08:00")


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (0, "不到 1 分钟", "under 1 min"),
        (59, "不到 1 分钟", "under 1 min"),
        (60, "1 分钟", "1 min"),
        (HOUR_S - 1, "59 分钟", "59 min"),
        (HOUR_S, "1 小时", "1 h"),
        (7 * HOUR_S + 10 * 60 + 59, "7 小时 10 分", "7 h 10 min"),
        (71 * HOUR_S + 59 * 60, "71 小时 59 分", "71 h 59 min"),
        (72 * HOUR_S, "3 天", "3 d"),
        (73 * HOUR_S, "3 天 1 小时", "3 d 1 h"),
    ],
)
def test_a_length_is_said_in_whole_minutes_and_from_three_days_on_in_days(seconds: int, zh: str, en: str) -> None:
    assert (say_span(seconds, Lang.ZH), say_span(seconds, Lang.EN)) == (zh, en)


@given(st.integers(60, 10**8))
def test_a_length_is_never_said_longer_than_it_is_nor_an_hour_shorter(seconds: int) -> None:
    units = {"d": DAY_S, "h": HOUR_S, "min": 60}
    said = sum(int(number) * units[unit] for number, unit in re.findall(r"(\d+) (d|h|min)", say_span(seconds, Lang.EN)))
    assert 0 <= seconds - said < (HOUR_S if seconds >= 3 * DAY_S else 60)


NOW = at("2021-07-28T13:40")


@pytest.mark.parametrize(
    ("due", "zh", "en"),
    [
        (at("2021-07-28T13:40"), "今天 13:40", "today, 13:40"),
        (at("2021-07-28T13:39"), "已逾 1 分钟", "overdue by 1 min"),
        (at("2021-07-28T21:10"), "今天 21:10", "today, 21:10"),
        (at("2021-07-29T00:00"), "今天 24:00", "today, 24:00"),
        (at("2021-07-29T00:01"), "明天 00:01", "tomorrow, 00:01"),
        (at("2021-07-30T00:00"), "明天 24:00", "tomorrow, 24:00"),
        (at("2021-07-30T08:00"), "2021年7月30日 08:00", "30 July 2021, 08:00"),
        (at("2021-08-01T00:00"), "2021年7月31日 24:00", "31 July 2021, 24:00"),
        (None, "规则未定时限", "the rule gives no hour"),
        (OPEN, "未结束", "not ended"),
    ],
)
def test_by_when_is_said_as_people_say_it(due: Instant | None, zh: str, en: str) -> None:
    assert (say_due(due, NOW, Lang.ZH, ZONE), say_due(due, NOW, Lang.EN, ZONE)) == (zh, en)


@given(MOMENTS, st.integers(-3 * DAY_S, 3 * DAY_S))
def test_today_and_tomorrow_are_those_of_the_calendar(now: Instant, ahead: int) -> None:
    due = Instant(max(0, now + ahead))
    said = say_due(due, now, Lang.EN, ZONE)
    zone = ZoneInfo(ZONE)
    last = datetime.fromtimestamp(due, UTC).astimezone(zone)
    if last.hour == last.minute == last.second == 0:
        last -= timedelta(seconds=1)
    days = (last.date() - datetime.fromtimestamp(now, UTC).astimezone(zone).date()).days
    assert said.startswith("overdue") == (due < now)
    if due >= now:
        assert said.startswith("today") == (days <= 0)
        assert said.startswith("tomorrow") == (days == 1)


def test_what_lies_ahead_is_not_said_to_be_past() -> None:
    assert say_ago(Instant(NOW + 120), NOW, Lang.ZH) == "2 分钟后"
    assert say_ago(Instant(NOW - 120), NOW, Lang.EN) == "2 min ago"


def test_a_stretch_within_one_day_says_the_day_once() -> None:
    start = at("2021-07-22T18:00")
    assert say_between(start, at("2021-07-22T19:00"), Lang.ZH, ZONE) == "2021年7月22日 18:00–19:00"
    assert say_between(start, at("2021-07-23T01:00"), Lang.EN, ZONE) == "22 July 2021, 18:00 – 23 July 2021, 01:00"
    assert say_between(start, None, Lang.ZH, ZONE) == say_between(start, OPEN, Lang.ZH, ZONE) == "2021年7月22日 18:00"


def test_learnt_later_means_on_a_later_day_here() -> None:
    assert not learnt_later(at("2021-07-22T00:00"), at("2021-07-22T23:59"), ZONE)
    assert learnt_later(at("2021-07-22T23:59"), at("2021-07-23T00:00"), ZONE)
