"""What a branch with Sizao supposes of the offices: each duty is met, at once at the earliest and when due at the latest.

Where the rule gives no hour, a duty counts as met at once: Sizao puts it before the duty officer as it begins. Of the person
nothing is supposed but that he answers when asked and goes where an order sends him.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sizao.facts.kinds import (
    Admitted,
    Confirmed,
    DataClass,
    Exposure,
    Fact,
    FactId,
    How,
    Order,
    Released,
    Reported,
    Setting,
    Test,
    Told,
)
from sizao.policy.book import PolicyBook
from sizao.policy.kinds import Event, Holder
from sizao.replay.founding import AS_OF, HOME_AREA, JUDGED, PERSON, by_id, founding_facts
from sizao.replay.moments import ZONE, Bound
from sizao.rules.conclude import conclude
from sizao.rules.dossier import Dossier
from sizao.rules.timeline import Duty
from sizao.when import Instant, days_after, local_day

TRACER, COMMUNITY, OFFICER = "干部乙", "社区专员丁", "负责人戊"
MOST_ROUNDS = 40

Answer = Callable[[Duty, Instant, str, PolicyBook], list[Fact]]


def answered(facts: Sequence[Fact], book: PolicyBook, bound: Bound) -> list[Fact]:
    """The facts with those by which the offices meet their duties; each added fact is assumed."""
    known = list(facts)
    for _ in range(MOST_ROUNDS):
        added = _next_answer(known, book, bound)
        if not added:
            break
        known += added
    return known


def _next_answer(known: Sequence[Fact], book: PolicyBook, bound: Bound) -> list[Fact]:
    timeline = conclude(Dossier(PERSON, tuple(known), HOME_AREA, zone=ZONE), book, known_at=AS_OF)
    for duty in timeline.duties:
        answer = ANSWERS.get(duty.code)
        if duty.met_at is not None or answer is None or duty.holder == Holder.PERSON:
            continue
        moment = _moment(duty, known, bound)
        if moment <= AS_OF:
            number = sum(fact.id.startswith(f"o-{duty.code}-") for fact in known)
            return answer(duty, moment, f"o-{duty.code}-{number}", book)
    return []


def _moment(duty: Duty, facts: Sequence[Fact], bound: Bound) -> Instant:
    """Never before the facts the duty rests on were known."""
    rests_on = set(duty.reason.facts)
    known = max((fact.recorded_at for fact in facts if fact.id in rests_on), default=duty.since)
    begins = max(duty.since, known, _bound_since(facts) if duty.code == "test-contact" else duty.since)
    if duty.due is None or (bound is Bound.EARLIEST and duty.code not in NEVER_EARLY):
        return Instant(begins)
    return Instant(max(begins, duty.due))


def _bound_since(facts: Sequence[Fact]) -> Instant:
    """From when a grade binds: a test day that began before is owed only then."""
    judged = [fact.recorded_at for fact in facts if isinstance(fact, Exposure) and fact.how is How.JUDGED]
    confirmed = [fact.at for fact in facts if isinstance(fact, Confirmed)]
    return min(judged + confirmed, default=Instant(0))


def head(name: str, moment: Instant, data_class: DataClass = DataClass.CONTROL) -> dict[str, Any]:
    """What all facts carry, for a fact that a branch supposes about the person."""
    return {
        "id": FactId(name), "subject": PERSON, "at": moment, "recorded_at": moment, "source": "assumed",
        "recorder": "replay", "basis": "assumption", "data_class": data_class,
    }  # fmt: skip


def told(name: str, moment: Instant, what: str, about: FactId | None, by: str) -> Told:
    """The person is told by telephone, by a named member of staff."""
    data_class = DataClass.WORK if what == "explain-absence" else DataClass.HEALTH
    return Told(**head(name, moment, data_class), what=what, about=about, channel="phone", by=by, proof="call-record")


def _about(duty: Duty) -> FactId:
    return duty.reason.facts[0]


def _located(duty: Duty, moment: Instant, name: str, _: PolicyBook) -> list[Fact]:
    found = Reported(**head(name, moment), what=str(Event.PERSON_LOCATED), to="area", about=_about(duty))
    return [found, told(f"{name}-told", moment, "listed", _about(duty), COMMUNITY)]


def _reports(event: Event) -> Answer:
    def answer(duty: Duty, moment: Instant, name: str, _: PolicyBook) -> list[Fact]:
        return [Reported(**head(name, moment), what=str(event), to="area", about=_about(duty))]

    return answer


def _verified(duty: Duty, moment: Instant, name: str, _: PolicyBook) -> list[Fact]:
    return [Reported(**head(name, moment, DataClass.HEALTH), what="verified", to="area", about=_about(duty))]


def _confirmed(duty: Duty, moment: Instant, name: str, _: PolicyBook) -> list[Fact]:
    return [Confirmed(**head(name, moment, DataClass.HEALTH), exposure=_about(duty), by=TRACER)]


def _told_contact(duty: Duty, moment: Instant, name: str, _: PolicyBook) -> list[Fact]:
    return [told(name, moment, "contact", _about(duty), TRACER)]


def _isolated(_duty: Duty, moment: Instant, name: str, book: PolicyBook) -> list[Fact]:
    """An order by a named officer, as long as the rule in force and no longer, and the reception at the site."""
    until = days_after(last_exposure(), first_phase_days(book) + 1, ZONE)
    order = Order(
        **head(f"{name}-order", moment), orders="central_isolation", start=moment, until=until, body="county_command",
        officer=OFFICER, article="close.course", reasons="close-contact",
    )  # fmt: skip
    place = "site:home-county"
    return [order, Admitted(**head(name, moment), setting=Setting.CENTRAL, place=place, order=order.id)]


def last_exposure() -> Instant:
    """When the audience's session ended."""
    judged = by_id(founding_facts(), JUDGED)
    assert isinstance(judged, Exposure)
    return judged.last


def first_phase_days(book: PolicyBook) -> int:
    """How many days of central isolation the close contact's course in force that day has."""
    course = book.find("close.course", area=HOME_AREA, on=local_day(last_exposure(), ZONE)).value
    return int(course.phases[0].days)


def _sampled(_duty: Duty, moment: Instant, name: str, _: PolicyBook) -> list[Fact]:
    """A sample; what it showed is not supposed."""
    return [Test(**head(name, moment, DataClass.HEALTH), sample=name)]


def _released(setting: Setting) -> Answer:
    def answer(_duty: Duty, moment: Instant, name: str, _: PolicyBook) -> list[Fact]:
        return [Released(**head(name, moment), setting=setting, by="county_command")]

    return answer


def _asked(duty: Duty, moment: Instant, name: str, _: PolicyBook) -> list[Fact]:
    return [told(name, moment, "explain-absence", _about(duty), "unit")]


NEVER_EARLY = frozenset({"release-central", "release-contact"})
"""A course is not cut short: its end is met when due, at both bounds."""

ANSWERS: Mapping[str, Answer] = {
    "assist_locate": _located,
    "assist_control": _reports(Event.PERSON_CONTROLLED),
    "assist_feedback": _reports(Event.FEEDBACK_SENT),
    "enquire-listed": _verified,
    "verify-told": _verified,
    "verify-code-seen": _verified,
    "confirm-match": _confirmed,
    "tell-contact": _told_contact,
    "isolate-contact": _isolated,
    "test-contact": _sampled,
    "release-central": _released(Setting.CENTRAL),
    "release-contact": _released(Setting.HOME),
    "ask-explanation": _asked,
}
"""Duties of offices that a branch with Sizao supposes met, and by what fact."""
