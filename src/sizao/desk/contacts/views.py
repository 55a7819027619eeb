"""The worklist of contacts, and the ways of looking at it that somebody keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from sizao.desk.access import reads
from sizao.desk.access.middleware import ActingRequest
from sizao.desk.contacts.acting import acting
from sizao.desk.contacts.doors import working
from sizao.desk.contacts.kinds import CONTACTS
from sizao.desk.contacts.listing import OWN, Filters, applied, asked_for, fresh, page_asked, shown
from sizao.desk.contacts.models import SavedFilter
from sizao.desk.store import readers
from sizao.desk.store.assigning import may_assign
from sizao.desk.store.rights import Actor
from sizao.desk.web.parts import paging_of
from sizao.errors import DeskError

LONGEST_NAME = 40
LONGEST_QUERY = 400
MOST_SAVED = 20


@working("contacts")
@require_GET
def home(request: ActingRequest) -> HttpResponse:
    """The list, next due first, a screen at a time."""
    actor, purpose = acting(request)
    form = Filters(request.GET, actor=actor, now=request.now)
    told = form.cleaned_data if form.is_valid() else {}
    rows = asked_for(told, actor, request.now)
    screen = readers.screen(rows, after=page_asked(request.GET.get("after", "")))

    def note(own: Sequence[str]) -> None:
        reads.log(actor, own, purpose=purpose, fields=("name",), page="contacts:list", now=request.now)

    people = shown(fresh(screen.rows, request.now), actor, request.now, note)
    context = {
        "heading": gettext("Contacts to follow up"), "form": form, "applied": applied(request.GET, form), "people": people,
        "paging": paging_of(request, len(people), screen.after, readers.count(rows)), "figures": _figures(actor, request),
        "saved": saved_of(actor), "query": _query(request.GET), "may_assign": may_assign(actor),
        "may_confirm": CONTACTS.may(actor, purpose, "confirm"),
    }  # fmt: skip
    return render(request, "contacts/home.html", context)


def _figures(actor: Actor, request: ActingRequest) -> list[dict[str, Any]]:
    """Three numbers, each of which opens to its rows."""
    asked: tuple[tuple[str, Mapping[str, str], str], ...] = (
        (gettext("overdue"), {"overdue": "on"}, "over"), (gettext("waiting for confirmation"), {"waiting": "on"}, ""),
        (gettext("with my team and me"), {"team": OWN}, ""),
    )  # fmt: skip
    found = []
    for text, told, mark in asked:
        number, more = readers.count(asked_for(told, actor, request.now))
        query = "&".join(f"{name}={value}" for name, value in told.items())
        note = gettext("and more") if more else ""
        found.append({"text": text, "number": number, "note": note, "url": f"?{query}", "mark": mark if number else ""})
    return found


def saved_of(actor: Actor) -> list[SavedFilter]:
    """The filters this user keeps, by name."""
    return list(SavedFilter.objects.filter(actor=actor.id).order_by("name"))


def _query(asked: QueryDict) -> str:
    kept = asked.copy()
    kept.pop("after", None)
    return kept.urlencode()


@working("contacts")
@require_POST
def save(request: ActingRequest) -> HttpResponse:
    """Keep the filters that are on under a name; the same name again is the newer one. Refuses a name that is none (N113) and
    more than a few (N114)."""
    actor, _ = acting(request)
    name, query = request.POST.get("name", "").strip(), request.POST.get("query", "")
    if not 0 < len(name) <= LONGEST_NAME or len(query) > LONGEST_QUERY:
        raise DeskError("N113", most=LONGEST_NAME)
    if len(saved_of(actor)) >= MOST_SAVED and not SavedFilter.objects.filter(actor=actor.id, name=name).exists():
        raise DeskError("N114", most=MOST_SAVED)
    kept = QueryDict(query, mutable=True)
    kept.pop("after", None)
    told = {"query": kept.urlencode(), "saved_at": request.now}
    SavedFilter.objects.update_or_create(actor=actor.id, name=name, defaults=told)
    messages.success(request, gettext("The filter is kept."))
    return HttpResponseRedirect(f"{reverse('contacts:home')}?{told['query']}")


@working("contacts")
@require_POST
def drop(request: ActingRequest, number: int) -> HttpResponse:
    """Keep a filter no longer; only one's own."""
    actor, _ = acting(request)
    SavedFilter.objects.filter(pk=number, actor=actor.id).delete()
    return HttpResponseRedirect(reverse("contacts:home"))
