"""Forms that need no account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sizao.desk.me.challenges import WRONG
from sizao.desk.me.forms import Choices, choose, said, words_field
from sizao.desk.web.forms import ActForm, DayField, GovForm

NUMBER_HINT = _("It stands in the message, on the paper or on the receipt: N123, or three groups of letters.")
DOCUMENT_HINT = _("The document or telephone number the message was sent for. It is compared and not stored.")


class ChallengeForm(ActForm):
    """A challenge without an account: which number, whose, what is wrong."""

    reference = forms.CharField(
        label=_("Number of the message, paper or receipt"), help_text=NUMBER_HINT, max_length=40
    )
    number = forms.CharField(label=_("Document or telephone number"), help_text=DOCUMENT_HINT, max_length=40)
    wrong = forms.MultipleChoiceField(label=_("What is wrong"), widget=forms.CheckboxSelectMultiple)
    words = words_field(_("In your own words"), _("Say what happened. You need not know any rule."))
    evidence = words_field(
        _("What shows it"),
        _("A ticket, a payment, somebody who was with you, where it can be asked for. You may add it later."),
        required=False,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self, "wrong", said(f"me.wrong.{code}" for code in WRONG))


class StatusForm(GovForm):
    """What became of a challenge."""

    reference = forms.CharField(label=_("Receipt number"), max_length=40)
    number = forms.CharField(label=_("Document or telephone number"), help_text=DOCUMENT_HINT, max_length=40)


class RealForm(GovForm):
    """Is this message or paper real?"""

    reference = forms.CharField(label=_("Number of the message or paper"), help_text=NUMBER_HINT, max_length=40)
    number = forms.CharField(
        label=_("Document or telephone number"),
        help_text=_("Only to learn whether it was sent to you. It is compared and not stored."),
        required=False,
        max_length=40,
    )


class RulesForm(GovForm):
    """Which rules: of which area, on which day."""

    area = forms.ChoiceField(label=_("Area"), required=False)
    on = DayField(label=_("On the day"), required=False)

    def __init__(self, *args: Any, areas: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self, "area", areas)
