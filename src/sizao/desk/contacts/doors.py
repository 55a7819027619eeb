"""The door of a desk whose pages say what they refuse, and to whom it belongs, instead of failing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from sizao.desk.access.alerts import Throttled
from sizao.desk.access.entry import desk
from sizao.desk.web.views import refusal
from sizao.errors import SizaoError

View = Callable[..., HttpResponse]
NOT_FOUND = frozenset({"D160", "N110"})
"""Refusals of something there is none of."""


def working(name: str) -> Callable[[View], View]:
    """Only who works at that desk; what is refused behind the door is said on a page of its own, with what to do."""

    def guard(view: View) -> View:
        @desk(name)
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except Throttled:
                raise
            except SizaoError as refused:
                return refusal(request, refused, status=404 if refused.code in NOT_FOUND else 403)

        return guarded

    return guard
