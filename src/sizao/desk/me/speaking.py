"""Pages on which a person, or a clerk for that person, says something: one form, one act, one receipt each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext

from sizao.desk.access.entry import form_key
from sizao.desk.access.middleware import ActingRequest
from sizao.desk.me import movement, saying
from sizao.desk.me.forms import (
    ChallengeForm,
    ReportForm,
    RideForm,
    StayForm,
    TripChangeForm,
    TripForm,
    TripReturnForm,
    ground_choices,
)
from sizao.desk.me.models import Statement
from sizao.desk.me.own import contestable, now_of
from sizao.desk.me.pages import DUTIES, REASONS, SAID, STANDING, Frame, read, refuse, show
from sizao.desk.me.reports import KINDS, Report, report
from sizao.desk.me.views import challenge_hours
from sizao.desk.web.parts import Link
from sizao.desk.web.reading import reader_lang
from sizao.errors import DeskError, SizaoError
from sizao.words import say

Act = Callable[[str], Statement]
"""Records what the form says, under the key given, and gives the receipt."""


def report_one(request: ActingRequest, frame: Frame, code: str) -> HttpResponse:
    """Report one thing to the community, the unit, or both."""
    kind = KINDS.get(code)
    if kind is None:
        raise DeskError("M103", kind=code)
    read(request, frame, (DUTIES,), "report")
    form = ReportForm(request.POST or None, kind=kind, now=request.now)

    def act(key: str) -> Statement:
        told = form.cleaned_data
        given = Report(
            kind=code, to=tuple(told["to"]), words=told.get("words", ""), symptoms=tuple(told.get("symptoms", ())),
            colour=told.get("colour", ""), system=told.get("system", ""), at=told.get("at"),
        )  # fmt: skip
        return report(frame.who, given, key=key, now=request.now)

    context = {"heading": say(f"me.report.{code}", reader_lang()), "lead": say(f"me.report-lead.{code}", reader_lang())}
    return _form_page(request, frame, form, act, context)


def stay(request: ActingRequest, frame: Frame) -> HttpResponse:
    """Tell where one was."""
    read(request, frame, (SAID,), "stay")
    form = StayForm(request.POST or None, now=request.now)

    def act(key: str) -> Statement:
        told = form.cleaned_data
        place = movement.Place(
            name=told["place"], kind=told["kind"], start=told["start"], end=told["end"], note=told["note"]
        )
        return movement.stay(frame.who, place, key=key, now=request.now)

    context = {"heading": gettext("Where I was"), "lead": say("me.lead.stay", reader_lang())}
    return _form_page(request, frame, form, act, context)


def ride(request: ActingRequest, frame: Frame) -> HttpResponse:
    """Tell which train, flight, ship or coach one took, and where one sat."""
    read(request, frame, (SAID,), "ride")
    form = RideForm(request.POST or None, now=request.now)

    def act(key: str) -> Statement:
        return movement.ride(frame.who, form.taken, form.told(), key=key, now=request.now)

    context = {"heading": gettext("A train, flight, ship or coach I took"), "lead": say("me.lead.ride", reader_lang())}
    return _form_page(request, frame, form, act, context)


def trip(request: ActingRequest, frame: Frame) -> HttpResponse:
    """Ask to travel."""
    read(request, frame, (SAID,), "trip")
    form = TripForm(request.POST or None, now=request.now)

    def act(key: str) -> Statement:
        told = form.cleaned_data
        asked = movement.Asked(
            destinations=tuple(told["destinations"]), start=told["start"], end=told["end"], reason=told["reason"],
            transport=told["transport"],
        )  # fmt: skip
        return movement.ask_trip(frame.who, asked, key=key, now=request.now)

    context = {"heading": gettext("Ask to travel"), "lead": say("me.lead.trip", reader_lang())}
    return _form_page(request, frame, form, act, context)


def trip_change(request: ActingRequest, frame: Frame, name: str) -> HttpResponse:
    """Report that a trip goes elsewhere or ends at another time."""
    held = movement.open_trip(read(request, frame, (SAID,), "trip"), name)
    first = {"destinations": "\n".join(held.asked.destinations), "end": held.end}
    form = TripChangeForm(request.POST or None, now=request.now, initial=first)

    def act(key: str) -> Statement:
        told = form.cleaned_data
        return movement.change_trip(frame.who, name, tuple(told["destinations"]), told["end"], key=key, now=request.now)

    context = {"heading": gettext("Change a trip"), "lead": say("me.lead.trip-change", reader_lang())}
    return _form_page(request, frame, form, act, context)


def trip_return(request: ActingRequest, frame: Frame, name: str) -> HttpResponse:
    """Report that one is back."""
    movement.open_trip(read(request, frame, (SAID,), "trip"), name)
    form = TripReturnForm(request.POST or None, now=request.now)

    def act(key: str) -> Statement:
        return movement.return_from(frame.who, name, form.cleaned_data["at"], key=key, now=request.now)

    context = {"heading": gettext("I am back"), "lead": say("me.lead.trip-return", reader_lang())}
    return _form_page(request, frame, form, act, context)


def challenge(request: ActingRequest, frame: Frame) -> HttpResponse:
    """Say that something is wrong (纠错): one page, one button, a receipt with a clock."""
    page = read(request, frame, (STANDING, REASONS), "challenge")
    form = ChallengeForm(request.POST or None, now=request.now, grounds=ground_choices(page))

    def act(key: str) -> Statement:
        return challenged(frame, form, key, request)

    context = {
        "heading": gettext("I think this is wrong"), "hours": challenge_hours(page), "now": now_of(page),
        "nothing": not contestable(page),
    }  # fmt: skip
    return _form_page(request, frame, form, act, context, template="me/challenge.html")


def challenged(frame: Frame, form: ChallengeForm, key: str, request: ActingRequest) -> Statement:
    """Record the challenge a valid form holds."""
    told = form.cleaned_data
    return saying.challenge(
        frame.who, wrong=told["wrong"], words=told["words"], evidence=told["evidence"], about=told["about"], key=key,
        now=request.now,
    )  # fmt: skip


def _form_page(
    request: ActingRequest,
    frame: Frame,
    form: forms.Form,
    act: Act,
    context: Mapping[str, object],
    *,
    template: str = "me/form.html",
) -> HttpResponse:
    """Show a form, or record what it says and lead to the receipt. After a refusal what was entered stays."""
    if request.method == "POST" and form.is_valid():
        try:
            made = act(form_key(request))
        except SizaoError as refused:
            refuse(form, refused)
        else:
            return HttpResponseRedirect(f"{frame.url('receipt', made.number)}?new=1")
    told: dict[str, object] = {"form": form, "submit": gettext("Send")}
    told["cancel"] = Link(text=gettext("Cancel"), url=frame.url("home"))
    return show(request, frame, template, told | dict(context), status=400 if form.is_bound else 200)
