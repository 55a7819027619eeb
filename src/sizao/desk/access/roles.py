"""Accounts and what they may do, changed only here. Every change is an act, and so a leaf of the ledger.

The system administrator makes accounts, ends them and hands out new passwords, and grants nothing. The security
administrator grants and takes away, and makes nobody. Neither does anything to himself. Whoever can make an account
cannot give it a right, and whoever can give a right cannot make somebody to give it to.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.db.models import Q
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from sizao.desk.access import factors
from sizao.desk.access.models import Grant, User, plain_name
from sizao.desk.store.acts import record_setup
from sizao.desk.store.models import Act
from sizao.desk.store.rights import ADMINISTRATORS, Actor, Role, check_roles
from sizao.errors import DeskError
from sizao.when import Instant

AREA = re.compile(r"[0-9]{6,12}")
NAME = re.compile(r"[^\s/\\<>]{2,40}")


class Account(NamedTuple):
    """Who is to sign in."""

    username: str
    name_zh: str
    name_en: str
    unit: str
    email: str = ""
    person: str = ""


def make_account(account: Account, *, by: Actor, key: str, now: Instant) -> User:
    """An account without a password and without a right. Only the system administrator (A140); refuses a name that is
    none (A142) or is taken (A143), and somebody of no unit (A144)."""
    _must(by, Role.SYSTEM_ADMIN)
    name = plain_name(account.username)
    if not NAME.fullmatch(name):
        raise DeskError("A142", name=account.username)
    if not account.unit and not account.person:
        raise DeskError("A144")
    with transaction.atomic():
        earlier = _earlier(key)
        if earlier is not None:
            return User.objects.get(username=name)
        if User.objects.filter(username=name).exists():
            raise DeskError("A143", name=name)
        user = _create(account, name, now)
        said = {"user": user.pk, "username": name, "unit": account.unit, "person": account.person}
        record_setup("account-made", said, by=by, key=key, now=now)
    return user


def leave(user: User, *, by: Actor, key: str, now: Instant) -> None:
    """This user has left: grants end, the password and every second factor are gone, and the next click of an open
    session is signed out. The system or the security administrator (A140), for others (A141), and not the last who can
    grant (A146)."""
    _must(by, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
    with transaction.atomic():
        if _earlier(key) is not None:
            return
        row = _locked(user, by)
        if Role.SECURITY_ADMIN in row.roles(now):
            _not_the_last(row, now)
        for grant in open_grants(row, now):
            _end(grant, now)
        row.is_active, row.left_at = False, now
        row.set_unusable_password()
        row.save(update_fields=["is_active", "left_at", "password"])
        factors.remove_all(row)
        record_setup("account-ended", {"user": row.pk}, by=by, key=key, now=now)


def new_password(user: User, *, by: Actor, key: str, now: Instant) -> tuple[str, str]:
    """Forget the password and give the two parts of the address at which the user sets a new one, good once and for as
    long as `PASSWORD_RESET_TIMEOUT`. The second factor stays: who hands out this address is still not the user. Only
    the system administrator (A140), for others (A141), and for nobody who left (A104)."""
    _must(by, Role.SYSTEM_ADMIN)
    with transaction.atomic():
        row = _locked(user, by)
        if row.has_left(now):
            raise DeskError("A104")
        if _earlier(key) is None:
            row.set_unusable_password()
            row.save(update_fields=["password"])
            record_setup("password-forgotten", {"user": row.pk}, by=by, key=key, now=now)
    return urlsafe_base64_encode(force_bytes(row.pk)), default_token_generator.make_token(row)


def forget_factors(user: User, *, by: Actor, key: str, now: Instant) -> None:
    """Take every second factor away, because telephone and recovery codes are lost. Only the security administrator
    (A140), for others (A141)."""
    _must(by, Role.SECURITY_ADMIN)
    with transaction.atomic():
        if _earlier(key) is None:
            row = _locked(user, by)
            factors.remove_all(row)
            record_setup("factors-forgotten", {"user": row.pk}, by=by, key=key, now=now)


def grant(user: User, role: Role, area: str = "", *, by: Actor, key: str, now: Instant) -> Grant:
    """Give somebody a role in an area, from now on. Only the security administrator (A140), to others (A141). Refuses
    roles that exclude each other (D130), an area where there must be none or none where there must be one (A145), and
    the same again (A147)."""
    _must(by, Role.SECURITY_ADMIN)
    with transaction.atomic():
        row = _locked(user, by)
        if row.has_left(now):
            raise DeskError("A104")
        if _earlier(key) is not None:
            return Grant.objects.filter(user=row, role=role, area=area).latest("pk")
        held = open_grants(row, now)
        _fits(row, role, area)
        check_roles({Role(name) for name in held.values_list("role", flat=True)} | {role})
        if held.filter(role=role, area=area).exists():
            raise DeskError("A147", role=f"role.{role}")
        made = Grant.objects.create(user=row, role=role, area=area, since=now, by=by.id)
        record_setup("role-granted", _said(made), by=by, key=key, now=now)
    return made


def revoke(number: int, why: str, *, by: Actor, key: str, now: Instant) -> None:
    """End a grant now, with reasons (D154). Only the security administrator (A140), of others (A141), and not the last
    who can grant (A146). A grant that has ended stays ended."""
    _must(by, Role.SECURITY_ADMIN)
    if not why.strip():
        raise DeskError("D154")
    with transaction.atomic():
        row = Grant.objects.select_for_update().filter(pk=number).first()
        if row is None:
            raise DeskError("A148")
        user = _locked(row.user, by)
        if _earlier(key) is not None or (row.until is not None and row.until <= now):
            return
        if row.role == Role.SECURITY_ADMIN:
            _not_the_last(user, now)
        _end(row, now)
        record_setup("role-ended", _said(row) | {"why": why.strip()}, by=by, key=key, now=now)


def found(account: Account, role: Role, area: str = "", *, by: Actor, key: str, now: Instant) -> User:
    """The first users of a deployment, by the machine that founds it: an account with a role. Refuses (A149) anybody
    but a machine, and a deployment in which a security administrator has come in before: from then on people grant."""
    if (
        not by.has(Role.MACHINE)
        or User.objects.filter(grants__role=Role.SECURITY_ADMIN, last_login__isnull=False).exists()
    ):
        raise DeskError("A149")
    with transaction.atomic():
        name = plain_name(account.username)
        user = User.objects.filter(username=name).first()
        if user is None:
            user = _create(account, name, now)
        _fits(user, role, area)
        held = open_grants(user, now)
        check_roles({Role(one) for one in held.values_list("role", flat=True)} | {role})
        if not held.filter(role=role, area=area).exists():
            made = Grant.objects.create(user=user, role=role, area=area, since=now, by=by.id)
            record_setup("founded", _said(made) | {"username": name}, by=by, key=key, now=now)
    return user


def open_grants(user: User, now: Instant) -> Any:
    """The grants of a user that have not ended; those that begin later are among them."""
    return user.grants.filter(Q(until__isnull=True) | Q(until__gt=now)).order_by("since", "pk")


def _create(account: Account, name: str, now: Instant) -> User:
    return User.objects.create(
        name, name_zh=account.name_zh, name_en=account.name_en, unit=account.unit, email=account.email,
        person=account.person, created_at=now,
    )  # fmt: skip


def _must(by: Actor, *roles: Role) -> None:
    if not by.has(*roles):
        raise DeskError("A140")


def _earlier(key: str) -> Act | None:
    return Act.objects.filter(key=key).first()


def _locked(user: User, by: Actor) -> User:
    """The user's row, so that two administrators change it one after the other. Nobody changes himself (A141)."""
    if by.id == f"user:{user.pk}":
        raise DeskError("A141")
    return User.objects.select_for_update().get(pk=user.pk)


def _fits(user: User, role: Role, area: str) -> None:
    if role is Role.MACHINE or (role is Role.RESIDENT) != bool(user.person):
        raise DeskError("A150", role=f"role.{role}")
    wants = role not in ADMINISTRATORS | {Role.RESIDENT}  # administrators reach no person, a resident himself alone
    if (area and (role in ADMINISTRATORS or not AREA.fullmatch(area))) or (wants and not area):
        raise DeskError("A145", role=f"role.{role}")


def _not_the_last(user: User, now: Instant) -> None:
    others = Grant.objects.filter(role=Role.SECURITY_ADMIN, since__lte=now, user__is_active=True).exclude(user=user)
    if not others.filter(Q(until__isnull=True) | Q(until__gt=now)).exists():
        raise DeskError("A146")


def _end(row: Grant, now: Instant) -> None:
    row.until = max(now, row.since)
    row.save(update_fields=["until"])


def _said(row: Grant) -> dict[str, Any]:
    return {"grant": row.pk, "user": row.user_id, "role": str(row.role), "area": row.area}
