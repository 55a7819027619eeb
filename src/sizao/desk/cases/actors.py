"""Who asked for a job, when the job is done: the person again, with the roles held now and not those of then."""

from __future__ import annotations

from sizao.desk.access.models import User
from sizao.desk.store.rights import Actor
from sizao.errors import DeskError
from sizao.when import Instant

USER = "user:"


def actor_of(name: str, now: Instant) -> Actor:
    """The actor of that name as of now; refuses one who is not, or is no more, somebody who signs in (K140)."""
    pk = name.removeprefix(USER)
    user = User.objects.filter(pk=int(pk), is_active=True).first() if name.startswith(USER) and pk.isdigit() else None
    if user is None:
        raise DeskError("K140", actor=name)
    return user.actor(now)
