"""The contacts of one case with their evidence: where and how long, by which rule, from which stays; and whoever else asks
after them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings

from sizao.desk.access.alerts import outside
from sizao.desk.cases.links import confirmations, standing, standing_to
from sizao.desk.contacts.forms import reason_of_exposure
from sizao.desk.contacts.naming import called, names_of, number_of
from sizao.desk.people import vault
from sizao.desk.store.assigning import teams_of
from sizao.desk.store.models import FactRow, SubjectRow, TimelineRow
from sizao.desk.store.rights import Actor, reaches
from sizao.desk.store.rows import facts_of
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.facts.kinds import CaseNotice, Exposure, FactId, Grade, How
from sizao.rules.explain import say_reason
from sizao.when import Instant, local_day
from sizao.words import say

PAGE = 50
GRAVITY = {
    grade: order for order, grade in enumerate((Grade.CLOSE, Grade.SECONDARY, Grade.EXPOSED_VENUE, Grade.GENERAL))
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody exposed to the case. `name` is empty where the reader does not work on the person; `own_case` marks whoever
    is a case as well."""

    subject: str
    number: str
    name: str
    exposure: Exposure
    place: str
    sentence: str
    stays: str
    confirmed_by: str
    standing: str
    preliminary: bool
    team: str
    own_case: bool
    via: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """One screen of a case's contacts, gravest and longest first. `elsewhere` people are of areas the reader does not work
    for."""

    rows: Sequence[Contact]
    total: int
    elsewhere: int
    by_grade: Sequence[tuple[str, int]]
    unconfirmed: int
    first: int
    more: bool


def contacts_of(
    case: str,
    actor: Actor,
    *,
    now: Instant,
    known_at: Instant,
    note: Callable[[Sequence[str]], None],
    first: int = 0,
    size: int = PAGE,
) -> Contacts:
    """Everybody exposed to the case as known then. `note` hears, before a name is opened, whose names are about to be shown."""
    exposures = sorted(standing_to([case], known_at)[case], key=_order)
    areas = dict(
        SubjectRow.objects.filter(subject__in=[fact.subject for fact in exposures]).values_list("subject", "area")
    )
    ours = [fact for fact in exposures if reaches(actor, areas.get(fact.subject, ""))]
    confirmed = _confirmed_by(ours, known_at)
    counted = {grade: len({fact.subject for fact in ours if fact.grade is grade}) for grade in GRAVITY}
    return Contacts(
        rows=_rows(ours[first : first + size], actor, now, confirmed, note), total=len(ours), first=first,
        elsewhere=len({fact.subject for fact in exposures} - {fact.subject for fact in ours}),
        by_grade=[(str(grade), number) for grade, number in counted.items() if number],
        unconfirmed=sum(fact.how is How.MATCHED and fact.id not in confirmed for fact in ours), more=len(ours) > first + size,
    )  # fmt: skip


def _order(fact: Exposure) -> tuple[int, int, str, str]:
    return GRAVITY[fact.grade], -fact.minutes, fact.subject, fact.id


def _confirmed_by(exposures: Sequence[Exposure], known_at: Instant) -> dict[FactId, str]:
    """Who stands behind each of these exposures, where somebody does."""
    subjects = sorted({fact.subject for fact in exposures})
    found: dict[FactId, str] = {}
    for fact in confirmations(subjects, known_at):
        found.setdefault(fact.exposure, fact.by)
    return found


def _rows(
    some: Sequence[Exposure],
    actor: Actor,
    now: Instant,
    confirmed: dict[FactId, str],
    note: Callable[[Sequence[str]], None],
) -> list[Contact]:
    subjects = sorted({fact.subject for fact in some})
    others = outside(actor, subjects)
    note([subject for subject in subjects if subject not in others])
    who = vault.open_many([subject for subject in subjects if subject not in others], settings.KEYS)
    teams = teams_of(subjects, "contacts")
    timelines = {row.subject: row for row in TimelineRow.objects.filter(subject__in=subjects)}
    cases = set(FactRow.objects.filter(subject__in=subjects, kind=CaseNotice.kind).values_list("subject", flat=True))
    codes = {*teams.values(), *confirmed.values()}
    codes |= {name for fact in some for name in (fact.case, fact.place, fact.by, fact.via) if name}
    lang, zone = reader_lang(), reader_zone()
    names = names_of(codes, lang, local_day(now, zone))
    found = []
    for fact in some:
        row, one, team = timelines.get(fact.subject), who.get(fact.subject), teams.get(fact.subject, "")
        by = confirmed.get(fact.id, fact.by or "" if fact.how is How.JUDGED else "")
        found.append(
            Contact(
                subject=fact.subject, number=number_of(fact.subject), name="" if one is None else one.name, exposure=fact,
                place=names.get(fact.place or "", fact.place or say("place.not-stated", lang)),
                sentence=say_reason(called(reason_of_exposure(fact), names), lang, zone), stays=stays_of(fact),
                confirmed_by=names.get(by, by), standing="unknown" if row is None else row.standing,
                preliminary=row is not None and row.preliminary, team=names.get(team, team), own_case=fact.subject in cases,
                via=names.get(fact.via or "", fact.via or ""),
            )
        )  # fmt: skip
    return found


def stays_of(fact: Exposure) -> str:
    """The numbers of the stays an exposure rests on: the case's and the contact's."""
    return "; ".join(f"{'—' if mine < 0 else mine}/{theirs}" for mine, theirs in fact.stays)


def sources_of(subject: str, known_at: Instant) -> list[Exposure]:
    """Where somebody may have caught it: the standing exposures of this person to other cases, the earliest first."""
    own = [fact for fact in facts_of(subject, known_at) if isinstance(fact, Exposure)]
    return sorted(standing(own, known_at), key=lambda fact: (fact.first, fact.case, fact.id))
