"""The counter: find the person, check who it is, speak for the person, print the receipt."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from sizao.desk.access import reads
from sizao.desk.access.entry import desk, form_key
from sizao.desk.access.middleware import ActingRequest
from sizao.desk.counter import checking
from sizao.desk.counter.forms import CheckedForm, RegisterForm, SearchForm
from sizao.desk.me.pages import Frame, refuse
from sizao.desk.me.saying import Helper
from sizao.desk.me.urls import NOT_FOUND
from sizao.desk.people.areas import area_at, areas_under
from sizao.desk.people.masking import mask
from sizao.desk.people.similar import Alike, similar
from sizao.desk.people.vault import open_many
from sizao.desk.store.book import deployment, guard
from sizao.desk.store.models import Act
from sizao.desk.store.registering import Resident, register
from sizao.desk.store.rights import Actor, Purpose, reaches
from sizao.desk.web.parts import Link
from sizao.desk.web.reading import reader_lang
from sizao.desk.web.views import refusal
from sizao.errors import DeskError, SizaoError
from sizao.when import Instant, local_day
from sizao.words import Lang, say

Page = Callable[..., HttpResponse]
UNKNOWN = NOT_FOUND | {"D501", "D160", "M111"}


def attended(page: Page) -> Page:
    """For a page about one person: only a clerk who has checked who it is, within the last half hour."""

    @desk("counter")
    @wraps(page)
    def shown(request: ActingRequest, subject: str, *args: Any, **more: Any) -> HttpResponse:
        actor = acting(request)
        helper = checking.helper_of(request.session, subject, request.now)
        if helper is None:
            return HttpResponseRedirect(reverse("counter:check", args=[subject]))
        try:
            who = checking.person_at(subject, actor)
            identity = checking.identity(subject, who, reader_lang(), request.now)
            reads.log(
                actor,
                [subject],
                purpose=Purpose.COUNTER,
                fields=("name", "document", "phone"),
                page="counter:person",
                now=request.now,
            )
            frame = Frame(
                who=checking.on_behalf(subject, actor, helper), space="counter", args=(subject,), identity=identity
            )
            return page(request, frame, *args, **more)
        except SizaoError as refused:
            return refusal(request, refused, status=404 if refused.code in UNKNOWN else 403)

    return shown


def acting(request: ActingRequest) -> Actor:
    """The clerk."""
    assert request.actor is not None
    return request.actor


@desk("counter")
@require_GET
def home(request: ActingRequest) -> HttpResponse:
    """The search box, and whom this session has checked already."""
    form = SearchForm(request.GET if "q" in request.GET else None)
    found = None
    actor = acting(request)
    if form.is_bound and form.is_valid():
        found = checking.find(form.cleaned_data["q"], actor, request.now)
        reads.log(
            actor,
            [one.subject for one in found.candidates],
            purpose=Purpose.COUNTER,
            fields=("masked",),
            page="counter:search",
            now=request.now,
        )
    open_now = checking.checked_people(request.session, request.now)
    opened = open_many(open_now, settings.KEYS)
    present = [
        {
            "name": mask(who).name,
            "url": reverse("counter:home", args=[one]),
            "leave": reverse("counter:leave", args=[one]),
        }
        for one in open_now
        if (who := opened.get(one)) is not None
    ]
    return render(request, "counter/home.html", {"form": form, "found": found, "present": present})


@desk("counter")
def check(request: ActingRequest, subject: str) -> HttpResponse:
    """Say how it was known that it is this person. A number is compared and forgotten."""
    form = CheckedForm(request.POST or None, now=request.now)
    actor = acting(request)
    try:
        who = checking.person_at(subject, actor)
        reads.log(actor, [subject], purpose=Purpose.COUNTER, fields=("masked",), page="counter:check", now=request.now)
        if request.method == "POST" and form.is_valid():
            told = form.cleaned_data
            if told["number"] and not checking.agrees(told["number"], who):
                form.add_error("number", gettext("This number does not agree with the record."))
            else:
                helper = Helper(
                    relation=told["relation"],
                    checked=told["checked"],
                    channel=told["channel"],
                    name=told["name"],
                    received=told["received"],
                )
                checking.remember(request.session, subject, helper, request.now)
                return HttpResponseRedirect(reverse("counter:home", args=[subject]))
    except DeskError as refused:
        return refusal(request, refused, status=404 if refused.code in UNKNOWN else 403)
    context = {
        "form": form, "masked": mask(who), "area": checking.area_name(subject, reader_lang(), request.now),
        "back": Link(text=gettext("Back"), url=reverse("counter:home")),
    }  # fmt: skip
    return render(request, "counter/check.html", context, status=400 if form.errors else 200)


@desk("counter")
@require_POST
def leave(request: ActingRequest, subject: str) -> HttpResponse:
    """The person has left; the next one is somebody else."""
    checking.forget(request.session, subject)
    return HttpResponseRedirect(reverse("counter:home"))


@desk("counter")
def register_person(request: ActingRequest) -> HttpResponse:
    """Put somebody on the register with what is known; whoever may be the same person is shown first."""
    actor, now = acting(request), request.now
    form = RegisterForm(request.POST or None, areas=areas_of(actor, now, reader_lang()), similar=False)
    alike: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        alike = _alike(form, actor, now)
        if not alike or form.cleaned_data["another"]:
            try:
                subject = _put_in(form, actor, form_key(request), now)
            except SizaoError as refused:
                refuse(form, refused)
            else:
                return HttpResponseRedirect(reverse("counter:check", args=[subject]))
        else:
            form = RegisterForm(request.POST, areas=areas_of(actor, now, reader_lang()), similar=True)
            form.add_error(
                None, gettext("Somebody like this is on the register already. Look whether it is the same person.")
            )
    context = {"form": form, "alike": alike, "back": Link(text=gettext("Back"), url=reverse("counter:home"))}
    return render(request, "counter/register.html", context, status=400 if form.errors else 200)


def _alike(form: RegisterForm, actor: Actor, now: Instant) -> list[dict[str, Any]]:
    """Whom it may already be, masked; logged as shown."""
    found = similar(form.who(), settings.KEYS, guard("safeguard.search_candidates", deployment().area, now))
    subjects = [one.subject for one in found.similar[: checking.SHOWN]] if isinstance(found, Alike) else []
    reads.log(actor, subjects, purpose=Purpose.COUNTER, fields=("masked",), page="counter:register", now=now)
    opened = open_many(subjects, settings.KEYS)
    return [
        {"who": mask(who), "url": reverse("counter:check", args=[subject])}
        for subject in subjects
        if (who := opened.get(subject)) is not None
    ]


def _put_in(form: RegisterForm, actor: Actor, key: str, now: Instant) -> str:
    """The name of the new person comes from the form's key, so that a form sent twice makes one person."""
    mark = hmac.new(settings.KEYS.search, f"person|{key}".encode(), hashlib.sha256).hexdigest()[:20]
    resident = Resident(subject=f"person:{mark}", who=form.who(), area=form.cleaned_data["area"])
    if not Act.objects.filter(key=key).exists():
        register([resident], by=actor, purpose=Purpose.COUNTER, key=key, now=now)
    return resident.subject


def areas_of(actor: Actor, now: Instant, lang: Lang) -> list[tuple[str, str]]:
    """The areas a clerk may register somebody in: the actor's own and those below them."""
    on = local_day(now, settings.SIZAO.zone)
    codes: dict[str, str] = {}
    for code in actor.areas:
        area = area_at(code, on)
        codes[code] = code if area is None else _called(area, lang)
        for below in areas_under(code, on):
            if reaches(actor, below.code):
                codes[below.code] = _called(below, lang)
    return list(codes.items())


def _called(area: Any, lang: Lang) -> str:
    return str(area.name_en if lang is Lang.EN and area.name_en else area.name_zh)


@desk("counter")
@require_GET
def paper_form(request: ActingRequest) -> HttpResponse:
    """An empty form on paper for when the network is down: what is asked, in both languages, to be entered later."""
    both = [(say(f"me.said.{what}", Lang.ZH), say(f"me.said.{what}", Lang.EN)) for what in ON_PAPER]
    hours = guard("safeguard.challenge_h", deployment().area, request.now)
    return render(request, "counter/paper_form.html", {"kinds": both, "hours": hours})


ON_PAPER = ("challenge", "code", "symptom", "contact", "whereabouts", "return", "stay", "ride", "trip")
"""What a paper form can be about."""
