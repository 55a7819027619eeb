"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """The desk of everyone."""

    name = "sizao.desk.public"
    label = "desk_public"
    default_auto_field = "django.db.models.BigAutoField"
