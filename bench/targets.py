"""The bars the engine is held to, as ratios within one run, and how a run stands against them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

OWN = "Sizao"
NAIVE, PLACE, GIST, BTREE = "DuckDB, naive", "DuckDB, place form", "PostgreSQL, GiST", "PostgreSQL, btree"
LIMIT = "physical limit"


class Target(NamedTuple):
    """`engine`'s time at `work` over ours must be `least` or more; ours over the physical limit `most` or less."""

    size: str
    work: str
    engine: str
    least: float | None = None
    most: float | None = None


TARGETS = (
    Target("S", "Q1", NAIVE, least=80), Target("S", "Q1", GIST, least=25), Target("S", "Q1", LIMIT, most=60),
    Target("S", "Q1 hot", LIMIT, most=12), Target("S", "Q2-1000", NAIVE, least=20), Target("S", "Q2-1000", GIST, least=50),
    Target("S", "Q2-1000", LIMIT, most=20), Target("S", "Q2-100", PLACE, least=12), Target("S", "Q2-100", GIST, least=60),
    Target("S", "Q3", PLACE, least=40), Target("S", "Q3", GIST, least=100), Target("S", "Q4", NAIVE, least=6),
    Target("M", "Q1", PLACE, least=25), Target("M", "Q1", LIMIT, most=60),
)  # fmt: skip


class Own(NamedTuple):
    """A bar on our own figures: `work`'s seconds or value, divided by `over`'s where one is named, at most `most`."""

    size: str
    work: str
    most: float
    over: tuple[str, str] | None = None


OWN_TARGETS = (
    Own("S", "append", 0.3), Own("S", "append, first Q1", 0.005), Own("S", "bytes per stay", 1.0, ("bytes per stay", NAIVE)),
    Own("S", "bytes per stay", 0.15, ("bytes per stay", BTREE)), Own("S", "Q1 judged", 1.5, ("Q1", OWN)),
    Own("S", "Q2-1000 judged", 1.5, ("Q2-1000", OWN)),
)  # fmt: skip


def standing(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """One line per bar that this run can be held to."""
    found = {(row["size"], row["work"], row["engine"]): row for row in rows}
    lines = []
    for target in TARGETS:
        ours, theirs = (found.get((target.size, target.work, engine)) for engine in (OWN, target.engine))
        if ours and theirs and ours["median_s"]:
            lines.append(_against(target, ours, theirs))
    for bar in OWN_TARGETS:
        ours = found.get((bar.size, bar.work, OWN))
        base = found.get((bar.size, *bar.over)) if bar.over else None
        if ours and _figure(ours) and (base or not bar.over):
            value = _figure(ours) / (_figure(base) if base else 1)
            what = f"{value:.2f} of {bar.over[0]}, {bar.over[1]}" if bar.over else f"{value:.4f} s"
            lines.append(_line(bar.size, bar.work, what, f"at most {bar.most:g}", ok=value <= bar.most))
    return lines


def _against(target: Target, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> str:
    if theirs["median_s"]:
        seconds, bound = theirs["median_s"], ""
    elif (theirs["note"] or "").startswith("stopped after "):
        seconds, bound = float(theirs["note"].split()[2]), "> "
    else:
        return _line(target.size, target.work, theirs["note"] or "not timed", f"against {target.engine}", ok=None)
    if target.least is not None:
        ratio = seconds / ours["median_s"]
        wanted = f"at least {target.least:g} times against {target.engine}"
        return _line(target.size, target.work, f"{bound}{ratio:.1f}", wanted, ok=ratio >= target.least)
    ratio = ours["median_s"] / seconds
    most = target.most or 0.0
    return _line(
        target.size, target.work, f"{ratio:.1f}", f"at most {most:g} times the {target.engine}", ok=ratio <= most
    )


def _figure(row: Mapping[str, Any]) -> float:
    return float(row["median_s"] if row["median_s"] is not None else row["value"] or 0)


def _line(size: str, work: str, what: str, wanted: str, *, ok: bool | None) -> str:
    mark = {True: "met", False: "NOT MET", None: "?"}[ok]
    return f"  {mark:8} {size} {work:16} {what:>24}  {wanted}"
