"""The pages of this desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from sizao.desk.hospitals import views

app_name = "hospitals"
urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("find/", views.look_up, name="find"),
    path("new/", views.new, name="new"),
    path("person/<str:subject>/", views.person, name="person"),
    path("person/<str:subject>/read/", views.who_read, name="reads"),
    path("person/<str:subject>/<slug:code>/", views.act, name="act"),
]
