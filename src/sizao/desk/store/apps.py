"""The Django app of the store."""

from __future__ import annotations

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Facts, acts, conclusions, jobs, notices."""

    name = "sizao.desk.store"
    label = "desk_store"
    default_auto_field = "django.db.models.BigAutoField"
