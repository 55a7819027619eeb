"""Which place somebody means: by its number, by its name on the register, or as stays on record call it. Never by what is
only alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Q

from sizao.desk.cases.matching import stays_folder
from sizao.desk.people.models import Place
from sizao.desk.store.book import deployment
from sizao.desk.web.reading import reader_lang
from sizao.exposure.names import UNKNOWN, NameTable
from sizao.tracing.folder import PLACES
from sizao.words import Lang

SHOWN = 6


class Meant(NamedTuple):
    """The place: `code` as stays name it (None: nobody knows it under that name), its kind where the register says it, and
    what is alike."""

    code: str | None
    kind: str | None = None
    alike: Sequence[str] = ()


def place_of(text: str) -> Meant:
    """The one place that is called exactly so."""
    told = text.strip()
    rows = list(Place.objects.filter(Q(code=told) | Q(name_zh=told) | Q(name_en__iexact=told)).order_by("code")[:SHOWN])
    exact = [row for row in rows if row.code == told] or rows
    if len(exact) == 1:
        return Meant(exact[0].code, exact[0].kind)
    if exact:
        return Meant(None, None, [_shown(row) for row in exact])
    if on_record(told):
        return Meant(told)
    near = Place.objects.filter(Q(name_zh__contains=told) | Q(name_en__icontains=told) | Q(address__contains=told))
    return Meant(None, None, [_shown(row) for row in near.order_by("code")[:SHOWN]])


def on_record(name: str) -> bool:
    """Whether some stay on record is at a place of exactly this name."""
    path = stays_folder(deployment().home) / PLACES
    return path.exists() and int(NameTable.open(path).ids([name])[0]) != UNKNOWN


def _shown(row: Place) -> str:
    name = row.name_en if reader_lang() is Lang.EN and row.name_en else row.name_zh
    return f"{name} ({row.code})"
