"""Forms of the pages on which a person says something. Labels are gettext; choices come from the kernel's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sizao.desk.me.challenges import WRONG
from sizao.desk.me.movement import read_ride
from sizao.desk.me.own import contestable
from sizao.desk.me.reports import COLOURS, SYMPTOMS, Kind
from sizao.desk.store.readers import SubjectPage
from sizao.desk.web.forms import ActForm, DayField, GovForm, MomentField
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.desk.web.times import say_between
from sizao.errors import FactsError, SizaoError
from sizao.facts.kinds import CaseNotice, Exposure, Fact, Order
from sizao.facts.rides import ReadRide
from sizao.facts.trips import TripText
from sizao.policy.kinds import PlaceKind
from sizao.when import Instant
from sizao.words import say, say_day, say_error, say_moment, terms

LONG, SHORT = 2000, 120
VEHICLES = ("train", "flight", "bus", "ship")
NO_PLACES = frozenset(
    {
        PlaceKind.AIRCRAFT,
        PlaceKind.TRAIN_SEALED,
        PlaceKind.TRAIN_SEALED_SOFT_SLEEPER,
        PlaceKind.TRAIN_ORDINARY,
        PlaceKind.BUS_SEALED,
        PlaceKind.BUS_VENTILATED,
        PlaceKind.SHIP,
    }
)
"""Kinds of place that are vehicle runs: those are told as rides."""

Choices = list[tuple[str, str]]


def said(codes: Iterable[str]) -> Choices:
    """Choices by the codes of their words, in the reader's language; the value of each is the last part of its code."""
    return [(code.rpartition(".")[2], say(code, reader_lang())) for code in codes]


def words_field(label: Any, hint: Any = "", *, required: bool = True) -> forms.CharField:
    """Own words, several lines."""
    widget = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, help_text=hint, required=required, max_length=LONG, widget=widget)


def choose(form: forms.Form, name: str, choices: Choices) -> None:
    """Give a field of a form its choices, where the form has it."""
    field = form.fields.get(name)
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


class Dated(ActForm):
    """A form that knows the moment at which it is read, and refuses what lies ahead of it."""

    def __init__(self, *args: Any, now: Instant, **more: Any) -> None:
        self.now = now
        super().__init__(*args, **more)

    def not_ahead(self, *names: str) -> None:
        """Refuse a moment that has not come yet."""
        for name in names:
            at = self.cleaned_data.get(name)
            if at is not None and at > self.now:
                self.add_error(name, _("This is still to come."))

    def in_order(self, start: str, end: str) -> None:
        """Refuse an end that does not come after its beginning."""
        begins, ends = self.cleaned_data.get(start), self.cleaned_data.get(end)
        if begins is not None and ends is not None and ends <= begins:
            self.add_error(end, _("The end must come after the beginning."))


class ReportForm(Dated):
    """One report: what belongs to its kind, own words, and who is to receive it."""

    colour = forms.ChoiceField(label=_("The colour it shows"), widget=forms.RadioSelect)
    system = forms.CharField(
        label=_("Whose code"), help_text=_("For example the province or city that shows it."), max_length=SHORT
    )
    symptoms = forms.MultipleChoiceField(label=_("What I have"), widget=forms.CheckboxSelectMultiple)
    at = MomentField(label=_("Since when"), required=False)
    words = words_field(_("In my own words"), required=False)
    to = forms.MultipleChoiceField(label=_("Who is to receive it"), widget=forms.CheckboxSelectMultiple)

    ASKED: ClassVar = {"code": ("colour", "system", "at"), "symptom": ("symptoms", "at")}
    """What each kind of report asks besides words and receivers."""

    def __init__(self, *args: Any, kind: Kind, now: Instant, **more: Any) -> None:
        super().__init__(*args, now=now, **more)
        asked = (*self.ASKED.get(kind.code, ()), "words", "to", "key")
        self.fields = {name: field for name, field in self.fields.items() if name in asked}
        choose(self, "colour", said(f"standing.{code}" for code in COLOURS))
        choose(self, "symptoms", said(f"me.symptom.{code}" for code in SYMPTOMS))
        choose(self, "to", said(f"to.{code}" for code in kind.classes))
        self.fields["to"].initial = list(kind.first)
        self.fields["words"].required = kind.words_needed

    def clean(self) -> dict[str, Any]:
        """What has not happened yet cannot be reported."""
        super().clean()
        self.not_ahead("at")
        return self.cleaned_data


class StayForm(Dated):
    """Where somebody was."""

    place = forms.CharField(
        label=_("Place"), help_text=_("Its name and address, as you would tell a driver."), max_length=SHORT
    )
    kind = forms.ChoiceField(label=_("What kind of place it is"))
    start = MomentField(label=_("From"))
    end = MomentField(label=_("Until"))
    note = words_field(_("Anything else"), _("For example where you sat."), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self, "kind", said(f"policy.place_kind.{kind}" for kind in PlaceKind if kind not in NO_PLACES))

    def clean(self) -> dict[str, Any]:
        """From before until, and both in the past."""
        super().clean()
        self.not_ahead("start")
        self.in_order("start", "end")
        return self.cleaned_data


class RideForm(Dated):
    """A train, flight, ship or coach; read as an import reads it."""

    vehicle = forms.ChoiceField(label=_("What it was"), widget=forms.RadioSelect)
    number = forms.CharField(
        label=_("Its number"), help_text=_("For example G508, CA1646, or the name of the ship."), max_length=SHORT
    )
    day = DayField(label=_("The day you got on"))
    departs = forms.CharField(
        label=_("When it left"), help_text=_("For example 18:20"), required=False, max_length=SHORT
    )
    arrives = forms.CharField(
        label=_("When you got off"),
        help_text=_("For example 21:05; leave it empty if you do not know."),
        required=False,
        max_length=SHORT,
    )
    boarded = forms.CharField(label=_("Where you got on"), required=False, max_length=SHORT)
    alighted = forms.CharField(label=_("Where you got off"), required=False, max_length=SHORT)
    carriage = forms.CharField(label=_("Carriage or cabin"), required=False, max_length=SHORT)
    seat = forms.CharField(
        label=_("Seat"), help_text=_("As it stands on the ticket, for example 12A."), required=False, max_length=SHORT
    )
    taken: ReadRide

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self, "vehicle", said(f"me.vehicle.{code}" for code in VEHICLES))

    def clean(self) -> dict[str, Any]:
        """What an import would refuse is refused here, beside the field it is about."""
        super().clean()
        told = self.cleaned_data
        if {"vehicle", "number", "day"} <= told.keys():
            try:
                self.taken = read_ride(self._text(), told.get("carriage", ""), told.get("seat", ""), reader_zone())
            except FactsError as refused:
                self._beside(refused)
            else:
                if self.taken.trip.times.start > self.now:
                    self.add_error("day", _("This is still to come."))
        return told

    def _text(self) -> TripText:
        told = self.cleaned_data
        return TripText(
            vehicle=told["vehicle"], number=told["number"], day=told["day"].isoformat(), departs=told.get("departs", ""),
            arrives=told.get("arrives", ""), boarded=told.get("boarded", ""), alighted=told.get("alighted", ""),
        )  # fmt: skip

    def _beside(self, refused: SizaoError) -> None:
        bare = FactsError(refused.code)
        bare.slots = refused.slots  # the field itself is the place
        says, do = say_error(bare, reader_lang())
        column = refused.where.column or ""
        self.add_error(column if column in self.fields else None, ValidationError(f"{says} {do}".strip()))

    def told(self) -> dict[str, str]:
        """What was said, for the receipt."""
        return {
            name: self._shown(name)
            for name in self.cleaned_data
            if name in self.fields and name != "key" and self.cleaned_data[name]
        }

    def _shown(self, name: str) -> str:
        value = self.cleaned_data[name]
        return str(value.isoformat()) if name == "day" else str(value)


def lines(text: str) -> list[str]:
    """The lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class TripForm(Dated):
    """A request to travel."""

    destinations = forms.CharField(
        label=_("Where to"),
        help_text=_("One place a line, down to the township."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONG,
    )
    start = MomentField(label=_("From"))
    end = MomentField(label=_("Until"))
    reason = words_field(_("What for"))
    transport = forms.CharField(
        label=_("How"),
        help_text=_("Train, flight or car, with its number where you know it."),
        required=False,
        max_length=SHORT,
    )

    def clean_destinations(self) -> list[str]:
        """One line, one place."""
        return lines(self.cleaned_data["destinations"])

    def clean(self) -> dict[str, Any]:
        """From before until."""
        super().clean()
        self.in_order("start", "end")
        return self.cleaned_data


class TripChangeForm(Dated):
    """A change of a trip."""

    destinations = forms.CharField(
        label=_("Where to"),
        help_text=_("One place a line, down to the township."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONG,
    )
    end = MomentField(label=_("Until"))

    def clean_destinations(self) -> list[str]:
        """One line, one place."""
        return lines(self.cleaned_data["destinations"])


class TripReturnForm(Dated):
    """The traveller is back."""

    at = MomentField(label=_("When I came back"))

    def clean(self) -> dict[str, Any]:
        """Nobody is back before it is so."""
        super().clean()
        self.not_ahead("at")
        return self.cleaned_data


def ground_choices(page: SubjectPage) -> Choices:
    """What there is to say is wrong, as the person would know it; the last choice is all of it."""
    found = [(fact.id, ground_of(fact)) for fact in contestable(page)]
    return [*found, ("", say("me.ground.all", reader_lang()))]


def ground_of(fact: Fact) -> str:
    """A fact that may be wrong, as the person would know it."""
    lang, zone = reader_lang(), reader_zone()
    match fact:
        case Exposure():
            kind = "place.not-stated" if fact.place_kind is None else f"policy.place_kind.{fact.place_kind}"
            return say("me.ground.exposure", lang, place=kind, when=say_between(fact.first, fact.last, lang, zone))
        case Order():
            orders = f"order.{fact.orders}" if f"order.{fact.orders}" in terms() else "order.other"
            return say("me.ground.order", lang, zone_name=zone, orders=orders, until=fact.until)
        case CaseNotice():
            return say("me.ground.case_notice", lang, day=say_day(fact.at, lang, zone))
    return f"{say(f'fact.{fact.kind}', lang)} {say_moment(fact.at, lang, zone)}"


class ChallengeForm(Dated):
    """A challenge: what is wrong, in choices and own words, and what shows it."""

    wrong = forms.MultipleChoiceField(label=_("What is wrong"), widget=forms.CheckboxSelectMultiple)
    about = forms.ChoiceField(label=_("What you mean"), required=False, widget=forms.RadioSelect)
    words = words_field(_("In your own words"), _("Say what happened. You need not know any rule."))
    evidence = words_field(
        _("What shows it"),
        _("A ticket, a payment, somebody who was with you, where it can be asked for. You may add it later."),
        required=False,
    )

    def __init__(self, *args: Any, grounds: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self, "wrong", said(f"me.wrong.{code}" for code in WRONG))
        choose(self, "about", list(grounds))
        if len(grounds) == 1:
            del self.fields["about"]

    def clean(self) -> dict[str, Any]:
        """Where there is nothing to choose from, all of it is meant."""
        super().clean()
        self.cleaned_data.setdefault("about", "")
        return self.cleaned_data


class CheckForm(GovForm):
    """Is this message or paper real?"""

    reference = forms.CharField(
        label=_("Number of the message or paper"),
        help_text=_("For example N123, or the number printed on a paper."),
        max_length=40,
    )
