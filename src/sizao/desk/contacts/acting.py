"""One view for every form about one person: read, ask, show once more what decides, record one act, go back to the page.

What was entered is never lost: a refusal is said above the form with its fields as they were, and where somebody else came
first the page says what is new.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from sizao.desk.access import reads
from sizao.desk.access.entry import form_key
from sizao.desk.access.middleware import ActingRequest
from sizao.desk.contacts.forms import VERSION, Matter, MatterForm
from sizao.desk.contacts.previews import preview_of
from sizao.desk.contacts.subject import events_on, identity_of, names_on, reason_of
from sizao.desk.store import readers
from sizao.desk.store.acts import Receipt, record
from sizao.desk.store.models import Act
from sizao.desk.store.readers import SubjectPage
from sizao.desk.store.rights import Actor, Purpose, Role, may_record
from sizao.desk.store.sight import Sight
from sizao.desk.web.forms import GovForm
from sizao.desk.web.parts import Event, Link
from sizao.desk.web.reading import reader_lang
from sizao.errors import DeskError, SizaoError
from sizao.facts.kinds import FactId
from sizao.policy.kinds import Event as Deadline
from sizao.when import Instant
from sizao.words import say, say_error

SURE, CHANGE = "sure", "change"
NAMED, MASKED = ("address", "document", "health", "name", "phone"), ("health", "masked")
CAME_FIRST = "D113"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActKind:
    """A form, which kinds of fact it makes, and who may use it besides those who may record them. `record` records it where it is
    more than facts."""

    code: str
    form: type[MatterForm]
    kinds: frozenset[str]
    needs: frozenset[str] = frozenset()
    """Kinds of fact whoever uses the form must be allowed to record, though it does not make them."""
    roles: frozenset[Role] = frozenset()
    """Where not everybody who may record such facts does this: one of these roles is needed."""
    record: Callable[[Any, str, Instant], Receipt] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the forms stand: the desk's namespace, its forms by code, and whether its people are cases."""

    space: str
    acts: Mapping[str, ActKind]
    case: bool = False
    events: Mapping[Deadline, str] = field(default_factory=dict)
    """The forms this desk has for events that others record by a report."""

    def may(self, actor: Actor, purpose: Purpose, code: str) -> bool:
        """Whether the actor's roles carry a form of this desk."""
        kind = self.acts.get(code)
        if kind is None or (kind.roles and not actor.has(*kind.roles)):
            return False
        return all(may_record(actor, purpose, each) for each in kind.kinds | kind.needs)


def acting(request: ActingRequest) -> tuple[Actor, Purpose]:
    """Who acts, and for what: the door has let him in."""
    assert request.actor is not None
    return request.actor, request.purpose  # type: ignore[attr-defined]  # set by access.entry.desk


def opened(
    request: ActingRequest, subject: str, page_name: str, *, now: Instant | None = None, known_at: Instant | None = None
) -> SubjectPage:
    """The person's page, after the row that says who was shown what was written. Refuses whom the actor may not see (D161)."""
    actor, purpose = acting(request)
    page = readers.subject_page(subject, actor=actor, now=now or request.now, known_at=known_at)
    if page.seen < Sight.MASKED:
        raise DeskError("D161")
    fields = NAMED if page.seen is Sight.NAMED else MASKED
    case = next((span.case for span in page.moment.grades), "")
    reads.log(actor, [subject], purpose=purpose, fields=fields, page=page_name, now=request.now, case=case)
    return page


def perform(request: ActingRequest, subject: str, code: str, place: Place) -> HttpResponse:
    """The page of one form about one person. Refuses a form there is none of (N110) and one the roles do not carry (D120)."""
    actor, purpose = acting(request)
    kind = place.acts.get(code)
    if kind is None:
        raise DeskError("N110", form=code)
    if not place.may(actor, purpose, code):
        raise DeskError("D120", kind=f"fact.{min(kind.kinds)}", purpose=f"purpose.{purpose}")
    page = opened(request, subject, f"{place.space}:{code}")
    matter = matter_of(request, page, request.now)
    if request.method != "POST":
        return _asked(request, kind.form(matter=matter), kind, place)
    key = form_key(request)
    form = kind.form(request.POST, matter=replace(matter, now=told_at(key) or request.now))
    if CHANGE in request.POST or not form.is_valid():
        return _asked(request, form, kind, place)
    if form.decides and SURE not in request.POST and told_at(key) is None:
        return _once_more(request, form, kind, place)
    return _recorded(request, form, kind, place, key)


def matter_of(request: ActingRequest, page: SubjectPage, now: Instant) -> Matter:
    """What a form about this person is given."""
    actor, purpose = acting(request)
    names = names_on(page, reason_of(page), [actor.id, actor.unit])
    asked = {name: value for name, value in request.GET.items() if isinstance(value, str)}
    return Matter(page=page, actor=actor, purpose=purpose, now=now, names=names, asked=asked)


def told_at(key: str) -> Instant | None:
    """When the act of a key was recorded; None while there is none. What is sent again is made of the same moment, so that it is
    the same act, and anything else under that key is refused (D112)."""
    at = Act.objects.filter(key=key).values_list("recorded_at", flat=True).first()
    return None if at is None else Instant(at)


def _recorded(request: ActingRequest, form: MatterForm, kind: ActKind, place: Place, key: str) -> HttpResponse:
    matter = form.matter
    try:
        if kind.record is not None:
            receipt = kind.record(form, key, matter.now)
        else:
            receipt = record(
                *form.facts(),
                by=matter.actor,
                purpose=matter.purpose,
                expect=form.expect(),
                key=key,
                now=matter.now,
                name=kind.code,
            )
    except SizaoError as refused:
        again = refused_form(request, form, refused)
        news = news_since(again, form.cleaned_data.get(VERSION)) if refused.code == CAME_FIRST else ()
        return _asked(request, again, kind, place, news=news)
    done = say("contacts.recorded", reader_lang(), act=receipt.act)
    messages.success(request, f"{say(f'contacts.done.{kind.code}', reader_lang())} {done}")
    return HttpResponseRedirect(back_to(request, matter.page.subject, place))


def back_to(request: ActingRequest, subject: str, place: Place) -> str:
    """The person's page; or the daily round, where the form was filled in there."""
    if request.POST.get("from") == "round" and place.space == "contacts":
        return reverse("contacts:round")
    return reverse(f"{place.space}:person", args=[subject])


def refused_form(request: ActingRequest, form: MatterForm, refused: SizaoError) -> MatterForm:
    """The same form with the refusal above it, what was entered kept, and the version as it is now."""
    told: QueryDict = request.POST.copy()
    latest = readers.subject_page(form.matter.page.subject, actor=form.matter.actor, now=request.now)
    told[VERSION] = str(latest.version)
    again = type(form)(told, matter=replace(form.matter, page=latest))
    again.is_valid()
    refuse(again, refused)
    return again


def refuse(form: forms.Form, refused: SizaoError) -> None:
    """Put a refusal above a form, with what to do; what was entered stays."""
    says, do = say_error(refused, reader_lang())
    form.add_error(None, f"{says} {do}".strip())


# --- what is shown ------------------------------------------------------------------------------------------------------


def heading_of(code: str) -> str:
    """The title of a form."""
    return say(f"contacts.form.{code}", reader_lang())


def _frame(form: MatterForm, kind: ActKind, place: Place) -> dict[str, Any]:
    page = form.matter.page
    cancel = Link(text=gettext("Cancel"), url=reverse(f"{place.space}:person", args=[page.subject]))
    return {
        "identity": identity_of(page, case=place.case),
        "heading": heading_of(kind.code),
        "cancel": cancel,
        "code": kind.code,
    }


def _asked(
    request: ActingRequest, form: MatterForm, kind: ActKind, place: Place, *, news: Sequence[Event] = ()
) -> HttpResponse:
    submit = gettext("Continue") if form.decides else gettext("Record")
    draft = f"{place.space}-{kind.code}-{form.matter.page.subject}" if form.observes else ""
    context = {"form": form, "notice": form.notice(), "news": news, "submit": submit, "draft": draft} | _frame(
        form, kind, place
    )
    wrong = form.is_bound and bool(form.errors)
    return render(request, "contacts/act.html", context, status=409 if news else 400 if wrong else 200)


def news_since(form: MatterForm, version: int | None) -> Sequence[Event]:
    """What was recorded of the person after that version was read."""
    page = form.matter.page
    acts = sorted(set(page.acts.values()))
    later = set(acts[len(acts) - (page.version - (version or 0)) :])
    return [event for event in events_on(page, form.matter.names) if page.acts.get(FactId(event.fact)) in later]


class Carried(GovForm):
    """Everything that was entered, hidden, on its way to being recorded."""

    def __init__(self, told: QueryDict, *names: str) -> None:
        super().__init__(auto_id=False)
        for name in told:
            if name not in ("csrfmiddlewaretoken", SURE, CHANGE):
                values = told.getlist(name)
                self.fields[name] = forms.Field(widget=forms.MultipleHiddenInput, required=False, initial=values)
        for name in names:
            self.fields[name] = forms.Field(widget=forms.HiddenInput, required=False, initial="1")


def _once_more(request: ActingRequest, form: MatterForm, kind: ActKind, place: Place) -> HttpResponse:
    facts = form.facts()
    context = {
        "form": Carried(request.POST, SURE), "other": Carried(request.POST, CHANGE), "rows": form.rows(),
        "warning": form.notice(), "follows": preview_of(form.matter.page, facts, request.now, form.matter.names),
    }  # fmt: skip
    return render(request, "contacts/once_more.html", context | _frame(form, kind, place))
