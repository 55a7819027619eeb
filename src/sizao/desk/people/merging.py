"""One person, one record: merging that can be undone, and "not the same" that is remembered.

A merge is a link and changes neither record. Whoever reads follows the links to the record that stands for all (`heads`), and
gathers what is known of all of them (`members_of`). Undoing takes the link away, in whatever order merges were made.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Q

from sizao.desk.people import vault
from sizao.desk.people.likeness import compare
from sizao.desk.people.models import Merge, NotSame, Person
from sizao.desk.people.who import Keys
from sizao.errors import DeskError
from sizao.when import Instant


def heads(subjects: Iterable[str]) -> dict[str, str]:
    """The record that stands for each known subject: itself where it was not merged. Refuses links that run in a ring, which no
    merge can make (D511)."""
    known = _links(subjects)
    asked = tuple(known)
    while further := _links({into for into in known.values() if into is not None} - known.keys()):
        known |= further
    links = {subject: into for subject, into in known.items() if into is not None}
    return {subject: _end_of(subject, links) for subject in asked}


def head_of(subject: str) -> str:
    """The record that stands for a subject. Refuses an unknown one (D501)."""
    found = heads([subject])
    if subject not in found:
        raise DeskError("D501", subject=subject)
    return found[subject]


def members_of(subject: str) -> tuple[str, ...]:
    """Every record of the person: the one that stands for all first, the rest in order. Refuses an unknown subject (D501)."""
    head = head_of(subject)
    found, layer = {head}, {head}
    while layer:
        layer = set(
            Person.objects.filter(merged_into__in=sorted(layer)).values_list("subject", flat=True)
        ) - found  # fmt: skip
        found |= layer
    return (head, *sorted(found - {head}))


def lock_person(subject: str) -> tuple[str, ...]:
    """`members_of`, with every record held until the transaction ends, so that none is merged into the person meanwhile."""
    held: tuple[str, ...] = ()
    while (members := members_of(subject)) != held:
        list(Person.objects.select_for_update().filter(subject__in=members).order_by("subject"))
        held = members
    return held


@transaction.atomic
def merge(kept: str, gone: str, *, why: str, keys: Keys, by: str, now: Instant) -> Merge:
    """Read `gone` as `kept` from now on. Both are the records that stand for their persons.

    Refuses one and the same (D507), an unknown (D501) or erased (D505) record, one that was merged before (D508), and two that
    somebody said are not the same (D509): that is taken back first, by name.
    """
    if kept == gone:
        raise DeskError("D507", subject=kept)
    people = _locked(kept, gone)
    for subject in (kept, gone):
        person = people.get(subject)
        if person is None:
            raise DeskError("D501", subject=subject)
        if person.erased_at is not None:
            raise DeskError("D505", subject=subject)
        if person.merged_into_id is not None:
            raise DeskError("D508", subject=subject, into=person.merged_into_id)
    said = not_same_between(members_of(kept), members_of(gone))
    if said is not None:
        raise DeskError("D509", one=said.one_id, other=said.other_id, by=said.by)
    compared = compare(vault.who_is(kept, keys), vault.who_is(gone, keys))
    Person.objects.filter(subject=gone).update(merged_into=kept)
    return Merge.objects.create(kept_id=kept, gone_id=gone, by=by, at=now, why=why, compared=compared.plain())


@transaction.atomic
def undo(merge_id: int, *, why: str, by: str, now: Instant) -> Merge:
    """Take a merge back: `gone` stands for itself again, with all that was merged into it. Refuses an unknown merge and one that
    was undone before (D510)."""
    done = Merge.objects.select_for_update().filter(pk=merge_id, undone_at__isnull=True).first()
    if done is None:
        raise DeskError("D510", merge=merge_id)
    Person.objects.filter(subject=done.gone_id, merged_into=done.kept_id).update(merged_into=None)
    done.undone_at, done.undone_by, done.undone_why = now, by, why
    done.save(update_fields=["undone_at", "undone_by", "undone_why"])
    return done


@transaction.atomic
def say_not_same(one: str, other: str, *, why: str, by: str, now: Instant) -> NotSame:
    """Remember that two records are two persons. Saying it again changes nothing.

    Refuses one and the same (D507), an unknown record (D501), and two that are merged (D512): the merge is undone first.
    """
    if one == other:
        raise DeskError("D507", subject=one)
    first, second = sorted((one, other))
    people = _locked(first, second)
    for subject in (first, second):
        if subject not in people:
            raise DeskError("D501", subject=subject)
    if head_of(first) == head_of(second):
        raise DeskError("D512", one=first, other=second)
    known = NotSame.objects.filter(one=first, other=second, taken_back_at__isnull=True).first()
    return known or NotSame.objects.create(one_id=first, other_id=second, by=by, at=now, why=why)


def take_back_not_same(one: str, other: str, *, by: str, now: Instant) -> None:
    """Forget that two records are two persons, by name. Refuses what nobody said (D513)."""
    first, second = sorted((one, other))
    said = NotSame.objects.filter(one=first, other=second, taken_back_at__isnull=True)
    if not said.update(taken_back_at=now, taken_back_by=by):
        raise DeskError("D513", one=first, other=second)


def not_same_between(these: Collection[str], those: Collection[str]) -> NotSame | None:
    """The first remembered "not the same" between any of these records and any of those."""
    across = Q(one__in=these, other__in=those) | Q(one__in=those, other__in=these)
    return NotSame.objects.filter(across, taken_back_at__isnull=True).order_by("at", "pk").first()


def _links(subjects: Iterable[str]) -> dict[str, str | None]:
    """What each known subject was merged into, or None."""
    return dict(Person.objects.filter(subject__in=sorted(set(subjects))).values_list("subject", "merged_into_id"))


def _locked(one: str, other: str) -> dict[str, Person]:
    """Both rows, locked in one order everywhere: two merges at once cannot make a ring between them."""
    rows = Person.objects.select_for_update().filter(subject__in=[one, other]).order_by("subject")
    return {person.subject: person for person in rows}


def _end_of(subject: str, links: dict[str, str]) -> str:
    passed = {subject}
    while subject in links:
        subject = links[subject]
        if subject in passed:
            raise DeskError("D511", subject=subject)
        passed.add(subject)
    return subject
