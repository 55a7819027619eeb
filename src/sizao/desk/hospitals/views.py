"""The desk of hospitals: clocks and patients, one patient, every act about one, and reporting a case."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from sizao.desk.access import reads
from sizao.desk.access.entry import form_key
from sizao.desk.access.middleware import ActingRequest
from sizao.desk.contacts.acting import acting, opened, perform, refuse, told_at
from sizao.desk.contacts.doors import working
from sizao.desk.contacts.listing import area_choices, fresh, page_asked
from sizao.desk.contacts.naming import called, number_of
from sizao.desk.contacts.person import anatomy, readers_page
from sizao.desk.contacts.subject import Conclusion, symptom_of
from sizao.desk.counter.checking import SHOWN, find
from sizao.desk.hospitals.forms import FindForm, NewPatientForm
from sizao.desk.hospitals.kinds import HOSPITALS
from sizao.desk.hospitals.listing import DESK, clocks, patients
from sizao.desk.hospitals.signals import (
    acquired_here,
    course_of,
    discharge_rule,
    discharged_at,
    in_hospital,
    notices_of,
    positive_again,
)
from sizao.desk.people.masking import mask
from sizao.desk.people.similar import Alike, similar
from sizao.desk.people.vault import open_many
from sizao.desk.store import readers
from sizao.desk.store.assigning import assign
from sizao.desk.store.book import deployment, guard
from sizao.desk.store.models import Act
from sizao.desk.store.noticing import report_case
from sizao.desk.store.readers import SubjectPage
from sizao.desk.store.registering import Resident, register
from sizao.desk.store.rights import Actor, Purpose
from sizao.desk.web.moments import as_of_asked
from sizao.desk.web.parts import Link, paging_of
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.errors import DeskError, SizaoError
from sizao.when import Instant, local_day
from sizao.words import say

FILTERS = ("ours", "overdue")


@working("hospitals")
@require_GET
def home(request: ActingRequest) -> HttpResponse:
    """The clocks, and the patients with what is due next."""
    actor, purpose = acting(request)
    told = {name: request.GET.get(name) == "on" for name in FILTERS}
    rows = patients(actor, now=request.now, **told)
    screen = readers.screen(rows, after=page_asked(request.GET.get("after", "")))
    running = clocks(actor, request.now)
    context = {
        "heading": gettext("Patients"), "clocks": [(one, number_of(one.subject)) for one in running],
        "people": [(row, number_of(row.subject)) for row in fresh(screen.rows, request.now)], "told": told,
        "paging": paging_of(request, len(screen.rows), screen.after, readers.count(rows)),
        "may_notice": HOSPITALS.may(actor, purpose, "notice"),
    }  # fmt: skip
    return render(request, "hospitals/home.html", context)


# --- one patient --------------------------------------------------------------------------------------------------------


@working("hospitals")
@require_GET
def person(request: ActingRequest, subject: str) -> HttpResponse:
    """One patient: as every person's page, with the signals of a hospital beside."""
    as_of = as_of_asked(request)
    page = opened(request, subject, "hospitals:person", now=as_of.moment, known_at=as_of.known_at)
    actor, _ = acting(request)
    told = conclusion(page)
    context = anatomy(request, page, as_of, HOSPITALS)
    names = context["names"]
    rule = discharge_rule(page, actor, page.now)
    context |= {
        "conclusion": told.sentence, "lead": told.lead, "rule": rule,
        "asked": None if rule.rule is None else called(rule.rule, names),
        "missing": None if rule.missing is None else called(rule.missing, names)._replace(facts=()),
        "again": positive_again(page),
        "acquired": acquired_here(page), "course": [(fact.at, symptom_of(fact.symptom)) for fact in course_of(page)],
        "ill": bool(notices_of(page)),
    }  # fmt: skip
    return render(request, "hospitals/person.html", context)


def conclusion(page: SubjectPage) -> Conclusion:
    """Where care stands, in one sentence."""
    lang, zone = reader_lang(), reader_zone()
    here, notices, left = in_hospital(page), notices_of(page), discharged_at(page)
    lead = say("contacts.lead.care", lang)
    if notices and here is not None:
        told = say("hospitals.now.in", lang, zone_name=zone, case=f"case_class.{notices[-1].case_class}", since=here.at)
    elif notices and left is not None and left >= notices[-1].at:
        told = say("hospitals.now.discharged", lang, zone_name=zone, at=left)
    elif notices:
        told = say("hospitals.now.waits", lang, case=f"case_class.{notices[-1].case_class}")
    elif here is not None:
        told = say("hospitals.now.other", lang, zone_name=zone, since=here.at)
    else:
        told = say("hospitals.now.none", lang)
    return Conclusion(sentence=told, lead=lead)


@working("hospitals")
def act(request: ActingRequest, subject: str, code: str) -> HttpResponse:
    """One form about one patient."""
    return perform(request, subject, code, HOSPITALS)


@working("hospitals")
@require_GET
def who_read(request: ActingRequest, subject: str) -> HttpResponse:
    """Who has looked at this patient's data."""
    return readers_page(request, opened(request, subject, "hospitals:reads"), HOSPITALS)


# --- reporting a case ---------------------------------------------------------------------------------------------------


def _may_notice(request: ActingRequest) -> tuple[Actor, Purpose]:
    actor, purpose = acting(request)
    if not HOSPITALS.may(actor, purpose, "notice"):
        raise DeskError("D120", kind="fact.case_notice", purpose=f"purpose.{purpose}")
    return actor, purpose


@working("hospitals")
@require_GET
def look_up(request: ActingRequest) -> HttpResponse:
    """Who is it? Somebody on record is reported under the own number; nobody is put on record twice."""
    actor, purpose = _may_notice(request)
    form = FindForm(request.GET if "q" in request.GET else None)
    found = None
    if form.is_bound and form.is_valid():
        found = find(form.cleaned_data["q"], actor, request.now)
        subjects = [one.subject for one in found.candidates]
        reads.log(actor, subjects, purpose=purpose, fields=("masked",), page="hospitals:find", now=request.now)
    back = Link(text=gettext("To the list"), url=reverse("hospitals:home"))
    return render(
        request, "hospitals/find.html", {"form": form, "found": found, "back": back, "heading": gettext("Who is ill?")}
    )


@working("hospitals")
@require_http_methods(["GET", "POST"])
def new(request: ActingRequest) -> HttpResponse:
    """Report a case of somebody who is not on record yet: the person and the notice in one go, the patient this hospital's."""
    actor, purpose = _may_notice(request)
    areas = [one for one in area_choices(actor, local_day(request.now, reader_zone())) if one[0]]
    form = NewPatientForm(request.POST or None, now=request.now, areas=areas, similar=False)
    alike: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        alike = _alike(form, actor, purpose, request.now)
        if alike and not request.POST.get("another"):
            form = NewPatientForm(request.POST, now=request.now, areas=areas, similar=True)
            form.add_error(
                None, gettext("Somebody like this is on record already. Look whether it is the same person.")
            )
        else:
            try:
                subject = _put_on_record(form, actor, purpose, form_key(request), request.now)
            except SizaoError as refused:
                refuse(form, refused)
            else:
                messages.success(request, say("contacts.done.notice", reader_lang()))
                return HttpResponseRedirect(reverse("hospitals:person", args=[subject]))
    back = Link(text=gettext("Cancel"), url=reverse("hospitals:home"))
    context = {"form": form, "alike": alike, "cancel": back, "heading": gettext("Report a case of somebody new")}
    return render(request, "hospitals/new.html", context, status=400 if form.errors else 200)


def _alike(form: NewPatientForm, actor: Actor, purpose: Purpose, now: Instant) -> list[dict[str, Any]]:
    """Whom it may already be, masked; logged as shown."""
    found = similar(form.who(), settings.KEYS, guard("safeguard.search_candidates", deployment().area, now))
    subjects = [one.subject for one in found.similar[:SHOWN]] if isinstance(found, Alike) else []
    reads.log(actor, subjects, purpose=purpose, fields=("masked",), page="hospitals:new", now=now)
    opened_now = open_many(subjects, settings.KEYS)
    return [
        {"who": mask(who), "url": reverse("hospitals:act", args=[subject, "notice"])}
        for subject in subjects
        if (who := opened_now.get(subject)) is not None
    ]


def _put_on_record(form: NewPatientForm, actor: Actor, purpose: Purpose, key: str, now: Instant) -> str:
    """The person, the notice and the assignment to this hospital, all or none. The name of the new person comes from the form's
    key, so that a form sent twice makes one person."""
    mark = hmac.new(settings.KEYS.search, f"patient|{key}".encode(), hashlib.sha256).hexdigest()[:20]
    subject, area = f"person:{mark}", form.cleaned_data["area"]
    moment = told_at(key) or now
    with transaction.atomic():
        if not Act.objects.filter(key=f"{key}-who").exists():
            register([Resident(subject, form.who(), area)], by=actor, purpose=purpose, key=f"{key}-who", now=moment)
        report_case(subject, form.noticed(area), by=actor, purpose=purpose, expect={}, key=key, now=moment)
        assign([subject], desk=DESK, team=actor.unit, by=actor, purpose=purpose, key=f"{key}-team", now=moment)
    return subject
