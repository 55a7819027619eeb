"""Which database a table lies in: the log of reads in a file of its own, wherever SQLite keeps the rest."""

from __future__ import annotations

from typing import Any

from django.conf import settings

READS = "reads"
READ_MODEL = "readrow"


class Reads:
    """Routes `access.ReadRow` to `reads` where there is such a database."""

    def _of(self, model: str) -> str | None:
        return READS if model == READ_MODEL and READS in settings.DATABASES else None

    def db_for_read(self, model: Any, **_hints: Any) -> str | None:
        """Django's call."""
        return self._of(model._meta.model_name)

    def db_for_write(self, model: Any, **_hints: Any) -> str | None:
        """Django's call."""
        return self._of(model._meta.model_name)

    def allow_relation(self, one: Any, other: Any, **_hints: Any) -> bool:
        """Nothing points at a read, and a read points at nothing."""
        return self._of(one._meta.model_name) == self._of(other._meta.model_name)

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **_hints: Any) -> bool | None:
        """The `reads` database holds its one table and nothing else."""
        if db == READS:
            return app_label == "desk_access" and model_name in (None, READ_MODEL)
        if model_name == READ_MODEL and READS in settings.DATABASES:
            return False
        return None
