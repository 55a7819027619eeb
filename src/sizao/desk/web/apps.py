"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The app of the shell of every page."""

    name = "sizao.desk.web"
    label = "desk_web"
    default_auto_field = "django.db.models.BigAutoField"
