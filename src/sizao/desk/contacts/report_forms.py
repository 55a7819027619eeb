"""Forms of what was reported: the daily check, what a duty asks to be reported, and what an enquiry found."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sizao.desk.contacts.care_forms import AtForm
from sizao.desk.contacts.duties import form_of
from sizao.desk.contacts.forms import words
from sizao.desk.contacts.naming import called
from sizao.desk.contacts.subject import OPEN_STATES
from sizao.desk.me.reports import SYMPTOMS
from sizao.desk.me.saying import Said, Who, state
from sizao.desk.store.acts import Receipt
from sizao.desk.store.models import Act
from sizao.desk.store.readers import SubjectPage
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.facts.kinds import Fact, FactId, Reported, SubjectId, Symptom
from sizao.policy.kinds import Event
from sizao.rules.enquiries import ANSWERED
from sizao.rules.explain import say_reason
from sizao.rules.timeline import Duty
from sizao.when import Instant, day_start, local_day

DAILY = "daily-check"
COMMUNITY = "community"
COLDEST, HOTTEST = Decimal(30), Decimal(45)
"""What a thermometer for people can show; anything else is a slip of the hand."""

ENQUIRIES = ("verify-told", "verify-tip", "verify-code-seen", "enquire-listed")
GENERAL = ("symptom", "contact", "code", "trip", "return")
RECEIVERS = (
    "community",
    "unit",
    "hotel",
    "school",
    "area",
    "network",
    "cdc",
    "county_health",
    "government",
    "tracing_team",
)
RECEIVER_OF = {
    Event.CASE_REPORTED: "network", Event.REPORT_CONFIRMED: "network", Event.EVENT_REPORTED: "county_health",
    Event.GOVERNMENT_TOLD: "government", Event.HIGHER_GOVERNMENT_TOLD: "government", Event.TRACK_SURVEYED: "cdc",
    Event.INVESTIGATION_FILED: "cdc", Event.PERSON_LOCATED: "area", Event.PERSON_CONTROLLED: "area", Event.FEEDBACK_SENT: "area",
}  # fmt: skip
"""Who hears of an event, where its name says so."""


class CheckForm(AtForm):
    """The daily check: temperature in the morning and in the evening, and whatever the person feels."""

    observes = True
    morning = forms.DecimalField(
        label=_("Temperature in the morning, °C"), required=False, min_value=COLDEST, max_value=HOTTEST, decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-4"}),
    )  # fmt: skip
    evening = forms.DecimalField(
        label=_("Temperature in the evening, °C"), required=False, min_value=COLDEST, max_value=HOTTEST, decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-4"}),
    )  # fmt: skip
    symptoms = forms.MultipleChoiceField(label=_("Symptoms"), required=False, widget=forms.CheckboxSelectMultiple)
    none = forms.BooleanField(label=_("No symptoms"), required=False)

    def prepare(self) -> None:
        """The same symptoms a person may report."""
        super().prepare()
        self.choose("symptoms", words("me.symptom", SYMPTOMS))

    def clean(self) -> dict[str, Any]:
        """A check says something: a temperature, symptoms, or that there are none."""
        told = super().clean()
        if told.get("symptoms") and told.get("none"):
            self.add_error("none", _("Either symptoms or none."))
        temperatures = [told.get("morning"), told.get("evening")]
        if not self.errors and temperatures == [None, None] and not told.get("symptoms") and not told.get("none"):
            self.add_error("morning", _("Write a temperature, choose symptoms, or say that there are none."))
        return told

    def said(self) -> Said:
        """What was found, as it is kept beside the facts and shown to the person on the receipt."""
        told = self.cleaned_data
        taken = {name: str(told[name]) for name in ("morning", "evening") if told[name] is not None}
        return Said(what=DAILY, to=(COMMUNITY,), told={"at": told["at"], **taken, "symptoms": sorted(told["symptoms"])})

    def facts(self) -> list[Fact]:
        """Nothing by itself: see `record_check`."""
        return []

    def facts_under(self, number: str) -> Sequence[Fact]:
        """That the check was made, under the receipt that its words are kept by; and every symptom as a fact."""
        told = self.cleaned_data
        made = self.made(Reported, at=told["at"], what=DAILY, to=COMMUNITY, receipt=number)
        return [made, *(self.made(Symptom, at=told["at"], symptom=symptom) for symptom in sorted(told["symptoms"]))]


def record_check(form: CheckForm, key: str, now: Instant) -> Receipt:
    """Record a daily check as one act; the same key again is the same check."""
    matter = form.matter
    who = Who(
        subject=SubjectId(matter.page.subject), actor=matter.actor, purpose=matter.purpose, source=matter.actor.unit
    )
    statement = state(who, form.said(), form.facts_under, key=key, now=now)
    act = Act.objects.get(seq=statement.act)
    return Receipt(
        act=act.seq,
        leaf=bytes(act.leaf),
        recorded_at=Instant(act.recorded_at),
        stored=act.facts,
        known=0,
        subjects=(who.subject,),
    )


def checked_today(form_facts: Sequence[Fact], now: Instant) -> bool:
    """Whether a daily check was made on the local day of `now`."""
    since = day_start(local_day(now, reader_zone()), reader_zone())
    return any(isinstance(fact, Reported) and fact.what == DAILY and fact.at >= since for fact in form_facts)


# --- reports ------------------------------------------------------------------------------------------------------------


def open_reports(page: SubjectPage) -> list[tuple[Duty, dict[str, str]]]:
    """The open duties that a report meets, with what is asked of the form."""
    found = []
    for duty, duty_state in page.moment.duties:
        form = form_of(duty, page) if duty_state in OPEN_STATES else None
        if form is not None and form[0] == "report" and "what" in form[1]:
            found.append((duty, form[1]))
    return found


class ReportForm(AtForm):
    """Something was reported to an office; a report may meet a duty."""

    what = forms.ChoiceField(label=_("What was reported"), widget=forms.RadioSelect)
    to = forms.ChoiceField(label=_("To whom"))
    about = forms.CharField(widget=forms.HiddenInput, required=False)

    def prepare(self) -> None:
        """What open duties ask for comes first."""
        super().prepare()
        asked = dict.fromkeys(told["what"] for _duty, told in open_reports(self.matter.page))
        self.choose("what", words("report", (*asked, *(code for code in GENERAL if code not in asked))))
        self.choose("to", words("to", RECEIVERS))
        wanted = self.matter.asked.get("what") or {"report-code-community": "code"}.get(
            self.matter.asked.get("duty", ""), ""
        )
        self.fields["what"].initial = wanted or next(iter(asked), None)
        self.fields["to"].initial = RECEIVER_OF.get(Event(wanted), COMMUNITY) if wanted in set(Event) else COMMUNITY
        self.fields["about"].initial = self.matter.asked.get("about", "")

    def facts(self) -> list[Fact]:
        """The report, about the fact the duty rests on where it is the person's own."""
        told = self.cleaned_data
        about = told.get("about") if told["what"] in set(Event) else ""
        known = {fact.id for fact in self.matter.page.dossier.facts}
        fact = FactId(about) if about in known else None
        return [self.made(Reported, at=told["at"], what=told["what"], to=told["to"], about=fact)]


class VerifyForm(AtForm):
    """An enquiry was made, and what it found is on record."""

    decides = True
    about = forms.MultipleChoiceField(label=_("What you looked into"), widget=forms.CheckboxSelectMultiple)

    def prepare(self) -> None:
        """The open questions."""
        super().prepare()
        lang, zone = reader_lang(), reader_zone()
        open_ones = [
            duty for duty, state in self.matter.page.moment.duties if duty.code in ENQUIRIES and state in OPEN_STATES
        ]
        self.choose("about", [
            (duty.reason.facts[0], say_reason(called(duty.reason, self.matter.names), lang, zone)) for duty in open_ones
        ])  # fmt: skip
        if self.matter.asked.get("about"):
            self.fields["about"].initial = [self.matter.asked["about"]]

    def facts(self) -> list[Fact]:
        """One answer for each question."""
        told = self.cleaned_data
        return [
            self.made(Reported, at=told["at"], what=ANSWERED, to="tracing_team", about=FactId(about))
            for about in told["about"]
        ]
