"""How often somebody may try to come in. A try is written down before anything is looked up, so that a hundred tries at
once are a hundred tries; whether the name exists makes no difference to any answer.
"""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings
from django.http import HttpRequest

from sizao.desk.access import alerts
from sizao.desk.access.models import Attempt, plain_name
from sizao.errors import DeskError
from sizao.when import DAY_S, Instant, local

WINDOW_S = 15 * 60
"""Tries are counted over so long; a name that is locked opens again so long after the first of its last tries."""

PER_NAME = 5
PER_FACTOR = 5
PER_ADDRESS = 50
"""From one address, for whatever names: an office shares one."""

KEPT_S = DAY_S
FACTOR = "factor:"


def begin(name: str, request: HttpRequest | None, now: Instant) -> Attempt:
    """Write a try down. Refuses the one after `PER_NAME` (a second factor: `PER_FACTOR`) of one name, or after
    `PER_ADDRESS` of one address, within the window, and says until when (A101); a refused try is not counted."""
    row = Attempt.objects.create(at=now, name=_hidden(plain_name(name)), address=_hidden(address_of(request)))
    most = PER_FACTOR if name.startswith(FACTOR) else PER_NAME
    until = _full("name", row, most)
    if until is None and row.address:
        until = _full("address", row, PER_ADDRESS)
    if until is not None:
        row.delete()
        alerts.locked_out(name, now)
        raise DeskError("A101", until=f"{local(until, settings.SIZAO.zone):%H:%M}")
    Attempt.objects.filter(at__lt=now - KEPT_S).delete()
    return row


def succeeded(row: Attempt) -> None:
    """That try was right: what failed before it under the same name is forgotten."""
    Attempt.objects.filter(name=row.name).delete()


def _full(column: str, row: Attempt, most: int) -> Instant | None:
    """Until when there is no more trying, or None."""
    since = row.at - WINDOW_S
    same = (
        Attempt.objects.filter(**{column: getattr(row, column)}, at__gt=since).exclude(pk=row.pk).order_by("-at", "-pk")
    )
    times = list(same.values_list("at", flat=True)[:most])
    return Instant(times[-1] + WINDOW_S) if len(times) >= most else None


def _hidden(text: str) -> str:
    """Under the deployment's key: the table says nothing about who mistyped a password for a name."""
    return hmac.new(settings.KEYS.search, f"attempt:{text}".encode(), hashlib.sha256).hexdigest() if text else ""


def address_of(request: HttpRequest | None) -> str:
    """Where a request comes from, behind `SIZAO_PROXIES` servers of our own; nothing where that is not known."""
    if request is None:
        return ""
    proxies: int = settings.PROXIES
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    return told[-proxies] if proxies and len(told) >= proxies else str(request.META.get("REMOTE_ADDR", ""))
