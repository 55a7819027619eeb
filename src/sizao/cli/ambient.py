"""What surrounds a command: language, terminal, environment. Read once at the start, then handed down."""

from __future__ import annotations

import io
import locale
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TextIO

from sizao.errors import CliError
from sizao.words.catalogue import Lang

_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
PIPED_WIDTH = 100
NARROWEST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambient:
    """The language to speak, how wide a line may be, and whether a person watches the two streams."""

    lang: Lang
    width: int = PIPED_WIDTH
    colour: bool = False
    progress: bool = False
    debug: bool = False


def asked_language(arguments: Sequence[str]) -> str | None:
    """The value of `--lang` wherever it stands before `--`: help and errors are spoken in it too. The last one wins."""
    asked = None
    for place, word in enumerate(arguments):
        if word == "--":
            break
        if word.startswith("--lang="):
            asked = word.removeprefix("--lang=")
        elif word == "--lang" and place + 1 < len(arguments):
            asked = arguments[place + 1]
    return asked


def choose_language(asked: str | None, environment: Mapping[str, str]) -> Lang:
    """`--lang`, else SIZAO_LANG, else the locale: Chinese for a Chinese locale, English for every other.

    Refuses a language that Sizao does not speak when somebody asked for it by name (C101).
    """
    for named in (asked, environment.get("SIZAO_LANG")):
        if named:
            if named.lower() not in set(Lang):
                raise CliError("C101", value=named)
            return Lang(named.lower())
    return Lang.ZH if _locale_name(environment).lower().startswith(("zh", "chinese")) else Lang.EN


def _locale_name(environment: Mapping[str, str]) -> str:
    for variable in _LOCALE_VARIABLES:
        if environment.get(variable):
            return environment[variable]
    # Windows keeps the language out of the environment.
    return (locale.getlocale()[0] or "") if sys.platform == "win32" else ""


def force_utf8(*streams: TextIO) -> None:
    """Writes UTF-8 whatever the locale says, so that a pipe or an old console never ends a command with an encoding error."""
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def surroundings(lang: Lang, environment: Mapping[str, str], out: TextIO, err: TextIO) -> Ambient:
    """The surroundings of a command that writes its answer to `out` and its progress to `err`."""
    watched = _is_terminal(out) and environment.get("TERM") != "dumb"
    return Ambient(
        lang=lang,
        width=_width(environment, _is_terminal(out)),
        colour=watched and not environment.get("NO_COLOR"),
        progress=_is_terminal(err) and environment.get("TERM") != "dumb",
        debug=environment.get("SIZAO_DEBUG", "") not in ("", "0"),
    )


def current() -> Ambient:
    """The surroundings of this process, in the language its locale asks for."""
    return surroundings(choose_language(None, os.environ), os.environ, sys.stdout, sys.stderr)


def _is_terminal(stream: TextIO) -> bool:
    return not stream.closed and stream.isatty()


def _width(environment: Mapping[str, str], watched: bool) -> int:
    columns = environment.get("COLUMNS", "")
    if columns.isdigit() and int(columns) > 0:
        return max(int(columns), NARROWEST)
    return max(shutil.get_terminal_size((PIPED_WIDTH, 24)).columns, NARROWEST) if watched else PIPED_WIDTH
