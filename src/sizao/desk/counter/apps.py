"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class CounterConfig(AppConfig):
    """The desk of the counter."""

    name = "sizao.desk.counter"
    label = "desk_counter"
    default_auto_field = "django.db.models.BigAutoField"
