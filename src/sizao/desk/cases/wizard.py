"""Taking a file in, page by page: sent, looked at, read row by row, stored by one act, and if it was wrong taken back by
another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sizao.desk import clock
from sizao.desk.access.entry import form_key
from sizao.desk.access.middleware import ActingRequest
from sizao.desk.cases import imports
from sizao.desk.cases.imports import AT_WORK, Outcome, State
from sizao.desk.cases.jobs import do_now
from sizao.desk.cases.models import Import, StagedRow
from sizao.desk.cases.soon import matched_soon
from sizao.desk.cases.uploads import remembered
from sizao.desk.cases.wizard_forms import MappingForm, UndoForm, UploadForm
from sizao.desk.contacts.acting import acting, refuse
from sizao.desk.contacts.doors import working
from sizao.desk.contacts.naming import codes_in, names_of, number_of
from sizao.desk.store.book import deployment, guard
from sizao.desk.store.models import Job
from sizao.desk.store.rights import Actor
from sizao.desk.web.forms import ActForm
from sizao.desk.web.parts import Link
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.desk.web.telling import say_content
from sizao.errors import SizaoError, Where
from sizao.facts.record import fact_from_json
from sizao.when import local_day
from sizao.words import say, say_error, terms

PAGE = 50
SMALL = 1 << 20
"""A file of up to so many bytes is read and stored while somebody waits."""
STEPS = 4
LOOKS_AGAIN_S = 2
"""A page that waits for a job asks the browser to load it again after so long; no script is needed for that."""


@working("cases")
@require_http_methods(["GET", "POST"])
def start(request: ActingRequest) -> HttpResponse:
    """Send a file in; beside it the files of one's own unit."""
    actor, _purpose = acting(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            kept = imports.upload(
                sent.name, sent.chunks(), source=form.cleaned_data["source"].strip(), by=actor, token=clock.name("file-"),
                key=_upload_key(request), now=request.now,
            )  # fmt: skip
            return HttpResponseRedirect(reverse("cases:import", args=[kept.pk]))
        except SizaoError as refused:
            refuse(form, refused)
    context = {
        "heading": gettext("Take a file in"), "form": form, "submit": gettext("Send"), "imports": _listed(actor),
        "back": Link(text=gettext("To the list"), url=reverse("cases:home")),
    }  # fmt: skip
    return render(request, "cases/imports.html", context, status=400 if form.errors else 200)


def _upload_key(request: ActingRequest) -> str:
    """The form's key, as an import keeps it."""
    return form_key(request)[-64:]


def _listed(actor: Actor) -> list[Import]:
    return list(Import.objects.filter(unit=actor.unit).order_by("-created_at", "-pk")[:PAGE])


@working("cases")
@require_GET
def one(request: ActingRequest, number: int) -> HttpResponse:
    """Where a file is on its way, and what can be done with it there."""
    held = _held(request, number)
    if held.state in AT_WORK:
        response = render(request, "cases/import_progress.html", _frame(held) | progress_of(held))
        response["Refresh"] = str(LOOKS_AGAIN_S)
        return response
    if held.state in (State.UPLOADED, State.REFUSED) or "change" in request.GET:
        return _mapping_page(request, held, _mapping_form(held, held.mapping or _wanted(request, held)))
    return render(request, "cases/import.html", _frame(held) | _outcome(request, held))


def _held(request: ActingRequest, number: int) -> Import:
    """An import of the reader's own unit, brought up to what became of it meanwhile."""
    actor, _purpose = acting(request)
    held = imports.of_unit(actor, number)
    imports.settle_proposal(held)
    imports.after_failure(held)
    return held


def _frame(held: Import) -> dict[str, Any]:
    return {
        "one": held,
        "heading": held.file,
        "fault": fault_of(held),
        "state": f"cases.import.{held.state}",
        "key_form": ActForm(),
        "mapping": say(f"cases.mapping.{held.mapping}", reader_lang()) if held.mapping else "",
        "back": Link(text=gettext("To the files"), url=reverse("cases:imports")),
    }


def fault_of(held: Import) -> Mapping[str, str] | None:
    """Why all of a file was refused, and what to do."""
    if not held.fault:
        return None
    where = Where(**held.fault.get("where", {"file": held.file}))
    says, do = say_error(SizaoError(held.fault["code"], where=where, **held.fault.get("slots", {})), reader_lang())
    return {"says": says, "do": do}


def progress_of(held: Import) -> dict[str, Any]:
    """How far the job is."""
    job = imports.job_of(held)
    done, total = (0, 0) if job is None else (job.done, job.total)
    return {
        "done": done,
        "total": total,
        "share": 0 if not total else min(100, done * 100 // total),
        "waits": job is None or not job.lease,
    }


# --- what it is -------------------------------------------------------------------------------------------------------


def _wanted(request: ActingRequest, held: Import) -> str:
    """The kind of list to begin with: what was asked for, what its source used, what its header is, or the first there is."""
    asked = str(request.GET.get("mapping", ""))
    known = remembered(held.source, held.header)
    fits = held.look.get("fits", [])
    return (
        asked or (known.mapping if known else "") or held.look.get("recognised", "") or (fits[0] if fits else "cases")
    )


def _mapping_form(held: Import, chosen: str, data: Any = None) -> MappingForm:
    return MappingForm(data, of=held, chosen=chosen, known=remembered(held.source, held.header))


def _mapping_page(request: ActingRequest, held: Import, form: MappingForm) -> HttpResponse:
    context = _frame(held) | {
        "form": form, "look": held.look, "remembered": remembered(held.source, held.header),
        "url": reverse("cases:import-read", args=[held.pk]),
    }  # fmt: skip
    return render(request, "cases/import_mapping.html", context, status=400 if form.errors else 200)


@working("cases")
@require_POST
def read_it(request: ActingRequest, number: int) -> HttpResponse:
    """Read the file as was said. With `columns` only the fields of another kind of list are shown; another sheet or
    encoding is looked at first, for its headings may be others."""
    actor, _purpose = acting(request)
    held = _held(request, number)
    chosen = str(request.POST.get("mapping", ""))
    form = _mapping_form(held, chosen, None if "columns" in request.POST else request.POST)
    if "columns" in request.POST or not form.is_valid():
        return _mapping_page(request, held, form)
    try:
        if dict(form.how()) != held.reading:
            imports.look_again(held, form.how())
            if held.fault or not _same_columns(form, held):
                return _mapping_page(request, held, _mapping_form(held, chosen, request.POST))
        job = imports.begin_reading(held, form.said(), by=actor, now=request.now)
    except SizaoError as refused:
        refuse(form, refused)
        return _mapping_page(request, held, form)
    _soon(held, job)
    return HttpResponseRedirect(reverse("cases:import", args=[held.pk]))


def _same_columns(form: MappingForm, held: Import) -> bool:
    chosen = set(form.said().columns.values())
    return chosen <= set(held.look.get("columns", []))


def _soon(held: Import, job: Job) -> None:
    """What is little is done at once."""
    if held.size <= SMALL:
        do_now(job, steps=STEPS)


# --- what became of its rows -------------------------------------------------------------------------------------------


class Line(NamedTuple):
    """A row as the page shows it: its number in the file, what it came to, about whom, and what it says or why it was
    refused."""

    row: int | None
    outcome: str
    number: str
    says: str
    column: str
    value: str
    do: str


def _outcome(request: ActingRequest, held: Import) -> dict[str, Any]:
    """The sums, the first rows that were refused, and what would be recorded."""
    by_outcome = dict(StagedRow.objects.filter(of=held).values_list("outcome").annotate(number=Count("pk")).order_by())
    above = guard("safeguard.bulk", deployment().area, request.now).above_persons
    notes = [(say(code, reader_lang(), value="…"), times) for code, times in held.notes.items() if code in terms()]
    return {
        "refused": lines_of(held, Outcome.REFUSED, request, 0)[0], "new": lines_of(held, Outcome.NEW, request, 0)[0][:10],
        "counts": by_outcome, "notes": notes, "above": above, "many": held.burdens > above, "left": held.told - held.known,
        "may_undo": held.state == State.STORED, "may_store": held.state == State.READ and held.told > held.known,
    }  # fmt: skip


def lines_of(held: Import, outcome: str, request: ActingRequest, first: int) -> tuple[list[Line], bool]:
    """Rows of one outcome from a number on, and whether there are more."""
    rows = StagedRow.objects.filter(of=held, number__gte=first).order_by("number")
    rows = rows.filter(outcome=outcome) if outcome in set(Outcome) else rows
    some = list(rows[: PAGE + 1])
    facts = {row.pk: fact_from_json(row.line) for row in some if row.line}
    names = names_of(codes_in(facts.values()), reader_lang(), local_day(request.now, reader_zone()))
    found = []
    for row in some[:PAGE]:
        fact = facts.get(row.pk)
        if fact is not None:
            told = say_content(fact, reader_lang(), names)
            found.append(Line(row.row, row.outcome, number_of(row.subject), told, "", "", ""))
        else:
            problem = row.problem or {}
            says, do = say_error(SizaoError(problem["code"], where=None, **problem["slots"]), reader_lang())
            found.append(Line(row.row, row.outcome, "", says, row.column, row.value, do))
    return found, len(some) > PAGE


@working("cases")
@require_GET
def rows(request: ActingRequest, number: int) -> HttpResponse:
    """Row by row: stored, known, or refused with its reason."""
    held = _held(request, number)
    outcome, text = request.GET.get("outcome", ""), request.GET.get("first", "")
    first = int(text) if text.isdecimal() and len(text) <= 9 else 0
    found, more = lines_of(held, outcome, request, first)
    after = StagedRow.objects.filter(of=held, number__gte=first).order_by("number")
    after = after.filter(outcome=outcome) if outcome in set(Outcome) else after
    onward = list(after.values_list("number", flat=True)[PAGE : PAGE + 1]) if more else []
    context = _frame(held) | {
        "lines": found,
        "outcome": outcome,
        "outcomes": [("", "cases.outcome.all"), *((str(one), f"cases.outcome.{one}") for one in Outcome)],
        "next": f"?outcome={outcome}&first={onward[0]}" if onward else "",
        "heading": gettext("Row by row"),
        "back": Link(text=held.file, url=reverse("cases:import", args=[held.pk])),
    }
    return render(request, "cases/import_rows.html", context)


# --- store, discard, take back -----------------------------------------------------------------------------------------


@working("cases")
@require_POST
def store(request: ActingRequest, number: int) -> HttpResponse:
    """Make the rows facts."""
    actor, _purpose = acting(request)
    held = _held(request, number)
    job = imports.begin_storing(held, by=actor, now=request.now)
    _soon(held, job)
    held.refresh_from_db()
    if held.act is not None:
        matched_soon(held.act)
    return HttpResponseRedirect(reverse("cases:import", args=[held.pk]))


@working("cases")
@require_POST
def discard(request: ActingRequest, number: int) -> HttpResponse:
    """Nothing of it is wanted."""
    held = _held(request, number)
    imports.discard(held)
    messages.success(request, gettext("The file and what was read of it are gone."))
    return HttpResponseRedirect(reverse("cases:imports"))


@working("cases")
@require_http_methods(["GET", "POST"])
def undo(request: ActingRequest, number: int) -> HttpResponse:
    """Take all of it back, with a reason."""
    actor, _purpose = acting(request)
    held = _held(request, number)
    form = UndoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            job = imports.begin_undoing(held, by=actor, why=form.cleaned_data["why"], now=request.now)
            _soon(held, job)
            held.refresh_from_db()
            if held.undone_act is not None:
                matched_soon(held.undone_act)
            return HttpResponseRedirect(reverse("cases:import", args=[held.pk]))
        except SizaoError as refused:
            refuse(form, refused)
    cancel = Link(text=gettext("Cancel"), url=reverse("cases:import", args=[held.pk]))
    context = _frame(held) | {"form": form, "cancel": cancel, "heading": gettext("Take all of it back")}
    return render(request, "cases/import_undo.html", context, status=400 if form.errors else 200)
