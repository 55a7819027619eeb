"""The shell's own addresses."""

from __future__ import annotations

from django.urls import path

from sizao.desk.web import views
from sizao.desk.web.middleware import REPORTS

app_name = "web"
urlpatterns = [
    path("choose", views.choose, name="choose"),
    path("help", views.help_page, name="help"),
    path(REPORTS.lstrip("/"), views.content_report, name="content-report"),
]
