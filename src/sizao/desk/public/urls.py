"""The pages of this desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from sizao.desk.public import views

app_name = "public"
urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("rules/", views.rules, name="rules"),
    path("areas/", views.areas, name="areas"),
    path("standing/", views.standing, name="standing"),
    path("challenge/", views.challenge, name="challenge"),
    path("challenge/status/", views.status, name="status"),
    path("challenge/received/<str:number>/", views.received, name="received"),
    path("real/", views.real, name="real"),
    path("never/", views.never, name="never"),
    path("access/", views.access, name="access"),
    path("healthz", views.healthz, name="healthz"),
]
