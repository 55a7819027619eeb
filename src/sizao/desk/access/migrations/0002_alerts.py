"""Tries to come in, alerts, and who is read by whom outside the own work; a read that was written down is never rewritten."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models

TABLE = "desk_access_readrow"
MESSAGE = "sizao: a read that was written down is never rewritten"
SQLITE = f"CREATE TRIGGER sizao_read_kept BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION sizao_read_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; END $$; "
    f"CREATE TRIGGER sizao_read_kept BEFORE UPDATE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION sizao_read_kept()"
)


def put_up(_apps: Any, editor: Any) -> None:
    """Where the log of reads lies: in a file of its own on SQLite."""
    if TABLE in editor.connection.introspection.table_names():
        editor.execute(SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL)


class Migration(migrations.Migration):
    """Alerts and attempts."""

    dependencies: ClassVar = [("desk_access", "0001_initial")]
    operations: ClassVar = [
        migrations.AddField(model_name="readrow", name="outside", field=models.BooleanField(default=False)),
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=24)),
                ("at", models.BigIntegerField(db_index=True)),
                ("actor", models.CharField(max_length=64)),
                ("unit", models.CharField(blank=True, max_length=64)),
                ("count", models.IntegerField()),
                ("refused", models.IntegerField(default=0)),
                ("page", models.CharField(blank=True, max_length=60)),
                ("seen_at", models.BigIntegerField(null=True)),
                ("seen_by", models.CharField(blank=True, max_length=64)),
                ("finding", models.TextField(blank=True)),
            ],
            options={"indexes": [models.Index(fields=["actor", "kind", "at"], name="alert_actor")]},
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.BigIntegerField(db_index=True)),
                ("name", models.CharField(max_length=64)),
                ("address", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["name", "at"], name="attempt_name"),
                    models.Index(fields=["address", "at"], name="attempt_address"),
                ]
            },
        ),
        migrations.RunPython(put_up, migrations.RunPython.noop),
    ]
