"""The pages of this desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from sizao.desk.counter import views
from sizao.desk.counter.views import attended
from sizao.desk.me.paths import person_paths

app_name = "counter"
urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("check/<str:subject>/", views.check, name="check"),
    path("leave/<str:subject>/", views.leave, name="leave"),
    path("register/", views.register_person, name="register"),
    path("form/", views.paper_form, name="form"),
    *person_paths(attended, "person/<str:subject>/"),
]
