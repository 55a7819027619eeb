"""Forms in GOV.UK markup: label, hint, error and field in one group, every error linked from a summary, what was written kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.utils import pretty_name
from django.template.loader import render_to_string
from django.utils.functional import lazy
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from sizao.desk.access.entry import KEY, new_key
from sizao.desk.web.fields import Boxes, DayField, MomentField, ReasonsField, SubjectField
from sizao.desk.web.parts import Link

__all__ = [
    "ActForm",
    "Boxes",
    "DayField",
    "FilterForm",
    "GovForm",
    "MomentField",
    "ReasonsField",
    "SubjectField",
    "markup",
]

CLASSES: Sequence[tuple[type[forms.Widget], str]] = (
    (forms.CheckboxSelectMultiple, "govuk-checkboxes__input"),
    (forms.RadioSelect, "govuk-radios__input"),
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.Select, "govuk-select"),
    (forms.Textarea, "govuk-textarea"),
    (forms.FileInput, "govuk-file-upload"),
    (forms.widgets.Input, "govuk-input"),
)
"""The class of each kind of widget; the first that fits, so the narrower kinds come first."""

GROUPS = (forms.CheckboxSelectMultiple, forms.RadioSelect, Boxes)
"""Widgets of several inputs: a field set with a legend instead of a label."""


class GovForm(forms.Form):
    """The base of every form of the desks. `{{ form }}` shows its fields; the button is the page's."""

    template_name = "web/parts/form.html"
    dense = False
    use_required_attribute = False

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | given))
        for name, field in self.fields.items():
            _dress(name, field)

    @property
    def error_links(self) -> Sequence[Link]:
        """Every error in the order of the fields, each leading to where it is mended; those of the whole form first."""
        general = [Link(text=str(text), url="") for text in self.non_field_errors()]
        of_fields = [
            Link(text=str(text), url=f"#{_first_id(bound)}") for bound in self.visible_fields() for text in bound.errors
        ]
        hidden = [Link(text=str(text), url="") for bound in self.hidden_fields() for text in bound.errors]
        return (*general, *hidden, *of_fields)


class FilterForm(GovForm):
    """What a list is narrowed by: nothing is required, and everything stands close together. Read with `request.GET`."""

    dense = True

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        for field in self.fields.values():
            field.required = False


class ActForm(GovForm):
    """A form that ends in one act. Its hidden `key` makes sending it twice harmless, and stays the same over errors."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields[KEY].initial = self.initial.get(KEY) or new_key()


def _dress(name: str, field: forms.Field) -> None:
    """Give a field its class, and words of its own for being left empty."""
    given = field.widget.attrs.get("class", "")
    names = [name for kind, name in CLASSES if isinstance(field.widget, kind)]
    if names:
        field.widget.attrs["class"] = f"{names[0]} {given}".strip()
    if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
        field.error_messages["required"] = _fill_in(name, field)


def _fill_in(name: str, field: forms.Field) -> Any:
    """Said when it is shown: until then a label may be set and the language may change."""

    def said() -> str:
        return gettext("Fill in “{label}”.").format(label=field.label or pretty_name(name))

    return lazy(said, str)()


def _first_id(bound: BoundField) -> str:
    widget, auto_id = bound.field.widget, str(bound.auto_id)
    if isinstance(widget, Boxes):
        return widget.first_id(auto_id)
    return f"{auto_id}_0" if isinstance(widget, GROUPS) else auto_id


def markup(bound: BoundField, *, page: bool = False) -> SafeString:
    """A field with its label (or legend), hint and errors. `page` sets its question as the heading of the page."""
    if bound.is_hidden:
        return mark_safe(str(bound))  # noqa: S308 - Django's own rendering
    widget = bound.field.widget
    described = [f"{bound.auto_id}-hint"] if bound.help_text else []
    described += [f"{bound.auto_id}-error"] if bound.errors else []
    context = {
        "bound": bound,
        "kind": _kind(widget),
        "described": " ".join(described),
        "page": page,
        "dense": getattr(bound.form, "dense", False),
        "control": None if isinstance(widget, GROUPS) else _control(bound, " ".join(described)),
    }
    return render_to_string("web/parts/field_group.html", context)


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, Boxes):
        return "boxes"
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes"
    if isinstance(widget, forms.RadioSelect):
        return "radios"
    return "checkbox" if isinstance(widget, forms.CheckboxInput) else "single"


def _control(bound: BoundField, described: str) -> SafeString:
    attrs: dict[str, str | bool] = {"class": _with_error(bound)}
    if described:
        attrs["aria-describedby"] = described
    return bound.as_widget(attrs=attrs)


def _with_error(bound: BoundField) -> str:
    given: str = bound.field.widget.attrs.get("class", "")
    first = given.split(" ")[0]
    return f"{given} {first}--error" if bound.errors and first else given
