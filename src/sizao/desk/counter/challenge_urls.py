"""The pages on which challenges are answered."""

from __future__ import annotations

from django.urls import URLPattern, path

from sizao.desk.counter import challenge_views

app_name = "challenges"
urlpatterns: list[URLPattern] = [
    path("", challenge_views.home, name="home"),
    path("<str:subject>/<str:fact>/", challenge_views.one, name="one"),
]
