"""Every request knows its moment and its actor: `request.now` and `request.actor` (None for a visitor)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from sizao.desk import clock
from sizao.errors import DeskError

if TYPE_CHECKING:
    from sizao.desk.store.rights import Actor
    from sizao.when import Instant


class ActingRequest(HttpRequest):
    """A request behind the middleware."""

    now: Instant
    actor: Actor | None


class Acting:
    """Sets `now` and `actor`. Roles are read anew at every request: who left, or lost a role, has lost it by the next click."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Django's call."""
        request.now = clock.now()  # type: ignore[attr-defined]  # see ActingRequest
        request.actor = None  # type: ignore[attr-defined]  # as above
        if request.user.is_authenticated:
            if not request.user.is_active:
                logout(request)
            else:
                try:
                    request.actor = request.user.actor(request.now)  # type: ignore[attr-defined,union-attr]  # as above
                except DeskError:
                    logout(request)
        return self._next(request)
