"""What is held of a person, and who has looked at it: offices, purposes and hours, never the name of a clerk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Min

from sizao.desk.access.models import ReadRow
from sizao.desk.access.reads import of_subject
from sizao.desk.me.models import Statement
from sizao.desk.me.why import offices
from sizao.desk.store.models import FactRow
from sizao.desk.store.rights import Purpose
from sizao.facts.kinds import DataClass
from sizao.when import Instant
from sizao.words import Lang, say, terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Somebody of an office looked at the person's data: for what, when, and at which fields."""

    office: str
    purpose: str
    at: Instant
    fields: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """Who looked, the latest first; how many different people that were; and how often the person himself did."""

    others: Sequence[Read]
    people: int
    own: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is held in one class of data: how many of which kinds, from when to when."""

    name: str
    purpose: str
    count: int
    kinds: Sequence[tuple[str, int]]
    first: Instant
    last: Instant


def reads_of(subject: str, lang: Lang) -> Reads:
    """Who has read this person's data, as far as the log is asked (the latest 200 rows)."""
    rows = of_subject(subject)
    others = [row for row in rows if row.purpose != Purpose.SELF]
    names = offices((row.unit for row in others), lang)
    told = [
        Read(
            office=names[row.unit], purpose=say(f"purpose.{row.purpose}", lang), at=Instant(row.at),
            fields=say_fields(row.fields, lang),
        )
        for row in others
    ]  # fmt: skip
    return Reads(others=told, people=len({row.actor for row in others}), own=len(rows) - len(others))


def readers_count(subject: str) -> int:
    """How many different people besides the person have read the data."""
    rows = ReadRow.objects.filter(subject=subject).exclude(purpose=Purpose.SELF)
    return rows.values("actor").distinct().count()


def say_fields(fields: str, lang: Lang) -> str:
    """The fields of a read, in words; several that have the same word are said once."""
    told = dict.fromkeys(_field(name, lang) for name in fields.split(",") if name)
    return ("、" if lang is Lang.ZH else ", ").join(told)


def _field(name: str, lang: Lang) -> str:
    code = f"me.field.{name}"
    return say(code if code in terms() else "me.field.other", lang)


def held_of(subject: str, lang: Lang) -> list[Held]:
    """What is held, class by class; what a person said in own words is counted beside the facts."""
    rows = FactRow.objects.filter(subject=subject, line__isnull=False)
    spans = rows.values("data_class").annotate(many=Count("seq"), first=Min("recorded_at"), last=Max("recorded_at"))
    kinds = rows.values_list("data_class", "kind").annotate(many=Count("seq"))
    found = []
    for span in sorted(spans, key=lambda row: tuple(DataClass).index(DataClass(row["data_class"]))):
        name = span["data_class"]
        told = [(say(f"fact.{kind}", lang), many) for held, kind, many in sorted(kinds) if held == name]
        found.append(
            Held(
                name=say(f"me.class.{name}", lang), purpose=say(f"me.class-for.{name}", lang), count=span["many"], kinds=told,
                first=Instant(span["first"]), last=Instant(span["last"]),
            )
        )  # fmt: skip
    return found


def erased_of(subject: str) -> int:
    """How many facts of this person were deleted; what was deleted is shown as such."""
    return FactRow.objects.filter(subject=subject, line__isnull=True).count()


def statements_of(subject: str) -> list[Statement]:
    """What the person said, the latest first."""
    return list(Statement.objects.filter(subject=subject).order_by("-at", "number"))
