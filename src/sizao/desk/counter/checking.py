"""Who stands at the counter: found by what is known, checked by what is seen, remembered for half an hour and no
longer.

What was seen is never stored: of a document's number only that it agreed. Before the check a person is shown masked;
after it the identity is shown, and each showing is a row of the log of reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from sizao.desk.me.saying import Helper, Who
from sizao.desk.people import search, vault
from sizao.desk.people.areas import area_at
from sizao.desk.people.masking import Masked, mask, mask_document, mask_phone
from sizao.desk.people.models import Person
from sizao.desk.people.normal import document_forms, normal_document, normal_phone
from sizao.desk.people.who import Who as Identified
from sizao.desk.store.book import guard
from sizao.desk.store.rights import Actor, Purpose, reaches
from sizao.desk.web.parts import Identity
from sizao.errors import DeskError
from sizao.facts.kinds import SubjectId
from sizao.when import Instant, local_day
from sizao.words import Lang

SESSION = "sizao_counter"
REMEMBERED_S = 30 * 60
SHOWN = 20
"""Candidates shown at once; more than these, and the clerk asks for one thing more."""

RELATIONS = ("self", "guardian", "relative", "neighbour", "carer", "staff")
CHECKS = ("document", "number", "known", "witness", "household")
WAYS = ("counter", "phone", "home", "paper")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who may be meant, masked."""

    subject: str
    who: Masked


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search came to; `more` when there were too many to show."""

    candidates: Sequence[Candidate]
    more: bool


def find(text: str, actor: Actor, now: Instant) -> Found:
    """Who may be meant, within the clerk's areas, masked. Too many to tell apart are none."""
    limit = guard("safeguard.search_candidates", settings.SIZAO.area, now)
    found = search.find(text, settings.KEYS, limit)
    if isinstance(found, search.TooMany):
        return Found(candidates=(), more=True)
    reached = _reached([one.subject for one in found.candidates], actor)
    shown = reached[:SHOWN]
    opened = vault.open_many(shown, settings.KEYS)
    candidates = [Candidate(subject=one, who=mask(who)) for one in shown if (who := opened.get(one)) is not None]
    return Found(candidates=candidates, more=len(reached) > SHOWN)


def _reached(subjects: Sequence[str], actor: Actor) -> list[str]:
    areas = dict(Person.objects.filter(subject__in=subjects).values_list("subject", "area"))
    return [subject for subject in subjects if reaches(actor, areas.get(subject, ""))]


def person_at(subject: str, actor: Actor) -> Identified:
    """Who a subject is; refuses somebody the clerk does not work for (D161) and one that is not known (D501)."""
    person = Person.objects.filter(subject=subject).first()
    if person is None:
        raise DeskError("D501", subject=subject)
    if not reaches(actor, person.area):
        raise DeskError("D161")
    return vault.who_is(subject, settings.KEYS)


def agrees(number: str, who: Identified) -> bool:
    """Whether a number that was shown or told is the person's document or telephone."""
    if not number.strip():
        return False
    document = normal_document(who.document)
    if document and (normal_document(number) == document or document in document_forms(number)):
        return True
    phone = normal_phone(who.phone)
    return bool(phone) and normal_phone(number) == phone


def remember(session: SessionBase, subject: str, helper: Helper, now: Instant) -> None:
    """The check counts for this session and this person, for half an hour."""
    kept = {name: told for name, told in session.get(SESSION, {}).items() if told["at"] > now - REMEMBERED_S}
    kept[subject] = asdict(helper) | {"at": now}
    session[SESSION] = kept


def forget(session: SessionBase, subject: str) -> None:
    """The person has left."""
    session[SESSION] = {name: told for name, told in session.get(SESSION, {}).items() if name != subject}


def helper_of(session: SessionBase, subject: str, now: Instant) -> Helper | None:
    """How the person was checked; None where that was never done, or too long ago."""
    told: Mapping[str, Any] | None = session.get(SESSION, {}).get(subject)
    if told is None or told["at"] <= now - REMEMBERED_S:
        return None
    received = None if told.get("received") is None else Instant(told["received"])
    return Helper(
        relation=told["relation"],
        checked=told["checked"],
        channel=told["channel"],
        name=told["name"],
        received=received,
    )


def checked_people(session: SessionBase, now: Instant) -> list[str]:
    """Whom this session has checked and not sent away."""
    told: Mapping[str, Mapping[str, Any]] = session.get(SESSION, {})
    return [subject for subject, one in told.items() if one["at"] > now - REMEMBERED_S]


def on_behalf(subject: str, actor: Actor, helper: Helper) -> Who:
    """The clerk speaks for this person: facts name the counter as source and the clerk as recorder."""
    return Who(subject=SubjectId(subject), actor=actor, purpose=Purpose.COUNTER, source=actor.unit, helper=helper)


def identity(subject: str, who: Identified, lang: Lang, now: Instant) -> Identity:
    """Who it is, for the bar above the pages: the name, and of numbers no more than needed to be sure."""
    details = [mask_document(who.document), mask_phone(who.phone), area_name(subject, lang, now)]
    return Identity(name=who.name, details=[detail for detail in details if detail])


def area_name(subject: str, lang: Lang, now: Instant) -> str:
    """Where the person lives, as the register calls it."""
    person = Person.objects.filter(subject=subject).first()
    area = None if person is None else area_at(person.area, local_day(now, settings.SIZAO.zone))
    if area is None:
        return "" if person is None else person.area
    return area.name_en if lang is Lang.EN and area.name_en else area.name_zh
