"""Loads the catalogues once, checks them, and renders a code with its slots."""

from __future__ import annotations

import string
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from sizao.errors import SizaoError, WordsError
from sizao.when import OPEN, Instant, local

DEFAULT_ZONE = "Asia/Shanghai"


class Lang(StrEnum):
    """The two languages every sentence exists in; zh is the first."""

    ZH = "zh"
    EN = "en"


_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@lru_cache(maxsize=4)
def _catalogue(folder: str) -> dict[str, dict[str, Any]]:
    merged: dict[str, dict[str, Any]] = {}
    for entry in sorted(files("sizao.words").joinpath(folder).iterdir(), key=lambda item: item.name):
        if not entry.name.endswith(".yaml"):
            continue
        for code, by_lang in (yaml.load(entry.read_text("utf-8"), Loader=_Loader) or {}).items():  # noqa: S506 - a SafeLoader
            if code in merged:
                raise WordsError("W102", code=code, file=entry.name)
            merged[code] = by_lang
    return merged


def terms() -> Mapping[str, Mapping[str, str]]:
    """Every sentence and term code with its zh and en text; for checks and for choosing."""
    return _catalogue("said")


def error_words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Every error code with its zh and en `says` and `do`."""
    return _catalogue("errors")


def say_day(moment: Instant, lang: Lang, zone_name: str = DEFAULT_ZONE) -> str:
    """The local day: 2021年7月26日 or 26 July 2021."""
    if moment >= OPEN:
        return say("moment.open", lang)
    when = local(moment, zone_name)
    if lang is Lang.ZH:
        return f"{when.year}年{when.month}月{when.day}日"
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def say_moment(moment: Instant, lang: Lang, zone_name: str = DEFAULT_ZONE) -> str:
    """The local day and minute: 2021年7月26日 18:00 or 26 July 2021, 18:00."""
    if moment >= OPEN:
        return say("moment.open", lang)
    when = local(moment, zone_name)
    joint = " " if lang is Lang.ZH else ", "
    return f"{say_day(moment, lang, zone_name)}{joint}{when.hour:02d}:{when.minute:02d}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class _Filler(string.Formatter):
    def __init__(self, lang: Lang, zone_name: str) -> None:
        self.lang, self.zone_name = lang, zone_name

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec == "term":
            return say(str(value), self.lang, zone_name=self.zone_name)
        if format_spec == "moment":
            return say_moment(value, self.lang, self.zone_name)
        if format_spec == "day":
            return say_day(value, self.lang, self.zone_name)
        return str(super().format_field(value, format_spec))


def say(code: str, lang: Lang, *, zone_name: str = DEFAULT_ZONE, **slots: object) -> str:
    """The sentence of `code` in `lang`; refuses an unknown code (W101) or a missing slot (W103)."""
    by_lang = _catalogue("said").get(code)
    if by_lang is None:
        raise WordsError("W101", code=code)
    try:
        return _Filler(lang, zone_name).vformat(by_lang[lang], (), slots)
    except KeyError as missing:
        raise WordsError("W103", code=code, slot=str(missing)) from missing


def say_error(error: SizaoError, lang: Lang) -> tuple[str, str]:
    """What an error says (with its place) and what to do about it."""
    words = _catalogue("errors").get(error.code)
    if words is None:
        return str(error), ""
    filler, text = _Filler(lang, DEFAULT_ZONE), words[lang]
    slots = dict(error.slots)
    where = _say_where(error, lang)
    return where + filler.vformat(text["says"], (), slots), filler.vformat(text["do"], (), slots)


def _say_where(error: SizaoError, lang: Lang) -> str:
    place = error.where
    said = [place.file] if place.file else []
    for name in ("line", "row", "column", "key"):
        value = getattr(place, name)
        if value is not None:
            said.append(say(f"where.{name}", lang, value=value))
    colon = "：" if lang is Lang.ZH else ": "
    return ("，" if lang is Lang.ZH else ", ").join(said) + colon if said else ""
