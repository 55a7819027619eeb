"""What the set-up desk asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sizao.desk.people.models import Unit
from sizao.desk.people.registries import UnitKind
from sizao.desk.store.rights import Role
from sizao.desk.web.forms import ActForm, DayField, GovForm, ReasonsField
from sizao.desk.web.reading import reader_lang
from sizao.policy.kinds import PlaceKind
from sizao.words import say

FILES = ("provinces", "cities", "areas", "streets", "villages")
LARGEST_LIST = 8 << 20
"""So many bytes of a list of codes are taken in through a page; the list of a whole nation is not a county's
business."""


def _offer(field: forms.Field, words: Mapping[str, str]) -> None:
    """Let a field choose among codes, each by its word in the reader's language."""
    if isinstance(field, forms.ChoiceField):
        field.choices = [(code, say(word, reader_lang())) for code, word in words.items()]


class FindForm(GovForm):
    """Which users to show."""

    q = forms.CharField(label=_("User name, name or unit"), required=False, max_length=60)
    ended = forms.BooleanField(label=_("Ended accounts too"), required=False)


class AccountForm(ActForm):
    """Who is to sign in."""

    username = forms.CharField(label=_("User name"), max_length=40, help_text=_("2 to 40 characters, no blanks."))
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=40)
    name_en = forms.CharField(label=_("Name in English"), max_length=60)
    unit = forms.CharField(label=_("Unit (its code)"), max_length=64)
    email = forms.EmailField(label=_("E-mail at work"), required=False)

    def clean_unit(self) -> str:
        """A unit there is, once there is a register of units."""
        code: str = self.cleaned_data["unit"]
        if Unit.objects.exists() and not Unit.objects.filter(code=code).exists():
            raise forms.ValidationError(_("There is no unit with this code. Put it in first."))
        return code


class GrantForm(ActForm):
    """Which role, and where."""

    role = forms.ChoiceField(label=_("Role"))
    area = forms.CharField(
        label=_("Area (division code)"),
        required=False,
        max_length=12,
        help_text=_("6 to 12 digits; with all that lies in it. Administrators have none."),
    )

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        roles = [role for role in Role if role is not Role.MACHINE]
        _offer(self.fields["role"], {str(role): f"role.{role}" for role in roles})


class ReasonForm(ActForm):
    """Why."""

    why = ReasonsField(label=_("Why"))


class SureForm(ActForm):
    """Nothing but the button."""


class UnitForm(ActForm):
    """What a unit is called, what it is, where it lies."""

    code = forms.CharField(label=_("Code"), max_length=64)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=160, required=False)
    kind = forms.ChoiceField(label=_("Kind"))
    area = forms.RegexField(r"^[0-9]{6,12}$", label=_("Area (division code)"))
    uscc = forms.CharField(label=_("Unified social credit code"), max_length=18, required=False)
    parent = forms.CharField(label=_("Part of (code)"), max_length=64, required=False)
    since = DayField(label=_("From"))

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        _offer(self.fields["kind"], {str(kind): kind.term for kind in UnitKind})


class UnitEndForm(ActForm):
    """The day from which a unit is no more."""

    on = DayField(label=_("From which day it is no more"))


class PlaceForm(ActForm):
    """What a place is called, what it is, where it lies. Where somebody lives is none of this desk's business."""

    code = forms.RegexField(r"^[^\s:]{1,40}:?[^\s]{0,39}$", label=_("Code"))
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=160)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Kind"))
    area = forms.RegexField(r"^[0-9]{6,12}$", label=_("Area (division code)"))
    address = forms.CharField(label=_("Address"), max_length=240, required=False)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        kinds = [kind for kind in PlaceKind if kind is not PlaceKind.DWELLING]
        _offer(self.fields["kind"], {str(kind): f"policy.place_kind.{kind}" for kind in kinds})


class AreasForm(ActForm):
    """A list of division codes, one file for each level, and from when it holds."""

    since = DayField(label=_("From which day the list holds"))

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        for name in FILES:
            self.fields[name] = forms.FileField(label=f"{name}.csv", required=False)

    def clean(self) -> dict[str, Any]:
        """At least one file, and not too much of it."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        files = [told[name] for name in FILES if told.get(name)]
        if not files:
            raise forms.ValidationError(_("Choose at least one file."))
        if sum(file.size for file in files) > LARGEST_LIST:
            raise forms.ValidationError(_("The list is too long for this page."))
        return told


class FindingForm(ActForm):
    """What was found when an alert was looked at."""

    finding = ReasonsField(label=_("What was found, and what was done"))
