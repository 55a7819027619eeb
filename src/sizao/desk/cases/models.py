"""What this desk keeps beside the facts: when a case was matched and what came of it, and files on their way in.

None of it is a fact. A file's rows lie here until one act makes them facts, all at once; then the rows and the file go.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from sizao.desk.store.models import SUBJECT
from sizao.desk.store.sealed import Sealed


class MatchRow(models.Model):
    """A case was matched at `at`, because of `why` (a code): how much was read, what was added, taken back and restored.

    `elsewhere` counts people of areas that are not ours, who are not recorded here; `kept` exposures whose stays are kept
    no more. `refused` holds the error where the case could not be matched. `proposal` is what two approvers decide about.
    """

    case = models.CharField(max_length=SUBJECT)
    at = models.BigIntegerField()
    by = models.CharField(max_length=64)
    why = models.CharField(max_length=40)
    opens = models.BigIntegerField(null=True)
    closes = models.BigIntegerField(null=True)
    stays_read = models.BigIntegerField(default=0)
    found = models.IntegerField(default=0)
    added = models.IntegerField(default=0)
    withdrawn = models.IntegerField(default=0)
    restored = models.IntegerField(default=0)
    elsewhere = models.IntegerField(default=0)
    kept = models.IntegerField(default=0)
    act = models.BigIntegerField(null=True)
    proposal = models.BigIntegerField(null=True)
    refused = models.JSONField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case", "at"], name="match_case")]


class SavedMapping(models.Model):
    """How files of one source and one header were last read, so that nobody says it twice."""

    source = models.CharField(max_length=120)
    header = models.CharField(max_length=64)
    mapping = models.CharField(max_length=40)
    columns = models.JSONField(default=dict)
    formats = models.JSONField(default=list)
    defaults = models.JSONField(default=dict)
    basis = models.CharField(max_length=120)
    by = models.CharField(max_length=64)
    at = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "header"], name="mapping_once")]


class Import(models.Model):
    """A file on its way in. What is said about it before it is read, what became of its rows, and the act that made them
    facts.

    `rows` = `taken` + `refused`, always; `repeated` of the taken rows repeat another. Of `told` (facts, or stays) `known`
    were there before; `burdens` people would be burdened by it. `look` is what a first look at the file showed, `fault`
    why all of it was refused, `sealed_at` the moment at which its facts are entered where they are sealed first.
    """

    key = models.CharField(max_length=64, unique=True)
    by = models.CharField(max_length=64)
    unit = models.CharField(max_length=64)
    purpose = models.CharField(max_length=24)
    created_at = models.BigIntegerField()
    state = models.CharField(max_length=12)
    file = models.CharField(max_length=200)
    path = models.CharField(max_length=300, blank=True)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    header = models.CharField(max_length=64, blank=True)
    look = models.JSONField(default=dict)
    reading = models.JSONField(default=dict)
    source = models.CharField(max_length=120)
    basis = models.CharField(max_length=120)
    keep_until = models.BigIntegerField(null=True)
    declared_rows = models.BigIntegerField(null=True)
    declared_sha256 = models.CharField(max_length=64, blank=True)
    mapping = models.CharField(max_length=40, blank=True)
    columns = models.JSONField(default=dict)
    formats = models.JSONField(default=list)
    defaults = models.JSONField(default=dict)
    rows = models.BigIntegerField(default=0)
    taken = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    repeated = models.BigIntegerField(default=0)
    told = models.BigIntegerField(default=0)
    known = models.BigIntegerField(default=0)
    burdens = models.IntegerField(default=0)
    of_stays = models.BooleanField(default=False)
    notes = models.JSONField(default=dict)
    fault = models.JSONField(null=True)
    sealed_at = models.BigIntegerField(null=True)
    act = models.BigIntegerField(null=True)
    proposal = models.BigIntegerField(null=True)
    ended_at = models.BigIntegerField(null=True)
    undone_by = models.CharField(max_length=64, blank=True)
    undone_at = models.BigIntegerField(null=True)
    undone_act = models.BigIntegerField(null=True)
    undone_why = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["unit", "created_at"], name="import_unit")]
        constraints: ClassVar = [
            models.CheckConstraint(name="no_row_is_lost", condition=Q(rows=models.F("taken") + models.F("refused"))),
        ]


class StagedRow(models.Model):
    """A row of a file that is being read: a fact it told, or why it told none. `number` is its place in the reading."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="staged")
    number = models.IntegerField()
    row = models.IntegerField(null=True)
    outcome = models.CharField(max_length=8)
    fact_id = models.CharField(max_length=80, blank=True)
    subject = models.CharField(max_length=SUBJECT, blank=True)
    kind = models.CharField(max_length=24, blank=True)
    line = models.TextField(blank=True)
    column = models.CharField(max_length=120, blank=True)
    value = models.CharField(max_length=200, blank=True)
    problem = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["of", "number"], name="staged_once")]
        indexes: ClassVar = [models.Index(fields=["of", "outcome", "number"], name="staged_outcome")]


class SealedRow(Sealed):
    """A fact of a file as the row it will be; see `store.sealed`."""
