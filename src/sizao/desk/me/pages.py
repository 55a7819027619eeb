"""What the pages about one person share, whether the person reads them or a clerk does on the person's behalf."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from sizao.desk.access import reads
from sizao.desk.access.middleware import ActingRequest
from sizao.desk.me.own import page_of
from sizao.desk.me.saying import Who
from sizao.desk.store.readers import SubjectPage
from sizao.desk.web.parts import Identity, Link
from sizao.desk.web.reading import reader_lang
from sizao.errors import SizaoError
from sizao.words import say_error

NAME, STANDING, REASONS, DUTIES = "name", "standing", "reasons", "duties"
TOLD, READS, HELD, SAID = "told", "reads", "held", "said"
"""The fields a page shows, as the log of reads names them."""

NAMES = (
    "home",
    "why",
    "history",
    "told",
    "report",
    "stay",
    "ride",
    "trips",
    "trip",
    "challenge",
    "receipts",
    "reads",
    "data",
    "paper",
)
"""Pages without arguments of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Whose pages these are, and where they stand: `space` is the desk's namespace, `args` what every address of it
    begins with. `identity` is shown above them where somebody else than the person reads."""

    who: Who
    space: str
    args: tuple[str, ...] = ()
    identity: Identity | None = None

    @property
    def helped(self) -> bool:
        """Whether a clerk reads and writes on the person's behalf."""
        return self.identity is not None

    def url(self, name: str, *args: str) -> str:
        """The address of one of these pages."""
        return reverse(f"{self.space}:{name}", args=[*self.args, *args])

    @property
    def links(self) -> Mapping[str, str]:
        """The addresses of the pages without arguments, for templates."""
        return {name: self.url(name) for name in NAMES}


def read(request: ActingRequest, frame: Frame, fields: Iterable[str], page: str) -> SubjectPage:
    """Everything about the person, after the row that says who was shown what has been written."""
    found = page_of(frame.who.subject, frame.who.actor, request.now)
    reads.log(
        frame.who.actor, [frame.who.subject], purpose=frame.who.purpose, fields=fields, page=f"{frame.space}:{page}",
        now=request.now,
    )  # fmt: skip
    return found


def show(
    request: ActingRequest,
    frame: Frame,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
    back: bool = True,
) -> HttpResponse:
    """A page of this frame."""
    told: dict[str, Any] = {"frame": frame, "identity": frame.identity} | dict(context)
    if back:
        told.setdefault("back", Link(text=gettext("Back"), url=frame.url("home")))
    return render(request, template, told, status=status)


def refuse(form: forms.Form, error: SizaoError) -> None:
    """Put a refusal above the form, with what to do; what was entered stays."""
    says, do = say_error(error, reader_lang())
    form.add_error(None, f"{says} {do}".strip())
