"""Tokens of the API. What is kept is their hash: a token is shown once, to whoever asked for it, and never again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from sizao.desk.access.models import User


class ApiToken(models.Model):
    """A system may act as its user, within these scopes, until it ends or is taken back."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.BigIntegerField()
    by = models.CharField(max_length=64)
    expires_at = models.BigIntegerField()
    revoked_at = models.BigIntegerField(null=True)
    used_at = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "expires_at"], name="token_user")]
