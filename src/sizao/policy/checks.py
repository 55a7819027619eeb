"""What must hold between the values of one pack: no gap, no overlap, and readings only where sources disagree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from sizao.errors import Where
from sizao.policy.areas import area_chain
from sizao.policy.kinds import Confidence
from sizao.policy.pack import Entry, Pack
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
        for area, readings in _readings(by_key[key]).items():
            for reading in readings:
                problems += _check_overlaps(key, _series(by_key[key], (area,), reading))
                if not info.none_in_force:
                    problems += _check_gaps(pack, key, area, _series(by_key[key], area_chain(area), reading))
    return problems


def _readings(entries: Sequence[Entry]) -> dict[str, list[str | None]]:
    """The readings a reader may choose between in each area; one None where there is nothing to choose."""
    found: dict[str, list[str | None]] = {}
    for area in sorted({entry.area for entry in entries}):
        names = sorted({entry.reading for entry in entries if entry.area == area and entry.reading is not None})
        found[area] = list(names) or [None]
    return found


def _series(entries: Sequence[Entry], areas: tuple[str, ...], reading: str | None) -> list[Entry]:
    """The values a reader of the first area who chose that reading would follow, in order of time; the other areas hold it."""
    fitting = [
        each for each in entries if each.area in areas and (each.area != areas[0] or each.reading in (None, reading))
    ]
    return sorted(fitting, key=lambda each: each.starts)


def _check_overlaps(key: str, series: list[Entry]) -> Iterator[PackError]:
    for before, after in pairwise(series):
        if before.ends is None or after.starts < before.ends:
            yield PackError(
                "P121", where=after.where, entry=key, area=after.area, starts=after.starts.isoformat(),
                other=before.where.line,
            )  # fmt: skip


def _check_gaps(pack: Pack, key: str, area: str, series: list[Entry]) -> Iterator[PackError]:
    """Days of the pack's period on which neither this area nor one that holds it has a value."""
    covered: date | None = pack.in_force_from
    for entry in series:
        if covered is None:
            return
        if entry.starts > covered:
            yield _gap(entry.where, key, area, covered, entry.starts)
        covered = None if entry.ends is None else max(covered, entry.ends)
    if covered is not None and covered != pack.in_force_until:
        yield _gap(series[-1].where, key, area, covered, pack.in_force_until)


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
