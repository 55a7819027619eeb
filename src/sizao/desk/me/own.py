"""What is concluded about one person, read for that person or for whoever speaks on the person's behalf at a counter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from sizao.desk.people import vault
from sizao.desk.people.who import Who
from sizao.desk.store import concluding, readers
from sizao.desk.store.book import book
from sizao.desk.store.models import Transition
from sizao.desk.store.readers import SubjectPage
from sizao.desk.store.rights import Actor
from sizao.desk.store.sight import Sight
from sizao.errors import DeskError
from sizao.facts.corrections import standing_facts
from sizao.facts.kinds import CaseNotice, Correction, Exposure, Fact, FactId, Order
from sizao.policy.kinds import Holder
from sizao.rules.conclude import conclude
from sizao.rules.reasons import Reason, Standing, facts_of
from sizao.rules.timeline import Duty, StandingSpan, State, at
from sizao.when import OPEN, Instant

NOTHING_RECORDED = "D160"
RESTRICTS = (Standing.YELLOW, Standing.RED)
CHALLENGED = (Exposure, CaseNotice, Order)
"""Kinds of fact that a person may say are wrong."""

OPEN_STATES = (State.DUE, State.OVERDUE)


def page_of(subject: str, actor: Actor, now: Instant, *, known_at: Instant | None = None) -> SubjectPage:
    """Everything about the person at `now`, from what was known at `known_at` (all, if None). Somebody of whom
    nothing is recorded has a page too: it says so."""
    try:
        return readers.subject_page(subject, actor=actor, now=now, known_at=known_at)
    except DeskError as refused:
        if refused.code != NOTHING_RECORDED:
            raise
    dossier = concluding.dossiers([subject])[subject]
    timeline = conclude(dossier, book(), known_at=now)
    return SubjectPage(
        subject=subject,
        area=dossier.area,
        version=0,
        seen=Sight.NAMED,
        now=now,
        known_at=OPEN,
        dossier=dossier,
        timeline=timeline,
        moment=at(timeline, now),
        facts={},
        whole=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """The standing at the moment looked at: `span` ends where this colour does, `then` is the next one if that
    restricts too."""

    span: StandingSpan
    then: StandingSpan | None
    restricts: bool


def now_of(page: SubjectPage) -> Now:
    """The standing now, until the moment it stops being this one. Green and unknown have no end to announce."""
    spans = page.timeline.standings
    place = next(number for number, span in enumerate(spans) if span.start <= page.now < span.end)
    held = spans[place]
    last = place
    while last + 1 < len(spans) and _same(spans[last + 1], held):
        last += 1
    restricts = held.standing in RESTRICTS
    end = spans[last].end if restricts else OPEN
    following = spans[last + 1] if last + 1 < len(spans) else None
    then = following if restricts and following is not None and following.standing in RESTRICTS else None
    return Now(span=held._replace(end=end), then=then, restricts=restricts)


def _same(one: StandingSpan, other: StandingSpan) -> bool:
    return one.standing is other.standing and one.preliminary == other.preliminary


def lifts_code(now: Now) -> str:
    """The code of the sentence that says what ends the standing: `me.lifts.<case>`."""
    if now.span.standing is Standing.GREEN:
        return "me.lifts.green"
    if now.restricts:
        return "me.lifts.preliminary" if now.span.preliminary else "me.lifts.ground"
    return UNKNOWN.get(now.span.reason.code, "me.lifts.unknown")


UNKNOWN = {
    "standing.not-registered": "me.lifts.not-registered",
    "standing.feed-stale": "me.lifts.feed-stale",
    "standing.exit-test-refused": "me.lifts.exit-test",
    "standing.positive-without-notice": "me.lifts.positive",
}


def duties_of(page: SubjectPage, *, mine: bool, settled: bool = False) -> list[tuple[Duty, State]]:
    """What the person owes (`mine`) or what offices owe in the person's matter; open ones by hour, or those that are
    settled."""
    found = [
        (duty, state)
        for duty, state in page.moment.duties
        if (duty.holder == Holder.PERSON) == mine and (state not in OPEN_STATES) == settled
    ]
    return sorted(found, key=lambda one: (one[0].due is None, one[0].due or 0, one[0].since))


def contestable(page: SubjectPage) -> list[Fact]:
    """What the person may say is wrong: standing exposures, notices and orders about the person, those behind the
    present standing first."""
    named = set(facts_of(page.moment.standing.reason)) if page.moment.standing is not None else set()
    mine = [fact for fact in standing_facts(list(page.dossier.facts), OPEN) if isinstance(fact, CHALLENGED)]
    return sorted(mine, key=lambda fact: (fact.id not in named, -fact.recorded_at, fact.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A standing that changed, when that became true, and why; `freed` when a ground was taken back."""

    at: Instant
    before: str
    after: str
    preliminary: bool
    reason: str
    freed: bool = False


def history_of(page: SubjectPage) -> list[Change]:
    """The changes of the standing up to now, the latest first: what was shown at the time, what follows by itself
    from the rules, and what was taken back."""
    found = {
        (row.at, row.after): Change(
            at=Instant(row.at), before=row.before, after=row.after, preliminary=row.preliminary, reason=row.reason
        )
        for row in Transition.objects.filter(subject=page.subject)
    }
    before = str(Standing.UNKNOWN)
    for span in page.timeline.standings:
        if span.start > page.now:
            break
        after = str(span.standing)
        if after != before and span.start > 0:
            told = Change(
                at=span.start, before=before, after=after, preliminary=span.preliminary, reason=span.reason.code
            )
            found.setdefault((span.start, after), told)
        before = after
    return sorted([*found.values(), *_taken_back(page)], key=lambda change: (-change.at, change.freed))


def _taken_back(page: SubjectPage) -> list[Change]:
    known = {fact.id: fact for fact in page.dossier.facts}
    back = [fact for fact in page.dossier.facts if isinstance(fact, Correction)]
    spans = page.timeline.standings
    changes = []
    for fact in back:
        if isinstance(known.get(fact.corrects), CHALLENGED) and fact.recorded_at <= page.now:
            after = next(span for span in spans if span.start <= fact.recorded_at < span.end)
            changes.append(
                Change(at=fact.recorded_at, before="", after=str(after.standing), preliminary=after.preliminary,
                       reason=after.reason.code, freed=True)
            )  # fmt: skip
    return changes


def identity_of(subject: str) -> Who | None:
    """Who the person is, as far as it is on record; whoever shows it has written the read first."""
    try:
        return vault.who_is(subject, settings.KEYS)
    except DeskError:
        return None


def reason_of(page: SubjectPage) -> Reason | None:
    """Why the standing is what it is now."""
    return None if page.moment.standing is None else page.moment.standing.reason


def own_facts(page: SubjectPage, kind: type[Fact]) -> Sequence[Fact]:
    """The person's standing facts of one kind, the latest first."""
    found = [fact for fact in standing_facts(list(page.dossier.facts), OPEN) if isinstance(fact, kind)]
    return sorted(found, key=lambda fact: (-fact.at, fact.id))


def named(page: SubjectPage, fact: str) -> Fact | None:
    """One of the person's own facts by its id; nobody else's."""
    found = page.facts.get(FactId(fact))
    return found if found is not None and found.subject == page.subject else None
