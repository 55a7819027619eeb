"""How much of a person somebody may see, decided in this one place for every page, list, export and answer of the API."""

from __future__ import annotations

from enum import IntEnum

from sizao.desk.store.models import Assignment, FactRow
from sizao.desk.store.rights import ADMINISTRATORS, Actor, Role, reaches

CASEWORK = (Role.TRACER, Role.FOLLOW_UP, Role.HOSPITAL, Role.CDC, Role.COUNTY, Role.COMMAND, Role.COUNTER)
"""Roles that work on people one by one, each within its areas."""


class Sight(IntEnum):
    """What somebody sees of a subject, from nothing to everything the desks hold."""

    NOTHING = 0
    UNIT = 1
    """What a unit may know: leave, attendance, what the traveller gave, and "absent on a health order until D"."""
    MASKED = 2
    """Facts and conclusions, with name, document, phone and address masked."""
    NAMED = 3
    """The same with the identity: those who work on this person, and the person."""


def sight(actor: Actor, subject: str, area: str) -> Sight:
    """What the actor sees of a subject whose area that is. Administrators, inspectors and discipline offices see no
    person here."""
    if actor.person is not None and actor.person == subject:
        return Sight.NAMED
    if actor.roles & ADMINISTRATORS or not reaches(actor, area):
        return Sight.NOTHING
    if actor.has(*CASEWORK):
        return Sight.NAMED if works_on(actor, subject) else Sight.MASKED
    return Sight.UNIT if actor.has(Role.UNIT) else Sight.NOTHING


def works_on(actor: Actor, subject: str) -> bool:
    """Whether the subject is assigned to the actor's unit, or the actor has recorded something about it."""
    if Assignment.objects.filter(subject=subject, team__in=(actor.unit, actor.id), until__isnull=True).exists():
        return True
    return FactRow.objects.filter(subject=subject, act__actor=actor.id).exists()
