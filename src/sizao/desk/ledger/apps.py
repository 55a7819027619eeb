"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The app of the Django side of the ledger: leaves, checkpoints, proofs."""

    name = "sizao.desk.ledger"
    label = "desk_ledger"
    default_auto_field = "django.db.models.BigAutoField"
