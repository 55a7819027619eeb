"""Who may record what, for which purpose, about whom. One table, read by the one writer; pages ask it before they offer
a button.

No role and no purpose of this table colours anybody: the kinds of fact are what somebody reported, observed, told,
ordered or decided, and a standing is none of them. What software may record by itself it may only because it
relieves or because a rule says so; whatever burdens a person by name (`confirmed`, `order`, a judged exposure) needs
a person of the right role.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sizao.errors import DeskError
from sizao.facts.kinds import Exposure, Fact, How, SubjectId


class Role(StrEnum):
    """What somebody works as here."""

    TRACER = "tracer"
    FOLLOW_UP = "follow_up"
    HOSPITAL = "hospital"
    CDC = "cdc"
    LAB = "lab"
    COUNTY = "county"
    COMMAND = "command"
    COUNTER = "counter"
    UNIT = "unit"
    INSPECTOR = "inspector"
    DISCIPLINE = "discipline"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"
    RESIDENT = "resident"
    MACHINE = "machine"
    """Software of this deployment: the matcher, the outbox, a feed. Never a person."""


class Purpose(StrEnum):
    """What something is recorded or read for. There is no other purpose, and adding one is a change of this program."""

    TRACING = "tracing"
    FOLLOW_UP = "follow_up"
    CARE = "care"
    TESTING = "testing"
    COMMAND = "command"
    COUNTER = "counter"
    SELF = "self"
    WORK = "work"
    SUPERVISION = "supervision"
    AUDIT = "audit"
    SETUP = "setup"


EXCLUSIVE: tuple[frozenset[Role], ...] = (
    frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}),
    frozenset({Role.INSPECTOR, Role.DISCIPLINE}),
)
"""Of each of these nobody holds more than one; and an administrator holds no role that reads about people
(`OF_PEOPLE`)."""

ADMINISTRATORS = EXCLUSIVE[0]

_OWN = frozenset({
    "reported", "stay", "ride", "symptom", "code_seen", "trip_requested", "trip_changed", "trip_returned", "tip", "correction",
})  # fmt: skip

MAY_RECORD: Mapping[Role, tuple[frozenset[Purpose], frozenset[str]]] = {
    Role.TRACER: (
        frozenset({Purpose.TRACING, Purpose.FOLLOW_UP}),
        frozenset(
            {
                "case_notice",
                "stay",
                "ride",
                "symptom",
                "exposure",
                "confirmed",
                "told",
                "tip",
                "listed",
                "reported",
                "code_seen",
                "registered",
                "correction",
            }
        ),
    ),
    Role.FOLLOW_UP: (
        frozenset({Purpose.FOLLOW_UP}),
        frozenset(
            {
                "symptom",
                "test",
                "test_refused",
                "told",
                "admitted",
                "left",
                "released",
                "reported",
                "stay",
                "ride",
                "correction",
            }
        ),
    ),
    Role.HOSPITAL: (
        frozenset({Purpose.CARE}),
        frozenset(
            {
                "case_notice",
                "symptom",
                "test",
                "test_refused",
                "admitted",
                "left",
                "released",
                "reported",
                "told",
                "registered",
                "correction",
            }
        ),
    ),
    Role.CDC: (
        frozenset({Purpose.TRACING, Purpose.CARE, Purpose.TESTING}),
        frozenset({"case_notice", "test", "reported", "told", "feed_seen", "listed", "correction"}),
    ),
    Role.LAB: (frozenset({Purpose.TESTING}), frozenset({"test", "feed_seen", "correction"})),
    Role.COUNTY: (
        frozenset({Purpose.FOLLOW_UP, Purpose.COMMAND}),
        frozenset({"reported", "told", "listed", "registered", "rule_on_file", "correction"}),
    ),
    Role.COMMAND: (
        frozenset({Purpose.COMMAND}),
        frozenset(
            {
                "order",
                "area_rated",
                "released",
                "told",
                "reported",
                "rule_on_file",
                "feed_seen",
                "registered",
                "confirmed",
                "exposure",
                "correction",
            }
        ),
    ),
    Role.COUNTER: (frozenset({Purpose.COUNTER}), _OWN | {"told", "registered"}),
    Role.UNIT: (
        frozenset({Purpose.WORK}),
        frozenset({"leave_recorded", "attendance", "rule_on_file", "trip_decided", "reported", "told", "correction"}),
    ),
    Role.RESIDENT: (frozenset({Purpose.SELF}), _OWN),
    Role.MACHINE: (
        frozenset({Purpose.TRACING, Purpose.TESTING, Purpose.FOLLOW_UP}),
        frozenset({"exposure", "correction", "told", "feed_seen", "test", "stay", "ride", "registered"}),
    ),
}
"""By role: for which purposes it may record, and which kinds of fact."""

OF_PEOPLE = frozenset(MAY_RECORD) - {Role.MACHINE}
"""Roles that read or write about people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: a person with a name in the access app, or a machine. `areas` are those the actor works for, `person`
    the subject that the actor is, where a resident acts for himself."""

    id: str
    unit: str
    roles: frozenset[Role]
    areas: tuple[str, ...] = ()
    person: SubjectId | None = None
    helper_of: str | None = None

    def has(self, *roles: Role) -> bool:
        """Whether the actor holds one of these roles."""
        return not self.roles.isdisjoint(roles)


def machine(name: str, area: str) -> Actor:
    """Software acting by itself for an area."""
    return Actor(id=f"machine:{name}", unit=f"machine:{name}", roles=frozenset({Role.MACHINE}), areas=(area,))


def check_roles(roles: Iterable[Role]) -> None:
    """Refuses roles that exclude each other (D130): administrators each other and every role about people, inspectors
    and discipline each other."""
    held = frozenset(roles)
    for group in EXCLUSIVE:
        if len(held & group) > 1:
            raise DeskError("D130", roles=", ".join(sorted(held & group)))
    if held & ADMINISTRATORS and held & (OF_PEOPLE - {Role.RESIDENT}):
        raise DeskError("D130", roles=", ".join(sorted(held)))


def stem_of(area: str) -> str:
    """What the codes of an area and of all it holds begin with: division codes nest by their digits, two by two, and a longer
    code lies in its first six."""
    if len(area) > 6:
        return area
    while area.endswith("00"):
        area = area[:-2]
    return area


def covers(area: str, other: str) -> bool:
    """Whether an area holds another."""
    return other.startswith(stem_of(area))


def reaches(actor: Actor, area: str) -> bool:
    """Whether an area is among those the actor works for."""
    return any(covers(own, area) for own in actor.areas)


def may_record(actor: Actor, purpose: Purpose, kind: str) -> bool:
    """Whether some role of the actor may record that kind of fact for that purpose."""
    return any(
        purpose in MAY_RECORD[role][0] and kind in MAY_RECORD[role][1] for role in actor.roles & MAY_RECORD.keys()
    )


def check(actor: Actor, purpose: Purpose, facts: Iterable[Fact], areas: Mapping[str, str]) -> None:
    """Refuses what the actor may not record: the kind for the purpose (D120), an area not his own (D121), about
    somebody else where he acts for himself (D122), and in a machine's name what only a person may decide (D123)."""
    for fact in facts:
        if not may_record(actor, purpose, fact.kind):
            raise DeskError("D120", kind=f"fact.{fact.kind}", purpose=f"purpose.{purpose}")
        if purpose is Purpose.SELF:
            if fact.subject != actor.person:
                raise DeskError("D122")
        elif not reaches(actor, areas[fact.subject]):
            raise DeskError("D121", area=areas[fact.subject])
        if actor.has(Role.MACHINE) and isinstance(fact, Exposure) and fact.how is not How.MATCHED:
            raise DeskError("D123")


def burdens(fact: Fact) -> bool:
    """Whether a fact can raise somebody's standing: an exposure that counts by itself, its confirmation, a case notice."""
    if isinstance(fact, Exposure):
        return fact.how is not How.TOLD
    return fact.kind in ("confirmed", "case_notice")
