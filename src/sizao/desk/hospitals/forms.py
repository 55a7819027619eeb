"""The forms of a hospital: report a case and send the report, review it, receive, transfer, record the course, discharge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sizao.desk.contacts.care_forms import AdmitForm, AtForm
from sizao.desk.contacts.forms import SHORT, MatterForm, words
from sizao.desk.hospitals.signals import discharge_of, discharge_rule, in_hospital, notices_of
from sizao.desk.me.reports import SYMPTOMS
from sizao.desk.people.who import DocumentKind, Sex, Who
from sizao.desk.store.book import book, deployment
from sizao.desk.store.noticing import NETWORK, Noticed, facts_of, sent
from sizao.desk.web.forms import ActForm, DayField, GovForm, MomentField
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.facts.kinds import Admitted, CaseClass, Fact, Left, Reported, Setting, Symptom
from sizao.policy.kinds import Event
from sizao.rules.explain import say_reason
from sizao.rules.infected import diseases
from sizao.when import Instant, day_start
from sizao.words import say


class NoticeFields(GovForm):
    """What a case notice asks. Mixed into the form for somebody known and the one for somebody new."""

    case_class = forms.ChoiceField(label=_("Class"), widget=forms.RadioSelect)
    disease = forms.ChoiceField(label=_("Disease"))
    diagnosed_at = MomentField(
        label=_("When it was diagnosed"), help_text=_("The two hours for reporting run from here.")
    )
    onset = DayField(label=_("Day the symptoms began"), required=False)
    positive_at = MomentField(label=_("When the first positive sample was taken"), required=False)
    symptoms = forms.MultipleChoiceField(label=_("Symptoms"), required=False, widget=forms.CheckboxSelectMultiple)
    sent_at = MomentField(
        label=_("When it was reported to the network"),
        required=False,
        help_text=_("Leave it empty while it is not: the clock shows."),
    )

    def fill(self, now: Instant) -> None:
        """The words of every choice; diagnosed now unless somebody says otherwise."""
        lang = reader_lang()
        for name, choices in (
            ("case_class", [(str(one), say(f"case_class.{one}", lang)) for one in CaseClass]),
            ("disease", disease_choices()), ("symptoms", words("me.symptom", SYMPTOMS)),
        ):  # fmt: skip
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        self.fields["disease"].initial = deployment().disease
        self.fields["diagnosed_at"].initial = now

    def check(self, now: Instant) -> None:
        """Nothing ahead; a report after the diagnosis; a confirmed case with an onset or a positive sample."""
        told = self.cleaned_data
        for name in ("diagnosed_at", "positive_at", "sent_at"):
            at = told.get(name)
            if at is not None and at > now:
                self.add_error(name, _("This is still to come."))
        if told.get("sent_at") and told.get("diagnosed_at") and told["sent_at"] < told["diagnosed_at"]:
            self.add_error("sent_at", _("A case is reported after it is diagnosed."))
        if told.get("onset") and self._begins() > now:
            self.add_error("onset", _("This is still to come."))
        asymptomatic = told.get("case_class") == CaseClass.ASYMPTOMATIC
        if not self.errors and told.get("onset") is None and told.get("positive_at") is None:
            self.add_error(
                "positive_at" if asymptomatic else "onset",
                _("Say when the symptoms began or when the positive sample was taken."),
            )

    def _begins(self) -> Instant:
        return day_start(self.cleaned_data["onset"], reader_zone())

    def noticed(self, area: str) -> Noticed:
        """The notice as it was entered."""
        told = self.cleaned_data
        return Noticed(
            case_class=CaseClass(told["case_class"]), disease=told["disease"], at=told["diagnosed_at"], reporting_area=area,
            onset=None if told["onset"] is None else self._begins(), positive_sampled_at=told["positive_at"],
            symptoms=tuple(told["symptoms"]), sent_at=told["sent_at"],
        )  # fmt: skip


def disease_choices() -> list[tuple[str, str]]:
    """The diseases whose rules are on file here."""
    return [(code, say(f"hospitals.disease.{code}", reader_lang())) for code in sorted(diseases(book()))]


class NoticeForm(NoticeFields, MatterForm):
    """A case notice about somebody who is on record."""

    decides = True

    def prepare(self) -> None:
        """The words of every choice."""
        self.fill(self.matter.now)

    def clean(self) -> dict[str, Any]:
        """See `NoticeFields.check`."""
        super().clean()
        self.check(self.matter.now)
        return self.cleaned_data

    def notice(self) -> str:
        """What a notice does."""
        return gettext("A case notice puts the patient in care and starts the clocks: report, review, transfer, track.")

    def facts(self) -> list[Fact]:
        """The notice, the symptoms, and the report where it was sent."""
        matter = self.matter
        return facts_of(matter.page.subject, self.noticed(matter.page.area), by=matter.actor, now=matter.now)


class NewPatientForm(NoticeFields, ActForm):
    """A case notice about somebody who is not on record yet: who it is, where at home, and the notice."""

    name = forms.CharField(label=_("Name"), max_length=80)
    document_kind = forms.ChoiceField(label=_("Document"), required=False)
    document = forms.CharField(label=_("Number of the document"), required=False, max_length=40)
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=40)
    sex = forms.ChoiceField(label=_("Sex"), required=False, widget=forms.RadioSelect)
    born = DayField(label=_("Date of birth"), required=False)
    address = forms.CharField(label=_("Address"), required=False, max_length=200)
    area = forms.ChoiceField(label=_("Lives in"))
    another = forms.BooleanField(label=_("None of these: this is somebody else"), required=False)

    field_order = ("name", "document_kind", "document", "phone", "sex", "born", "address", "area")

    def __init__(self, *args: Any, now: Instant, areas: Sequence[tuple[str, str]], similar: bool, **more: Any) -> None:
        self.now = now
        super().__init__(*args, **more)
        self.fill(now)
        lang = reader_lang()
        for name, choices in (
            ("document_kind", [(str(kind), say(kind.term, lang)) for kind in DocumentKind]),
            ("sex", [(str(sex), say(sex.term, lang)) for sex in Sex]), ("area", list(areas)),
        ):  # fmt: skip
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        if not similar:
            del self.fields["another"]

    def clean(self) -> dict[str, Any]:
        """A number has a kind; the rest as `NoticeFields.check`."""
        super().clean()
        told = self.cleaned_data
        if told.get("document") and told.get("document_kind") in ("", str(DocumentKind.NONE)):
            self.add_error("document_kind", _("Say what the number is of."))
        self.check(self.now)
        return self.cleaned_data

    def who(self) -> Who:
        """Who it is, as far as it was told."""
        told = self.cleaned_data
        return Who(
            name=told["name"], document_kind=DocumentKind(told["document_kind"] or DocumentKind.NONE), document=told["document"],
            phone=told["phone"], address=told["address"], born=told["born"], sex=Sex(told["sex"] or Sex.UNKNOWN),
        )  # fmt: skip


class FindForm(GovForm):
    """Who is it? By document, telephone or name; whoever is found is shown masked."""

    q = forms.CharField(label=_("Document, telephone or name"), max_length=SHORT)


# --- the report and its review ------------------------------------------------------------------------------------------


class NotifyForm(AtForm):
    """The case was reported to the network."""

    def prepare(self) -> None:
        """Now, unless somebody says otherwise."""
        super().prepare()
        self.fields["at"].label = _("When it was reported to the network")

    def facts(self) -> list[Fact]:
        """The report, and that the CDC has it."""
        matter, notices = self.matter, notices_of(self.matter.page)
        return sent(matter.page.subject, self.cleaned_data["at"], notices[-1].id, by=matter.actor, now=matter.now)

    def clean(self) -> dict[str, Any]:
        """There has to be a notice to send."""
        told = super().clean()
        if not notices_of(self.matter.page):
            self.add_error(None, _("There is no case notice yet: report the case first."))
        return told


class ReviewForm(AtForm):
    """The CDC looked at the report and confirms it."""

    decides = True

    def prepare(self) -> None:
        """Now, unless somebody says otherwise."""
        super().prepare()
        self.fields["at"].label = _("When it was confirmed")

    def clean(self) -> dict[str, Any]:
        """There has to be a notice to confirm."""
        told = super().clean()
        if not notices_of(self.matter.page):
            self.add_error(None, _("There is no case notice yet: the hospital reports the case first."))
        return told

    def facts(self) -> list[Fact]:
        """The confirmation of the latest notice."""
        about = notices_of(self.matter.page)[-1].id
        return [
            self.made(Reported, at=self.cleaned_data["at"], what=str(Event.REPORT_CONFIRMED), to=NETWORK, about=about)
        ]


# --- care -----------------------------------------------------------------------------------------------------------------


class HospitalAdmitForm(AdmitForm):
    """Received in this hospital, whatever the colour."""

    decides = False
    SETTINGS = (Setting.HOSPITAL,)

    def prepare(self) -> None:
        """Care waits for no order."""
        super().prepare()
        self.fields["place"].label = _("Hospital and ward")
        self.fields["place"].help_text = ""
        self.fields["place"].initial = self.matter.names.get(self.matter.actor.unit, self.matter.actor.unit)
        del self.fields["order"]

    def notice(self) -> str:
        """Nobody is turned away."""
        return gettext("No standing, no missing test and no missing order is a reason to turn anybody away.")


class TransferForm(AtForm):
    """From one hospital to another; care goes on."""

    decides = True
    place = forms.ChoiceField(label=_("From"), widget=forms.RadioSelect)
    to = forms.CharField(label=_("To which hospital and ward"), max_length=SHORT)

    def prepare(self) -> None:
        """Where the patient lies."""
        super().prepare()
        here = in_hospital(self.matter.page)
        names = self.matter.names
        self.choose("place", [] if here is None else [(here.place, names.get(here.place, here.place))])

    def facts(self) -> list[Fact]:
        """The leaving and the reception, at one moment."""
        told = self.cleaned_data
        left = self.made(Left, at=told["at"], place=told["place"], why="transfer")
        return [
            left,
            self.made(Admitted, at=told["at"], setting=Setting.HOSPITAL, place=told["to"].strip(), order=None),
        ]


class CourseForm(AtForm):
    """How the illness goes on: what the patient has now. No class of severity is kept: no rule here reads one."""

    observes = True
    symptoms = forms.MultipleChoiceField(label=_("Symptoms"), widget=forms.CheckboxSelectMultiple)

    def prepare(self) -> None:
        """The same symptoms everywhere."""
        super().prepare()
        self.choose("symptoms", words("me.symptom", SYMPTOMS))

    def facts(self) -> list[Fact]:
        """Each symptom as it is now."""
        told = self.cleaned_data
        return [self.made(Symptom, at=told["at"], symptom=symptom) for symptom in sorted(told["symptoms"])]


class DischargeForm(AtForm):
    """Discharge: the rule's conditions beside it, the decision a doctor's."""

    decides = True

    def notice(self) -> str:
        """What the rule asks, and what is missing."""
        matter = self.matter
        rule = discharge_rule(matter.page, matter.actor, matter.now)
        lang, zone = reader_lang(), reader_zone()
        if rule.rule is None:
            return say("hospitals.discharge.none", lang)
        asked = say_reason(rule.rule, lang, zone)
        if rule.fits is None:
            return f"{asked} {say('hospitals.discharge.unsure', lang)}"
        return f"{asked} {say('hospitals.discharge.fits' if rule.fits else 'hospitals.discharge.missing', lang)}"

    def facts(self) -> list[Fact]:
        """The discharge."""
        return [discharge_of(self.matter.page, self.matter.actor, self.cleaned_data["at"], self.matter.now)]
