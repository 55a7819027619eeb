"""Second factors: codes of an authenticator app, passkeys, and recovery codes on paper. Kept by django-allauth, sealed
by us.

A code is good once, for its half minute and the ones beside it. The half minutes are those of the machine's own clock,
whatever the deployment's clock shows: the other clock is in somebody's telephone.
"""

from __future__ import annotations

import binascii
import json
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import segno
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt, encrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.exceptions import InvalidSignature
from django.core.exceptions import ValidationError
from django.db import transaction

from sizao.desk.access.models import User
from sizao.errors import DeskError

LAST = "last_counter"
"""In the data of an authenticator app: the half minute of the last code that was good."""

_UNREADABLE = (ValidationError, InvalidSignature, ValueError, TypeError, KeyError, AttributeError)
"""What a browser's answer that is not one may end in, below us."""


class Way(StrEnum):
    """A kind of second factor."""

    TOTP = "totp"
    PASSKEY = "webauthn"
    CODES = "recovery_codes"


def ways(user: User) -> frozenset[Way]:
    """The kinds of second factor this user has set up."""
    rows = Authenticator.objects.filter(user=user).values_list("type", flat=True)
    return frozenset(Way(kind) for kind in rows)


def has_any(user: User) -> bool:
    """Whether the user has set one up; recovery codes alone are none."""
    return bool(ways(user) - {Way.CODES})


# --- authenticator app ------------------------------------------------------------------------------------------------


def new_secret() -> str:
    """A fresh secret for an authenticator app: 160 bits, base32."""
    secret: str = totp.generate_totp_secret()
    return secret


def enrol_totp(user: User, secret: str) -> None:
    """Make this secret (base32) the user's authenticator app, in place of the one before. Refuses what is no base32
    (A111)."""
    try:
        totp.hotp_value(secret, 0)
    except (binascii.Error, ValueError) as wrong:
        raise DeskError("A111") from wrong
    data = {"secret": encrypt(secret), LAST: -1}
    Authenticator.objects.update_or_create(user=user, type=Way.TOTP, defaults={"data": data})


def code_now(secret: str) -> str:
    """The code an authenticator app with this secret shows now."""
    counters = list(totp.yield_hotp_counters_from_time())
    code: str = totp.format_hotp_value(totp.hotp_value(secret, counters[len(counters) // 2]))
    return code


def shows(secret: str, code: str) -> bool:
    """Whether an authenticator app with this secret shows this code about now: the proof that it was set up right."""
    right: bool = totp.validate_totp_code(secret, _plain(code))
    return right


def secret_of(user: User) -> str | None:
    """The secret of the user's authenticator app. Only a demonstration has a use for it."""
    row = Authenticator.objects.filter(user=user, type=Way.TOTP).first()
    return None if row is None else str(decrypt(row.data["secret"]))


def check_code(user: User, code: str) -> bool:
    """Whether it is the code the authenticator app shows, or a recovery code; either is good once."""
    told = _plain(code)
    with transaction.atomic():
        rows = Authenticator.objects.select_for_update().filter(user=user, type__in=(Way.TOTP, Way.CODES))
        by_kind = {row.type: row for row in rows}
        if Way.TOTP in by_kind and _app_shows(by_kind[Way.TOTP], told):
            return True
        return Way.CODES in by_kind and bool(RecoveryCodes(by_kind[Way.CODES]).validate_code(told))


def _app_shows(row: Authenticator, code: str) -> bool:
    secret = decrypt(row.data["secret"])
    for counter in totp.yield_hotp_counters_from_time():
        expected = totp.format_hotp_value(totp.hotp_value(secret, counter))
        if counter > row.data.get(LAST, -1) and compare_user_code(actual=code, expected=expected):
            row.data[LAST] = counter
            row.save(update_fields=["data"])
            row.record_usage()
            return True
    return False


def _plain(code: str) -> str:
    """Full-width digits and blanks make no difference."""
    return "".join(unicodedata.normalize("NFKC", code).split())


def address_of_app(user: User, secret: str) -> str:
    """What an authenticator app reads from the picture."""
    address: str = get_adapter().build_totp_url(user, secret)
    return address


def picture_of(address: str) -> str:
    """A QR code of that address, as a `data:` image."""
    return segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="white")


# --- passkeys ---------------------------------------------------------------------------------------------------------


def begin_passkey(user: User) -> Mapping[str, Any]:
    """What a browser needs to make a passkey; the rest of the question stays in the session."""
    return dict(webauthn.begin_registration(user, False))


def add_passkey(user: User, name: str, answer: str) -> None:
    """Keep the passkey that a browser made. Refuses an answer to another question, or none at all (A112)."""
    try:
        credential = json.loads(answer)
        webauthn.parse_registration_response(credential)
        webauthn.complete_registration(credential)
    except _UNREADABLE as wrong:
        raise DeskError("A112") from wrong
    webauthn.WebAuthn.add(user, name, credential)


def begin_passkey_check(user: User) -> Mapping[str, Any]:
    """What a browser needs to prove one of the user's passkeys."""
    return dict(webauthn.begin_authentication(user))


def check_passkey(user: User, answer: str) -> bool:
    """Whether a browser proved one of the user's passkeys, for the question this session was asked."""
    try:
        credential = json.loads(answer)
        webauthn.parse_authentication_response(credential)
        row = webauthn.complete_authentication(user, credential)
    except _UNREADABLE:
        return False
    row.record_usage()
    return True


# --- recovery codes, and taking away -----------------------------------------------------------------------------------


def new_codes(user: User) -> list[str]:
    """Fresh recovery codes; those before are good no more. They are shown once."""
    with transaction.atomic():
        Authenticator.objects.filter(user=user, type=Way.CODES).delete()
        codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    return codes


def codes_left(user: User) -> int:
    """How many recovery codes are still good."""
    row = Authenticator.objects.filter(user=user, type=Way.CODES).first()
    return 0 if row is None else len(RecoveryCodes(row).get_unused_codes())


def of_user(user: User) -> list[Authenticator]:
    """The user's authenticator app and passkeys, the oldest first."""
    return list(Authenticator.objects.filter(user=user).exclude(type=Way.CODES).order_by("pk"))


def remove(user: User, number: int) -> None:
    """Take one away. Refuses the last (A113): then nobody could say who the user is."""
    with transaction.atomic():
        rows = list(Authenticator.objects.select_for_update().filter(user=user).exclude(type=Way.CODES))
        if len(rows) < 2 or number not in {row.pk for row in rows}:
            raise DeskError("A113")
        Authenticator.objects.filter(user=user, pk=number).delete()


def remove_all(user: User) -> None:
    """Take all away: the user sets one up anew before any desk opens."""
    Authenticator.objects.filter(user=user).delete()
