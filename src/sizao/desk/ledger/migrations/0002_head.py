"""The row that the sequencer holds while the log grows, and guards on what stands in the log."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models

from sizao.desk.ledger import guards


def put_up(_apps: Any, editor: Any) -> None:
    for statement in guards.create(editor.connection.vendor):
        editor.execute(statement)


def take_down(_apps: Any, editor: Any) -> None:
    for statement in guards.drop(editor.connection.vendor):
        editor.execute(statement)


class Migration(migrations.Migration):
    """`Head`, and guards on leaves, subtrees and checkpoints."""

    dependencies: ClassVar = [("desk_ledger", "0001_initial")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Head",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("size", models.BigIntegerField(default=0)),
                ("at", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.RunPython(put_up, take_down),
    ]
