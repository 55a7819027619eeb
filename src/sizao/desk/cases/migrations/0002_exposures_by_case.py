"""Exposures are found by the case they name: an index over the facts' own text, of exposures alone. It changes no fact."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

from sizao.desk.cases.links import INDEX, case_expression


def put_up(_apps: Any, editor: Any) -> None:
    told = case_expression(editor.connection.vendor)
    editor.execute(f"CREATE INDEX {INDEX} ON desk_store_factrow ({told}, seq) WHERE kind = 'exposure'")


def take_down(_apps: Any, editor: Any) -> None:
    editor.execute(f"DROP INDEX IF EXISTS {INDEX}")


class Migration(migrations.Migration):
    """One index."""

    dependencies: ClassVar = [("desk_cases", "0001_initial"), ("desk_store", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(put_up, take_down)]
