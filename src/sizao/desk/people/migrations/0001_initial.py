"""The first tables of who is who: persons, sealed identities, search keys, merges, and the registries."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes every table; there is no past to keep faith with."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("subject", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("area", models.CharField(db_index=True, max_length=12)),
                ("unit", models.CharField(db_index=True, default="", max_length=64)),
                ("created_at", models.BigIntegerField()),
                ("erased_at", models.BigIntegerField(null=True)),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="desk_people.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Area",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12)),
                ("name_zh", models.CharField(max_length=80)),
                ("name_en", models.CharField(default="", max_length=120)),
                ("level", models.CharField(max_length=10)),
                ("parent", models.CharField(default="", max_length=12)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["parent", "code"], name="area_parent")],
                "constraints": [
                    models.UniqueConstraint(fields=("code", "valid_from"), name="area_code_from"),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_until__isnull", True)), fields=("code",), name="area_code_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True), ("valid_until__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="area_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                ("code", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("name_zh", models.CharField(max_length=160)),
                ("name_en", models.CharField(default="", max_length=200)),
                ("kind", models.CharField(max_length=32)),
                ("area", models.CharField(max_length=12)),
                ("address", models.CharField(default="", max_length=240)),
            ],
            options={
                "indexes": [models.Index(fields=["area", "kind", "code"], name="place_area")],
            },
        ),
        migrations.CreateModel(
            name="Identity",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="identity",
                        serialize=False,
                        to="desk_people.person",
                    ),
                ),
                ("version", models.IntegerField(default=1)),
                ("wrapped_by", models.CharField(db_index=True, max_length=16)),
                ("wrapped_key", models.BinaryField(null=True)),
                ("nonce", models.BinaryField(null=True)),
                ("ciphertext", models.BinaryField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ciphertext__isnull", True), ("nonce__isnull", True), ("wrapped_key__isnull", True)
                            ),
                            models.Q(
                                ("ciphertext__isnull", False), ("nonce__isnull", False), ("wrapped_key__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="sealed_whole_or_erased",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by", models.CharField(max_length=64)),
                ("at", models.BigIntegerField()),
                ("why", models.TextField()),
                ("compared", models.JSONField()),
                ("undone_at", models.BigIntegerField(null=True)),
                ("undone_by", models.CharField(default="", max_length=64)),
                ("undone_why", models.TextField(default="")),
                (
                    "gone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="merges_gone", to="desk_people.person"
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="merges_kept", to="desk_people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)), fields=("gone",), name="merged_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kept", models.F("gone")), _negated=True), name="merged_with_another"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NotSame",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by", models.CharField(max_length=64)),
                ("at", models.BigIntegerField()),
                ("why", models.TextField()),
                ("taken_back_at", models.BigIntegerField(null=True)),
                ("taken_back_by", models.CharField(default="", max_length=64)),
                (
                    "one",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="not_same_as_later",
                        to="desk_people.person",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="not_same_as_earlier",
                        to="desk_people.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("taken_back_at__isnull", True)),
                        fields=("one", "other"),
                        name="not_same_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("one__lt", models.F("other"))), name="not_same_in_order"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=8)),
                ("hash", models.BinaryField(max_length=32)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="search_keys", to="desk_people.person"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("hash", "kind", "person"), name="search_key_once")],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("code", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("name_zh", models.CharField(max_length=120)),
                ("name_en", models.CharField(default="", max_length=160)),
                ("kind", models.CharField(max_length=12)),
                ("area", models.CharField(max_length=12)),
                ("uscc", models.CharField(default="", max_length=18)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="desk_people.unit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["area", "kind", "code"], name="unit_area"),
                    models.Index(condition=models.Q(("uscc", ""), _negated=True), fields=["uscc"], name="unit_uscc"),
                ],
            },
        ),
    ]
