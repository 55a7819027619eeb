"""Tokens: made for a user, known by their hash, good for some scopes and some time; and who acts when one is shown."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from sizao.desk.access.models import User
from sizao.desk.api.models import ApiToken
from sizao.desk.clock import token
from sizao.desk.store.rights import Actor
from sizao.errors import DeskError
from sizao.when import DAY_S, Instant

PREFIX = "sizao_"
BYTES = 32
LONGEST_D = 366
USED_EVERY_S = 3600
"""The hour a token was last used is written down once an hour: enough to find the forgotten ones, and no write per
request."""


class Scope(StrEnum):
    """What a token may be used for. Its user's roles bound it further: no scope gives what the user has not."""

    FACTS_WRITE = "facts:write"
    SUBJECTS_READ = "subjects:read"
    LISTS_READ = "lists:read"
    PROPOSALS_DECIDE = "proposals:decide"
    JOBS_READ = "jobs:read"
    LEDGER_READ = "ledger:read"


class Caller(NamedTuple):
    """Who called: the token and the actor it stands for."""

    token: ApiToken
    actor: Actor


def issue(
    user: User, *, name: str, scopes: Iterable[str], expires_at: Instant, by: str, now: Instant
) -> tuple[ApiToken, str]:
    """A new token and its text, which is nowhere else. Refuses unknown scopes (U144) and an end in the past or
    beyond a year (U145)."""
    asked = sorted(set(scopes))
    unknown = [scope for scope in asked if scope not in set(Scope)]
    if unknown or not asked:
        raise DeskError("U144", scopes=", ".join(unknown), known=", ".join(Scope))
    if not now < expires_at <= now + LONGEST_D * DAY_S:
        raise DeskError("U145", days=LONGEST_D)
    text = PREFIX + base64.urlsafe_b64encode(token(BYTES)).decode().rstrip("=")
    made = ApiToken.objects.create(
        user=user, name=name, digest=digest_of(text), scopes=asked, created_at=now, by=by, expires_at=expires_at
    )
    return made, text


def revoke(held: ApiToken, now: Instant) -> None:
    """Take a token back; it is refused from the next request on."""
    ApiToken.objects.filter(pk=held.pk, revoked_at__isnull=True).update(revoked_at=now)


def digest_of(text: str) -> str:
    """What is kept of a token. It is 256 bits of chance, so a plain hash cannot be searched."""
    return hashlib.sha256(text.encode()).hexdigest()


def caller(text: str, now: Instant) -> Caller | None:
    """Whose token it is; None for one that is unknown, over, taken back, or whose user has left or lost every role."""
    held = ApiToken.objects.select_related("user").filter(digest=digest_of(text)).first()
    if held is None or held.revoked_at is not None or now >= held.expires_at or not held.user.is_active:
        return None
    try:
        actor = held.user.actor(now)
    except DeskError:
        return None
    if not actor.roles:
        return None
    if held.used_at is None or now - held.used_at >= USED_EVERY_S:
        ApiToken.objects.filter(pk=held.pk).update(used_at=now)
    return Caller(held, actor)
