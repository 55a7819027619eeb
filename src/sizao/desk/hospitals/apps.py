"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class HospitalsConfig(AppConfig):
    """The desk of hospitals."""

    name = "sizao.desk.hospitals"
    label = "desk_hospitals"
    default_auto_field = "django.db.models.BigAutoField"
