"""The page of log-ins, in a demonstration alone."""

from __future__ import annotations

from django.urls import path

from sizao.desk.demo.views import entrances

app_name = "demo"
urlpatterns = [path("", entrances, name="entrances")]
