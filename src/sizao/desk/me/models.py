"""What people said in their own words, what they were answered, and what was printed for them.

Facts hold codes and moments; the words beside them lie here, each row with the act it was said in. The number of a
receipt is made from those words under the deployment's secret and stands in the fact, so that the ledger's leaf
commits to both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from django.db import models

from sizao.desk.store import erasing
from sizao.desk.store.models import FactRow
from sizao.desk.store.rows import KNOWN, chunks

SUBJECT = 80
NUMBER = 20


class Statement(models.Model):
    """Something said by a person, or on a person's behalf. `told` is what was said; `helper` says who helped and how
    the person was known, never a document's number. `told` is emptied when the person's data ends; the number stays."""

    number = models.CharField(max_length=NUMBER, primary_key=True)
    subject = models.CharField(max_length=SUBJECT, db_index=True)
    what = models.CharField(max_length=24)
    to = models.CharField(max_length=80, blank=True)
    about = models.CharField(max_length=80, blank=True)
    told = models.JSONField(null=True)
    helper = models.JSONField(default=dict)
    actor = models.CharField(max_length=64)
    unit = models.CharField(max_length=64, blank=True)
    at = models.BigIntegerField()
    act = models.BigIntegerField()
    fact = models.CharField(max_length=80, blank=True)
    key = models.CharField(max_length=96, unique=True)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject", "at"], name="statement_subject")]


class Answer(models.Model):
    """The decision on a challenge (`fact`), with the reasons of the person who made it and the facts it took back.
    `reasons` are emptied when the person's data ends."""

    fact = models.CharField(max_length=80, primary_key=True)
    subject = models.CharField(max_length=SUBJECT, db_index=True)
    number = models.CharField(max_length=NUMBER, unique=True)
    granted = models.BooleanField()
    reasons = models.TextField(null=True)
    withdrawn = models.JSONField(default=list)
    actor = models.CharField(max_length=64)
    unit = models.CharField(max_length=64)
    at = models.BigIntegerField()
    act = models.BigIntegerField()


class Paper(models.Model):
    """A paper that states what a standing was at a moment. Whoever holds it may ask whether it is real; it names nobody."""

    number = models.CharField(max_length=NUMBER, primary_key=True)
    subject = models.CharField(max_length=SUBJECT, db_index=True)
    at = models.BigIntegerField()
    standing = models.CharField(max_length=8)
    preliminary = models.BooleanField()
    until = models.BigIntegerField(null=True)
    rules = models.CharField(max_length=64)
    timeline = models.CharField(max_length=64)
    actor = models.CharField(max_length=64)
    key = models.CharField(max_length=96, unique=True)


def end_words(rows: Sequence[FactRow]) -> None:
    """End the words that belong to facts that were erased, and the papers of whoever has no fact left."""
    for some in chunks([row.fact_id for row in rows], KNOWN):
        Statement.objects.filter(fact__in=some).update(told=None, helper={}, digest="")
        Answer.objects.filter(fact__in=some).update(reasons=None)
    for some in chunks(sorted({row.subject for row in rows}), KNOWN):
        left = FactRow.objects.filter(subject__in=some, line__isnull=False).values("subject")
        Paper.objects.filter(subject__in=some).exclude(subject__in=left).delete()


erasing.also_end(end_words)
