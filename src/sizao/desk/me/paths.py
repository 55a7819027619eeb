"""The addresses of the pages about one person: the same at the desk of the person and at the counter."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path

from sizao.desk.me import speaking, views

Page = Callable[..., HttpResponse]
"""(request, frame, …) → response."""


def person_paths(wrap: Callable[[Page], Page], prefix: str = "") -> list[URLPattern]:
    """The addresses below a prefix; `wrap` lets in who may, and hands each page its frame."""
    pages: tuple[tuple[str, Page, str], ...] = (
        ("", views.home, "home"),
        ("why/", views.why, "why"),
        ("history/", views.history, "history"),
        ("told/", views.told, "told"),
        ("report/", views.report, "report"),
        ("report/<slug:code>/", speaking.report_one, "report-one"),
        ("stay/", speaking.stay, "stay"),
        ("ride/", speaking.ride, "ride"),
        ("trips/", views.trips, "trips"),
        ("trips/new/", speaking.trip, "trip"),
        ("trips/<str:name>/change/", speaking.trip_change, "trip-change"),
        ("trips/<str:name>/return/", speaking.trip_return, "trip-return"),
        ("challenge/", speaking.challenge, "challenge"),
        ("receipts/", views.receipts, "receipts"),
        ("receipts/<str:number>/", views.receipt, "receipt"),
        ("reads/", views.who_read, "reads"),
        ("data/", views.data, "data"),
        ("paper/", views.paper, "paper"),
        ("paper/<str:number>/", views.paper_one, "paper-one"),
    )
    return [path(f"{prefix}{tail}", wrap(page), name=name) for tail, page, name in pages]
