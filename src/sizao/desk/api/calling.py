"""How a call is authenticated: a bearer token of the right scope, and nothing else. Cookies open nothing here."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBearer

from sizao.desk.api.tokens import Caller, Scope, caller
from sizao.desk.store.rights import Actor, Purpose
from sizao.errors import DeskError
from sizao.when import Instant


class Called(HttpRequest):
    """A request whose token was accepted."""

    now: Instant
    auth: Caller

    @property
    def by(self) -> Actor:
        """Who acts."""
        return self.auth.actor


class Bearer(HttpBearer):
    """Accepts a token of one scope: U140 for no good token, U146 for one of another scope."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope
        self.openapi_scheme = "bearer"

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        """ninja's call."""
        held = caller(token, request.now)  # type: ignore[attr-defined]  # set by access.middleware.Acting
        if held is None:
            raise DeskError("U140")
        if self.scope not in held.token.scopes:
            raise DeskError("U146", scope=str(self.scope))
        return held


def purpose_of(text: str) -> Purpose:
    """The purpose a caller named; there is none that is understood from the rest (U153)."""
    if text not in set(Purpose):
        raise DeskError("U153", value=text[:40], known=", ".join(Purpose))
    return Purpose(text)
