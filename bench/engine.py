"""What every engine of the bench is: built from a city, opened, asked, appended to. One file each in `engines/`."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from bench.answers import Answer
from bench.data import City


class Unable(Exception):
    """This engine does not do this here; the text says why and becomes the row's note."""


class Engine(Protocol):
    """An engine over one city. Its files lie in its own folder; a second process opens what a first one ingested."""

    works: Sequence[str]
    """The names of the works it can be asked."""

    def ingest(self) -> int | None:
        """Take the whole city in; returns the bytes it takes, on disk or in memory: None if that cannot be told, 0 if it has
        nothing of its own."""
        ...

    def open(self) -> None:
        """Make ready to be asked."""
        ...

    def ask(self, work: str, cases: Sequence[int]) -> Answer:
        """The answer to a question of `works.py`."""
        ...

    def append(self, late: Mapping[str, Any]) -> None:
        """Take more stays in; the next question must see them."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


class Peer(NamedTuple):
    """An engine by name: where its class is, what it is in a line, and up to which size it is asked."""

    name: str
    maker: str
    says: str
    sizes: str = "XS T S M"


_SMALL = "XS T S"

PEERS = (
    Peer(
        "DuckDB, place form",
        "bench.engines.duck:PlaceForm",
        "int32, sorted by place; cases' stays in a temporary table",
    ),
    Peer("Sizao", "bench.engines.own:Sizao", "the embedded engine"),
    Peer("Sizao's SQL on DuckDB", "bench.engines.own:Definition", "the readable definition of judged answers", _SMALL),
    Peer(
        "DuckDB, naive", "bench.engines.duck:Naive", "the plain range join on TIMESTAMP, by place and by person", _SMALL
    ),
    Peer("PostgreSQL, btree", "bench.engines.postgres:Btree", "(place, start) including end and person", _SMALL),
    Peer("PostgreSQL, GiST", "bench.engines.postgres:Gist", "(place, int4range)", _SMALL),
    Peer("NumPy", "bench.engines.arrays:SortedArrays", "sorted columns, binary search, group by sorting"),
    Peer("pandas", "bench.engines.arrays:Frames", "filter, merge on place, group by", _SMALL),
    Peer("superintervals", "bench.engines.intervals:Maps", "one interval map per place", _SMALL),
)
"""In the order they run. The first that answers a work gives the answer the others are held against."""


def maker_of(spec: str) -> Callable[[City, Path], Engine]:
    """The class behind `module:Class`."""
    module, _, name = spec.partition(":")
    made: Callable[[City, Path], Engine] = getattr(importlib.import_module(module), name)
    return made
