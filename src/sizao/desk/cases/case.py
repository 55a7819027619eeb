"""One case on one page: who, the conclusion, why, whom it met and on what evidence, what is owed, where it was, what
happened."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from sizao.desk.access import reads
from sizao.desk.access.entry import new_key
from sizao.desk.access.middleware import ActingRequest
from sizao.desk.cases.contacting import PAGE, Contacts, contacts_of, sources_of
from sizao.desk.cases.earlies import earlies_of
from sizao.desk.cases.kinds import CASES, TRACK
from sizao.desk.cases.listing import notice_of
from sizao.desk.cases.models import MatchRow
from sizao.desk.cases.soon import under_way
from sizao.desk.cases.tracing import only_word, vouched_for
from sizao.desk.cases.windows import Drawn, windows_of
from sizao.desk.contacts.acting import acting, opened, perform
from sizao.desk.contacts.doors import working
from sizao.desk.contacts.duties import Desk, lines_of, url_of, word_of
from sizao.desk.contacts.naming import codes_in, names_of
from sizao.desk.contacts.person import may_now, readers_page
from sizao.desk.contacts.subject import (
    because_of,
    events_on,
    identity_of,
    last_act,
    names_on,
    readers_of,
    reason_of,
    standing,
)
from sizao.desk.store.models import Proposal
from sizao.desk.store.readers import SubjectPage
from sizao.desk.store.rights import may_record
from sizao.desk.web.moments import AsOf, as_of_asked
from sizao.desk.web.parts import Link
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.errors import SizaoError
from sizao.facts.kinds import CaseNotice, Fact, Ride, Stay
from sizao.when import OPEN, Instant, local_day
from sizao.words import say, say_error

FEW = 10
"""Contacts shown on the case's own page; the rest are a page of their own."""


@working("cases")
@require_GET
def person(request: ActingRequest, subject: str) -> HttpResponse:
    """One case, now or as known at an earlier moment."""
    as_of = as_of_asked(request)
    page = opened(request, subject, "cases:person", now=as_of.moment, known_at=as_of.known_at)
    return render(request, "cases/person.html", anatomy(request, page, as_of))


@working("cases")
def act(request: ActingRequest, subject: str, code: str) -> HttpResponse:
    """One form about one case."""
    return perform(request, subject, code, CASES)


@working("cases")
@require_GET
def who_read(request: ActingRequest, subject: str) -> HttpResponse:
    """Who has looked at this person's data."""
    return readers_page(request, opened(request, subject, "cases:reads"), CASES)


@working("cases")
@require_GET
def contacts(request: ActingRequest, subject: str) -> HttpResponse:
    """Everybody exposed to the case, a screen at a time."""
    as_of = as_of_asked(request)
    page = opened(request, subject, "cases:contacts", now=as_of.moment, known_at=as_of.known_at)
    text = request.GET.get("first", "")
    first = int(text) if text.isdecimal() and len(text) <= 9 else 0
    found = exposed(request, page, as_of, first=first, size=PAGE)
    context = {
        "as_of": as_of, "page": page, "identity": identity_of(page, case=True), "found": found,
        "heading": gettext("Contacts of this case"), "back": Link(text=gettext("To the case"), url=_url(page, as_of)),
        "next": f"?first={first + PAGE}{_kept(as_of)}" if found.more else "",
    } | may_on(request, page, as_of)  # fmt: skip
    return render(request, "cases/contacts.html", context)


def exposed(request: ActingRequest, page: SubjectPage, as_of: AsOf, *, first: int, size: int) -> Contacts:
    """The case's contacts as this reader sees them; whose names are shown is written down first."""
    actor, purpose = acting(request)

    def note(own: Sequence[str]) -> None:
        reads.log(
            actor, own, purpose=purpose, fields=("name",), page="cases:contacts", now=request.now, case=page.subject
        )

    known = OPEN if as_of.known_at is None else as_of.known_at
    return contacts_of(page.subject, actor, now=as_of.moment, known_at=known, note=note, first=first, size=size)


def _url(page: SubjectPage, as_of: AsOf) -> str:
    kept = _kept(as_of)
    return reverse("cases:person", args=[page.subject]) + (f"?{kept[1:]}" if kept else "")


def _kept(as_of: AsOf) -> str:
    """The moment looked at, for an address that goes on looking at it."""
    return f"&at={as_of.field}" if as_of.known_at is not None else ""


def may_on(request: ActingRequest, page: SubjectPage, as_of: AsOf) -> dict[str, Any]:
    """What this reader may do about the contacts and the track; nothing while looking at the past."""
    actor, purpose = acting(request)
    may = partial(may_now, actor, purpose, CASES, as_of)
    now = as_of.known_at is None
    return {
        "may_confirm": now and may_record(actor, purpose, "confirmed") and not only_word(page.subject, actor),
        "may_track": {code: may(code) for code in TRACK}, "may_amend": may("amend"), "now_only": now,
        "may_ask": now and may_record(actor, purpose, "reported"),
    }  # fmt: skip


# --- the parts of the page ----------------------------------------------------------------------------------------------


class Entry(NamedTuple):
    """A line of the track: a stay or a ride, its place or run by name, its seat, and where to change it."""

    fact: Stay | Ride
    where: str
    kind: str
    seat: str
    until: Instant | None
    inside: bool
    change: str
    drop: str


def anatomy(request: ActingRequest, page: SubjectPage, as_of: AsOf) -> dict[str, Any]:
    """What the page of a case is made of."""
    actor, purpose = acting(request)
    stand = standing(page)
    names = names_on(page, reason_of(page), [fact.reporting_area for fact in stand if isinstance(fact, CaseNotice)])
    may = partial(may_now, actor, purpose, CASES, as_of)
    lines, windows = lines_of(page, Desk("cases", may), names), windows_of(stand, area=page.area, known_at=as_of.moment)
    found = exposed(request, page, as_of, first=0, size=FEW)
    notice = notice_of(stand)
    return {
        "as_of": as_of,
        "now": as_of.moment,
        "page": page,
        "names": names,
        "facts": page.facts,
        "key": new_key(),
        "identity": identity_of(page, case=True),
        "conclusion": conclusion_of(notice),
        "lead": lead_of(found),
        "notice": notice,
        "reason": because_of(page, names),
        "windows": [shown(one) for one in windows],
        "duties": lines.now,
        "later": lines.later,
        "settled": lines.settled,
        "events": events_on(page, names),
        "track": _track(page, stand, windows, names),
        "found": found,
        "earlies": earlies_of(stand),
        "sources": _sources(page, as_of),
        "match": match_of(page, as_of),
        "readers": readers_of(page.subject),
        "last": last_act(page),
        "whole": page.whole,
        "reads_url": reverse("cases:reads", args=[page.subject]),
        "alone": not vouched_for(page.subject),
        "amend_url": url_of("cases", page.subject, "amend"),
        "amend_text": word_of("amend"),
        "back": Link(text=gettext("To the list"), url=reverse("cases:home")),
    } | may_on(request, page, as_of)


def conclusion_of(notice: CaseNotice | None) -> str:
    """What this person is, in one sentence."""
    lang, zone = reader_lang(), reader_zone()
    if notice is None:
        return say("cases.now.none", lang)
    code, case_class = "cases.now.case", f"case_class.{notice.case_class}"
    if notice.onset is not None:
        return say(
            code, lang, zone_name=zone, case_class=case_class, since=say("cases.since.onset", lang, on=notice.onset)
        )
    if notice.positive_sampled_at is not None:
        since = say("cases.since.sample", lang, on=notice.positive_sampled_at)
        return say(code, lang, zone_name=zone, case_class=case_class, since=since)
    return say(code, lang, zone_name=zone, case_class=case_class, since=say("cases.since.unknown", lang))


def lead_of(found: Contacts) -> str:
    """How many people it concerns, and how many nobody stands behind yet."""
    lang = reader_lang()
    if not found.total:
        return say("cases.lead.nobody", lang)
    grades = ("、" if lang == "zh" else ", ").join(
        f"{say(f'grade.{grade}', lang)} {number}" for grade, number in found.by_grade
    )
    told = say("cases.lead.contacts", lang, number=found.total, grades=grades)
    return told if not found.unconfirmed else f"{told} {say('cases.lead.unconfirmed', lang, number=found.unconfirmed)}"


class Window(NamedTuple):
    """A window as a page shows it."""

    reading: str
    chosen: bool
    span: Any
    sentence: str
    reason: Any
    refused: str


def shown(one: Drawn) -> Window:
    """A drawn window in words."""
    lang = reader_lang()
    reading = "" if one.reading is None else _reading(one.reading)
    if one.interval is None:
        says, do = ("", "") if one.refused is None else say_error(_bare(one.refused), lang)
        return Window(reading, one.chosen, None, "", None, f"{says} {do}".strip())
    told = say("cases.window", lang, zone_name=reader_zone(), opens=one.interval.start, closes=one.interval.end)
    return Window(reading, one.chosen, one.interval, told, one.reason, "")


def _bare(error: SizaoError) -> SizaoError:
    return type(error)(error.code, where=None, **error.slots)


def _reading(name: str) -> str:
    return say("cases.reading", reader_lang(), reading=name)


def _track(page: SubjectPage, stand: Sequence[Fact], windows: Sequence[Drawn], names: dict[str, str]) -> list[Entry]:
    """Where the case was, the earliest first; `inside` marks what the window that counts reaches."""
    window = next((one.interval for one in windows if one.chosen and one.interval is not None), None)
    own = [fact for fact in stand if isinstance(fact, Stay | Ride)]
    found = []
    for fact in sorted(own, key=lambda fact: (fact.at, fact.id)):
        where = fact.place if isinstance(fact, Stay) else fact.run
        about, form = {"about": fact.id}, "stay" if isinstance(fact, Stay) else "ride"
        inside = window is None or (fact.at < window.end and window.start < fact.end)
        found.append(
            Entry(
                fact=fact, where=names.get(where, where), kind=f"policy.place_kind.{fact.place_kind}", seat=seat_of(fact),
                until=None if fact.end >= OPEN else fact.end, inside=inside,
                change=url_of("cases", page.subject, form, about), drop=url_of("cases", page.subject, "drop", about),
            )
        )  # fmt: skip
    return found


def seat_of(fact: Stay | Ride) -> str:
    """Where in the place or the vehicle, as far as it is known; of many possible spots how many there are."""
    if len(fact.spots) > 1:
        return say("cases.spots", reader_lang(), number=len(fact.spots))
    if not fact.spots:
        return ""
    zone, low, high, seat = fact.spots[0]
    rows = "" if low is None else str(low) if high in (None, low) else f"{low}–{high}"
    return " ".join(text for text in (zone or "", f"{rows}{seat or ''}") if text)


def _sources(page: SubjectPage, as_of: AsOf) -> list[dict[str, Any]]:
    """Where this person may have caught it: the exposures to other cases."""
    known = OPEN if as_of.known_at is None else as_of.known_at
    exposures = sources_of(page.subject, known)
    names = names_of(codes_in(exposures), reader_lang(), local_day(as_of.moment, reader_zone()))
    return [
        {
            "fact": fact,
            "number": names.get(fact.case, fact.case),
            "place": names.get(fact.place or "", fact.place or ""),
        }
        for fact in exposures
    ]


def match_of(page: SubjectPage, as_of: AsOf) -> dict[str, Any]:
    """When the case was last matched, and what came of it; whether a match is under way or waits for approvers."""
    row = MatchRow.objects.filter(case=page.subject, at__lte=as_of.moment).order_by("-at", "-pk").first()
    refused = ""
    if row is not None and row.refused is not None:
        says, do = say_error(SizaoError(row.refused["code"], **row.refused["slots"]), reader_lang())
        refused = f"{says} {do}".strip()
    waiting = (
        None
        if row is None or row.proposal is None
        else Proposal.objects.filter(pk=row.proposal, settled_at=None).first()
    )
    return {
        "row": row, "why": "" if row is None else say(f"cases.why.{row.why}", reader_lang()), "refused": refused,
        "waiting": waiting, "under_way": as_of.known_at is None and under_way(page.subject),
    }  # fmt: skip


__all__ = ["act", "anatomy", "contacts", "person", "who_read"]
