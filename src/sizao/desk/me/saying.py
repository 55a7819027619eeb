"""What a person says, turned into facts: one act each, with a receipt whose number is made from the words.

The same functions serve the person, a clerk at a counter, and somebody without an account; `Who` says which of them speaks.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b32encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from sizao.desk.me.models import Statement
from sizao.desk.store.acts import make, record
from sizao.desk.store.rights import Actor, Purpose
from sizao.errors import DeskError
from sizao.facts.kinds import DataClass, Fact, FactId, Reported, SubjectId
from sizao.rules.challenges import CHALLENGE
from sizao.when import Instant

GROUPS, GROUP = 3, 4
AREA = "area"


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """Who helped: in which relation the speaker stands to the person, and how the clerk knew that it was so. No
    document's number. `received`: when it was received on paper, where it is entered later."""

    relation: str
    checked: str
    channel: str
    name: str = ""
    received: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Whose affair it is, and who enters it. `source` becomes the source of the facts: `self`, `public`, or the counter."""

    subject: SubjectId
    actor: Actor
    purpose: Purpose
    source: str
    helper: Helper | None = None

    def said_at(self, now: Instant) -> Instant:
        """When it was said: now, or when the paper was received."""
        return now if self.helper is None or self.helper.received is None else self.helper.received


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was said: a code, to whom, about which fact, and the words beside it."""

    what: str
    to: tuple[str, ...] = ()
    about: str = ""
    told: Mapping[str, Any]


Facts = Callable[[str], Sequence[Fact]]
"""The facts of a statement, given the number of its receipt."""


def own(actor: Actor) -> Who:
    """The person himself, signed in."""
    if actor.person is None:
        raise DeskError("D122")
    return Who(subject=actor.person, actor=actor, purpose=Purpose.SELF, source="self")


def state(who: Who, said: Said, facts: Facts, *, key: str, now: Instant) -> Statement:
    """Record what was said as one act and keep the words with it. The same key again gives the first receipt; with
    other words it is refused (D112)."""
    digest = digest_of(who, said)
    try:
        with transaction.atomic():
            return _again(key, digest) or _state(who, said, facts, key=key, now=now, digest=digest)
    except IntegrityError:
        # The same form came twice at once; the other one was first.
        earlier = _again(key, digest)
        if earlier is None:
            raise
        return earlier


def _again(key: str, digest: str) -> Statement | None:
    earlier = Statement.objects.filter(key=key).first()
    if earlier is not None and earlier.digest != digest:
        raise DeskError("D112")
    return earlier


def _state(who: Who, said: Said, facts: Facts, *, key: str, now: Instant, digest: str) -> Statement:
    number = number_of(who.subject, key, digest)
    recorded = list(facts(number))
    receipt = record(
        *recorded, by=who.actor, purpose=who.purpose, expect={}, key=key, now=now, name=f"say-{said.what}"[:40]
    )
    return Statement.objects.create(
        number=number,
        subject=who.subject,
        what=said.what,
        to=",".join(said.to),
        about=said.about,
        told=dict(said.told),
        helper={} if who.helper is None else asdict(who.helper),
        actor=who.actor.id,
        unit=who.actor.unit,
        at=who.said_at(now),
        act=receipt.act,
        fact=recorded[0].id,
        key=key,
        digest=digest,
    )


def digest_of(who: Who, said: Said) -> str:
    """SHA-256 (hex) of who said what; equal for one form sent twice."""
    content = [who.subject, said.what, list(said.to), said.about, dict(said.told)]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def number_of(subject: str, key: str, digest: str) -> str:
    """The number of a receipt: three groups of four letters and digits, made from the words under the deployment's
    secret. Nobody can guess one, and the fact that carries it commits to the words."""
    mark = hmac.new(settings.KEYS.search, f"receipt|{subject}|{key}|{digest}".encode(), hashlib.sha256).digest()
    letters = b32encode(mark).decode()
    return "-".join(letters[at * GROUP : (at + 1) * GROUP] for at in range(GROUPS))


def normal_number(text: str) -> str:
    """A number as it was typed, in the one spelling: `abcd efgh ijkl` and `ABCDEFGHIJKL` are one number. 0 and 1 are
    not in it."""
    letters = "".join(letter for letter in text.upper() if letter.isalnum()).replace("0", "O").replace("1", "I")
    return "-".join(letters[at * GROUP : (at + 1) * GROUP] for at in range(GROUPS))


def fact(kind: type[Fact], who: Who, *, at: int, now: Instant, data_class: DataClass, **fields: Any) -> Fact:
    """A fact as this speaker gives it."""
    told = {"source": who.source} | fields
    return make(kind, who.subject, at=at, actor=who.actor, now=now, data_class=data_class, **told)


def reported(
    who: Who, what: str, receivers: Iterable[str], *, number: str, now: Instant, classes: Mapping[str, DataClass]
) -> list[Fact]:
    """One report to each receiver, all under one receipt. What goes to a unit is what the person gave it."""
    return [
        fact(Reported, who, at=who.said_at(now), now=now, data_class=classes[to], what=what, to=to, receipt=number)
        for to in receivers
    ]


def challenge(
    who: Who, *, wrong: Sequence[str], words: str, evidence: str, about: str, key: str, now: Instant
) -> Statement:
    """The person says that what was concluded or ordered is wrong. The area owes an answer from somebody who had no
    hand in it."""
    told = {"wrong": list(wrong), "words": words, "evidence": evidence}
    named = FactId(about) if about else None

    def facts(number: str) -> list[Fact]:
        more: dict[str, Any] = {"what": CHALLENGE, "to": AREA, "receipt": number, "about": named}
        return [fact(Reported, who, at=who.said_at(now), now=now, data_class=DataClass.CONTROL, **more)]

    return state(who, Said(what=CHALLENGE, to=(AREA,), about=about, told=told), facts, key=key, now=now)
