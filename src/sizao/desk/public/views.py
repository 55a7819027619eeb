"""Pages that need no account and show nobody: rules, areas, how a standing is reached, challenges, and whether a
message is real."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from sizao.desk.access import reads
from sizao.desk.access.entry import form_key
from sizao.desk.access.middleware import ActingRequest
from sizao.desk.counter.deciding import way_to_people
from sizao.desk.me import saying, telling
from sizao.desk.me.challenges import Challenge, challenges_of
from sizao.desk.me.models import Statement
from sizao.desk.me.own import page_of
from sizao.desk.me.pages import refuse
from sizao.desk.me.words import routes
from sizao.desk.people.areas import areas_under
from sizao.desk.public import asking
from sizao.desk.public.areas import called, levels_now
from sizao.desk.public.forms import ChallengeForm, RealForm, RulesForm, StatusForm
from sizao.desk.public.inforce import rules_on
from sizao.desk.store.book import deployment, guard
from sizao.desk.store.outbox import post
from sizao.desk.store.rights import Purpose
from sizao.desk.web.parts import Link
from sizao.desk.web.reading import reader_lang
from sizao.desk.web.rules import rules_in_force
from sizao.errors import SizaoError
from sizao.rules.challenges import CHALLENGE
from sizao.when import Instant, day_start, local_day
from sizao.words import Lang, say, say_day

KEY_RULES = (
    "case.window.days_before", "close.course", "secondary.course", "standing.colours", "safeguard.preliminary_h",
    "safeguard.challenge_h",
)  # fmt: skip
"""What the first page says of the rules; all of them stand on the page of rules."""


def hours_to_answer(now: Instant) -> int:
    """Within how many hours a challenge is answered today."""
    return int(guard("safeguard.challenge_h", deployment().area, now))


@require_GET
def home(request: ActingRequest) -> HttpResponse:
    """What is in force, and every way onward."""
    lang, area = reader_lang(), deployment().area
    on = local_day(request.now, settings.SIZAO.zone)
    rules = {rule.key: rule for group in rules_on(area, on, lang).values() for rule in group}
    context = {
        "area": called(area, request.now, lang),
        "packs": rules_in_force(request.now, lang),
        "levels": levels_now(request.now, lang),
        "rules": [rules[key] for key in KEY_RULES if key in rules],
        "hours": hours_to_answer(request.now),
        "on": request.now,
    }
    return render(request, "public/home.html", context)


@require_GET
def rules(request: ActingRequest) -> HttpResponse:
    """Every rule in force in an area on a day, with its source."""
    lang = reader_lang()
    today = local_day(request.now, settings.SIZAO.zone)
    choices = _areas(request.now, lang)
    form = RulesForm(request.GET or None, areas=choices, initial={"area": deployment().area, "on": today})
    area, on = deployment().area, today
    if form.is_bound and form.is_valid():
        area, on = form.cleaned_data["area"] or area, form.cleaned_data["on"] or today
    groups = [(say(f"public.group.{name}", lang), found) for name, found in rules_on(area, on, lang).items()]
    context = {
        "form": form,
        "groups": groups,
        "area": called(area, request.now, lang),
        "on": say_day(day_start(on, settings.SIZAO.zone), lang, settings.SIZAO.zone),
    }
    return render(request, "public/rules.html", context, status=400 if form.errors else 200)


def _areas(now: Instant, lang: Lang) -> list[tuple[str, str]]:
    area = deployment().area
    below = areas_under(area, local_day(now, settings.SIZAO.zone))
    return [(area, called(area, now, lang)), *((one.code, called(one.code, now, lang)) for one in below)]


@require_GET
def areas(request: ActingRequest) -> HttpResponse:
    """The levels of areas now."""
    return render(request, "public/areas.html", {"levels": levels_now(request.now, reader_lang())})


@require_GET
def standing(request: ActingRequest) -> HttpResponse:
    """How a standing is reached, row by row."""
    context = {
        "rows": [(say(f"public.row.{row}", reader_lang()), say(f"public.row-is.{row}", reader_lang())) for row in ROWS],
        "hours": hours_to_answer(request.now),
        "preliminary": guard("safeguard.preliminary_h", deployment().area, request.now),
    }
    return render(request, "public/standing.html", context)


ROWS = ("green", "unknown", "preliminary", "missed", "refused", "elsewhere", "withdrawn", "outage")


@require_GET
def never(request: ActingRequest) -> HttpResponse:
    """What this system never does."""
    return render(request, "public/never.html", {"lines": [say(f"public.never.{one}", reader_lang()) for one in NEVER]})


NEVER = ("colour", "burden", "wall", "unknown", "end", "challenge")


@require_GET
def access(request: ActingRequest) -> HttpResponse:
    """Without a phone, in large type, on paper, in another language."""
    return render(request, "public/access.html")


def challenge(request: ActingRequest) -> HttpResponse:
    """Challenge without an account: a number, a document or telephone, what is wrong. The person is told that it came."""
    form = ChallengeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            statement = _challenged(form, request)
        except SizaoError as refused:
            refuse(form, refused)
        else:
            return HttpResponseRedirect(reverse("public:received", args=[statement.number]))
    context = {"form": form, "hours": hours_to_answer(request.now), "back": _back()}
    return render(request, "public/challenge.html", context, status=400 if form.errors else 200)


def _challenged(form: ChallengeForm, request: ActingRequest) -> Statement:
    told = form.cleaned_data
    subject = asking.person_of(told["reference"], told["number"], request, request.now)
    statement = saying.challenge(
        asking.visitor(subject, told["reference"]),
        wrong=told["wrong"],
        words=told["words"],
        evidence=told["evidence"],
        about="",
        key=form_key(request),
        now=request.now,
    )
    post(
        to=subject,
        code="challenge-received",
        slots={"number": statement.number},
        channel=way_to_people(),
        about=statement.fact,
        key=f"challenge-received-{statement.number}",
        now=request.now,
    )
    return statement


def _back() -> Link:
    return Link(text=gettext("Back"), url=reverse("public:home"))


@require_GET
def received(request: ActingRequest, number: str) -> HttpResponse:
    """The receipt of a challenge: its number and its clock, and nothing about anybody."""
    statement = Statement.objects.filter(number=saying.normal_number(number), what=CHALLENGE).first()
    context = {"statement": statement, "hours": hours_to_answer(request.now), "back": _back()}
    return render(request, "public/received.html", context, status=200 if statement is not None else 404)


def status(request: ActingRequest) -> HttpResponse:
    """What became of a challenge, for whoever knows its receipt and the document or telephone."""
    form = StatusForm(request.POST or None)
    found: Challenge | None = None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            subject = asking.person_of(told["reference"], told["number"], request, request.now)
        except SizaoError as refused:
            refuse(form, refused)
        else:
            found = _challenge(subject, told["reference"], request)
            if found is None:
                form.add_error("reference", gettext("This is not the receipt of a challenge."))
    context: dict[str, Any] = {"form": form, "challenge": found, "hours": hours_to_answer(request.now), "back": _back()}
    if found is not None:
        on = local_day(request.now, settings.SIZAO.zone)
        context |= {"answer": found.answer, "routes": routes(deployment().area, on, reader_lang())}
    return render(request, "public/status.html", context, status=400 if form.errors else 200)


def _challenge(subject: str, reference: str, request: ActingRequest) -> Challenge | None:
    actor = asking.visitor(subject, reference).actor
    reads.log(actor, [subject], purpose=Purpose.SELF, fields=("said",), page="public:status", now=request.now)
    page = page_of(subject, actor, request.now)
    number = saying.normal_number(reference)
    return next(
        (one for one in challenges_of(page) if one.statement is not None and one.statement.number == number), None
    )


def real(request: ActingRequest) -> HttpResponse:
    """Whether a message or a paper comes from here; to whom a message went is said to its receiver alone."""
    form = RealForm(request.POST or None)
    found = None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            subject = (
                asking.person_of(told["reference"], told["number"], request, request.now) if told["number"] else None
            )
        except SizaoError as refused:
            refuse(form, refused)
        else:
            found = telling.check(told["reference"], subject=subject, lang=reader_lang())
    context = {"form": form, "found": found, "back": _back()}
    return render(request, "public/real.html", context, status=400 if form.errors else 200)


@require_GET
def healthz(_request: ActingRequest) -> HttpResponse:
    """Whether this service answers and its database does; nothing else is said."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
            cursor.fetchone()
    except DatabaseError:
        return JsonResponse({"status": "unavailable"}, status=503)
    return JsonResponse({"status": "ok"})
