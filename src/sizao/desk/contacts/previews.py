"""What would follow if something were recorded now: the rules concluded over the facts there are and the ones about to be made.

Nothing is stored. A reader who decides sees whom it frees or binds, until when, and what a supervisor would find in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sizao.desk.contacts.naming import called
from sizao.desk.store.book import book
from sizao.desk.store.concluding import last_known
from sizao.desk.store.readers import SubjectPage
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.facts.kinds import Fact
from sizao.rules.conclude import conclude
from sizao.rules.explain import say_reason
from sizao.rules.timeline import Duty, Finding, Moment, StandingSpan, at
from sizao.when import Instant
from sizao.words import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The standing before and after, the duties that would begin, and what would be found wrong with it."""

    before: StandingSpan | None
    after: StandingSpan | None
    changes: bool
    duties: Sequence[str]
    findings: Sequence[str]


def after_facts(page: SubjectPage, facts: Sequence[Fact], now: Instant) -> Moment:
    """The person's timeline read at `now`, as if these facts were recorded."""
    dossier = page.dossier._replace(facts=(*page.dossier.facts, *facts))
    return at(conclude(dossier, book(), known_at=last_known(dossier)), now)


def preview_of(page: SubjectPage, facts: Sequence[Fact], now: Instant, names: Mapping[str, str]) -> Preview:
    """What recording these facts would change for the person."""
    then = after_facts(page, facts, now)
    before, after = page.moment.standing, then.standing
    changes = _key(before) != _key(after)
    return Preview(
        before=before, after=after, changes=changes, duties=[_say_duty(duty) for duty in _begun(page.moment, then)],
        findings=[say_reason(called(one.reason, names), reader_lang(), reader_zone()) for one in _found(page.moment, then)],
    )  # fmt: skip


def _key(span: StandingSpan | None) -> tuple[object, ...]:
    return () if span is None else (span.standing, span.preliminary, span.end)


def _begun(before: Moment, then: Moment) -> list[Duty]:
    known = {(duty.code, duty.since) for duty, _ in before.duties}
    return [duty for duty, _ in then.duties if (duty.code, duty.since) not in known]


def _found(before: Moment, then: Moment) -> list[Finding]:
    known = {(one.code, one.about) for one in before.findings}
    return [one for one in then.findings if (one.code, one.about) not in known]


def _say_duty(duty: Duty) -> str:
    lang, zone = reader_lang(), reader_zone()
    what, holder = f"duty.{duty.code}", f"holder.{duty.holder}"
    if duty.due is None:
        return say("contacts.follows", lang, what=what, holder=holder)
    return say("contacts.follows.due", lang, zone_name=zone, what=what, holder=holder, due=duty.due)
