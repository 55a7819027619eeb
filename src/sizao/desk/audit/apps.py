"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The desk of the auditors, and the jobs that look after what is kept."""

    name = "sizao.desk.audit"
    label = "desk_audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the jobs, the check at the start and the log of reads known; models can be imported only now."""
        from sizao.desk.audit import housekeeping

        housekeeping.make_known()
