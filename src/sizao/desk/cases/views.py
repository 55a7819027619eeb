"""The list of cases, and asking for one to be matched again."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from sizao.desk.access import reads
from sizao.desk.access.entry import form_key
from sizao.desk.access.middleware import ActingRequest
from sizao.desk.cases import retracing, tracing
from sizao.desk.cases.listing import Filters, asked_for, screen, shown
from sizao.desk.cases.models import MatchRow
from sizao.desk.cases.soon import matched_soon
from sizao.desk.contacts.acting import acting, told_at
from sizao.desk.contacts.doors import working
from sizao.desk.contacts.listing import applied
from sizao.desk.store import proposals, readers
from sizao.desk.store.rights import Purpose, may_record
from sizao.desk.web.parts import paging_of
from sizao.errors import DeskError


@working("cases")
@require_GET
def home(request: ActingRequest) -> HttpResponse:
    """The list, the latest notice first."""
    actor, purpose = acting(request)
    form = Filters(request.GET, actor=actor, now=request.now)
    rows = asked_for(form.cleaned_data if form.is_valid() else {}, actor, request.now)
    found = screen(rows, request.GET.get("after", ""))

    def note(own: Sequence[str]) -> None:
        reads.log(actor, own, purpose=purpose, fields=("name",), page="cases:list", now=request.now)

    people = shown(found.rows, actor, request.now, note)
    context = {
        "heading": gettext("Cases"), "form": form, "applied": applied(request.GET, form), "cases": people,
        "paging": paging_of(request, len(people), found.after, readers.count(rows)),
        "may_report": may_record(actor, Purpose.CARE, "case_notice") or may_record(actor, purpose, "case_notice"),
        "waiting": len(proposals.waiting(request.now, by=actor)),
    }  # fmt: skip
    return render(request, "cases/home.html", context)


@working("cases")
@require_POST
def trace(request: ActingRequest, subject: str) -> HttpResponse:
    """Ask for a case to be matched again, on record. Refuses a case nobody reported (K101), and whoever alone reported it
    (K102)."""
    actor, _ = acting(request)
    if not readers.cases(actor).filter(subject=subject).exists():
        raise DeskError("D160", subject=subject)
    key = form_key(request)
    now = told_at(key) or request.now
    act = tracing.ask(subject, by=actor, key=key, now=now)
    retracing.ask_to_retrace([subject], why="asked", by=actor.id, act=act, now=now)
    matched_soon(act)
    latest = MatchRow.objects.filter(case=subject).order_by("-at", "-pk").first()
    done = latest is not None and latest.why == "asked" and latest.at >= now
    messages.success(request, gettext("The case was matched again.") if done else gettext("The match is under way."))
    return HttpResponseRedirect(reverse("cases:person", args=[subject]))
