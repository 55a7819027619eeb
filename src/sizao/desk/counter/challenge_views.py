"""Where challenges are answered: by the area command, a county office or the CDC, and by nobody who had a hand in
what is challenged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from sizao.desk.access import reads
from sizao.desk.access.entry import desk, form_key
from sizao.desk.access.middleware import ActingRequest
from sizao.desk.access.models import User
from sizao.desk.counter import deciding
from sizao.desk.counter.checking import area_name
from sizao.desk.counter.forms import DecisionForm
from sizao.desk.counter.views import UNKNOWN, acting
from sizao.desk.me.challenges import Challenge, challenges_of, had_a_hand
from sizao.desk.me.forms import Choices, ground_of
from sizao.desk.me.own import now_of
from sizao.desk.me.pages import refuse
from sizao.desk.me.words import told_rows
from sizao.desk.people.masking import mask
from sizao.desk.people.vault import open_many
from sizao.desk.store import readers, rows
from sizao.desk.store.models import DutyRow, FactRow
from sizao.desk.store.readers import SubjectPage
from sizao.desk.web.parts import Identity, Link, paging_of
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.desk.web.views import refusal
from sizao.errors import SizaoError
from sizao.facts.kinds import Reported
from sizao.rules.challenges import CHALLENGE
from sizao.rules.reasons import Reason
from sizao.rules.timeline import State
from sizao.words import Lang

FIELDS = ("standing", "reasons", "exposures", "said")


@desk("challenges")
@require_GET
def home(request: ActingRequest) -> HttpResponse:
    """Every challenge that waits, the oldest hour first. Nobody is named here; nothing ever leaves it but by an answer."""
    asked = deciding.waiting(acting(request), request.now)
    shown = readers.screen(asked, after=request.GET.get("after"), due="due")
    lines = [
        {"row": row, "fact": fact, "overdue": row.due is not None and request.now > row.due,
         "url": reverse("challenges:one", args=[row.subject, fact])}
        for row, fact in _facts(shown.rows)
    ]  # fmt: skip
    paging = paging_of(request, len(lines), shown.after, readers.count(asked))
    return render(request, "counter/challenges.html", {"lines": lines, "paging": paging})


def _facts(found: Sequence[DutyRow]) -> list[tuple[DutyRow, str]]:
    """Each duty with the challenge it answers."""
    subjects = {row.subject for row in found}
    asked: dict[tuple[str, int], str] = {}
    for row in FactRow.objects.filter(subject__in=subjects, kind=Reported.kind, line__isnull=False):
        fact = rows.fact_of(row)
        if isinstance(fact, Reported) and fact.what == CHALLENGE:
            asked[fact.subject, fact.at] = fact.id
    return [(row, asked[row.subject, row.since]) for row in found if (row.subject, row.since) in asked]


@desk("challenges")
def one(request: ActingRequest, subject: str, fact: str) -> HttpResponse:
    """One challenge: what is said to be wrong, what it rests on, and the decision."""
    actor = acting(request)
    try:
        purpose = deciding.purpose_of(actor)
        page = readers.subject_page(subject, actor=actor, now=request.now)
        reads.log(actor, [subject], purpose=purpose, fields=FIELDS, page="challenges:one", now=request.now)
        challenge = deciding.challenge_at(page, fact)
        form = _form(request, page)
        if request.method == "POST" and form is not None and form.is_valid():
            answered = _decide(request, page, fact, form)
            if answered is not None:
                return answered
        return _shown(request, page, challenge, form)
    except SizaoError as refused:
        return refusal(request, refused, status=404 if refused.code in UNKNOWN else 403)


def names_of(request: ActingRequest) -> tuple[str, ...]:
    """The names by which what somebody did may be on record."""
    user = request.user
    return (user.username, user.name_zh, user.name_en) if isinstance(user, User) else ()


def _form(request: ActingRequest, page: SubjectPage) -> DecisionForm | None:
    """The form of the decision; None for whoever may not decide. A posted one goes on to be refused with words."""
    grounds = _grounds(page, request)
    if request.method == "POST":
        return DecisionForm(request.POST, grounds=grounds)
    if had_a_hand(page, (acting(request).id, *names_of(request))):
        return None
    return DecisionForm(grounds=grounds, initial={"version": page.version})


def _grounds(page: SubjectPage, request: ActingRequest) -> Choices:
    return [(fact.id, ground_of(fact)) for fact in deciding.correctable(page, acting(request))]


def _decide(request: ActingRequest, page: SubjectPage, fact: str, form: DecisionForm) -> HttpResponse | None:
    """Record the answer and go back to the list; None where it was refused, with the words above the form."""
    told = form.cleaned_data
    decision = deciding.Decision(
        granted=told["outcome"] == "granted", reasons=told["reasons"], withdraw=tuple(told.get("withdraw", ()))
    )
    try:
        answer = deciding.decide(
            page, fact, decision, by=acting(request), names=names_of(request), key=form_key(request), now=request.now,
            version=told["version"],
        )  # fmt: skip
    except SizaoError as refused:
        refuse(form, refused)
        return None
    messages.success(request, gettext("The answer is on record: no. {number}.").format(number=answer.number))
    return HttpResponseRedirect(reverse("challenges:home"))


def _shown(request: ActingRequest, page: SubjectPage, challenge: Challenge, form: DecisionForm | None) -> HttpResponse:
    lang = reader_lang()
    who = open_many([page.subject], settings.KEYS).get(page.subject)
    area = area_name(page.subject, lang, request.now)
    name = "" if who is None else mask(who).name
    context: dict[str, Any] = {
        "identity": Identity(name=name or page.subject, details=(area,) if area else (), standing=now_of(page).span),
        "challenge": challenge, "form": form, "page": page, "open": challenge.open,
        "told": [] if challenge.statement is None else told_rows(challenge.statement, lang, reader_zone()),
        "reason": None if page.moment.standing is None else with_names(page.moment.standing.reason),
        "overdue": challenge.state is State.OVERDUE,
        "others": [one for one in challenges_of(page) if one.fact != challenge.fact and one.open],
        "back": Link(text=gettext("Back"), url=reverse("challenges:home")),
    }  # fmt: skip
    return render(request, "counter/challenge.html", context, status=400 if form is not None and form.errors else 200)


def with_names(reason: Reason) -> Reason:
    """The reason with everybody who acted called by name: a decider has to know whose judgement it is."""
    acted = {value for value in _slot_values(reason) if value.startswith(USER)}
    keys = [value.removeprefix(USER) for value in acted if value.removeprefix(USER).isdigit()]
    users = User.objects.filter(pk__in=keys)
    lang = reader_lang()
    names = {f"{USER}{user.pk}": user.name_zh if lang is Lang.ZH else user.name_en for user in users}
    return _renamed(reason, names)


USER = "user:"


def _slot_values(reason: Reason) -> Iterator[str]:
    yield from (value for _, value in reason.slots if isinstance(value, str))
    for part in reason.parts:
        yield from _slot_values(part)


def _renamed(reason: Reason, names: Mapping[str, str]) -> Reason:
    slots = tuple((name, names.get(value, value) if isinstance(value, str) else value) for name, value in reason.slots)
    return reason._replace(slots=slots, parts=tuple(_renamed(part, names) for part in reason.parts))
