"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class MeConfig(AppConfig):
    """The desk of what a person sees of himself."""

    name = "sizao.desk.me"
    label = "desk_me"
    default_auto_field = "django.db.models.BigAutoField"
