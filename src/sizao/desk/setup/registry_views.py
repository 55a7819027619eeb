"""The pages of areas, units and places: what things are called, since when."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sizao.desk.access.entry import desk, told
from sizao.desk.people.areas import Named, area_at, areas_under, chain_at, level_term, read_list
from sizao.desk.people.models import Place, Unit
from sizao.desk.people.registries import NewPlace, NewUnit, UnitKind
from sizao.desk.setup.forms import FILES, AreasForm, FindForm, PlaceForm, UnitEndForm, UnitForm
from sizao.desk.setup.pages import acted, given, moment, one_screen, shown, who
from sizao.desk.setup.registering import end_a_unit, put_place_in, put_unit_in, take_areas_in
from sizao.desk.store import readers
from sizao.desk.store.book import deployment
from sizao.desk.store.rights import Role
from sizao.desk.web.forms import GovForm
from sizao.desk.web.parts import Link, paging_of
from sizao.desk.web.reading import reader_lang
from sizao.errors import SizaoError
from sizao.policy.kinds import PlaceKind
from sizao.when import local_day
from sizao.words import say

MANY_AREAS = 500


@desk("setup")
def areas(request: HttpRequest) -> HttpResponse:
    """The areas below one, on today's list; the way up to the province."""
    today = local_day(moment(request), deployment().zone)
    code = request.GET.get("in", "")
    here = area_at(code, today) if code else None
    found = areas_under(code, today)[:MANY_AREAS]
    context = {
        "here": here,
        "chain": chain_at(code, today) if here is not None else (),
        "areas": [(area, say(level_term(area.level), reader_lang())) for area in found],
        "may_change": _may_change(request),
    }
    return render(request, "setup/areas.html", context)


@desk("setup")
def new_areas(request: HttpRequest) -> HttpResponse:
    """A list of division codes is taken in from a day on."""
    form = AreasForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            lines = _read({name: form.cleaned_data[name] for name in FILES if form.cleaned_data[name]})
            since = form.cleaned_data["since"]
            came_to, _receipt = take_areas_in(lines, valid_from=since, **given(request))
            counts = {"new": came_to.new, "changed": came_to.changed, "ended": came_to.ended, "same": came_to.same}
            messages.success(
                request, _("%(new)s new, %(changed)s changed, %(ended)s ended, %(same)s as before.") % counts
            )
            return HttpResponseRedirect(reverse("setup:areas"))
        except SizaoError as refused:
            form.add_error(None, " ".join(told(refused)))
    lead = _("Five CSV files, or some of them, each with code, name and the code of what holds it, as published.")
    return _form(request, form, heading=_("Take in a list of areas"), lead=lead, back="setup:areas")


def _read(files: dict[str, UploadedFile[Any]]) -> tuple[Named, ...]:
    """The lines of the files; refuses as `people.areas.read_list` does."""
    with tempfile.TemporaryDirectory() as folder:
        for name, file in files.items():
            (Path(folder) / f"{name}.csv").write_bytes(file.read())
        return read_list(Path(folder))


@desk("setup")
def units(request: HttpRequest) -> HttpResponse:
    """Units by code."""
    form, rows = _found(request, Unit.objects.all())
    if not (form.is_valid() and form.cleaned_data.get("ended")):
        rows = rows.filter(valid_until__isnull=True)
    found, after = one_screen(rows, "code", request.GET.get("after", ""))
    context = {
        "form": form,
        "heading": _("Units"),
        "units": [(unit, say(UnitKind(unit.kind).term, reader_lang())) for unit in found],
        "paging": paging_of(request, len(found), after, readers.count(rows)),
        "may_change": _may_change(request),
    }
    return render(request, "setup/units.html", context)


@desk("setup")
def unit(request: HttpRequest, code: str = "") -> HttpResponse:
    """A unit is put in, or what is on record of it changed."""
    row = Unit.objects.filter(code=code).first() if code else None
    if code and row is None:
        raise Http404
    known = _initial(row, ("code", "name_zh", "name_en", "kind", "area", "uscc")) | (
        {} if row is None else {"parent": row.parent_id or "", "since": row.valid_from}
    )
    form = UnitForm(request.POST or None, initial=known)

    def put() -> None:
        fields = {name: form.cleaned_data[name] for name in ("code", "name_zh", "name_en", "area", "uscc")}
        kind, parent = UnitKind(form.cleaned_data["kind"]), form.cleaned_data["parent"] or None
        put_unit_in(
            NewUnit(**fields, kind=kind, parent=parent), valid_from=form.cleaned_data["since"], **given(request)
        )

    done = acted(request, form, put, reverse("setup:units"))
    return done or _form(request, form, heading=_("A unit"), back="setup:units")


@desk("setup")
def unit_end(request: HttpRequest, code: str) -> HttpResponse:
    """A unit is no more from a day on."""
    if not Unit.objects.filter(code=code).exists():
        raise Http404
    form = UnitEndForm(request.POST or None)
    done = acted(
        request, form, lambda: end_a_unit(code, on=form.cleaned_data["on"], **given(request)), reverse("setup:units")
    )
    return done or _form(request, form, heading=_("End the unit %s") % code, back="setup:units")


@desk("setup")
def places(request: HttpRequest) -> HttpResponse:
    """Places by code, without dwellings."""
    form, rows = _found(request, _venues())
    found, after = one_screen(rows, "code", request.GET.get("after", ""))
    context = {
        "form": form,
        "heading": _("Places"),
        "places": [(place, say(f"policy.place_kind.{place.kind}", reader_lang())) for place in found],
        "paging": paging_of(request, len(found), after, readers.count(rows)),
        "may_change": _may_change(request),
    }
    return render(request, "setup/places.html", context)


@desk("setup")
def place(request: HttpRequest, code: str = "") -> HttpResponse:
    """A place is put in, or what is on record of it changed."""
    row = _venues().filter(code=code).first() if code else None
    if code and row is None:
        raise Http404
    fields = ("code", "name_zh", "name_en", "kind", "area", "address")
    form = PlaceForm(request.POST or None, initial=_initial(row, fields))

    def put() -> None:
        put_place_in(NewPlace(**{name: form.cleaned_data[name] for name in fields}), **given(request))

    done = acted(request, form, put, reverse("setup:places"))
    return done or _form(request, form, heading=_("A place"), back="setup:places")


def _venues() -> QuerySet[Place]:
    """Places that are nobody's home: administrators read nothing about people."""
    return Place.objects.exclude(kind=PlaceKind.DWELLING)


def _found(request: HttpRequest, rows: Any) -> tuple[GovForm, Any]:
    """The rows whose code or name holds what was asked for."""
    form = FindForm(request.GET)
    form.fields["q"].label = _("Code or name")
    form.fields["ended"].label = _("What ended too")
    text = form.cleaned_data["q"] if form.is_valid() else ""
    if text:
        rows = rows.filter(Q(code__icontains=text) | Q(name_zh__contains=text) | Q(name_en__icontains=text))
    return form, rows


def _initial(row: Any, fields: tuple[str, ...]) -> dict[str, Any]:
    return {} if row is None else {name: getattr(row, name) for name in fields}


def _may_change(request: HttpRequest) -> bool:
    return who(request).has(Role.SYSTEM_ADMIN)


def _form(request: HttpRequest, form: GovForm, *, heading: str, back: str, lead: str = "") -> HttpResponse:
    cancel = Link(text=_("Cancel"), url=reverse(back))
    return shown(
        request, "web/form.html", form, heading=heading, lead=lead, cancel=cancel, submit=_("Put it on record")
    )
