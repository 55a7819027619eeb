"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The API and its tokens."""

    name = "sizao.desk.api"
    label = "desk_api"
    default_auto_field = "django.db.models.BigAutoField"
