"""The Django app of identities and registries."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Identities, search keys, merges, units, places, areas."""

    name = "sizao.desk.people"
    label = "desk_people"
    default_auto_field = "django.db.models.BigAutoField"
