"""The worklist: who is due next, in the order of the hours, with filters that stay in the address. Counts are apart from rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sizao.desk.access.alerts import outside
from sizao.desk.contacts.naming import area_name, names_of, number_of
from sizao.desk.contacts.teams import teams_for
from sizao.desk.people import vault
from sizao.desk.people.areas import areas_under
from sizao.desk.store import concluding, readers
from sizao.desk.store.assigning import teams_of
from sizao.desk.store.models import Assignment, SubjectRow, TimelineRow
from sizao.desk.store.rights import Actor
from sizao.desk.web.forms import GovForm
from sizao.desk.web.parts import Link
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.facts.kinds import Grade
from sizao.rules.reasons import Standing
from sizao.when import Instant, local_day
from sizao.words import say

DESK = "contacts"
NOBODY = "-"
"""The filter for who is assigned to nobody."""
OWN = "own"
_AFTER = re.compile(r"(-|-?\d{1,18})\|[^|]{1,80}")


class Filters(GovForm):
    """What the list is narrowed to; everything is optional."""

    grade = forms.MultipleChoiceField(label=_("Grade"), required=False, widget=forms.CheckboxSelectMultiple)
    standing = forms.MultipleChoiceField(label=_("Standing"), required=False, widget=forms.CheckboxSelectMultiple)
    overdue = forms.BooleanField(label=_("Overdue only"), required=False)
    waiting = forms.BooleanField(label=_("Waiting for confirmation"), required=False)
    team = forms.ChoiceField(label=_("Team"), required=False)
    area = forms.ChoiceField(label=_("Area"), required=False)
    case = forms.CharField(label=_("Case"), required=False, max_length=80)

    def __init__(self, *args: Any, actor: Actor, now: Instant, **more: Any) -> None:
        super().__init__(*args, **more)
        lang, on = reader_lang(), local_day(now, reader_zone())
        choices: Mapping[str, Sequence[tuple[str, str]]] = {
            "grade": [(str(grade), say(f"grade.{grade}", lang)) for grade in Grade],
            "standing": [(str(one), say(f"standing.{one}", lang)) for one in Standing],
            "team": team_filters(actor, now),
            "area": area_choices(actor, on),
        }
        for name, listed in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = list(listed)

    def clean_case(self) -> str:
        """A case by its number, with or without what it is a number of."""
        told: str = self.cleaned_data["case"].strip()
        return told if not told or ":" in told else f"person:{told}"


def team_filters(actor: Actor, now: Instant) -> list[tuple[str, str]]:
    """Everybody, one's own, nobody's, and every other team."""
    first = [("", gettext("all")), (OWN, gettext("my team and I")), (NOBODY, gettext("not assigned"))]
    return [*first, *(one for one in teams_for(actor, now, reader_zone()) if one[0] != actor.unit)]


def area_choices(actor: Actor, on: date) -> list[tuple[str, str]]:
    """The areas the actor works for, and those directly below."""
    lang, found = reader_lang(), dict[str, str]()
    for code in actor.areas:
        found[code] = area_name(code, lang, on)
        found |= {row.code: area_name(row.code, lang, on) for row in areas_under(code, on)}
    return [("", gettext("all")), *found.items()]


def asked_for(told: Mapping[str, Any], actor: Actor, now: Instant) -> QuerySet[TimelineRow]:
    """The rows the filters leave of those the actor may see."""
    rows = readers.contacts(
        actor, now=now, grades=told.get("grade") or (), standings=told.get("standing") or (), case=told.get("case") or None,
        overdue=bool(told.get("overdue")),
    )  # fmt: skip
    if told.get("waiting"):
        rows = rows.filter(preliminary=True)
    if told.get("area"):
        rows = rows.filter(readers.within(replace(actor, areas=(told["area"],))))
    return _of_team(rows, told.get("team") or "", actor)


def _of_team(rows: QuerySet[TimelineRow], team: str, actor: Actor) -> QuerySet[TimelineRow]:
    held = Assignment.objects.filter(desk=DESK, until__isnull=True)
    if team == OWN:
        return rows.filter(subject__in=held.filter(team__in=(actor.unit, actor.id)).values("subject"))
    if team == NOBODY:
        return rows.exclude(subject__in=held.values("subject"))
    return rows.filter(subject__in=held.filter(team=team).values("subject")) if team else rows


def page_asked(text: str) -> str | None:
    """Where the list goes on, as an earlier page said it; anything else begins at the beginning."""
    return text if _AFTER.fullmatch(text) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One person in the list. `name` is empty where the reader does not work on the person."""

    subject: str
    number: str
    name: str
    grade: str
    standing: str
    preliminary: bool
    due: int | None
    last_contact: int | None
    case: str
    area: str
    team: str
    team_code: str
    version: int


def fresh(rows: Sequence[TimelineRow], now: Instant) -> list[TimelineRow]:
    """The same rows, those that are behind drawn again: nobody is shown as he was."""
    subjects = [row.subject for row in rows]
    stale = set(
        SubjectRow.objects.filter(subject__in=subjects, stale_since__isnull=False).values_list("subject", flat=True)
    )
    stale |= {row.subject for row in rows if row.next_change_at is not None and row.next_change_at <= now}
    if not stale:
        return list(rows)
    concluding.refresh(sorted(stale), now)
    drawn = TimelineRow.objects.in_bulk(sorted(stale))
    return [drawn.get(row.subject, row) for row in rows]


def shown(
    rows: Sequence[TimelineRow], actor: Actor, now: Instant, note: Callable[[Sequence[str]], None]
) -> list[ListRow]:
    """The rows as a reader sees them. `note` hears, before a name is opened, whose names are about to be shown."""
    subjects = [row.subject for row in rows]
    others = outside(actor, subjects)
    own = [subject for subject in subjects if subject not in others]
    note(own)
    who = {subject: one.name for subject, one in vault.open_many(own, settings.KEYS).items() if one is not None}
    teams = teams_of(subjects, DESK)
    versions = dict(SubjectRow.objects.filter(subject__in=subjects).values_list("subject", "version"))
    codes = {*teams.values(), *(row.area for row in rows)}
    names = names_of(codes, reader_lang(), local_day(now, reader_zone()))
    return [
        ListRow(
            subject=row.subject, number=number_of(row.subject), name=who.get(row.subject, ""), grade=row.grade,
            standing=row.standing, preliminary=row.preliminary, due=row.next_due_at, case=row.case,
            last_contact=row.last_contact_at, area=names.get(row.area, row.area),
            team=names.get(teams.get(row.subject, ""), teams.get(row.subject, "")),
            team_code=teams.get(row.subject, ""), version=versions.get(row.subject, 0),
        )
        for row in rows
    ]  # fmt: skip


def applied(asked: QueryDict, form: GovForm) -> list[Link]:
    """Every filter that is on, each as a link that takes it away."""
    found = []
    for name, field in form.fields.items():
        for value in asked.getlist(name):
            if not value:
                continue
            rest = asked.copy()
            rest.pop("after", None)
            rest.setlist(name, [one for one in asked.getlist(name) if one != value])
            found.append(Link(text=_filter_word(field, value), url=f"?{rest.urlencode()}"))
    return found


def _filter_word(field: forms.Field, value: str) -> str:
    if isinstance(field, forms.ChoiceField):
        words = {str(code): str(word) for code, word in field.choices}  # type: ignore[misc,union-attr]  # no groups here
        return f"{field.label}: {words.get(value, value)}"
    return str(field.label) if isinstance(field, forms.BooleanField) else f"{field.label}: {value}"
