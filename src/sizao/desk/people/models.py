"""The tables of who is who. No row here can be read as a person without a key from outside the database.

Moments are seconds UTC; days are calendar days. What a registry calls something may change: rows of areas and units hold from a
day up to, and without, another.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

SUBJECT = 80
"""The longest name of a subject."""


class Person(models.Model):
    """Somebody facts can be about. `area` is where the person lives; `merged_into` names the record that stands for this one.

    An erased person keeps this row, so that it can be seen that somebody was erased, and when.
    """

    subject = models.CharField(max_length=SUBJECT, primary_key=True)
    area = models.CharField(max_length=12, db_index=True)
    unit = models.CharField(max_length=64, default="", db_index=True)
    created_at = models.BigIntegerField()
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    erased_at = models.BigIntegerField(null=True)


class Identity(models.Model):
    """Who a person is, sealed under the person's own key; that key is sealed under the deployment's (see `vault`).

    `version` counts the changes and is part of what is sealed; `wrapped_by` names the deployment's key without telling it.
    """

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.PROTECT, related_name="identity")
    version = models.IntegerField(default=1)
    wrapped_by = models.CharField(max_length=16, db_index=True)
    wrapped_key = models.BinaryField(null=True)
    nonce = models.BinaryField(null=True)
    ciphertext = models.BinaryField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="sealed_whole_or_erased",
                condition=Q(wrapped_key__isnull=True, nonce__isnull=True, ciphertext__isnull=True)
                | Q(wrapped_key__isnull=False, nonce__isnull=False, ciphertext__isnull=False),
            )
        ]


class SearchKey(models.Model):
    """A keyed hash under which a person is found; it tells nothing to whoever has not the key (see `search_keys`)."""

    kind = models.CharField(max_length=8)
    hash = models.BinaryField(max_length=32)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="search_keys")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["hash", "kind", "person"], name="search_key_once")]


class NotSame(models.Model):
    """Somebody looked at two records and said: two persons. Remembered until taken back, so that nobody is asked twice."""

    one = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="not_same_as_later")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="not_same_as_earlier")
    by = models.CharField(max_length=64)
    at = models.BigIntegerField()
    why = models.TextField()
    taken_back_at = models.BigIntegerField(null=True)
    taken_back_by = models.CharField(max_length=64, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["one", "other"], name="not_same_once", condition=Q(taken_back_at__isnull=True)
            ),
            models.CheckConstraint(name="not_same_in_order", condition=Q(one__lt=F("other"))),
        ]


class Merge(models.Model):
    """Two records were found to be one person: `gone` is read as `kept` from then on. Neither record is changed, so undoing
    restores both exactly.

    `compared` holds which fields agreed, were close, differed or were missing at that moment: their names, never their values.
    """

    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges_kept")
    gone = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges_gone")
    by = models.CharField(max_length=64)
    at = models.BigIntegerField()
    why = models.TextField()
    compared = models.JSONField()
    undone_at = models.BigIntegerField(null=True)
    undone_by = models.CharField(max_length=64, default="")
    undone_why = models.TextField(default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["gone"], name="merged_once", condition=Q(undone_at__isnull=True)),
            models.CheckConstraint(name="merged_with_another", condition=~Q(kept=F("gone"))),
        ]


class Area(models.Model):
    """What a division code meant from a day up to, and without, another; a code may have several such rows."""

    code = models.CharField(max_length=12)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, default="")
    level = models.CharField(max_length=10)
    parent = models.CharField(max_length=12, default="")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="area_code_from"),
            models.UniqueConstraint(fields=["code"], name="area_code_open", condition=Q(valid_until__isnull=True)),
            models.CheckConstraint(
                name="area_ends_after_it_begins",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["parent", "code"], name="area_parent")]


class Unit(models.Model):
    """An office, employer, hospital, school, site or laboratory, in force from a day up to, and without, another."""

    code = models.CharField(max_length=64, primary_key=True)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, default="")
    kind = models.CharField(max_length=12)
    area = models.CharField(max_length=12)
    uscc = models.CharField(max_length=18, default="")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area", "kind", "code"], name="unit_area"),
            models.Index(fields=["uscc"], name="unit_uscc", condition=~Q(uscc="")),
        ]


class Place(models.Model):
    """A venue, dwelling, site or vehicle run that stays name."""

    code = models.CharField(max_length=80, primary_key=True)
    name_zh = models.CharField(max_length=160)
    name_en = models.CharField(max_length=200, default="")
    kind = models.CharField(max_length=32)
    area = models.CharField(max_length=12)
    address = models.CharField(max_length=240, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area", "kind", "code"], name="place_area")]
