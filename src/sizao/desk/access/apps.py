"""The Django app of access."""

from __future__ import annotations

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Users, roles, sign-in, reads."""

    name = "sizao.desk.access"
    label = "desk_access"
    default_auto_field = "django.db.models.BigAutoField"
