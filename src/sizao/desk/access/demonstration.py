"""What a demonstration shows in the open, and nothing else ever does: who may be tried out, and the code of the moment."""

from __future__ import annotations

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from sizao.desk.access import factors
from sizao.desk.access.models import User
from sizao.desk.deployment import Mode


def page() -> str:
    """Where a demonstration lists who may be tried out; nothing, where this is no demonstration."""
    if settings.SIZAO.mode is not Mode.DEMO:
        return ""
    try:
        return reverse("demo:entrances")
    except NoReverseMatch:
        return ""


def code_of(user: User) -> str:
    """The code the user's authenticator app shows now, where this is a demonstration; else nothing."""
    if settings.SIZAO.mode is not Mode.DEMO:
        return ""
    secret = factors.secret_of(user)
    return "" if secret is None else factors.code_now(secret)
