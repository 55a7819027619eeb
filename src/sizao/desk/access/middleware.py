"""Every request knows its moment and its actor: `request.now` and `request.actor` (None for a visitor)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse

from sizao.desk import clock
from sizao.desk.access import alerts
from sizao.desk.access.entry import refusal_page
from sizao.desk.access.session import has_factor
from sizao.desk.store.rights import Role
from sizao.errors import DeskError

if TYPE_CHECKING:
    from sizao.desk.store.rights import Actor
    from sizao.when import Instant

ALONE = frozenset({Role.RESIDENT})
"""What somebody may be who has given a password and nothing more."""


class ActingRequest(HttpRequest):
    """A request behind the middleware. `half` is true while somebody who works here has not proved a second factor:
    then the actor is only the resident he is, or nobody."""

    now: Instant
    actor: Actor | None
    half: bool


class Acting:
    """Sets `now` and `actor`. Roles are read anew at every request: who left, or lost a role, has lost it by the next
    click."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Django's call."""
        request.now = clock.now()  # type: ignore[attr-defined]  # see ActingRequest
        request.half = False  # type: ignore[attr-defined]  # as above
        request.actor = None  # type: ignore[attr-defined]  # as above
        if request.user.is_authenticated:
            try:
                _act(request)
            except DeskError:
                logout(request)
        elif SESSION_KEY in request.session:
            logout(request)  # of somebody who has left
        return self._next(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Somebody who reads too much is told why nothing more is shown, and whom to call."""
        if not isinstance(exception, alerts.Throttled):
            return None
        alerts.see_to_it(exception, request.now)  # type: ignore[attr-defined]  # see ActingRequest
        response = refusal_page(request, exception, status=429)
        response["Retry-After"] = str(alerts.WINDOW_S)
        return response


def _act(request: HttpRequest) -> None:
    actor: Actor = request.user.actor(request.now)  # type: ignore[attr-defined,union-attr]  # see ActingRequest
    if actor.roles <= ALONE or has_factor(request.session):
        request.actor = actor  # type: ignore[attr-defined]  # as above
        return
    request.half = True  # type: ignore[attr-defined]  # as above
    if Role.RESIDENT in actor.roles:
        request.actor = replace(actor, roles=ALONE, areas=())  # type: ignore[attr-defined]  # as above
