"""Name and password. Whoever there is not, has left or typed the wrong thing gets the same answer after the same
time."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from sizao.desk import clock
from sizao.desk.access import attempts
from sizao.desk.access.models import User, plain_name
from sizao.when import Instant


class Passwords(BaseBackend):
    """Argon2 passwords (see `PASSWORD_HASHERS`)."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_other: Any
    ) -> User | None:
        """The user of that name and password, or None. Refuses a name, or an address, that was tried too often
        (A101)."""
        if not username or password is None:
            return None
        now: Instant = getattr(request, "now", None) or clock.now()
        tried = attempts.begin(username, request, now)
        user = User.objects.filter(username=plain_name(username)).first()
        if user is None:
            User().set_password(password)  # as long as checking one takes
            return None
        if not user.check_password(password) or user.has_left(now):
            return None
        attempts.succeeded(tried)
        return user

    def get_user(self, user_id: int) -> User | None:
        """The user of a session; whoever left is nobody."""
        return User.objects.filter(pk=user_id, is_active=True).first()
