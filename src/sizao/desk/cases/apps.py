"""The Django app."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The desk of cases."""

    name = "sizao.desk.cases"
    label = "desk_cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The jobs this desk asks for, and what it keeps beside facts; known only once every app's tables are."""
        import_module("sizao.desk.cases.jobs").make_known()
