"""The log's tables: leaves that wait, leaves with their place, hashes of complete subtrees, checkpoints."""

from __future__ import annotations

from django.db import models


class Head(models.Model):
    """The one row that whoever makes the log grow has to hold: how many leaves there are, and since when."""

    size = models.BigIntegerField(default=0)
    at = models.BigIntegerField(default=0)


class Pending(models.Model):
    """A leaf that an act left and the sequencer has not taken in yet. Written in the act's own transaction."""

    act = models.BigIntegerField(primary_key=True)
    leaf = models.BinaryField(max_length=32)


class Leaf(models.Model):
    """A leaf at its place in the log."""

    index = models.BigIntegerField(primary_key=True)
    act = models.BigIntegerField(unique=True)
    leaf = models.BinaryField(max_length=32)


class Node(models.Model):
    """The hash of a complete subtree: of `2**level` leaves, the `index`-th of its level."""

    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="node_once")]  # noqa: RUF012 - Django's shape


class Checkpoint(models.Model):
    """The log at a size: its root, when that was, and the note that signs it."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    at = models.BigIntegerField()
    note = models.TextField()
