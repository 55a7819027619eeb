"""Forms of the counter: how the person was known, who is put on the register, and how a challenge is decided."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sizao.desk.counter.checking import CHECKS, RELATIONS, WAYS
from sizao.desk.counter.deciding import SHORTEST
from sizao.desk.me.forms import LONG, SHORT, Choices, choose, said
from sizao.desk.people.who import DocumentKind, Sex, Who
from sizao.desk.web.forms import ActForm, DayField, GovForm, MomentField
from sizao.desk.web.reading import reader_lang
from sizao.when import Instant
from sizao.words import say


class SearchForm(GovForm):
    """One search box."""

    q = forms.CharField(
        label=_("Who is it?"),
        help_text=_("Document number, telephone, name, or initials; a date of birth narrows a common name."),
        max_length=SHORT,
    )


class CheckedForm(GovForm):
    """How the person was known. A number that is typed here is compared and forgotten."""

    relation = forms.ChoiceField(label=_("Who speaks"), widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Name of the helper"),
        help_text=_("Where it is not the person who speaks."),
        required=False,
        max_length=40,
    )
    channel = forms.ChoiceField(label=_("Where"), widget=forms.RadioSelect)
    checked = forms.ChoiceField(label=_("How the identity was checked"), widget=forms.RadioSelect)
    number = forms.CharField(
        label=_("Document or telephone number"),
        help_text=_("Compared with the record and not stored. Needed on the telephone."),
        required=False,
        max_length=SHORT,
    )

    received = MomentField(
        label=_("When the paper was received"),
        help_text=_("Only where a paper form is entered later; its clocks run from then."),
        required=False,
    )

    def __init__(self, *args: Any, now: Instant, **more: Any) -> None:
        self.now = now
        super().__init__(*args, **more)
        choose(self, "relation", said(f"me.relation.{code}" for code in RELATIONS))
        choose(self, "channel", said(f"me.way.{code}" for code in WAYS))
        choose(self, "checked", said(f"me.checked.{code}" for code in CHECKS))

    def clean(self) -> dict[str, Any]:
        """A helper has a name; a number that is to be compared is there; nobody shows a document on the telephone."""
        super().clean()
        told = self.cleaned_data
        if told.get("relation") not in ("self", None) and not told.get("name"):
            self.add_error("name", _("Say who helps."))
        if told.get("checked") == "number" and not told.get("number"):
            self.add_error("number", _("Give the number that was told."))
        if told.get("channel") == "phone" and told.get("checked") == "document":
            self.add_error("checked", _("No document can be seen on the telephone."))
        if told.get("channel") == "paper" and told.get("received") is None and "received" not in self.errors:
            self.add_error("received", _("Say when the paper was received."))
        if told.get("received") is not None and told["received"] > self.now:
            self.add_error("received", _("This is still to come."))
        if told.get("channel") != "paper":
            told["received"] = None
        return told


class RegisterForm(ActForm):
    """Somebody who is not on the register: with what is known, and without what is not."""

    name = forms.CharField(label=_("Name"), help_text=_("As on the document, or as the person says it."), max_length=80)
    document_kind = forms.ChoiceField(label=_("Document"), widget=forms.RadioSelect)
    document = forms.CharField(label=_("Its number"), required=False, max_length=40)
    phone = forms.CharField(
        label=_("Telephone"),
        help_text=_("It may be shared by a family. Leave it empty where there is none."),
        required=False,
        max_length=30,
    )
    born = DayField(label=_("Date of birth"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), widget=forms.RadioSelect, required=False)
    address = forms.CharField(label=_("Where the person lives"), required=False, max_length=200)
    area = forms.ChoiceField(label=_("Area"))
    another = forms.BooleanField(label=_("This is somebody else than the people shown"), required=False)

    def __init__(self, *args: Any, areas: Choices, similar: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        lang = reader_lang()
        choose(self, "document_kind", [(str(kind), say(kind.term, lang)) for kind in DocumentKind])
        choose(self, "sex", [(str(sex), say(sex.term, lang)) for sex in Sex])
        choose(self, "area", areas)
        self.fields["document_kind"].initial = str(DocumentKind.CITIZEN_ID)
        self.fields["sex"].initial = str(Sex.UNKNOWN)
        if not similar:
            self.fields["another"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """A kind of document has a number, and a number has a kind."""
        super().clean()
        told = self.cleaned_data
        kind, number = told.get("document_kind", DocumentKind.NONE), told.get("document", "")
        if number and kind == DocumentKind.NONE:
            self.add_error("document_kind", _("Say what the number is of."))
        if kind != DocumentKind.NONE and not number:
            self.add_error("document", _("Give the number, or choose that there is no document."))
        return told

    def who(self) -> Who:
        """Who it is, as the form says it."""
        told = self.cleaned_data
        return Who(
            name=told["name"],
            document_kind=DocumentKind(told["document_kind"]),
            document=told["document"],
            phone=told["phone"],
            address=told["address"],
            born=told["born"],
            sex=Sex(told["sex"] or Sex.UNKNOWN),
        )


class DecisionForm(ActForm):
    """The answer to a challenge: granted or not, what is taken back, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=_("The decision"), widget=forms.RadioSelect)
    withdraw = forms.MultipleChoiceField(
        label=_("What is taken back"),
        help_text=_("Only with a grant. Whoever was held only by it is free at once."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reasons = forms.CharField(
        label=_("Your reasons"),
        help_text=_("In your own words. The person reads them; name nobody else."),
        min_length=SHORTEST,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, grounds: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self, "outcome", said(f"me.outcome.{code}" for code in ("granted", "refused")))
        choose(self, "withdraw", grounds)
        if not grounds:
            del self.fields["withdraw"]
