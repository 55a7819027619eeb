"""An organisation's own sign-in (OpenID Connect), where the environment names one. Settings are made of this; Django
sleeps yet.

SIZAO_OIDC_ISSUER     the address of the identity provider, https://…
SIZAO_OIDC_CLIENT     the name it knows this service by
SIZAO_OIDC_SECRET     the file that holds the secret it knows this service by
SIZAO_OIDC_CLAIM      what of its answer is the name of the account here; preferred_username unless told
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sizao.errors import DeskError

PROVIDER = "office"
"""The name of the one provider in addresses."""

APPS = ("allauth.socialaccount", "allauth.socialaccount.providers.openid_connect")
LOCAL = ("localhost", "127.0.0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Federation:
    """The organisation's own sign-in."""

    issuer: str
    client: str
    secret: str
    claim: str = "preferred_username"

    @property
    def providers(self) -> dict[str, Any]:
        """As django-allauth wants it: `SOCIALACCOUNT_PROVIDERS`."""
        app = {
            "provider_id": PROVIDER, "name": PROVIDER, "client_id": self.client, "secret": self.secret,
            "settings": {"server_url": self.issuer, "oauth_pkce_enabled": True, "scope": ["openid", "profile"]},
        }  # fmt: skip
        return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


def federation(environ: Mapping[str, str]) -> Federation | None:
    """What the environment says, or None where it names no issuer. Refuses (A160) an issuer that is not asked over
    https, one without a client, and a secret that cannot be read: half a sign-in is none."""
    issuer = environ.get("SIZAO_OIDC_ISSUER", "")
    if not issuer:
        return None
    address = urlsplit(issuer)
    client = environ.get("SIZAO_OIDC_CLIENT", "")
    if (address.scheme != "https" and address.hostname not in LOCAL) or not client:
        raise DeskError("A160", issuer=issuer)
    try:
        secret = Path(environ.get("SIZAO_OIDC_SECRET", "")).read_text("utf-8").strip()
    except OSError as missing:
        raise DeskError("A160", issuer=issuer) from missing
    claim = environ.get("SIZAO_OIDC_CLAIM", "preferred_username")
    return Federation(issuer=issuer.rstrip("/"), client=client, secret=secret, claim=claim)
