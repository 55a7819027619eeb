"""The pages about one contact: everything at once, every form, and who has looked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from sizao.desk.access.middleware import ActingRequest
from sizao.desk.access.reads import of_subject
from sizao.desk.contacts.acting import Place, acting, opened, perform
from sizao.desk.contacts.care_forms import places_now, waiting
from sizao.desk.contacts.doors import working
from sizao.desk.contacts.duties import ANSWERED_ELSEWHERE, Desk, lines_of, url_of, word_of
from sizao.desk.contacts.forms import rejectable, to_confirm, to_tell
from sizao.desk.contacts.kinds import CONTACTS
from sizao.desk.contacts.naming import names_of
from sizao.desk.contacts.report_forms import ENQUIRIES, checked_today
from sizao.desk.contacts.subject import (
    OPEN_STATES,
    because_of,
    conclusion_of,
    events_on,
    identity_of,
    last_act,
    names_on,
    readers_of,
    reason_of,
    standing,
)
from sizao.desk.counter.deciding import DECIDERS
from sizao.desk.me.holdings import say_fields
from sizao.desk.store.assigning import may_assign, teams_of
from sizao.desk.store.readers import SubjectPage
from sizao.desk.store.rights import Actor, Purpose
from sizao.desk.web.moments import AsOf, as_of_asked
from sizao.desk.web.parts import Link
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.when import Instant, local_day
from sizao.words import say

MAIN = ("confirm", "reject")
"""What stands under the conclusion while a match waits."""


@working("contacts")
@require_GET
def person(request: ActingRequest, subject: str) -> HttpResponse:
    """One contact: who, the conclusion, why, what is owed, what happened, who looked."""
    as_of = as_of_asked(request)
    page = opened(request, subject, "contacts:person", now=as_of.moment, known_at=as_of.known_at)
    return render(request, "contacts/person.html", anatomy(request, page, as_of, CONTACTS))


@working("contacts")
def act(request: ActingRequest, subject: str, code: str) -> HttpResponse:
    """One form about one contact."""
    return perform(request, subject, code, CONTACTS)


@working("contacts")
@require_GET
def who_read(request: ActingRequest, subject: str) -> HttpResponse:
    """Who has looked at this person's data."""
    return readers_page(request, opened(request, subject, "contacts:reads"), CONTACTS)


def anatomy(request: ActingRequest, page: SubjectPage, as_of: AsOf, place: Place) -> dict[str, Any]:
    """What every page about one person is made of."""
    actor, purpose = acting(request)
    team = teams_of([page.subject], place.space).get(page.subject, "")
    names = names_on(page, reason_of(page), [team])
    may = partial(may_now, actor, purpose, place, as_of)
    lines, told = lines_of(page, Desk(place.space, may, place.events), names), conclusion_of(page)
    return {
        "as_of": as_of, "now": as_of.moment, "page": page, "names": names, "identity": identity_of(page, case=place.case),
        "conclusion": told.sentence, "lead": told.lead, "reason": because_of(page, names), "facts": page.facts,
        "duties": lines.now, "later": lines.later, "settled": lines.settled, "events": events_on(page, names),
        "readers": readers_of(page.subject), "last": last_act(page), "whole": page.whole, "levels": page.levels,
        "reads_url": reverse(f"{place.space}:reads", args=[page.subject]), "checked": checked_today(standing(page), page.now),
        "team": names.get(team, team), "assign_url": _assign_url(page, place, actor, as_of),
        "actions": [_link(code, page, place) for code in MAIN if code in useful(page) and to_confirm(page) and may(code)],
        "others": [_link(code, page, place) for code in place.acts if code in useful(page) and may(code)],
        "back": Link(text=gettext("To the list"), url=reverse(f"{place.space}:home")),
    }  # fmt: skip


def may_now(actor: Actor, purpose: Purpose, place: Place, as_of: AsOf, code: str) -> bool:
    """Whether a form may be offered: the actor's roles carry it, and it is the present that is looked at."""
    if as_of.known_at is not None:
        return False
    return actor.has(*DECIDERS) if code == ANSWERED_ELSEWHERE else place.may(actor, purpose, code)


def useful(page: SubjectPage) -> frozenset[str]:
    """The forms that have something to be about now; those of what may happen at any time are always among them."""
    open_codes = {duty.code for duty, state in page.moment.duties if state in OPEN_STATES}
    sometimes = {
        "confirm": to_confirm(page), "reject": rejectable(page), "tell": to_tell(page), "result": waiting(page),
        "left": places_now(page), "verify": open_codes & set(ENQUIRIES), "transfer": places_now(page),
    }  # fmt: skip
    always = {
        "check",
        "test",
        "refused",
        "admit",
        "release",
        "report",
        "course",
        "discharge",
        "review",
        "notify",
        "notice",
    }
    return frozenset(always | {code for code, found in sometimes.items() if found})


def _link(code: str, page: SubjectPage, place: Place) -> Link:
    return Link(text=word_of(code), url=url_of(place.space, page.subject, code))


def _assign_url(page: SubjectPage, place: Place, actor: Actor, as_of: AsOf) -> str:
    if not may_assign(actor) or as_of.known_at is not None or place.space != "contacts":
        return ""
    return f"{reverse('contacts:assign')}?subject={page.subject}"


def readers_page(request: ActingRequest, page: SubjectPage, place: Place) -> HttpResponse:
    """Which offices looked at the person's data, for what, when, at what; the person sees the same list."""
    lang, on = reader_lang(), local_day(request.now, reader_zone())
    rows = [row for row in of_subject(page.subject) if row.purpose != Purpose.SELF]
    names = names_of({row.unit for row in rows}, lang, on)
    found: Sequence[dict[str, Any]] = [
        {
            "office": names.get(row.unit, row.unit), "purpose": say(f"purpose.{row.purpose}", lang), "at": Instant(row.at),
            "fields": say_fields(row.fields, lang),
        }
        for row in rows
    ]  # fmt: skip
    back = Link(text=gettext("Back"), url=reverse(f"{place.space}:person", args=[page.subject]))
    context = {
        "reads": found,
        "identity": identity_of(page, case=place.case),
        "back": back,
        "heading": gettext("Who has looked at this data"),
    }
    return render(request, "contacts/reads.html", context)
