"""The search box: exact document or telephone, name, pinyin, initials, with a date of birth to narrow a common name.

The database is asked for keyed hashes only. Of those found, at most as many as the guard rails allow are opened and ranked in
memory. When there are more, the answer says so; it is never a part that looks like the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import Q, QuerySet
from rapidfuzz import fuzz

from sizao.desk.people import vault
from sizao.desk.people.asking import Question, read_question
from sizao.desk.people.merging import heads
from sizao.desk.people.models import SearchKey
from sizao.desk.people.normal import has_han, name_key
from sizao.desk.people.readings import readings
from sizao.desk.people.search_keys import KeyKind, Sought, keyed
from sizao.desk.people.who import Keys, Who

UNREADABLE = "people.found.unreadable"
"""Why somebody whose sealed identity does not open stands on the list all the same: nobody vanishes because of a bad row."""


LEFT_OUT = "people.search.left_out"
"""The sentence for each way of looking that met too many: its slots are `limit` and `way` (a kind's `found`)."""


class Candidate(NamedTuple):
    """Somebody who may be meant. `subject` is the record that stands for the person, `because` the codes of how it was found,
    strongest first, and `score` how like the name is, 0 to 100 (100 without a name asked for)."""

    subject: str
    score: int
    because: tuple[str, ...]


class Found(NamedTuple):
    """Those who may be meant, likeliest first. `left_out`: ways of looking that met too many to be opened, so that somebody found
    only that way is not among them."""

    candidates: tuple[Candidate, ...]
    left_out: tuple[KeyKind, ...] = ()


class TooMany(NamedTuple):
    """A refusal: more than `limit` may be meant. Add a date of birth, a telephone or document number, or the full name."""

    limit: int
    left_out: tuple[KeyKind, ...]

    @property
    def code(self) -> str:
        """The sentence that says so; its slot is `limit`."""
        return "people.search.too_many"


class Met(NamedTuple):
    """Whom the keys met: subject → the kinds that met it, strongest first; and the kinds that met too many."""

    ways: dict[str, tuple[KeyKind, ...]]
    left_out: tuple[KeyKind, ...]


def find(text: str, keys: Keys, limit_candidates: int, *, areas: Sequence[str] = ()) -> Found | TooMany:
    """Who may be meant by a text. `limit_candidates` is `safeguard.search_candidates`; with `areas` only those who live in one.

    A text that asks for nothing finds nobody. Case numbers are not looked up here.
    """
    question = read_question(text)
    for tier in question.tiers:
        met = look_up(tier, keys, limit_candidates, areas=areas)
        if met.ways:
            return Found(_ranked(question, met, keys), met.left_out)
        if met.left_out:
            return TooMany(limit_candidates, met.left_out)
    return Found(())


def look_up(tier: Iterable[Sought], keys: Keys, limit: int, *, areas: Sequence[str] = ()) -> Met:
    """Whom any of the values meets: never more than `limit` in all. A kind that would go beyond is left out whole and named."""
    ways: dict[str, tuple[KeyKind, ...]] = {}
    left_out = []
    for sought in tier:
        # Nobody has one value twice, so these rows are either all there are or of more than `limit` people.
        rows = holders(sought, keys, areas=areas)[: (limit + 1) * len(sought.values)]
        subjects = set(rows)
        if len(ways.keys() | subjects) > limit:
            left_out.append(sought.kind)
            continue
        for subject in sorted(subjects):
            ways[subject] = (*ways.get(subject, ()), sought.kind)
    return Met(ways, tuple(left_out))


def holders(sought: Sought, keys: Keys, *, areas: Sequence[str] = ()) -> QuerySet[SearchKey, str]:
    """The subjects that have any of the values, one row a value: a look-up in one index, however many there are."""
    hashes = [keyed(keys.search, sought.kind, value) for value in sought.values]
    rows = SearchKey.objects.filter(kind=sought.kind, hash__in=hashes)
    if areas:
        within = Q()
        for area in areas:
            within |= Q(person__area__startswith=area)
        rows = rows.filter(within)
    return rows.values_list("person_id", flat=True)


def _ranked(question: Question, met: Met, keys: Keys) -> tuple[Candidate, ...]:
    """One candidate a person, likeliest first; among equals those found in the stronger way, then by subject."""
    stand_for = heads(met.ways)
    best: dict[str, Candidate] = {}
    for subject, who in vault.open_many(met.ways, keys).items():
        candidate = _candidate(stand_for[subject], who, question, met.ways[subject])
        known = best.get(candidate.subject)
        if known is None:
            best[candidate.subject] = candidate
        else:
            because = tuple(dict.fromkeys((*known.because, *candidate.because)))
            best[candidate.subject] = Candidate(known.subject, max(known.score, candidate.score), because)
    return tuple(sorted(best.values(), key=_place))


def _candidate(head: str, who: Who | None, question: Question, kinds: tuple[KeyKind, ...]) -> Candidate:
    because = tuple(kind.found for kind in kinds)
    if who is None:
        return Candidate(head, 0, (*because, UNREADABLE))
    return Candidate(head, likeness(question.name, who.name) if question.name else 100, because)


_STRENGTH = {kind.found: place for place, kind in enumerate(KeyKind)}


def _place(candidate: Candidate) -> tuple[int, int, str]:
    strongest = min(_STRENGTH.get(code, len(_STRENGTH)) for code in candidate.because)
    return (-candidate.score, strongest, candidate.subject)


def likeness(asked: str, name: str) -> int:
    """How like a name is to the one asked for, 0 to 100: in sound, and where characters were typed half in sound and half in
    writing. 100 is kept for what cannot be told apart."""
    mine, theirs = readings(asked), readings(name)
    heard = (*theirs.joined, *theirs.words, *((*theirs.initials,) if not has_han(asked) else ()))
    if not mine.joined or not heard:
        return 0
    alike = not set(mine.joined).isdisjoint(heard)
    sound = 100.0 if alike else max(fuzz.ratio(mine.joined[0], other) for other in heard)
    if not has_han(asked):
        return int(sound)
    return int((sound + fuzz.ratio(name_key(asked), name_key(name))) / 2)
