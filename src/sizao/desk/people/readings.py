"""How a name may be read: every reading of every character, the surname's own first, and the initials that follow.

A dictionary of characters gives textbook readings (单 dān); as a surname it is Shàn. Whoever writes a name down by ear, or types
it in letters, may use either, so a person is found under all of them.
"""

from __future__ import annotations

import heapq
import re
from functools import lru_cache
from typing import NamedTuple

from pypinyin import Style, pinyin

from sizao.desk.people.normal import HAN, has_han, spell, tidy_name, words_of
from sizao.desk.people.surnames import COMPOUND, SURNAMES, surname_length

MOST = 64
"""The most readings kept of one name, the likeliest first. Names of three characters have fewer in all but a handful of cases; a
name of ten could have thousands, and each would be a row."""

_PIECES = re.compile(f"[{HAN}]|[^{HAN}]+")


class Readings(NamedTuple):
    """The readings of a name, spelled without tones, blanks and `ü`, likeliest first; the single words of a name in letters; and
    its initials with what they belong to."""

    joined: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    initials: tuple[str, ...] = ()


@lru_cache(maxsize=32768)
def character_readings(character: str) -> tuple[str, ...]:
    """Every dictionary reading of a Chinese character, the commonest first; the character itself where there is none."""
    found = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
    spelled = dict.fromkeys(spell(reading) for reading in (found[0] if found else ()))
    return tuple(reading for reading in spelled if reading) or (character,)


def _syllables(name: str) -> list[tuple[str, ...]]:
    """The readings of each character; a stretch of letters is one syllable with one reading."""
    found: list[tuple[str, ...]] = []
    for place, piece in enumerate(_PIECES.findall(name)):
        if not has_han(piece):
            found.append((spell(piece),))
            continue
        own = SURNAMES.get(piece, ()) if place == 0 else ()
        if place < 2 and name[:2] in COMPOUND:
            own = (COMPOUND[name[:2]][place],)
        found.append(tuple(dict.fromkeys((*own, *character_readings(piece)))))
    return [choices for choices in found if choices != ("",)]


def likeliest(choices: list[tuple[str, ...]], most: int) -> list[tuple[str, ...]]:
    """At most `most` ways to take one of each, those first whose places in their lists add up to least; ties by earlier places.

    Keeping the best `most` beginnings at every step is exact: a beginning that `most` others beat is beaten with any ending.
    """
    best: list[tuple[int, tuple[int, ...]]] = [(0, ())]
    for among in choices:
        longer = ((rank + place, (*places, place)) for rank, places in best for place in range(len(among)))
        best = heapq.nsmallest(most, longer)
    return [tuple(among[place] for among, place in zip(choices, places, strict=True)) for _, places in best]


def readings(name: str) -> Readings:
    """How a name may be read. Chinese: each reading joined (`zhangsan`), and as initials the surname with all and with the first
    of the given name's (`zhangs`), and all alone (`zs`). In letters: see `_of_words`. Nothing is kept in memory: a cache of names
    would outlive an erasure."""
    tidied = tidy_name(name)
    if not has_han(tidied):
        return _of_words(words_of(tidied))
    syllables = _syllables(tidied)
    ways = likeliest(syllables, MOST)
    lengths = {1, surname_length(tidied)} if len(syllables) > 1 else set()
    initials: dict[str, None] = {}
    for way in ways:
        for length in sorted(lengths):
            surname, given = "".join(way[:length]), "".join(part[0] for part in way[length:])
            initials |= dict.fromkeys((surname + given, surname + given[0])) if given else {}
        initials |= dict.fromkeys(("".join(part[0] for part in way),)) if len(way) > 1 else {}
    return Readings(joined=tuple(dict.fromkeys("".join(way) for way in ways)), initials=tuple(initials))


def _of_words(words: tuple[str, ...]) -> Readings:
    """A name in letters: its words joined in the order given and with the last one first; each word alone; as initials the first
    and the last word with the others' initials, and all initials."""
    if len(words) < 2:
        return Readings(joined=words)
    turns = (words, (words[-1], *words[:-1]))
    initials = dict.fromkeys(
        spelled
        for way in turns
        for spelled in (way[0] + "".join(word[0] for word in way[1:]), "".join(word[0] for word in way))
    )
    joined = dict.fromkeys("".join(way) for way in turns)
    return Readings(joined=tuple(joined), words=tuple(dict.fromkeys(words)), initials=tuple(initials))
