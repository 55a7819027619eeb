"""What the pages of this desk have in common: who asks, when, and an act that is either done or said to be refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from sizao.desk.access.entry import form_key, told
from sizao.desk.store.rights import Actor
from sizao.desk.web.forms import GovForm
from sizao.errors import SizaoError
from sizao.when import Instant

PAGE = 50
CHECK_MINUTES = 10
"""Before anybody's rights or ways in are changed, who does it is checked once more."""


def who(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # behind `desk`
    return actor


def moment(request: HttpRequest) -> Instant:
    """When."""
    now: Instant = request.now  # type: ignore[attr-defined]  # behind the middleware
    return now


def given(request: HttpRequest) -> dict[str, Any]:
    """Who does it, under which key, and when: what every act of this desk wants."""
    return {"by": who(request), "key": form_key(request), "now": moment(request)}


def acted(request: HttpRequest, form: GovForm, act: Callable[[], object], onward: str) -> HttpResponse | None:
    """Do the act if the form is whole, and go on; None, with the refusal on the form, if it is not."""
    if not form.is_valid():
        return None
    try:
        act()
    except SizaoError as refused:
        form.add_error(None, " ".join(told(refused)))
        return None
    messages.success(request, _("Recorded, and in the ledger."))
    return HttpResponseRedirect(onward)


def shown(request: HttpRequest, page: str, form: GovForm, **context: Any) -> HttpResponse:
    """A page with a form: 422 while there is something to mend."""
    return render(request, page, {"form": form} | context, status=422 if form.is_bound and form.errors else 200)


def one_screen(rows: QuerySet[Any], column: str, after: str) -> tuple[Sequence[Any], str | None]:
    """One screen of rows by a column that orders them, and where the next begins (None at the end)."""
    ordered = rows.order_by(column)
    found = list((ordered.filter(**{f"{column}__gt": after}) if after else ordered)[: PAGE + 1])
    if len(found) <= PAGE:
        return found, None
    return found[:PAGE], str(getattr(found[PAGE - 1], column))
