"""The pages of this desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from sizao.desk.contacts import bulk, person, rounds, views

app_name = "contacts"
urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("filters/", views.save, name="save"),
    path("filters/<int:number>/drop/", views.drop, name="drop"),
    path("assign/", bulk.hand_over, name="assign"),
    path("confirm/", bulk.confirm, name="confirm"),
    path("round/", rounds.daily, name="round"),
    path("person/<str:subject>/", person.person, name="person"),
    path("person/<str:subject>/read/", person.who_read, name="reads"),
    path("person/<str:subject>/<slug:code>/", person.act, name="act"),
]
