"""What a case notice says, asked for when a case is reported and when a notice was wrong. What is not known stays unknown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from sizao.desk.contacts.forms import SHORT, MatterForm, words
from sizao.desk.contacts.listing import area_choices
from sizao.desk.contacts.subject import standing
from sizao.desk.people.who import DocumentKind, Sex
from sizao.desk.store.rights import Actor
from sizao.desk.web.fields import DayField, MomentField, ReasonsField
from sizao.desk.web.forms import ActForm
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.facts.kinds import CaseClass, CaseNotice, Correction, DataClass, Fact, FactId
from sizao.when import Instant, Precision, day_start, local, local_day
from sizao.words import say

ELSEWHERE = "elsewhere"


class NoticeFields(forms.Form):
    """The fields of a notice."""

    case_class = forms.ChoiceField(label=_("Class"), widget=forms.RadioSelect)
    at = MomentField(label=_("When it was diagnosed or notified"))
    onset = DayField(
        label=_("Onset of symptoms"), required=False, help_text=_("Empty without symptoms, or if not known.")
    )
    sampled = MomentField(label=_("First positive sample taken"), required=False)
    neither = forms.BooleanField(
        label=_("Neither is known yet"),
        required=False,
        help_text=_("Then no infectious window can be drawn, and nobody is matched."),
    )
    area = forms.ChoiceField(label=_("Reporting area"))
    other_area = forms.CharField(label=_("Code of the other area"), required=False, max_length=12)
    reported_by = forms.CharField(label=_("Hospital or office that reported it"), required=False, max_length=SHORT)


def begin(form: forms.Form, actor: Actor, now: Instant) -> None:
    """Give the fields of a notice their choices, and what they begin with."""
    classes, area = form.fields["case_class"], form.fields["area"]
    assert isinstance(classes, forms.ChoiceField)
    assert isinstance(area, forms.ChoiceField)
    classes.choices = words("case_class", tuple(CaseClass))
    choices = area_choices(actor, local_day(now, reader_zone()))[1:]
    area.choices = [*choices, (ELSEWHERE, say("cases.elsewhere", reader_lang()))]
    form.fields["at"].initial = now


def check(form: forms.Form, now: Instant) -> None:
    """Refuse what is still to come, what cannot be, and a notice by which nothing could be matched without saying so."""
    told = form.cleaned_data
    for name in ("at", "sampled"):
        if told.get(name) is not None and told[name] > now:
            form.add_error(name, _("This is still to come."))
    onset = told.get("onset")
    if onset is not None and day_start(onset, reader_zone()) > now:
        form.add_error("onset", _("This is still to come."))
    known = onset is not None or told.get("sampled") is not None
    wrong = "onset" in form.errors or "sampled" in form.errors
    if not known and not wrong and not told.get("neither"):
        form.add_error("onset", _("Give the onset or the first positive sample, or say that neither is known yet."))
    if known and told.get("neither"):
        form.add_error("neither", _("Either a day or that neither is known."))
    if told.get("area") == ELSEWHERE and not _is_code(told.get("other_area", "")):
        form.add_error("other_area", _("Write the division code of the area that notified it: 6 to 12 digits."))


def _is_code(text: str) -> bool:
    return text.strip().isdecimal() and 6 <= len(text.strip()) <= 12


def said_of(told: dict[str, Any]) -> dict[str, Any]:
    """The fields of a notice from what was entered."""
    onset, sampled = told.get("onset"), told.get("sampled")
    area = told["other_area"].strip() if told["area"] == ELSEWHERE else told["area"]
    return {
        "case_class": CaseClass(told["case_class"]), "onset": None if onset is None else day_start(onset, reader_zone()),
        "positive_sampled_at": sampled, "reporting_area": area, "reported_by": told.get("reported_by") or None,
        "precision": Precision.MINUTE,
    }  # fmt: skip


class ReportForm(NoticeFields, ActForm):
    """A new notice. Whoever does not report for a hospital or the CDC says whose notice it is."""

    disease = forms.CharField(label=_("Disease"), max_length=40)
    source = forms.CharField(
        label=_("Whose notice this is"), max_length=SHORT, required=False,
        help_text=_("The area or office that notified it, and the number of its letter."),
    )  # fmt: skip
    field_order = (
        "case_class", "disease", "at", "onset", "sampled", "neither", "area", "other_area", "reported_by", "source", "key",
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, now: Instant, disease: str, second_hand: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        self.now, self.second_hand = now, second_hand
        begin(self, actor, now)
        self.fields["disease"].initial = disease
        self.fields["source"].required = second_hand
        if not second_hand:
            del self.fields["source"]

    def clean(self) -> dict[str, Any]:
        """See `check`."""
        super().clean()
        check(self, self.now)
        return self.cleaned_data


class WhoForm(ActForm):
    """Who somebody is, where nobody on record is meant. Only the name is always known."""

    fresh = forms.CharField(widget=forms.HiddenInput, max_length=80)
    name = forms.CharField(label=_("Name"), max_length=80)
    document_kind = forms.ChoiceField(label=_("Document"), required=False)
    document = forms.CharField(label=_("Number of the document"), required=False, max_length=40)
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=30)
    address = forms.CharField(label=_("Address"), required=False, max_length=200)
    born = DayField(label=_("Date of birth"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), required=False, widget=forms.RadioSelect)
    home = forms.ChoiceField(label=_("Lives in"))

    def __init__(self, *args: Any, actor: Actor, now: Instant, **more: Any) -> None:
        super().__init__(*args, **more)
        lang = reader_lang()
        choices: dict[str, Sequence[tuple[str, str]]] = {
            "document_kind": [(str(kind), say(kind.term, lang)) for kind in DocumentKind],
            "sex": [(str(sex), say(sex.term, lang)) for sex in Sex],
            "home": area_choices(actor, local_day(now, reader_zone()))[1:],
        }
        for name, listed in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = list(listed)
        self.fields["sex"].initial = str(Sex.UNKNOWN)


class AmendForm(NoticeFields, MatterForm):
    """A notice was wrong: the better one takes its place, with the reason. Or it was no case at all."""

    about = forms.ChoiceField(label=_("Which notice"), widget=forms.RadioSelect)
    withdraw = forms.BooleanField(
        label=_("It is no case"),
        required=False,
        help_text=_("The notice is taken back; whoever is held by it alone is free at once."),
    )
    why = ReasonsField(label=_("Why the notice was wrong"))
    decides: ClassVar[bool] = True
    field_order = (
        "about",
        "withdraw",
        "case_class",
        "at",
        "onset",
        "sampled",
        "neither",
        "area",
        "other_area",
        "reported_by",
        "why",
        "version",
        "key",
    )

    def prepare(self) -> None:
        """The notices that stand, and the latest of them as it is."""
        begin(self, self.matter.actor, self.matter.now)
        notices = self._notices()
        lang, zone = reader_lang(), reader_zone()
        self.choose(
            "about",
            [
                (
                    fact.id,
                    f"{say(f'case_class.{fact.case_class}', lang)} {local(fact.at, zone):%Y-%m-%d %H:%M} ({fact.source})",
                )
                for fact in notices
            ],
        )
        if notices:
            self._begin_with(notices[-1])

    def _notices(self) -> list[CaseNotice]:
        return [fact for fact in standing(self.matter.page) if isinstance(fact, CaseNotice)]

    def _begin_with(self, notice: CaseNotice) -> None:
        area = self.fields["area"]
        assert isinstance(area, forms.ChoiceField)
        ours = {str(code) for code, _name in area.choices}  # type: ignore[misc,union-attr]  # no groups here
        told = {
            "about": notice.id, "case_class": str(notice.case_class), "at": notice.at, "sampled": notice.positive_sampled_at,
            "onset": None if notice.onset is None else local(notice.onset, reader_zone()).date(),
            "area": notice.reporting_area if notice.reporting_area in ours else ELSEWHERE, "reported_by": notice.reported_by,
            "other_area": "" if notice.reporting_area in ours else notice.reporting_area,
            "neither": notice.onset is None and notice.positive_sampled_at is None,
        }  # fmt: skip
        for name, value in told.items():
            self.fields[name].initial = value

    def clean(self) -> dict[str, Any]:
        """See `check`; what is taken back altogether says nothing new."""
        super().clean()
        told = self.cleaned_data
        if not told.get("withdraw"):
            check(self, self.matter.now)
        return told

    def facts(self) -> list[Fact]:
        """The better notice and the correction that names both, or the correction alone."""
        told = self.cleaned_data
        old = next(fact for fact in self._notices() if fact.id == told["about"])
        better = None
        if not told.get("withdraw"):
            better = self.made(CaseNotice, at=told["at"], source=old.source, disease=old.disease, **said_of(told))
        taken_back = self.made(
            Correction, at=self.matter.now, data_class=DataClass.HEALTH, corrects=FactId(old.id), why=told["why"],
            replacement=None if better is None else better.id,
        )  # fmt: skip
        return [taken_back] if better is None else [better, taken_back]
