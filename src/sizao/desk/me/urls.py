"""The pages of this desk: a resident signed in, about himself."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern

from sizao.desk.access.entry import desk
from sizao.desk.access.middleware import ActingRequest
from sizao.desk.me.pages import Frame
from sizao.desk.me.paths import Page, person_paths
from sizao.desk.me.saying import own
from sizao.desk.web.views import refusal
from sizao.errors import SizaoError


def personal(page: Page) -> Page:
    """Only a resident, and only about himself; what is refused is said on a page of its own."""

    @desk("me")
    @wraps(page)
    def shown(request: ActingRequest, *args: Any, **more: Any) -> HttpResponse:
        assert request.actor is not None
        try:
            return page(request, Frame(who=own(request.actor), space="me"), *args, **more)
        except SizaoError as refused:
            return refusal(request, refused, status=404 if refused.code in NOT_FOUND else 403)

    return shown


NOT_FOUND = frozenset({"M103", "M104", "M105"})
"""Refusals of something there is none of."""

app_name = "me"
urlpatterns: list[URLPattern] = person_paths(personal)
