"""What was told to a person, and whether a message that says it comes from here really does."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sizao.desk.me.models import Paper
from sizao.desk.me.saying import normal_number
from sizao.desk.me.why import offices
from sizao.desk.store.models import FactRow, Notice
from sizao.desk.store.readers import SubjectPage
from sizao.facts.corrections import standing_facts
from sizao.facts.kinds import Told
from sizao.when import OPEN, Instant
from sizao.words import Lang, say, terms

_REFERENCE = re.compile(r"[Nn]\s*0*(\d{1,18})\Z", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Something the person was told: what, when, how, by which office, and the name the message carried."""

    what: str
    at: Instant
    channel: str
    office: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What is on record of a message or paper. `real`: it comes from here. `yours`: None where nobody said who asks;
    else whether it was sent to whoever asks. Nothing is said of anybody else."""

    asked: str
    real: bool
    kind: str = ""
    yours: bool | None = None
    at: Instant | None = None
    sent: bool = False
    channel: str = ""
    what: str = ""
    paper: Paper | None = None


def tellings_of(page: SubjectPage, lang: Lang) -> list[Telling]:
    """What the person was told, the latest first."""
    told = [fact for fact in standing_facts(list(page.dossier.facts), OPEN) if isinstance(fact, Told)]
    units = _units([fact.id for fact in told])
    names = offices(units.values(), lang)
    found = [
        Telling(
            what=say_what(fact.what, lang), at=fact.at, channel=say_channel(fact.channel, lang),
            office=names.get(units.get(fact.id, ""), say("me.office.other", lang)), reference=_reference_in(fact.proof or ""),
        )
        for fact in told
    ]  # fmt: skip
    return sorted(found, key=lambda one: -one.at)


def _units(facts: list[str]) -> dict[str, str]:
    """The unit each fact was recorded in."""
    return dict(FactRow.objects.filter(fact_id__in=facts).values_list("fact_id", "act__unit"))


def _reference_in(proof: str) -> str:
    """The name a message carried, where the proof of its sending names it."""
    found = re.search(r"\bN\d+\b", proof)
    return found[0] if found else ""


def say_what(what: str, lang: Lang) -> str:
    """What was told, in words; a code nobody has words for is "a notice"."""
    code = f"me.told.{what}"
    return say(code if code in terms() else "me.told.other", lang)


def say_channel(channel: str, lang: Lang) -> str:
    """How it was told, in words."""
    code = f"me.channel.{channel}"
    return say(code if code in terms() else "me.channel.other", lang)


def check(reference: str, *, subject: str | None, lang: Lang) -> Checked:
    """Whether a message (`N123`) or a paper (its number) comes from here; `subject` is whoever asks, None where that
    is not known.

    Of a message somebody else got it says only that it was not sent to the one who asks: neither to whom, nor what,
    nor when.
    """
    asked = reference.strip()
    number = message_number(asked)
    if number is not None:
        return _message(asked, number, subject, lang)
    paper = Paper.objects.filter(number=normal_number(asked)).first()
    if paper is None:
        return Checked(asked=asked, real=False)
    yours = None if subject is None else paper.subject == subject
    return Checked(asked=asked, real=True, kind="paper", yours=yours, at=Instant(paper.at), sent=True, paper=paper)


def _message(asked: str, number: int, subject: str | None, lang: Lang) -> Checked:
    notice = Notice.objects.filter(pk=number).first()
    if notice is None:
        return Checked(asked=asked, real=False)
    if subject is None:
        return Checked(asked=asked, real=True, kind="message")
    if notice.to != subject:
        return Checked(asked=asked, real=True, kind="message", yours=False)
    at = notice.sent_at if notice.sent_at is not None else notice.created_at
    return Checked(
        asked=asked, real=True, kind="message", yours=True, at=Instant(at), sent=notice.sent_at is not None,
        channel=say_channel(notice.channel, lang), what=say_what(notice.code, lang),
    )  # fmt: skip


def message_number(reference: str) -> int | None:
    """The number of a message's reference (`N123`); None for anything else."""
    found = _REFERENCE.fullmatch(reference.strip())
    return None if found is None else int(found[1])
