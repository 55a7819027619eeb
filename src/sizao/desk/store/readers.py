"""What pages show: one subject with everything that follows and why, and lists with their counts. Rights are applied
here.

A page about a subject is concluded from its facts when it is shown, and compared with the row that lists and
worklists use: a row that somebody forged differs, and is named. Nothing here is decided; nothing here is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from sizao.desk.store import concluding
from sizao.desk.store.book import book, deployment
from sizao.desk.store.models import Act, Assignment, DutyRow, FactRow, SubjectRow, TimelineRow
from sizao.desk.store.rights import Actor, Role, stem_of
from sizao.desk.store.rows import facts_named
from sizao.desk.store.sight import CASEWORK, Sight, sight
from sizao.errors import DeskError
from sizao.facts.kinds import Exposure, Fact, FactId
from sizao.rules.conclude import conclude
from sizao.rules.dossier import Dossier
from sizao.rules.purpose import for_unit
from sizao.rules.timeline import LevelSpan, Moment, Timeline, at
from sizao.when import OPEN, Instant

PAGE = 50
MOST_COUNTED = 10_000
"""Lists count so far and say "more": counting a million rows for a number nobody acts on costs more than the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectPage:
    """One subject as a page shows it. `facts` are all that a reason can name, by id; `whole` is false when the row
    lists use was not what follows from the facts (forged, or written by another version)."""

    subject: str
    area: str
    version: int
    seen: Sight
    now: Instant
    known_at: Instant
    dossier: Dossier
    timeline: Timeline
    moment: Moment
    facts: Mapping[FactId, Fact]
    whole: bool
    levels: tuple[tuple[str, LevelSpan], ...] = ()
    acts: Mapping[FactId, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """One screen of a list, and where the next one begins (None at the end)."""

    rows: Sequence[Any]
    after: str | None


def subject_page(subject: str, *, actor: Actor, now: Instant, known_at: Instant | None = None) -> SubjectPage:
    """Everything about one subject at `now`, from what was known at `known_at` (all, if None). Refuses a subject there
    is none of (D160) and one the actor may not see (D161); whoever shows it writes the read first (see
    `access.reads`)."""
    row = SubjectRow.objects.filter(subject=subject).first()
    if row is None:
        raise DeskError("D160", subject=subject)
    seen = sight(actor, subject, row.area)
    if seen is Sight.NOTHING:
        raise DeskError("D161")
    if known_at is None and row.stale_since is not None:
        concluding.refresh([subject], now)
    known = OPEN if known_at is None else known_at
    bare = concluding.dossiers([subject], known)[subject]
    dossier = for_unit(bare, now) if seen is Sight.UNIT else concluding.with_feeds(bare, known)
    timeline = conclude(dossier, book(), known_at=min(known, concluding.last_known(dossier)))
    return SubjectPage(
        subject=subject, area=row.area, version=row.version, seen=seen, now=now, known_at=known, dossier=dossier,
        timeline=timeline, moment=at(timeline, now), facts=_named_facts(dossier, known),
        whole=known_at is not None or seen is Sight.UNIT or _is_whole(subject, bare), levels=levels_of(row.area, now, known),
        acts={FactId(fact): act for fact, act in FactRow.objects.filter(subject=subject).values_list("fact_id", "act_id")},
    )  # fmt: skip


def levels_of(area: str, now: Instant, known_at: Instant = OPEN) -> tuple[tuple[str, LevelSpan], ...]:
    """The level in force at `now` of an area and of every area that holds it, each with the area's code, the widest first.

    Levels are joined here and nowhere stored with people: rating an area touches one timeline, however many live there.
    """
    names = [f"area:{code}" for code in holders_of(area)]
    found = []
    for subject, dossier in concluding.dossiers(names, known_at).items():
        if not dossier.facts:
            continue
        timeline = conclude(dossier, book(), known_at=min(known_at, concluding.last_known(dossier)))
        found += [(subject.partition(":")[2], span) for span in at(timeline, now).levels]
    return tuple(found)


def holders_of(area: str) -> tuple[str, ...]:
    """The codes of an area and of all that hold it, the widest first: province, city, county, township, village."""
    county = area[:6]
    codes = [
        county[:2] + "0000",
        county[:4] + "00",
        county,
        *(area[:length] for length in (9, 12) if len(area) >= length),
    ]
    return tuple(dict.fromkeys([*codes, area]))


def _is_whole(subject: str, dossier: Dossier) -> bool:
    row = TimelineRow.objects.filter(subject=subject).values_list("digest", flat=True).first()
    return row is None or row == concluding.digest_of(concluding.timeline_of(dossier))[1]


def _named_facts(dossier: Dossier, known_at: Instant) -> dict[FactId, Fact]:
    """The facts of a dossier and its upstream, and the notices its exposures rest on."""
    found = {fact.id: fact for one in (dossier, *dossier.upstream) for fact in one.facts}
    notices = {fact.case_fact for fact in found.values() if isinstance(fact, Exposure) and fact.case_fact is not None}
    named = facts_named(notices - found.keys())
    return found | {name: fact for name, fact in named.items() if fact.recorded_at <= known_at}


def within(actor: Actor, column: str = "area") -> Q:
    """The condition that a row's area is among the actor's: by ranges, so that an index on the area serves it."""
    asked = Q(pk__in=[])
    for area in actor.areas:
        stem = stem_of(area)
        asked |= Q(**{f"{column}__gte": stem, f"{column}__lt": stem + "~"})
    return asked


def contacts(
    actor: Actor,
    *,
    now: Instant,
    grades: Sequence[str] = (),
    standings: Sequence[str] = (),
    case: str | None = None,
    team: str | None = None,
    overdue: bool = False,
) -> QuerySet[TimelineRow]:
    """Contacts the actor may see, next due first; refuses who works on no people (D161). Rows are read by `screen`."""
    if not actor.has(*CASEWORK):
        raise DeskError("D161")
    asked = TimelineRow.objects.filter(within(actor), kind="person").exclude(grade="")
    if grades:
        asked = asked.filter(grade__in=grades)
    if standings:
        asked = asked.filter(standing__in=standings)
    if case is not None:
        asked = asked.filter(case=case)
    if team is not None:
        asked = asked.filter(subject__in=Assignment.objects.filter(team=team, until__isnull=True).values("subject"))
    if overdue:
        asked = asked.filter(next_due_at__lt=now)
    return asked


def screen(asked: QuerySet[Any], *, after: str | None = None, size: int = PAGE, due: str = "next_due_at") -> Rows:
    """One screen in the order of what is due next, those with nothing due last; `after` is what the last screen gave."""
    with_due = asked.filter(**{f"{due}__isnull": False}).order_by(due, "subject")
    without = asked.filter(**{f"{due}__isnull": True}).order_by("subject")
    moment, _, subject = (after or "").partition("|")
    if after and moment == "-":
        found = list(without.filter(subject__gt=subject)[: size + 1])
    else:
        if after:
            with_due = with_due.filter(
                Q(**{f"{due}__gt": int(moment)}) | Q(**{due: int(moment), "subject__gt": subject})
            )
        found = list(with_due[: size + 1])
        if len(found) <= size:
            found += list(without[: size + 1 - len(found)])
    if len(found) <= size:
        return Rows(rows=found, after=None)
    end = found[size - 1]
    value = getattr(end, due)
    return Rows(rows=found[:size], after=f"{'-' if value is None else value}|{end.subject}")


def count(asked: QuerySet[Any]) -> tuple[int, bool]:
    """How many rows, up to `MOST_COUNTED`, and whether there are more."""
    found = asked.order_by()[: MOST_COUNTED + 1].count()
    return min(found, MOST_COUNTED), found > MOST_COUNTED


def open_duties(actor: Actor, *, now: Instant, holders: Sequence[str] = ()) -> QuerySet[DutyRow]:
    """Duties owed now within the actor's areas: due or overdue, the oldest hour first."""
    asked = DutyRow.objects.filter(within(actor), met_at__isnull=True, ended_at__isnull=True, since__lte=now)
    return asked.filter(holder__in=holders) if holders else asked


def cases(actor: Actor) -> QuerySet[FactRow]:
    """Case notices within the actor's areas, the latest first."""
    if not actor.has(*CASEWORK):
        raise DeskError("D161")
    areas = SubjectRow.objects.filter(within(actor)).values("subject")
    return FactRow.objects.filter(kind="case_notice", subject__in=areas).order_by("-recorded_at")


def acts_of(actor: Actor, *, limit: int = PAGE) -> Sequence[Act]:
    """The latest acts of this actor."""
    return list(Act.objects.filter(actor=actor.id).order_by("-seq")[:limit])


def may_enter(actor: Actor, desk: str) -> bool:
    """Whether the actor's roles open a desk."""
    return actor.has(*DESKS[desk])


DESKS: Mapping[str, tuple[Role, ...]] = {
    "cases": (Role.TRACER, Role.CDC, Role.COMMAND),
    "contacts": (Role.TRACER, Role.FOLLOW_UP, Role.COUNTY, Role.COMMAND),
    "hospitals": (Role.HOSPITAL, Role.CDC),
    "counter": (Role.COUNTER,),
    "challenges": (Role.COMMAND, Role.COUNTY, Role.CDC),
    "me": (Role.RESIDENT,),
    "audit": (Role.AUDIT_ADMIN,),
    "setup": (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN),
}
"""Which roles open which desk. The public desk is open to everybody."""


def zone() -> str:
    """The deployment's time zone."""
    return deployment().zone
