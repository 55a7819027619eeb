"""What must hold between the values of one pack: no gap, no overlap, and readings only where sources disagree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from sizao.errors import Where
from sizao.policy.kinds import Confidence
from sizao.policy.pack import Entry, KeyInfo, Pack
from sizao.policy.refusals import PackError


def check_pack(pack: Pack) -> list[PackError]:
    """Every problem between the entries of a pack that was read without one."""
    by_key: dict[str, list[Entry]] = defaultdict(list)
    for entry in pack.entries:
        if entry.template is None:
            by_key[entry.key].append(entry)
    problems: list[PackError] = []
    for key, info in pack.keys.items():
        problems += _check_readings(key, by_key[key])
        for series in _series(by_key[key]):
            problems += _check_overlaps(key, series)
            if not info.none_in_force:
                problems += _check_gaps(pack, key, info, series)
    return problems


def _series(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """For each area and each reading, the values a reader who chose that reading would follow, in order of time."""
    for area in sorted({entry.area for entry in entries}):
        here = [entry for entry in entries if entry.area == area]
        readings = {entry.reading for entry in here if entry.reading is not None}
        for reading in sorted(readings) if readings else [None]:
            yield sorted((each for each in here if each.reading in (None, reading)), key=lambda each: each.starts)


def _check_overlaps(key: str, series: list[Entry]) -> Iterator[PackError]:
    for before, after in pairwise(series):
        if before.ends is None or after.starts < before.ends:
            yield PackError(
                "P121", where=after.where, entry=key, area=after.area, starts=after.starts.isoformat(),
                other=before.where.line,
            )  # fmt: skip


def _check_gaps(pack: Pack, key: str, info: KeyInfo, series: list[Entry]) -> Iterator[PackError]:
    expected: date | None = pack.in_force_from
    for entry in series:
        if expected is not None and entry.starts > expected:
            yield _gap(entry.where, key, entry.area, expected, entry.starts)
        expected = entry.ends if expected is not None and entry.ends is not None else None
    if expected is not None and expected != pack.in_force_until:
        yield _gap(series[-1].where if series else info.where, key, pack.area, expected, pack.in_force_until)


def _gap(where: Where, key: str, area: str, starts: date, ends: date | None) -> PackError:
    return PackError(
        "P120", where=where, entry=key, area=area, starts=starts.isoformat(), ends=ends.isoformat() if ends else "…"
    )


def _check_readings(key: str, entries: Sequence[Entry]) -> Iterator[PackError]:
    for entry in entries:
        contested = entry.confidence is Confidence.CONTESTED
        if entry.reading is not None and not contested:
            yield PackError("P122", where=entry.where, entry=key, reading=entry.reading)
        if contested and entry.reading is None:
            yield PackError("P123", where=entry.where, entry=key)
    read = [entry for entry in entries if entry.reading is not None]
    for entry in read:
        others = [each for each in read if each.reading != entry.reading and each.area == entry.area]
        if not others:
            yield PackError("P123", where=entry.where, entry=key)
        elif not {cite.id for cite in entry.cites} - {cite.id for each in others for cite in each.cites}:
            yield PackError("P124", where=entry.where, entry=key, reading=entry.reading)
