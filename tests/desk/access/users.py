"""People to sign in with."""

from __future__ import annotations

from django.test import Client

from sizao.desk.access import factors
from sizao.desk.access.models import Grant, User
from sizao.desk.store.rights import Role
from sizao.when import DAY_S
from tests.desk.conftest import COUNTY, NOW

PASSWORD = "纸船 明月 十二 steps"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def user_of(name: str, *roles: Role, area: str = COUNTY, unit: str = "cdc-tracing-3", person: str = "") -> User:
    """A user with a password and these roles, granted a month ago."""
    user = User.objects.create(name, password=PASSWORD, name_zh=name, name_en=name, unit=unit, person=person)
    for role in roles:
        Grant.objects.create(user=user, role=role, area=area, since=NOW - 30 * DAY_S, by="test")
    return user


def with_app(user: User, secret: str = SECRET) -> User:
    """The same with an authenticator app."""
    factors.enrol_totp(user, secret)
    return user


def browser(lang: str = "en") -> Client:
    """A browser nobody has signed in with."""
    return Client(headers={"accept-language": lang})


def give_password(client: Client, name: str, password: str = PASSWORD, onward: str = "", follow: bool = False):  # type: ignore[no-untyped-def]  # Django's test response has no public type
    """Fill in the sign-in page."""
    return client.post("/sign/in/", {"username": name, "password": password, "next": onward}, follow=follow)


def come_in(client: Client, name: str, onward: str = ""):  # type: ignore[no-untyped-def]  # as above
    """Both factors, one after the other."""
    give_password(client, name, onward=onward)
    return client.post("/sign/second/", {"code": factors.code_now(SECRET)})
