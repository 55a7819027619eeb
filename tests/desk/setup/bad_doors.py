"""A page about a person that writes nothing down: what the walk has to find."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from sizao.desk.access.entry import desk
from sizao.desk.people.vault import open_many
from sizao.desk.urls import urlpatterns as real


@desk("contacts")
def careless(request: HttpRequest, subject: str) -> HttpResponse:
    """Shows a name, and nobody will ever know."""
    from django.conf import settings

    who = open_many([subject], settings.KEYS)[subject]
    return HttpResponse(f"about {'' if who is None else who.name}")


urlpatterns = [path("careless/<str:subject>/", careless), path("", include(real))]
