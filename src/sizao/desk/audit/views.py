"""The pages of the auditors: what was done and by whom, provably; who read how much; what is kept and for how long."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sizao.desk import clock
from sizao.desk.access import alerts
from sizao.desk.access.entry import desk
from sizao.desk.access.models import Alert
from sizao.desk.audit import looking
from sizao.desk.audit.forms import ActFilter, DaysFilter
from sizao.desk.audit.housekeeping import VERIFY, said_again
from sizao.desk.ledger import sequencer, signing
from sizao.desk.ledger.models import Head, Pending
from sizao.desk.store import erasing, jobs, keeping
from sizao.desk.store.book import deployment
from sizao.desk.store.models import FactRow, Job
from sizao.desk.store.rights import Actor
from sizao.desk.web.parts import Paging
from sizao.desk.web.reading import reader_lang
from sizao.when import DAY_S, Instant, local
from sizao.words import say, say_error

LATEST = 100


def _now(request: HttpRequest) -> Instant:
    now: Instant = request.now  # type: ignore[attr-defined]  # set by access.middleware.Acting
    return now


@desk("audit")
def home(request: HttpRequest) -> HttpResponse:
    """How much of what, each number leading to its rows."""
    now = _now(request)
    classes = keeping.overview(now)
    head = Head.objects.filter(pk=1).first()
    context = {
        "leaves": head.size if head else 0,
        "waiting": Pending.objects.count(),
        "checkpoint": sequencer.latest(),
        "verification": looking.latest_job(VERIFY),
        "alerts": Alert.objects.filter(seen_at__isnull=True).count(),
        "overdue": sum(each.overdue for each in classes),
        "erased": FactRow.objects.filter(line__isnull=True).count(),
        "failed": Job.objects.filter(outcome=jobs.FAILED).count(),
    }
    return render(request, "audit/home.html", context)


@desk("audit")
def acts(request: HttpRequest) -> HttpResponse:
    """Every act, the latest first: when, who, what for, how much, and its place in the log."""
    form = ActFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    after = request.GET.get("after", "")
    lines, onward = looking.acts(
        after=int(after) if after.isdigit() else None, **{name: asked.get(name, "") for name in form.fields}
    )
    query = request.GET.copy()
    query.pop("after", None)
    first = f"?{query.urlencode()}" if after else ""
    if onward is not None:
        query["after"] = str(onward)
    paging = Paging(first=first, next=f"?{query.urlencode()}" if onward is not None else "", shown=len(lines))
    return render(request, "audit/acts.html", {"lines": lines, "form": form, "paging": paging, "heading": _("Acts")})


@desk("audit")
def act(request: HttpRequest, number: int) -> HttpResponse:
    """One act with its place in the log and the way to prove it without us."""
    line = looking.act(number)
    if line is None:
        raise Http404
    last = sequencer.latest()
    proved = line.leaf is not None and last is not None and line.leaf < last.size
    context = {
        "line": line,
        "checkpoint": last,
        "proved": proved,
        "name": signing.origin(),
        "key": looking.public_key_text(),
    }
    return render(request, "audit/act.html", context)


@desk("audit")
def reads(request: HttpRequest) -> HttpResponse:
    """Who read how many people, and how many of them outside the own work."""
    form = DaysFilter(request.GET)
    days = _days(form)
    now = _now(request)
    found = looking.readers(Instant(now - days * DAY_S), now)
    context = {
        "readers": found,
        "form": form,
        "days": days,
        "alerts": alerts.unseen(),
        "heading": _("Who read how much"),
    }
    return render(request, "audit/reads.html", context)


def _days(form: DaysFilter) -> int:
    return int((form.cleaned_data.get("days") if form.is_valid() else None) or 7)


@desk("audit")
def reader(request: HttpRequest, actor: str) -> HttpResponse:
    """What one of them read, by day, page and purpose; never whom."""
    form, now = DaysFilter(request.GET), _now(request)
    days = _days(form)
    offset = int(local(now, deployment().zone).utcoffset().total_seconds())  # type: ignore[union-attr]  # always aware
    rows = looking.reading_of(actor, Instant(now - days * DAY_S), now, offset)
    who = looking.names_of({actor}).get(actor, actor)
    raised = Alert.objects.filter(actor=actor).order_by("-at")[:LATEST]
    heading = _("What %(who)s read") % {"who": who}
    context = {"who": who, "rows": rows, "form": form, "days": days, "alerts": raised, "heading": heading}
    return render(request, "audit/reader.html", context)


@desk("audit")
def kept(request: HttpRequest) -> HttpResponse:
    """Every class of data with its purpose, period and way of deletion; holds, the closure, and what was destroyed."""
    now = _now(request)
    erased = FactRow.objects.filter(line__isnull=True).values("data_class")
    context = {
        "classes": keeping.overview(now),
        "holds": [_hold(each) for each in keeping.holds()],
        "closure": keeping.closure(),
        "observers": keeping.observers(),
        "destructions": [_destruction(*each) for each in erasing.destructions()[:LATEST]],
        "erased": erased.annotate(many=Count("pk")).order_by("data_class"),
    }
    return render(request, "audit/kept.html", context)


def _hold(held: keeping.Hold) -> dict[str, Any]:
    """A hold as it is shown: of one subject it is not said which."""
    scope = held.scope if held.scope in (*keeping.names(), keeping.EVERYTHING) else "one-subject"
    shown = say(f"keeping.{scope}", reader_lang())
    return {"shown": shown, "since": held.since, "by": held.by, "assessment": held.assessment}


def _destruction(at: Instant, classes: Any, ground: str, rows: str) -> dict[str, Any]:
    return {
        "at": at,
        "classes": sorted(classes.items()),
        "by_period": ground == erasing.BY_PERIOD,
        "ground": ground,
        "rows": rows,
    }


@desk("audit")
def job_list(request: HttpRequest) -> HttpResponse:
    """Jobs, the latest first."""
    return render(request, "audit/jobs.html", {"jobs": Job.objects.order_by("-pk")[:LATEST]})


@desk("audit")
def verification(request: HttpRequest) -> HttpResponse:
    """What the latest verification found."""
    job = looking.latest_job(VERIFY)
    told = (
        []
        if job is None
        else [(each["key"], each["code"], *say_error(said_again(each), reader_lang())) for each in _found(job)]
    )
    running = job is not None and job.ended_at is None
    return render(request, "audit/verification.html", {"job": job, "problems": told, "running": running})


def _found(job: Job) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = job.says.get("problems", [])
    return found


@require_POST
@desk("audit")
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for a verification; one that is under way is not asked for twice."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # behind `desk`
    job = looking.latest_job(VERIFY)
    if job is None or job.ended_at is not None:
        jobs.ask(VERIFY, key=clock.name("verify-"), given={}, by=actor.id, now=_now(request))
    return HttpResponseRedirect(reverse("audit:verification"))
