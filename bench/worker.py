"""The process one engine runs in: it takes orders as lines of JSON and answers each with one line.

Orders: `ingest`, `open`, `compile`, `answer` (every question of a work once, with the fingerprint), `time` (again, as often as
asked), `append`, `touched` and `measure`. Peak memory is that of this order alone: this process and a server process of its own.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.answers import NOTHING, fingerprint
from bench.data import open_city
from bench.engine import Unable, maker_of
from bench.works import BY_NAME, cases_of

Order = dict[str, Any]
Report = dict[str, Any]


class Worker:
    """One engine over one city."""

    def __init__(self, maker: str, city: Path, folder: Path) -> None:
        self._city = open_city(city)
        self._engine: Any = maker_of(maker)(self._city, folder)

    def obey(self, order: Order) -> Report:
        """Carry one order out."""
        doing: dict[str, Callable[[Order], Report]] = {
            "ingest": self._ingest, "open": self._open, "compile": self._compile, "answer": self._answer, "time": self._time,
            "append": self._append, "touched": self._touched,
        }  # fmt: skip
        forget_peak()
        report = doing[order["do"]](order)
        return report | {"peak_mb": self._peak_mb()}

    def _ingest(self, order: Order) -> Report:
        del order
        began = time.perf_counter()
        size = self._engine.ingest()
        return {"seconds": time.perf_counter() - began, "bytes": size, "rows": self._city.rows}

    def _open(self, order: Order) -> Report:
        del order
        began = time.perf_counter()
        self._engine.open()
        return {"seconds": time.perf_counter() - began, "works": list(self._engine.works)}

    def _compile(self, order: Order) -> Report:
        """Let an engine that compiles at first use do so; it says how by having a method `compile`."""
        del order
        getattr(self._engine, "compile", lambda: None)()
        return {}

    def _answer(self, order: Order) -> Report:
        work, total, seconds, rows = BY_NAME[order["work"]], NOTHING, [], []
        for cases in cases_of(work, self._city.cases):
            began = time.perf_counter()
            answer = self._engine.ask(work.name, cases)
            seconds.append(time.perf_counter() - began)
            found = fingerprint(answer)
            del answer
            rows.append(found.rows)
            total = total.plus(found)
        return {"seconds": seconds, "rows": rows, "fingerprint": total}

    def _time(self, order: Order) -> Report:
        work, seconds = BY_NAME[order["work"]], []
        until = time.perf_counter() + order["budget_s"]
        for _ in range(order["runs"]):
            for cases in cases_of(work, self._city.cases):
                began = time.perf_counter()
                answer = self._engine.ask(work.name, cases)
                seconds.append(time.perf_counter() - began)
                del answer
            if time.perf_counter() > until:
                break
        return {"seconds": seconds}

    def _append(self, order: Order) -> Report:
        """Late stays taken in, then the first question after, and the same question again."""
        del order
        late, case = self._city.late(), [self._city.cases[0]]
        moments = [time.perf_counter()]
        self._engine.append(late)
        moments.append(time.perf_counter())
        first = self._engine.ask("Q1", case)
        moments.append(time.perf_counter())
        self._engine.ask("Q1", case)
        moments.append(time.perf_counter())
        steps = [after - before for before, after in pairwise(moments)]
        return {"seconds": steps, "rows": len(late["person"]), "fingerprint": fingerprint(first)}

    def _touched(self, order: Order) -> Report:
        """How many stays an ideal index would read for each question."""
        questions = cases_of(BY_NAME[order["work"]], self._city.cases)
        return {"touched": [self._engine.touched(cases) for cases in questions]}

    def _peak_mb(self) -> float:
        other = getattr(self._engine, "other_process", None)
        with contextlib.suppress(OSError, AttributeError):
            return round(peak_mb() + (_status_mb(other()) if other else 0), 1)
        return round(peak_mb(), 1)


def forget_peak() -> None:
    """Count peak memory from now on."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", "ascii")


def peak_mb() -> float:
    """The most memory this process held since `forget_peak`, in MB."""
    with contextlib.suppress(OSError):
        return _status_mb(os.getpid())
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _status_mb(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text("ascii").splitlines()
    peak = next((line for line in lines if line.startswith("VmHWM:")), None)
    if peak is None:
        # A process that has just ended still has a status, but no memory: the same as one that is gone.
        raise ProcessLookupError(process)
    return int(peak.split()[1]) / 1024


def measure(module: str, size: str) -> Report:
    """Run a measurement that needs no city: the module's `measure(size)`, a list of rows."""
    rows = importlib.import_module(module).measure(size)
    return {"rows": rows, "peak_mb": round(peak_mb(), 1)}


def obey_all(orders: Iterator[str], answer: Callable[[str], None]) -> None:
    """Until no more orders come. A failure is told in one line, with where it happened, and the next order is awaited."""
    worker: Worker | None = None
    for line in orders:
        order = json.loads(line)
        try:
            if order["do"] == "measure":
                report = measure(order["module"], order["size"])
            elif order["do"] == "begin":
                worker = Worker(order["maker"], Path(order["city"]), Path(order["folder"]))
                report = {}
            else:
                assert worker is not None
                report = worker.obey(order)
        except Unable as unable:
            report = {"unable": str(unable)}
        except Exception as failure:  # noqa: BLE001 - whatever an engine raises becomes its row's note
            at = traceback.extract_tb(failure.__traceback__)[-1]
            report = {"failed": f"{type(failure).__name__} at {Path(at.filename).name}:{at.lineno}: {failure}"[:300]}
        answer(json.dumps(report))


def main() -> None:
    """Orders on standard input; answers on what was standard output, which then no library can write to."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def answer(line: str) -> None:
        answers.write(line + "\n")
        answers.flush()

    obey_all(iter(sys.stdin.readline, ""), answer)


if __name__ == "__main__":
    main()
