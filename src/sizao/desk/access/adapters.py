"""What django-allauth asks us: how second factors are kept, how this service is called, that nobody signs up by
himself."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.http import HttpRequest

from sizao.desk import clock
from sizao.errors import DeskError

NONCE = 12
USE = b"sizao second factors"
ISSUER = "Sizao"


class Accounts(DefaultAccountAdapter):
    """Accounts are made at the setup desk and nowhere else."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - as allauth calls it
        """Never."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing: what is to be told goes through the outbox."""


class Factors(DefaultMFAAdapter):
    """Secrets of second factors are sealed under the deployment's master key: a copy of the database is not enough to
    be somebody."""

    def get_totp_issuer(self) -> str:
        """What the authenticator app calls this service."""
        return f"{ISSUER} {settings.SIZAO.title_en}"

    def get_totp_label(self, user: Any) -> str:
        """What the authenticator app calls the account."""
        return str(user.username)

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """Who a passkey is for: names that a browser shows, and an id that says nothing."""
        told: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return told | {"display_name": user.name_zh or user.username, "name": user.username}

    def encrypt(self, text: str) -> str:
        """Sealed, as text."""
        nonce = clock.token(NONCE)
        return base64.b64encode(nonce + _cipher().encrypt(nonce, text.encode(), USE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What was sealed; refuses what this deployment's key does not open (A110)."""
        try:
            whole = base64.b64decode(encrypted_text)
            return _cipher().decrypt(whole[:NONCE], whole[NONCE:], USE).decode()
        except (InvalidTag, ValueError) as wrong:
            raise DeskError("A110") from wrong


def _cipher() -> AESGCM:
    return AESGCM(hmac.new(settings.KEYS.master, USE, hashlib.sha256).digest())
