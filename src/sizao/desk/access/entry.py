"""The door of every desk: `@desk("cases")` lets in who is signed in, has proved a second factor, and works at that
desk.

    @desk("cases")
    def home(request): ...          # request.actor is an Actor, request.purpose the Purpose to record and to read for

Everybody else gets a page that says why and what to do, and no view runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language

from sizao.desk import clock
from sizao.desk.access.session import checked_since
from sizao.desk.store import readers
from sizao.desk.store.rights import MAY_RECORD, Actor, Purpose
from sizao.errors import DeskError, SizaoError
from sizao.when import Instant
from sizao.words import Lang, say_error

View = Callable[..., HttpResponse]

PURPOSES: Mapping[str, tuple[Purpose, ...]] = {
    "cases": (Purpose.TRACING, Purpose.COMMAND),
    "contacts": (Purpose.FOLLOW_UP, Purpose.COMMAND),
    "hospitals": (Purpose.CARE,),
    "counter": (Purpose.COUNTER,),
    "challenges": (Purpose.COMMAND, Purpose.TRACING),
    "me": (Purpose.SELF,),
    "audit": (Purpose.AUDIT,),
    "setup": (Purpose.SETUP,),
}
"""What each desk's work is for; where there are two, the first that a role of the reader has."""

KEY = "key"
_KEY = re.compile(r"[0-9A-Za-z_.-]{8,60}")


def desk(name: str) -> Callable[[View], View]:
    """Only who works at that desk gets to the view. A visitor is led to the sign-in page and back, somebody without a
    second factor to the page that sets one up; whoever does not work here is told so (403). Pages of a desk are never
    cached."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            refused = _refused(request, name)
            response = view(request, *args, **kwargs) if refused is None else refused
            add_never_cache_headers(response)
            return response

        guarded.desk = name  # type: ignore[attr-defined]  # read by the tests that walk every address
        return guarded

    return guard


def _refused(request: HttpRequest, name: str) -> HttpResponse | None:
    actor: Actor | None = getattr(request, "actor", None)
    if getattr(request, "half", False) and (actor is None or not readers.may_enter(actor, name)):
        return HttpResponseRedirect(f"{reverse('access:factors')}?{urlencode({'next': request.get_full_path()})}")
    if actor is None:
        return redirect_to_login(request.get_full_path(), reverse("access:sign-in"))
    if not readers.may_enter(actor, name):
        return refusal_page(request, DeskError("A120", desk=f"desk.{name}"), status=403)
    request.purpose = purpose_at(actor, name)  # type: ignore[attr-defined]  # see the module's words
    return None


def purpose_at(actor: Actor, name: str) -> Purpose:
    """What this actor records and reads for at a desk."""
    allowed = {purpose for role in actor.roles & MAY_RECORD.keys() for purpose in MAY_RECORD[role][0]}
    return next((purpose for purpose in PURPOSES[name] if purpose in allowed), PURPOSES[name][0])


def recent_check(minutes: int) -> Callable[[View], View]:
    """Before a sensitive act: who this is must have been checked within so many minutes (TR-19), else it is checked
    now. What was being sent is kept and sent on after the check."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            now: Instant = request.now  # type: ignore[attr-defined]  # see access.middleware
            if not request.user.is_authenticated or checked_since(request.session, Instant(now - minutes * 60)):
                return view(request, *args, **kwargs)
            return _to_check(request)

        guarded.checked_within = minutes  # type: ignore[attr-defined]  # read by the tests that walk every address
        return guarded

    return guard


SUSPENDED = "sizao_suspended"
"""What somebody was sending when the check came in between: {path, fields}."""


def _to_check(request: HttpRequest) -> HttpResponse:
    there = request.get_full_path()
    if request.method == "POST":
        fields = [[name, value] for name, values in request.POST.lists() for value in values]
        request.session[SUSPENDED] = {
            "path": there,
            "fields": [one for one in fields if one[0] != "csrfmiddlewaretoken"],
        }
    return HttpResponseRedirect(f"{reverse('access:check')}?{urlencode({'next': there})}")


def refusal_page(request: HttpRequest, error: SizaoError, *, status: int) -> HttpResponse:
    """A whole page that says an error and what to do about it."""
    says, do = told(error)
    context = {"status": status, "code": error.code, "says": says, "do": do}
    return render(request, "web/error.html", context, status=status)


def told(error: SizaoError) -> tuple[str, str]:
    """What an error says and what to do about it, in the reader's language."""
    return say_error(error, Lang.EN if (get_language() or "").startswith("en") else Lang.ZH)


def new_key() -> str:
    """A fresh token for the hidden field `key` of a form: what makes sending it twice harmless."""
    return clock.name("form-")


def form_key(request: HttpRequest) -> str:
    """The key that a posted form carries, bound to whoever sent it, as `record(key=…)` wants it: at most 96 characters.
    Refuses a form without one (A121)."""
    told = request.POST.get(KEY, "")
    if not _KEY.fullmatch(told):
        raise DeskError("A121")
    actor: Actor | None = getattr(request, "actor", None)
    return f"{'visitor' if actor is None else actor.id}/{told}"
