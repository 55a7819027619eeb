"""The database refuses, by itself, what no application may do: see `store/guards.py`."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

from sizao.desk.store import guards


def put_up(_apps: Any, editor: Any) -> None:
    for statement in guards.create(editor.connection.vendor, guards.TABLES - {"desk_store_setuprow"}):
        editor.execute(statement)


def take_down(_apps: Any, editor: Any) -> None:
    for statement in guards.drop(editor.connection.vendor):
        editor.execute(statement)


class Migration(migrations.Migration):
    """Guards on facts, acts and standings."""

    dependencies: ClassVar = [("desk_store", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(put_up, take_down)]
