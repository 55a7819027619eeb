"""The numbers of a list: how values spread, and how links join people. The order of values never changes a digit."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from statistics import median
from typing import Any

DIGITS = 6
TOP = 5


def spread(values: Sequence[float]) -> dict[str, float | int | None]:
    """Count, mean, standard deviation of a sample (n − 1), median, least and greatest, rounded to six digits; None
    where there are too few values.
    """
    count = len(values)
    if not count:
        return {"n": 0, "mean": None, "sd": None, "median": None, "min": None, "max": None}
    mean = math.fsum(values) / count
    squares = math.fsum((value - mean) ** 2 for value in values)
    return {
        "n": count, "mean": rounded(mean), "sd": rounded(math.sqrt(squares / (count - 1))) if count > 1 else None,
        "median": rounded(float(median(values))), "min": rounded(float(min(values))), "max": rounded(float(max(values))),
    }  # fmt: skip


def rounded(value: float) -> float:
    """Six digits after the point."""
    return round(value, DIGITS)


def peak(days: Iterable[date]) -> dict[str, int]:
    """The day with most entries, the earliest of several, and how many; empty without entries."""
    counts = Counter(days)
    if not counts:
        return {}
    day = min(counts, key=lambda one: (-counts[one], one))
    return {day.isoformat(): counts[day]}


def span(name: str, days: Sequence[date]) -> dict[str, str | None]:
    """The first and last day under the names `first_…` and `last_…`."""
    return {
        f"first_{name}": min(days).isoformat() if days else None,
        f"last_{name}": max(days).isoformat() if days else None,
    }


def by_count(counts: Mapping[str, int]) -> dict[str, int]:
    """Most frequent first, then by name."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def graph(links: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Degrees and components of the people whom links (from, to) join. A pair linked twice is one link.

    `multi_source_cases` are people with links from more than one; a component is joined by links in either direction.
    """
    pairs = set(links)
    ids = {one for pair in pairs for one in pair}
    given, taken = Counter(start for start, _ in pairs), Counter(end for _, end in pairs)
    both = [given[one] + taken[one] for one in ids]
    sizes = components(pairs)
    leading = sorted(given.values(), reverse=True)
    return {
        "ids_in_contacts": len(ids), "in_degree": spread([taken[one] for one in ids]),
        "out_degree": spread([given[one] for one in ids]),
        "degree_mean": rounded(math.fsum(both) / len(both)) if both else None, "degree_max": max(both, default=None),
        "top_infectors": dict(list(by_count(given).items())[:TOP]),
        "share_of_links_from_top3": rounded(sum(leading[:3]) / len(pairs)) if pairs else None,
        "components": len(sizes), "largest_component": sizes[0] if sizes else 0,
        "multi_source_cases": sum(count > 1 for count in taken.values()),
    }  # fmt: skip


def components(pairs: Iterable[tuple[str, str]]) -> list[int]:
    """How many people hang together, for each group of them, the largest first (union-find with path halving)."""
    above: dict[str, str] = {}

    def root(one: str) -> str:
        above.setdefault(one, one)
        while above[one] != one:
            above[one] = above[above[one]]
            one = above[one]
        return one

    for start, end in pairs:
        above[root(start)] = root(end)
    return sorted(Counter(root(one) for one in list(above)).values(), reverse=True)
