"""What this desk keeps beside the facts: nothing about anybody, only how somebody likes to look at the list."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SavedFilter(models.Model):
    """A way of looking at the list that one user keeps under a name. `query` is the address's own words, without the page."""

    actor = models.CharField(max_length=64)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=400)
    saved_at = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["actor", "name"], name="filter_once")]
