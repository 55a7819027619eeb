"""The page of the chain of transmission: a drawing without any script, and the same as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from sizao.desk.access.middleware import ActingRequest
from sizao.desk.cases.chain import RADIUS, Chain, Node, chain_of
from sizao.desk.contacts.acting import acting
from sizao.desk.contacts.doors import working
from sizao.desk.contacts.naming import names_of, number_of
from sizao.desk.store import readers
from sizao.desk.web.fields import DayField
from sizao.desk.web.forms import FilterForm
from sizao.desk.web.moments import as_of_asked
from sizao.desk.web.parts import Link
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.when import OPEN, Instant, day_start, local_day
from sizao.words import Lang, say

MOST = 300
"""So many cases one drawing holds; of more the latest reported."""


class Filters(FilterForm):
    """Which cases are drawn."""

    since = DayField(label=_("Fell ill from"))
    until = DayField(label=_("Fell ill until"))
    linked = forms.BooleanField(label=_("Only cases linked with another"))


class Dot(NamedTuple):
    """A node as the drawing shows it."""

    node: Node
    number: str
    url: str
    text: str


@working("cases")
@require_GET
def chain(request: ActingRequest) -> HttpResponse:
    """Cases by day, linked by exposures."""
    actor, _purpose = acting(request)
    as_of = as_of_asked(request)
    form = Filters(request.GET)
    told = form.cleaned_data if form.is_valid() else {}
    known = OPEN if as_of.known_at is None else as_of.known_at
    rows = readers.cases(actor).filter(recorded_at__lte=known)
    subjects = list(dict.fromkeys(rows.values_list("subject", flat=True)[: MOST * 4]))
    found = chosen(subjects[:MOST], told, known)
    context = {
        "as_of": as_of, "form": form, "heading": gettext("Chain of transmission"), "chain": found, "radius": RADIUS,
        "dots": [_dot(node) for node in found.nodes], "days": [(x, _short(day)) for x, day in found.days],
        "lines": _lines(found, as_of.moment), "left_out": max(0, len(subjects) - MOST),
        "back": Link(text=gettext("To the list"), url=reverse("cases:home")),
    }  # fmt: skip
    return render(request, "cases/chain.html", context)


def chosen(subjects: Sequence[str], told: dict[str, Any], known_at: Instant) -> Chain:
    """The chain of these cases, narrowed to the days asked for and, where asked, to those with a link."""
    whole = chain_of(subjects, zone=reader_zone(), known_at=known_at)
    since, until = told.get("since") or date.min, told.get("until") or date.max
    kept = [node.subject for node in whole.nodes if since <= node.day <= until]
    if told.get("linked"):
        ends = {end for link in whole.links for end in (link.source, link.target)}
        kept = [subject for subject in kept if subject in ends]
    return whole if len(kept) == len(whole.nodes) else chain_of(kept, zone=reader_zone(), known_at=known_at)


def _dot(node: Node) -> Dot:
    lang, number = reader_lang(), number_of(node.subject)
    text = say(
        f"cases.chain.by-{node.dated_by}",
        lang,
        zone_name=reader_zone(),
        number=number,
        case_class=f"case_class.{node.notice.case_class}",
        on=day_start(node.day, reader_zone()),
    )
    return Dot(node, number, reverse("cases:person", args=[node.subject]), text)


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日" if reader_lang() is Lang.ZH else f"{day.day} {day:%b}"


def _lines(found: Chain, now: Instant) -> list[dict[str, Any]]:
    """The links as rows of a table."""
    places = {link.exposure.place or "" for link in found.links}
    names = names_of(places, reader_lang(), local_day(now, reader_zone()))
    return [
        {
            "link": link, "source": number_of(link.source), "target": number_of(link.target),
            "place": names.get(link.exposure.place or "", link.exposure.place or ""),
        }
        for link in found.links
    ]  # fmt: skip
