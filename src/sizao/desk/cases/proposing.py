"""What waits for two approvers: whom it would burden, and why; and a yes or a no with own reasons (TR-04)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from sizao.desk.access import reads
from sizao.desk.access.alerts import outside
from sizao.desk.access.middleware import ActingRequest
from sizao.desk.cases import imports
from sizao.desk.cases.models import Import
from sizao.desk.contacts.acting import acting, refuse
from sizao.desk.contacts.doors import working
from sizao.desk.contacts.forms import reason_of_exposure
from sizao.desk.contacts.naming import called, codes_in, names_of, number_of
from sizao.desk.people import vault
from sizao.desk.store import proposals
from sizao.desk.store.book import deployment
from sizao.desk.store.models import Approval, Proposal
from sizao.desk.store.rights import Actor, reaches
from sizao.desk.store.rows import areas_of, facts_named
from sizao.desk.web.forms import ActForm, ReasonsField
from sizao.desk.web.parts import Link
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.desk.web.telling import say_content
from sizao.errors import DeskError, SizaoError
from sizao.facts.kinds import Confirmed, Correction, Exposure, Fact
from sizao.rules.explain import say_reason
from sizao.when import Instant, local_day
from sizao.words import terms

PAGE = 100
YES, NO = "yes", "no"


class DecisionForm(ActForm):
    """Yes or no, and why. Nobody approves by waiting."""

    agrees = forms.ChoiceField(
        label=_("Your decision"), widget=forms.RadioSelect, choices=((YES, _("I agree")), (NO, _("I refuse")))
    )
    reasons = ReasonsField(label=_("Your reasons, in your own words"), min_length=proposals.SHORTEST)


class Burdened(NamedTuple):
    """Somebody whom a proposal would burden, and what it says of this person."""

    subject: str
    number: str
    name: str
    says: Sequence[str]


@working("cases")
@require_GET
def listed(request: ActingRequest) -> HttpResponse:
    """What this reader could decide, and what was put forward or decided lately."""
    actor, _purpose = acting(request)
    waiting = proposals.waiting(request.now, by=actor)
    others = Proposal.objects.exclude(pk__in=[one.pk for one in waiting]).order_by("-proposed_at", "-pk")[:20]
    context = {
        "heading": gettext("Proposals"), "waiting": [_line(one, request.now) for one in waiting],
        "others": [_line(one, request.now) for one in others if _concerns(one, actor)],
        "back": Link(text=gettext("To the list"), url=reverse("cases:home")),
    }  # fmt: skip
    return render(request, "cases/proposals.html", context)


def _concerns(proposal: Proposal, actor: Actor) -> bool:
    """Whoever may approve sees what is waiting elsewhere; everybody what the own unit put forward."""
    return actor.has(*proposals.APPROVERS) or proposal.unit == actor.unit


def _line(proposal: Proposal, now: Instant) -> dict[str, Any]:
    names = names_of({proposal.actor, proposal.unit}, reader_lang(), local_day(now, reader_zone()))
    state = proposal.outcome or ("lapsed" if now >= proposal.lapses_at else "waiting")
    yes = proposal.approvals.filter(agrees=True).count()
    return {
        "one": proposal, "by": names.get(proposal.actor, proposal.actor), "unit": names.get(proposal.unit, proposal.unit),
        "state": f"cases.proposal.{state}", "what": _what(proposal), "yes": yes, "open": state == "waiting",
    }  # fmt: skip


def _what(proposal: Proposal) -> str:
    code = f"cases.proposed.{proposal.name}"
    return code if code in terms() else "cases.proposed.other"


@working("cases")
@require_http_methods(["GET", "POST"])
def one(request: ActingRequest, number: int) -> HttpResponse:
    """One proposal. Refuses one there is none of (K150), and people of areas the reader does not work for (D161)."""
    actor, _purpose = acting(request)
    proposal = Proposal.objects.filter(pk=number).first()
    if proposal is None or not _concerns(proposal, actor):
        raise DeskError("K150", number=number)
    facts = proposals.facts_of(proposal)
    areas = areas_of(facts, deployment().area)
    if not all(reaches(actor, area) for area in areas.values()):
        raise DeskError("D161")
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _decided(request, proposal, form)
        except SizaoError as refused:
            refuse(form, refused)
    context = _line(proposal, request.now) | {
        "heading": gettext("Proposal {number}").format(number=proposal.pk),
        "form": form,
        "people": _people(request, facts),
        "total": len({fact.subject for fact in facts}),
        "kinds": _kinds(facts),
        "approvals": _approvals(proposal, request.now),
        "may": proposal in proposals.waiting(request.now, by=actor),
        "back": Link(text=gettext("To the proposals"), url=reverse("cases:proposals")),
        "next": _next(request, facts),
    }
    return render(request, "cases/proposal.html", context, status=400 if form.errors else 200)


def _first(request: ActingRequest) -> int:
    text = request.GET.get("first", "")
    return int(text) if text.isdecimal() and len(text) <= 9 else 0


def _next(request: ActingRequest, facts: Sequence[Fact]) -> str:
    first = _first(request) + PAGE
    return f"?first={first}" if first < len({fact.subject for fact in facts}) else ""


def _people(request: ActingRequest, facts: Sequence[Fact]) -> list[Burdened]:
    """Whom it would burden, by number; with the name of those the reader works on, which is written down first."""
    actor, purpose = acting(request)
    first = _first(request)
    subjects = sorted({fact.subject for fact in facts})[first : first + PAGE]
    own = [subject for subject in subjects if subject not in outside(actor, subjects)]
    reads.log(actor, own, purpose=purpose, fields=("name", "health"), page="cases:proposal", now=request.now)
    who = vault.open_many(own, settings.KEYS)
    some = [fact for fact in facts if fact.subject in set(subjects)]
    targets = facts_named([fact.exposure for fact in some if isinstance(fact, Confirmed)])
    names = names_of(codes_in([*some, *targets.values()]), reader_lang(), local_day(request.now, reader_zone()))
    says: dict[str, list[str]] = {subject: [] for subject in subjects}
    for fact in some:
        says[fact.subject].append(
            _says(targets.get(fact.exposure, fact) if isinstance(fact, Confirmed) else fact, names)
        )
    found = []
    for subject in subjects:
        known = who.get(subject)
        found.append(Burdened(subject, number_of(subject), "" if known is None else known.name, says[subject]))
    return found


def _says(fact: Fact, names: dict[str, str]) -> str:
    if isinstance(fact, Exposure):
        return say_reason(called(reason_of_exposure(fact), names), reader_lang(), reader_zone())
    if isinstance(fact, Correction):
        return gettext("counts again: {why}").format(why=fact.why)
    return say_content(fact, reader_lang(), names)


def _kinds(facts: Sequence[Fact]) -> list[tuple[str, int]]:
    return sorted((f"fact.{kind}", number) for kind, number in Counter(fact.kind for fact in facts).items())


def _approvals(proposal: Proposal, now: Instant) -> list[dict[str, Any]]:
    rows: list[Approval] = list(proposal.approvals.order_by("at", "pk"))
    codes = {code for row in rows for code in (row.actor, row.unit)}
    names = names_of(codes, reader_lang(), local_day(now, reader_zone()))
    return [{"row": row, "by": names.get(row.actor, row.actor), "unit": names.get(row.unit, row.unit)} for row in rows]


def _decided(request: ActingRequest, proposal: Proposal, form: DecisionForm) -> HttpResponse:
    actor, _purpose = acting(request)
    told = form.cleaned_data
    agrees = told["agrees"] == YES
    receipt = proposals.approve(proposal, by=actor, agrees=agrees, reasons=told["reasons"], now=request.now)
    for held in Import.objects.filter(proposal=proposal.pk, state=imports.State.WAITING):
        imports.settle_proposal(held)
    if receipt is not None:
        done = gettext("It is carried out, in your act {act}: both names stand on it.").format(act=receipt.act)
    elif agrees:
        done = gettext("Your agreement is on record; somebody of another unit decides as well.")
    else:
        done = gettext("Refused. Nothing of it counts.")
    messages.success(request, done)
    return HttpResponseRedirect(reverse("cases:proposals"))
