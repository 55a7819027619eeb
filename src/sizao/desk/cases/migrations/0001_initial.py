"""The first tables of this desk: matches, files on their way in, mappings remembered."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes every table; there is no past to keep faith with."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True)),
                ("by", models.CharField(max_length=64)),
                ("unit", models.CharField(max_length=64)),
                ("purpose", models.CharField(max_length=24)),
                ("created_at", models.BigIntegerField()),
                ("state", models.CharField(max_length=12)),
                ("file", models.CharField(max_length=200)),
                ("path", models.CharField(blank=True, max_length=300)),
                ("size", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("header", models.CharField(blank=True, max_length=64)),
                ("look", models.JSONField(default=dict)),
                ("reading", models.JSONField(default=dict)),
                ("source", models.CharField(max_length=120)),
                ("basis", models.CharField(max_length=120)),
                ("keep_until", models.BigIntegerField(null=True)),
                ("declared_rows", models.BigIntegerField(null=True)),
                ("declared_sha256", models.CharField(blank=True, max_length=64)),
                ("mapping", models.CharField(blank=True, max_length=40)),
                ("columns", models.JSONField(default=dict)),
                ("formats", models.JSONField(default=list)),
                ("defaults", models.JSONField(default=dict)),
                ("rows", models.BigIntegerField(default=0)),
                ("taken", models.BigIntegerField(default=0)),
                ("refused", models.BigIntegerField(default=0)),
                ("repeated", models.BigIntegerField(default=0)),
                ("told", models.BigIntegerField(default=0)),
                ("known", models.BigIntegerField(default=0)),
                ("burdens", models.IntegerField(default=0)),
                ("of_stays", models.BooleanField(default=False)),
                ("notes", models.JSONField(default=dict)),
                ("fault", models.JSONField(null=True)),
                ("sealed_at", models.BigIntegerField(null=True)),
                ("act", models.BigIntegerField(null=True)),
                ("proposal", models.BigIntegerField(null=True)),
                ("ended_at", models.BigIntegerField(null=True)),
                ("undone_by", models.CharField(blank=True, max_length=64)),
                ("undone_at", models.BigIntegerField(null=True)),
                ("undone_act", models.BigIntegerField(null=True)),
                ("undone_why", models.TextField(blank=True)),
            ],
            options={
                "indexes": [models.Index(fields=["unit", "created_at"], name="import_unit")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "rows",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("taken"), "+", models.F("refused")
                                ),
                            )
                        ),
                        name="no_row_is_lost",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MatchRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case", models.CharField(max_length=80)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=64)),
                ("why", models.CharField(max_length=40)),
                ("opens", models.BigIntegerField(null=True)),
                ("closes", models.BigIntegerField(null=True)),
                ("stays_read", models.BigIntegerField(default=0)),
                ("found", models.IntegerField(default=0)),
                ("added", models.IntegerField(default=0)),
                ("withdrawn", models.IntegerField(default=0)),
                ("restored", models.IntegerField(default=0)),
                ("elsewhere", models.IntegerField(default=0)),
                ("kept", models.IntegerField(default=0)),
                ("act", models.BigIntegerField(null=True)),
                ("proposal", models.BigIntegerField(null=True)),
                ("refused", models.JSONField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["case", "at"], name="match_case")],
            },
        ),
        migrations.CreateModel(
            name="SavedMapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=120)),
                ("header", models.CharField(max_length=64)),
                ("mapping", models.CharField(max_length=40)),
                ("columns", models.JSONField(default=dict)),
                ("formats", models.JSONField(default=list)),
                ("defaults", models.JSONField(default=dict)),
                ("basis", models.CharField(max_length=120)),
                ("by", models.CharField(max_length=64)),
                ("at", models.BigIntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("source", "header"), name="mapping_once")],
            },
        ),
        migrations.CreateModel(
            name="SealedRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("batch", models.CharField(max_length=64)),
                ("number", models.IntegerField()),
                ("fact_id", models.CharField(max_length=80)),
                ("subject", models.CharField(max_length=80)),
                ("subject_kind", models.CharField(max_length=12)),
                ("kind", models.CharField(max_length=24)),
                ("at", models.BigIntegerField()),
                ("recorded_at", models.BigIntegerField()),
                ("data_class", models.CharField(max_length=12)),
                ("digest", models.CharField(max_length=64)),
                ("line", models.TextField()),
                ("salt", models.BinaryField(max_length=32)),
                ("commitment", models.BinaryField(max_length=32)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "number"), name="sealedrow_number"),
                    models.UniqueConstraint(fields=("batch", "fact_id"), name="sealedrow_fact"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StagedRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                ("row", models.IntegerField(null=True)),
                ("outcome", models.CharField(max_length=8)),
                ("fact_id", models.CharField(blank=True, max_length=80)),
                ("subject", models.CharField(blank=True, max_length=80)),
                ("kind", models.CharField(blank=True, max_length=24)),
                ("line", models.TextField(blank=True)),
                ("column", models.CharField(blank=True, max_length=120)),
                ("value", models.CharField(blank=True, max_length=200)),
                ("problem", models.JSONField(null=True)),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="staged", to="desk_cases.import"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["of", "outcome", "number"], name="staged_outcome")],
                "constraints": [models.UniqueConstraint(fields=("of", "number"), name="staged_once")],
            },
        ),
    ]
