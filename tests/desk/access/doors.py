"""A few doors to knock at: views behind `desk`, at addresses of their own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from sizao.desk.access import reads
from sizao.desk.access.entry import desk, form_key, recent_check
from sizao.desk.store import readers
from sizao.desk.urls import urlpatterns as real


def door(name: str):  # type: ignore[no-untyped-def]  # a view
    """A view behind the door of a desk, which says for what it was entered."""

    @desk(name)
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"{name} {request.purpose}")  # type: ignore[attr-defined]

    return view


@desk("contacts")
def open_person(request: HttpRequest, subject: str) -> HttpResponse:
    """A page about a person, as any desk has one."""
    reads.log(
        request.actor,  # type: ignore[attr-defined]
        [subject],
        purpose=request.purpose,  # type: ignore[attr-defined]
        fields=["name"],
        page="test:person",
        now=request.now,  # type: ignore[attr-defined]
    )
    return HttpResponse(f"about {subject}")


@desk("setup")
@recent_check(10)
def sensitive(request: HttpRequest) -> HttpResponse:
    """Something that matters."""
    return HttpResponse(f"done {request.POST.get('what', '')}" if request.method == "POST" else "form")


def keyed(request: HttpRequest) -> HttpResponse:
    """Says the key of a form."""
    return HttpResponse(form_key(request))


urlpatterns = [
    *[path(f"door/{name}/", door(name)) for name in readers.DESKS],
    path("door/person/<str:subject>/", open_person),
    path("door/sensitive/", sensitive),
    path("door/keyed/", keyed),
    path("", include(real)),
]
