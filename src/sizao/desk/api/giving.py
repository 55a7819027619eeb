"""What a caller gives becomes facts: typed, named, entered now by the caller's user. Nothing is taken on trust, and
nothing guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings

from sizao.desk.api.shapes import FactIn
from sizao.desk.store.acts import Versions
from sizao.desk.store.rights import Actor
from sizao.desk.store.rows import keyed
from sizao.errors import DeskError, Where
from sizao.facts.kinds import Fact
from sizao.facts.record import fact_from, fact_id_of, plain
from sizao.when import Instant

OURS = ("id", "recorded_at", "recorder")
"""What a caller may not say: by these an act would name another hour or another hand."""
LONGEST_KEY = 200


def facts_of(given: Sequence[FactIn], by: Actor, now: Instant) -> list[Fact]:
    """The facts of a call; refuses as `fact_from` does (F101 to F105), with the row counted from 1, and fields that
    are ours (U142)."""
    return [_fact(one.model_dump(), by, now, Where(row=row)) for row, one in enumerate(given, start=1)]


def _fact(data: dict[str, Any], by: Actor, now: Instant, where: Where) -> Fact:
    for name in OURS:
        if name in data:
            raise DeskError("U142", where=replace(where, column=name), field=name)
    told = {"source": by.unit or by.id, "basis": "epidemic-control"} | data
    fact = fact_from(told | {"id": "", "recorded_at": now, "recorder": by.id}, where)
    return replace(fact, id=fact_id_of(plain(fact), settings.KEYS.search))


def key_of(header: str | None, actor: Actor) -> str:
    """The key of an act: the caller's own, within the caller's name. Refuses none at all (U148) and an unreadable
    one (U141)."""
    if not header:
        raise DeskError("U148")
    if len(header) > LONGEST_KEY or not header.isascii() or not header.isprintable():
        raise DeskError("U141", most=LONGEST_KEY)
    # It stands in the ledger for ever: what a caller puts into a key, a name perhaps, must not.
    return f"api:{actor.id}:{keyed(header)[:40]}"


def versions_of(header: str | None, subjects: Sequence[str]) -> Versions:
    """The versions the caller had read, from If-Match: `"3"` for the one subject of the call, or `"person:p1=3",
    "person:p2=4"`. Refuses what cannot be read (U152)."""
    found: dict[str, int] = {}
    for part in (header or "").split(","):
        text = part.strip().strip('"')
        if not text:
            continue
        subject, equals, number = text.rpartition("=")
        if not number.isdigit() or (not equals and len(set(subjects)) != 1):
            raise DeskError("U152", value=text[:60])
        found[subject if equals else subjects[0]] = int(number)
    return found
