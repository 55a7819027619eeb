"""Asking the matcher: a child process that gets the question, is told what it asks for, and is killed when it takes too
long."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import Any

from sizao.desk.deployment import Deployment
from sizao.errors import DeskError, SizaoError
from sizao.exposure.manifest import Manifest
from sizao.exposure.store import MANIFEST
from sizao.facts.kinds import Exposure, Fact, SubjectId
from sizao.facts.record import fact_from, plain
from sizao.when import Instant, Interval

STAYS = "stays"
"""The folder of stays in a deployment's home."""

FactsOf = Callable[[Sequence[str]], Mapping[str, Sequence[Fact]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A case to be matched: its facts, and the stays that known exposures rest on, to learn which of them are kept no more."""

    case: SubjectId
    facts: Sequence[Fact]
    stays: Sequence[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What the matcher says of one case. With `refused` it could not be matched, and nothing else is told."""

    case: SubjectId
    exposures: Sequence[Exposure] = ()
    window: Interval | None = None
    stays_read: int = 0
    gone: frozenset[int] = field(default_factory=frozenset)
    refused: SizaoError | None = None


def stays_folder(home: Path) -> Path:
    """Where a deployment's stays lie."""
    return home / STAYS


def stays_held(home: Path) -> int:
    """How many stays a deployment holds, by its batches alone: what decides whether a match can be waited for."""
    path = stays_folder(home) / STAYS / MANIFEST
    if not path.exists():
        return 0
    manifest = Manifest(path)
    manifest.read()
    return sum(batch.rows for batch in manifest.state.batches.values())


def match(
    cases: Sequence[Asked], deployment: Deployment, *, known_at: Instant, facts_of: FactsOf, limit_s: float
) -> list[Matched]:
    """The exposures of each case by itself, in the order given, from the stays of the deployment. Nothing is stored.

    `facts_of` is asked for what is known of close contacts. Refuses when the answer is not there in time (K120), and when
    the matcher fails (K121): then nothing was found, which is not the same as that there is nobody.
    """
    put = [{"case": one.case, "facts": [plain(fact) for fact in one.facts], "stays": list(one.stays)} for one in cases]
    with _child(_setup(deployment, known_at) | {"cases": put}, limit_s) as child:
        return [_one(child, case.case, facts_of) for case in cases]


def why_not(
    person: SubjectId, case: Asked, deployment: Deployment, *, known_at: Instant, limit_s: float
) -> Mapping[str, Any]:
    """Why a person is not a contact of a case, as `matcher.as_data` tells it. Refuses as `match` does."""
    put = {"person": person, "case": case.case, "facts": [plain(fact) for fact in case.facts]}
    with _child(_setup(deployment, known_at) | {"why_not": put}, limit_s) as child:
        told = child.hear()
        if "refused" in told:
            raise _error(told["refused"])
        found: Mapping[str, Any] = told["answer"]
        return found


def _setup(deployment: Deployment, known_at: Instant) -> dict[str, Any]:
    setup = deployment.setup
    return {
        "stays": str(stays_folder(deployment.home)), "packs": list(setup.packs), "readings": dict(setup.readings),
        "area": setup.area, "zone": setup.zone, "known_at": known_at,
    }  # fmt: skip


def _one(child: _Child, case: SubjectId, facts_of: FactsOf) -> Matched:
    exposures: list[Exposure] = []
    while True:
        told = child.hear()
        if "exposure" in told:
            found = fact_from(told["exposure"])
            assert isinstance(found, Exposure)
            exposures.append(found)
        elif "of" in told:
            known = facts_of(told["of"])
            child.tell({"facts": {name: [plain(fact) for fact in facts] for name, facts in known.items()}})
        elif "refused" in told:
            return Matched(case=case, refused=_error(told["refused"]))
        else:
            ended = told["ended"]
            opens, closes = ended["window"]
            return Matched(
                case=case, exposures=exposures, window=Interval(Instant(opens), Instant(closes)),
                stays_read=ended["stays"], gone=frozenset(ended["gone"]),
            )  # fmt: skip


def _error(told: Mapping[str, Any]) -> SizaoError:
    """The error a child met, to be said as if it had been met here."""
    return SizaoError(told["code"], **told["slots"])


class _Child:
    """The running matcher."""

    def __init__(self, process: subprocess.Popen[str], limit_s: float) -> None:
        self._process, self._limit_s = process, limit_s
        self._late = False
        self.timer = Timer(limit_s, self._end)

    def _end(self) -> None:
        self._late = True
        self._process.kill()

    def tell(self, value: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(value, ensure_ascii=False) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            self._fail()

    def hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.endswith("\n"):
            self._fail()
        told: dict[str, Any] = json.loads(line)
        return told

    def _fail(self) -> None:
        if self._late:
            raise DeskError("K120", seconds=round(self._limit_s))
        self._process.kill()
        raise DeskError("K121", status=self._process.wait())


@contextmanager
def _child(question: Mapping[str, Any], limit_s: float) -> Iterator[_Child]:
    """A matcher that has been asked; gone when this is left, however it is left."""
    command = [sys.executable, "-m", "sizao.desk.cases.matcher"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")  # noqa: S603 - our own program
    child = _Child(process, limit_s)
    child.timer.start()
    try:
        child.tell(question)
        yield child
    finally:
        child.timer.cancel()
        process.kill()
        process.communicate()
