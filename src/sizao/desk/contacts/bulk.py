"""Several people at once: handing them to a team, and standing behind their matches. Each is named before anything is done.

Above the number the guard allows, confirmations become a proposal, and two approvers of different units decide (TR-04).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sizao.desk.access import reads
from sizao.desk.access.alerts import outside
from sizao.desk.access.entry import form_key
from sizao.desk.access.middleware import ActingRequest
from sizao.desk.contacts.acting import acting, refuse, told_at
from sizao.desk.contacts.doors import working
from sizao.desk.contacts.forms import reason_of_exposure, to_confirm
from sizao.desk.contacts.kinds import CONTACTS
from sizao.desk.contacts.listing import Filters, asked_for
from sizao.desk.contacts.naming import called, codes_in, names_of, number_of
from sizao.desk.contacts.teams import teams_for
from sizao.desk.people import vault
from sizao.desk.store import readers
from sizao.desk.store.acts import make, record
from sizao.desk.store.assigning import NOBODY, assign, may_assign, teams_of
from sizao.desk.store.book import deployment, guard
from sizao.desk.store.proposals import propose
from sizao.desk.store.readers import SubjectPage
from sizao.desk.store.sight import Sight
from sizao.desk.web.forms import ActForm
from sizao.desk.web.parts import Link
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.errors import DeskError, SizaoError
from sizao.facts.kinds import Confirmed, DataClass, Fact, FactId
from sizao.rules.explain import say_reason
from sizao.when import local_day
from sizao.words import say

DESK = "contacts"
MOST = 200
"""So many people are looked at one by one on one page."""


class Person(NamedTuple):
    """Somebody on a page of several: the number, the name where the reader works on this person, and the team."""

    subject: str
    number: str
    name: str
    team: str
    team_code: str


def chosen(request: ActingRequest) -> list[str]:
    """The people chosen in the list; with `all`, everybody the filters leave, so many at the most. Refuses nobody (N112)."""
    asked = request.POST if request.method == "POST" else request.GET
    subjects = list(dict.fromkeys(asked.getlist("subject")))
    if request.GET.get("all") and request.method == "GET":
        actor, _ = acting(request)
        form = Filters(request.GET, actor=actor, now=request.now)
        told = form.cleaned_data if form.is_valid() else {}
        rows = asked_for(told | {"waiting": True}, actor, request.now)
        subjects = [row.subject for row in readers.screen(rows, size=MOST).rows]
    if not subjects:
        raise DeskError("N112")
    return subjects[:MOST]


def people_of(request: ActingRequest, pages: Sequence[SubjectPage], page_name: str) -> list[Person]:
    """These people as the reader may see them; whose name is shown is written down first."""
    actor, purpose = acting(request)
    subjects = [page.subject for page in pages]
    others = outside(actor, subjects)
    own = [subject for subject in subjects if subject not in others]
    reads.log(actor, own, purpose=purpose, fields=("name", "health"), page=page_name, now=request.now)
    who = vault.open_many(own, settings.KEYS)
    teams = teams_of(subjects, DESK)
    names = names_of(set(teams.values()), reader_lang(), local_day(request.now, reader_zone()))
    found = []
    for subject in subjects:
        one, team = who.get(subject), teams.get(subject, NOBODY)
        found.append(Person(subject, number_of(subject), "" if one is None else one.name, names.get(team, team), team))
    return found


def pages_of(request: ActingRequest, subjects: Sequence[str]) -> list[SubjectPage]:
    """Everybody's page; refuses all if there is one the actor may not see (D161)."""
    actor, _ = acting(request)
    found = [readers.subject_page(subject, actor=actor, now=request.now) for subject in subjects]
    if any(page.seen < Sight.MASKED for page in found):
        raise DeskError("D161")
    return found


def back() -> Link:
    """The way to the list."""
    return Link(text=gettext("Cancel"), url=reverse("contacts:home"))


# --- hand over ----------------------------------------------------------------------------------------------------------


class AssignForm(ActForm):
    """To which team; the people are beside it."""

    team = forms.ChoiceField(label=_("Team"), required=False)

    def __init__(self, *args: Any, teams: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["team"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*teams, (NOBODY, gettext("nobody: give back"))]


@working("contacts")
@require_http_methods(["GET", "POST"])
def hand_over(request: ActingRequest) -> HttpResponse:
    """Hand the chosen people to a team. Refuses whoever hands nobody over (N101)."""
    actor, purpose = acting(request)
    if not may_assign(actor):
        raise DeskError("N101")
    subjects = chosen(request)
    people = people_of(request, pages_of(request, subjects), "contacts:assign")
    form = AssignForm(request.POST or None, teams=teams_for(actor, request.now, reader_zone()))
    if request.method == "POST" and form.is_valid():
        seen = dict(one.rsplit("|", 1) for one in request.POST.getlist("seen") if "|" in one)
        try:
            assign(
                subjects, desk=DESK, team=form.cleaned_data["team"], by=actor, purpose=purpose, key=form_key(request),
                now=request.now, seen=seen,
            )  # fmt: skip
        except SizaoError as refused:
            refuse(form, refused)
        else:
            messages.success(request, gettext("The people are handed over, and it is on record."))
            return HttpResponseRedirect(reverse("contacts:home"))
    heading = gettext("Hand over to a team")
    context = {
        "form": form,
        "people": people,
        "heading": heading,
        "cancel": back(),
        "submit": gettext("Hand over and record"),
    }
    return render(request, "contacts/assign.html", context, status=400 if form.errors else 200)


# --- confirm ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One match of one person, as it is looked at before somebody stands behind it. `value` names it in the form."""

    person: Person
    value: str
    fact: FactId
    version: int
    sentence: str
    chosen: bool


@working("contacts")
@require_http_methods(["GET", "POST"])
def confirm(request: ActingRequest) -> HttpResponse:
    """Stand behind the matches of several people, each with its evidence. Refuses whom the roles do not let (D120)."""
    actor, purpose = acting(request)
    if not CONTACTS.may(actor, purpose, "confirm"):
        raise DeskError("D120", kind="fact.confirmed", purpose=f"purpose.{purpose}")
    subjects = chosen(request)
    pages = pages_of(request, subjects)
    found = _evidence(request, pages)
    form = ActForm(request.POST or None)
    status = 200
    if request.method == "POST":
        try:
            done = _confirm(request)
        except SizaoError as refused:
            form.is_valid()
            refuse(form, refused)
            status = 409 if refused.code == "D113" else 400
        else:
            messages.success(request, done)
            return HttpResponseRedirect(reverse("contacts:home"))
    above = guard("safeguard.bulk", deployment().area, request.now).above_persons
    context = {
        "form": form, "found": found, "without": [page for page in pages if not to_confirm(page)], "above": above,
        "heading": gettext("Confirm matches"), "cancel": back(), "many": len({one.person.subject for one in found}) > above,
    }  # fmt: skip
    return render(request, "contacts/confirm.html", context, status=status)


def _evidence(request: ActingRequest, pages: Sequence[SubjectPage]) -> list[Evidence]:
    people = {one.subject: one for one in people_of(request, pages, "contacts:confirm")}
    waiting = {page.subject: to_confirm(page) for page in pages}
    codes = codes_in(fact for facts in waiting.values() for fact in facts)
    names = names_of(codes, reader_lang(), local_day(request.now, reader_zone()))
    ticked = set(request.POST.getlist("exposure"))
    found = []
    for page in pages:
        for fact in waiting[page.subject]:
            sentence = say_reason(called(reason_of_exposure(fact), names), reader_lang(), reader_zone())
            value = f"{page.subject}|{fact.id}"
            found.append(
                Evidence(
                    person=people[page.subject], value=value, fact=fact.id, version=page.version, sentence=sentence,
                    chosen=request.method == "GET" or value in ticked,
                )
            )  # fmt: skip
    return found


def _confirm(request: ActingRequest) -> str:
    """Record the confirmations that were ticked, or put them forward; returns what to say. Refuses none at all (N112)."""
    actor, purpose = acting(request)
    key = form_key(request)
    now = told_at(key) or request.now
    ticked = [one.rpartition("|") for one in request.POST.getlist("exposure")]
    if not ticked:
        raise DeskError("N112")
    facts: list[Fact] = [
        make(
            Confirmed, subject, at=now, actor=actor, now=now, data_class=DataClass.HEALTH, exposure=FactId(fact), by=actor.id
        )
        for subject, _, fact in ticked
    ]  # fmt: skip
    people = {fact.subject for fact in facts}
    if len(people) > guard("safeguard.bulk", deployment().area, now).above_persons:
        proposal = propose(facts, by=actor, purpose=purpose, key=key, now=now, name="confirm")
        return say(
            "contacts.proposed",
            reader_lang(),
            number=proposal.pk,
            people=proposal.subjects,
            approvers=proposal.approvers,
        )
    expect = {subject: version for subject, version in _versions(request).items() if subject in people}
    receipt = record(*facts, by=actor, purpose=purpose, expect=expect, key=key, now=now, name="confirm")
    return f"{say('contacts.done.confirm', reader_lang())} {say('contacts.recorded', reader_lang(), act=receipt.act)}"


def _versions(request: ActingRequest) -> dict[str, int]:
    told = [one.rpartition("|") for one in request.POST.getlist("version")]
    return {subject: int(version) for subject, _, version in told if version.isdecimal()}
