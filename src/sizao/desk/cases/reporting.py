"""A new case: who it is — found, or made known after a look at who may already be that person — and what the notice says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from sizao.desk.access.entry import form_key
from sizao.desk.access.middleware import ActingRequest
from sizao.desk.cases.notice_forms import ReportForm, WhoForm, said_of
from sizao.desk.cases.soon import matched_soon
from sizao.desk.contacts.acting import acting, opened, refuse, told_at
from sizao.desk.contacts.doors import working
from sizao.desk.contacts.naming import area_name, number_of
from sizao.desk.contacts.subject import identity_of
from sizao.desk.people import masking, vault
from sizao.desk.people.models import Person
from sizao.desk.people.search import Found, TooMany, find
from sizao.desk.people.similar import Alike, similar
from sizao.desk.people.who import DocumentKind, Sex, Who
from sizao.desk.store.acts import make, record
from sizao.desk.store.book import deployment, guard
from sizao.desk.store.registering import Resident, new_subject, register
from sizao.desk.store.rights import Actor, Purpose, may_record
from sizao.desk.web.parts import Link
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.errors import DeskError, SizaoError
from sizao.facts.kinds import CaseNotice, DataClass
from sizao.when import Instant, local_day
from sizao.words import say

NEW = "new"
SURE = "sure"
SHOWN = 20
_FRESH = re.compile(r"person:[0-9a-f]{20}")


class Candidate(NamedTuple):
    """Somebody who may be meant, shown no further than who need not know it."""

    subject: str
    number: str
    name: str
    born: str
    area: str
    because: Sequence[str]


@working("cases")
@require_http_methods(["GET", "POST"])
def new(request: ActingRequest) -> HttpResponse:
    """Find the person, then report the case. Refuses who may not report one (D120)."""
    actor, _ = acting(request)
    purpose = purpose_of(actor)
    asked = request.POST if request.method == "POST" else request.GET
    person = asked.get("person", "")
    if person:
        return _report(request, actor, purpose, person)
    return render(request, "cases/find.html", _search(request, actor))


def purpose_of(actor: Actor) -> Purpose:
    """A hospital or the CDC reports as such, a tracer for tracing; refuses anybody else (D120)."""
    for purpose in (Purpose.CARE, Purpose.TRACING):
        if may_record(actor, purpose, CaseNotice.kind):
            return purpose
    raise DeskError("D120", kind="fact.case_notice", purpose=f"purpose.{Purpose.TRACING}")


# --- who it is --------------------------------------------------------------------------------------------------------


def _search(request: ActingRequest, actor: Actor) -> dict[str, Any]:
    """Who may be meant by what was typed. Nobody is opened: what is shown is masked."""
    text = request.GET.get("q", "").strip()
    context: dict[str, Any] = {
        "heading": gettext("Report a case: who is it?"),
        "q": text,
        "back": Link(text=gettext("To the list"), url=reverse("cases:home")),
        "may_make": may_record(actor, Purpose.TRACING, "registered") or may_record(actor, Purpose.CARE, "registered"),
    }
    if not text:
        return context
    most = guard("safeguard.search_candidates", deployment().area, request.now)
    met = find(text, settings.KEYS, most)
    if isinstance(met, TooMany):
        return context | {"too_many": say(met.code, reader_lang(), limit=met.limit)}
    return context | {"found": _candidates(met, request.now), "more": max(0, len(met.candidates) - SHOWN)}


def _candidates(met: Found, now: Instant) -> list[Candidate]:
    some = met.candidates[:SHOWN]
    because = {one.subject: [say(code, reader_lang()) for code in one.because] for one in some}
    return masked([one.subject for one in some], now, because)


def masked(subjects: Sequence[str], now: Instant, because: dict[str, list[str]]) -> list[Candidate]:
    """These people as somebody sees them who need not know them."""
    who, lang, on = vault.open_many(subjects, settings.KEYS), reader_lang(), local_day(now, reader_zone())
    areas = dict(Person.objects.filter(subject__in=subjects).values_list("subject", "area"))
    found = []
    for subject in subjects:
        one = who.get(subject)
        shown = None if one is None else masking.mask(one)
        area = area_name(areas.get(subject, ""), lang, on)
        name, born = ("", "") if shown is None else (shown.name, shown.born)
        found.append(Candidate(subject, number_of(subject), name, born, area, because.get(subject, [])))
    return found


# --- the notice -------------------------------------------------------------------------------------------------------


def _report(request: ActingRequest, actor: Actor, purpose: Purpose, person: str) -> HttpResponse:
    second_hand = purpose is Purpose.TRACING
    data = request.POST if request.method == "POST" else None
    disease = deployment().disease
    form = ReportForm(data, actor=actor, now=request.now, disease=disease, second_hand=second_hand)
    who = _who_form(request, actor) if person == NEW else None
    page = None if who is not None else opened(request, person, "cases:new")
    alike: Sequence[Candidate] = ()
    if request.method == "POST":
        whole = form.is_valid() and (who is None or who.is_valid())
        alike = _alike(request, who) if whole and who is not None and SURE not in request.POST else ()
        if whole and not alike:
            try:
                return _recorded(request, form, who, purpose=purpose, person=person)
            except SizaoError as refused:
                refuse(form, refused)
    context = {
        "form": form, "who": who, "person": person, "alike": alike, "second_hand": second_hand,
        "identity": None if page is None else identity_of(page, case=True), "heading": gettext("Report a case"),
        "cancel": Link(text=gettext("Cancel"), url=reverse("cases:new")),
    }  # fmt: skip
    wrong = bool(form.errors) or (who is not None and bool(who.errors))
    return render(request, "cases/report.html", context, status=409 if alike else 400 if wrong else 200)


def _who_form(request: ActingRequest, actor: Actor) -> WhoForm:
    """Refuses who may not make anybody known (D120)."""
    if not any(may_record(actor, purpose, "registered") for purpose in (Purpose.TRACING, Purpose.CARE)):
        raise DeskError("D120", kind="fact.registered", purpose=f"purpose.{Purpose.TRACING}")
    data = request.POST if request.method == "POST" else None
    return WhoForm(data, actor=actor, now=request.now, initial={"fresh": new_subject()})


def who_of(form: WhoForm) -> Who:
    """Who was entered."""
    told = form.cleaned_data
    return Who(
        name=told["name"], document_kind=DocumentKind(told["document_kind"] or DocumentKind.NONE), document=told["document"],
        phone=told["phone"], address=told["address"], born=told["born"], sex=Sex(told["sex"] or Sex.UNKNOWN),
    )  # fmt: skip


def _alike(request: ActingRequest, form: WhoForm) -> Sequence[Candidate]:
    """Who on record may be the person that is about to be made known; nobody once it was made by this very form."""
    if told_at(f"{form_key(request)}-p") is not None:
        return ()
    most = guard("safeguard.search_candidates", deployment().area, request.now)
    met = similar(who_of(form), settings.KEYS, most)
    if not isinstance(met, Alike):
        return ()
    because = {one.subject: [say(ground.term, reader_lang()) for ground in one.grounds] for one in met.similar}
    return masked([one.subject for one in met.similar[:SHOWN]], request.now, because)


def _recorded(
    request: ActingRequest, form: ReportForm, who: WhoForm | None, *, purpose: Purpose, person: str
) -> HttpResponse:
    """Make the person known where nobody on record is meant, and record the notice; both or neither."""
    actor, _desk = acting(request)
    key = form_key(request)
    now = told_at(key) or request.now
    with transaction.atomic():
        subject = person if who is None else _made_known(actor, who, f"{key}-p", now)
        told = form.cleaned_data
        more = {"source": told["source"]} if told.get("source") else {}
        fact = make(
            CaseNotice, subject, at=told["at"], actor=actor, now=now, data_class=DataClass.HEALTH, disease=told["disease"],
            **said_of(told), **more,
        )  # fmt: skip
        receipt = record(fact, by=actor, purpose=purpose, expect={}, key=key, now=now, name="report-case")
    soon = matched_soon(receipt.act)
    messages.success(request, _done(subject, receipt.act, soon=soon, second_hand=purpose is Purpose.TRACING))
    return HttpResponseRedirect(reverse("cases:person", args=[subject]))


def _made_known(actor: Actor, form: WhoForm, key: str, now: Instant) -> str:
    subject = form.cleaned_data["fresh"]
    if not _FRESH.fullmatch(subject):
        raise DeskError("K110")
    purpose = Purpose.TRACING if may_record(actor, Purpose.TRACING, "registered") else Purpose.CARE
    resident = Resident(subject=subject, who=who_of(form), area=form.cleaned_data["home"])
    register([resident], by=actor, purpose=purpose, key=key, now=now)
    return str(subject)


def _done(subject: str, act: int, *, soon: bool, second_hand: bool) -> str:
    lang = reader_lang()
    told = say("cases.reported", lang, number=number_of(subject), act=act)
    if second_hand:
        return f"{told} {say('cases.reported.second-hand', lang)}"
    return told if soon else f"{told} {say('cases.reported.matching', lang)}"


__all__ = ["masked", "new", "purpose_of", "who_of"]
