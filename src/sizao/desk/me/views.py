"""Pages that tell a person what is concluded, held and known about him. Everything that is shown is read here;
nothing is decided."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from sizao.desk.access import reads
from sizao.desk.access.entry import form_key, new_key
from sizao.desk.access.middleware import ActingRequest
from sizao.desk.me import holdings, own, papers
from sizao.desk.me.challenges import Challenge, challenges_of
from sizao.desk.me.forms import CheckForm
from sizao.desk.me.models import Answer, Paper, Statement
from sizao.desk.me.movement import trips_of
from sizao.desk.me.pages import DUTIES, HELD, NAME, READS, REASONS, SAID, STANDING, TOLD, Frame, read, show
from sizao.desk.me.reports import KINDS
from sizao.desk.me.telling import check, tellings_of
from sizao.desk.me.why import Teller, explain, say_rule, say_step, short, teller
from sizao.desk.me.words import helper_rows, reason_word, routes, statement_word, told_rows
from sizao.desk.people.masking import mask_document
from sizao.desk.store.book import book
from sizao.desk.store.readers import SubjectPage
from sizao.desk.web.parts import DutyLine, Event, Link
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.errors import DeskError
from sizao.rules.reasons import clauses_of
from sizao.rules.safeguards import safeguards
from sizao.rules.timeline import Duty, State
from sizao.when import HOUR_S, Instant, local_day
from sizao.words import say

REPORTS_OF = {
    "report-code-community": "code", "report-code-unit": "code", "report-code-hotel": "code", "report-code-school": "code",
    "report-track": "whereabouts", "report-before-return": "before-return", "report-return": "return",
    "explain-absence": "explanation",
}  # fmt: skip
"""The report that meets a duty of the person."""


AGAINST_OFFICES = frozenset({
    "order-without-ground", "order-longer-than-rule", "order-wider-than-rule", "order-incomplete", "order-by-other-body",
    "extension-without-cause", "extension-without-rule", "extension-too-long", "judged-without-name", "judgement-not-allowed",
    "challenge-answered-by-involved", "discharged-untested",
})  # fmt: skip
"""Findings about what was done to the person. The others are questions for supervision, and no fault of anybody's yet."""


@require_GET
def home(request: ActingRequest, frame: Frame) -> HttpResponse:
    """The standing in one sentence, why, what is owed both ways, and what the person may do."""
    page = read(request, frame, (STANDING, REASONS, DUTIES), "home")
    now, to = own.now_of(page), _teller(page)
    challenges = challenges_of(page)
    context = {
        "now": now, "panel": now.span, "lifts": _lifts(now),
        "because": [] if (reason := own.reason_of(page)) is None else short(reason, to),
        "mine": _lines(frame, own.duties_of(page, mine=True)), "owed": _lines(frame, own.duties_of(page, mine=False)),
        "challenges": _told_of(frame, [one for one in challenges if one.open]),
        "answered": _told_of(frame, [one for one in challenges if not one.open]),
        "hours": challenge_hours(page), "readers": holdings.readers_count(page.subject), "whole": page.whole,
        "key": new_key(),
    }  # fmt: skip
    return show(request, frame, "me/home.html", context, back=frame.helped)


def _told_of(frame: Frame, challenges: Sequence[Challenge]) -> list[dict[str, object]]:
    return [
        {
            "duty": one.duty, "state": one.state,
            "url": "" if one.statement is None else frame.url("receipt", one.statement.number),
        }
        for one in challenges
    ]  # fmt: skip


def _sentence(now: own.Now) -> str:
    span, lang = now.span, reader_lang()
    word = f"standing.{span.standing}"
    if not now.restricts:
        return say(f"me.now.{span.standing}", lang)
    code = "me.now.preliminary" if span.preliminary else "me.now.restricted"
    told = say(code, lang, zone_name=reader_zone(), standing=word, until=span.end)
    if now.then is None:
        return told
    return told + say("me.now.then", lang, standing=f"standing.{now.then.standing}")


def _lifts(now: own.Now) -> str:
    """Beside the panel, which says colour and end by itself: what lifts it, and what follows."""
    lang = reader_lang()
    told = say(own.lifts_code(now), lang)
    if not now.restricts:
        return f"{say(f'me.now.{now.span.standing}', lang)} {told}"
    return told if now.then is None else told + say("me.now.then", lang, standing=f"standing.{now.then.standing}")


def _teller(page: SubjectPage) -> Teller:
    return teller(page.subject, page.facts, page.acts)


def _lines(frame: Frame, duties: Sequence[tuple[Duty, State]]) -> list[DutyLine]:
    return [DutyLine(duty=duty, state=state, actions=_actions(frame, duty, state)) for duty, state in duties]


def _actions(frame: Frame, duty: Duty, state: State) -> list[Link]:
    report = REPORTS_OF.get(duty.code)
    if report is None or state not in own.OPEN_STATES:
        return []
    return [
        Link(
            text=gettext("Report now"),
            url=frame.url("report-one", report),
            about=say(f"duty.{duty.code}", reader_lang()),
        )
    ]


def challenge_hours(page: SubjectPage) -> int:
    """Within how many hours a challenge made today is answered."""
    day = local_day(page.now, page.dossier.zone)
    return safeguards(book(), page.area, day).challenge_s // HOUR_S


def routes_now(page: SubjectPage) -> list[str]:
    """What else the person may do today."""
    return routes(page.area, local_day(page.now, page.dossier.zone), reader_lang())


@require_GET
def why(request: ActingRequest, frame: Frame) -> HttpResponse:
    """Every step, clause and own fact behind the standing, and what does not fit the rules."""
    page = read(request, frame, (STANDING, REASONS), "why")
    to, reason = _teller(page), own.reason_of(page)
    lang = reader_lang()
    findings = [
        say_step(finding.reason, to.lang, to.zone)
        for finding in page.moment.findings
        if finding.code in AGAINST_OFFICES
    ]
    rules = [] if reason is None else [say_rule(clause, lang) for clause in clauses_of(reason)]
    now = own.now_of(page)
    context = {
        "step": None if reason is None else explain(reason, to), "findings": findings, "rules": rules, "now": now,
        "sentence": _sentence(now), "lifts": say(own.lifts_code(now), lang), "hours": challenge_hours(page),
    }  # fmt: skip
    return show(request, frame, "me/why.html", context)


@require_GET
def history(request: ActingRequest, frame: Frame) -> HttpResponse:
    """How the standing changed, and the duties that are settled."""
    page = read(request, frame, (STANDING, DUTIES), "history")
    lang = reader_lang()
    events = [Event(at=change.at, text=_change(change), note=_note(change)) for change in own.history_of(page)]
    settled = [*own.duties_of(page, mine=True, settled=True), *own.duties_of(page, mine=False, settled=True)]
    context = {"events": events, "settled": _lines(frame, settled), "lang": lang}
    return show(request, frame, "me/history.html", context)


def _change(change: own.Change) -> str:
    lang, after = reader_lang(), f"standing.{change.after}"
    if change.freed:
        return say("me.history.freed", lang, after=after)
    code = "me.history.preliminary" if change.preliminary else "me.history.changed"
    return say(code, lang, before=f"standing.{change.before}", after=after)


def _note(change: own.Change) -> str:
    return "" if change.freed else reason_word(change.reason, reader_lang())


def told(request: ActingRequest, frame: Frame) -> HttpResponse:
    """What the person was told; and with `reference`, whether a message or paper comes from here."""
    page = read(request, frame, (TOLD,), "told")
    form = CheckForm(request.GET if "reference" in request.GET else None)
    found = None
    if form.is_bound and form.is_valid():
        found = check(form.cleaned_data["reference"], subject=page.subject, lang=reader_lang())
    return show(
        request, frame, "me/told.html", {"tellings": tellings_of(page, reader_lang()), "form": form, "found": found}
    )


@require_GET
def report(request: ActingRequest, frame: Frame) -> HttpResponse:
    """What there is to report; what is owed first."""
    page = read(request, frame, (DUTIES,), "report")
    owed = {REPORTS_OF.get(duty.code) for duty, _ in own.duties_of(page, mine=True)}
    kinds = sorted(KINDS, key=lambda code: code not in owed)
    links = [
        Link(
            text=say(f"me.report.{code}", reader_lang()),
            url=frame.url("report-one", code),
            about="1" if code in owed else "",
        )
        for code in kinds
    ]
    return show(request, frame, "me/report_choose.html", {"kinds": links})


@require_GET
def trips(request: ActingRequest, frame: Frame) -> HttpResponse:
    """The person's trips and what became of each."""
    page = read(request, frame, (SAID,), "trips")
    told_of = [
        {"trip": trip, "change": frame.url("trip-change", trip.trip), "back": frame.url("trip-return", trip.trip)}
        for trip in trips_of(page)
    ]
    return show(request, frame, "me/trips.html", {"trips": told_of})


@require_GET
def receipts(request: ActingRequest, frame: Frame) -> HttpResponse:
    """Everything the person said, with its receipt."""
    read(request, frame, (SAID,), "receipts")
    told_of = [
        {
            "at": one.at,
            "number": one.number,
            "what": statement_word(one, reader_lang()),
            "url": frame.url("receipt", one.number),
        }
        for one in holdings.statements_of(frame.who.subject)
    ]
    return show(request, frame, "me/receipts.html", {"receipts": told_of})


@require_GET
def receipt(request: ActingRequest, frame: Frame, number: str) -> HttpResponse:
    """One receipt: what was said, when, to whom, in which act; of a challenge also its clock and its answer."""
    page = read(request, frame, (SAID,), "receipt")
    statement = Statement.objects.filter(number=number, subject=page.subject).first()
    if statement is None:
        raise DeskError("M104", number=number)
    lang = reader_lang()
    challenge = next((one for one in challenges_of(page) if one.fact == statement.fact), None)
    context = {
        "statement": statement,
        "what": statement_word(statement, lang),
        "challenge": challenge,
        "to": [say(f"to.{receiver}", lang) for receiver in statement.to.split(",") if receiver],
        "told": told_rows(statement, lang, reader_zone()),
        "helper": helper_rows(statement, lang, reader_zone()),
        "hours": challenge_hours(page),
        "answer": Answer.objects.filter(fact=statement.fact).first(),
        "routes": routes_now(page),
        "fresh": request.GET.get("new") == "1",
    }
    return show(request, frame, "me/receipt.html", context)


@require_GET
def who_read(request: ActingRequest, frame: Frame) -> HttpResponse:
    """Which offices looked at the person's data, for what and when."""
    read(request, frame, (READS,), "reads")
    return show(request, frame, "me/reads.html", {"reads": holdings.reads_of(frame.who.subject, reader_lang())})


@require_GET
def data(request: ActingRequest, frame: Frame) -> HttpResponse:
    """What is held of the person, and what was deleted."""
    read(request, frame, (HELD,), "data")
    subject = frame.who.subject
    context = {
        "held": holdings.held_of(subject, reader_lang()), "erased": holdings.erased_of(subject),
        "said": len(holdings.statements_of(subject)),
    }  # fmt: skip
    return show(request, frame, "me/data.html", context)


def paper(request: ActingRequest, frame: Frame) -> HttpResponse:
    """Ask for the paper version; the button posts here."""
    if request.method == "POST":
        return make_paper(request, frame)
    read(request, frame, (STANDING,), "paper")
    issued = [
        {"at": one.at, "number": one.number, "url": frame.url("paper-one", one.number)}
        for one in Paper.objects.filter(subject=frame.who.subject).order_by("-at")
    ]
    return show(request, frame, "me/paper_ask.html", {"key": new_key(), "issued": issued})


@require_POST
def make_paper(request: ActingRequest, frame: Frame) -> HttpResponse:
    """Issue a paper of the standing now."""
    page = read(request, frame, (STANDING, REASONS), "paper")
    made = papers.issue(page, frame.who, key=form_key(request), now=request.now)
    return HttpResponseRedirect(frame.url("paper-one", made.number))


@require_GET
def paper_one(request: ActingRequest, frame: Frame, number: str) -> HttpResponse:
    """The paper itself, as it was issued: what was true and known then, on one sheet."""
    issued = Paper.objects.filter(number=number, subject=frame.who.subject).first()
    if issued is None:
        raise DeskError("M104", number=number)
    reads.log(
        frame.who.actor, [issued.subject], purpose=frame.who.purpose, fields=(NAME, STANDING, REASONS, DUTIES),
        page=f"{frame.space}:paper", now=request.now,
    )  # fmt: skip
    at = Instant(issued.at)
    page = own.page_of(issued.subject, frame.who.actor, at, known_at=at)
    to, reason, named = _teller(page), own.reason_of(page), own.identity_of(issued.subject)
    now = own.now_of(page)
    context = {
        "paper": issued,
        "named": named,
        "now": now,
        "last": "" if named is None else mask_document(named.document).lstrip("*"),
        "sentence": _sentence(now),
        "lifts": say(own.lifts_code(now), reader_lang()),
        "because": [] if reason is None else short(reason, to),
        "rules": [] if reason is None else [say_rule(clause, reader_lang()) for clause in clauses_of(reason)],
        "mine": _lines(frame, own.duties_of(page, mine=True)),
        "owed": _lines(frame, own.duties_of(page, mine=False)),
        "hours": challenge_hours(page),
    }
    return show(request, frame, "me/paper.html", context)
