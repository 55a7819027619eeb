"""The list of cases, the latest notice first: what each is, its contacts by grade, what is overdue, and its four delays."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from sizao.desk.access.alerts import outside
from sizao.desk.cases.earlies import Earlies, earlies_of
from sizao.desk.contacts.listing import area_choices
from sizao.desk.contacts.naming import names_of, number_of
from sizao.desk.people import vault
from sizao.desk.store import readers
from sizao.desk.store.models import DutyRow, FactRow, TimelineRow
from sizao.desk.store.rights import Actor
from sizao.desk.store.rows import facts_of_many
from sizao.desk.web.forms import FilterForm
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.facts.corrections import standing_facts
from sizao.facts.kinds import CaseNotice, Grade
from sizao.when import OPEN, Instant, local_day

PAGE = 50
_AFTER = re.compile(r"(\d{1,18})\|(\d{1,18})")


class Filters(FilterForm):
    """What the list is narrowed to."""

    case = forms.CharField(label=_("Case number"), max_length=80)
    area = forms.ChoiceField(label=_("Area"))
    overdue = forms.BooleanField(label=_("With something overdue"))
    contacts = forms.BooleanField(label=_("With contacts to follow up"))

    def __init__(self, *args: Any, actor: Actor, now: Instant, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = area_choices(actor, local_day(now, reader_zone()))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One case in the list. `name` is empty where the reader does not work on the person; `notice` None where it was taken
    back."""

    subject: str
    number: str
    name: str
    notice: CaseNotice | None
    area: str
    grades: Sequence[tuple[str, int]]
    overdue: int
    earlies: Earlies


def asked_for(told: Mapping[str, Any], actor: Actor, now: Instant) -> QuerySet[FactRow]:
    """The latest notice of each case the actor may see and the filters leave, the latest first."""
    latest = FactRow.objects.filter(subject=OuterRef("subject"), kind=CaseNotice.kind)
    later = Q(recorded_at__gt=OuterRef("recorded_at")) | Q(recorded_at=OuterRef("recorded_at"), seq__gt=OuterRef("seq"))
    rows = readers.cases(actor).filter(~Exists(latest.filter(later))).order_by("-recorded_at", "-seq")
    if told.get("case"):
        rows = rows.filter(subject__endswith=told["case"].strip())
    if told.get("area"):
        within = readers.cases(replace(actor, areas=(told["area"],))).values("subject")
        rows = rows.filter(subject__in=within)
    if told.get("overdue"):
        rows = rows.filter(subject__in=_overdue(now).values("subject"))
    if told.get("contacts"):
        rows = rows.filter(subject__in=TimelineRow.objects.exclude(case="").values("case"))
    return rows


def _overdue(now: Instant) -> QuerySet[DutyRow]:
    return DutyRow.objects.filter(met_at__isnull=True, ended_at__isnull=True, due__lt=now)


def screen(rows: QuerySet[FactRow], after: str) -> readers.Rows:
    """One screen, and where the next begins; an address that says neither begins at the beginning."""
    told = _AFTER.fullmatch(after)
    if told is not None:
        moment, seq = int(told[1]), int(told[2])
        rows = rows.filter(Q(recorded_at__lt=moment) | Q(recorded_at=moment, seq__lt=seq))
    found = list(rows[: PAGE + 1])
    if len(found) <= PAGE:
        return readers.Rows(rows=found, after=None)
    end = found[PAGE - 1]
    return readers.Rows(rows=found[:PAGE], after=f"{end.recorded_at}|{end.seq}")


def shown(rows: Sequence[FactRow], actor: Actor, now: Instant, note: Callable[[Sequence[str]], None]) -> list[CaseRow]:
    """The rows as a reader sees them. `note` hears, before a name is opened, whose names are about to be shown."""
    subjects = [row.subject for row in rows]
    others = outside(actor, subjects)
    own = [subject for subject in subjects if subject not in others]
    note(own)
    who = {subject: one.name for subject, one in vault.open_many(own, settings.KEYS).items() if one is not None}
    facts = {subject: standing_facts(told, OPEN) for subject, told in facts_of_many(subjects).items()}
    grades, late = _grades(actor, subjects), _late(subjects, now)
    notices = {subject: notice_of(facts[subject]) for subject in subjects}
    areas = {notice.reporting_area for notice in notices.values() if notice is not None}
    names = names_of(areas, reader_lang(), local_day(now, reader_zone()))
    return [
        CaseRow(
            subject=subject, number=number_of(subject), name=who.get(subject, ""), notice=notice,
            area="" if notice is None else names.get(notice.reporting_area, notice.reporting_area), grades=grades[subject],
            overdue=late.get(subject, 0), earlies=earlies_of(facts[subject]),
        )
        for subject, notice in notices.items()
    ]  # fmt: skip


def notice_of(facts: Sequence[Any]) -> CaseNotice | None:
    """The notice a case is shown by: of those that stand the latest recorded."""
    notices = [fact for fact in facts if isinstance(fact, CaseNotice)]
    return max(notices, key=lambda fact: (fact.recorded_at, fact.at, fact.id), default=None)


def _grades(actor: Actor, cases: Sequence[str]) -> Mapping[str, list[tuple[str, int]]]:
    """How many people are followed up for each case, by grade, gravest first."""
    rows = TimelineRow.objects.filter(readers.within(actor), case__in=cases).exclude(grade="")
    counted: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for case, grade, number in rows.values_list("case", "grade").annotate(number=Count("pk")).order_by():
        counted[case][grade] = number
    found: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for case, by_grade in counted.items():
        found[case] = [(str(grade), by_grade[grade]) for grade in Grade if grade in by_grade]
    return found


def _late(cases: Sequence[str], now: Instant) -> dict[str, int]:
    rows = _overdue(now).filter(subject__in=cases).values_list("subject").annotate(number=Count("pk")).order_by()
    return dict(rows)
