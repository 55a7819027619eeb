"""Forms ask plainly, refuse by name, and keep what was written."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django import forms
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from sizao.desk.web.forms import ActForm, DayField, FilterForm, GovForm, MomentField, ReasonsField, SubjectField, markup
from sizao.when import Instant, local, parse_instant

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
PLAIN_DAYS = st.dates(date(1992, 1, 1), date(2200, 12, 31))
"""Days whose local hours each exist once: China last moved its clocks in 1991."""


class Asked(GovForm):
    onset = DayField(label="发病日期")
    seen = MomentField(label="采样时间", required=False)
    why = ReasonsField(label="理由", help_text="用自己的话写。")


class Picked(FilterForm):
    kind = forms.MultipleChoiceField(
        label="类", choices=[("a", "甲"), ("b", "乙")], widget=forms.CheckboxSelectMultiple
    )
    one = forms.ChoiceField(label="一", choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect)


class Named(GovForm):
    subject = SubjectField(label="编号")


def _boxes(name: str, year: object, month: object, day: object, time: object | None = None) -> dict[str, str]:
    told = {f"{name}_year": str(year), f"{name}_month": str(month), f"{name}_day": str(day)}
    return told | ({} if time is None else {f"{name}_time": str(time)})


def _sent(**told: str) -> Asked:
    return Asked({"why": "本人说明", **_boxes("onset", 2021, 7, 26), **told})


@given(DAYS)
def test_three_boxes_give_the_day_they_name(day: date) -> None:
    form = _sent(**_boxes("onset", day.year, day.month, day.day))
    assert form.is_valid()
    assert form.cleaned_data["onset"] == day
    assert form.cleaned_data["seen"] is None


@given(PLAIN_DAYS, st.integers(0, 23), st.integers(0, 59))
def test_four_boxes_give_the_moment_of_the_deployments_zone(day: date, hour: int, minute: int) -> None:
    form = _sent(**_boxes("seen", day.year, day.month, day.day, f"{hour}:{minute:02}"))
    assert form.is_valid()
    shown = local(form.cleaned_data["seen"], "Asia/Shanghai")
    assert (shown.date(), shown.hour, shown.minute) == (day, hour, minute)


def test_midnight_may_be_written_as_the_end_of_its_day() -> None:
    form = _sent(**_boxes("seen", 2021, 7, 26, "24:00"))
    assert form.is_valid()
    assert form.cleaned_data["seen"] == parse_instant("2021-07-27T00:00:00+08:00")


def test_full_width_figures_are_figures() -> None:
    form = _sent(**_boxes("seen", "２０２１", "７", "２６", "９：０５"))
    assert form.is_valid()
    assert form.cleaned_data["seen"] == parse_instant("2021-07-26T09:05:00+08:00")


@pytest.mark.parametrize(
    ("name", "boxes", "code"),
    [
        ("onset", ("", "", ""), "required"),
        ("onset", ("2021", "7", ""), "incomplete"),
        ("onset", ("2021", "13", "1"), "impossible"),
        ("onset", ("2021", "2", "29"), "impossible"),
        ("onset", ("21", "7", "26"), "impossible"),
        ("onset", ("9" * 30, "7", "26"), "impossible"),
        ("onset", ("2021", "七", "26"), "impossible"),
        ("seen", ("2021", "7", "26", ""), "incomplete"),
        ("seen", ("2021", "7", "26", "9"), "time"),
        ("seen", ("2021", "7", "26", "9:5"), "time"),
        ("seen", ("2021", "7", "26", "25:00"), "time"),
        ("seen", ("2021", "7", "26", "24:01"), "time"),
        ("seen", ("2021", "7", "26", "12:60"), "time"),
        ("seen", ("2021", "7", "26", "-1:30"), "time"),
    ],
)
def test_what_is_no_day_or_hour_is_refused_and_kept(name: str, boxes: tuple[str, ...], code: str) -> None:
    form = _sent(**_boxes(name, *boxes))
    assert form.has_error(name, code)
    for value in filter(None, boxes):
        assert f'value="{value}"' in markup(form[name])


@given(PLAIN_DAYS, st.integers(0, 86399))
def test_what_a_form_begins_with_is_what_it_gives_back(day: date, second: int) -> None:
    start = parse_instant(f"{day.isoformat()}T00:00:00+08:00")
    begun = Instant(start + second // 60 * 60)
    boxes = MomentField().widget.decompress(begun)
    names = ("year", "month", "day", "time")
    form = _sent(**{f"seen_{name}": value for name, value in zip(names, boxes, strict=True)})
    assert form.is_valid()
    assert form.cleaned_data["seen"] == begun


def test_the_boxes_stand_in_the_order_of_the_language() -> None:
    for language, order in (("zh-hans", ["year", "month", "day", "time"]), ("en", ["day", "month", "year", "time"])):
        with translation.override(language):
            shown = markup(Asked()["seen"])
            places = [shown.index(f'name="seen_{box}"') for box in order]
            assert places == sorted(places)


def test_every_error_is_linked_to_the_box_it_is_about() -> None:
    with translation.override("zh-hans"):
        form = Asked({"onset_year": "2021"})
        assert not form.is_valid()
        links = {link.url: link.text for link in form.error_links}
        assert links == {"#id_onset_year": "日期各格请填全，或者都不填。", "#id_why": "请填写“理由”。"}
        shown = "".join(markup(form[name]) for name in form.fields)
        assert all(f'id="{url[1:]}"' in shown for url in links)
    with translation.override("en"):
        assert [link.url for link in Asked({}).error_links] == ["#id_onset_day", "#id_why"]


def test_an_error_of_the_whole_form_comes_first() -> None:
    form = Asked({})
    form.add_error(None, "整个表单")
    assert (form.error_links[0].text, form.error_links[0].url) == ("整个表单", "")


def test_hint_and_error_are_told_to_who_cannot_see_them() -> None:
    shown = markup(Asked({})["why"])
    assert 'aria-describedby="id_why-hint id_why-error"' in shown
    assert 'id="id_why-hint"' in shown
    assert 'id="id_why-error"' in shown
    assert "govuk-textarea--error" in shown
    assert "required" not in shown.replace("govuk", "")


def test_a_single_sign_is_no_reason() -> None:
    assert _sent(why="无").has_error("why", "min_length")


def test_choices_are_a_field_set_with_a_legend_and_errors_lead_to_the_first() -> None:
    class Needed(Picked):
        def __init__(self, *args: Any, **given: Any) -> None:
            super().__init__(*args, **given)
            self.fields["one"].required = True

    form = Needed({})
    assert [link.url for link in form.error_links] == ["#id_one_0"]
    shown = markup(form["one"])
    assert 'id="id_one_0"' in shown
    assert shown.count("govuk-radios__input") == 2
    assert "<legend" in shown
    assert "govuk-radios--small" in shown


def test_a_filter_requires_nothing() -> None:
    form = Picked({})
    assert form.is_valid()
    assert form.cleaned_data == {"kind": [], "one": ""}


def test_an_act_carries_a_fresh_key_that_stays_over_errors() -> None:
    class Act(ActForm):
        what = forms.CharField(label="事")

    one, other = Act(), Act()
    assert one["key"].value()
    assert one["key"].value() != other["key"].value()
    again = Act({"key": one["key"].value()})
    assert not again.is_valid()
    assert f'value="{one["key"].value()}"' in str(again["key"])


@pytest.mark.parametrize(
    ("told", "right"), [("person:p1", True), ("unit:u7", True), ("p1", False), (":p1", False), ("person:", False)]
)
def test_a_subject_has_a_kind_and_a_name(told: str, right: bool) -> None:
    assert Named({"subject": told}).is_valid() == right


def test_a_question_may_be_the_heading_of_its_page() -> None:
    assert "<h1" in markup(Asked()["onset"], page=True)
    assert "<h1" not in markup(Asked()["onset"])
