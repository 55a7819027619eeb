"""The levels of areas now, each from its own facts, with who rated it, from when until when."""

from __future__ import annotations

from dataclasses import dataclass

from sizao.desk.people.areas import area_at
from sizao.desk.store import concluding
from sizao.desk.store.book import deployment
from sizao.desk.store.models import SubjectRow
from sizao.rules.timeline import LevelSpan, at
from sizao.when import OPEN, Instant, local_day
from sizao.words import Lang, say, terms

AREA = "area:"
MOST = 500
"""Areas on one page; a county has fewer streets than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """An area with its level. `until` is None where the rating names no end; `by` is the authority as the rating says it."""

    code: str
    name: str
    level: str
    start: Instant
    until: Instant | None
    by: str


def levels_now(now: Instant, lang: Lang) -> list[Level]:
    """Every area that has a level now, by code; an area nobody rated is not on it."""
    subjects = SubjectRow.objects.filter(kind="area").order_by("subject").values_list("subject", flat=True)[:MOST]
    dossiers = concluding.dossiers(list(subjects))
    found = []
    for subject, dossier in dossiers.items():
        held = at(concluding.timeline_of(dossier), now).levels
        found += [_level(subject.removeprefix(AREA), span, now, lang) for span in held]
    return found


def _level(code: str, span: LevelSpan, now: Instant, lang: Lang) -> Level:
    word = f"level.{span.level}"
    return Level(
        code=code,
        name=called(code, now, lang),
        level=say(word if word in terms() else "level.other", lang),
        start=span.start,
        until=None if span.end >= OPEN else span.end,
        by=str(dict(span.reason.slots).get("by") or ""),
    )


def called(code: str, now: Instant, lang: Lang) -> str:
    """What an area is called, or its code where the register has no name for it."""
    area = area_at(code, local_day(now, deployment().zone))
    if area is None:
        return code
    return area.name_en if lang is Lang.EN and area.name_en else area.name_zh
