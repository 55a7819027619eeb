"""In which language and in which zone the reader of this page reads."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import get_language

from sizao.words import Lang

TAGS = {Lang.ZH: "zh-Hans", Lang.EN: "en"}
"""How the language is told to a browser."""


def reader_lang() -> Lang:
    """The active language: English where it was chosen, otherwise Chinese."""
    return Lang.EN if (get_language() or "").startswith("en") else Lang.ZH


def reader_zone() -> str:
    """The deployment's time zone."""
    zone: str = settings.SIZAO.zone
    return zone
