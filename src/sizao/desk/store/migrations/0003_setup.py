"""What an act set up, kept as facts are: added, never changed or deleted."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models

from sizao.desk.store import guards


def put_up(_apps: Any, editor: Any) -> None:
    for statement in guards.create(editor.connection.vendor, {"desk_store_setuprow"}):
        editor.execute(statement)


class Migration(migrations.Migration):
    """Acts that set something up."""

    dependencies: ClassVar = [("desk_store", "0002_guards")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="SetupRow",
            fields=[
                (
                    "act",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="set_up",
                        serialize=False,
                        to="desk_store.act",
                    ),
                ),
                ("line", models.TextField()),
                ("salt", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.RunPython(put_up, migrations.RunPython.noop),
    ]
