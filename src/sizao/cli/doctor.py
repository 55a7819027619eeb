"""`sizao doctor`: whether this machine can run Sizao. Looks only; changes nothing."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import zoneinfo
from collections.abc import Callable, Iterator
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import click

from sizao import __version__
from sizao.cli.output import Column, Speaker
from sizao.cli.providers import now
from sizao.cli.shell import Exit, command, json_option
from sizao.policy import check, list_packs
from sizao.when import parse_instant
from sizao.words.catalogue import DEFAULT_ZONE, Lang, error_words, say_day, terms

GIB = 1 << 30
LEAST_GIB = 2
OLDEST_PYTHON = (3, 11)
RELEASED = parse_instant("2026-11-01T00:00:00Z")
"""No clock that is right shows a moment before this version was made."""

PACKAGES = ("click", "icalendar", "numba", "numpy", "openpyxl", "pyarrow", "python-calamine", "PyYAML", "rich")
EXTRAS = {"duckdb": "duckdb", "spark": "pyspark"}


class State(StrEnum):
    """How an item stands."""

    GOOD = "good"
    NOTE = "note"
    MISSING = "missing"


class Item(NamedTuple):
    """One thing looked at: its name, how it stands, what was found, and what to do when it is not good."""

    name: str
    state: State
    found: str
    do: str = ""


@command("doctor")
@json_option
@click.pass_obj
def doctor(speaker: Speaker, *, as_json: bool) -> int:
    """See `cli.doctor` in the word catalogue."""
    items = [item for look in LOOKS for item in look(speaker)]
    counts = {state: sum(item.state is state for item in items) for state in State}
    if as_json:
        told = [{"item": item.name, "state": item.state, "found": item.found, "do": item.do} for item in items]
        speaker.json({"version": __version__, "items": told, **{str(state): count for state, count in counts.items()}})
    else:
        speaker.write(f"Sizao {__version__}")
        columns = [Column("cli.doctor.item"), Column("cli.doctor.state"), Column("cli.doctor.found")]
        speaker.table(columns, [_row(speaker, item) for item in items])
        speaker.write("")
        speaker.say("cli.doctor.sum", **{state.value: count for state, count in counts.items()})
        if not counts[State.MISSING]:
            speaker.say("cli.doctor.ready")
    return Exit.FOUND if counts[State.MISSING] else Exit.OK


def _row(speaker: Speaker, item: Item) -> tuple[str, str, str]:
    told = f"{item.found}\n{item.do}" if item.do and item.state is not State.GOOD else item.found
    return item.name, speaker.said(f"cli.doctor.{item.state}"), told


def _python(speaker: Speaker) -> Iterator[Item]:
    state = State.GOOD if sys.version_info >= OLDEST_PYTHON else State.MISSING
    found = f"{platform.python_version()}, {platform.system()} {platform.machine()}"
    yield Item(speaker.said("cli.doctor.python"), state, found, speaker.said("cli.doctor.python.do"))


def _packages(speaker: Speaker) -> Iterator[Item]:
    for name in PACKAGES:
        found = _version_of(name)
        state = State.GOOD if found else State.MISSING
        label = speaker.said("cli.doctor.package", name=name)
        yield Item(label, state, found or speaker.said("cli.doctor.absent"), speaker.said("cli.doctor.package.do"))


def _extras(speaker: Speaker) -> Iterator[Item]:
    for extra, module in EXTRAS.items():
        there = find_spec(module) is not None
        found = _version_of(module) if there else None
        yield Item(
            speaker.said("cli.doctor.extra", name=extra),
            State.GOOD if there else State.NOTE,
            found or speaker.said("cli.doctor.absent"),
            speaker.said("cli.doctor.extra.do", name=extra),
        )
    java = shutil.which("java")
    yield Item(
        speaker.said("cli.doctor.extra", name="java"),
        State.GOOD if java else State.NOTE,
        java or speaker.said("cli.doctor.absent"),
        speaker.said("cli.doctor.java.do"),
    )


def _version_of(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _language(speaker: Speaker) -> Iterator[Item]:
    names = (os.environ.get(variable) for variable in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((name for name in names if name), "–")
    found = speaker.said("cli.doctor.language.found", language=speaker.lang, locale=locale)
    yield Item(speaker.said("cli.doctor.language"), State.GOOD, found)


def _zones(speaker: Speaker) -> Iterator[Item]:
    known = zoneinfo.available_timezones()
    state = State.GOOD if DEFAULT_ZONE in known else State.MISSING
    found = speaker.said("cli.doctor.zones.found", count=len(known)) if known else speaker.said("cli.doctor.absent")
    yield Item(speaker.said("cli.doctor.zones"), state, found, speaker.said("cli.doctor.zones.do"))


def _clock(speaker: Speaker) -> Iterator[Item]:
    moment = now()
    state = State.GOOD if moment >= RELEASED else State.NOTE
    found = say_day(moment, speaker.lang, speaker.zone)
    yield Item(speaker.said("cli.doctor.clock"), state, found, speaker.said("cli.doctor.clock.do"))


def _memory(speaker: Speaker) -> Iterator[Item]:
    sizes = _memory_sizes(Path("/proc/meminfo"))
    if sizes is None:
        yield Item(speaker.said("cli.doctor.memory"), State.NOTE, speaker.said("cli.doctor.unknown"))
        return
    total, free = (f"{size / GIB:.1f}" for size in sizes)
    state = State.GOOD if sizes[1] >= LEAST_GIB * GIB else State.NOTE
    found = speaker.said("cli.doctor.memory.found", total=total, free=free)
    yield Item(speaker.said("cli.doctor.memory"), state, found, speaker.said("cli.doctor.memory.do"))


def _memory_sizes(path: Path) -> tuple[int, int] | None:
    """Total and free bytes of a Linux machine; None where the system does not say."""
    if not path.exists():
        return None
    lines = dict(line.split(":", 1) for line in path.read_text("ascii").splitlines() if ":" in line)
    if "MemTotal" not in lines or "MemAvailable" not in lines:
        return None
    total, free = (int(lines[name].split()[0]) * 1024 for name in ("MemTotal", "MemAvailable"))
    return total, free


def _disk(speaker: Speaker) -> Iterator[Item]:
    free = shutil.disk_usage(Path.cwd()).free
    state = State.GOOD if free >= LEAST_GIB * GIB else State.NOTE
    found = speaker.said("cli.doctor.disk.found", free=f"{free / GIB:.1f}")
    label = speaker.said("cli.doctor.disk", folder=str(Path.cwd()))
    yield Item(label, state, found, speaker.said("cli.doctor.disk.do"))


def _locks(speaker: Speaker) -> Iterator[Item]:
    there = find_spec("fcntl") is not None
    found = speaker.said("cli.doctor.locks.found" if there else "cli.doctor.absent")
    state = State.GOOD if there else State.NOTE
    yield Item(speaker.said("cli.doctor.locks"), state, found, speaker.said("cli.doctor.locks.do"))


def _processors(speaker: Speaker) -> Iterator[Item]:
    yield Item(speaker.said("cli.doctor.processors"), State.GOOD, str(os.cpu_count() or "–"))


def _packs(speaker: Speaker) -> Iterator[Item]:
    problems = len(check())
    found = speaker.said("cli.doctor.packs.found", count=len(list_packs()))
    do = speaker.said("cli.doctor.packs.do", problems=problems)
    yield Item(speaker.said("cli.doctor.packs"), State.MISSING if problems else State.GOOD, found, do)


def _words(speaker: Speaker) -> Iterator[Item]:
    every = [*terms().values(), *error_words().values()]
    problems = sum(not all(lang in by_lang for lang in Lang) for by_lang in every)
    found = speaker.said("cli.doctor.words.found", count=len(every))
    do = speaker.said("cli.doctor.words.do", problems=problems)
    yield Item(speaker.said("cli.doctor.words"), State.MISSING if problems else State.GOOD, found, do)


LOOKS: tuple[Callable[[Speaker], Iterator[Item]], ...] = (
    _python, _packages, _extras, _language, _zones, _clock, _memory, _disk, _locks, _processors, _packs, _words,
)  # fmt: skip
