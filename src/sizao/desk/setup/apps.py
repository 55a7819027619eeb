"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class SetupConfig(AppConfig):
    """The desk of users, areas, units, packs."""

    name = "sizao.desk.setup"
    label = "desk_setup"
    default_auto_field = "django.db.models.BigAutoField"
