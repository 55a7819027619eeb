"""Fields that ask for a day or a moment without guessing at its order, and for reasons in own words."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.when import Instant, instant_of, local, zone
from sizao.words import Lang

FIRST_YEAR = 1900
"""A year before it is a slip of the hand."""

ORDER = {Lang.ZH: ("year", "month", "day", "time"), Lang.EN: ("day", "month", "year", "time")}
"""How each language says a day."""

LABELS = {"year": _("Year"), "month": _("Month"), "day": _("Day"), "time": _("Time (24 hours)")}


class Boxes(forms.MultiWidget):
    """One box each for year, month, day and, where `clock`, the time; in the order the reader's language has."""

    template_name = "web/parts/boxes.html"

    def __init__(self, *, clock: bool = False, attrs: dict[str, Any] | None = None) -> None:
        self.clock = clock
        super().__init__({name: _box(name) for name in ORDER[Lang.ZH] if clock or name != "time"}, attrs)

    def decompress(self, value: Any) -> list[str]:
        """The boxes of a date, or of an Instant in the deployment's zone."""
        if value is None:
            return [""] * len(self.widgets)
        shown = value if isinstance(value, date) else local(value, reader_zone())
        boxes = [str(shown.year), str(shown.month), str(shown.day)]
        return [*boxes, f"{shown:%H:%M}"] if self.clock else boxes

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Django's call: the boxes in the reader's order, each with its label."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        boxes = dict(zip(ORDER[Lang.ZH], context["widget"]["subwidgets"], strict=False))
        for box, told in boxes.items():
            told["label"] = LABELS[box]
            told["attrs"]["id"] = f"{context['widget']['attrs'].get('id', name)}_{box}"
        context["widget"]["subwidgets"] = [boxes[box] for box in ORDER[reader_lang()] if box in boxes]
        return context

    def first_id(self, auto_id: str) -> str:
        """The id of the box that comes first for this reader."""
        return f"{auto_id}_{ORDER[reader_lang()][0]}"


def _box(name: str) -> forms.TextInput:
    width = "govuk-input--width-4" if name == "year" else "govuk-input--width-2"
    told = {"class": f"govuk-input govuk-date-input__input {width}", "autocomplete": "off"}
    if name == "time":
        told |= {"class": "govuk-input govuk-date-input__input govuk-input--width-5", "placeholder": ""}
    else:
        told |= {"inputmode": "numeric"}
    return forms.TextInput(attrs=told)


class DayField(forms.Field):
    """Gives a `date`, or None where nothing was entered and nothing is required. Posts `name_year`, `name_month`, `name_day`."""

    widget: Any = Boxes
    clock: ClassVar[bool] = False
    default_error_messages: ClassVar = {
        "incomplete": _("Fill in every box of the date, or none."),
        "impossible": _("There is no such day. Check year, month and day."),
        "time": _("Write the time with hour and minute, for example 21:10."),
    }

    def __init__(self, **given: Any) -> None:
        super().__init__(**({"widget": Boxes(clock=self.clock)} | given))

    def clean(self, value: Any) -> Any:
        """The day or moment of the boxes; refuses boxes that are half filled or name no day."""
        boxes = [unicodedata.normalize("NFKC", str(box or "")).strip() for box in value or ()]
        if not any(boxes):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        if not all(boxes):
            raise ValidationError(self.error_messages["incomplete"], code="incomplete")
        return self.read(boxes)

    def read(self, boxes: Sequence[str]) -> Any:
        """The date of filled boxes."""
        return self._day(boxes)

    def _day(self, boxes: Sequence[str]) -> date:
        try:
            day = date(*(int(box) for box in boxes[:3]))
        except (ValueError, OverflowError) as unreadable:
            raise ValidationError(self.error_messages["impossible"], code="impossible") from unreadable
        if day.year < FIRST_YEAR:
            raise ValidationError(self.error_messages["impossible"], code="impossible")
        return day

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Django's call: whether the boxes say something else than before."""
        before: list[str] = self.widget.decompress(initial)
        now = [str(box or "") for box in data or before]
        return now != before


class MomentField(DayField):
    """Gives an `Instant` of the deployment's zone; 24:00 is the end of its day. Posts `name_time` besides."""

    clock: ClassVar[bool] = True

    def read(self, boxes: Sequence[str]) -> Instant:
        """The instant of filled boxes."""
        hour, colon, minute = boxes[3].partition(":")
        right = colon and hour.isdecimal() and minute.isdecimal() and len(minute) == 2 and int(minute) < 60
        if not right or (int(hour) * 60 + int(minute)) > 24 * 60:
            raise ValidationError(self.error_messages["time"], code="time")
        day = self._day(boxes)
        start = datetime(day.year, day.month, day.day, tzinfo=zone(reader_zone()))
        return instant_of(start + timedelta(hours=int(hour), minutes=int(minute)))


class ReasonsField(forms.CharField):
    """Reasons in own words: one sign is none."""

    def __init__(self, **given: Any) -> None:
        own: dict[str, Any] = {"widget": forms.Textarea(attrs={"rows": 4}), "min_length": 4, "max_length": 2000}
        super().__init__(**(own | given))


class SubjectField(forms.CharField):
    """The name of a subject as the store has it, `kind:name`."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**({"max_length": 80} | given))

    def clean(self, value: Any) -> str:
        """The name; refuses one without a kind."""
        told = str(super().clean(value))
        kind, colon, name = told.partition(":")
        if told and not (kind and colon and name):
            raise ValidationError(_("This is not the number of a person, a unit or an area."), code="invalid")
        return told
