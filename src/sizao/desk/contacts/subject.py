"""One person as a follow-up page shows it: who, the conclusion in a sentence, why, what happened, and who looked.

Everything is read from a `SubjectPage`; nothing is decided here, and nobody is shown to whom `sight` does not show him.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.utils.translation import gettext

from sizao.desk.access.models import ReadRow
from sizao.desk.contacts.naming import area_name, called, codes_in, codes_of, names_of, number_of
from sizao.desk.ledger.models import Leaf
from sizao.desk.people import vault
from sizao.desk.people.who import Sex, Who
from sizao.desk.store.readers import SubjectPage
from sizao.desk.store.rights import Purpose
from sizao.desk.store.sight import Sight
from sizao.desk.web.parts import Event, Identity
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.desk.web.telling import events_of
from sizao.errors import DeskError
from sizao.facts.corrections import standing_facts
from sizao.facts.kinds import Correction, Exposure, Fact, FactId, How, Symptom, Told
from sizao.rules.reasons import Reason
from sizao.rules.timeline import GradeSpan, State
from sizao.when import Instant, local_day
from sizao.words import Lang, say, terms

CONFIRMS = ("confirm-match", "confirm-regrade")
OPEN_STATES = (State.DUE, State.OVERDUE)
GRAVITY = ("close", "secondary", "exposed_venue", "general")
AGES = 10
"""Ages are told by decades to whoever need not know more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """A conclusion in one sentence, and what a reader should know beside it."""

    sentence: str
    lead: str = ""


# --- who --------------------------------------------------------------------------------------------------------------


def who_of(page: SubjectPage) -> Who | None:
    """Who the person is, as far as it is on record; for pages that wrote the read first and show only what `page.seen` allows."""
    try:
        return vault.who_is(page.subject, settings.KEYS)
    except DeskError:
        return None


def identity_of(page: SubjectPage, *, case: bool = False) -> Identity:
    """The bar on top: a number, sex, age by decades and area for everybody who may open the page; name, document and telephone
    for those who work on this person."""
    lang, who = reader_lang(), who_of(page)
    on = local_day(page.now, reader_zone())
    number = say("contacts.patient" if case else "contacts.contact", lang, number=number_of(page.subject))
    details = [] if who is None else _person(who, on, lang)
    details.append(area_name(page.area, lang, on))
    if page.seen is not Sight.NAMED:
        hidden = gettext("Name and document: shown to those who work on this matter")
        return Identity(name=number, details=details, standing=page.moment.standing, hidden=hidden)
    if who is None:
        return Identity(name=number, details=details, standing=page.moment.standing)
    return Identity(name=who.name, details=[number, *details, *_contact(who)], standing=page.moment.standing)


def _person(who: Who, on: date, lang: Lang) -> list[str]:
    told = [] if who.sex is Sex.UNKNOWN else [say(who.sex.term, lang)]
    if who.born is not None:
        age = on.year - who.born.year - ((on.month, on.day) < (who.born.month, who.born.day))
        low = age - age % AGES
        told.append(say("contacts.age", lang, low=low, high=low + AGES - 1))
    return told


def _contact(who: Who) -> list[str]:
    return [text for text in (who.document, who.phone, who.address) if text]


# --- the conclusion ---------------------------------------------------------------------------------------------------


def grade_of(page: SubjectPage) -> GradeSpan | None:
    """The gravest grade held at the moment looked at; of several, one that is not preliminary."""
    found = page.moment.grades
    return min(found, key=lambda span: (GRAVITY.index(span.grade), span.preliminary, span.start), default=None)


def conclusion_of(page: SubjectPage) -> Conclusion:
    """What follows for this person now, in one sentence."""
    lang, zone = reader_lang(), reader_zone()
    grade, standing = grade_of(page), page.moment.standing
    if grade is None and standing is not None and _of_case(standing.reason):
        return Conclusion(sentence=say("contacts.now.case", lang), lead=say("contacts.lead.care", lang))
    if grade is None:
        return _no_grade(page, lang, zone)
    code = f"grade.{grade.grade}"
    if grade.preliminary:
        due = _confirm_by(page) or grade.end
        told = say("contacts.now.preliminary", lang, zone_name=zone, grade=code, due=due)
        return Conclusion(sentence=told, lead=say("contacts.lead.preliminary", lang))
    told = say("contacts.now.held", lang, zone_name=zone, grade=code, until=grade.end)
    return Conclusion(sentence=told, lead=say("contacts.lead.held", lang))


def _of_case(reason: Reason) -> bool:
    return any(part.code.startswith("ground-case") for part in (reason, *reason.parts))


def _confirm_by(page: SubjectPage) -> Instant | None:
    open_ones = [duty.due for duty, state in page.moment.duties if duty.code in CONFIRMS and state in OPEN_STATES]
    return min((due for due in open_ones if due is not None), default=None)


def _no_grade(page: SubjectPage, lang: Lang, zone: str) -> Conclusion:
    past = [span for span in page.timeline.grades if span.end <= page.now]
    unverified = [fact for fact in standing(page) if isinstance(fact, Exposure) and fact.how is How.TOLD]
    if past:
        last = max(past, key=lambda span: (span.end, span.start))
        code = "contacts.now.lapsed" if last.preliminary else "contacts.now.over"
        told = say(code, lang, zone_name=zone, grade=f"grade.{last.grade}", end=last.end)
        return Conclusion(sentence=told, lead=say("contacts.lead.free", lang))
    if unverified:
        return Conclusion(sentence=say("contacts.now.unverified", lang), lead=say("contacts.lead.unverified", lang))
    return Conclusion(sentence=say("contacts.now.nothing", lang), lead=say("contacts.lead.free", lang))


def standing(page: SubjectPage) -> list[Fact]:
    """The facts of the person that nobody took back, as known at the moment looked at."""
    return standing_facts(list(page.dossier.facts), page.known_at)


def reason_of(page: SubjectPage) -> Reason | None:
    """Why: of the standing where a ground gives it, else of the grade, else of the standing there is."""
    held, grade = page.moment.standing, grade_of(page)
    if held is not None and (held.reason.parts or grade is None):
        return held.reason
    return None if grade is None else grade.reason


def names_on(page: SubjectPage, reason: Reason | None, more: Sequence[str] = ()) -> dict[str, str]:
    """How everybody and everything the page speaks of is called to this reader."""
    codes = codes_in(page.facts.values()) | set(more)
    codes |= codes_of(reason) if reason is not None else set()
    for duty, _ in page.moment.duties:
        codes |= codes_of(duty.reason)
    return names_of(codes, reader_lang(), local_day(page.now, reader_zone()))


def because_of(page: SubjectPage, names: Mapping[str, str]) -> Reason | None:
    """The reason with names in the place of codes."""
    reason = reason_of(page)
    return None if reason is None else evidence_first(called(reason, names))


WHAT_HAPPENED = ("preliminary", "exposure.", "case-notice", "discharged", "extended", "regrade", "confirmed")
"""Steps that say what happened; the others say what a rule makes of it."""


def evidence_first(reason: Reason) -> Reason:
    """The same explanation with what happened before what the rules make of it, and without a step that only names the next."""
    if len(reason.parts) == 1 and not reason.clauses and not reason.facts:
        return evidence_first(reason.parts[0])
    parts = sorted(reason.parts, key=lambda part: not part.code.startswith(WHAT_HAPPENED))
    return reason._replace(parts=tuple(evidence_first(part) for part in parts))


# --- what happened ----------------------------------------------------------------------------------------------------


def events_on(page: SubjectPage, names: Mapping[str, str]) -> tuple[Event, ...]:
    """The person's facts as a timeline, the earliest first; what was taken back stays, and says so."""
    lang = reader_lang()
    own = [fact for fact in page.dossier.facts if fact.subject == page.subject]
    by_id = {fact.id: fact for fact in own}
    gone = by_id.keys() - {fact.id for fact in standing(page)}
    return tuple(_event(event, by_id[FactId(event.fact)], gone, names, lang) for event in events_of(own, lang, names))


def _event(event: Event, fact: Fact, gone: set[FactId], names: Mapping[str, str], lang: Lang) -> Event:
    note = gettext("taken back") if fact.id in gone and not isinstance(fact, Correction) else ""
    text, source = _text(fact, event.text, names, lang), names.get(event.source, event.source)
    return replace(event, text=text, source=source, note=note)


def _text(fact: Fact, otherwise: str, names: Mapping[str, str], lang: Lang) -> str:
    """Words for codes that the shell shows as they are."""
    if isinstance(fact, Told):
        by = names.get(fact.by, fact.by)
        return say("contacts.event.told", lang, what=what_told(fact.what), channel=channel_of(fact.channel), by=by)
    if isinstance(fact, Symptom):
        return say("contacts.event.symptom", lang, symptom=symptom_of(fact.symptom))
    return otherwise


def what_told(what: str) -> str:
    """What somebody was told, in words."""
    code = f"contacts.told.{what}"
    return say(code if code in terms() else "contacts.told.other", reader_lang())


def channel_of(channel: str) -> str:
    """How somebody was told, in words."""
    code = f"me.channel.{channel}"
    return say(code if code in terms() else "me.channel.other", reader_lang())


def symptom_of(symptom: str) -> str:
    """A symptom's name; one that no vocabulary here has stays as it was entered."""
    code = f"me.symptom.{symptom}"
    return say(code, reader_lang()) if code in terms() else symptom


# --- who looked, and where it stands in the ledger ----------------------------------------------------------------------


def readers_of(subject: str) -> int:
    """How many different people besides the person have opened this data."""
    rows = ReadRow.objects.filter(subject=subject).exclude(purpose=Purpose.SELF)
    return rows.values("actor").distinct().count()


@dataclass(frozen=True, slots=True, kw_only=True)
class LastAct:
    """The latest act on this person, and the place of its leaf in the log; None while it waits for one."""

    act: int
    leaf: int | None


def last_act(page: SubjectPage) -> LastAct | None:
    """The act that changed this person last, as known at the moment looked at."""
    known = {fact.id for fact in page.dossier.facts if fact.subject == page.subject}
    acts = [act for fact, act in page.acts.items() if fact in known]
    if not acts:
        return None
    leaf = Leaf.objects.filter(act=max(acts)).values_list("index", flat=True).first()
    return LastAct(act=max(acts), leaf=leaf)
