"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """The desk of contacts."""

    name = "sizao.desk.contacts"
    label = "desk_contacts"
    default_auto_field = "django.db.models.BigAutoField"
