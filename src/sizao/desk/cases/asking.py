"""Why somebody is not a contact of a case: asked with a number, answered with the closest miss, the rule and the two stays."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sizao.desk.access import reads
from sizao.desk.access.middleware import ActingRequest
from sizao.desk.cases.links import standing_to
from sizao.desk.cases.matching import Asked, why_not
from sizao.desk.cases.tracing import NOW_S
from sizao.desk.contacts.acting import acting, opened, refuse
from sizao.desk.contacts.doors import working
from sizao.desk.contacts.naming import names_of, number_of
from sizao.desk.contacts.subject import identity_of
from sizao.desk.store.book import deployment
from sizao.desk.store.models import SubjectRow
from sizao.desk.store.readers import SubjectPage
from sizao.desk.store.rights import Actor, reaches
from sizao.desk.web.forms import GovForm
from sizao.desk.web.moments import as_of_asked
from sizao.desk.web.parts import Link
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.errors import DeskError, SizaoError
from sizao.facts.kinds import SubjectId
from sizao.rules.explain import say_clause
from sizao.rules.reasons import Clause
from sizao.when import local_day, parse_day
from sizao.words import say


class WhyNotForm(GovForm):
    """About whom."""

    person = forms.CharField(label=_("Number of the person"), max_length=80)

    def clean_person(self) -> str:
        """The number with or without what it is a number of."""
        told: str = self.cleaned_data["person"].strip()
        return told if ":" in told else f"person:{told}"


@working("cases")
@require_http_methods(["GET", "POST"])
def why_no_contact(request: ActingRequest, subject: str) -> HttpResponse:
    """Ask the matcher about one person and this case."""
    as_of = as_of_asked(request)
    page = opened(request, subject, "cases:why-not", now=as_of.moment, known_at=as_of.known_at)
    form = WhyNotForm(request.POST or None)
    answer: dict[str, Any] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            answer = _answer(request, page, form.cleaned_data["person"])
        except SizaoError as refused:
            refuse(form, refused)
    context = {
        "as_of": as_of, "form": form, "answer": answer, "identity": identity_of(page, case=True),
        "heading": gettext("Why is somebody no contact of this case?"), "submit": gettext("Ask"),
        "back": Link(text=gettext("To the case"), url=reverse("cases:person", args=[subject])),
    }  # fmt: skip
    return render(request, "cases/why_not.html", context, status=400 if form.errors else 200)


def _answer(request: ActingRequest, page: SubjectPage, person: str) -> dict[str, Any]:
    """What the matcher says, in words; who asked about whom is written down first. Refuses people of areas not the reader's
    (D161)."""
    actor, purpose = acting(request)
    _within(actor, person)
    reads.log(
        actor, [person], purpose=purpose, fields=("health",), page="cases:why-not", now=request.now, case=page.subject
    )
    asked = Asked(case=SubjectId(page.subject), facts=page.dossier.facts)
    found = why_not(SubjectId(person), asked, deployment(), known_at=page.now, limit_s=NOW_S)
    lang, zone = reader_lang(), reader_zone()
    known = {fact.subject for fact in standing_to([page.subject], page.known_at)[page.subject]}
    names = names_of({found["place"] or ""}, lang, local_day(page.now, zone))
    opens, closes = found["window"]
    return {
        "number": number_of(person), "says": say(found["miss"], lang, zone_name=zone, **found["slots"]),
        "contact": person in known,
        "window": say("cases.window", lang, zone_name=zone, opens=opens, closes=closes),
        "place": names.get(found["place"] or "", found["place"] or ""), "case_stay": found["case_stay"], "stay": found["stay"],
        "clause": "" if found["clause"] is None else say_clause(clause_of(found["clause"]), lang),
    }  # fmt: skip


def _within(actor: Actor, person: str) -> None:
    area = SubjectRow.objects.filter(subject=person).values_list("area", flat=True).first()
    if area is not None and not reaches(actor, area):
        raise DeskError("D161")


def clause_of(told: dict[str, Any]) -> Clause:
    """A clause as the matcher told it."""
    on: date = parse_day(told["valid_from"])
    return Clause(**told | {"valid_from": on})
