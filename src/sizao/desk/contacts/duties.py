"""What must happen next for one person: every duty with its holder, its hour, its state, and the one form that meets it.

Which event meets a deadline stands in the pack, so the form is found from there; the other duties the rules name themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from sizao.desk.contacts.naming import called
from sizao.desk.contacts.subject import OPEN_STATES
from sizao.desk.people.models import Unit
from sizao.desk.people.registries import UnitKind
from sizao.desk.store.assigning import teams_of
from sizao.desk.store.book import book
from sizao.desk.store.readers import SubjectPage
from sizao.desk.web.parts import DutyLine, Link
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.policy.kinds import Event, Holder
from sizao.rules.explain import say_reason
from sizao.rules.timeline import Duty, State
from sizao.when import local_day
from sizao.words import say

UPCOMING = 3
"""So many of the duties whose time has not come are shown; all of them follow from the same course."""

BY_CODE: Mapping[str, str] = {
    "confirm-match": "confirm", "confirm-regrade": "confirm", "tell-contact": "tell", "tell-freed": "tell",
    "tell-discharge": "tell", "isolate-contact": "admit", "stay-in-isolation": "admit", "stay-away": "admit",
    "stay-monitored": "admit", "stay-after-discharge": "admit", "test-contact": "test", "test-discharged": "test",
    "sample-singly": "test", "release-central": "release", "release-contact": "release", "end-follow-up": "release",
    "lift-order": "release",
    "offer-pep-vaccine": "tell", "offer-pep-immunoglobulin": "tell", "verify-told": "verify", "verify-tip": "verify",
    "verify-code-seen": "verify", "enquire-listed": "verify", "report-code-community": "report", "report-code-hotel": "report",
    "report-code-school": "report",
}  # fmt: skip
"""The form that meets each duty the rules name."""

BY_EVENT: dict[Event, str] = {
    Event.CASE_ADMITTED: "admit", Event.CONTACT_ISOLATED: "admit", Event.SAMPLE_TAKEN: "test", Event.RESULT_GIVEN: "result",
}  # fmt: skip
"""The form that records an event which meets a deadline; every other event is recorded by a report."""

ANSWERED_ELSEWHERE = "answer-challenge"
UNIT_OF = {
    UnitKind.CDC: Holder.TRACING_TEAM, UnitKind.COMMUNITY: Holder.COMMUNITY, UnitKind.SITE: Holder.SITE,
    UnitKind.HOSPITAL: Holder.HOSPITAL,
}  # fmt: skip
"""Of which kind of holder a unit is an example."""


class Lines(NamedTuple):
    """A person's duties: what is open now, what comes next, what is settled."""

    now: Sequence[DutyLine]
    later: Sequence[DutyLine]
    settled: Sequence[DutyLine]


class Desk(NamedTuple):
    """What a page may offer: the desk's namespace, and whether its reader may use a form now (never when looking at the past)."""

    space: str
    may: Callable[[str], bool]
    events: Mapping[Event, str] = {}
    """The forms this desk has for events that others record by a report."""


def met_by(duty: Duty, page: SubjectPage) -> Event | None:
    """The event that meets a deadline, as the pack of its day says; None for a duty that is no deadline."""
    on = local_day(duty.since, reader_zone())
    value = book().maybe(f"deadline.{duty.code}", area=page.area, on=on)
    return None if value is None else Event(value.value.met_by)


def form_of(
    duty: Duty, page: SubjectPage, events: Mapping[Event, str] | None = None
) -> tuple[str, dict[str, str]] | None:
    """The form that meets a duty, and what it is asked to begin with; None where another desk has it."""
    about = {"about": duty.reason.facts[0]} if duty.reason.facts else {}
    named = BY_CODE.get(duty.code)
    if named is not None:
        return named, {"duty": duty.code, **about}
    event = met_by(duty, page)
    if event is None:
        return None
    form = (BY_EVENT | dict(events or {})).get(event, "report")
    return form, {"duty": duty.code, **about} | ({"what": str(event)} if form == "report" else {})


class _Shown(NamedTuple):
    """What every line of one page is made from."""

    page: SubjectPage
    desk: Desk
    names: Mapping[str, str]
    offices: Mapping[str, str]


def lines_of(page: SubjectPage, desk: Desk, names: Mapping[str, str]) -> Lines:
    """All duties of the person at the moment looked at."""
    shown = _Shown(page, desk, names, _offices(page, desk, names))
    now = [one for one in page.moment.duties if one[1] in OPEN_STATES]
    later = [(duty, State.PENDING) for duty in page.timeline.duties if duty.since > page.now]
    settled = [one for one in page.moment.duties if one[1] not in OPEN_STATES]
    return Lines(
        now=[_line(*one, shown) for one in sorted(now, key=by_due)],
        later=[_line(*one, shown) for one in sorted(later, key=lambda one: (one[0].since, one[0].code))[:UPCOMING]],
        settled=[_line(*one, shown) for one in sorted(settled, key=_latest_first)],
    )


def by_due(one: tuple[Duty, State]) -> tuple[bool, int, str]:
    """The order of what is due next; what has no hour comes last."""
    duty, _ = one
    return duty.due is None, duty.due or 0, duty.code


def _latest_first(one: tuple[Duty, State]) -> tuple[int, str]:
    duty, _ = one
    return -(duty.met_at or duty.ended_at or 0), duty.code


def _line(duty: Duty, state: State, shown: _Shown) -> DutyLine:
    note = say_reason(called(duty.reason, shown.names), reader_lang(), reader_zone())
    actions = _actions(duty, shown) if state in OPEN_STATES else ()
    return DutyLine(duty=duty, state=state, holder=shown.offices.get(duty.holder, ""), note=note, actions=actions)


def _actions(duty: Duty, shown: _Shown) -> tuple[Link, ...]:
    page, desk = shown.page, shown.desk
    if duty.code == ANSWERED_ELSEWHERE:
        url = reverse("challenges:one", args=[page.subject, duty.reason.facts[0]])
        return (Link(text=gettext("Answer"), url=url),) if desk.may(ANSWERED_ELSEWHERE) else ()
    found = form_of(duty, page, desk.events)
    if found is None or not desk.may(found[0]):
        return ()
    return (Link(text=word_of(found[0]), url=url_of(desk.space, page.subject, found[0], found[1])),)


def url_of(space: str, subject: str, form: str, asked: Mapping[str, str] | None = None) -> str:
    """Where a form of a person lies."""
    address = reverse(f"{space}:act", args=[subject, form])
    return f"{address}?{urlencode(asked)}" if asked else address


def word_of(form: str) -> str:
    """What a form's button says."""
    return say(f"contacts.act.{form}", reader_lang())


def _offices(page: SubjectPage, desk: Desk, names: Mapping[str, str]) -> dict[str, str]:
    """The very office behind a kind of holder, where the person is assigned to one and the register says what it is."""
    team = teams_of([page.subject], desk.space).get(page.subject)
    kind = None if team is None else Unit.objects.filter(code=team).values_list("kind", flat=True).first()
    holder = None if kind is None or kind not in set(UnitKind) else UNIT_OF.get(UnitKind(kind))
    return {} if holder is None or team is None else {str(holder): names.get(team, team)}
