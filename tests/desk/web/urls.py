"""The gallery beside the shell's own addresses, and the first pages of two desks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, include, path

from tests.desk.web import gallery


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


def _desk(name: str) -> tuple[list[URLPattern], str]:
    return [path("", _nothing, name="home")], name


handler404 = "sizao.desk.web.views.not_found"
handler500 = "sizao.desk.web.views.server_error"

urlpatterns = [
    path("", include("sizao.desk.web.urls")),
    *(path(f"gallery/{name}", view) for name, view in gallery.PAGES.items()),
    path("gallery/broken", gallery.broken),
    *(path(f"{name}/", include(_desk(name))) for name in ("cases", "contacts", "hospitals", "public")),
]
