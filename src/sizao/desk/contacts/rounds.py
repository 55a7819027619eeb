"""The daily round: everybody one's team follows up, with the check of each on the same page, for a phone and for bad networks."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from sizao.desk.access import reads
from sizao.desk.access.middleware import ActingRequest
from sizao.desk.contacts.acting import acting, matter_of
from sizao.desk.contacts.doors import working
from sizao.desk.contacts.duties import url_of
from sizao.desk.contacts.kinds import CONTACTS
from sizao.desk.contacts.listing import OWN, asked_for, page_asked
from sizao.desk.contacts.naming import number_of
from sizao.desk.contacts.report_forms import CheckForm, checked_today
from sizao.desk.contacts.subject import standing
from sizao.desk.people import vault
from sizao.desk.store import readers
from sizao.desk.store.sight import Sight
from sizao.desk.web.parts import Link, paging_of
from sizao.errors import DeskError

SCREEN = 30
"""So many checks on a page: what a phone still scrolls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One person of the round, and the form of today's check."""

    subject: str
    number: str
    name: str
    phone: str
    done: bool
    due: int | None
    form: CheckForm
    draft: str
    url: str
    page: str


@working("contacts")
@require_GET
def daily(request: ActingRequest) -> HttpResponse:
    """Everybody assigned to the reader's team, next due first. Refuses whose roles record no checks (D120)."""
    actor, purpose = acting(request)
    if not CONTACTS.may(actor, purpose, "check"):
        raise DeskError("D120", kind="fact.symptom", purpose=f"purpose.{purpose}")
    rows = asked_for({"team": OWN}, actor, request.now)
    screen = readers.screen(rows, after=page_asked(request.GET.get("after", "")), size=SCREEN)
    subjects = [row.subject for row in screen.rows]
    reads.log(
        actor, subjects, purpose=purpose, fields=("name", "phone", "health"), page="contacts:round", now=request.now
    )
    who = vault.open_many(subjects, settings.KEYS)
    stops = []
    for place, row in enumerate(screen.rows):
        page = readers.subject_page(row.subject, actor=actor, now=request.now)
        one = who.get(row.subject) if page.seen is Sight.NAMED else None
        form = CheckForm(matter=matter_of(request, page, request.now), auto_id=f"stop{place}-%s")
        stops.append(
            Stop(
                subject=row.subject, number=number_of(row.subject), name="" if one is None else one.name,
                phone="" if one is None else one.phone, done=checked_today(standing(page), request.now), due=row.next_due_at,
                form=form, draft=f"contacts-check-{row.subject}", url=url_of("contacts", row.subject, "check"),
                page=reverse("contacts:person", args=[row.subject]),
            )
        )  # fmt: skip
    context = {
        "heading": gettext("Daily round"), "stops": stops, "left": sum(not one.done for one in stops),
        "paging": paging_of(request, len(stops), screen.after),
        "back": Link(text=gettext("To the list"), url=reverse("contacts:home")),
    }  # fmt: skip
    return render(request, "contacts/round.html", context)
