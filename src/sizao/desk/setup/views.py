"""The first page of the set-up desk, alerts, rules in force, feeds, jobs and the outbox. Nothing here says anything
about anybody."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from sizao.desk.access import alerts
from sizao.desk.access.entry import desk
from sizao.desk.access.models import Alert, User
from sizao.desk.setup.feeds import expected
from sizao.desk.setup.forms import FindingForm
from sizao.desk.setup.pages import acted, moment, shown, who
from sizao.desk.store.book import book, deployment
from sizao.desk.store.models import Job, Notice
from sizao.desk.web.reading import reader_lang
from sizao.errors import DeskError
from sizao.when import Instant, local_day
from sizao.words import say_error

LATEST = 100


@desk("setup")
def home(request: HttpRequest) -> HttpResponse:
    """How many of what, each number leading to its rows."""
    now = moment(request)
    feeds = expected(now)
    context = {
        "users": User.objects.filter(is_active=True).count(),
        "alerts": Alert.objects.filter(seen_at__isnull=True).count(),
        "jobs": Job.objects.filter(ended_at__isnull=True).count(),
        "failed_jobs": Job.objects.filter(outcome="failed").count(),
        "waiting": Notice.objects.filter(next_try_at__isnull=False).count(),
        "failed": Notice.objects.exclude(failed="").count(),
        "packs": len(book().packs),
        "feeds": len(feeds),
        "stale": sum(feed.stale for feed in feeds),
        "deployment": deployment(),
    }
    return render(request, "setup/home.html", context)


@desk("setup")
def alert_list(request: HttpRequest) -> HttpResponse:
    """What looked wrong: not looked at yet, and lately settled."""
    settled = Alert.objects.filter(seen_at__isnull=False).order_by("-seen_at")[:LATEST]
    return render(request, "setup/alerts.html", {"open": alerts.unseen(), "settled": list(settled)})


@desk("setup")
def alert(request: HttpRequest, number: int) -> HttpResponse:
    """One alert, and what was found when somebody looked at it."""
    row = Alert.objects.filter(pk=number).first()
    if row is None:
        raise Http404
    form = FindingForm(request.POST or None)

    def settle() -> None:
        alerts.settle(row.pk, form.cleaned_data["finding"], by=who(request), now=moment(request))

    done = acted(request, form, settle, reverse("setup:alerts"))
    may = who(request).has(*alerts.WATCHERS) and row.actor != who(request).id
    return done or shown(request, "setup/alert.html", form, row=row, may=may)


@desk("setup")
def packs(request: HttpRequest) -> HttpResponse:
    """The rules in force: each pack with version, digest and sources; the readings chosen where sources disagree."""
    rules = book()
    today = local_day(moment(request), deployment().zone)
    rows = [
        (pack, pack.title.zh if reader_lang() == "zh" else pack.title.en, pack.in_force(today)) for pack in rules.packs
    ]
    context = {
        "packs": rows,
        "readings": sorted(rules.readings.items()),
        "digest": rules.digest,
    }
    return render(request, "setup/packs.html", context)


@desk("setup")
def feeds(request: HttpRequest) -> HttpResponse:
    """Which feeds the rules need, and how fresh each is."""
    return render(request, "setup/feeds.html", {"feeds": expected(moment(request))})


@desk("setup")
def job_list(request: HttpRequest) -> HttpResponse:
    """Jobs, those under way first: how far each is, and why one failed."""
    rows = [*Job.objects.filter(ended_at__isnull=True).order_by("id")[:LATEST]]
    rows += list(Job.objects.filter(ended_at__isnull=False).order_by("-ended_at")[: LATEST - len(rows)])
    return render(request, "setup/jobs.html", {"jobs": [_job(row, moment(request)) for row in rows]})


def _job(row: Job, now: Instant) -> dict[str, Any]:
    """A job as its row: `share` is None where the total is not known yet."""
    state = row.outcome or ("working" if row.lease_until > now else "waiting")
    says = row.says if isinstance(row.says, dict) else {}
    why = "" if "code" not in says else say_error(DeskError(says["code"], **says.get("slots", {})), reader_lang())[0]
    share = None if not row.total else min(100, row.done * 100 // row.total)
    return {"row": row, "state": f"setup.job.{state}", "share": share, "why": why}


@desk("setup")
def outbox(request: HttpRequest) -> HttpResponse:
    """What waits to be told, was told, or could not be: by channel, and each that failed. To whom is not shown here."""
    told = Count("pk", filter=Q(sent_at__isnull=False))
    waiting = Count("pk", filter=Q(next_try_at__isnull=False))
    failed = Count("pk", filter=~Q(failed=""))
    channels = (
        Notice.objects.values("channel").annotate(told=told, waiting=waiting, failures=failed).order_by("channel")
    )
    bad = Notice.objects.exclude(failed="").order_by("-pk")[:LATEST]
    return render(request, "setup/outbox.html", {"channels": list(channels), "failures": list(bad)})
