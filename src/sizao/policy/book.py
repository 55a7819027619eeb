"""The rules of some packs, ready to be asked: which value was in force for a key, in an area, on a day.

Narrower areas win over wider ones, and within one area a later pack of the list wins over an earlier one. Nothing is ever
guessed: without a value the answer is a refusal with a name. Answers are found by bisection in a compiled line of days.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from sizao.errors import PolicyError
from sizao.policy.areas import area_chain
from sizao.policy.kinds import Confidence
from sizao.policy.pack import Absence, Entry, Pack
from sizao.policy.refusals import AbsentRule, ContestedRule, NoRuleInForce, PackError, UnknownKey, nearest
from sizao.policy.schema import KEYS
from sizao.policy.shelf import Library
from sizao.policy.values import Value
from sizao.when import Instant, local_day

DEFAULT_ZONE = "Asia/Shanghai"


class _Layer(NamedTuple):
    """An entry with the pack it stands in and that pack's place in the list."""

    order: int
    pack: Pack
    entry: Entry


class _Refusal(NamedTuple):
    error: type[PolicyError]
    code: str
    slots: tuple[tuple[str, str], ...]

    def slots_by_name(self) -> dict[str, Any]:
        """The slots as an error takes them."""
        return dict(self.slots)


class _Line(NamedTuple):
    """The answers for one key and area: `answers[i]` holds from `starts[i]` up to, and without, `starts[i + 1]`."""

    starts: list[date]
    answers: list[Value | _Refusal]


class PolicyBook:
    """Packs in order, the readings chosen where sources disagree, and everything that follows for any area and day."""

    def __init__(
        self,
        packs: Sequence[Pack],
        *,
        readings: Mapping[str, str],
        zone: str,
        left_out: tuple[str, ...] = (),
        shadow: bool = False,
    ) -> None:
        self.packs = tuple(packs)
        self.zone = zone
        self.left_out = left_out
        self.shadow = shadow
        self.readings = {key: name for pack in self.packs for key, name in pack.deployment.readings} | dict(readings)
        self.feeds = tuple(dict.fromkeys(feed for pack in self.packs for feed in pack.deployment.feeds))
        self._layers = self._stack()
        self._lines: dict[tuple[str, str], _Line] = {}
        self._check_readings()
        self.digest = self._digest()

    @classmethod
    def load(
        cls,
        packs: Sequence[str],
        *,
        readings: Mapping[str, str] | None = None,
        folder: Path | None = None,
        known_at: Instant | None = None,
        zone: str = DEFAULT_ZONE,
        shadow: bool = False,
    ) -> PolicyBook:
        """The book of those packs (`name` or `name@version`), each with the bases it overlays and the packs it deploys.

        `known_at` leaves out what was published on a later local day (see `left_out`). `shadow` asks "what if": rules that
        hold for a pack's whole period hold on every day. Raises PackError with file and line for a pack with problems.
        """
        known_on = None if known_at is None else local_day(known_at, zone)
        chosen, left_out = Library(folder).expand(packs, known_on=known_on)
        return cls(chosen, readings=readings or {}, zone=zone, left_out=left_out, shadow=shadow)

    def find(self, key: str, *, area: str, on: date) -> Value:
        """The value in force for `key` in `area` on the local day `on`.

        Raises NoRuleInForce, AbsentRule (a pack names it as looked for and not found), ContestedRule (sources disagree and
        no reading was chosen), UnknownKey.
        """
        line = self._lines.get((key, area)) or self._compile(key, area)
        answer = line.answers[bisect_right(line.starts, on) - 1]
        if isinstance(answer, Value):
            return answer
        raise answer.error(answer.code, on=on.isoformat(), **answer.slots_by_name())

    def maybe(self, key: str, *, area: str, on: date) -> Value | None:
        """As `find`, but None where nothing is in force or the value is named as absent. Contested still raises."""
        try:
            return self.find(key, area=area, on=on)
        except (NoRuleInForce, AbsentRule):
            return None

    def keys(self) -> tuple[str, ...]:
        """Every key some loaded pack has a value for, sorted."""
        return tuple(sorted(self._layers))

    def absences(self, key: str) -> tuple[tuple[str, Absence], ...]:
        """(pack, absence) for every loaded pack that looked for `key` and did not find it."""
        return tuple((pack.id, absence) for pack in self.packs for absence in pack.absences if absence.key == key)

    def readings_of(self, key: str) -> tuple[str, ...]:
        """The names of the readings that exist for a contested key, sorted."""
        return tuple(sorted({each.entry.reading for each in self._layers.get(key, ()) if each.entry.reading}))

    def changes(self, area: str) -> list[date]:
        """Every day on which some answer for that area changes, sorted: the borders of a table of rule periods."""
        days = {
            start for key in self.keys() for start in (self._lines.get((key, area)) or self._compile(key, area)).starts
        }
        return sorted(days - {date.min})

    def _stack(self) -> dict[str, list[_Layer]]:
        layers: dict[str, list[_Layer]] = {}
        for order, pack in enumerate(self.packs):
            for entry in (*(each for each in pack.entries if each.template is None), *self._adopted(pack)):
                layers.setdefault(entry.key, []).append(_Layer(order, pack, self._stretched(pack, entry)))
        return layers

    def _adopted(self, pack: Pack) -> list[Entry]:
        found = []
        for adoption in pack.adoptions:
            offers = [each for base in self.packs if base.id == adoption.pack for each in base.entries]
            fitting = [each for each in offers if (each.key, each.template) == (adoption.key, adoption.template)]
            if not fitting:
                named = ", ".join(each.template for each in offers if each.template and each.key == adoption.key)
                raise PackError(
                    "P128", where=adoption.where, template=adoption.template, pack=adoption.pack, entry=adoption.key,
                    allowed=named or "–",
                )  # fmt: skip
            found += [
                replace(each, template=None, area=pack.area, starts=adoption.starts, ends=adoption.ends)
                for each in fitting
            ]
        return found

    def _stretched(self, pack: Pack, entry: Entry) -> Entry:
        info = pack.keys.get(entry.key)
        if not self.shadow or info is None or info.none_in_force:
            return entry
        starts = date.min if entry.starts == pack.in_force_from else entry.starts
        ends = None if entry.ends == pack.in_force_until else entry.ends
        return replace(entry, starts=starts, ends=ends)

    def _check_readings(self) -> None:
        for key, reading in self.readings.items():
            if key not in KEYS:
                raise UnknownKey("P205", entry=key, allowed=nearest(key, tuple(KEYS)))
            offered = self.readings_of(key)
            if offered and reading not in offered:
                raise PackError("P129", entry=key, reading=reading, allowed=", ".join(offered))

    def _compile(self, key: str, area: str) -> _Line:
        if key not in KEYS:
            raise UnknownKey("P205", entry=key, allowed=nearest(key, tuple(KEYS)))
        chain = area_chain(area)
        layers = [each for each in self._layers.get(key, ()) if each.entry.area in chain]
        absent = [pack for pack in self.packs if pack.area in chain and any(each.key == key for each in pack.absences)]
        borders = {date.min}
        for start, end in [(each.entry.starts, each.entry.ends) for each in layers] + [
            self._known_absent(pack) for pack in absent
        ]:
            borders |= {start} if end is None else {start, end}
        line = _Line([], [])
        for day in sorted(borders):
            answer = self._answer(key, chain, day, layers, absent)
            if not line.answers or line.answers[-1] != answer:
                line.starts.append(day)
                line.answers.append(answer)
        line = _with_periods(line)
        self._lines[key, area] = line
        return line

    def _known_absent(self, pack: Pack) -> tuple[date, date | None]:
        return (date.min, None) if self.shadow else (pack.in_force_from, pack.in_force_until)

    def _answer(
        self, key: str, chain: tuple[str, ...], day: date, layers: list[_Layer], absent: list[Pack]
    ) -> Value | _Refusal:
        slots = (("entry", key), ("area", chain[0]))
        covering = [each for each in layers if each.entry.covers(day)]
        if not covering:
            for pack in absent:
                start, end = self._known_absent(pack)
                if start <= day and (end is None or day < end):
                    return _Refusal(AbsentRule, "P204", (*slots, ("pack", pack.id)))
            return _Refusal(NoRuleInForce, "P201", (*slots, ("packs", ", ".join(pack.id for pack in self.packs))))
        rank = max((len(chain) - chain.index(each.entry.area), each.order) for each in covering)
        top = [each for each in covering if (len(chain) - chain.index(each.entry.area), each.order) == rank]
        contested = [each for each in top if each.entry.confidence is Confidence.CONTESTED]
        if contested:
            top = [each for each in contested if each.entry.reading == self.readings.get(key)]
            if not top:
                names = ", ".join(sorted(str(each.entry.reading) for each in contested))
                return _Refusal(ContestedRule, "P203", (*slots, ("readings", names)))
        if top[0].entry.abolished:
            return _Refusal(
                NoRuleInForce, "P202", (*slots, ("pack", top[0].pack.id), ("cite", top[0].entry.cites[0].title))
            )
        return _value(top[-1])

    def _digest(self) -> str:
        content = {
            "packs": [[pack.id, pack.version, pack.digest] for pack in self.packs],
            "readings": sorted(self.readings.items()),
            "zone": self.zone,
            "shadow": self.shadow,
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _value(layer: _Layer) -> Value:
    entry = layer.entry
    return Value(
        key=entry.key, value=entry.value, unit=str(entry.unit), pack=layer.pack.id, version=layer.pack.version,
        valid_from=entry.starts, valid_until=entry.ends, area=entry.area, reading=entry.reading,
        confidence=entry.confidence, cite=entry.cites[0], checked_on=entry.checked_on, selects_by=entry.selects_by,
        also=entry.cites[1:], note=entry.note,
    )  # fmt: skip


def _with_periods(line: _Line) -> _Line:
    """Each value's days cut to those on which it is the answer, where another rule begins earlier or ends later."""
    answers: list[Value | _Refusal] = []
    for place, answer in enumerate(line.answers):
        if isinstance(answer, Value):
            ends: date | None = line.starts[place + 1] if place + 1 < len(line.starts) else None
            answer = answer._replace(valid_from=line.starts[place], valid_until=ends)
        answers.append(answer)
    return _Line(line.starts, answers)


def with_readings(book: PolicyBook, readings: Mapping[str, Any]) -> PolicyBook:
    """The same packs read another way."""
    return PolicyBook(
        book.packs,
        readings=dict(book.readings) | dict(readings),
        zone=book.zone,
        left_out=book.left_out,
        shadow=book.shadow,
    )
