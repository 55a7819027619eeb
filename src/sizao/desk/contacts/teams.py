"""Which teams there are to hand people to: offices on the register, and those of whoever signs in to do casework here."""

from __future__ import annotations

from sizao.desk.access.models import Grant
from sizao.desk.contacts.naming import names_of
from sizao.desk.people.registries import UnitKind, units_in
from sizao.desk.store.rights import Actor, Role, covers, stem_of
from sizao.desk.web.reading import reader_lang
from sizao.when import Instant, local_day

KINDS = (UnitKind.CDC, UnitKind.COMMUNITY, UnitKind.SITE, UnitKind.HOSPITAL)
"""Kinds of unit that follow people up."""
ROLES = (Role.TRACER, Role.FOLLOW_UP, Role.COUNTY, Role.HOSPITAL, Role.CDC)


def teams_for(actor: Actor, now: Instant, zone: str) -> list[tuple[str, str]]:
    """Every team within the actor's areas, with its name, by name; the actor's own first."""
    on = local_day(now, zone)
    found = {unit.code for area in actor.areas for unit in units_in(stem_of(area), on, kinds=KINDS)} | _signing_in(
        actor, now
    )
    names = names_of(found | {actor.unit}, reader_lang(), on)
    others = sorted(((code, names.get(code, code)) for code in found - {actor.unit}), key=lambda one: (one[1], one[0]))
    return [(actor.unit, names.get(actor.unit, actor.unit)), *others]


def _signing_in(actor: Actor, now: Instant) -> set[str]:
    held = Grant.objects.filter(role__in=ROLES, since__lte=now, user__is_active=True).exclude(user__unit="")
    rows = held.filter(until__isnull=True).values_list("user__unit", "area").distinct()
    return {unit for unit, area in rows if area and any(covers(own, area) or covers(area, own) for own in actor.areas)}
