"""What every page is framed by: the desks this reader may enter, the language, the moment, the kind of deployment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from sizao.desk import clock
from sizao.desk.deployment import Mode
from sizao.desk.store import readers
from sizao.desk.store.rights import Actor, Role
from sizao.desk.web.moments import present
from sizao.desk.web.reading import TAGS, reader_lang, reader_zone
from sizao.when import Instant
from sizao.words import Lang, say

OPEN_TO_ALL = "public"
ELDER = "sizao_large_type"
"""The cookie that keeps the choice of large type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A desk in the top bar."""

    code: str
    text: str
    url: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """What frames a page."""

    lang: Lang
    tag: str
    other_tag: str
    zone: str
    now: Instant
    mode: Mode
    title: str
    desks: tuple[Desk, ...]
    name: str
    post: str
    elder: bool
    here: str
    way_in: str
    way_out: str


def shell(request: HttpRequest) -> dict[str, Any]:
    """Django's context processor: `shell`, and `as_of` for pages that hand over none of their own."""
    framed = shell_of(request)
    return {"shell": framed, "as_of": present(framed.now)}


def shell_of(request: HttpRequest) -> Shell:
    """The frame of a page for this reader; also before, or without, the middleware that knows who reads."""
    lang = reader_lang()
    actor: Actor | None = getattr(request, "actor", None)
    deployment = settings.SIZAO
    return Shell(
        lang=lang,
        tag=TAGS[lang],
        other_tag=TAGS[Lang.ZH if lang is Lang.EN else Lang.EN],
        zone=reader_zone(),
        now=getattr(request, "now", None) or clock.now(),
        mode=deployment.mode,
        title=deployment.title_zh if lang is Lang.ZH else deployment.title_en,
        desks=tuple(_desks(actor, request.path, lang)),
        name=_name(request, lang),
        post="" if actor is None else _post(actor, lang),
        elder=request.COOKIES.get(ELDER) == "1",
        here=request.get_full_path() if request.method in ("GET", "HEAD") else request.path,
        way_in="" if _signed_in(request) else _address("access:sign-in"),
        way_out=_address("access:sign-out") if _signed_in(request) else "",
    )


def _desks(actor: Actor | None, path: str, lang: Lang) -> Iterator[Desk]:
    """Those this reader may enter and that have a first page, in their own order."""
    shown = [code for code in readers.DESKS if actor is not None and readers.may_enter(actor, code)]
    for code in (*shown, OPEN_TO_ALL):
        url = _address(f"{code}:home")
        if url:
            here = path == url if url == "/" else path.startswith(url)
            yield Desk(code=code, text=say(f"desk.{code}", lang), url=url, here=here)


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _signed_in(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated


def _name(request: HttpRequest, lang: Lang) -> str:
    if not _signed_in(request):
        return ""
    user: Any = request.user
    return str(user.name_zh if lang is Lang.ZH else user.name_en)


def _post(actor: Actor, lang: Lang) -> str:
    """What the reader works as; a resident is nothing but himself."""
    joint = "、" if lang is Lang.ZH else ", "
    return joint.join(say(f"role.{role}", lang) for role in Role if role in actor.roles and role is not Role.RESIDENT)
