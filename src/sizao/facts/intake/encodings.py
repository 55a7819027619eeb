"""Which encoding a text file is in, decided by strict reading and never guessed silently.

Byte order marks decide first; then UTF-8 is read strictly; then GB18030, which reads nearly any bytes, only where
what comes out is Chinese writing. Everything else is refused with the place of the first byte that does not fit, and
can be forced by name.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import NamedTuple

from sizao.errors import FactsError, Where

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

KNOWN = (
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "gb18030",
    "gbk",
    "gb2312",
    "big5",
    "latin-1",
    "cp1252",
)

_INSIDE_A_WORD = re.compile(r"[a-z][\u4e00-\u9fff]|[\u4e00-\u9fff][a-z]")

LEAST_CHINESE_SHARE = 0.9
"""Of the characters beyond ASCII, so many must be Chinese writing before bytes are taken as GB18030."""


class Decoded(NamedTuple):
    """The text and the encoding it was read in."""

    text: str
    encoding: str


def decode(data: bytes, *, file: str, forced: str | None = None) -> Decoded:
    """The text of a file. Raises F201 (unknown name), F202 (does not fit the forced one), F203 (undecidable: name it)."""
    if forced is not None:
        return _forced(data, file, forced)
    for mark, name in MARKS:
        if data.startswith(mark):
            return _forced(data, file, name)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as first:
        place = first.start
    if b"\0" not in data:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            text = ""
        if text and _is_chinese(text):
            return Decoded(text, "gb18030")
    raise FactsError(
        "F203", where=Where(file=file, row=_row_of(data, place)), byte=place, shown=data[place : place + 8].hex(" ")
    )


def _forced(data: bytes, file: str, name: str) -> Decoded:
    try:
        codec = codecs.lookup(name).name
    except LookupError as unknown:
        raise FactsError("F201", where=Where(file=file), encoding=name, known=", ".join(KNOWN)) from unknown
    try:
        return Decoded(data.decode(codec), codec)
    except UnicodeDecodeError as wrong:
        place = wrong.start
        raise FactsError(
            "F202",
            where=Where(file=file, row=_row_of(data, place)),
            encoding=name,
            byte=place,
            shown=data[place : place + 8].hex(" "),
        ) from wrong


def _row_of(data: bytes, place: int) -> int:
    return data.count(b"\n", 0, place) + 1


def _is_chinese(text: str) -> bool:
    """True when nearly all characters beyond ASCII are common Han characters, full-width forms or Chinese punctuation, and few
    stand inside a word of small Latin letters, as they do where two accented letters were read as one character.
    """
    beyond = [mark for mark in text if ord(mark) > 127]
    chinese = sum(1 for mark in beyond if _chinese(mark))
    inside = len(_INSIDE_A_WORD.findall(text))
    return (
        bool(beyond)
        and chinese >= LEAST_CHINESE_SHARE * len(beyond)
        and inside <= (1 - LEAST_CHINESE_SHARE) * len(beyond)
    )


def _chinese(mark: str) -> bool:
    code = ord(mark)
    if 0x4E00 <= code <= 0x9FFF:
        return _common(mark)
    return (
        0x3000 <= code <= 0x303F or 0xFF00 <= code <= 0xFFEF or mark in "“”‘’…—·" or unicodedata.category(mark) == "Nd"
    )


def _common(mark: str) -> bool:
    """A character of GB 2312: what mis-read Western text turns into lies mostly beyond it."""
    try:
        return len(mark.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False
