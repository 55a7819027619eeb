"""From facts in the database to what follows, kept in rows that lists can ask: drawn, read at a moment, and dropped at
will.

A timeline is drawn as known at the last fact it rests on, not at the moment somebody drew it: so it is the same
bytes whenever it is drawn again, and `sizao rebuild` and `sizao verify` can say so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction

from sizao import __version__
from sizao.desk.store.book import book, deployment
from sizao.desk.store.models import DutyRow, FactRow, SubjectRow, TimelineRow, Transition, Upstream
from sizao.desk.store.rows import KNOWN, chunks, facts_of_many, kind_of
from sizao.facts.corrections import standing_facts
from sizao.facts.kinds import Exposure, Fact, SubjectId
from sizao.facts.record import fact_from_json
from sizao.rules.conclude import conclude
from sizao.rules.dossier import Dossier
from sizao.rules.reasons import Standing, facts_of
from sizao.rules.timeline import Moment, State, Timeline, at, canonical
from sizao.when import DAY_S, OPEN, Instant, day_start

CAUSES = ("exposure", "case_notice", "test")
"""Kinds of fact that can give cause to a colour."""

GRAVITY = {"close": 0, "secondary": 1, "exposed_venue": 2, "general": 3}
COLOURS = (Standing.YELLOW, Standing.RED)
NOTHING_KNOWN = Instant(day_start(date(2000, 1, 1), "UTC") + DAY_S)
"""As of when one concludes about somebody of whom every fact was erased: the first whole day the guard rails are in force."""
INLINE = 1000
"""So many subjects an act concludes itself; the rest is for the jobs."""

FEED_REPORTS = 200
"""So many reports of completeness are read, of all feeds together."""

REWRITTEN = [
    "kind", "area", "version", "known_at", "rules", "code", "digest", "body", "read_at", "next_change_at", "standing",
    "preliminary", "standing_until", "cause", "grade", "case", "last_contact_at", "next_due_at", "findings",
]  # fmt: skip


def dossiers(subjects: Sequence[str], known_at: Instant = OPEN) -> dict[str, Dossier]:
    """The dossier of each subject from the facts recorded by then, with the close contacts it depends on."""
    own = facts_of_many(subjects)
    vias = {subject: upstream_of(facts) for subject, facts in own.items()}
    others = sorted({via for links in vias.values() for via in links} - own.keys())
    facts = own | facts_of_many(others)
    areas = dict.fromkeys([*subjects, *others], deployment().area)
    for some in chunks([*subjects, *others], KNOWN):
        areas |= dict(SubjectRow.objects.filter(subject__in=some).values_list("subject", "area"))
    return {subject: _dossier(subject, facts, areas, vias[subject], known_at) for subject in subjects}


def upstream_of(facts: Iterable[Fact]) -> set[str]:
    """The close contacts that somebody is a secondary contact through, by facts that stand."""
    listed = list(facts)
    standing = standing_facts(listed, OPEN)
    vias = ((fact.via, fact.subject) for fact in standing if isinstance(fact, Exposure))
    return {str(via) for via, own in vias if via is not None and via != own}


def _dossier(
    subject: str, facts: Mapping[str, Sequence[Fact]], areas: Mapping[str, str], vias: set[str], known_at: Instant
) -> Dossier:
    zone = deployment().zone
    of = {name: tuple(fact for fact in facts[name] if fact.recorded_at <= known_at) for name in (subject, *vias)}
    upstream = tuple(Dossier(SubjectId(via), of[via], areas[via], zone=zone) for via in sorted(vias))
    return Dossier(SubjectId(subject), of[subject], areas[subject], upstream, zone)


def with_feeds(dossier: Dossier, known_at: Instant = OPEN) -> Dossier:
    """A person's dossier with what is known of the feeds: joined when somebody reads, as area levels are, so that a feed
    that goes on changes no row. The latest reports of completeness do; older ones say nothing about now."""
    if kind_of(dossier.subject) != "person":
        return dossier
    rows = FactRow.objects.filter(
        kind="feed_seen", subject__startswith="feed:", recorded_at__lte=known_at, line__isnull=False
    )
    lines = rows.order_by("-recorded_at", "-seq").values_list("line", flat=True)[:FEED_REPORTS]
    return dossier._replace(facts=(*dossier.facts, *(fact_from_json(line) for line in lines if line is not None)))


def last_known(dossier: Dossier) -> Instant:
    """When the last fact that a dossier rests on was recorded."""
    return max((fact.recorded_at for one in (dossier, *dossier.upstream) for fact in one.facts), default=NOTHING_KNOWN)


def timeline_of(dossier: Dossier) -> Timeline:
    """What follows from all that is known of a subject."""
    return conclude(dossier, book(), known_at=last_known(dossier))


def digest_of(timeline: Timeline) -> tuple[str, str]:
    """The timeline's bytes as text, and their SHA-256 in hex."""
    body = canonical(timeline)
    return body.decode(), hashlib.sha256(body).hexdigest()


def refresh(subjects: Sequence[str], now: Instant) -> int:
    """Draw the timelines of these subjects again and write what lists and worklists need; returns how many were drawn."""
    drawn = 0
    for some in chunks(sorted(set(subjects)), 200):
        with transaction.atomic():
            # Whoever records something of these subjects meanwhile waits, and marks them stale again.
            locked = SubjectRow.objects.select_for_update().filter(subject__in=some)
            versions = dict(locked.values_list("subject", "version"))
            _write([(timeline_of(d), d, versions[s]) for s, d in dossiers(sorted(versions)).items()], now)
            SubjectRow.objects.filter(subject__in=some).update(stale_since=None)
            drawn += len(versions)
    return drawn


def _write(found: Sequence[tuple[Timeline, Dossier, int]], now: Instant) -> None:
    rows = [row_of(timeline, dossier, version, now) for timeline, dossier, version in found]
    TimelineRow.objects.bulk_create(rows, update_conflicts=True, unique_fields=["subject"], update_fields=REWRITTEN)
    subjects = [row.subject for row in rows]
    DutyRow.objects.filter(subject__in=subjects).delete()
    DutyRow.objects.bulk_create([duty for timeline, dossier, _ in found for duty in duty_rows(timeline, dossier)])
    moves = [move for timeline, dossier, _ in found for move in _transitions(timeline, dossier, now)]
    Transition.objects.bulk_create(moves, ignore_conflicts=True)
    _link({timeline.subject: {one.subject for one in dossier.upstream} for timeline, dossier, _ in found})


def row_of(timeline: Timeline, dossier: Dossier, version: int, now: Instant) -> TimelineRow:
    """The row of a timeline, with what it reads as at `now`."""
    body, digest = digest_of(timeline)
    return TimelineRow(
        subject=timeline.subject, kind=kind_of(timeline.subject), area=dossier.area, version=version, known_at=timeline.known_at,
        rules=timeline.rules, code=__version__, digest=digest, body=body, **read(timeline, dossier, now),
    )  # fmt: skip


def read(timeline: Timeline, dossier: Dossier, now: Instant) -> dict[str, object]:
    """The columns that hold what a timeline reads as at `now`."""
    moment = at(timeline, now)
    standing = moment.standing
    colour = standing is not None and standing.standing in COLOURS
    grade = min(moment.grades, key=lambda span: (GRAVITY[span.grade], span.start), default=None)
    return {
        "read_at": now,
        "next_change_at": moment.next_change_at,
        "standing": str(standing.standing) if standing else str(Standing.UNKNOWN),
        "preliminary": bool(standing and standing.preliminary),
        "standing_until": standing.end if standing and standing.end < OPEN else None,
        "cause": cause_of(timeline, dossier, now) if colour else "",
        "grade": str(grade.grade) if grade else "",
        "case": grade.case if grade else "",
        "last_contact_at": _last_contact(dossier),
        "next_due_at": _next_due(moment),
        "findings": len(moment.findings),
    }


def cause_of(timeline: Timeline, dossier: Dossier, now: Instant) -> str:
    """The fact that gives cause to the colour at `now`: the first of the reason's facts that can, of the person's own."""
    standing = at(timeline, now).standing
    if standing is None:
        return ""
    kinds = {fact.id: fact.kind for fact in dossier.facts}
    named = [fact for fact in facts_of(standing.reason) if kinds.get(fact) in CAUSES]
    return min(named, key=lambda fact: (CAUSES.index(kinds[fact]), fact), default="")


def _last_contact(dossier: Dossier) -> Instant | None:
    standing = standing_facts(list(dossier.facts), OPEN)
    moments = [fact.last for fact in standing if isinstance(fact, Exposure) and fact.last < OPEN]
    return max(moments, default=None)


def _next_due(moment: Moment) -> Instant | None:
    owed = [duty.due for duty, state in moment.duties if state in (State.DUE, State.OVERDUE) and duty.due is not None]
    return min(owed, default=None)


def duty_rows(timeline: Timeline, dossier: Dossier) -> list[DutyRow]:
    """The duties of a timeline as rows, in its order."""
    return [
        DutyRow(
            subject=timeline.subject, area=dossier.area, number=number, code=duty.code, holder=duty.holder, since=duty.since,
            due=duty.due, met_at=duty.met_at, ended_at=duty.ended_at, ended_as=duty.ended_as or "",
        )
        for number, duty in enumerate(timeline.duties)
    ]  # fmt: skip


def _transitions(timeline: Timeline, dossier: Dossier, now: Instant) -> list[Transition]:
    """The changes of standing up to now, each dated when it became true. What was once written stays, as what was shown
    then."""
    found, before = [], str(Standing.UNKNOWN)
    for span in timeline.standings:
        if span.start > now:
            break
        after = str(span.standing)
        if after != before and span.start > 0:
            cause = cause_of(timeline, dossier, span.start) if span.standing in COLOURS else ""
            found.append(
                Transition(
                    subject=timeline.subject, at=span.start, before=before, after=after, preliminary=span.preliminary,
                    reason=span.reason.code, cause=cause, noticed_at=now,
                )
            )  # fmt: skip
        before = after
    return found


def _link(vias: Mapping[str, set[str]]) -> None:
    """Keep who is a secondary contact through whom, for these subjects."""
    rows = Upstream.objects.filter(subject__in=sorted(vias)).values_list("pk", "subject", "via")
    known = {(subject, via): pk for pk, subject, via in rows}
    wanted = {(subject, via) for subject, links in vias.items() for via in links}
    gone = [pk for link, pk in known.items() if link not in wanted]
    if gone:
        Upstream.objects.filter(pk__in=gone).delete()
    fresh = [Upstream(subject=subject, via=via) for subject, via in sorted(wanted - known.keys())]
    Upstream.objects.bulk_create(fresh, ignore_conflicts=True)


def behind(now: Instant, limit: int) -> list[str]:
    """Subjects whose rows are behind: something was recorded since, or the moment came at which they read otherwise."""
    stale = SubjectRow.objects.filter(stale_since__isnull=False).order_by("stale_since", "subject")
    found = list(stale.values_list("subject", flat=True)[:limit])
    if len(found) < limit:
        due = TimelineRow.objects.filter(next_change_at__lte=now).order_by("next_change_at")
        found += list(due.values_list("subject", flat=True)[: limit - len(found)])
    return found


def catch_up(now: Instant, limit: int = INLINE) -> int:
    """Draw the rows that are behind, so many at the most; returns how many there were."""
    subjects = behind(now, limit)
    return refresh(subjects, now) if subjects else 0
