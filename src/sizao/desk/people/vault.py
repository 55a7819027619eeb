"""The vault: each identity sealed under a key of its own, each of those keys sealed under the deployment's master key.

AES-256-GCM both times. What a seal is for is part of it (the subject, and the version of the content), so that a sealed text
moved to another person, or an old one put back, does not open. Ending a person's key ends the identity wherever its sealed text
was copied to, once copies of the key have ended too: backups age out.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction

from sizao.desk.people.models import Identity, Person, SearchKey
from sizao.desk.people.who import Chance, Keys, Who, from_bytes, to_bytes
from sizao.errors import DeskError

KEY_BYTES = 32
NONCE_BYTES = 12
COUNTY_DIGITS = 6
"""The length of a county's division code."""


def key_name(master: bytes) -> str:
    """Which master key: 16 characters that do not tell it."""
    return hmac.digest(master, b"sizao identity master", "sha256").hex()[:16]


def seal(subject: str, who: Who, *, keys: Keys, chance: Chance) -> Identity:
    """A new identity row, not yet stored, under a fresh key."""
    data_key = chance.token(KEY_BYTES)
    row = Identity(
        person_id=subject, version=1, wrapped_by=key_name(keys.master),
        wrapped_key=_wrap(data_key, subject, keys.master, chance),
    )  # fmt: skip
    _fill(row, who, data_key, chance)
    return row


def reseal(row: Identity, who: Who, *, keys: Keys, chance: Chance) -> Identity:
    """The row with another content, one version on, not yet stored; the person's key stays. Refuses what `open_row` refuses."""
    data_key = _unwrap(row, keys.master)
    again = Identity(
        person_id=row.person_id, version=row.version + 1, wrapped_by=row.wrapped_by, wrapped_key=row.wrapped_key
    )
    _fill(again, who, data_key, chance)
    return again


def open_row(row: Identity, keys: Keys) -> Who:
    """Who it is. Refuses an erased identity (D505) and one that does not open: another key, or somebody altered it (D504)."""
    data_key = _unwrap(row, keys.master)
    try:
        content = AESGCM(data_key).decrypt(_bytes(row.nonce), _bytes(row.ciphertext), _content_of(row))
        return from_bytes(content)
    except (InvalidTag, ValueError, TypeError) as shut:
        raise DeskError("D504", subject=row.person_id) from shut


def who_is(subject: str, keys: Keys) -> Who:
    """Who a subject is. Refuses an unknown one (D501), and what `open_row` refuses."""
    row = Identity.objects.filter(person_id=subject).first()
    if row is None:
        raise DeskError("D501", subject=subject)
    return open_row(row, keys)


def open_many(subjects: Iterable[str], keys: Keys) -> Mapping[str, Who | None]:
    """Who each known subject is; None for one that is erased or does not open. Unknown subjects are left out."""
    found: dict[str, Who | None] = {}
    for row in Identity.objects.filter(person_id__in=sorted(set(subjects))).order_by("person_id"):
        try:
            found[row.person_id] = open_row(row, keys)
        except DeskError:
            found[row.person_id] = None
    return found


@transaction.atomic
def erase_row(subject: str, now: int) -> None:
    """End one person's identity: its key, its sealed text and every search key are gone. The row of the person stays and keeps
    the county, for counting; where in it and for whom the person worked go too.

    Refuses an unknown subject (D501). Erasing again changes nothing.
    """
    area = Person.objects.filter(subject=subject).values_list("area", flat=True).first()
    if area is None:
        raise DeskError("D501", subject=subject)
    # Whoever is changing the identity holds this row: their search keys are there, or they find it erased.
    list(Identity.objects.select_for_update().filter(person_id=subject))
    SearchKey.objects.filter(person_id=subject).delete()
    Identity.objects.filter(person_id=subject).update(wrapped_key=None, nonce=None, ciphertext=None)
    Person.objects.filter(subject=subject, erased_at=None).update(erased_at=now, area=area[:COUNTY_DIGITS], unit="")


@transaction.atomic
def rewrap(old: Keys, new: Keys, *, chance: Chance, most: int) -> int:
    """Seal up to `most` persons' keys under another master key; returns how many. 0 means that none is left.

    Each call is whole in itself, so a rotation that was cut off is taken up again by calling. Refuses a key that does not open
    (D504).
    """
    waiting = Identity.objects.exclude(wrapped_by=key_name(new.master)).exclude(wrapped_key=None).order_by("person_id")
    rows = list(waiting[:most])
    for row in rows:
        data_key = _unwrap(row, old.master)
        row.wrapped_key = _wrap(data_key, row.person_id, new.master, chance)
        row.wrapped_by = key_name(new.master)
    Identity.objects.bulk_update(rows, ["wrapped_key", "wrapped_by"])
    return len(rows)


def _fill(row: Identity, who: Who, data_key: bytes, chance: Chance) -> None:
    nonce = chance.token(NONCE_BYTES)
    row.nonce, row.ciphertext = nonce, AESGCM(data_key).encrypt(nonce, to_bytes(who), _content_of(row))


def _wrap(data_key: bytes, subject: str, master: bytes, chance: Chance) -> bytes:
    nonce = chance.token(NONCE_BYTES)
    return nonce + AESGCM(master).encrypt(nonce, data_key, _key_of(subject))


def _unwrap(row: Identity, master: bytes) -> bytes:
    if row.wrapped_key is None:
        raise DeskError("D505", subject=row.person_id)
    wrapped = _bytes(row.wrapped_key)
    try:
        return AESGCM(master).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _key_of(row.person_id))
    except (InvalidTag, ValueError) as shut:
        raise DeskError("D504", subject=row.person_id) from shut


def _key_of(subject: str) -> bytes:
    return f"sizao identity key\0{subject}".encode()


def _content_of(row: Identity) -> bytes:
    return f"sizao identity\0{row.person_id}\0{row.version}".encode()


def _bytes(value: bytes | memoryview | None) -> bytes:
    """PostgreSQL hands out views of memory."""
    return b"" if value is None else bytes(value)
