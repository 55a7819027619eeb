"""Everybody's way into the demonstration: the same pass phrase for all, and a second factor whose code a page shows.

Only a deployment made as a demonstration has such accounts; the page of codes answers in no other mode.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from django.conf import settings

from sizao.desk.access.factors import enrol_totp, new_secret
from sizao.desk.access.models import Grant, User
from sizao.desk.demo.cast import COUNTY, PLAYERS, Player
from sizao.desk.demo.home import LOG_INS
from sizao.desk.store.models import TimelineRow
from sizao.desk.store.rights import ADMINISTRATORS, Role
from sizao.drills.county import START, County
from sizao.when import Instant

PASS_PHRASE = "four earlies, one county"  # noqa: S105 - printed on the screen; nothing in a demonstration is secret
RESIDENTS = (
    (
        "contact",
        "密接旅客",
        "A contact",
        "我的状态、为什么、要做什么、质疑",
        "my standing and why, what I must do, challenge",
    ),
    ("resident", "居民", "A resident", "绿：没有任何依据限制我", "green: nothing restricts me"),
)


class LogIn(NamedTuple):
    """A line of the page and of the terminal."""

    username: str
    name_zh: str
    name_en: str
    does_zh: str
    does_en: str


def open_accounts(county: County, *, now: Instant) -> None:
    """Open the accounts and write down how to get in."""
    for number, player in enumerate(PLAYERS, 1):
        user = _user(number, player, now)
        area = "" if ADMINISTRATORS & set(player.roles) else COUNTY
        for role in player.roles:
            Grant.objects.create(user=user, role=role, area=area, since=START - 1, by="demo")
    subjects = (_preliminary() or county.person_name(0), county.person_name(1))
    for number, ((username, zh, en, _, _), subject) in enumerate(
        zip(RESIDENTS, subjects, strict=True), len(PLAYERS) + 1
    ):
        user = User.objects.create(
            username, password=PASS_PHRASE, pk=number, unit="", person=subject, name_zh=zh, name_en=en, created_at=START
        )
        Grant.objects.create(user=user, role=Role.RESIDENT, area=COUNTY, since=START - 1, by="demo")
    told = {"pass_phrase": PASS_PHRASE, "log_ins": [each._asdict() for each in log_ins()]}
    (settings.HOME / LOG_INS).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _user(number: int, player: Player, now: Instant) -> User:
    user = User.objects.create(
        player.username, password=PASS_PHRASE, pk=number, unit=player.unit, name_zh=player.name_zh, name_en=player.name_en,
        created_at=now,
    )  # fmt: skip
    enrol_totp(user, new_secret())
    return user


def _preliminary() -> str | None:
    """Somebody who waits to hear: a preliminary close contact of the last case."""
    rows = TimelineRow.objects.filter(preliminary=True, grade="close").order_by("-known_at", "subject")
    return rows.values_list("subject", flat=True).first()


def log_ins() -> list[LogIn]:
    """Who can sign in, in the order of the desks."""
    staff = [LogIn(p.username, p.name_zh, p.name_en, p.does_zh, p.does_en) for p in PLAYERS]
    return [*staff, *(LogIn(*line) for line in RESIDENTS)]
