"""Putting persons in, changing who they are, and ending them. Called inside the transaction of an act, which is where rights,
purpose and the ledger are seen to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from sizao.desk.people import vault
from sizao.desk.people.merging import lock_person
from sizao.desk.people.models import Identity, Merge, NotSame, Person, SearchKey
from sizao.desk.people.search_keys import keys_of
from sizao.desk.people.who import Chance, Check, Keys, Who, check, tidy
from sizao.errors import DeskError
from sizao.when import DAY_S, Instant, local_day

CHUNK = 500
"""Rows written at a time: below every database's limit of values in one statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Somebody to put in: under which name of subject, who it is, where the person lives and whom the person works for."""

    subject: str
    who: Who
    area: str
    unit: str = ""


@transaction.atomic
def enter(entries: Sequence[Entry], *, keys: Keys, chance: Chance, now: Instant) -> dict[str, tuple[str, ...]]:
    """Put persons in, all or none; returns the warnings of those that have any.

    Refuses a subject that is known already or comes twice (D502), and an identity with a problem (D503): a citizen's number that
    cannot be right is put in as `DocumentKind.UNCHECKED` by whoever must go on.
    """
    _refuse_known([entry.subject for entry in entries])
    tidied = {entry.subject: tidy(entry.who) for entry in entries}
    checks = {subject: _checked(subject, who, now) for subject, who in tidied.items()}
    Person.objects.bulk_create(
        [Person(subject=entry.subject, area=entry.area, unit=entry.unit, created_at=now) for entry in entries],
        batch_size=CHUNK,
    )
    Identity.objects.bulk_create(
        [vault.seal(subject, who, keys=keys, chance=chance) for subject, who in tidied.items()], batch_size=CHUNK
    )
    _write_keys(tidied.items(), keys)
    return {subject: found.warnings for subject, found in checks.items() if found.warnings}


@transaction.atomic
def change(subject: str, who: Who, *, expect: int, keys: Keys, chance: Chance, now: Instant) -> tuple[str, ...]:
    """Put another identity in the place of version `expect` of the old; returns its warnings.

    Refuses when somebody else changed it first (D506), a problem (D503), and an unknown (D501) or erased (D505) subject. The old
    identity is not kept: the act says who changed it when.
    """
    row = Identity.objects.select_for_update().filter(person_id=subject).first()
    if row is None:
        raise DeskError("D501", subject=subject)
    if row.version != expect:
        raise DeskError("D506", subject=subject, expected=expect, found=row.version)
    tidied = tidy(who)
    found = _checked(subject, tidied, now)
    again = vault.reseal(row, tidied, keys=keys, chance=chance)
    done = Identity.objects.filter(person_id=subject, version=expect).update(
        version=again.version, nonce=again.nonce, ciphertext=again.ciphertext
    )
    if not done:
        raise DeskError("D506", subject=subject, expected=expect, found=expect + 1)
    SearchKey.objects.filter(person_id=subject).delete()
    _write_keys([(subject, tidied)], keys)
    return found.warnings


def move(subject: str, *, area: str, unit: str) -> None:
    """Say where a person lives and works from now on. Refuses an unknown subject (D501)."""
    if not Person.objects.filter(subject=subject).update(area=area, unit=unit):
        raise DeskError("D501", subject=subject)


@transaction.atomic
def erase(subject: str, *, now: Instant) -> tuple[str, ...]:
    """End the identity of a person, in every record merged with this one, and the words written about it; returns the subjects
    that were erased, this one among them.

    What remains says that somebody was here, since when, and that it was ended when. Refuses an unknown subject (D501).
    """
    subjects = lock_person(subject)
    for each in subjects:
        vault.erase_row(each, now)
    for side in ("one", "other"):
        NotSame.objects.filter(**{f"{side}__in": subjects}).update(why="")
    for side in ("kept", "gone"):
        Merge.objects.filter(**{f"{side}__in": subjects}).update(why="", undone_why="")
    return subjects


@transaction.atomic
def reindex(subjects: Collection[str], *, keys: Keys) -> int:
    """Draw the search keys of some persons again, after another search key or new readings; returns how many had them drawn.

    Erased persons have none. Refuses an identity that does not open (D504).
    """
    wanted = Identity.objects.select_for_update().filter(person_id__in=sorted(set(subjects)))
    rows = wanted.exclude(wrapped_key=None).order_by("person_id")
    known = [(row.person_id, vault.open_row(row, keys)) for row in rows]
    SearchKey.objects.filter(person_id__in=[subject for subject, _ in known]).delete()
    _write_keys(known, keys)
    return len(known)


def version_of(subject: str) -> int:
    """The version of a person's identity, to be handed back with a change. Refuses an unknown subject (D501)."""
    version = Identity.objects.filter(person_id=subject).values_list("version", flat=True).first()
    if version is None:
        raise DeskError("D501", subject=subject)
    return version


def _refuse_known(subjects: Sequence[str]) -> None:
    seen: set[str] = set()
    for subject in subjects:
        if subject in seen:
            raise DeskError("D502", subject=subject)
        seen.add(subject)
    for start in range(0, len(subjects), CHUNK):
        known = Person.objects.filter(subject__in=subjects[start : start + CHUNK]).order_by("subject").first()
        if known is not None:
            raise DeskError("D502", subject=known.subject)


def _checked(subject: str, who: Who, now: Instant) -> Check:
    """Tomorrow in UTC is the latest day that has begun anywhere: nobody is refused for a zone."""
    found = check(who, today=local_day(Instant(now + DAY_S), "UTC"))
    if found.problems:
        raise DeskError("D503", subject=subject, problem=found.problems[0])
    return found


_WRITE_KEYS = """
    insert into desk_people_searchkey (person_id, kind, hash)
    values (%s, %s, %s)"""


def _write_keys(known: Iterable[tuple[str, Who]], keys: Keys) -> None:
    """A person has about ten search keys: a model for each would take longer than all the rest of entering."""
    rows = [(subject, kind.value, value) for subject, who in known for kind, value in sorted(keys_of(who, keys.search))]
    with connection.cursor() as cursor:
        cursor.executemany(_WRITE_KEYS, rows)
