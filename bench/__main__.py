"""`python -m bench`: generate, ask, compare, time, write. See `bench/__init__.py`."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from bench import report
from bench.cluster import URL, server
from bench.data import SIZES, City, city
from bench.engine import PEERS, Peer
from bench.machine import machine
from bench.runner import Row, Run
from bench.session import Session, Stopped
from bench.targets import standing

HERE = Path(__file__).resolve().parent
MEASURES = {"dossiers": "bench.dossiers", "fact intake": "bench.intake", "lists": "bench.desks", "L": "bench.large"}
"""Measurements that ask no city, by the work they give; the largest size has one of its own."""


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Compare the engine with its peers.")
    parser.add_argument("--size", choices=[*SIZES], help="S unless told otherwise")
    parser.add_argument("--full", action="store_true", help="M, then L")
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="an engine or a work; may be repeated"
    )
    parser.add_argument("--out", type=Path, default=HERE / "results" / "latest.json", help="where results go")
    parser.add_argument("--data", type=Path, default=HERE / "data", help="where cities and engines' files lie")
    parser.add_argument(
        "--readme", type=Path, default=HERE.parent / "README.md", help="the file that carries the table"
    )
    parser.add_argument("--keep", action="store_true", help="keep the generated city")
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    """0 when every answer compared was equal, 1 when one differed."""
    asked = arguments(given)
    about = machine()
    rows: list[Row] = []
    for size in ["M", "L"] if asked.full else [asked.size or "S"]:
        rows += run(size, asked.data, only=asked.only, bandwidth=about["bandwidth_gb_s"] * 1e9)
        results = report.write(asked.out, about, rows)
        report.put_into(asked.readme, results)
        if not asked.keep:
            shutil.rmtree(asked.data / size, ignore_errors=True)
    print(report.markdown(results))
    for line in standing(results["rows"]):
        say(line)
    return 1 if any(row.answers_equal is False for row in rows) else 0


def run(
    size: str, data: Path, *, only: Sequence[str] = (), bandwidth: float, peers: Sequence[Peer] = PEERS
) -> list[Row]:
    """All rows of one size: the engines over its city, and what needs no city."""
    names = {peer.name for peer in peers}
    engines = [peer for peer in peers if size in peer.sizes.split() and (peer.name in only or not names & {*only})]
    works = [name for name in only if name not in names]
    rows: list[Row] = []
    if size == "L":
        return _measured("L", size)
    if not set(works) or set(works) - set(MEASURES):
        say(f"Size {size}: {SIZES[size]:,} people, 14 days")
        made = city(size, data)
        say(f"  {made.rows:,} stays at {made.places:,} places")
        rows += _compared(made, data / "scratch", engines, works, bandwidth)
    for work in ("dossiers", "fact intake"):
        if size in ("XS", "S") and (not only or work in works):
            rows += _measured(work, size)
    if size in ("XS", "M") and (not only or "lists" in works):
        rows += _lists(size)
    return rows


def _lists(size: str) -> list[Row]:
    """The desks' lists, on SQLite and on a server of our own: a process serves one deployment."""
    rows = _measured("lists", size)
    with server() as url:
        if url:
            parts = dict(part.split("=", 1) for part in url.split()) if "://" not in url else {}
            by_socket = f"postgresql://{parts.get('user')}@/{parts.get('dbname')}?host={parts.get('host')}"
            os.environ["SIZAO_DATABASE_URL"] = by_socket if parts else url
            rows += _measured("lists", size)
            del os.environ["SIZAO_DATABASE_URL"]
    return rows


def _compared(made: City, scratch: Path, engines: Sequence[Peer], works: Sequence[str], bandwidth: float) -> list[Row]:
    run_of = Run(made, scratch, bandwidth=bandwidth, only=works, tell=say)
    with ExitStack() as stack:
        if any("postgres" in peer.maker for peer in engines):
            url = stack.enter_context(server())
            if url:
                os.environ[URL] = url
        for peer in engines:
            say(f"{peer.name}: {peer.says}")
            run_of.peer(peer)
    os.environ.pop(URL, None)
    run_of.settle()
    return run_of.rows


def _measured(work: str, size: str) -> list[Row]:
    """The rows of a measurement in a process of its own."""
    say(f"{work}")
    with Session() as session:
        try:
            told = session.tell({"do": "measure", "module": MEASURES[work], "size": size}, limit_s=6 * 3600)
        except Stopped as stopped:
            told = {"failed": str(stopped)}
    if "rows" not in told:
        return [Row(work=work, size=size, engine=report.OWN, note=told.get("unable") or told.get("failed"))]
    rows = [Row(**({"size": size, "engine": report.OWN, "peak_mb": told["peak_mb"]} | row)) for row in told["rows"]]
    for row in rows:
        say(f"  {row.engine:24} {row.work:16} {row.value or 0:,.0f} {row.unit or ''} {row.note or ''}")
    return rows


def say(line: str) -> None:
    """Progress, at once and beside the results."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
