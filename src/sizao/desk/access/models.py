"""People who sign in, what they work as and where, one row for every page that showed them somebody, and what looked
wrong.

Roles are granted with a beginning and an end; what a person may do is read from the grants in force, at every request.
"""

from __future__ import annotations

import unicodedata
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from sizao.desk.store.rights import Actor, Role, check_roles
from sizao.errors import DeskError
from sizao.facts.kinds import SubjectId
from sizao.when import Instant


def plain_name(username: str) -> str:
    """The name used to sign in, as it is kept: full-width letters, capitals and outer spaces make no difference."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


class Users(BaseUserManager["User"]):
    """Makes users; there is no superuser, and nothing that would be one."""

    def create(self, username: str, *, password: str | None = None, **fields: object) -> User:  # type: ignore[override]  # a password is never stored as given
        """A user who may sign in with this password, or with none at all until one is set."""
        user = self.model(username=plain_name(username), **fields)
        user.set_password(password) if password else user.set_unusable_password()
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """By the name used to sign in."""
        return self.get(username=plain_name(username or ""))


class User(AbstractBaseUser):
    """Somebody who signs in. `person` is the subject a resident is; staff have none."""

    username = models.CharField(max_length=40, unique=True)
    email = models.EmailField(blank=True)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    unit = models.CharField(max_length=64)
    person = models.CharField(max_length=80, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.BigIntegerField(default=0)
    left_at = models.BigIntegerField(null=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = []

    objects = Users()

    def __str__(self) -> str:
        return self.username

    def has_left(self, now: Instant) -> bool:
        """Whether this user may not act any more."""
        return not self.is_active or (self.left_at is not None and self.left_at <= now)

    def roles(self, now: Instant) -> frozenset[Role]:
        """The roles granted at `now`."""
        held = self.grants.filter(since__lte=now).filter(Q(until__isnull=True) | Q(until__gt=now))
        return frozenset(Role(role) for role in held.values_list("role", flat=True))

    def areas(self, now: Instant) -> tuple[str, ...]:
        """The areas granted at `now`."""
        held = self.grants.filter(since__lte=now).filter(Q(until__isnull=True) | Q(until__gt=now))
        return tuple(sorted(set(held.exclude(area="").values_list("area", flat=True))))

    def actor(self, now: Instant) -> Actor:
        """Who acts when this user does. Refuses somebody who left (A104) and grants that exclude each other (D130),
        however they came about."""
        if self.has_left(now):
            raise DeskError("A104")
        roles = self.roles(now)
        check_roles(roles)
        person = SubjectId(self.person) if self.person else None
        return Actor(id=f"user:{self.pk}", unit=self.unit, roles=roles, areas=self.areas(now), person=person)


class Grant(models.Model):
    """A role somebody holds in an area and all it contains, from `since` until `until`; who granted it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=16)
    area = models.CharField(max_length=12, blank=True)
    since = models.BigIntegerField()
    until = models.BigIntegerField(null=True)
    by = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "since"], name="grant_user")]


class ReadRow(models.Model):
    """Somebody was shown a person: who, whom, in which matter, for which purpose, which fields. Written before the page
    is.

    `outside` marks a person the reader does not work on (see `alerts`).
    """

    at = models.BigIntegerField()
    actor = models.CharField(max_length=64)
    unit = models.CharField(max_length=64)
    subject = models.CharField(max_length=80)
    case = models.CharField(max_length=80, blank=True)
    purpose = models.CharField(max_length=24)
    fields = models.CharField(max_length=200)
    page = models.CharField(max_length=60)
    outside = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "at"], name="read_subject"),
            models.Index(fields=["actor", "at"], name="read_actor"),
        ]


class Attempt(models.Model):
    """A try to come in that has not succeeded: keyed hashes of the name that was typed and of the address it came
    from."""

    at = models.BigIntegerField(db_index=True)
    name = models.CharField(max_length=64)
    address = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["name", "at"], name="attempt_name"),
            models.Index(fields=["address", "at"], name="attempt_address"),
        ]


class Alert(models.Model):
    """Something that somebody else has to look at: what, who, how often, and what was found when it was looked at."""

    kind = models.CharField(max_length=24)
    at = models.BigIntegerField(db_index=True)
    actor = models.CharField(max_length=64)
    unit = models.CharField(max_length=64, blank=True)
    count = models.IntegerField()
    refused = models.IntegerField(default=0)
    page = models.CharField(max_length=60, blank=True)
    seen_at = models.BigIntegerField(null=True)
    seen_by = models.CharField(max_length=64, blank=True)
    finding = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["actor", "kind", "at"], name="alert_actor")]

    @property
    def word(self) -> str:
        """The code of what it is called."""
        return f"alert.{self.kind}"
