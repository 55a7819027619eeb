"""The Django app of the demonstration; only a deployment made as one installs it."""

from __future__ import annotations

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The page of log-ins."""

    name = "sizao.desk.demo"
    label = "desk_demo"
    default_auto_field = "django.db.models.BigAutoField"
