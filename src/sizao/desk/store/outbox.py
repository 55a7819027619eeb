"""What is to be told, to whom: written in the transaction of the act that calls for it, sent afterwards, and proved by
a fact.

A channel is anything that can carry a text to somebody and say that it did. What was told becomes a `told` fact with
channel and proof: a personal duty begins there and not when a colour changed. A message that cannot be sent is tried
again, later and later, and stays visible as not sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from django.db.models import F

from sizao.desk.store.acts import make, record
from sizao.desk.store.book import deployment
from sizao.desk.store.models import Notice
from sizao.desk.store.rights import Purpose, machine
from sizao.errors import SizaoError
from sizao.facts.kinds import DataClass, FactId, Told
from sizao.when import HOUR_S, Instant

PERSON = "person:"
FIRST_WAIT_S = 60
LONGEST_WAIT_S = 6 * HOUR_S
ATTEMPTS = 12


class Message(NamedTuple):
    """A text for somebody: its code in the catalogue, what fills it, and a name the receiver can check that it is real
    by."""

    to: str
    code: str
    slots: Mapping[str, Any]
    reference: str


class Channel(Protocol):
    """Carries messages. `send` returns a proof of delivery to the carrier, or raises OSError when it may be tried
    again."""

    name: str

    def send(self, message: Message) -> str:
        """Carry one message."""
        ...


class Undeliverable(OSError):
    """No way to reach this receiver over this channel; trying again will not help."""


def post(*, to: str, code: str, slots: Mapping[str, Any], channel: str, about: str, key: str, now: Instant) -> Notice:
    """Put a notice into the outbox; the same key is the same notice."""
    told = {
        "to": to, "code": code, "slots": dict(slots), "channel": channel, "about": about, "created_at": now, "next_try_at": now,
    }  # fmt: skip
    notice, _ = Notice.objects.get_or_create(key=key, defaults=told)
    return notice


def send_waiting(channels: Mapping[str, Channel], now: Instant, *, limit: int = 100) -> int:
    """Send what waits, the oldest first; returns how many were sent."""
    waiting = Notice.objects.filter(next_try_at__lte=now).order_by("next_try_at", "id")[:limit]
    return sum(_send(notice, channels, now) for notice in waiting)


def _send(notice: Notice, channels: Mapping[str, Channel], now: Instant) -> bool:
    taken = Notice.objects.filter(pk=notice.pk, next_try_at=notice.next_try_at).update(
        next_try_at=now + _wait(notice.attempts), attempts=F("attempts") + 1
    )
    if not taken:
        return False  # another worker took it
    message = Message(notice.to, notice.code, notice.slots, f"N{notice.pk}")
    try:
        proof = channels[notice.channel].send(message)
    except KeyError:
        return _gave_up(notice, f"no channel {notice.channel}")
    except Undeliverable as never:
        return _gave_up(notice, str(never))
    except OSError as later:
        return _gave_up(notice, str(later)) if notice.attempts + 1 >= ATTEMPTS else False
    Notice.objects.filter(pk=notice.pk).update(sent_at=now, next_try_at=None, proof=proof[:120])
    if notice.to.startswith(PERSON):
        _note_told(notice, proof, now)
    return True


def _wait(attempts: int) -> int:
    return min(FIRST_WAIT_S << min(attempts, ATTEMPTS), LONGEST_WAIT_S)


def _gave_up(notice: Notice, why: str) -> bool:
    Notice.objects.filter(pk=notice.pk).update(next_try_at=None, failed=why[:200])
    return False


def _note_told(notice: Notice, proof: str, now: Instant) -> None:
    by = machine("outbox", deployment().area)
    about = FactId(notice.about) if notice.about else None
    how = {"by": by.id, "channel": notice.channel, "proof": proof[:120] or f"N{notice.pk}"}
    told = {"what": notice.code, "about": about} | how
    fact = make(Told, notice.to, at=now, actor=by, now=now, data_class=DataClass.CONTROL, **told)
    try:
        record(fact, by=by, purpose=Purpose.FOLLOW_UP, expect={}, key=f"told-{notice.pk}", now=now, name="tell")
    except SizaoError as refused:
        Notice.objects.filter(pk=notice.pk).update(failed=f"{refused.code}: sent, but not on record")
