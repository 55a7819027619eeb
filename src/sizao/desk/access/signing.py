"""Coming in, step by step: the password (or the organisation's own sign-in), then the second factor, then the desk.

Whoever has a second factor is nobody until it is proved. Whoever works here and has none comes in to set one up, and to
nothing else.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from sizao.desk.access import factors
from sizao.desk.access.models import User
from sizao.desk.access.session import note_checked
from sizao.desk.store import readers
from sizao.desk.store.rights import Actor, Role
from sizao.when import Instant

BACKEND = "sizao.desk.access.backends.Passwords"
PENDING = "sizao_pending"
PENDING_S = 10 * 60
"""So long the second factor may take after the first."""


def now_of(request: HttpRequest) -> Instant:
    """The moment of a request."""
    now: Instant = request.now  # type: ignore[attr-defined]  # see access.middleware
    return now


def safe_next(request: HttpRequest, told: str) -> str:
    """Where somebody wanted to go, if it is here; else nothing."""
    here = url_has_allowed_host_and_scheme(told, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return told if here and told.startswith("/") else ""


def passed_first(request: HttpRequest, user: User, onward: str, *, proved: bool = False) -> HttpResponse:
    """The first factor was right. `proved` says that whoever vouched for it has proved a second one too. Refuses who
    has left (A104) or holds roles that exclude each other (D130)."""
    actor = user.actor(now_of(request))
    if proved or not factors.has_any(user):
        return finish(request, user, actor, onward, factor=proved)
    request.session.cycle_key()
    request.session[PENDING] = {"user": user.pk, "next": onward, "at": now_of(request)}
    return HttpResponseRedirect(reverse("access:second"))


def pending(request: HttpRequest) -> tuple[User, str] | None:
    """Who has to prove a second factor now, and where to go on; None where nobody has, or it took too long."""
    told = request.session.get(PENDING)
    if not told or now_of(request) - told["at"] > PENDING_S:
        return None
    user = User.objects.filter(pk=told["user"], is_active=True).first()
    return None if user is None else (user, str(told["next"]))


def finish(request: HttpRequest, user: User, actor: Actor, onward: str, *, factor: bool) -> HttpResponse:
    """Open the session and go on: to where the user wanted, else to the first desk that is open."""
    request.session.pop(PENDING, None)
    login(request, user, backend=BACKEND)
    note_checked(request.session, now_of(request), factor=factor)
    if not factor and works_here(actor):
        return HttpResponseRedirect(f"{reverse('access:factors')}?{urlencode({'next': onward})}")
    return HttpResponseRedirect(onward or first_desk(actor))


def works_here(actor: Actor) -> bool:
    """Whether the actor is anything but a resident."""
    return not actor.roles <= {Role.RESIDENT}


def first_desk(actor: Actor | None) -> str:
    """The first page of the first desk that is open to the actor; the public one where there is none."""
    for code in readers.DESKS:
        if actor is not None and readers.may_enter(actor, code):
            try:
                return reverse(f"{code}:home")
            except NoReverseMatch:
                continue
    return "/"
