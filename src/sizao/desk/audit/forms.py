"""What lists of this desk are narrowed by."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from sizao.desk.store.rights import Purpose
from sizao.desk.web.forms import FilterForm
from sizao.desk.web.reading import reader_lang
from sizao.words import say

LONGEST = 366


def _purposes() -> list[tuple[str, str]]:
    return [("", "–"), *((str(purpose), say(f"purpose.{purpose}", reader_lang())) for purpose in Purpose)]


class ActFilter(FilterForm):
    """Acts of an actor, a unit, a purpose, a name."""

    actor = forms.CharField(label=_("Who"), max_length=64)
    unit = forms.CharField(label=_("Unit"), max_length=64)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=_purposes)
    name = forms.CharField(label=_("What was done"), max_length=40)


class DaysFilter(FilterForm):
    """The last so many days."""

    days = forms.IntegerField(label=_("Days back"), min_value=1, max_value=LONGEST)
