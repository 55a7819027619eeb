"""Coming in by the organisation's own sign-in. It says who somebody is; what he may do here is granted here, and only
here.

The account is found by its name the first time and by the provider's own number afterwards, so that a name given to
somebody else later opens nothing. Where the provider says that more than one factor was proved (`amr` holds `mfa`),
none is asked for again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from sizao.desk.access import signing
from sizao.desk.access.entry import refusal_page
from sizao.desk.access.models import User, plain_name
from sizao.errors import DeskError, SizaoError


class Office(DefaultSocialAccountAdapter):
    """Nobody signs up; who is known goes on to the second factor."""

    def is_open_for_signup(self, *_asked: object) -> bool:
        """Never."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Takes over where django-allauth knows who the provider says it is: every answer is ours."""
        told: Mapping[str, Any] = sociallogin.account.extra_data
        token, info = told.get("id_token", {}), told.get("userinfo", {})
        try:
            if not token or (info and info.get("sub") != token.get("sub")):
                raise DeskError("A161")  # the two answers are about two people, or there is only the weaker one
            user = _user(sociallogin.account.provider, str(token["sub"]), token | info)
            onward = signing.safe_next(request, str(sociallogin.state.get("next") or ""))
            proved = "mfa" in token.get("amr", ())
            response = signing.passed_first(request, user, onward, proved=proved)
        except SizaoError as refused:
            response = refusal_page(request, refused, status=403)
        raise ImmediateHttpResponse(response)

    def on_authentication_error(self, request: HttpRequest, *_asked: object, **_told: object) -> None:
        """The provider said no, was not reached, or was asked by somebody else: one answer for all (A161)."""
        raise ImmediateHttpResponse(refusal_page(request, DeskError("A161"), status=403))


def _claim() -> str:
    told = settings.OIDC
    if told is None:
        raise DeskError("A161")
    return told.claim


def _user(provider: str, number: str, claims: Mapping[str, Any]) -> User:
    """The account of the provider's number; the first time, of its name. Refuses a name nobody has here, or that goes
    with another number already (A162)."""
    with transaction.atomic():
        known = SocialAccount.objects.filter(provider=provider, uid=number).select_related("user").first()
        if known is not None:
            found: User = known.user
            return found
        name = plain_name(str(claims.get(_claim(), "")))
        user = User.objects.select_for_update().filter(username=name, is_active=True).first()
        if user is None or SocialAccount.objects.filter(provider=provider, user=user).exists():
            raise DeskError("A162", name=name)
        SocialAccount.objects.create(user=user, provider=provider, uid=number, extra_data={})
        return user
